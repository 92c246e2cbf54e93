"""What literature services answer in JSON: OpenAlex, Semantic Scholar, Europe PMC, DataCite."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from qa.reading.json_fields import abstract_of, inner, items, objects, text, texts, year_of
from qa.reading.mapping import family_first, join_pages, to_entry, without_markup
from qa.reading.source import Source
from qa.schema import Entry, Relation

Reader = Callable[[Source, int, dict[str, Any]], Entry]

#: How the retracted are marked where a service knows it: in PubMed's words.
_RETRACTED = "Retracted Publication"


def reader_of(plain: dict[str, Any]) -> Reader | None:
    """Who reads this object, if it is one of a service's."""
    names = plain.keys()
    if "authorships" in names or "abstract_inverted_index" in names:
        return _openalex
    if "paperId" in names or "corpusid" in names or "externalIds" in names:
        return _semantic_scholar
    if names & {"abstractText", "authorString", "journalInfo"}:
        return _europe_pmc
    if isinstance(plain.get("titles"), list):
        return _datacite
    return None


def _openalex(source: Source, line: int, plain: dict[str, Any]) -> Entry:
    abstract, sections = abstract_of(_in_order(plain.get("abstract_inverted_index")) or text(plain, "abstract"))
    place = inner(plain, "biblio")
    authorships = list(objects(plain, "authorships"))
    names = [text(one, "raw_author_name") or text(inner(one, "author"), "display_name") for one in authorships]
    return to_entry(
        source,
        line,
        title=without_markup(text(plain, "title", "display_name")),
        abstract=abstract,
        sections=sections,
        authors=map(family_first, names),
        journal=text(inner(plain, "primary_location", "source"), "display_name")
        or text(inner(plain, "host_venue"), "display_name"),
        year=year_of(plain, "publication_year", "publication_date"),
        volume=text(place, "volume"),
        issue=text(place, "issue"),
        pages=join_pages(text(place, "first_page"), text(place, "last_page")),
        doi=text(plain, "doi"),
        pmid=_last_part(text(inner(plain, "ids"), "pmid")),
        pmcid=_pmcid(_last_part(text(inner(plain, "ids"), "pmcid"))),
        url=text(inner(plain, "primary_location"), "landing_page_url") or text(plain, "id"),
        language=text(plain, "language"),
        publication_types=[text(plain, "type"), _RETRACTED if plain.get("is_retracted") is True else ""],
        keywords=texts(plain, "keywords"),
        mesh=[text(one, "descriptor_name") for one in objects(plain, "mesh")],
        affiliations=[
            name for one in authorships for name in texts(one, "raw_affiliation_strings") or texts(one, "institutions")
        ],
    )


def _in_order(index: Any) -> str:
    """OpenAlex gives an abstract as its words, each with the places where it stands."""
    if not isinstance(index, dict):
        return ""
    places = [(at, word) for word in index for at in items(index, word) if isinstance(at, int)]
    return " ".join(word for _, word in sorted(places))


def _semantic_scholar(source: Source, line: int, plain: dict[str, Any]) -> Entry:
    abstract, sections = abstract_of(text(plain, "abstract"))
    journal, ids = inner(plain, "journal"), inner(plain, "externalIds")
    return to_entry(
        source,
        line,
        title=without_markup(text(plain, "title")),
        abstract=abstract,
        sections=sections,
        authors=[family_first(text(one, "name")) for one in objects(plain, "authors")],
        journal=text(journal, "name") or text(inner(plain, "publicationVenue"), "name") or text(plain, "venue"),
        year=year_of(plain, "year", "publicationDate"),
        volume=text(journal, "volume"),
        pages=re.sub(r"\s+", "", text(journal, "pages")),
        doi=text(ids, "DOI"),
        pmid=text(ids, "PubMed"),
        pmcid=_pmcid(text(ids, "PubMedCentral")),
        url=text(plain, "url"),
        publication_types=texts(plain, "publicationTypes"),
        keywords=texts(plain, "fieldsOfStudy"),
    )


def _europe_pmc(source: Source, line: int, plain: dict[str, Any]) -> Entry:
    abstract, sections = abstract_of(text(plain, "abstractText"))
    issue = inner(plain, "journalInfo")
    people = list(objects(inner(plain, "authorList"), "author"))
    return to_entry(
        source,
        line,
        title=without_markup(text(plain, "title")),
        abstract=abstract,
        sections=sections,
        authors=[_european(one) for one in people]
        or [family_first(name) for name in text(plain, "authorString").rstrip(".").split(", ")],
        journal=text(inner(issue, "journal"), "title", "medlineAbbreviation") or text(plain, "journalTitle"),
        year=year_of(plain, "pubYear", "firstPublicationDate"),
        volume=text(issue, "volume") or text(plain, "journalVolume"),
        issue=text(issue, "issue") or text(plain, "issue"),
        pages=text(plain, "pageInfo"),
        doi=text(plain, "doi"),
        pmid=text(plain, "pmid"),
        pmcid=text(plain, "pmcid"),
        language=text(plain, "language"),
        publication_types=texts(inner(plain, "pubTypeList"), "pubType") or text(plain, "pubType").split("; "),
        keywords=texts(inner(plain, "keywordList"), "keyword"),
        mesh=[text(one, "descriptorName") for one in objects(inner(plain, "meshHeadingList"), "meshHeading")],
        affiliations=[
            text(place, "affiliation")
            for one in people
            for place in objects(inner(one, "authorAffiliationDetailsList"), "authorAffiliation")
        ],
        relations=_european_relations(plain),
    )


def _european(person: dict[str, Any]) -> str:
    family, given = text(person, "lastName"), text(person, "firstName", "initials")
    return ", ".join(filter(None, (family, given))) or text(person, "collectiveName", "fullName")


def _european_relations(plain: dict[str, Any]) -> Iterator[Relation]:
    """ "Retraction in" is PubMed's RetractionIn."""
    for one in objects(inner(plain, "commentCorrectionList"), "commentCorrection"):
        kind = "".join(word.capitalize() for word in text(one, "type").split())
        if kind and kind != "Cites":
            number = text(one, "id")
            yield Relation(kind, number if text(one, "source") == "MED" else "", text(one, "reference"))


def _datacite(source: Source, line: int, plain: dict[str, Any]) -> Entry:
    said = list(objects(plain, "descriptions"))
    said.sort(key=lambda one: text(one, "descriptionType") != "Abstract")
    abstract, sections = abstract_of(next((text(one, "description") for one in said), ""))
    whole, kind = inner(plain, "container"), inner(plain, "types")
    return to_entry(
        source,
        line,
        title=without_markup(next((text(one, "title") for one in objects(plain, "titles")), "")),
        abstract=abstract,
        sections=sections,
        authors=[
            ", ".join(filter(None, (text(one, "familyName"), text(one, "givenName"))))
            or family_first(text(one, "name"))
            for one in objects(plain, "creators")
        ],
        journal=text(whole, "title") or text(inner(plain, "publisher"), "name") or text(plain, "publisher"),
        year=year_of(plain, "publicationYear"),
        volume=text(whole, "volume"),
        issue=text(whole, "issue"),
        pages=join_pages(text(whole, "firstPage"), text(whole, "lastPage")),
        doi=text(plain, "doi") or text(inner(plain, "identifier"), "identifier"),
        url=text(plain, "url"),
        language=text(plain, "language"),
        publication_types=[text(kind, "resourceType") or text(kind, "resourceTypeGeneral")],
        keywords=[text(one, "subject") for one in objects(plain, "subjects")],
    )


def _last_part(link: str) -> str:
    return link.rstrip("/").rpartition("/")[2]


def _pmcid(number: str) -> str:
    """PMC's number as it is written; some services leave the letters out."""
    return f"PMC{number}" if number.isdecimal() else number.upper()
