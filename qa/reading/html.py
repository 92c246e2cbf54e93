"""A saved web page of an article: its metadata (citation_*, Dublin Core, JSON-LD) and its abstract's element."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from qa.errors import Broken, UnknownFormat
from qa.reading import encodings, page_abstract, page_text
from qa.reading.headings import find_sections
from qa.reading.mapping import clean, family_first, find_doi, find_year, join_pages, to_entry
from qa.reading.page_metadata import Metadata, collect
from qa.reading.source import Format, Source
from qa.schema import Entry, Section

_SNIFF = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|meta|title|body)\b", re.I | re.S
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.I)

#: Titles of the pages that sites show to programs, and to people in between.
_CHECK = re.compile(
    r"\W*(?:just a moment|attention required|access (?:to this page has been )?denied|security check|robot check|"
    r"are you (?:a robot|human)|verify(?:ing)? (?:that )?you are (?:a )?human|checking your browser|"
    r"pardon our interruption|validate user|client challenge|one more step|403 forbidden|request rejected|"
    r"bot verification|human verification|please wait)",
    re.I,
)


def _sniff(head: str) -> bool:
    start = head.lstrip("\ufeff \t\r\n")
    return bool(_SNIFF.match(start)) or (start[:1] == "<" and bool(re.search(r"<html[\s>]", start[:4000], re.I)))


def _read(source: Source) -> Iterator[Entry]:
    from selectolax.lexbor import LexborHTMLParser

    page = LexborHTMLParser(_decode(source.data()))
    heading = page.css_first("title")
    title = clean(heading.text()) if heading is not None else ""
    metadata = collect(page)
    if _CHECK.match(title) and not metadata.first("citation_title", "dc.title"):
        raise Broken(
            source.path,
            f'is a page that checks for robots ("{title[:60]}"), not the article. '
            "Open the article in the browser and save the page again.",
        )
    found = page_abstract.find(page, metadata.abstracts())
    entry: Entry | None = None
    if metadata.title(scholarly=True):
        # Without an abstract's element, its heading must show where it is: prose alone may be the introduction.
        text = found.text or page_text.headed_abstract(page_abstract.page_lines(page))
        entry = _entry(source, metadata, text, found.sections)
    elif found.text and metadata.title():
        entry = _entry(source, metadata, found.text, found.sections)
    else:
        entry = page_text.parse(source, page_abstract.page_lines(page), metadata.url(), title)
    if entry is None:
        raise UnknownFormat(
            source.path,
            "is a web page without an article's metadata and without a title and an abstract that could be told. "
            "Save the abstract's page, or export the reference as RIS or .nbib.",
        )
    yield entry


def _entry(source: Source, metadata: Metadata, abstract: str, sections: tuple[Section, ...]) -> Entry:
    return to_entry(
        source,
        0,
        title=metadata.title(),
        abstract=abstract,
        sections=sections or find_sections(abstract),
        authors=[family_first(name) for name in metadata.authors()],
        journal=metadata.journal(),
        year=find_year(metadata.date()),
        volume=metadata.first("citation_volume", "prism.volume", "bepress_citation_volume", "ld.volumenumber"),
        issue=metadata.first("citation_issue", "prism.number", "prism.issue", "ld.issuenumber"),
        pages=join_pages(
            metadata.first("citation_firstpage", "citation_first_page", "prism.startingpage", "ld.pagestart"),
            metadata.first("citation_lastpage", "citation_last_page", "prism.endingpage", "ld.pageend"),
        ),
        doi=find_doi(metadata.doi()),
        pmid=metadata.first("citation_pmid"),
        pmcid=metadata.first("citation_pmcid"),
        url=metadata.url(),
        language=metadata.first("citation_language", "dc.language", "dcterms.language", "ld.inlanguage"),
        publication_types=metadata.values("citation_article_type") or metadata.values("dc.type"),
        keywords=metadata.keywords(),
        affiliations=metadata.values("citation_author_institution"),
    )


def _decode(data: bytes) -> str:
    """By byte order mark, else as the page declares, else UTF-8 or Windows' Western encoding."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    declared = _CHARSET.search(data[:8192])
    if declared and (name := declared[1].decode("ascii").lower()) not in ("utf-8", "utf8"):
        try:
            return data.decode(name)
        except (LookupError, UnicodeError):
            pass  # an encoding that nobody knows, or not the one that it is
    return encodings.decode(data, encodings.guess([data]))


FORMAT = Format("html", "a saved web page", (".html", ".htm"), _sniff, _read)
