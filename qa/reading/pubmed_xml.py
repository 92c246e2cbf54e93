"""PubMed XML: what efetch gives and what NLM ships as baseline and update files; plain or gzip, read as a stream."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING, Any

from qa.errors import Broken
from qa.reading.headings import find_sections
from qa.reading.mapping import clean, find_doi, find_year, join_pages, to_entry
from qa.reading.source import Format, Source
from qa.schema import Deletion, Entry, Relation, Section

if TYPE_CHECKING:
    from lxml.etree import _Element

_ROOT = re.compile(
    r"<(?:!DOCTYPE\s+)?(?:Pubmed(?:Article|BookArticle)(?:Set)?|MedlineCitation(?:Set)?|DeleteCitation)[\s>/]"
)
_ENTRIES = ("PubmedArticle", "PubmedBookArticle", "MedlineCitation", "DeleteCitation")

#: libxml2 counts lines in 16 bits; a line number that far down is not known.
_LAST_LINE = 65535


def _sniff(head: str) -> bool:
    return head.lstrip()[:1] == "<" and bool(_ROOT.search(head))


def _read(source: Source) -> Iterator[Entry]:
    from lxml import etree

    # Nothing outside the file is looked at and nothing inside it is expanded, whatever its document type says.
    parser = etree.XMLPullParser(
        events=("end",),
        tag=_ENTRIES,
        load_dtd=False,
        no_network=True,
        resolve_entities=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for chunk in source.chunks():
            parser.feed(chunk)
            yield from _take(parser, source)
        parser.close()
        yield from _take(parser, source)
    except etree.XMLSyntaxError as error:
        raise Broken(
            source.path,
            f"the XML is cut off or damaged ({clean(str(error.msg))}). Download it again.",
            error.lineno or 0,
        ) from error


def _take(parser: object, source: Source) -> Iterator[Entry]:
    for _, element in parser.read_events():  # type: ignore[attr-defined]
        parent = element.getparent()
        if element.tag == "MedlineCitation" and parent is not None and parent.tag == "PubmedArticle":
            continue  # its PubmedArticle comes next and holds more
        if element.tag == "DeleteCitation":
            for pmid in element.iter("PMID"):
                if number := _text(pmid):
                    yield Deletion(f"pmid:{number}")
        else:
            yield _entry(source, element)
        # What has been read is let go, and its elder siblings, else the tree grows with the file.
        element.clear()
        if parent is not None:
            while element.getprevious() is not None:
                del parent[0]


def _entry(source: Source, element: _Element) -> Entry:
    line = _line(element)
    book = element.find("BookDocument")
    if book is not None:
        return _book(source, line, book)
    citation = element if element.tag == "MedlineCitation" else element.find("MedlineCitation")
    article = citation.find("Article") if citation is not None else None
    if citation is None or article is None:
        return to_entry(source, line, pmid=_at(element, ".//PMID"))
    abstract, sections = _abstract(article.find("Abstract"))
    if not abstract:
        abstract, sections = _abstract(citation.find("OtherAbstract"))
    issue = article.find("Journal/JournalIssue")
    authors = article.find("AuthorList")
    ids = _ids(element.find("PubmedData/ArticleIdList"))
    doi = next((_text(e) for e in article.iterfind("ELocationID[@EIdType='doi']") if e.get("ValidYN") != "N"), "")
    return to_entry(
        source,
        line,
        title=_at(article, "ArticleTitle") or _at(article, "VernacularTitle"),
        abstract=abstract,
        sections=sections,
        authors=_authors(authors),
        journal=_at(article, "Journal/Title") or _at(citation, "MedlineJournalInfo/MedlineTA"),
        year=_year(issue, "PubDate") or _year(article, "ArticleDate"),
        volume=_at(issue, "Volume"),
        issue=_at(issue, "Issue"),
        pages=_pages(article),
        doi=find_doi(doi) or find_doi(ids.get("doi", "")),
        pmid=_at(citation, "PMID"),
        pmcid=ids.get("pmc", ""),
        language=_at(article, "Language"),
        publication_types=_all(article, "PublicationTypeList/PublicationType"),
        keywords=_all(citation, "KeywordList/Keyword"),
        mesh=_all(citation, "MeshHeadingList/MeshHeading/DescriptorName"),
        affiliations=_affiliations(authors),
        relations=_relations(citation.find("CommentsCorrectionsList")),
        accessions=_accessions(article.find("DataBankList")),
    )


def _relations(found: _Element | None) -> list[Relation]:
    """What other publications are to this one; what it merely cites is left out."""
    if found is None:
        return []
    return [
        Relation(kind, _at(one, "PMID"), _at(one, "RefSource"))
        for one in found.iterfind("CommentsCorrections")
        if (kind := one.get("RefType", "")) and kind != "Cites"
    ]


def _accessions(found: _Element | None) -> list[str]:
    if found is None:
        return []
    return [
        f"{name}/{_text(number)}" if (name := _at(bank, "DataBankName")) else _text(number)
        for bank in found.iterfind("DataBank")
        for number in bank.iterfind("AccessionNumberList/AccessionNumber")
    ]


def _line(element: Any) -> int:  # the stubs do not know what sourceline is
    line: int = element.sourceline or 0
    return line if line < _LAST_LINE else 0


def _book(source: Source, line: int, book: _Element) -> Entry:
    abstract, sections = _abstract(book.find("Abstract"))
    chapter, whole = _at(book, "ArticleTitle"), _at(book, "Book/BookTitle")
    ids = _ids(book.find("ArticleIdList"))
    authors = next(
        (found for path in ("AuthorList", "Book/AuthorList") if (found := book.find(path)) is not None), None
    )
    return to_entry(
        source,
        line,
        title=chapter or whole,
        abstract=abstract,
        sections=sections,
        authors=_authors(authors),
        journal=whole if chapter else "",
        year=_year(book.find("Book"), "PubDate") or _year(book, "ContributionDate"),
        volume=_at(book, "Book/Volume"),
        pages=_pages(book),
        doi=find_doi(ids.get("doi", "")),
        pmid=_at(book, "PMID"),
        pmcid=ids.get("pmc", ""),
        language=_at(book, "Language"),
        publication_types=_all(book, "PublicationType"),
        keywords=_all(book, "KeywordList/Keyword"),
        affiliations=_affiliations(authors),
    )


def _abstract(element: _Element | None) -> tuple[str, tuple[Section, ...]]:
    """The bodies of an abstract's parts, joined by line ends, and where they lie. Labels are no part of the text."""
    if element is None:
        return "", ()
    parts = [(body, part) for part in element.iterfind("AbstractText") if (body := _text(part))]
    text = "\n".join(body for body, _ in parts)
    if not any(part.get("Label") for _, part in parts):
        return text, find_sections(text)
    sections = []
    start = 0
    for body, part in parts:
        label, category = clean(part.get("Label", "")), part.get("NlmCategory", "")
        sections.append(
            Section(
                "" if label.upper() == "UNLABELLED" else label,
                start,
                start + len(body),
                "" if category == "UNASSIGNED" else category,
            )
        )
        start += len(body) + 1
    return text, tuple(sections)


def _authors(authors: _Element | None) -> Iterator[str]:
    for author in () if authors is None else authors.iterfind("Author"):
        family, given = _at(author, "LastName"), _at(author, "ForeName") or _at(author, "Initials")
        suffix = _at(author, "Suffix")
        yield ", ".join(filter(None, (family, given, suffix))) or _at(author, "CollectiveName")


def _affiliations(authors: _Element | None) -> list[str]:
    if authors is None:
        return []
    # Until 2014 an author had one Affiliation, since then a list of AffiliationInfo.
    return [_text(found) for found in authors.iter("Affiliation")]


def _ids(found: _Element | None) -> dict[str, str]:
    """The article's own ids; those of its references stand elsewhere."""
    return {} if found is None else {one.get("IdType", ""): _text(one) for one in found.iterfind("ArticleId")}


def _year(element: _Element | None, name: str) -> int | None:
    if element is None:
        return None
    for part in ("Year", "MedlineDate"):
        if year := find_year(_at(element, f"{name}/{part}")):
            return year
    return None


def _pages(element: _Element) -> str:
    return _at(element, "Pagination/MedlinePgn") or join_pages(
        _at(element, "Pagination/StartPage"), _at(element, "Pagination/EndPage")
    )


def _all(element: _Element, path: str) -> list[str]:
    return [_text(found) for found in element.iterfind(path)]


def _at(element: _Element | None, path: str) -> str:
    found = None if element is None else element.find(path)
    return "" if found is None else _text(found)


def _text(element: _Element) -> str:
    """An element's text in one line, whatever markup (italics, indices, formulas) is in it."""
    if len(element) == 0:
        return clean(element.text or "")
    text = "".join(str(part) for part in element.itertext())
    if "&" in text and _has_entity(element):
        # An entity that only the document type explains, which is not looked at: &alpha; is the same everywhere.
        text = unescape(text)
    return clean(text)


def _has_entity(element: _Element) -> bool:
    from lxml import etree

    return next(element.iter(etree.Entity), None) is not None


FORMAT = Format("pubmed_xml", "PubMed XML", (".xml", ".xml.gz"), _sniff, _read)
