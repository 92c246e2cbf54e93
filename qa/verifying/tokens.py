"""Texts as words and signs, each with its place, folded so that typography makes no difference."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

#: Inside words and nowhere to be seen: combining accents, soft hyphens, zero-width spaces and joiners.
_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"
_TOKEN = re.compile(
    rf"\d+(?:[.,·]\d+)*|(?:[^\W_][\u0300-\u036f{_UNSEEN}]*(?:['’ʼ](?=[^\W_]))?)+"
    r"|[-‐‑‒–—―−]+|[\"“”„‟«»‹›‘’‚‛'′″´`]+|\.{3,}|[^\w\s]|_"
)
_INVISIBLE = re.compile(f"[{_UNSEEN}]")
_DASHES = frozenset("-‐‑‒–—―−")
_QUOTES = frozenset("\"“”„‟«»‹›‘’‚‛'′″´`")
_SIGNS = str.maketrans(
    "₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹ʼ’·",  # mid-dots in numbers are decimal points, as the Lancet sets them
    "01234567890123456789''.",
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a sign: ``folded`` is what is compared, the text's ``[start:end]`` what stands there."""

    folded: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        return self.folded[:1].isalnum()


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The tokens of ``text[start:end]``, in order."""
    found = _TOKEN.finditer(text, start, len(text) if end is None else end)
    return [Token(folded, match.start(), match.end()) for match in found if (folded := fold(match[0]))]


def fold(token: str) -> str:
    """A token without what only typography tells apart: case, kinds of quotation mark and dash, invisible signs."""
    if token[0] in _DASHES:
        return "-"
    if token[0] in _QUOTES:
        return "'"
    if token.isascii():
        return "..." if token.startswith("...") else token.casefold()
    if token[0] == "…":
        return "..."
    plain = _INVISIBLE.sub("", token)
    if len(plain) > 1:
        plain = plain.translate(_SIGNS)
    return unicodedata.normalize("NFC", plain.casefold())


def typography(
    given: str, ours: Sequence[Token], text: str, theirs: Sequence[Token], written: str | None = None
) -> tuple[str, ...]:
    """In which kinds of signs two runs of equal tokens differ, in words; empty where they are equal throughout.

    What was passed over between two tokens, such as a heading or a mark of emphasis, is not compared; ``written`` is
    ``given`` with such marks still in it.
    """
    kinds: dict[str, None] = {}
    for mine, other in zip(ours, theirs, strict=True):
        a, b = _INVISIBLE.sub("", given[mine.start : mine.end]), text[other.start : other.end]
        if a != b:
            kinds[_kind(a, b)] = None
    gaps = zip(_gaps(given if written is None else written, ours), _gaps(text, theirs), strict=True)
    if any(gap != other for gap, other in gaps if not (gap.strip() or other.strip())):
        kinds["white space"] = None
    return tuple(kinds)


def _gaps(text: str, found: Sequence[Token]) -> list[str]:
    return [text[a.end : b.start] for a, b in pairwise(found)]


def _kind(a: str, b: str) -> str:
    if a[0] in _DASHES:
        return "dashes"
    if a[0] in _QUOTES:
        return "quotation marks"
    return "case" if a.casefold() == b.casefold() else "signs"
