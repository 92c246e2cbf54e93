"""Titles, people, journals and pages as they are compared: what sources write differently, made alike."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


def set_of(text: str) -> frozenset[str]:
    """The words in a text: how sets of words are written here."""
    return frozenset(text.split())


_TAG = re.compile(r"</?[a-z]{1,8}(?:\s[^<>]{0,80})?/?>", re.I)
_WORD = re.compile(r"[^\W_]+")
_UMLAUT = re.compile(r"(?<=[aou])e")
_NUMBER = re.compile(r"\d+")
_PAGE = re.compile(r"([a-z]{0,6})\W{0,2}0*(\d+)")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_INITIALS = re.compile(r"[A-Z]{1,3}")

#: What publishers and PubMed put in front of the title of an article that was withdrawn.
_WITHDRAWN = (("retracted", "article"), ("retracted",), ("withdrawn",))

#: Words that say nothing about which journal it is.
_FILLERS = set_of("the of and for in on de la le les et der die und fur a an")
_PARTICLES = set_of("van von der den de del della di da dos das du la le ter ten zu zur af al el bin ibn st")
#: What stands where an author should, and names nobody.
_NOBODY = set_of("anonymous unknown na none et al no authors listed")


def _letters() -> dict[int, str]:
    """Letters that Unicode does not take apart: Greek ones by their names, as databases spell them."""
    spelled = {ord(a): b for a, b in zip("øłđıðþæœħ", ("o", "l", "d", "i", "d", "th", "ae", "oe", "h"), strict=True)}
    for code in range(0x3B1, 0x3CA):
        name = unicodedata.name(chr(code)).removeprefix("GREEK SMALL LETTER ").removeprefix("FINAL ")
        spelled[code] = {"LAMDA": "lambda"}.get(name, name.lower())
    return spelled


_LETTERS = _letters()


def fold(text: str) -> str:
    """A text in lower case, without accents, with Greek letters spelled out: "β-Blockade" and "Beta-blockade" alike."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c)).translate(_LETTERS)


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared, without markup and punctuation."""
    return tuple(_WORD.findall(fold(_TAG.sub(" ", text) if "<" in text else text)))


def title_key(title: str) -> str:
    """A title's letters and digits alone; empty where they are too few to tell one work from another."""
    found = words(title)
    for said in _WITHDRAWN:
        if found[: len(said)] == said:
            found = found[len(said) :]
    key = "".join(found)
    enough = (len(key) >= 20 and len(found) >= 4) or (len(key) >= 10 and not key.isascii() and len(found) < 4)
    return key if enough else ""


@lru_cache(maxsize=4096)
def person(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """(words of the family name, all words and initials) of "Family, Given"; both empty where nobody is named."""
    family, comma, _ = name.partition(",")
    if not comma:  # a group, or "Smith JA" as it was typed
        parts = name.split()
        family = " ".join(parts[:-1]) if len(parts) > 1 and _INITIALS.fullmatch(parts[-1]) else name
    whole = frozenset(_UMLAUT.sub("", word) for word in words(name))
    own = frozenset(_UMLAUT.sub("", word) for word in words(family) if len(word) > 1)
    if not own - _NOBODY:
        return frozenset(), frozenset()
    return own - _PARTICLES or own, whole


def same_person(a: str, b: str) -> bool:
    """Whether two names can be one person's: "Müller-Lee, A", "Mueller, Anna" and "Anna, Mueller" can.

    Databases take the given name for the family name and the other way round: "Sher, H." can be "Hassan, Sher".
    """
    (family_a, all_a), (family_b, all_b) = person(a), person(b)
    return _among(family_a, all_b) and _among(family_b, all_a)


def _among(family: frozenset[str], names: frozenset[str]) -> bool:
    return bool(family & names) or any(word[0] in names for word in family)


@lru_cache(maxsize=4096)
def _journal_words(name: str) -> tuple[str, ...]:
    short = _BRACKETS.sub(" ", name.split(":")[0].split(". Conference")[0].replace("&", " "))
    return tuple(word for word in words(short) if word not in _FILLERS) or words(name)


def same_journal(a: str, b: str) -> bool:
    """Whether two names can be one journal's: in full, abbreviated ("J Vet Intern Med") or by initials ("BMJ")."""
    one, other = sorted((_journal_words(a), _journal_words(b)), key=lambda found: (len(found), found))
    if one == other:
        return True
    if len(one) == 1 < len(other):
        return one[0] == "".join(word[0] for word in other) or (len(other) == 2 and one[0] == other[0])
    return len(other) - len(one) <= 1 and _abbreviates(one, other)


def _abbreviates(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Each word begins like one of the other name, in the same order."""
    at = 0
    for word in short:
        while at < len(long) and not (long[at].startswith(word) or word.startswith(long[at])):
            at += 1
        at += 1
        if at > len(long):
            return False
    return True


def volume_key(volume: str) -> str:
    """A volume's number: "v. 40" and "40" are the same."""
    found = _NUMBER.search(volume)
    return found[0].lstrip("0") or "0" if found else fold(volume).strip()


def page_key(pages: str) -> str:
    """The first page: "S12-S19" and "s012" are the same."""
    found = _PAGE.search(fold(pages))
    return found[1].removeprefix("pp").removeprefix("p") + found[2] if found else ""
