"""MODS, the Library of Congress's description of a work, as Zotero, library catalogues and repositories write it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa.reading.headings import find_sections
from qa.reading.mapping import clean_abstract, family_first, find_doi, find_year, join_pages, to_entry, without_markup
from qa.reading.source import Format, Source
from qa.reading.xml_stream import read_elements
from qa.reading.xml_text import text_at, text_of, texts_at
from qa.schema import Entry

if TYPE_CHECKING:
    from lxml.etree import _Element

_SNIFF = re.compile(r"<(?:[\w.-]+:)?mods(?:Collection)?[\s>]")
_AUTHORS = ("author", "aut", "creator", "cre")
_PMID = re.compile(r"\bPMID\s*:\s*(\d{1,8})\b", re.I)


def _sniff(head: str) -> bool:
    return head.lstrip()[:1] == "<" and bool(_SNIFF.search(head))


def _read(source: Source) -> Iterator[Entry]:
    yield from read_elements(source, ("mods",), _build)


def _build(source: Source, line: int, mods: _Element) -> Iterator[Entry]:
    host = mods.find("relatedItem[@type='host']")
    ids = {one.get("type", "").lower(): text_of(one) for one in reversed(mods.findall("identifier"))}
    notes = " ".join(texts_at(mods, "note"))
    said = _PMID.search(notes)
    abstract = clean_abstract(without_markup(text_at(mods, "abstract")))
    yield to_entry(
        source,
        line,
        title=without_markup(_title(mods)),
        abstract=abstract,
        sections=find_sections(abstract),
        authors=_authors(mods),
        journal="" if host is None else without_markup(_title(host)),
        year=_year(mods, host),
        volume=_detail(mods, host, "volume"),
        issue=_detail(mods, host, "issue"),
        pages=_pages(mods, host),
        doi=find_doi(ids.get("doi", "")),
        pmid=ids.get("pmid", "") or ids.get("pubmed", "") or (said[1] if said else ""),
        pmcid=ids.get("pmcid", "") or ids.get("pmc", ""),
        url=text_at(mods, "location/url") or ids.get("uri", ""),
        language=text_at(mods, "language/languageTerm") or text_at(mods, "language"),
        publication_types=texts_at(mods, "genre") or texts_at(mods, "typeOfResource"),
        keywords=texts_at(mods, "subject/topic"),
        affiliations=[text_of(one) for name in mods.iterfind("name") for one in name.iterfind("affiliation")],
    )


def _title(element: _Element) -> str:
    """The title itself, not its abbreviation, translation or uniform form."""
    found = list(element.iterfind("titleInfo"))
    found.sort(key=lambda one: bool(one.get("type")))
    for one in found:
        parts = [text_at(one, "nonSort"), text_at(one, "title")]
        title, subtitle = " ".join(filter(None, parts)), text_at(one, "subTitle")
        if title:
            return f"{title}: {subtitle}" if subtitle else title
    return ""


def _authors(mods: _Element) -> Iterator[str]:
    """Those who are said to be authors; where nobody's role is said, all."""
    people = mods.findall("name")
    for person in [one for one in people if _is_author(one)] or people:
        parts: dict[str, list[str]] = {}
        for part in person.iterfind("namePart"):
            parts.setdefault(part.get("type", ""), []).append(text_of(part))
        family, given = " ".join(parts.get("family", [])), " ".join(parts.get("given", []))
        whole = " ".join(parts.get("", []))
        suffix = " ".join(parts.get("termsOfAddress", []))
        if family:
            yield ", ".join(filter(None, (family, given, suffix)))
        else:
            yield whole if person.get("type") == "corporate" else family_first(whole)


def _is_author(person: _Element) -> bool:
    roles = [text_of(one).lower() for one in person.iterfind("role/roleTerm")]
    return any(role in _AUTHORS for role in roles)


def _year(mods: _Element, host: _Element | None) -> int | None:
    for place in filter(lambda one: one is not None, (mods, host)):
        paths = ("originInfo/dateIssued", "part/date", "originInfo/copyrightDate", "originInfo/dateCreated")
        for path in paths:
            if year := find_year(text_at(place, path)):
                return year
    return None


def _detail(mods: _Element, host: _Element | None, kind: str) -> str:
    for place in (host, mods):
        if found := text_at(place, f"part/detail[@type='{kind}']/number"):
            return found
    return ""


def _pages(mods: _Element, host: _Element | None) -> str:
    for place in (host, mods):
        extents = [] if place is None else place.findall("part/extent")
        for extent in extents:
            if extent.get("unit", "pages") in ("pages", "page"):
                pages = join_pages(text_at(extent, "start"), text_at(extent, "end")) or text_at(extent, "list")
                if pages:
                    return pages
    return ""


FORMAT = Format("mods", "MODS", (".mods", ".xml"), _sniff, _read)
