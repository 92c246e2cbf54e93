"""Tables as text: CSV and TSV of any database or tool, told by the names of their columns.

The csv module reads the cells (:mod:`qa.reading.rows` says where it needs help); which column is what stands in
:mod:`qa.reading.columns`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qa.errors import ReadingError, UnknownFormat
from qa.reading.cells import fit, row_entry
from qa.reading.columns import Columns, header, name_columns
from qa.reading.rows import Row, Rows
from qa.reading.source import Format, Source
from qa.schema import Entry, Skip

_DELIMITERS = ",;\t|"
TOP = 60  #: rows in which the names of the columns are looked for: titles, queries and dates may stand above them
_EXCEL = re.compile(r"\"?sep=(.)\"?\n", re.I)

_NAME = re.compile(r"[^\W\d][^\n]{0,39}")
_LONG_ROW = 10_000  #: characters, more than a line of prose has
_RULE = re.compile(r"\s*[-=_]{3,}\s*")
_PROSE = re.compile(r"[.!?]$|\.\s")


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a table is laid out: under the names of its ``columns``, or ``across``, a field a row, as in Embase's lists
    "by row". Where it is neither, it is a table of something else, and ``names`` is its first row."""

    delimiter: str
    columns: Columns | None = None
    across: bool = False
    names: tuple[str, ...] = ()

    @property
    def quoted(self) -> bool:
        """Web of Science writes tabs between the cells and quotation marks as they come."""
        names = self.columns.names if self.columns else ()
        return not (self.delimiter == "\t" and {"PT", "UT"} & set(names))


def _sniff(head: str) -> bool:
    return _layout(head) is not None


def _read(source: Source) -> Iterator[Entry]:
    layout = _layout(source.head)
    if layout is not None and layout.across:
        return _read_across(source, Rows(source.lines(), layout.delimiter))
    if layout is None or layout.columns is None:
        raise no_columns(source, layout.names if layout else (), "")
    width = len(layout.columns.names)
    rows = Rows(source.lines(), layout.delimiter, width=width, quoted=layout.quoted)
    return expect_rows(source, read_rows(source, rows, layout.delimiter))


def read_rows(source: Source, rows: Rows | Iterable[Row], delimiter: str = ",") -> Iterator[Entry]:
    """The entries of a table's rows; those above the names of the columns are no entries.

    Names that come again, as in lists put one behind the other, name the columns from there on.
    """
    columns: Columns | None = None
    for line, cells in rows:
        if not any(cell.strip() for cell in cells) or _is_rule(cells):
            continue
        if (named := header(cells)) is not None and (columns is None or named.known > 2):
            columns = named
            if isinstance(rows, Rows):
                rows.width = len(cells)
        elif columns is not None:
            fitting = fit(cells, columns, delimiter)
            if fitting is None:
                yield Skip(
                    source.path,
                    line,
                    f"the row has {len(cells)} cells under {len(columns.names)} column names: something in it is "
                    "not quoted",
                )
            else:
                yield row_entry(source, line, columns, fitting)


def _is_rule(cells: list[str]) -> bool:
    """A line of dashes, which Embase puts between its records."""
    return bool(_RULE.fullmatch("".join(cells)))


def no_columns(source: Source, names: Iterable[str], where: str) -> UnknownFormat:
    """The error for a table without titles and abstracts; ``where`` is the sheet, if there are sheets."""
    seen = ", ".join(f'"{name}"' for name in list(names)[:12] if name)
    return UnknownFormat(
        source.path,
        f"is a table{where} without a column for titles or abstracts (it has {seen or 'no names of columns'}). "
        'Name its columns, such as "title", "abstract", "authors", "year" and "doi", and add it again.',
    )


def expect_rows(source: Source, entries: Iterator[Entry]) -> Iterator[Entry]:
    """The entries; a ReadingError where there are none."""
    nothing = True
    for entry in entries:
        nothing = False
        yield entry
    if nothing:
        raise ReadingError(source.path, "is a table with names of columns and no rows. Export it again.")


def _read_across(source: Source, rows: Rows) -> Iterator[Entry]:
    """Embase's other layout: a field a row, its name in front, its values behind; an empty row between two records."""
    names: list[str] = []
    values: list[str] = []
    first = 0

    def entry() -> Iterator[Entry]:
        columns = name_columns(names)
        if columns.of_field:
            yield row_entry(source, first, columns, values)
        names.clear()
        values.clear()

    for line, cells in rows:
        name, texts = cells[0].strip() if cells else "", [cell.strip() for cell in cells[1:] if cell.strip()]
        if (not name and not texts) or name in names[:1]:
            yield from entry()
        if not texts:
            continue
        if not names:
            first = line
        if name:
            names.append(name)
            values.append("; ".join(texts))
        elif values:
            values[-1] += f" {' '.join(texts)}"
    yield from entry()


# -- how a table is told -------------------------------------------------------------------------------------------


def _layout(head: str) -> _Layout | None:
    """How the table that begins so is laid out; None where it is none."""
    told = _EXCEL.match(head)
    best: _Layout | None = None
    known = 0
    for delimiter in told[1] if told else _DELIMITERS:
        if delimiter not in head:
            continue
        rows = _top(head, delimiter)
        for at, row in enumerate(rows):
            columns = header(row)
            if columns and columns.known > known and (told or _is_followed(row, rows[at + 1 :])):
                best, known = _Layout(delimiter, columns), columns.known
        across = name_columns([row[0] for row in rows if 1 < len(row) < 200])
        if best is None and "title" in across.of_field and across.known > 3 and all(len(row) < 200 for row in rows):
            best = _Layout(delimiter, across=True)
    if best is None and told:
        return _Layout(told[1], names=tuple(next(iter(_top(head[told.end() :], told[1])), ())))
    if best is None and (names := _nameless(head)):
        return _Layout("", names=tuple(names))
    return best


def _top(head: str, delimiter: str) -> list[list[str]]:
    """The first rows, without empty ones."""
    lines = enumerate(head.split("\n"), 1)
    rows = []
    try:
        for _, cells in Rows(lines, delimiter):
            if any(cell.strip() for cell in cells):
                rows.append(cells)
            if len(rows) == TOP:
                break
    except csv.Error:
        pass  # a cell beyond all measure
    return rows


def _is_followed(names: list[str], rows: list[list[str]]) -> bool:
    """Whether rows as wide as the header stand below it, unlike below a page's menu ("Abstract | Authors | PDF")."""
    if not rows:
        return len(names) > 3
    # A row may be so long (ten thousand authors) that what is looked at ends within it.
    wide = sum((2 * len(row) > len(names) and len(row) > 1) or sum(map(len, row)) > _LONG_ROW for row in rows[:10])
    return 2 * wide >= len(rows[:10])


def _nameless(head: str) -> list[str]:
    """The first row of what is certainly a table, though none of references; nothing where it may be prose."""
    for delimiter in _DELIMITERS:
        if delimiter not in head.split("\n", 1)[0]:
            continue
        rows = _top(head, delimiter)[:20]
        names = [name.strip() for name in rows[0]] if rows else []
        if len(rows) < 2 or len(names) < 3 or any(len(row) != len(names) for row in rows[1:-1]):
            continue
        spaced = sum(cell.startswith(" ") for row in rows for cell in row[1:])
        cells = sum(len(row) - 1 for row in rows)
        named = all(_NAME.fullmatch(name) and not _PROSE.search(name) for name in names) and len(set(names)) > 1
        if named and len(set(names)) == len(names) and (delimiter in "\t|" or 2 * spaced < cells):
            return names
    return []


FORMAT = Format("table", "CSV or TSV", (".csv", ".tsv", ".tab", ".txt"), _sniff, _read)
