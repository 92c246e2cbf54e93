"""TeX in BibTeX's values → plain text: accents, symbols, braces; formulas as far as letters can show them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from qa.reading.mapping import clean

_MARKUP = re.compile(r"[\\$~]|--|``|''")
_BARE = re.compile(r"(?<!\\)((?:\\\\)*)([%#&])")
_DOLLAR = re.compile(r"(?<!\\)\$")

#: A formula is short; what lies between two dollars of a price list is none.
_FORMULA = re.compile(r"(?<!\\)\$[^$]{1,200}(?<!\\)\$")


def plain(text: str) -> str:
    """The text that TeX would set, in one line. Never fails: what cannot be understood stays as it is written."""
    if not _MARKUP.search(text):
        return clean(re.sub(r"[{}]", "", text))
    if len(text) > 200_000:  # no title and no abstract; and TeX's grammar is slow
        return clean(re.sub(r"[{}]", "", text))
    # In a .bib file these are letters; to TeX they are commands, and a bare % would hide the rest of the line.
    text = _BARE.sub(r"\1\\\2", text)
    if _DOLLAR.search(_FORMULA.sub("", text)):
        text = _DOLLAR.sub(r"\\$", text)
    try:
        text = _converter().latex_to_text(text)
    except (ValueError, IndexError, KeyError, RecursionError, TypeError):
        # pylatexenc's own errors are ValueErrors; the others it raises on unbalanced braces and deep nesting.
        text = re.sub(r"\\[A-Za-z]+\s?|[{}]", "", text)
    return clean(text.replace("\u00a0", " "))


@cache
def _converter() -> Any:
    import logging

    from pylatexenc.latex2text import LatexNodes2Text

    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # it warns of what it passes over
    return LatexNodes2Text(math_mode="text", strict_latex_spaces=False, keep_comments=True)
