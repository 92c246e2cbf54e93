"""CSV as spreadsheets open it: commas, CRLF, UTF-8 with a byte order mark, and no cell that is a formula."""

from __future__ import annotations

import csv
import io

from qa.export.escaping import csv_cell
from qa.export.subject import Subject
from qa.export.table import Cell, tables


def write(subject: Subject) -> str:
    """The subject's first table. A text that a spreadsheet would calculate gets an apostrophe in front."""
    table = tables(subject)[0]
    out = io.StringIO()
    # The mark is what makes Excel read UTF-8; other programs pass over it.
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([_guarded(row) for row in (table.columns, *table.rows)])
    return out.getvalue()


def _guarded(row: tuple[Cell, ...]) -> list[Cell]:
    return [csv_cell(cell) if isinstance(cell, str) else cell for cell in row]
