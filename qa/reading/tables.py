"""Tables of records as text: CSV, TSV and their kin, with any delimiter, told by their header."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator

from qa.errors import Broken
from qa.reading import columns
from qa.reading.source import MAX_LINE, Format, Source
from qa.schema import Entry

_DELIMITERS = ",;\t|"

#: Lines before the header in which databases say what was searched for and when.
_PREAMBLE = 40

csv.field_size_limit(MAX_LINE)


def header_of(lines: Iterable[str]) -> tuple[str, int] | None:
    """(delimiter, lines before the header) of a table that begins like this; None where there is no header."""
    lines = list(lines)[:_PREAMBLE]
    best: tuple[int, int, str] | None = None
    for delimiter in _DELIMITERS:
        for number, line in enumerate(lines):
            if delimiter not in line:
                continue
            row = next(csv.reader([line], delimiter=delimiter), [])
            if columns.is_header(row):
                count = len(columns.known(row))
                if best is None or count > best[0]:
                    best = count, number, delimiter
                break
    return (best[2], best[1]) if best else None


def looks_like_one(head: str) -> list[str]:
    """The headers of what is a table, though none of its columns is known; empty for anything else."""
    lines = [line for line in head.split("\n")[:5] if line.strip()]
    for delimiter in _DELIMITERS if len(lines) > 1 else "":
        rows = [next(csv.reader([line], delimiter=delimiter), []) for line in lines]
        if len(rows[0]) > 2 and len({len(row) for row in rows}) == 1 and all(len(cell) < 40 for cell in rows[0]):
            return rows[0]
    return []


def _sniff(head: str) -> bool:
    return header_of(head.split("\n")) is not None


def _read(source: Source) -> Iterator[Entry]:
    found = header_of(source.head.split("\n"))
    if found is None:  # the format was asked for by name
        raise Broken(
            source.path, "has no header that names a title or an abstract. Add a first line with column names."
        )
    delimiter, before = found
    lines = source.lines()
    for _ in range(before):
        next(lines, None)
    reader = csv.reader((line.replace("\0", "") + "\n" for _, line in lines), delimiter=delimiter)
    fields: dict[str, list[int]] = {}
    start = before + 1
    try:
        for row in reader:
            if not fields:
                fields = columns.known(row)
            elif any(cell.strip() for cell in row) and not _rule(row):
                yield columns.entry(source, start, fields, row)
            start = before + 1 + reader.line_num
    except csv.Error as error:
        raise Broken(
            source.path, f"is a table that cannot be followed from here on ({error}). Export it again.", start
        ) from error


def _rule(row: list[str]) -> bool:
    """A line of dashes, which Embase puts between its records."""
    return len([cell for cell in row if cell]) == 1 and bool(re.fullmatch(r"\s*[-=_]{3,}\s*", "".join(row)))


FORMAT = Format("table", "CSV or TSV", (".csv", ".tsv", ".txt"), _sniff, _read)
