"""What the columns of a table mean: headers of some thirty databases and reference managers → a record's fields."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence

from qa.reading.headings import find_sections
from qa.reading.mapping import (
    clean_abstract,
    family_first,
    find_doi,
    find_year,
    join_pages,
    to_entry,
    without_markup,
)
from qa.reading.source import Source
from qa.schema import Entry

#: Field → headers, the best first; compared in lower case, with everything but letters and digits as one blank.
#: Two-letter ones are Web of Science's and RIS's tags.
HEADERS: dict[str, tuple[str, ...]] = {
    "title": (
        "title", "article title", "primary title", "document title", "item title", "publication title title",
        "translated title", "display name", "ti", "t1", "paper title", "original title", "titel", "titre",
        "título",
    ),
    "abstract": (
        "abstract", "abstract note", "abstracts", "ab", "n2", "abstract text", "notes abstract", "summary",
        "original abstract", "abstrakt", "resumen", "résumé", "snippet",
    ),
    "authors": (
        "author full names", "authors", "author s", "author names", "author", "author full name",
        "first authors", "af", "au", "a1", "creators", "creator", "authors full names",
        "authorships author display name", "autoren", "auteurs", "autores",
    ),
    "journal": (
        "source title", "journal", "journal book", "publication title", "journal title", "publicationname",
        "publication", "primary location source display name", "host venue display name", "secondary title",
        "publication name", "source", "so", "jo", "jf", "t2", "journal name", "container title", "venue",
        "full journal title", "zeitschrift", "revue",
    ),
    "year": (
        "year", "publication year", "published year", "py", "pub year", "year published", "publication date",
        "date published", "date", "date of publication", "published", "y1", "da", "jahr", "année", "año",
    ),
    "volume": (
        "volume", "journal volume", "vl", "biblio volume", "band",
    ),
    "issue": (
        "issue", "issue number", "journal issue", "number", "is", "biblio issue", "heft",
    ),
    "pages": (
        "pages", "page range", "page", "seiten",
    ),
    "first": (
        "page start", "first page", "start page", "bp", "sp", "biblio first page", "startpage",
    ),
    "last": (
        "page end", "last page", "end page", "ep", "biblio last page", "endpage",
    ),
    "doi": (
        "doi", "item doi", "di", "do", "doi link", "ids doi", "digital object identifier", "article doi",
    ),
    "pmid": (
        "pmid", "pubmed id", "medline pmid", "pm", "ids pmid", "medline id", "pubmedid",
    ),
    "pmcid": (
        "pmcid", "pmc id", "pmc", "ids pmcid",
    ),
    "url": (
        "url", "link", "urls", "plink", "source urls", "ur", "primary location landing page url",
        "external url", "web link",
    ),
    "language": (
        "language", "language of original document", "la", "language of article", "languages",
    ),
    "types": (
        "publication type", "document type", "item type", "reference type", "referencetype",
        "type of reference", "doctype", "dt", "ty", "type", "content type", "article type",
    ),
    "keywords": (
        "keywords", "author keywords", "index keywords", "de", "kw", "manual tags", "automatic tags",
        "subjects", "topics", "keyword", "emtree medical index terms", "emtree drug index terms",
    ),
    "mesh": (
        "mesh terms", "mesh", "mesh headings", "mh",
    ),
    "affiliations": (
        "affiliations", "author addresses", "authoraddress", "c1", "affiliation", "author address",
    ),
}  # fmt: skip

_FIELDS = {header: (field, rank) for field, headers in HEADERS.items() for rank, header in enumerate(headers)}
_SEVERAL = ("keywords", "mesh", "types", "affiliations", "url")

#: "Griffin DK, Larkin DM, O'Connor RE." and "Smith J., van der Berg A.": commas between names, not within them.
_SHORT = re.compile(r"[^,;]*[^\s,;.]{2}[^,;]* (?:[A-Z]\.?[- ]?){1,4}")


def normalize(header: str) -> str:
    """ "Author(s)" → "author s"."""
    return " ".join(re.findall(r"\w+", header.lower().replace("_", " ")))


def known(row: Sequence[str]) -> dict[str, list[int]]:
    """The fields that a row of headers names, each with its columns, the best first."""
    found: dict[str, list[tuple[int, int]]] = {}
    for column, header in enumerate(row):
        if named := _FIELDS.get(normalize(header)):
            found.setdefault(named[0], []).append((named[1], column))
    return {field: [column for _, column in sorted(columns)] for field, columns in found.items()}


def is_header(row: Sequence[str]) -> bool:
    """Whether a row names columns: a title or an abstract, and something else, in cells as short as headers are."""
    fields = known(row)
    return len(fields) > 1 and ("title" in fields or "abstract" in fields) and all(len(cell) < 120 for cell in row)


def entry(source: Source, line: int, fields: Mapping[str, Sequence[int]], row: Sequence[str]) -> Entry:
    """The record of a row, or its Skip."""

    def all_of(name: str) -> list[str]:
        return [text for column in fields.get(name, ()) if column < len(row) and (text := _plain(row[column]))]

    def one(name: str) -> str:
        return next(iter(all_of(name)), "")

    abstract = clean_abstract(without_markup(one("abstract")))
    several = {name: [part for text in all_of(name) for part in parts(text)] for name in _SEVERAL}
    pages = one("pages")
    return to_entry(
        source,
        line,
        title=without_markup(one("title")),
        abstract=abstract,
        sections=find_sections(abstract),
        authors=[family_first(name) for name in authors(one("authors"))],
        journal=without_markup(one("journal")),
        year=next((year for text in all_of("year") if (year := find_year(text))), None),
        volume=one("volume"),
        issue=one("issue"),
        pages=pages or join_pages(one("first"), one("last")),
        doi=next((doi for text in (*all_of("doi"), *all_of("url")) if (doi := find_doi(text))), ""),
        pmid=_pmid(one("pmid")),
        pmcid=_pmcid(one("pmcid")),
        url=next((text for text in several["url"] if text.startswith(("http://", "https://"))), ""),
        language=one("language"),
        publication_types=several["types"],
        keywords=several["keywords"],
        mesh=several["mesh"],
        affiliations=several["affiliations"],
    )


def authors(text: str) -> list[str]:
    """The names in a cell, whatever stands between them: a semicolon, a bar, "and", a line end, or a comma."""
    # Scopus adds a number to each full name: "Wilson, Lucas N. (57221815021)".
    text = re.sub(r"\s*\(\d{6,}\)", "", text)
    if names := _listed(text):
        return names
    for mark in (r";", r"\|", r"\n", r"\s+and\s+"):
        if len(names := [name.strip().removeprefix("and ").strip(" ,") for name in re.split(mark, text)]) > 1:
            return [name for name in names if name]
    names = [name.strip() for name in text.split(",") if name.strip()]
    if len(names) > 2 and not _SHORT.fullmatch(names[0].rstrip(".")):
        # "Björn A. Blomberg, Mateen Moghbel": each with a given name before the family's.
        return names if all(" " in name for name in names) else [text.strip()]
    if len(names) > 1 and all(_SHORT.fullmatch(name.rstrip(".")) or " " in name for name in names):
        return [name.rstrip(".") if not re.search(r"\.[A-Z]\.$", name) else name for name in names]
    return [text.strip(" ;")] if text.strip(" ;") else []


def parts(text: str) -> Iterable[str]:
    """The values in a cell that holds several; commas part only many short ones, for they also stand within."""
    if values := _listed(text):
        return values
    for mark in (";", "|", "\n"):
        if mark in text:
            return [part.strip() for part in text.split(mark)]
    values = [part.strip() for part in text.split(",")]
    return values if len(values) > 3 and all(0 < len(value) < 40 for value in values) else [text]


def _listed(text: str) -> list[str]:
    """The texts of a list as Python and JSON write it: ['Marx, Karl', 'Lindgren, Astrid']."""
    if text[:2] not in ("['", '["') or len(text) > 100_000:
        return []
    try:
        values = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return []
    return [str(value) for value in values]


def _plain(cell: str) -> str:
    """A cell without the =\"…\" that keeps spreadsheets from counting with it, and without "nothing" in words."""
    cell = cell.strip()
    if cell.startswith('="') and cell.endswith('"'):
        cell = cell[2:-1].strip()
    return "" if cell in ("NA", "N/A", "NaN", "nan", "None", "null", "NULL", "-") else cell


def _pmid(text: str) -> str:
    match = re.search(r"(?<![\d.])(\d{1,8})(?:\.0)?/?$", text)
    return match[1] if match and int(match[1]) else ""


def _pmcid(text: str) -> str:
    match = re.search(r"(?i)(?:PMC)?(\d{4,9})/?$", text)
    return f"PMC{match[1]}" if match else ""
