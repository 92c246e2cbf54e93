"""Excel workbooks, whole, damaged and hostile."""

from __future__ import annotations

import contextlib
import datetime
import gzip
import io
import random
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import Broken, ReadingError, UnknownFormat
from qa.reading import detect, read, spreadsheet
from qa.schema import Record, Skip
from tests.reading.samples import DATA, records, write


def book(*sheets: list[list[object]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)  # type: ignore[arg-type]
    for number, rows in enumerate(sheets, 1):
        sheet = made.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def changed(change: Callable[[str, bytes], bytes]) -> bytes:
    """The sample with its parts changed."""
    data = io.BytesIO()
    with zipfile.ZipFile(DATA / "sample.sheets.xlsx") as old, zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return data.getvalue()


texts = st.text(alphabet="abc äß\"',;\n", min_size=1, max_size=30).filter(lambda text: bool(text.strip()))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(texts, st.integers(1500, 2099)), min_size=1, max_size=5))
def test_what_openpyxl_writes_is_read(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int]]) -> None:
    data = book([["Title", "Year"], *map(list, rows)])
    got = records(write(tmp_path_factory.getbasetemp(), "t.xlsx", data))
    assert [(r.title, r.year) for r in got] == [(" ".join(title.split()), year) for title, year in rows]


def test_cells_that_are_no_texts(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Title", "Year", "Date", "PMID", "Volume", "Issue"],
        ["One", None, datetime.datetime(2019, 5, 1), 90000101.0, 2.5, True],
        [2001, 2001, None, "90000102", "_x000D_7", None],
    ]
    one, two = records(write(tmp_path, "t.xlsx", book(rows)))
    assert (one.title, one.year, one.pmid, one.volume, one.issue) == ("One", 2019, "90000101", "2.5", "True")
    assert (two.title, two.year, two.volume) == ("2001", 2001, "7")


def test_shared_strings(tmp_path: Path) -> None:
    """As Excel writes them: the texts by their numbers, in a part of their own."""
    strings = "<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><si><t>Found here</t></si></sst>"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"

    def share(name: str, data: bytes) -> bytes:
        if name.endswith("sheet3.xml"):
            return re.sub(rb't="inlineStr"><is><t>A kite in a tree</t></is>', b't="s"><v>0</v>', data)
        if name == "[Content_Types].xml":
            part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
            return data.replace(b"</Types>", part.encode())
        return data

    data = io.BytesIO(changed(share))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", strings)
    assert [r.title for r in records(write(tmp_path, "t.xlsx", data.getvalue()))][-1] == "Found here"


def test_wrong_suffix_and_gzip(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv.gz", gzip.compress((DATA / "sample.sheets.xlsx").read_bytes()))
    assert detect(path).name == "xlsx"
    assert [r.id for r in records(path)] == [r.id for r in records(DATA / "sample.sheets.xlsx")]


def test_no_references(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match='"Name", "Age"'):
        list(read(write(tmp_path, "t.xlsx", book([["Name", "Age"], ["Otto", 40]]))))
    with pytest.raises(ReadingError, match="without anything"):
        list(read(write(tmp_path, "t.xlsx", book([]))))
    with pytest.raises(ReadingError, match="no rows"):
        list(read(write(tmp_path, "t.xlsx", book([["Title", "Year"]]))))


def test_no_workbook(tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("ppt/presentation.xml", "<p/>")
    with pytest.raises(UnknownFormat, match="no Excel workbook"):
        list(read(write(tmp_path, "t.pptx", data.getvalue())))


def test_bombs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = changed(lambda name, data: data + b" " * (30 << 20) if name.endswith("sheet1.xml") else data)
    with pytest.raises(Broken, match="unpacks to"):
        list(read(write(tmp_path, "bomb.xlsx", bomb)))
    entities = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    lol = changed(lambda name, data: entities + data if name.endswith("sheet2.xml") else data)
    with pytest.raises(Broken, match="document type"):
        list(read(write(tmp_path, "lol.xlsx", lol)))
    monkeypatch.setattr(spreadsheet, "MAX_FILE", 1000)
    with pytest.raises(Broken, match="MB"):
        list(read(DATA / "sample.sheets.xlsx"))


def test_rows_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def far(name: str, data: bytes) -> bytes:
        return data.replace(b'<row r="4"', b'<row r="999999999999"') if name.endswith("sheet2.xml") else data

    start = time.process_time()
    list(read(write(tmp_path, "far.xlsx", changed(far))))
    assert time.process_time() - start < 10
    monkeypatch.setattr(spreadsheet, "_MAX_CELLS", 10)
    with pytest.raises(Broken, match="more cells"):
        list(read(DATA / "sample.sheets.xlsx"))


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_damage_gives_entries_or_a_reading_error(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """Of the archive, and of the XML within it."""
    chance = random.Random(seed)

    def damage(data: bytes) -> bytes:
        at, size = chance.randrange(len(data)), chance.randint(1, 20)
        return data[:at] + chance.choice([b"", chance.randbytes(size), b"<", b"9" * 30, b"&x;"]) + data[at + size :]

    part = chance.choice(["sheet1.xml", "sheet2.xml", "core.xml", "workbook.xml", "styles.xml", "Types", ""])
    if part:
        data = changed(lambda name, data: damage(data) if part in name else data)
    else:
        data = damage((DATA / "sample.sheets.xlsx").read_bytes())
    with contextlib.suppress(ReadingError):
        for entry in read(write(tmp_path_factory.getbasetemp(), "m.xlsx", data)):
            assert isinstance(entry, (Record, Skip))
