"""What JSON objects hold, taken out with care: any name may be missing, any value of another kind than expected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from qa.reading.headings import find_sections
from qa.reading.mapping import clean_abstract, find_year, without_markup
from qa.reading.xml_text import join_sections
from qa.schema import Section

#: A heading in an abstract's markup: Crossref's <jats:title>, Europe PMC's <h4>.
_HEADING = re.compile(r"<(jats:title|title|h[1-6])>([^<]{1,120})</\1>", re.I)
_NO_LABEL = re.compile(r"(?:abstract|summary)\W*", re.I)


def text(one: Any, *names: str) -> str:
    """The first of these that holds a text or a number (of a list: its first item), as a text; else ''."""
    for name in names:
        value = one.get(name) if isinstance(one, dict) else None
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, str) and value.strip():
            return _encodable(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
    return ""


def texts(one: Any, *names: str) -> list[str]:
    """All texts in the first of these lists that there is; of objects in it, their name."""
    return [
        _encodable(found) if isinstance(found, str) else text(found, "display_name", "name", "tag", "term", "subject")
        for found in items(one, *names)
    ]


def items(one: Any, *names: str) -> list[Any]:
    """The first of these lists that is not empty, or an empty one."""
    found = (one.get(name) for name in names) if isinstance(one, dict) else ()
    return next((value for value in found if isinstance(value, list) and value), [])


def objects(one: Any, *names: str) -> Iterator[dict[str, Any]]:
    """The objects in the first of these lists that there is."""
    return (found for found in items(one, *names) if isinstance(found, dict))


def inner(one: Any, *path: str) -> Any:
    """The object within objects, or an empty one."""
    for name in path:
        one = one.get(name) if isinstance(one, dict) else None
    return one if isinstance(one, dict) else {}


def abstract_of(markup: str) -> tuple[str, tuple[Section, ...]]:
    """An abstract that may be marked up, as its text and its sections."""
    first, *rest = _HEADING.split(markup)
    if not rest:
        plain = clean_abstract(without_markup(markup))
        return plain, find_sections(plain)
    parts = [("", first), *((label, body) for label, body in zip(rest[1::3], rest[2::3], strict=True))]
    return join_sections(
        ("" if _NO_LABEL.fullmatch(label) else without_markup(label), clean_abstract(without_markup(body)), "")
        for label, body in parts
    )


def year_of(one: Any, *names: str) -> int | None:
    """The year in CSL's dates ({"date-parts": [[2006, 5]]}, {"raw": …}), in texts and in numbers."""
    for name in names:
        date = one.get(name) if isinstance(one, dict) else None
        if isinstance(date, dict):
            parts = items(date, "date-parts")
            first = parts[0][0] if parts and isinstance(parts[0], list) and parts[0] else ""
            found = find_year(str(first)) or find_year(text(date, "raw", "literal"))
        else:
            found = find_year(text(one, name))
        if found:
            return found
    return None


def _encodable(value: str) -> str:
    """JSON can say half a character (a lone surrogate), which no file and no database can hold."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value
