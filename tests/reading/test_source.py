"""The same content in every wrapping, and files that are none."""

from __future__ import annotations

import dataclasses
import gzip
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import Broken, ReadingError, UnknownFormat
from qa.reading import detect, read, source
from qa.schema import Deletion, Entry, Record, Skip
from tests.reading.samples import DATA, SAMPLES, records, write


def same(entries: list[Entry]) -> list[Entry]:
    """The entries without the name of their file."""
    return [
        dataclasses.replace(entry, source="")
        if isinstance(entry, Record)
        else dataclasses.replace(entry, path="")
        if isinstance(entry, Skip)
        else entry
        for entry in entries
    ]


WRAPPINGS: dict[str, Callable[[bytes], bytes]] = {
    "byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "CRLF": lambda data: data.replace(b"\n", b"\r\n"),
    "CR": lambda data: data.replace(b"\n", b"\r"),
    "gzip": gzip.compress,
    "two gzip members": lambda data: gzip.compress(data[:100]) + gzip.compress(data[100:]),
    "gzip with CRLF": lambda data: gzip.compress(data.replace(b"\n", b"\r\n")),
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
@pytest.mark.parametrize("name", [name for name in SAMPLES if not name.endswith((".xlsx", ".pdf"))])
def test_wrapping_changes_nothing(tmp_path: Path, name: str, wrapping: str) -> None:
    plain = (DATA / name).read_bytes()
    wrapped = write(tmp_path, "wrapped.bin", WRAPPINGS[wrapping](plain))
    assert detect(wrapped).name == SAMPLES[name][0]  # whatever the suffix says
    expected = same(list(read(DATA / name)))
    got = same(list(read(wrapped)))
    if wrapping == "CR" and name.endswith("xml"):  # libxml2 counts lines by LF only
        expected = [entry for entry in expected if not isinstance(entry, Skip)]
        got = [entry for entry in got if not isinstance(entry, Skip)]
    assert got == expected


@pytest.mark.parametrize("name", ["sample.nbib", "sample.ris", "sample.jsonl", "sample.txt"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf16(tmp_path: Path, name: str, encoding: str) -> None:
    text = (DATA / name).read_text("utf-8")
    data = text.encode(encoding) if encoding == "utf-16" else b"\xfe\xff" + text.encode(encoding)
    assert same(list(read(write(tmp_path, "wide", data)))) == same(list(read(DATA / name)))


def test_western_encoding(tmp_path: Path) -> None:
    path = write(tmp_path, "old.ris", "TY  - JOUR\nTI  - Käse für alle – “neu”\nER  -\n".encode("cp1252"))
    assert records(path)[0].title == "Käse für alle – “neu”"


def test_declared_encoding_of_a_page(tmp_path: Path) -> None:
    page = '<html><head><meta charset="gbk"><meta name="citation_title" content="关节炎的治疗"></head></html>'
    assert records(write(tmp_path, "page.html", page.encode("gbk")))[0].title == "关节炎的治疗"


@pytest.mark.parametrize("name", ["sample.xml", "sample.nbib"])
def test_truncated_gzip(tmp_path: Path, name: str) -> None:
    data = gzip.compress((DATA / name).read_bytes() + os.urandom(200))
    path = write(tmp_path, "cut.gz", data[: len(data) // 2])
    with pytest.raises(Broken, match="ends early"):
        list(read(path))


def test_damaged_gzip(tmp_path: Path) -> None:
    data = bytearray(gzip.compress((DATA / "sample.ris").read_bytes() * 50))
    data[len(data) // 2] ^= 0xFF
    with pytest.raises(Broken):
        list(read(write(tmp_path, "bad.ris.gz", bytes(data))))


def test_truncated_xml_gives_what_was_whole_first(tmp_path: Path) -> None:
    data = (DATA / "sample.xml").read_bytes()
    entries = read(write(tmp_path, "cut.xml", data[: data.index(b"<PubmedBookArticle>") + 40]))
    got: list[Entry] = []
    with pytest.raises(Broken, match="cut off"):
        got.extend(entries)
    assert [type(entry) for entry in got] == [Record, Record, Skip]


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (b"", ReadingError, "is empty"),
        (b" \n\n\t", ReadingError, "is empty"),
        (gzip.compress(b""), ReadingError, "is empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", Broken, "PDF"),
        (b"PK\x03\x04\x14\x00", Broken, "ZIP"),
        (bytes(range(256)) * 40, UnknownFormat, "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00", UnknownFormat, "binary"),
        (gzip.compress(gzip.compress(b"TY  - JOUR")), UnknownFormat, "compressed twice"),
        (b"<?xml version='1.0'?><records/>", UnknownFormat, "XML"),
        (b'[\n {"name": "T"}\n]', UnknownFormat, "JSON"),
        (b'[\n {"title": "T"}\n', Broken, "JSON"),
        (b"name,price,colour\nsoap,3,blue\n", UnknownFormat, '"name", "price", "colour"'),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), UnknownFormat, "old Office document"),
        (b"just a few words", UnknownFormat, "is text"),
        (b"<html><title>Just a moment...</title><body>Checking</body></html>", Broken, "robots"),
        (b"<html><title>Shop</title><body><p>Buy.</p></body></html>", UnknownFormat, "web page"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, content: bytes, error: type[ReadingError], words: str) -> None:
    path = write(tmp_path, "file.xyz", content)
    with pytest.raises(error) as raised:
        list(read(path))
    assert words in raised.value.reason
    assert "\n" not in str(raised.value)
    assert raised.value.reason.rstrip().endswith(".")


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="no such file"):
        read(tmp_path / "none.ris")  # at once, not when the first entry is asked for
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(ReadingError, match="regular"):
            read(tmp_path / "pipe")


@pytest.mark.parametrize("root", ["lolz", "PubmedArticleSet"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_bomb(tmp_path: Path, root: str, encoding: str) -> None:
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "lol"}">' for i in range(10))
    bomb = f'<?xml version="1.0"?>\n<!DOCTYPE {root} [ <!ELEMENT {root} ANY> {entities}]>\n<{root}>&l9;</{root}>'
    with pytest.raises(Broken, match="entities"):
        list(read(write(tmp_path, "bomb.xml", bomb.encode(encoding))))


def test_entities_are_never_fetched(tmp_path: Path) -> None:
    secret = write(tmp_path, "secret.txt", "the secret")
    xml = (
        (DATA / "sample.xml")
        .read_text()
        .replace(
            'pubmed_190101.dtd">',
            f'pubmed_190101.dtd" [{" " * source.HEAD}<!ENTITY alpha SYSTEM "{secret.as_uri()}">]>',
        )
    )
    assert "ENTITY" in xml
    assert "the secret" not in str(list(read(write(tmp_path, "xxe.xml", xml))))


def test_a_damaged_declaration_of_an_encoding_is_damage_in_words(tmp_path: Path) -> None:
    text = (DATA / "sample.rdf").read_bytes()
    assert text.startswith(b"<?xml")
    path = write(tmp_path, "sample.rdf", text.replace(b"?>", b' encoding="latin-1">', 1))
    with pytest.raises(ReadingError, match="damaged"):
        list(read(path))


@pytest.mark.parametrize("name", ["sample.ris", "sample.jsonl", "sample.nbib"])
def test_a_line_beyond_measure(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_LINE", 1 << 20)
    path = write(tmp_path, "long", (DATA / name).read_bytes() + b"a" * (4 << 20))
    with pytest.raises(Broken, match="line of more than 1 MB"):
        list(read(path))


def test_a_page_beyond_measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_PAGE", 1 << 20)
    with pytest.raises(Broken, match="more than 1 MB"):
        list(read(write(tmp_path, "long.txt", b"a" * (4 << 20))))


def test_gzip_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_RATIO_FROM", 1 << 20)
    bomb = gzip.compress(b"TY  - JOUR\nTI  - T\nER  - \n" + b"\n" * (20 << 20))
    with pytest.raises(Broken, match="times its size"):
        list(read(write(tmp_path, "bomb.ris.gz", bomb)))


def test_records_come_one_by_one(tmp_path: Path) -> None:
    """The first record is there long before the file has been read."""
    line = b'{"_id": "1", "title": "T"}\n'
    path = write(tmp_path, "long.jsonl", line * 200_000 + b"\x00" * (source.MAX_LINE + source.CHUNK))
    entries = read(path)
    assert isinstance(next(entries), Record)


def test_importing_is_cheap() -> None:
    code = "import sys, qa.reading; print([m for m in ('lxml', 'selectolax') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(SAMPLES)), st.integers(0, 2**32 - 1))
def test_mutants_give_entries_or_a_reading_error(
    tmp_path_factory: pytest.TempPathFactory, name: str, seed: int
) -> None:
    path = write(tmp_path_factory.getbasetemp(), "mutant", _mutate((DATA / name).read_bytes(), random.Random(seed)))
    try:
        entries = list(read(path))
    except ReadingError as error:
        entries = [Skip(error.path, 0, error.reason)]
    for entry in entries:
        assert isinstance(entry, (Record, Skip, Deletion))
        if isinstance(entry, Skip):
            assert entry.reason
            assert "\n" not in entry.reason
        if isinstance(entry, Record):
            assert entry.id
            assert all(0 <= one.start < one.end <= len(entry.abstract) for one in entry.sections)


def _mutate(data: bytes, chance: random.Random) -> bytes:
    """The data with some of it cut, flipped, doubled, moved, or strewn with noise."""
    lines = data.splitlines(keepends=True)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        match chance.randrange(6):
            case 0:
                del lines[at : at + chance.randint(1, 5)]
            case 1:
                lines.insert(at, lines[chance.randrange(len(lines))])
            case 2:
                lines[at] = lines[at][: chance.randint(0, len(lines[at]))]
            case 3:
                flipped = bytearray(lines[at])
                flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
                lines[at] = bytes(flipped)
            case 4:
                lines.insert(at, chance.randbytes(chance.randint(1, 30)))
            case 5:
                chance.shuffle(lines)
        lines = lines or [b"x"]
        lines = [line or b" " for line in lines]
    whole = b"".join(lines)
    return whole[: chance.randint(1, len(whole))] if chance.random() < 0.3 else whole
