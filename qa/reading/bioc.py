"""BioC, the form of text mining, in XML and JSON: documents whose passages are a title, an abstract, and more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.reading.json_fields import inner, objects, text
from qa.reading.mapping import family_first, find_year, join_pages, to_entry
from qa.reading.source import Format, Source
from qa.reading.xml_stream import read_elements
from qa.reading.xml_text import join_sections, text_at, text_of
from qa.schema import Entry

if TYPE_CHECKING:
    from lxml.etree import _Element

_SNIFF = re.compile(r"<!DOCTYPE collection\b[^>]*BioC|<collection\b[^>]*>.{0,2000}?<document\b", re.S | re.I)

#: "surname:Berg;given-names:Jan", as PMC's passages say who wrote them.
_PERSON = re.compile(r"surname:(?P<family>[^;]*)(?:;given-names:(?P<given>[^;]*))?")


@dataclass(frozen=True, slots=True)
class _Passage:
    kind: str  # "title", "abstract", "abstract_title_1" …, whatever the collection calls it
    text: str


def _sniff(head: str) -> bool:
    return head.lstrip()[:1] == "<" and bool(_SNIFF.search(head))


def _read(source: Source) -> Iterator[Entry]:
    yield from read_elements(source, ("document",), _build)


def _build(source: Source, line: int, document: _Element) -> Iterator[Entry]:
    infons: dict[str, str] = {}
    passages = []
    for one in document.iterfind("passage"):
        said = _infons(one)
        passages.append(_Passage(_kind(said), text_at(one, "text") or _from_sentences(one)))
        infons = said | infons
    yield _entry(source, line, text_at(document, "id"), _infons(document) | infons, passages)


def from_object(source: Source, line: int, document: Mapping[str, Any]) -> Entry:
    """The entry of a document in BioC's JSON."""
    infons: dict[str, str] = {}
    passages = []
    for one in objects(document, "passages"):
        said = {name: text(one["infons"], name) for name in inner(one, "infons")}
        body = text(one, "text") or " ".join(text(part, "text") for part in objects(one, "sentences"))
        passages.append(_Passage(_kind(said), body))
        infons = said | infons
    said = {name: text(document["infons"], name) for name in inner(document, "infons")}
    return _entry(source, line, text(document, "id", "pmid"), said | infons, passages)


def _kind(infons: Mapping[str, str]) -> str:
    """PMC names a passage's section and its type; PubTator only the type."""
    section, kind = infons.get("section_type", "").lower(), infons.get("type", "").lower()
    section = section or infons.get("section", "").lower()
    if section == "title" or kind in ("title", "front"):
        return "title"
    if section == "abstract" or kind.startswith("abstract"):
        return "heading" if re.match(r"(?:abstract_)?title|abstract_title", kind) else "abstract"
    return kind


def _entry(source: Source, line: int, number: str, infons: Mapping[str, str], passages: list[_Passage]) -> Entry:
    abstract, sections = join_sections(_parts(passages))
    pmcid = infons.get("article-id_pmc", "") or (number if number.upper().startswith("PMC") else "")
    pmid = infons.get("article-id_pmid", "") or infons.get("pmid", "")
    if not pmid and not pmcid and re.fullmatch(r"\d{4,8}", number):
        pmid = number  # a document of PubMed's is called by its number
    return to_entry(
        source,
        line,
        title=next((one.text for one in passages if one.kind == "title" and one.text), ""),
        abstract=abstract,
        sections=sections,
        authors=_authors(infons),
        journal=infons.get("journal-title", "") or infons.get("journal", "").partition(";")[0],
        year=find_year(infons.get("year", "")) or find_year(infons.get("journal", "")),
        volume=infons.get("volume", ""),
        issue=infons.get("issue", ""),
        pages=join_pages(infons.get("fpage", ""), infons.get("lpage", "")) or infons.get("elocation-id", ""),
        doi=infons.get("article-id_doi", "") or infons.get("doi", ""),
        pmid=pmid,
        pmcid=f"PMC{pmcid}" if pmcid.isdecimal() else pmcid.upper(),
        keywords=re.split(r"\s*[;,]\s*|\s{2,}", infons.get("kwd", "")),
    )


def _parts(passages: list[_Passage]) -> Iterator[tuple[str, str, str]]:
    """(label, text, category) of the abstract's passages; a heading labels what follows it."""
    label = ""
    for one in passages:
        if one.kind == "heading":
            label = "" if one.text.strip(" :").lower() in ("abstract", "summary") else one.text
        elif one.kind == "abstract":
            yield label, one.text.strip(), ""


def _authors(infons: Mapping[str, str]) -> Iterator[str]:
    numbered = sorted(
        (int(name[5:]), value) for name, value in infons.items() if re.fullmatch(r"name_\d{1,5}", name) and value
    )
    for _, value in numbered:
        if person := _PERSON.match(value):
            yield ", ".join(filter(None, (person["family"], person["given"])))
        else:
            yield family_first(value)
    if not numbered:
        # PubTator's "Berg J, Tal M,": a list whose last comma leads nowhere.
        yield from (family_first(name) for name in re.split(r"\s*[,;]\s*", infons.get("authors", "")) if name)


def _infons(element: _Element) -> dict[str, str]:
    return {one.get("key", ""): text_of(one) for one in element.iterfind("infon")}


def _from_sentences(passage: _Element) -> str:
    return " ".join(text_at(one, "text") for one in passage.iterfind("sentence"))


FORMAT = Format("bioc", "BioC", (".xml", ".json"), _sniff, _read)
