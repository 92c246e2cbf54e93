"""Excel workbooks (.xlsx): every sheet whose header names a title or an abstract, read row by row by openpyxl."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from qa.errors import Broken, UnknownFormat
from qa.reading import columns
from qa.reading.source import Format, Source
from qa.schema import Entry

#: Bytes that a workbook may unpack to; rows above the header.
_MOST, _PREAMBLE = 512 * 1024 * 1024, 40


def _sniff(head: str) -> bool:
    return head.startswith("PK\x03\x04")  # what kind of document it is stands anywhere in it


def _read(source: Source) -> Iterator[Entry]:
    import openpyxl

    data = source.data()
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _MOST:
                raise Broken(source.path, "unpacks to more than any list of references has. Export it again.")
            if "xl/workbook.xml" not in archive.namelist():
                raise UnknownFormat(source.path, "is an Office document, but no Excel workbook. Export the references.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that openpyxl does not know change no text
            book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True)
    except (Broken, UnknownFormat):
        raise
    except Exception as error:  # a damaged workbook makes openpyxl raise KeyError, TypeError, BadZipFile and more
        raise Broken(source.path, "is an Excel workbook with damage in it. Save or export it again.") from error
    found = False
    for sheet in book.worksheets:
        fields: dict[str, list[int]] = {}
        for number, row in _rows(source, sheet):
            if fields:
                if any(row):
                    yield columns.entry(source, number, fields, row)
            elif number <= _PREAMBLE and columns.is_header(row):
                fields, found = columns.known(row), True
    if not found:
        raise UnknownFormat(
            source.path,
            "is an Excel workbook without a column for titles or abstracts. Name the columns in a first row.",
        )


def _rows(source: Source, sheet: Any) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()  # what a workbook says of its size is often wrong
    rows: Iterator[Sequence[Any]] = sheet.iter_rows(values_only=True)
    number = 0
    while True:
        try:
            row = next(rows, None)
        except Exception as error:  # as above: the sheets are parsed only now
            raise Broken(source.path, "is an Excel workbook with damage in it. Save or export it again.") from error
        if row is None:
            return
        number += 1
        yield number, [_text(cell) for cell in row]


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


FORMAT = Format("xlsx", "Excel", (".xlsx",), _sniff, _read, binary=True)
