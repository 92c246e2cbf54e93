"""What is set above or below the line, in a line: "m2", "CO2", "Ca2+" as people type them, but "10³", never 103."""

from __future__ import annotations

import re

_HIGH = dict(zip("0123456789+-−–=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿ", strict=True))
_LOW = dict(zip("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎", strict=True))

#: Behind what an index of digits would be read as more digits.
_AFTER_NUMBER = re.compile(r"\d\Z|\b10\s\Z")
_NUMBER = re.compile(r"[-−–+]?\d{1,20}")
_TAGGED = re.compile(r"(\d|\b10\s)<(?:jats:)?(sup|sub|inf)>\s*([-−–+]?\d{1,20})\s*</(?:jats:)?\2>", re.I)


def raised(index: str, before: str, kind: str = "sup") -> str:
    """An index as text: on the line, unless it is a number behind a number.

    ``before`` are the characters in front of it, ``kind`` is "sup" or "sub". "10" and "-3" make "10⁻³".
    """
    plain = index.strip()
    if not _AFTER_NUMBER.search(before) or not _NUMBER.fullmatch(plain):
        return index
    return "".join((_HIGH if kind == "sup" else _LOW)[char] for char in plain)


def raise_tagged(text: str) -> str:
    """The same for indices in tags: "10<sup>3</sup>"; all other tags stay."""
    return _TAGGED.sub(lambda found: found[1] + raised(found[3], found[1], found[2].lower()), text)


def high(text: str) -> str:
    """Set above the line, as far as there are characters for it."""
    return "".join(_HIGH.get(char, char) for char in text)


def is_number(text: str) -> bool:
    """Whether an index is a whole number, with a sign or without."""
    return _NUMBER.fullmatch(text) is not None
