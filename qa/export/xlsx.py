"""XLSX: every text is stored as text, unchanged, so that a spreadsheet calculates nothing of it."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from qa.export.archive import EPOCH, with_fixed_dates
from qa.export.escaping import csv_cell, xml
from qa.export.subject import Subject, title
from qa.export.table import Cell, Table, tables

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: What Excel allows in a cell.
LONGEST = 32_767

#: Excel reads "_x0041_" as "A"; the underscore written so itself keeps it apart.
_ENCODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def write(subject: Subject) -> bytes:
    """The subject's tables, a sheet each, the first row fixed and filterable."""
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables(subject):
        _fill(book.create_sheet(table.name), table)
    book.properties.creator = "literature-qa"
    book.properties.title = xml(title(subject))[:255]
    book.properties.created = book.properties.modified = EPOCH
    out = io.BytesIO()
    # Not Workbook.save(), which writes down the time of saving.
    ExcelWriter(book, ZipFile(out, "w")).save()
    return with_fixed_dates(out.getvalue())


def _fill(sheet: Worksheet, table: Table) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for number, row in enumerate((table.columns, *table.rows), 1):
        for column, value in enumerate(row, 1):
            if value is None or value == "":
                continue
            cell = sheet.cell(number, column)
            _put(cell, value)
            cell.alignment = Alignment(wrap_text=column - 1 in table.wide, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
    for column in range(len(table.columns)):
        sheet.column_dimensions[get_column_letter(column + 1)].width = 60 if column in table.wide else 16
    sheet.freeze_panes = "A2"
    if table.rows:
        sheet.auto_filter.ref = sheet.dimensions


def _put(cell: Any, value: Cell) -> None:
    if not isinstance(value, str):
        cell.value = value
        return
    text = _ENCODED.sub("_x005F_", xml(value))
    if len(text) > LONGEST:
        note = f" … [cut: Excel allows {LONGEST:,} characters in a cell, this text has {len(value):,}]"
        text = text[: LONGEST - len(note)] + note
    cell.value = text
    cell.data_type = "s"  # never "f", whatever it begins with
    # Keeps it a text when somebody edits the cell.
    cell.quotePrefix = csv_cell(text) != text
