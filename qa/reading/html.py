"""A saved web page of an article: its metadata (citation_*, Dublin Core, JSON-LD) and its abstract's element."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from qa.errors import Broken, UnknownFormat
from qa.reading import citation_line, encodings, page_abstract, page_text, page_walls
from qa.reading.headings import find_sections
from qa.reading.mapping import clean, family_first, find_doi, find_year, join_pages, to_entry
from qa.reading.page_depth import is_too_deep
from qa.reading.page_metadata import Metadata, collect, context_objects
from qa.reading.source import Format, Source
from qa.schema import Entry, Section

_SNIFF = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|meta|title|body)\b", re.I | re.S
)
_VOLUME = ("citation_volume", "prism.volume", "bepress_citation_volume", "ld.volumenumber", "rft.volume")
_ISSUE = ("citation_issue", "prism.number", "prism.issue", "ld.issuenumber", "rft.issue")
_FIRST = ("citation_firstpage", "citation_first_page", "prism.startingpage", "ld.pagestart", "rft.spage", "rft.pages")
_LAST = ("citation_lastpage", "citation_last_page", "prism.endingpage", "ld.pageend", "rft.epage")
_TOP = 100  #: lines of a page among which its citation stands; further down there are references
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.I)

#: What sites put behind an article's title in a page's own: " | eLife", " - PubMed".
_SITE = re.compile(r"\s+[|·–—-]\s+[^|·–—-]{1,60}$")


def _sniff(head: str) -> bool:
    start = head.lstrip("\ufeff \t\r\n")
    return bool(_SNIFF.match(start)) or (start[:1] == "<" and bool(re.search(r"<html[\s>]", start[:4000], re.I)))


def _read(source: Source) -> Iterator[Entry]:
    from selectolax.lexbor import LexborHTMLParser

    html = _decode(source.data())
    if is_too_deep(html):
        raise Broken(source.path, "nests deeper than any page does. Save the abstract's page again.")
    page = LexborHTMLParser(html)
    heading = page.css_first("title")
    title = clean(heading.text()) if heading is not None else ""
    metadata = collect(page)
    text = page_abstract.page_lines(page)
    coins = context_objects(page)
    if not metadata.title(scholarly=True) and not coins and (words := page_walls.describe(title, text)):
        raise Broken(source.path, words)
    found = page_abstract.find(page, metadata.abstracts())
    if metadata.title(scholarly=True):
        # Without an abstract's element, its heading must show where it is: prose alone may be the introduction.
        yield _entry(source, metadata, found.text or page_text.headed_abstract(text), found.sections, text)
    elif found.text and metadata.title():
        yield _entry(source, metadata, found.text, found.sections, text)
    elif entry := page_text.parse(source, text, metadata.url(), _SITE.sub("", title)):
        yield entry
    elif len(coins) > 1:
        yield from (_entry(source, one, "", (), "") for one in coins)
    else:
        raise UnknownFormat(
            source.path,
            "is a web page without an article's metadata and without a title and an abstract that could be told. "
            "Save the abstract's page, or export the reference as RIS or .nbib.",
        )


def _entry(source: Source, metadata: Metadata, abstract: str, sections: tuple[Section, ...], text: str) -> Entry:
    journal, year = metadata.journal(), find_year(metadata.date())
    volume, issue = metadata.first(*_VOLUME), metadata.first(*_ISSUE)
    pages = join_pages(metadata.first(*_FIRST), metadata.first(*_LAST))
    if text and not (journal and year):
        printed = citation_line.find_cited(text.split("\n\n")[:_TOP], metadata.title())
        year = year or printed.year
        if not journal and printed.year == year and not (volume or pages):
            journal, volume, issue, pages = printed.journal, printed.volume, printed.issue, printed.pages
    return to_entry(
        source,
        0,
        title=metadata.title(),
        abstract=abstract,
        sections=sections or find_sections(abstract),
        authors=[family_first(name) for name in metadata.authors()],
        journal=journal,
        year=year,
        volume=volume,
        issue=issue,
        pages=pages,
        doi=find_doi(metadata.doi()),
        pmid=metadata.first("citation_pmid"),
        pmcid=metadata.first("citation_pmcid"),
        url=metadata.url(),
        language=metadata.first("citation_language", "dc.language", "dcterms.language", "ld.inlanguage"),
        publication_types=metadata.kinds(),
        keywords=metadata.keywords(),
        affiliations=metadata.values("citation_author_institution"),
    )


def _decode(data: bytes) -> str:
    """By byte order mark, else as the page declares, else as it looks."""
    if data.startswith(codecs.BOM_UTF8) or encodings.bom(data)[0]:
        return encodings.decode(data)
    declared = _CHARSET.search(data[:8192])
    if declared and (name := declared[1].decode("ascii").lower()) not in ("utf-8", "utf8"):
        try:
            return data.decode(name)
        except (LookupError, UnicodeError):
            pass  # an encoding that nobody knows, or not the one that it is
    return encodings.decode(data)


FORMAT = Format("html", "a saved web page", (".html", ".htm"), _sniff, _read)
