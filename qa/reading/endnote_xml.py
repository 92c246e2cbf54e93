"""EndNote's XML, as EndNote, Zotero, Reference Manager, JabRef and screening tools write it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from qa.reading.headings import find_sections
from qa.reading.indices import raised
from qa.reading.mapping import clean_abstract, family_first, find_doi, find_year, to_entry, without_markup
from qa.reading.source import Format, Source
from qa.reading.xml_stream import read_elements
from qa.reading.xml_text import text_of
from qa.schema import Entry

if TYPE_CHECKING:
    from lxml.etree import _Element

_SNIFF = re.compile(
    r"<records\b[^>]*>\s*<record\b|<record>\s*<(?:database|source-app|rec-number|ref-type|contributors)\b"
)
_PMID_LINK = re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed)/(\d{1,8})/?(?:\W|$)")
_PMID_SAID = re.compile(r"\b(?:PMID|PUBMED)(?:\s*ID)?\s*[:=]?\s*(\d{1,8})\b", re.I)
_NUMBER = re.compile(r"\d{5,8}")

#: EndNote's faces of type for what is set above and below the line.
_FACES = {"superscript": "sup", "subscript": "sub"}


def _sniff(head: str) -> bool:
    return head.lstrip()[:1] == "<" and bool(_SNIFF.search(head))


def _read(source: Source) -> Iterator[Entry]:
    yield from read_elements(source, ("record",), _build)


def _build(source: Source, line: int, record: _Element) -> Iterator[Entry]:
    _set_indices(record)

    def all_of(*paths: str) -> list[str]:
        return [text for path in paths for found in record.iterfind(path) if (text := without_markup(text_of(found)))]

    def one(*paths: str) -> str:
        return next(iter(all_of(*paths)), "")

    abstract = clean_abstract(one("abstract"))
    kind = record.find("ref-type")
    links = all_of("urls//url")
    pages = one("pages")
    yield to_entry(
        source,
        line,
        title=one("titles/title", "titles/translated-title", "orig-pub", "titles/tertiary-title", "titles/short-title"),
        abstract=abstract,
        sections=find_sections(abstract),
        authors=[
            _name(name)
            for name in all_of("contributors/authors/author") or all_of("contributors/secondary-authors/author")
        ],
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
        pages=pages if any(char.isdigit() for char in pages) else "",
        doi=_doi(one("electronic-resource-num"), links),
        pmid=_pmid(all_of, links),
        pmcid=next((text for text in all_of("custom2") if re.fullmatch(r"PMC\d{3,9}", text)), ""),
        url=next((text for text in links if text.startswith(("http://", "https://"))), ""),
        language=one("language"),
        publication_types=[one("work-type") or (kind.get("name", "") if kind is not None else "")],
        keywords=all_of("keywords/keyword"),
        affiliations=all_of("auth-address"),
    )


def _set_indices(record: _Element) -> None:
    """Runs of text in a raised face, as their neighbours need them: "10" and a superscript "3" make "10³"."""
    before = ""
    for run in record.iter("style"):
        kind = _FACES.get(run.get("face", ""))
        if kind and run.text and run.getprevious() is not None:
            run.text = raised(run.text, before, kind)
        before = run.text or ""


def _name(name: str) -> str:
    """ "Naeser,P." is how Reference Manager writes "Naeser, P."; a comma at the end makes a name a group's."""
    family, comma, given = name.partition(",")
    if given.strip():
        return f"{family.strip()}, {re.sub(r',(?=[^ ])', ', ', given.strip())}"
    return family if comma else family_first(family)


def _doi(number: str, links: list[str]) -> str:
    return find_doi(number) or next((doi for text in links if "doi.org/" in text and (doi := find_doi(text))), "")


def _pmid(all_of: Callable[..., list[str]], links: list[str]) -> str:
    """A PubMed id where the entry says that it is one; where it says two, neither: a wrong id merges two papers."""
    found = {match[1] for text in links if (match := _PMID_LINK.search(text))}
    found |= {match[1] for text in all_of("custom3", "notes") for match in _PMID_SAID.finditer(text)}
    base = " ".join(all_of("remote-database-name", "remote-database-provider")).lower()
    # Embase has numbers of its own; the one that Medline has for the same article stands in a field apart.
    told = "custom5" if "embase" in base else "accession-num" if re.search(r"\b(?:nlm|medline|pubmed)\b", base) else ""
    if told and not found:
        found = {text for text in all_of(told) if _NUMBER.fullmatch(text)}
    return found.pop() if len(found) == 1 else ""


FORMAT = Format("endnote_xml", "EndNote XML", (".xml",), _sniff, _read)
