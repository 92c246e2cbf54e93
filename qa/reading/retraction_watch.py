"""Retraction Watch's list, as Crossref publishes it: a CSV file, one row a notice."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator

from qa.errors import Broken, UnknownFormat
from qa.reading.mapping import clean, find_doi
from qa.reading.source import Source
from qa.schema import Retraction, Skip

#: The columns that are read, by their published names without regard to case.
COLUMNS = (
    "RetractionNature", "OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionDOI", "RetractionPubMedID",
    "RetractionDate", "Reason",
)  # fmt: skip
_NEEDED = 3  # the first of them

_NATURES = {"retraction", "expression of concern", "correction", "reinstatement"}
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\b|(\d{4})-(\d{1,2})-(\d{1,2})\b")


def read(path: str | os.PathLike[str]) -> Iterator[Retraction | Skip]:
    """The rows of the list, in its order; UnknownFormat for another file, Broken for a damaged one."""
    source = Source(path)
    rows = csv.reader(f"{line}\n" for _, line in source.lines())
    try:
        header = [clean(name).casefold() for name in next(rows, [])]
        places = {name: header.index(name.casefold()) for name in COLUMNS if name.casefold() in header}
        if missing := [name for name in COLUMNS[:_NEEDED] if name not in places]:
            raise UnknownFormat(
                source.path,
                f"is no list of retractions: it has no column {missing[0]}. Get Retraction Watch's CSV from Crossref.",
            )
        before = rows.line_num
        for row in rows:
            if any(cell.strip() for cell in row):
                yield _row(source, before + 1, {name: row[at] for name, at in places.items() if at < len(row)})
            before = rows.line_num
    except csv.Error as error:
        raise Broken(source.path, f"is damaged ({error}). Download it again.", rows.line_num) from error


def _row(source: Source, line: int, cells: dict[str, str]) -> Retraction | Skip:
    nature = clean(cells.get("RetractionNature", "")).casefold()
    if nature not in _NATURES:
        known = "retraction, expression of concern, correction nor reinstatement"
        return Skip(source.path, line, f"the row says neither {known}: {nature[:60] or 'nothing'}")
    made = Retraction(
        nature,
        find_doi(cells.get("OriginalPaperDOI", "")).lower(),
        _pmid(cells.get("OriginalPaperPubMedID", "")),
        find_doi(cells.get("RetractionDOI", "")).lower(),
        _pmid(cells.get("RetractionPubMedID", "")),
        _iso(cells.get("RetractionDate", "")),
        "; ".join(part for part in (clean(p).strip(" +") for p in cells.get("Reason", "").split(";")) if part)[:500],
    )
    if not (made.paper_doi or made.paper_pmid or made.notice_doi or made.notice_pmid):
        return Skip(source.path, line, "the row has neither a DOI nor a PMID")
    return made


def _pmid(text: str) -> str:
    """A PubMed number; the list writes 0 where there is none."""
    number = clean(text).removesuffix(".0")
    return number.lstrip("0") if number.isascii() and number.isdecimal() else ""


def _iso(text: str) -> str:
    """ "3/9/2021 0:00", month first, as 2021-03-09."""
    match = _DATE.search(text)
    if not match:
        return ""
    month, day, year = match.group(1, 2, 3) if match[1] else match.group(5, 6, 4)
    return f"{year}-{int(month):02}-{int(day):02}"
