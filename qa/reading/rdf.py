"""RDF in XML: Zotero's export, and what registries such as JaLC publish with Dublin Core and PRISM.

RDF is a net, not a list: the journal of an article may stand anywhere in the file. So the file is read whole, with a
limit on its size. Attachments, notes and collections are parts of entries, not entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa.errors import UnknownFormat
from qa.reading.headings import find_sections
from qa.reading.mapping import (
    clean_abstract,
    family_first,
    find_doi,
    find_year,
    join_pages,
    to_entry,
    without_markup,
    words,
)
from qa.reading.source import Format, Source
from qa.reading.xml_stream import line_of, read_whole
from qa.reading.xml_text import text_of
from qa.schema import Entry

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_FILE = 64 * 1024 * 1024  #: bytes; some 20,000 entries of Zotero's

_SNIFF = re.compile(r"<(?:\w+:)?RDF\b[^>]*22-rdf-syntax-ns#")
_NO_ENTRY = words("Attachment Memo Note Collection Journal Periodical Series UserItem Person Organization Seq Feed")
_PMID = re.compile(r"\bPMID\s*:?\s*(\d{1,8})\b", re.I)
_PMCID = re.compile(r"\b(PMC\d{3,9})\b")
_EASTERN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_LINK = re.compile(r"https?://\S+")


def _sniff(head: str) -> bool:
    return head.lstrip()[:1] == "<" and bool(_SNIFF.search(head))


def _read(source: Source) -> Iterator[Entry]:
    root = read_whole(source, MAX_FILE)
    nodes = {about: one for one in root if (about := _attribute(one, "about"))}
    used = {found for one in root.iter("isPartOf") if (found := _attribute(one, "resource"))}
    entries = [one for one in root if one.tag not in _NO_ENTRY and _attribute(one, "about") not in used]
    if not any(_has_title(one) for one in entries):
        raise UnknownFormat(
            source.path, "is RDF without an entry that has a title. Export the references as RIS or .nbib."
        )
    for one in entries:
        yield _entry(source, line_of(one), one, _whole(one, nodes))


def _entry(source: Source, line: int, one: _Element, whole: _Element | None) -> Entry:
    ids = [*_texts(one, "identifier"), *(_texts(whole, "identifier") if _is_journal(whole) else [])]
    said = " ".join((*_texts(one, "description"), *ids))
    pmid, pmcid = _PMID.search(said), _PMCID.search(said)
    abstract = clean_abstract(without_markup(_first(one, "abstract")))
    kind = _first(one, "itemType") or _first(one, "type") or ("" if one.tag == "Description" else str(one.tag))
    return to_entry(
        source,
        line,
        title=without_markup(_first(one, "title")),
        abstract=abstract,
        sections=find_sections(abstract),
        authors=_authors(one),
        journal=without_markup(_first(whole, "title") or _first(one, "publicationName")),
        year=find_year(_first(one, "date") or _first(one, "publicationDate")),
        volume=_first(whole, "volume") or _first(one, "volume"),
        issue=_first(whole, "number") or _first(one, "number"),
        pages=_first(one, "pages") or join_pages(_first(one, "startingPage"), _first(one, "endingPage")),
        doi=_first(one, "doi") or next((doi for text in ids if _is_doi(text) and (doi := find_doi(text))), ""),
        pmid=pmid[1] if pmid else "",
        pmcid=pmcid[1] if pmcid else "",
        url=next((found[0] for text in ids if (found := _LINK.match(text))), "") or _web(_attribute(one, "about")),
        language=_first(one, "language"),
        publication_types=[kind],
        keywords=_texts(one, "subject"),
    )


def _whole(one: _Element, nodes: dict[str, _Element]) -> _Element | None:
    """The journal or book that an entry is part of: within it, or referred to; a series only if there is no other."""
    found: list[_Element] = []
    for part in one.iterfind("isPartOf"):
        found += list(part)
        if (node := nodes.get(_attribute(part, "resource"))) is not None:
            found.append(node)
    found.sort(key=lambda node: node.tag == "Series")
    return found[0] if found else None


def _authors(one: _Element) -> Iterator[str]:
    """Zotero's list of authors, else whoever made it; editors where there is nobody else."""
    for path in ("authors", "creator", "creators", "editors", "directors"):
        found = one.findall(path)
        people = [person for part in found for person in part.iter("Person")]
        if people:
            yield from _in_one_script([_person(person) for person in people])
            return
        if names := [text for part in found if (text := text_of(part))]:
            yield from _in_one_script([family_first(name) for name in names])
            return


def _in_one_script(names: list[str]) -> list[str]:
    """Without the second half of a list in which everybody is named twice, in Latin and in Eastern letters."""
    latin = [name for name in names if not _EASTERN.search(name)]
    return latin if 2 * len(latin) == len(names) else names


def _person(person: _Element) -> str:
    family = _first(person, "surname") or _first(person, "familyName") or _first(person, "lastName")
    given = _first(person, "givenName") or _first(person, "givenname") or _first(person, "firstName")
    return ", ".join(filter(None, (family, given))) or family_first(_first(person, "name"))


def _first(one: _Element | None, name: str) -> str:
    return next((text for text in _texts(one, name) if text), "")


def _texts(one: _Element | None, name: str) -> list[str]:
    return [] if one is None else [text_of(found) for found in one.iterfind(name)]


def _has_title(one: _Element) -> bool:
    return one.find("title") is not None


def _is_journal(one: _Element | None) -> bool:
    """Zotero keeps an article's DOI with its journal; a book's own is not its chapter's."""
    return one is not None and one.tag in ("Journal", "Periodical")


def _is_doi(text: str) -> bool:
    return text.lower().startswith(("doi", "10.", "http://doi.org/", "https://doi.org/", "http://dx.doi.org/"))


def _web(address: str) -> str:
    return address if address.startswith(("http://", "https://")) else ""


def _attribute(one: _Element, name: str) -> str:
    """rdf:about or rdf:resource, whatever the prefix is called."""
    return next((str(value) for key, value in one.attrib.items() if str(key).rpartition("}")[2] == name), "")


FORMAT = Format("rdf", "Zotero RDF", (".rdf", ".xml"), _sniff, _read)
