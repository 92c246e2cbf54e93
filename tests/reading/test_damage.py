"""Damaged files give records, skips or a ReadingError: never another exception, never a wait."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from qa.errors import ReadingError
from qa.reading import read
from qa.schema import Deletion, Record, Skip
from tests.reading.samples import DATA, SAMPLES, write

#: Seconds that a small file may take, on a machine that does other things beside.
PATIENCE = 5.0


def damaged(data: bytes, rng: random.Random) -> bytes:
    """The bytes cut, flipped, doubled, or with their lines in another order."""
    lines = data.splitlines(keepends=True)
    match rng.randrange(5):
        case 0:
            return data[: rng.randrange(1, len(data))]
        case 1:
            return data[rng.randrange(len(data)) :] or data
        case 2:
            changed = bytearray(data)
            for _ in range(rng.choice((1, 5, 40))):
                changed[rng.randrange(len(changed))] = rng.randrange(256)
            return bytes(changed)
        case 3:
            at = rng.randrange(len(lines))
            return b"".join([*lines[:at], lines[at] * rng.choice((2, 500)), *lines[at + 1 :]])
        case _:
            rng.shuffle(lines)
            return b"".join(lines)


@pytest.mark.parametrize("name", SAMPLES)
def test_damage(name: str, tmp_path: Path) -> None:
    data = (DATA / name).read_bytes()
    rng = random.Random(name)
    for _ in range(60):
        path = write(tmp_path, f"damaged{Path(name).suffix}", damaged(data, rng))
        started = time.monotonic()
        reason = ""
        try:
            for entry in read(path):
                assert isinstance(entry, Record | Skip | Deletion)
                if isinstance(entry, Record):
                    assert entry.title or entry.abstract
        except ReadingError as error:
            reason = error.reason
        assert reason[-1:] in ("", ".", ")")
        assert time.monotonic() - started < PATIENCE


@pytest.mark.parametrize("name", [name for name in SAMPLES if not name.endswith((".xlsx", ".cff", ".pdf"))])
def test_one_format_within_another(name: str, tmp_path: Path) -> None:
    """Files glued together, as by `cat *.ris *.bib > all.txt`: read as what they begin with, and nothing breaks."""
    data = (DATA / name).read_bytes()
    for other in SAMPLES:
        path = write(tmp_path, "glued.txt", data + b"\n" + (DATA / other).read_bytes())
        try:
            entries = list(read(path))
        except ReadingError:
            continue
        assert all(isinstance(entry, Record | Skip | Deletion) for entry in entries)


@pytest.mark.parametrize(
    ("name", "hostile"),
    [
        ("deep.json", '[{"title": ' + "[" * 100_000 + "]" * 100_000 + "}]"),
        ("deep.xml", "<records><record>" + "<style>" * 200_000),
        ("braces.bib", "@article{a, title = {" + "{" * 200_000),
        ("tex.bib", "@article{a, title = {" + r"\textbf{" * 5_000 + "x" + "}" * 5_000 + "}}"),
        ("dollars.bib", "@article{a, title = {" + "$" * 20_001 + "}}"),
        ("quotes.csv", 'title,abstract,year\n"' + 'x""' * 100_000),
        ("columns.csv", "title,abstract," + ",".join("year" for _ in range(50_000)) + "\nA,B,2000\n"),
        ("authors.ris", "TY  - JOUR\nTI  - T\n" + "AU  - A, B\n" * 10_000 + "ER  - \n"),
        ("field.ris", "TY  - JOUR\nTI  - T\nAB  - " + "word " * 2_000_000 + "\nER  - \n"),
        ("field.csv", "title,abstract,year\nT," + "word " * 2_000_000 + ",2000\n"),
        ("and.bib", "@article{a, title = {T}, author = {" + "A and " * 20_000 + "}}"),
        ("ovid.txt", "<1>\nTitle\n  T\nAuthor\n  " + "Md " * 50_000 + "\nSource\n  " + "x" * 100_000 + "\n"),
        ("control.ris", "TY  - JOUR\nTI  - A\x00\x01\x07B\u202e txt.exe\nER  - \n"),
    ],
)
def test_hostile(name: str, hostile: str, tmp_path: Path) -> None:
    path = write(tmp_path, name, hostile)
    started = time.monotonic()
    try:
        entries = list(read(path))
    except ReadingError:
        entries = []
    assert all(isinstance(entry, Record | Skip) for entry in entries)
    assert time.monotonic() - started < 4 * PATIENCE
