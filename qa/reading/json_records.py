"""JSON that holds many records: CSL-JSON, Zotero's own, and arrays of the objects that JSON Lines has one a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from qa.errors import Broken, UnknownFormat
from qa.reading import jsonl
from qa.reading.headings import find_sections
from qa.reading.mapping import clean_abstract, find_year, to_entry, without_markup
from qa.reading.source import Format, Source
from qa.schema import Entry, Skip

_SNIFF = re.compile(r'\s*(?:\[\s*)?\{[^{}\[\]]{0,2000}?"(?:\w|[ _-])+"\s*:', re.S)
_TELLING = re.compile(
    r'"(?:title|abstract|abstractNote|itemType|DOI|doi|author|creators|issued|items|references|results|data)"\s*:'
)

#: Objects that wrap a list of entries, and what wraps an entry.
_LISTS = ("items", "references", "results", "records", "data", "documents")
_PMID = re.compile(r"\bPMID\s*:\s*(\d{1,8})\b", re.I)
_PMCID = re.compile(r"\b(PMC\d{3,9})\b")


def _sniff(head: str) -> bool:
    return head.lstrip()[:1] in ("[", "{") and bool(_SNIFF.match(head) and _TELLING.search(head))


def _read(source: Source) -> Iterator[Entry]:
    text = source.text()
    try:
        plain = json.loads(text)
    except json.JSONDecodeError as error:
        raise Broken(source.path, "the JSON is cut off or damaged. Export it again.", error.lineno) from error
    except RecursionError as error:
        raise Broken(source.path, "the JSON is nested deeper than any export. Export it again.") from error
    entries = _entries(plain)
    if not any(isinstance(one, dict) and _is_entry(_unwrapped(one)) for one in entries):
        raise UnknownFormat(
            source.path, "is JSON, but none of its objects has a title or an abstract. Export CSL-JSON, RIS or .nbib."
        )
    for one in entries:
        # json tells no lines; the number of the entry is said in words instead.
        yield (
            _entry(source, _unwrapped(one)) if isinstance(one, dict) else Skip(source.path, 0, "an entry is no object")
        )


def _entries(plain: Any) -> list[Any]:
    if isinstance(plain, list):
        return plain
    if isinstance(plain, dict):
        for name in _LISTS:
            if isinstance(plain.get(name), list) and not _is_entry(plain):
                return list(plain[name])
        return [plain]
    return []


def _unwrapped(one: dict[str, Any]) -> dict[str, Any]:
    """Zotero's API puts an entry's fields under "data"."""
    inner = one.get("data")
    return inner if isinstance(inner, dict) else one


def _is_entry(one: dict[str, Any]) -> bool:
    return any(name in one for name in ("title", "abstract", "abstractNote", "itemType", "text", "display_name"))


def _entry(source: Source, one: dict[str, Any]) -> Entry:
    if "sections" in one or "_id" in one or isinstance(one.get("authors"), list):
        return jsonl.entry(source, 0, one)
    extra = f"{_text(one, 'note')}\n{_text(one, 'extra')}"
    abstract = clean_abstract(without_markup(_text(one, "abstract", "abstractNote")))
    pmid, pmcid = _PMID.search(extra), _PMCID.search(f"{_text(one, 'PMCID')} {extra}")
    keywords = one.get("keyword", one.get("tags", ""))
    return to_entry(
        source,
        0,
        title=without_markup(_text(one, "title")),
        abstract=abstract,
        sections=find_sections(abstract),
        authors=_people(one.get("author") or one.get("creators") or one.get("editor")),
        journal=without_markup(
            _text(one, "container-title", "publicationTitle", "proceedingsTitle", "bookTitle", "journalAbbreviation")
        ),
        year=_year(one),
        volume=_text(one, "volume"),
        issue=_text(one, "issue"),
        pages=re.sub(r"\s*[–—]\s*", "-", _text(one, "page", "pages", "number"))
        if "page" in one or "pages" in one
        else "",
        doi=_text(one, "DOI", "doi"),
        pmid=_text(one, "PMID", "pmid") or (pmid[1] if pmid else ""),
        pmcid=pmcid[1] if pmcid else "",
        url=_text(one, "URL", "url"),
        language=_text(one, "language"),
        publication_types=[_text(one, "genre", "type", "itemType")],
        keywords=_tags(keywords),
    )


def _text(one: dict[str, Any], *names: str) -> str:
    """The first of these that is a text or a number; of a list, its first."""
    for name in names:
        value = one.get(name)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
    return ""


def _people(people: Any) -> Iterator[str]:
    """CSL's {family, given, literal}, Zotero's {lastName, firstName, name, creatorType}."""
    people = people if isinstance(people, list) else []
    authors = [p for p in people if isinstance(p, dict) and p.get("creatorType", "author") == "author"]
    for person in authors or [p for p in people if isinstance(p, dict)]:
        family = " ".join(
            filter(
                None, (_text(person, "non-dropping-particle", "dropping-particle"), _text(person, "family", "lastName"))
            )
        )
        given = ", ".join(filter(None, (_text(person, "given", "firstName"), _text(person, "suffix"))))
        yield ", ".join(filter(None, (family, given))) or _text(person, "literal", "name")


def _year(one: dict[str, Any]) -> int | None:
    for name in ("issued", "published-print", "published", "original-date"):
        date = one.get(name)
        if isinstance(date, dict):
            parts = date.get("date-parts")
            first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
            if year := find_year(str(first[0]) if first else _text(date, "raw", "literal")):
                return year
        elif isinstance(date, str) and (year := find_year(date)):
            return year
    return find_year(_text(one, "year", "date", "publication_year"))


def _tags(keywords: Any) -> list[str]:
    if isinstance(keywords, str):
        return re.split(r"\s*[;,]\s*", keywords)
    if not isinstance(keywords, list):
        return []
    return [_text(word, "tag", "name") if isinstance(word, dict) else str(word) for word in keywords]


FORMAT = Format("json", "CSL-JSON or Zotero JSON", (".json",), _sniff, _read)
