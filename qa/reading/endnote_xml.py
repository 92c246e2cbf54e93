"""EndNote's XML, as EndNote, Zotero, Mendeley and screening tools write it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa.reading.headings import find_sections
from qa.reading.mapping import clean_abstract, family_first, find_doi, find_year, to_entry, without_markup
from qa.reading.source import Format, Source
from qa.reading.xml_stream import elements, line_of, text_at, text_of
from qa.schema import Entry

if TYPE_CHECKING:
    from lxml.etree import _Element

_SNIFF = re.compile(
    r"<records\b[^>]*>\s*<record\b|<record>\s*<(?:database|source-app|rec-number|ref-type|contributors)\b"
)
_PMID_LINK = re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed)/(\d{1,8})/?(?:\W|$)")


def _sniff(head: str) -> bool:
    return head.lstrip()[:1] == "<" and bool(_SNIFF.search(head))


def _read(source: Source) -> Iterator[Entry]:
    for record in elements(source, "record"):
        yield _entry(source, record)


def _entry(source: Source, record: _Element) -> Entry:
    def one(*paths: str) -> str:
        return next((text for path in paths if (text := without_markup(text_at(record, path)))), "")

    abstract = clean_abstract(one("abstract", "research-notes[@abstract]"))
    kind = record.find("ref-type")
    links = [text_of(url) for url in record.iterfind("urls//url")]
    numbers = one("electronic-resource-num")
    return to_entry(
        source,
        line_of(record),
        title=one("titles/title", "titles/translated-title", "titles/tertiary-title", "titles/short-title"),
        abstract=abstract,
        sections=find_sections(abstract),
        authors=[family_first(name) for name in _authors(record)],
        journal=one(
            "titles/secondary-title",
            "periodical/full-title",
            "periodical/abbr-1",
            "titles/alt-title",
            "alt-periodical/full-title",
        ),
        year=find_year(one("dates/year")) or find_year(one("dates/pub-dates/date")),
        volume=one("volume"),
        issue=one("number", "issue"),
        pages=one("pages"),
        doi=find_doi(numbers) or next((doi for text in links if "doi.org/" in text and (doi := find_doi(text))), ""),
        pmid=_pmid(record, links),
        pmcid=one("custom2") if one("custom2").startswith("PMC") else "",
        url=next((text for text in links if text.startswith(("http://", "https://"))), ""),
        language=one("language"),
        publication_types=[one("work-type") or (kind.get("name", "") if kind is not None else "")],
        keywords=[text_of(word) for word in record.iterfind("keywords/keyword")],
        affiliations=[one("auth-address")],
    )


def _authors(record: _Element) -> Iterator[str]:
    for path in ("contributors/authors/author", "contributors/secondary-authors/author"):
        names = [text_of(author).rstrip(",") for author in record.iterfind(path)]
        if any(names):
            yield from names
            return


def _pmid(record: _Element, links: list[str]) -> str:
    """From a link to PubMed; or from the accession number, where the entry says that PubMed is its database."""
    found = {match[1] for text in links if (match := _PMID_LINK.search(text))}
    if found:
        return found.pop() if len(found) == 1 else ""
    number, base = text_at(record, "accession-num"), f"{text_at(record, 'remote-database-name')}"
    said = re.search(r"(?i)pubmed|medline|nlm", base) or not base
    notes = re.search(r"(?i)\bPMID\s*[:=]?\s*(\d{1,8})\b", text_at(record, "notes"))
    return number if said and re.fullmatch(r"\d{7,8}", number) else notes[1] if notes else ""


FORMAT = Format("endnote_xml", "EndNote XML", (".xml",), _sniff, _read)
