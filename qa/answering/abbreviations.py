"""The abbreviations that a text introduces: "vitamin C (VC)", "SSc (systemic sclerosis)".

A question about vitamin C is also about the sentences that say VC. The rule is that of Schwartz & Hearst (2003): read
from the right, every letter of the short form stands in the long form, in order, and the first at the start of a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

_WITHIN = re.compile(r"[(\[]([^()\[\]]{2,120})[)\]]")

#: Characters before a parenthesis in which a long form may stand, and what it never goes beyond.
_BEFORE, _BREAK = 120, re.compile(r"[()\[\];:.!?]")

#: An abbreviation has two to ten characters, and capitals.
_SHORT = re.compile(r"[A-Za-z0-9][\w/+-]{1,9}(?: [\w/+-]{1,6})?")
_UPPER = re.compile(r"[A-Z].*[A-Z0-9]|[A-Z][a-z]*[A-Z]")

#: Letters of an analyzed word that the word itself begins with, whatever its ending was.
_BEGINNING = 4


@lru_cache(maxsize=1024)
def abbreviations(text: str) -> Mapping[str, str]:
    """The short forms that a text introduces, each with its long form as it stands there; the first counts."""
    found: dict[str, str] = {}
    for match in _WITHIN.finditer(text):
        before = _BREAK.split(text[max(0, match.start() - _BEFORE) : match.start()])[-1]
        inner = re.split(r"[,;]", match[1])[0].strip()
        last = before.split()[-1] if before.split() else ""
        for short, long in ((inner, _tail(before, inner)), (last, inner)):
            if _is_short(short) and short not in found and (form := _long_form(short, long)):
                found[short] = form
                break
    return found


def asked_for(words: Iterable[str], known: Mapping[str, str]) -> Mapping[str, str]:
    """Those of the abbreviations that a question with these analyzed words may be about: a first, cheap look."""
    beginnings = [word[:_BEGINNING] for word in words]
    folded = ((short, long, f"{short} {long}".casefold()) for short, long in known.items())
    return {short: long for short, long, both in folded if any(beginning in both for beginning in beginnings)}


def expanded(texts: Iterable[str], known: Mapping[str, str], words: Callable[[str], list[str]]) -> list[frozenset[str]]:
    """The analyzed words of each text, with those of the long forms of its short forms, and the other way round."""
    forms = [
        (re.compile(rf"(?<!\w){re.escape(_singular(short))}s?(?!\w)"), long.casefold(), words(short), words(long))
        for short, long in known.items()
    ]
    result = []
    for text in texts:
        said, folded = set(words(text)), text.casefold()
        for pattern, long, of_short, of_long in forms:
            if pattern.search(text):
                said.update(of_long)
            elif long in folded:
                said.update(of_short)
        result.append(frozenset(said))
    return result


def _singular(short: str) -> str:
    return short[:-1] if short.endswith("s") and short[:-1].isupper() else short


def _tail(before: str, short: str) -> str:
    """The words before a parenthesis in which a long form may begin."""
    most = min(len(short) + 5, 2 * len(short))
    return " ".join(before.split()[-most:])


def _is_short(text: str) -> bool:
    return bool(_SHORT.fullmatch(text) and _UPPER.search(text)) and 2 <= len(text) <= 10


def _long_form(short: str, long: str) -> str:
    """The end of ``long`` that the short form stands for; empty where there is none."""
    letters = [letter for letter in short.casefold() if letter.isalnum()]
    at = len(long)
    folded = long.casefold()
    if len(folded) != len(long):  # a letter that folds to two would shift every place
        return ""
    for place, letter in reversed(list(enumerate(letters))):
        at = folded.rfind(letter, 0, at)
        while at > 0 and place == 0 and folded[at - 1].isalnum():
            at = folded.rfind(letter, 0, at)
        if at < 0:
            return ""
    form = long[at:].strip()
    return form if len(form) > len(short) and short not in form.split() else ""
