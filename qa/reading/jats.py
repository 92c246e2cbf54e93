"""JATS, the XML of PubMed Central and of many publishers: title and abstract of each article, with its sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa.reading.mapping import family_first, find_doi, find_year, join_pages, to_entry
from qa.reading.source import Format, Source
from qa.reading.xml_stream import read_elements
from qa.reading.xml_text import join_sections, text_at, text_of, texts_at
from qa.schema import Entry, Relation, Section

if TYPE_CHECKING:
    from lxml.etree import _Element

_SNIFF = re.compile(
    r"<(?:\w+:)?article\b[^>]*>\s*(?:<\?[^>]*\?>\s*|<!--[^>]*-->\s*)*<(?:\w+:)?(?:front|processing-meta|pubfm|suppfm)\b"
    r"|<pmc-articleset\b"
)
_DOCTYPE = re.compile(r"<!DOCTYPE\s+article\b[^>]*(?:JATS|NLM//DTD|Journal (?:Archiving|Publishing))", re.I)

#: Abstracts that are pictures, lists or adverts, or written for other readers than the article's: never the main one.
_OTHER_ABSTRACT = re.compile(
    r"graphical|teaser|toc|highlight|key.?points?|plain.?language|lay|video|web|(?:author|editor)'?s?.?summary|"
    r"in.?brief|significance|what.?is.?known",
    re.I,
)
#: Less than an abstract, and all that some articles have. What PLOS calls "summary" is the author's, for laymen.
_SHORT = ("executive-summary", "summary", "short", "precis")

_YEARS = ("ppub", "collection", "epub-ppub", "epub", "pub", "")

#: JATS's words for what another article is to this one → PubMed's.
_RELATIONS = {
    "retracted-article": "RetractionOf",
    "retraction-forward": "RetractionIn",
    "corrected-article": "ErratumFor",
    "correction-forward": "ErratumIn",
    "concurrent-pub": "RepublishedIn",
    "object-of-concern": "ExpressionOfConcernFor",
    "concern-forward": "ExpressionOfConcernIn",
    "commentary-article": "CommentOn",
    "commentary": "CommentIn",
    "updated-article": "UpdateOf",
    "update": "UpdateIn",
}


def _sniff(head: str) -> bool:
    return head.lstrip()[:1] == "<" and bool(_SNIFF.search(head) or _DOCTYPE.search(head))


def _read(source: Source) -> Iterator[Entry]:
    yield from read_elements(source, ("article",), _build)


def _build(source: Source, line: int, article: _Element) -> Iterator[Entry]:
    meta = article.find("front/article-meta")
    if meta is None:
        meta = article.find(".//article-meta")
    if meta is None:
        yield to_entry(source, line)
        return
    journal = article.find("front/journal-meta")
    ids = {one.get("pub-id-type", ""): text_of(one) for one in meta.iterfind("article-id")}
    language = article.get("{http://www.w3.org/XML/1998/namespace}lang", "")
    abstract, sections = _abstract(meta, language)
    pmcid = ids.get("pmcid") or ids.get("pmc", "")
    yield to_entry(
        source,
        line,
        title=_title(meta),
        abstract=abstract,
        sections=sections,
        authors=_authors(meta),
        journal=text_at(journal, ".//journal-title") or text_at(journal, ".//abbrev-journal-title"),
        year=_year(meta),
        volume=text_at(meta, "volume"),
        issue=text_at(meta, "issue"),
        pages=join_pages(text_at(meta, "fpage"), text_at(meta, "lpage"))
        or text_at(meta, "page-range")
        or text_at(meta, "elocation-id"),
        doi=ids.get("doi", ""),
        pmid=ids.get("pmid", ""),
        pmcid=f"PMC{pmcid}" if pmcid.isdecimal() else pmcid,
        url=_link(meta.find("self-uri")),
        language=language,
        publication_types=[str(article.get("article-type", "")).replace("-", " ")],
        keywords=_keywords(meta),
        affiliations=[_affiliation(aff) for aff in meta.iterfind(".//aff")],
        relations=_relations(meta),
    )


def _title(meta: _Element) -> str:
    group = meta.find("title-group")
    title, subtitle = text_at(group, "article-title"), text_at(group, "subtitle")
    title = title or text_at(group, "trans-title-group/trans-title") or text_at(group, "trans-title")
    return f"{title.rstrip(':')}: {subtitle}" if title and subtitle else title


def _abstract(meta: _Element, language: str) -> tuple[str, tuple[Section, ...]]:
    """The main abstract: its paragraphs joined by line ends, and the bodies of its sections.

    The first that is none of the others, in the article's language if there is a choice; else a translation; else
    a summary.
    """
    found = [*meta.iterfind("abstract"), *meta.iterfind("trans-abstract")]
    found = [one for one in found if not _OTHER_ABSTRACT.match(_kind(one))]
    found.sort(
        key=lambda one: (_kind(one) in _SHORT, one.tag == "trans-abstract", _language(one, language) != language)
    )
    for one in found:
        text, sections = join_sections((label, body, "") for label, body in _parts(one, ""))
        if text:
            return text, sections
    return "", ()


def _kind(abstract: _Element) -> str:
    """What an abstract is said to be, by its attribute or, without one, by its heading."""
    said = abstract.get("abstract-type", "")
    heading = text_at(abstract, "title")
    return heading if _OTHER_ABSTRACT.match(heading) else said


def _language(element: _Element, otherwise: str) -> str:
    return element.get("{http://www.w3.org/XML/1998/namespace}lang", "") or otherwise


def _parts(element: _Element, label: str) -> Iterator[tuple[str, str]]:
    """(label, text) of the paragraphs; those of one section that follow one another are one part."""
    bodies: list[str] = []
    for child in element:
        if child.tag == "sec":
            yield label, "\n".join(bodies)
            bodies = []
            # Deeper sections are a rarity, and keep their own heading; there is no third level.
            yield from _parts(child, text_at(child, "title") or label) if not label else _flat(child)
        elif child.tag not in ("title", "label", "object-id", "sec-meta") and (text := text_of(child)):
            bodies.append(text)
    yield label, "\n".join(bodies)


def _flat(section: _Element) -> Iterator[tuple[str, str]]:
    paragraphs = [text for one in section.iter("p") if (text := text_of(one))]
    yield text_at(section, "title"), "\n".join(paragraphs)


def _authors(meta: _Element) -> Iterator[str]:
    for person in meta.iterfind("contrib-group//contrib"):
        if person.get("contrib-type", "author") not in ("author", "collab", "group"):
            continue
        if next(person.iterancestors("collab"), None) is not None:
            continue  # a member of a group that is named itself
        name = next((found for path in ("name", "name-alternatives/name") for found in person.iterfind(path)), None)
        if name is None:
            name = next((one for one in person.iter("string-name") if one.find("surname") is not None), None)
        if name is not None:
            yield ", ".join(filter(None, (text_at(name, part) for part in ("surname", "given-names", "suffix"))))
        else:
            yield _group(person.find("collab")) or family_first(text_at(person, ".//string-name"))


def _group(collab: _Element | None) -> str:
    """A group's name, without the members that are listed within it."""
    if collab is None:
        return ""
    return text_at(collab, "institution") or text_at(collab, "named-content") or text_of(_bare(collab))


def _bare(collab: _Element) -> _Element:
    for inner in list(collab):
        if inner.tag in ("contrib-group", "contrib", "xref", "fn", "aff"):
            previous, tail = inner.getprevious(), inner.tail or ""
            if previous is not None:
                previous.tail = (previous.tail or "") + tail
            else:
                collab.text = (collab.text or "") + tail
            collab.remove(inner)
    return collab


def _keywords(meta: _Element) -> list[str]:
    """Abbreviations and codes that are listed in the same way are no keywords."""
    groups = [one for one in meta.iterfind("kwd-group") if one.get("kwd-group-type", "") not in ("abbreviations",)]
    return [word for group in groups for word in texts_at(group, ".//kwd") + texts_at(group, ".//compound-kwd-part")]


def _affiliation(aff: _Element) -> str:
    """Without the number or letter by which authors are sent here, and without ids."""
    for mark in [*aff.iterfind("label"), *aff.iterfind("sup"), *aff.iter("institution-id")]:
        mark.text = ""
    return re.sub(r"\s+,", ",", text_of(aff)).strip(" ,;")


def _year(meta: _Element) -> int | None:
    dates = {
        date.get("pub-type", date.get("date-type", "")): text_at(date, "year") for date in meta.iterfind("pub-date")
    }
    return next((year for kind in (*_YEARS, *dates) if (year := find_year(dates.get(kind, "")))), None)


def _relations(meta: _Element) -> Iterator[Relation]:
    for one in meta.iterfind("related-article"):
        if kind := _RELATIONS.get(one.get("related-article-type", "")):
            link = _link(one)
            pmid = link if one.get("ext-link-type") in ("pubmed", "pmid") and link.isdecimal() else ""
            yield Relation(kind, pmid, f"doi: {doi}" if (doi := find_doi(link)) else text_of(one))


def _link(element: _Element | None) -> str:
    """An xlink:href, whatever the prefix is called here."""
    if element is None:
        return ""
    return next((str(value) for name, value in element.attrib.items() if str(name).rpartition("}")[2] == "href"), "")


FORMAT = Format("jats", "JATS", (".nxml", ".xml"), _sniff, _read)
