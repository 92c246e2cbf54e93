"""PubMed XML: what efetch gives and what NLM ships as baseline and update files; plain or gzip, read as a stream."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa.reading.mapping import find_doi, find_year, join_pages, to_entry
from qa.reading.source import Format, Source
from qa.reading.xml_stream import read_elements
from qa.reading.xml_text import join_sections, text_at, text_of, texts_at
from qa.schema import Deletion, Entry, Relation, Section

if TYPE_CHECKING:
    from lxml.etree import _Element

_ROOT = re.compile(
    r"<(?:!DOCTYPE\s+)?(?:Pubmed(?:Article|BookArticle)(?:Set)?|MedlineCitation(?:Set)?|DeleteCitation)[\s>/]"
)
_ENTRIES = ("PubmedArticle", "PubmedBookArticle", "DeleteCitation", "DeleteDocument")

#: A MedlineCitation is an entry only where no PubmedArticle is around it: in old exports and in cut out pieces.
_BARE = ("MedlineCitation", "DeleteCitation")

#: What stands for the title of an article that has none in English.
_NO_TITLE = re.compile(r"\[(?:not available|untitled|no title)\]\.?", re.I)


def _sniff(head: str) -> bool:
    return head.lstrip()[:1] == "<" and bool(_ROOT.search(head))


def _read(source: Source) -> Iterator[Entry]:
    head = source.head
    bare = "<MedlineCitation" in head and "<PubmedArticle>" not in head and "<PubmedArticle " not in head
    yield from read_elements(source, _BARE if bare else _ENTRIES, _build)


def _build(source: Source, line: int, element: _Element) -> Iterator[Entry]:
    if element.tag in ("DeleteCitation", "DeleteDocument"):
        for pmid in element.iter("PMID"):
            if number := text_of(pmid):
                yield Deletion(f"pmid:{number}")
    else:
        yield _entry(source, line, element)


def _entry(source: Source, line: int, element: _Element) -> Entry:
    book = element.find("BookDocument")
    if book is not None:
        return _book(source, line, book)
    citation = element if element.tag == "MedlineCitation" else element.find("MedlineCitation")
    article = citation.find("Article") if citation is not None else None
    if citation is None or article is None:
        return to_entry(source, line, pmid=text_at(element, ".//PMID"))
    abstract, sections = _abstract(article.find("Abstract"))
    for other in () if abstract else sorted(citation.iterfind("OtherAbstract"), key=_distance):
        if not abstract:
            abstract, sections = _abstract(other)
    title = text_at(article, "ArticleTitle")
    issue = article.find("Journal/JournalIssue")
    authors = article.find("AuthorList")
    ids = _ids(element.find("PubmedData/ArticleIdList"))
    doi = next((text_of(e) for e in article.iterfind("ELocationID[@EIdType='doi']") if e.get("ValidYN") != "N"), "")
    return to_entry(
        source,
        line,
        title=("" if _NO_TITLE.fullmatch(title) else title) or text_at(article, "VernacularTitle") or title,
        abstract=abstract,
        sections=sections,
        authors=_authors(authors),
        journal=text_at(article, "Journal/Title") or text_at(citation, "MedlineJournalInfo/MedlineTA"),
        year=_year(issue, "PubDate") or _year(article, "ArticleDate") or _year_received(element),
        volume=text_at(issue, "Volume"),
        issue=text_at(issue, "Issue"),
        pages=_pages(article),
        doi=find_doi(doi) or find_doi(ids.get("doi", "")),
        pmid=text_at(citation, "PMID") or ids.get("pubmed", ""),
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
    doi = ids.get("doi", "") or ("" if chapter else text_at(book, "Book/ELocationID[@EIdType='doi']"))
    accession = ids.get("bookaccession", "")
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
        doi=find_doi(doi),
        pmid=text_at(book, "PMID"),
        pmcid=ids.get("pmc", ""),
        url=f"https://www.ncbi.nlm.nih.gov/books/{accession}/" if re.fullmatch(r"NBK\d+", accession) else "",
        language=text_at(book, "Language"),
        publication_types=texts_at(book, "PublicationType"),
        keywords=texts_at(book, "KeywordList/Keyword"),
        affiliations=_affiliations(authors),
    )


def _distance(other: _Element) -> tuple[bool, bool]:
    """How far another abstract is from the main one: least if it is the publisher's, in English."""
    return other.get("Type") == "plain-language-summary", other.get("Language", "eng") != "eng"


def _abstract(element: _Element | None) -> tuple[str, tuple[Section, ...]]:
    """The bodies of an abstract's parts, joined by line ends, and where they lie."""
    return join_sections(_parts(element)) if element is not None else ("", ())


def _parts(element: _Element) -> Iterator[tuple[str, str, str]]:
    for part in element.iterfind("AbstractText"):
        label, category = part.get("Label", ""), part.get("NlmCategory", "")
        yield (
            "" if label.strip().upper() == "UNLABELLED" else label,
            text_of(part),
            "" if category == "UNASSIGNED" else category,
        )


def _authors(authors: _Element | None) -> Iterator[str]:
    for author in () if authors is None else authors.iterfind("Author"):
        if author.get("ValidYN") == "N":
            continue  # a name as it was misspelt, kept beside the right one
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


def _year_received(element: _Element) -> int | None:
    """When PubMed took an article in, where nothing says when it was published."""
    return find_year(text_at(element, "PubmedData/History/PubMedPubDate[@PubStatus='pubmed']/Year"))


def _pages(element: _Element) -> str:
    return text_at(element, "Pagination/MedlinePgn") or join_pages(
        text_at(element, "Pagination/StartPage"), text_at(element, "Pagination/EndPage")
    )


FORMAT = Format("pubmed_xml", "PubMed XML", (".xml", ".xml.gz"), _sniff, _read)
