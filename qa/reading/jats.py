"""JATS, the XML of PubMed Central and of many publishers: title and abstract of each article, with its sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa.reading.headings import find_sections
from qa.reading.mapping import family_first, find_year, join_pages, to_entry
from qa.reading.source import Format, Source
from qa.reading.xml_stream import elements, line_of, text_at, text_of, texts_at
from qa.schema import Entry, Section

if TYPE_CHECKING:
    from lxml.etree import _Element

_SNIFF = re.compile(
    r"<(?:\w+:)?article\b[^>]*>\s*(?:<\?[^>]*\?>\s*)*<(?:\w+:)?(?:front|processing-meta|pubfm|suppfm)\b|<pmc-articleset\b"
)
_DOCTYPE = re.compile(r"<!DOCTYPE\s+article\b[^>]*(?:JATS|NLM//DTD|Journal (?:Archiving|Publishing))", re.I)

#: Abstracts for other readers than the article's; some have no other, and these have none.
_NO_ABSTRACT = (
    "graphical",
    "teaser",
    "toc",
    "summary",
    "plain-language-summary",
    "key-points",
    "precis",
    "video",
    "web-summary",
)
_YEARS = ("ppub", "collection", "epub-ppub", "epub", "pub", "")


def _sniff(head: str) -> bool:
    return head.lstrip()[:1] == "<" and bool(_SNIFF.search(head) or _DOCTYPE.search(head))


def _read(source: Source) -> Iterator[Entry]:
    for article in elements(source, "{*}article"):
        for element in article.iter("{*}*"):
            _, brace, name = str(element.tag).rpartition("}")
            if brace:  # OAI-PMH and MathML put names into namespaces
                element.tag = name
        yield _entry(source, article)


def _entry(source: Source, article: _Element) -> Entry:
    meta = article.find("front/article-meta")
    if meta is None:
        meta = article.find(".//article-meta")
    if meta is None:
        return to_entry(source, line_of(article))
    journal = article.find("front/journal-meta")
    ids = {one.get("pub-id-type", ""): text_of(one) for one in meta.iterfind("article-id")}
    abstract, sections = _abstract(meta)
    pmcid = ids.get("pmcid") or ids.get("pmc", "")
    language = {str(name).rpartition("}")[2]: str(value) for name, value in article.attrib.items()}.get("lang", "")
    return to_entry(
        source,
        line_of(article),
        title=_title(meta),
        abstract=abstract,
        sections=sections,
        authors=_authors(meta),
        journal=text_at(journal, ".//journal-title") or text_at(journal, ".//abbrev-journal-title"),
        year=_year(meta),
        volume=text_at(meta, "volume"),
        issue=text_at(meta, "issue"),
        pages=join_pages(text_at(meta, "fpage"), text_at(meta, "lpage")) or text_at(meta, "elocation-id"),
        doi=ids.get("doi", ""),
        pmid=ids.get("pmid", ""),
        pmcid=f"PMC{pmcid}" if pmcid.isdecimal() else pmcid,
        language=language,
        publication_types=[str(article.get("article-type", "")).replace("-", " ")],
        keywords=texts_at(meta, "kwd-group//kwd"),
        affiliations=[_without(aff, "label", "sup") for aff in meta.iterfind(".//aff")],
    )


def _title(meta: _Element) -> str:
    group = meta.find("title-group")
    title, subtitle = text_at(group, "article-title"), text_at(group, "subtitle")
    return f"{title}: {subtitle}" if title and subtitle else title


def _abstract(meta: _Element) -> tuple[str, tuple[Section, ...]]:
    """The main abstract: its paragraphs joined by line ends, and the bodies of its sections."""
    found = next((a for a in meta.iterfind("abstract") if a.get("abstract-type", "") not in _NO_ABSTRACT), None)
    if found is None:
        return "", ()
    for formula in found.iter("tex-math"):  # said again as MathML beside it, and no text in either case
        formula.text = ""
    parts: list[tuple[str, str]] = []
    for child in found:
        if child.tag == "sec":
            body = "\n".join(
                text for part in child.iter("p", "list-item") if _outermost(part) and (text := text_of(part))
            )
            parts.append((text_at(child, "title").rstrip(" :."), body))
        elif child.tag in ("p", "list"):
            parts.append(("", text_of(child)))
    parts = [(label, body) for label, body in parts if body]
    text = "\n".join(body for _, body in parts)
    if not any(label for label, _ in parts):
        return text, find_sections(text)
    sections, start = [], 0
    for label, body in parts:
        sections.append(Section(label, start, start + len(body)))
        start += len(body) + 1
    return text, tuple(sections)


def _outermost(part: _Element) -> bool:
    """A paragraph within a list's item is part of the item."""
    return part.tag == "list-item" or not any(parent.tag == "list-item" for parent in part.iterancestors())


def _authors(meta: _Element) -> Iterator[str]:
    for person in meta.iterfind("contrib-group/contrib"):
        if person.get("contrib-type", "author") != "author":
            continue
        name = person.find("name")
        if name is None:
            name = person.find("name-alternatives/name")
        if name is not None:
            yield ", ".join(filter(None, (text_at(name, part) for part in ("surname", "given-names", "suffix"))))
        else:
            yield text_at(person, "collab") or family_first(text_at(person, "string-name"))


def _year(meta: _Element) -> int | None:
    dates = {
        date.get("pub-type", date.get("date-type", "")): text_at(date, "year") for date in meta.iterfind("pub-date")
    }
    return next((year for kind in (*_YEARS, *dates) if (year := find_year(dates.get(kind, "")))), None)


def _without(element: _Element, *tags: str) -> str:
    for tag in tags:
        for found in element.iter(tag):
            found.text = ""
    return text_of(element)


FORMAT = Format("jats", "JATS", (".nxml", ".xml"), _sniff, _read)
