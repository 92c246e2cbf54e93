"""PubMed XML: what efetch gives and what NLM ships as baseline and update files; plain or gzip, read as a stream."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa.reading.headings import find_sections
from qa.reading.mapping import clean, find_doi, find_year, join_pages, to_entry
from qa.reading.source import Format, Source
from qa.reading.xml_stream import elements, line_of, text_at, text_of, texts_at
from qa.schema import Deletion, Entry, Relation, Section

if TYPE_CHECKING:
    from lxml.etree import _Element

_ROOT = re.compile(
    r"<(?:!DOCTYPE\s+)?(?:Pubmed(?:Article|BookArticle)(?:Set)?|MedlineCitation(?:Set)?|DeleteCitation)[\s>/]"
)
_ENTRIES = ("PubmedArticle", "PubmedBookArticle", "MedlineCitation", "DeleteCitation")


def _sniff(head: str) -> bool:
    return head.lstrip()[:1] == "<" and bool(_ROOT.search(head))


def _read(source: Source) -> Iterator[Entry]:
    for element in elements(source, *_ENTRIES):
        if element.tag == "DeleteCitation":
            for pmid in element.iter("PMID"):
                if number := text_of(pmid):
                    yield Deletion(f"pmid:{number}")
        else:
            yield _entry(source, element)


def _entry(source: Source, element: _Element) -> Entry:
    line = line_of(element)
    book = element.find("BookDocument")
    if book is not None:
        return _book(source, line, book)
    citation = element if element.tag == "MedlineCitation" else element.find("MedlineCitation")
    article = citation.find("Article") if citation is not None else None
    if citation is None or article is None:
        return to_entry(source, line, pmid=text_at(element, ".//PMID"))
    abstract, sections = _abstract(article.find("Abstract"))
    if not abstract:
        abstract, sections = _abstract(citation.find("OtherAbstract"))
    issue = article.find("Journal/JournalIssue")
    authors = article.find("AuthorList")
    ids = _ids(element.find("PubmedData/ArticleIdList"))
    doi = next((text_of(e) for e in article.iterfind("ELocationID[@EIdType='doi']") if e.get("ValidYN") != "N"), "")
    return to_entry(
        source,
        line,
        title=text_at(article, "ArticleTitle") or text_at(article, "VernacularTitle"),
        abstract=abstract,
        sections=sections,
        authors=_authors(authors),
        journal=text_at(article, "Journal/Title") or text_at(citation, "MedlineJournalInfo/MedlineTA"),
        year=_year(issue, "PubDate") or _year(article, "ArticleDate"),
        volume=text_at(issue, "Volume"),
        issue=text_at(issue, "Issue"),
        pages=_pages(article),
        doi=find_doi(doi) or find_doi(ids.get("doi", "")),
        pmid=text_at(citation, "PMID"),
        pmcid=ids.get("pmc", ""),
        language=text_at(article, "Language"),
        publication_types=texts_at(article, "PublicationTypeList/PublicationType"),
        keywords=texts_at(citation, "KeywordList/Keyword"),
        mesh=texts_at(citation, "MeshHeadingList/MeshHeading/DescriptorName"),
        affiliations=_affiliations(authors),
        relations=_relations(citation.find("CommentsCorrectionsList")),
        accessions=_accessions(article.find("DataBankList")),
    )


def _relations(found: _Element | None) -> list[Relation]:
    """What other publications are to this one; what it merely cites is left out."""
    if found is None:
        return []
    return [
        Relation(kind, text_at(one, "PMID"), text_at(one, "RefSource"))
        for one in found.iterfind("CommentsCorrections")
        if (kind := one.get("RefType", "")) and kind != "Cites"
    ]


def _accessions(found: _Element | None) -> list[str]:
    if found is None:
        return []
    return [
        f"{name}/{text_of(number)}" if (name := text_at(bank, "DataBankName")) else text_of(number)
        for bank in found.iterfind("DataBank")
        for number in bank.iterfind("AccessionNumberList/AccessionNumber")
    ]


def _book(source: Source, line: int, book: _Element) -> Entry:
    abstract, sections = _abstract(book.find("Abstract"))
    chapter, whole = text_at(book, "ArticleTitle"), text_at(book, "Book/BookTitle")
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
        volume=text_at(book, "Book/Volume"),
        pages=_pages(book),
        doi=find_doi(ids.get("doi", "")),
        pmid=text_at(book, "PMID"),
        pmcid=ids.get("pmc", ""),
        language=text_at(book, "Language"),
        publication_types=texts_at(book, "PublicationType"),
        keywords=texts_at(book, "KeywordList/Keyword"),
        affiliations=_affiliations(authors),
    )


def _abstract(element: _Element | None) -> tuple[str, tuple[Section, ...]]:
    """The bodies of an abstract's parts, joined by line ends, and where they lie. Labels are no part of the text."""
    if element is None:
        return "", ()
    parts = [(body, part) for part in element.iterfind("AbstractText") if (body := text_of(part))]
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
        family, given = text_at(author, "LastName"), text_at(author, "ForeName") or text_at(author, "Initials")
        suffix = text_at(author, "Suffix")
        yield ", ".join(filter(None, (family, given, suffix))) or text_at(author, "CollectiveName")


def _affiliations(authors: _Element | None) -> list[str]:
    if authors is None:
        return []
    # Until 2014 an author had one Affiliation, since then a list of AffiliationInfo.
    return [text_of(found) for found in authors.iter("Affiliation")]


def _ids(found: _Element | None) -> dict[str, str]:
    """The article's own ids; those of its references stand elsewhere."""
    return {} if found is None else {one.get("IdType", ""): text_of(one) for one in found.iterfind("ArticleId")}


def _year(element: _Element | None, name: str) -> int | None:
    if element is None:
        return None
    for part in ("Year", "MedlineDate"):
        if year := find_year(text_at(element, f"{name}/{part}")):
            return year
    return None


def _pages(element: _Element) -> str:
    return text_at(element, "Pagination/MedlinePgn") or join_pages(
        text_at(element, "Pagination/StartPage"), text_at(element, "Pagination/EndPage")
    )


FORMAT = Format("pubmed_xml", "PubMed XML", (".xml", ".xml.gz"), _sniff, _read)
