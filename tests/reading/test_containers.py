"""Folders and archives: all that is in them is accounted for, and nothing gets out."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from qa.errors import ReadingError
from qa.reading import read
from qa.schema import Record, Skip
from tests.reading.samples import DATA, SAMPLES, write

RIS = "TY  - JOUR\nTI  - A title\nER  - \n"


def zipped(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_an_archive_of_everything_holds_everything(tmp_path: Path) -> None:
    path = zipped(tmp_path / "all.zip", {f"some/{name}": (DATA / name).read_bytes() for name in SAMPLES})
    entries = list(read(path))
    assert len(entries) == sum(sum(counts[1:]) for counts in SAMPLES.values())
    sources = {entry.source for entry in entries if isinstance(entry, Record)}
    assert sources == set(SAMPLES)
    assert all(entry.path.startswith(f"{path}/some/") for entry in entries if isinstance(entry, Skip))


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    write(tmp_path / "b", "2.ris", RIS.replace("A title", "Second"))
    write(tmp_path, "a.ris", RIS.replace("A title", "First"))
    write(tmp_path, ".hidden.ris", RIS)
    write(tmp_path, "cat.png", b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 9)
    (tmp_path / "b" / "loop").symlink_to(tmp_path)
    entries = list(read(tmp_path))
    assert [entry.title for entry in entries if isinstance(entry, Record)] == ["First", "Second"]
    (skip,) = (entry for entry in entries if isinstance(entry, Skip))
    assert skip.path.endswith("cat.png")
    assert "binary" in skip.reason


def test_what_browsers_and_offices_put_beside_a_file_is_passed_over(tmp_path: Path) -> None:
    for folder in ("Owls_files", "my_files"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder, "frame.html", "<html><body>x</body></html>")
    write(tmp_path, "Owls.html", (DATA / "sample.html").read_bytes())
    write(tmp_path, "~$list.xlsx", b"PK")
    record, skip = sorted(read(tmp_path), key=lambda entry: isinstance(entry, Skip))
    assert isinstance(record, Record)
    assert isinstance(skip, Skip)
    assert skip.path.endswith("my_files/frame.html")


def test_nothing_in_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="no files"):
        list(read(tmp_path))
    with pytest.raises(ReadingError, match="no files"):
        list(read(zipped(tmp_path / "empty.zip", {})))


def test_a_name_inside_leads_nowhere(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"../../out.ris": RIS, "/abs.ris": RIS})
    before = sorted(tmp_path.rglob("*"))
    assert len(list(read(path))) == 2
    assert sorted(tmp_path.rglob("*")) == before


def test_an_archive_in_an_archive_is_named(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.ris", RIS)
    path = zipped(tmp_path / "outer.zip", {"inner.zip": inner.getvalue(), "b.ris": RIS})
    skip, record = read(path)
    assert isinstance(skip, Skip)
    assert "archive within an archive" in skip.reason
    assert isinstance(record, Record)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.zip", {"bomb.ris": b"\n" * (64 << 20), "b.ris": RIS})
    skip, record = read(path)
    assert isinstance(skip, Skip)
    assert "unpacks to more" in skip.reason
    assert isinstance(record, Record)


def test_a_damaged_archive_and_a_locked_member(tmp_path: Path) -> None:
    path = zipped(tmp_path / "whole.zip", {"a.ris": RIS})
    data = path.read_bytes()
    with pytest.raises(ReadingError, match="damaged"):
        list(read(write(tmp_path, "cut.zip", data[: len(data) // 2])))
    locked = bytearray(data)
    locked[data.index(b"PK\x01\x02") + 8] |= 1  # the flag that says so, in the directory at the end
    (skip,) = read(write(tmp_path, "locked.zip", bytes(locked)))
    assert isinstance(skip, Skip)
    assert "password" in skip.reason


def test_a_workbook_is_read_through_gzip(tmp_path: Path) -> None:
    path = write(tmp_path, "book.xlsx.gz", gzip.compress((DATA / "sample.xlsx").read_bytes()))
    assert len(list(read(path))) == 4
