"""Excel workbooks (.xlsx): every sheet that has columns for titles or abstracts, row by row.

openpyxl reads the cells. A workbook is a ZIP archive from anybody, so its size is looked at before anything is
unpacked, and nothing but its own parts is ever opened.
"""

from __future__ import annotations

import dataclasses
import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from qa.errors import Broken, ReadingError, UnknownFormat
from qa.reading.columns import header
from qa.reading.rows import Row
from qa.reading.source import Format, Source
from qa.reading.tables import TOP, expect_rows, no_columns, read_rows
from qa.schema import Entry, Skip

if TYPE_CHECKING:
    from openpyxl import Workbook

MAX_FILE = 128 * 1024 * 1024  #: bytes, packed
MAX_UNPACKED = 512 * 1024 * 1024  #: bytes of all parts
MAX_RATIO = 100  #: unpacked to packed, of all that is read; real ones reach 10
_RATIO_FROM = 16 * 1024 * 1024
_MAX_CELLS = 100_000_000  #: with the empty ones between: a hundred thousand rows of a thousand columns
_MAX_ROWS = 1_048_576  #: Excel's own limit

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _sniff(head: str) -> bool:
    return head.startswith("PK\x03\x04") and not head[30:].startswith("mimetype")  # what it holds shows when it is open


def _read(source: Source) -> Iterator[Entry]:
    book = _open(source)
    fitting, others = [], []
    for sheet in book.worksheets:
        top = [row for _, row in zip(range(TOP), _rows(source, sheet), strict=False)]
        named = next((True for _, cells in top if header(cells)), False)
        if named:
            fitting.append(sheet)
        elif any(cells for _, cells in top):
            others.append((sheet, top))
    if not fitting:
        if not others:
            raise ReadingError(source.path, "is an Excel workbook without anything in it. Export it again.")
        sheet, top = others[0]
        widest = max((cells for _, cells in top), key=lambda cells: sum(map(bool, cells)))
        raise no_columns(source, [name[:40] for name in widest], f' (sheet "{sheet.title}")')
    return expect_rows(source, _entries(source, book, fitting, [sheet.title for sheet, _ in others]))


def _entries(source: Source, book: Workbook, fitting: list[Any], others: list[str]) -> Iterator[Entry]:
    for sheet in fitting:
        for entry in read_rows(source, _rows(source, sheet)):
            if isinstance(entry, Skip) and len(book.worksheets) > 1:
                entry = dataclasses.replace(entry, reason=f'{entry.reason} (sheet "{sheet.title}")')
            yield entry
    for title in others:
        yield Skip(source.path, 0, f'the sheet "{title}" has no column for titles or abstracts')
    book.close()


def _open(source: Source) -> Workbook:
    import openpyxl

    data = io.BytesIO()
    for chunk in source.chunks():
        data.write(chunk)
        if data.tell() > MAX_FILE:
            raise Broken(source.path, f"has more than {MAX_FILE >> 20} MB, as no list has. Export it as CSV.")
    try:
        archive = zipfile.ZipFile(data)
        parts = archive.infolist()
        declared = any(b"<!DOCTYPE" in _beginning(archive, part) for part in parts if not part.is_dir())
    except Exception as error:  # zipfile raises half a dozen kinds, and zlib its own
        raise _damaged(source) from error
    if declared:
        raise Broken(source.path, "holds XML with a document type, as no workbook does and attacks on readers do.")
    if not any(part.filename.startswith("xl/") for part in parts):
        raise UnknownFormat(
            source.path, "is an Office document, but no Excel workbook. Export the references as RIS, CSV or .nbib."
        )
    size = sum(part.file_size for part in parts)
    if size > MAX_UNPACKED or (size > _RATIO_FROM and size > MAX_RATIO * data.tell()):
        raise Broken(
            source.path, f"unpacks to {size >> 20} MB, far more than a list of references has. Export it as CSV."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and the like, which are not read
            return openpyxl.load_workbook(data, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # a damaged workbook raises whatever its damage leads to
        raise _damaged(source) from error


def _beginning(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with archive.open(part) as file:
        return file.read(1024)


def _rows(source: Source, sheet: Any) -> Iterator[Row]:
    """A sheet's rows by their numbers; Broken where it is damaged or has no end."""
    sheet.reset_dimensions()  # as wide as a row is, not as the sheet says that it is
    cells = 0
    rows = sheet.iter_rows(max_row=_MAX_ROWS, values_only=True)
    number = 0
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                row = next(rows, None)
        except Exception as error:  # as above
            raise _damaged(source) from error
        if row is None:
            return
        number += 1
        cells += len(row)
        if cells > _MAX_CELLS:
            raise Broken(source.path, "has more cells than any list of references. Export it as CSV.", number)
        yield number, [_text(value) for value in row]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, str) and "_x" in value:
        return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)  # how a line end is written in some
    return str(value)


def _damaged(source: Source) -> Broken:
    return Broken(source.path, "is an Excel workbook with damage in it. Open it in Excel and save it again, or as CSV.")


FORMAT = Format("xlsx", "Excel", (".xlsx",), _sniff, _read, binary=True)
