"""What the columns of a table hold, told by their names, as some thirty databases and tools spell them.

A name counts without its case, spaces and punctuation: "Author(s)", "Author/s" and "authors" are one. Of several
columns for one field the first that holds something is read; of those for a list, all are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

#: Field → its columns' names, the most telling first. Behind the bar stand names that mean something else in tables
#: that have one of the others: Scopus' "Source" says "Scopus", Cochrane's is the journal.
_NAMES = {
    "title": "title articletitle documenttitle itemtitle primarytitle studytitle papertitle worktitle publictitle "
    "scientifictitle officialtitle brieftitle titleenglish titleen referencetitle displayname originaltitle "
    "translatedtitle titel titre título",
    "abstract": "abstract abstractnote abstracttext abstracts notesabstract abstractenglish abstracten briefsummary "
    "originalabstract abstrakt resumen résumé | summary snippet description",
    "authors": "authorfullnames authorsfullnames authors author authornames authorshipsauthordisplayname "
    "authorshipsrawauthorname firstauthors authorlist authorstring authorname authorfullname allauthors creators "
    "creator autoren auteurs autores | firstauthor",
    "journal": "sourcetitle journal journaltitle journalname publicationtitle journalbook "
    "primarylocationsourcedisplayname primarylocationdisplayname fulljournalname publicationname publication "
    "fulljournaltitle secondarytitle containertitle pubtitle venue hostvenuedisplayname hostvenue "
    "zeitschrift revue periodical booktitle parenttitle | source abbreviatedsourcetitle "
    "journalabbreviation journalisoabbreviation anthologytitle bookseriestitle conferencename sourcename",
    "year": "year publicationyear publishedyear pubyear yearpublished yearofpublication publicationdate datepublished "
    "dateofpublication pubdate published coverdate issued date jahr année año | "
    "startdate firstposted createdate dateregistration fullrecordentrydate",
    "volume": "volume journalvolume bibliovolume vol band",
    "issue": "issue issuenumber journalissue biblioissue issueno number heft",
    "first_page": "startpage firstpage pagestart beginningpage bibliofirstpage",
    "last_page": "endpage lastpage pageend endingpage bibliolastpage",
    "pages": "pages page pagerange pagination pageinfo pagenumbers artno articlenumber articleno elocationid seiten",
    "doi": "doi itemdoi articledoi idsdoi doilink doiurl digitalobjectidentifier",
    "pmid": "pmid pubmedid medlinepmid idspmid pubmedpmid pubmeduid medlineid",
    "pmcid": "pmcid idspmcid pmc pubmedcentralid",
    "url": "url urls link articleurl studyurl documenturl itemurl weblink primarylocationlandingpageurl sourceurls "
    "externalurl fulltexturl fulltextlink embaselink plink dimensionsurl sourcelinkout pdflink doilink",
    "language": "language articlelanguage languageoforiginaldocument languageofarticle languages lang",
    "publication_types": "documenttype itemtype doctype publicationtype publicationtypes referencetype "
    "typeofreference articletype type contenttype studytype",
    "keywords": "keywords keyword authorkeywords indexkeywords keywordsplus manualtags automatictags subjects "
    "topics subjectterms identifierkeywords descriptors keywordsdisplayname emtreedrugindextermsmajorfocus "
    "emtreedrugindexterms emtreemedicalindextermsmajorfocus emtreemedicalindexterms ieeeterms conditions",
    "mesh": "meshterms meshheadings mesh meshheading",
    "affiliations": "affiliations authoraddresses authoraffiliations authorsaffiliations addresses authoraddress "
    "affiliation authorshipsrawaffiliationstrings",
    "citation": "citation source",
    "extra": "extra",
}  # fmt: skip

#: Web of Science's tab-delimited lists; the same two letters mean other things in RIS.
_WEB_OF_SCIENCE = {
    "title": "ti",
    "abstract": "ab",
    "authors": "af au",
    "journal": "so | ji j9",
    "year": "py ey",
    "volume": "vl",
    "issue": "is",
    "first_page": "bp",
    "last_page": "ep",
    "pages": "ar",
    "doi": "di d2",
    "pmid": "pm",
    "language": "la",
    "publication_types": "dt",
    "keywords": "de id",
    "affiliations": "c1",
}
_RIS = {
    "title": "ti t1 ct bt",
    "abstract": "ab n2",
    "authors": "af au a1",
    "journal": "jf jo t2 jn ja j2 so",
    "year": "py y1 yr dp da",
    "volume": "vl vo",
    "issue": "is ip",
    "first_page": "sp bp",
    "last_page": "ep",
    "pages": "pg",
    "doi": "do di",
    "pmid": "pm",
    "url": "ur",
    "language": "la lg",
    "publication_types": "pt m3 dt ty",
    "keywords": "kw de ot",
    "mesh": "mh",
    "affiliations": "ad c1",
}

#: A table's header has one of these.
_TELLING = frozenset(
    " ".join(tables[name] for tables in (_NAMES, _WEB_OF_SCIENCE, _RIS) for name in ("title", "abstract")).split()
) - {"|"}

#: Fields that a list of references has and a list of anything else may have, too.
_COMMON = {"url", "extra", "language", "publication_types", "citation"}

_MAX_NAME = 120  #: characters; what is longer is no column's name


@dataclass(frozen=True, slots=True)
class Columns:
    """A table's columns: ``names`` as printed, and for each field the columns that hold it, the best first."""

    names: tuple[str, ...]
    of_field: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def known(self) -> int:
        """How many of a reference's fields the table holds."""
        return len(self.of_field.keys() - _COMMON)

    def first(self, cells: Sequence[str], name: str) -> str:
        """The first text in the columns of a field, or ''."""
        return next((cells[at] for at in self.of_field.get(name, ()) if at < len(cells) and cells[at]), "")

    def all(self, cells: Sequence[str], name: str) -> list[str]:
        """The texts in all columns of a field."""
        return [cells[at] for at in self.of_field.get(name, ()) if at < len(cells) and cells[at]]


def name_columns(names: Sequence[str]) -> Columns:
    """The columns by these names."""
    keys: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        keys.setdefault(squeeze(name), []).append(at)
    of_field: dict[str, tuple[int, ...]] = {}
    for tables in (_NAMES, _WEB_OF_SCIENCE if _is_web_of_science(keys.keys()) else _RIS):
        for field_name, spelt in tables.items():
            strong, _, weak = spelt.partition(" | ")
            found = _find(keys, strong) or _find(keys, weak)
            if found and field_name not in of_field:
                of_field[field_name] = found
    return Columns(tuple(names), of_field)


def header(row: Sequence[str]) -> Columns | None:
    """The columns that a row names, or None where it is no row of names: titles or abstracts and one thing more."""
    if len(row) < 2 or any(len(name) > _MAX_NAME for name in row):
        return None
    if not any(name and squeeze(name) in _TELLING for name in row):
        return None
    columns = name_columns(row)
    fits = ("title" in columns.of_field or "abstract" in columns.of_field) and columns.known > 1
    return columns if fits else None


def squeeze(name: str) -> str:
    """A column's name without case, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", name.casefold())


def _find(keys: Mapping[str, Sequence[int]], names: str) -> tuple[int, ...]:
    return tuple(at for name in names.split() if name in keys for at in keys[name])


def _is_web_of_science(keys: Set[str]) -> bool:
    return "ut" in keys or ({"ti", "so"} <= keys and bool(keys & {"af", "bp", "di", "j9"}))
