"""One record as a JSON object: our own form (a record's fields by their names) and BEIR's (_id, title, text).

Texts are kept to the character. :func:`to_json` writes our own form.
"""

from __future__ import annotations

import json
import re
from typing import Any

from qa.reading.headings import find_sections
from qa.reading.source import Source
from qa.schema import Entry, Record, Relation, Section, Skip, record_id

_LISTS = ("authors", "publication_types", "keywords", "mesh", "affiliations", "accessions")
_TEXTS = (
    "title",
    "abstract",
    "journal",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "pmcid",
    "url",
    "language",
    "source",
)


class _Unfit(ValueError):
    """Why a line is no record."""


def to_json(record: Record) -> str:
    """One line of JSON that :data:`FORMAT` makes the same record of."""
    # Sections are written even when there are none, or reading would look for headings in the text.
    return json.dumps({**record.to_dict(), "sections": record.to_dict().get("sections", [])}, ensure_ascii=False)


def entry(source: Source, line: int, plain: dict[str, Any]) -> Entry:
    """The record that such an object is, or its Skip."""
    try:
        record = _of_object(plain, source)
        _check_characters(record)
    except _Unfit as unfit:
        return Skip(source.path, line, str(unfit))
    return record


def _of_object(plain: dict[str, Any], source: Source) -> Record:
    values: dict[str, Any] = {name: _text(plain, name) for name in _TEXTS}
    values |= {name: _list(plain, name) for name in _LISTS}
    if not values["abstract"]:
        values["abstract"] = _text(plain, "text")
    if not values["title"].strip() and not values["abstract"].strip():
        raise _Unfit("the entry has neither a title nor an abstract")
    values["year"] = _year(plain)
    values["relations"] = _relations(plain.get("relations"))
    values["source"] = values["source"] or source.name
    abstract = values["abstract"]
    given = plain.get("sections")
    values["sections"] = find_sections(abstract, colon_only=True) if given is None else _sections(given, len(abstract))
    first = values["authors"][0] if values["authors"] else ""
    return Record(
        id=_id(plain)
        or record_id(
            pmid=values["pmid"],
            doi=values["doi"],
            content=(values["title"], abstract, str(values["year"] or ""), first),
        ),
        **values,
    )


def _id(plain: dict[str, Any]) -> str:
    for name in ("_id", "id"):
        if isinstance(plain.get(name), int) and not isinstance(plain[name], bool):
            return str(plain[name])
        if found := _text(plain, name):
            return found
    return ""


def _text(plain: dict[str, Any], name: str) -> str:
    value = plain.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _Unfit(f'"{name}" is not a text')
    return value


def _list(plain: dict[str, Any], name: str) -> tuple[str, ...]:
    value = plain.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _Unfit(f'"{name}" is not a list of texts')
    return tuple(value)


def _year(plain: dict[str, Any]) -> int | None:
    value = plain.get("year")
    if isinstance(value, str) and re.fullmatch(r"\d{4}", value):
        return int(value)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 9999:
        raise _Unfit('"year" is not a year')
    return value


def _relations(given: Any) -> tuple[Relation, ...]:
    if given is None:
        return ()
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise _Unfit('"relations" is not a list of objects')
    return tuple(Relation(_text(one, "kind"), _text(one, "pmid"), _text(one, "citation")) for one in given)


def _sections(given: Any, length: int) -> tuple[Section, ...]:
    """Sections as given; _Unfit if they are not in order, overlap, or reach beyond the text."""
    if not isinstance(given, list):
        raise _Unfit('"sections" is not a list')
    sections = []
    last = 0
    for number, one in enumerate(given, 1):
        if not isinstance(one, dict):
            raise _Unfit(f"section {number} is not an object")
        start, end = one.get("start"), one.get("end")
        if type(start) is not int or type(end) is not int:
            raise _Unfit(f"section {number} lacks its start or end")
        if not last <= start <= end <= length:
            raise _Unfit(
                f"section {number} ({start} to {end}) is out of order, overlaps, or lies beyond the text ({length})"
            )
        sections.append(Section(_text(one, "label"), start, end, _text(one, "category")))
        last = end
    return tuple(sections)


def _check_characters(record: Record) -> None:
    """JSON can say half a character (a lone surrogate), which no file and no database can hold."""
    try:
        to_json(record).encode()
    except UnicodeEncodeError as error:
        raise _Unfit("the entry holds half a character (a lone surrogate)") from error
