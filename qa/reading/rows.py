"""Lines → rows of cells, with the line that each row begins on: the csv module's reading, mended where files are not
written by its rules.

A quotation mark that is never closed would make one cell of all rows behind it; quotation marks that are not doubled
cut a cell in two; tables without quoting hold them as they are. Such rows are told by having another number of cells
than the header, and read again with more patience.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator

from qa.reading.source import MAX_LINE

#: Characters that a row over several lines may have: more is a quotation mark that was never closed.
MAX_ROW = 4 * 1024 * 1024

csv.field_size_limit(MAX_LINE)  # the csv module's own limit is 128 KB a cell, and holds for the whole process

Row = tuple[int, list[str]]


class Rows:
    """The rows of a table as (line, cells). ``width`` is how many cells a row should have, 0 where it may
    have any number; it can be changed between two rows."""

    def __init__(
        self, lines: Iterable[tuple[int, str]], delimiter: str, *, width: int = 0, quoted: bool = True
    ) -> None:
        self.delimiter = delimiter
        self.width = width
        self.quoted = quoted
        self._lines = iter(lines)
        self._waiting: deque[tuple[int, str]] = deque()
        self._taken: list[tuple[int, str]] = []

    def __iter__(self) -> Iterator[Row]:
        while True:
            self._taken = []
            cells = self._next()
            if not self._taken:
                return
            yield self._taken[0][0], cells

    def _next(self) -> list[str]:
        if not self.quoted:
            line = next(self._feed(), None)
            return [] if line is None else line.removesuffix("\n").split(self.delimiter)
        try:
            cells = next(csv.reader(self._feed(), delimiter=self.delimiter, strict=True), [])
            fits = len(cells) == self.width or (len(self._taken) < 2 and len(cells) < self.width)
            if fits or not self.width or not cells:
                return cells
        except csv.Error:
            pass  # quotation marks against the rules, or one that is open at the end
        return self._mend()

    def _feed(self) -> Iterator[str]:
        """Line by line what the next row takes; no more than a row may have."""
        size = 0
        while size < MAX_ROW:
            item = self._waiting.popleft() if self._waiting else next(self._lines, None)
            if item is None:
                return
            self._taken.append(item)
            size += len(item[1]) + 1
            yield f"{item[1]}\n"

    def _mend(self) -> list[str]:
        """The row that begins with the first line taken, however its quotation marks stand."""
        if again := self._next_row():
            # A line within the row is a whole row: the row ends before it, its quotation mark was never closed.
            self._waiting.extendleft(reversed(self._taken[again:]))
            del self._taken[again:]
        text = "\n".join(text for _, text in self._taken)
        if self.width:
            for cells in self._readings(text):
                if len(cells) == self.width:
                    return cells
        if not again and len(self._taken) > 1:
            # Not closed where it was thought to be: read on, as far as the csv module does.
            self._waiting.extendleft(reversed(self._taken))
            self._taken = []
            return next(csv.reader(self._feed(), delimiter=self.delimiter), [])
        return self._parse(text)

    def _readings(self, text: str) -> Iterator[list[str]]:
        """A row in all the ways in which programs write quotation marks."""
        if self.delimiter == "\t":
            yield [_unquote(cell) for cell in text.split("\t")]
        if '\\"' in text:
            yield self._parse(text, escapechar="\\")
        if f'{self.delimiter} "' in text:
            yield self._parse(text, skipinitialspace=True)
        yield split_loosely(text, self.delimiter)

    def _next_row(self) -> int:
        """Which of the lines taken begins the next row, or 0."""
        if self.width < 3:
            return 0
        for at, (_, line) in enumerate(self._taken[1:], 1):
            if line.count(self.delimiter) >= self.width - 1 and len(self._parse(line)) == self.width:
                return at
        return 0

    def _parse(self, text: str, *, escapechar: str | None = None, skipinitialspace: bool = False) -> list[str]:
        lines = (f"{line}\n" for line in text.split("\n"))
        return next(
            csv.reader(lines, delimiter=self.delimiter, escapechar=escapechar, skipinitialspace=skipinitialspace), []
        )


def _unquote(cell: str) -> str:
    inner = cell[1:-1].replace('""', "")
    return cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in inner else cell


def split_loosely(text: str, delimiter: str) -> list[str]:
    """Cells where a quotation mark opens one only at its beginning and closes it only at its end."""
    cells: list[str] = []
    at = 0
    while True:
        quoted = text.startswith('"', at)
        end = text.find(f'"{delimiter}' if quoted else delimiter, at + quoted)
        if end < 0:
            rest = text[at:]
            return [*cells, rest[1:-1] if quoted and rest.endswith('"') else rest]
        cells.append(text[at + quoted : end].replace('""', '"') if quoted else text[at:end])
        at = end + 1 + quoted
