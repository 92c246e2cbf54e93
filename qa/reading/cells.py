"""A table's row → a record: what stands in the cells of each column, however the table writes it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence

from qa.reading import citation_line
from qa.reading.columns import Columns
from qa.reading.headings import find_sections, is_heading, leading_heading
from qa.reading.mapping import (
    clean,
    clean_abstract,
    family_first,
    find_doi,
    find_year,
    join_pages,
    to_entry,
    without_markup,
    without_notice,
)
from qa.reading.source import Source
from qa.schema import Record, Skip

#: How programs write that there is nothing: pandas, R, SQL, Excel.
_NOTHING = frozenset(("nan", "NaN", "None", "none", "NULL", "null", "NA", "N/A", "n/a", "#N/A", "<NA>"))

_FORMULA = re.compile(r'="(.*)"', re.S)  # how CSV tells Excel that digits are no number
_ROUND = re.compile(r"(\d+)\.0+")  # and how a number comes back from a program that took it for a measure
_PMID = re.compile(r"(?<![\d.])([1-9]\d{0,8})(?![\d.])")
_PMCID = re.compile(r"\bPMC\d{3,9}\b")
_EXTRA_PMID = re.compile(r"\bPMID\s*:\s*(\d{1,9})\b")
_ARTICLE = re.compile(r"\bArticle Number:\s*(\w+)")
_URL = re.compile(r"https?://\S+")

_NUMBERED = re.compile(r"\s*\(\d{5,}\)$")  # Scopus' numbers of authors
_ET_AL = re.compile(r"\W*et\.? al\b.*", re.I)
_AND = re.compile(r"\s+(?:and|&)\s+")
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?[- ]?){1,4}")
_SHORT_NAME = re.compile(r"\S.*\s(?:[^\W\d_a-z]\.?-?){1,4}")  # "Pérez-de la Fuente R.", "Chow JCL"
_GLUED = re.compile(r"(?<=[a-zà-ÿ])(?<!\bMc)(?<!\bMac)(?<!\bDe)(?<!\bDi)(?<!\bLe)(?<!\bVan)(?=[A-Z][a-zà-ÿ]+[ .])")
_EMBASE_ADDRESS = re.compile(r"(?:^|\s*,\s*)\([^()]{1,2000}\)\s*")

#: Fields whose cells show whether they are in their column.
_TYPED: dict[str, Callable[[str], object]] = {
    "year": find_year,
    "doi": find_doi,
    "url": _URL.match,
    "pmid": _PMID.search,
    "pmcid": _PMCID.search,
}


def row_entry(source: Source, line: int, columns: Columns, row: Sequence[str]) -> Record | Skip:
    """The record that a row holds, or why it holds none."""
    cells = [_plain(cell) for cell in row]

    def one(name: str) -> str:
        return without_markup(columns.first(cells, name))

    title, citation, extra = one("title"), one("citation"), one("extra")
    found = citation_line.find([clean(citation)] if len(citation) < 400 else [], title)
    pages = join_pages(one("first_page"), one("last_page")) or clean(one("pages"))
    abstract = _abstract(one("abstract"))
    pmid = _PMID.search(columns.first(cells, "pmid")) or _EXTRA_PMID.search(extra)
    pmcid = _PMCID.search(f"{one('pmcid')} {extra}")
    url = _URL.search(" ".join(columns.all(cells, "url")))
    return to_entry(
        source,
        line,
        title=title,
        abstract=abstract,
        sections=find_sections(abstract),
        authors=split_authors(one("authors"), glued="Item Title" in columns.names),
        journal=one("journal") or found.journal,
        year=next((y for text in columns.all(cells, "year") if (y := find_year(text))), None) or found.year,
        volume=one("volume") or found.volume,
        issue=one("issue") or found.issue,
        pages=pages or found.pages or (said[1] if (said := _ARTICLE.search(citation)) else ""),
        doi=_doi(columns, cells),
        pmid=pmid[1] if pmid else "",
        pmcid=pmcid[0] if pmcid else "",
        url=url[0] if url else "",
        language=one("language"),
        publication_types=[kind for kind in _split(one("publication_types")) if len(kind) > 1],
        keywords=[word for text in columns.all(cells, "keywords") for word in split_list(without_markup(text))],
        mesh=[word.split("/")[0] for word in _terms(one("mesh"))],
        affiliations=_affiliations(one("affiliations")),
    )


def fit(row: list[str], columns: Columns, delimiter: str) -> list[str] | None:
    """A row with as many cells as there are columns; None where it has more and nothing shows which belong together.

    Cells that are missing at the end are empty ones. One that an unquoted comma has cut in two is made whole where its
    second part goes on behind a blank, and years, DOIs and the like then stand in their columns.
    """
    width = len(columns.names)
    while len(row) > width and not row[-1].strip():
        row = row[:-1]
    spare = len(row) - width
    if spare <= 0:
        return row + [""] * -spare
    for at in range(width):
        pieces = row[at : at + spare + 1]
        if pieces[0].strip() and all(piece.startswith(" ") for piece in pieces[1:]):
            whole = [*row[:at], delimiter.join(pieces), *row[at + spare + 1 :]]
            if _in_place(whole, columns):
                return whole
    # What stands in columns without a name is left out, if all the others are where they belong.
    return row[:width] if _in_place(row, columns) and _typed(row, columns) else None


def split_authors(text: str, *, glued: bool = False) -> list[str]:
    """The authors in a cell, the family name first: "A; B", "A and B", "A|B", "['A', 'B']", "Yang Z., Xu J." …

    ``glued`` is for Springer's lists, which put nothing at all between two names.
    """
    if (listed := _listed(text)) is not None:
        names = listed
    elif ";" in text or "|" in text:
        names = re.split(r"[;|]", text)
    else:
        names = _AND.split(text)
        commas = {name.count(",") for name in names}
        if len(names) == 1 or commas not in ({0}, {1}, {0, 1}) or (len(names) == 2 and len(commas) == 2):
            names = _split_names(_AND.sub(", ", text))  # "A, B and C"
    if glued:
        names = [part for name in names for part in _GLUED.split(name)]
    names = [_NUMBERED.sub("", name.strip(" ,\n\t")) for name in names]
    return [
        name.removeprefix("null ") if name.startswith("null ") else family_first(name)  # Lens knows no first name
        for name in names
        if name and not _ET_AL.fullmatch(name)
    ]


def split_list(text: str) -> list[str]:
    """The terms in a cell: divided by semicolons or bars where it has some, else by lines, else by commas."""
    terms = _terms(text)
    return terms if len(terms) != 1 else [term.strip() for term in text.split(",")] if _listed(text) is None else terms


def _split_names(text: str) -> list[str]:
    """Names that commas divide, and commas stand in: "Yang Z., Xu J.", "Marx, Karl", "Chung, L., Fiorentino, D."."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    short = [bool(_SHORT_NAME.fullmatch(part)) for part in parts]
    if parts and short[-1] and all(short) and not any("." in part for part in parts[:-1]):
        parts[-1] = re.sub(r"(?<=[A-Z]{2})\.$" if len(parts) == 1 else r"\.$", "", parts[-1])  # PubMed's list ends so
    if len(parts) % 2 == 0 and all(_INITIALS.fullmatch(part) for part in parts[1::2]):
        return [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    if len(parts) == 2 and not all(short) and (" " not in parts[1] or " " not in parts[0]):
        return [text]
    return parts


def _split(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;|]", text)]


def _terms(text: str) -> list[str]:
    if text.startswith("{"):
        return []  # a program's own notation (OpenAlex), not words
    if (listed := _listed(text)) is not None:
        return listed
    return [term.strip().removeprefix("*") for term in re.split(r"[;|]" if re.search(r"[;|]", text) else r"\n", text)]


def _listed(text: str) -> list[str] | None:
    """The texts of a list in Python's or JSON's notation, or None where the text is none."""
    if not text.startswith("[") or not text.endswith("]") or len(text) > 100_000:
        return None
    try:
        found = ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    return [str(one) for one in found] if isinstance(found, list) else None


def _plain(cell: str) -> str:
    text = cell.strip()
    if match := _FORMULA.fullmatch(text):
        text = match[1].strip()
    if match := _ROUND.fullmatch(text):
        text = match[1]
    return "" if text in _NOTHING else text


def _abstract(text: str) -> str:
    """A text's paragraphs, each on its line; lines that are merely wrapped are joined."""
    lines: list[str] = []
    for line in map(clean, text.replace("\r", "\n").split("\n")):
        goes_on = lines and lines[-1] and lines[-1][-1] not in ".?!:;”\"')" and not is_heading(lines[-1])
        if line and goes_on and not leading_heading(line) and not is_heading(line):
            lines[-1] += f" {line}"
        elif line:
            lines.append(line)
    whole = without_notice("\n".join(lines))
    return whole if clean_abstract(whole) else ""


def _doi(columns: Columns, cells: Sequence[str]) -> str:
    """From its column, else from a link to doi.org."""
    found = (find_doi(text) for text in columns.all(cells, "doi"))
    links = (text for text in columns.all(cells, "url") if re.match(r"https?://(?:dx\.)?doi\.org/", text))
    return next((doi for doi in found if doi), "") or next(map(find_doi, links), "")


def _affiliations(text: str) -> list[str]:
    if text.startswith("(") and len(text) < 200_000:  # Embase: "(Yang Z.; Xu J.) School of …, China. , (Jiang B.) …"
        return [part.strip(" ,") for part in _EMBASE_ADDRESS.split(text)]
    return _split(re.sub(r"\[[^\[\]]{1,2000}\] ", "", text))  # Web of Science: "[Yang, Z; Xu, J] Univ …; [Jiang, B] …"


def _typed(row: Sequence[str], columns: Columns) -> list[tuple[str, str]]:
    return [(name, text) for name in _TYPED if (text := columns.first([_plain(cell) for cell in row], name))]


def _in_place(row: Sequence[str], columns: Columns) -> bool:
    return all(_TYPED[name](text) for name, text in _typed(row, columns))
