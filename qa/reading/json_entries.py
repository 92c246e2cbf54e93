"""One entry as a JSON object, told by its names: CSL-JSON, Crossref, Zotero, what services answer, BioC, our own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from qa.reading import bioc, json_own, json_services
from qa.reading.json_fields import abstract_of, items, objects, text, texts, year_of
from qa.reading.mapping import family_first, find_doi, to_entry, without_markup, words
from qa.reading.source import Source
from qa.schema import Entry, Relation, Skip

#: What an object has that is an entry, or holds one.
_TITLES = words("title titles abstract abstractNote abstractText itemType text display_name passages documents")
#: What only CSL and its like have, and our own form has not.
_CSL = words(
    "type author editor issued container-title DOI URL itemType creators citation-key publisher note language-id"
)
KEYS = re.compile(rf'"(?:_id|id|DOI|author|authorships|issued|paperId|{"|".join(sorted(_TITLES))})"\s*:')
#: An object that begins with a list under another name wraps entries: no JSON Lines.
WRAPS = re.compile(r'\s*\{\s*"\w+"\s*:\s*\[\s*\{')

_ENVELOPES = ("data", "attributes", "message", "_source")
#: Zotero's items that belong to another one.
_CHILDREN = words("attachment note annotation")
_PMID = re.compile(r"\bPMID\s*:\s*(\d{1,8})\b", re.I)
_PMCID = re.compile(r"\b(PMC\d{3,9})\b")
_DOI_SAID = re.compile(r"^\s*DOI\s*:\s*(\S+)", re.I | re.M)

#: Crossref's words for an update → PubMed's, as said by the notice and by the updated work.
_UPDATES = {"retraction": "Retraction", "removal": "Retraction", "withdrawal": "Retraction", "erratum": "Erratum",
            "correction": "Erratum", "corrigendum": "Erratum", "expression_of_concern": "ExpressionOfConcern",
            "new_version": "Update"}  # fmt: skip


def is_entry(plain: Any) -> bool:
    """Whether this is an object with a title, an abstract or the like, or one that holds such objects."""
    if not isinstance(plain, dict):
        return False
    return bool(_TITLES & _unwrapped(plain).keys()) or _is_map(plain)


def entries(source: Source, line: int, plain: dict[str, Any]) -> Iterator[Entry]:
    """The entry that an object is; of one that holds several (a collection, a map by key), each."""
    plain = _unwrapped(plain)
    if "documents" in plain and "passages" not in plain:
        for one in objects(plain, "documents"):
            yield bioc.from_object(source, line, one)
    elif _is_map(plain):
        for one in plain.values():
            yield _entry(source, line, one) if isinstance(one, dict) else Skip(source.path, line, NO_OBJECT)
    else:
        yield _entry(source, line, plain)


NO_OBJECT = "the entry is no object with names and values"


def _unwrapped(plain: dict[str, Any]) -> dict[str, Any]:
    for name in _ENVELOPES:
        within = plain.get(name)
        if isinstance(within, dict) and not (_TITLES & plain.keys()):
            return _unwrapped(within) if name in ("data", "message") else within
    return plain


def _is_map(plain: dict[str, Any]) -> bool:
    """citeproc's {"ITEM-1": {…}, "ITEM-2": {…}}."""
    return (
        not _TITLES & plain.keys()
        and not _CSL & plain.keys()
        and any(isinstance(one, dict) and _TITLES & one.keys() for one in plain.values())
    )


def _entry(source: Source, line: int, plain: dict[str, Any]) -> Entry:
    if "passages" in plain:
        return bioc.from_object(source, line, plain)
    if read := json_services.reader_of(plain):
        return read(source, line, plain)
    if "_id" in plain or "sections" in plain or not _CSL & plain.keys():
        return json_own.entry(source, line, plain)
    if text(plain, "itemType") in _CHILDREN:
        kind = text(plain, "itemType")
        return Skip(source.path, line, f"the entry is {'an' if kind[0] == 'a' else 'a'} {kind}, no work of its own")
    return _csl(source, line, plain)


def _csl(source: Source, line: int, plain: dict[str, Any]) -> Entry:
    """CSL-JSON, Crossref's superset of it with lists for texts, and Zotero's own names."""
    extra = f"{text(plain, 'note')}\n{text(plain, 'extra')}"
    abstract, sections = abstract_of(text(plain, "abstract", "abstractNote"))
    title, subtitle = text(plain, "title"), text(plain, "subtitle")
    doi, pmid = _DOI_SAID.search(extra), _PMID.search(extra)
    pmcid = _PMCID.search(f"{text(plain, 'PMCID')} {extra}")
    keywords = plain.get("keyword")
    return to_entry(
        source,
        line,
        title=without_markup(f"{title}: {subtitle}" if subtitle and subtitle not in title else title),
        abstract=abstract,
        sections=sections,
        authors=_people(plain),
        journal=without_markup(
            text(
                plain,
                *("container-title", "publicationTitle", "proceedingsTitle", "bookTitle", "encyclopediaTitle"),
                *("dictionaryTitle", "blogTitle", "websiteTitle", "conferenceName", "journalAbbreviation"),
                *("container-title-short", "short-container-title"),
            )
        ),
        year=year_of(
            plain,
            *("issued", "published-print", "published", "published-online", "original-date", "date", "year"),
            *("dateDecided", "filingDate", "issueDate", "created"),
        ),
        volume=text(plain, "volume"),
        issue=text(plain, "issue"),
        pages=re.sub(r"\s*[–—]\s*", "-", text(plain, "page", "pages", "article-number")),
        doi=_doi(plain) or (doi[1] if doi else ""),
        pmid=text(plain, "PMID", "pmid") or (pmid[1] if pmid else ""),
        pmcid=pmcid[1] if pmcid else "",
        url=text(plain, "URL", "url"),
        language=text(plain, "language"),
        publication_types=[text(plain, "genre", "type", "itemType")],
        keywords=re.split(r"\s*[;,]\s*", keywords)
        if isinstance(keywords, str)
        else texts(plain, "keyword", "tags", "subject", "categories"),
        affiliations=[
            name for one in objects(plain, "author") for name in texts(one, "affiliation") or [text(one, "affiliation")]
        ],
        relations=_relations(plain),
    )


def _doi(plain: dict[str, Any]) -> str:
    """The DOI; where that is a short one (10/fqd6hj), the one that the link leads to."""
    link = text(plain, "URL", "url")
    return find_doi(text(plain, "DOI", "doi")) or (find_doi(link) if "doi.org/" in link else "")


def _people(plain: dict[str, Any]) -> Iterator[str]:
    """CSL's {family, given, literal}, Zotero's {lastName, firstName, name, creatorType}; without authors, editors."""
    creators = list(objects(plain, "creators"))
    mine = [one for one in creators if one.get("creatorType", "author") == "author"] or creators
    for person in objects(plain, "author") if items(plain, "author") else mine or objects(plain, "editor", "director"):
        particles = text(person, "dropping-particle"), text(person, "non-dropping-particle")
        family = " ".join(filter(None, (*particles, text(person, "family", "lastName"))))
        given = ", ".join(filter(None, (text(person, "given", "firstName"), text(person, "suffix"))))
        group = text(person, "literal", "name")
        yield ", ".join(filter(None, (family, given))) if family or not group else family_first(group)


def _relations(plain: dict[str, Any]) -> Iterator[Relation]:
    for name, end in (("update-to", "Of"), ("updated-by", "In")):
        for one in objects(plain, name):
            if kind := _UPDATES.get(text(one, "type").lower()):
                # PubMed says "ErratumFor", but "RetractionOf".
                ending = "For" if end == "Of" and kind in ("Erratum", "ExpressionOfConcern") else end
                yield Relation(kind + ending, "", f"doi: {find_doi(text(one, 'DOI'))}")
