"""A library in one file and back: the same answers, nothing half done, nothing overwritten."""

from __future__ import annotations

import json
import threading
import zipfile
from pathlib import Path

import pytest

from qa import Library
from qa.backup import back_up, restore
from qa.cli import main
from qa.errors import Broken, LibraryError, NotFound
from qa.storage import Store
from tests.conftest import RECORDS, write_jsonl

QUESTION = "Are there fewer beetles in lit parks?"


@pytest.fixture
def held(library: Library, records_file: Path) -> Library:
    library.add(records_file)
    return library


def test_there_and_back(held: Library, tmp_path: Path) -> None:
    kept = held.conversations().start("What I asked")
    answer = held.ask(QUESTION)
    assert held.back_up(tmp_path / "all.zip") == (tmp_path / "all.zip").stat().st_size
    assert restore(tmp_path / "all.zip", tmp_path / "other") is None
    with Library.open(tmp_path / "other") as other:
        assert other.ask(QUESTION) == answer
        assert other.records() == held.records()
        assert other.ledger() == held.ledger()
        assert [entry.id for entry in other.conversations().entries()] == [kept]
        assert other.examine().ok
        other.remove("pmid:900002")  # it can be written
    assert len(held) == 5


def test_a_backup_is_made_while_others_write(held: Library, tmp_path: Path) -> None:
    done = threading.Event()
    more = [{"id": f"x{number}", "title": f"Title {number}", "abstract": "A text."} for number in range(40)]

    def add() -> None:
        with Library.open(held.folder) as writer:
            writer.add(write_jsonl(tmp_path / "more.jsonl", more))
        done.set()

    worker = threading.Thread(target=add)
    worker.start()
    counts: list[int] = []
    while not done.is_set():
        held.back_up(tmp_path / "b.zip")
        restore(tmp_path / "b.zip", tmp_path / f"r{len(counts)}")
        with Library.open(tmp_path / f"r{len(counts)}") as copy:
            assert copy.examine().ok
            counts.append(len(copy))
    worker.join()
    assert counts == sorted(counts)
    assert counts[-1] <= 45


def test_a_library_that_is_there_is_kept(held: Library, tmp_path: Path) -> None:
    held.back_up(tmp_path / "all.zip")
    with Library.open(tmp_path / "other") as other:
        other.add(write_jsonl(tmp_path / "one.jsonl", RECORDS[:1]))
    with pytest.raises(LibraryError, match="--force"):
        restore(tmp_path / "all.zip", tmp_path / "other")
    before = restore(tmp_path / "all.zip", tmp_path / "other", force=True)
    assert before == tmp_path / "other.before-1"
    with Library.open(before) as old, Library.open(tmp_path / "other") as new:
        assert (len(old), len(new)) == (1, 5)
    assert restore(tmp_path / "all.zip", tmp_path / "other", force=True) == tmp_path / "other.before-2"


@pytest.mark.parametrize("kind", ["text", "zip", "altered", "cut", "path"])
def test_what_is_no_backup_is_refused_and_changes_nothing(held: Library, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "backup.zip"
    held.back_up(path)
    parts = {name: zipfile.ZipFile(path).read(name) for name in zipfile.ZipFile(path).namelist()}
    if kind == "text":
        path.write_text("not a backup")
    elif kind == "cut":
        path.write_bytes(path.read_bytes()[:-2000])
    else:
        manifest = json.loads(parts["backup.json"])
        if kind == "altered":
            parts["library.sqlite"] = parts["library.sqlite"].replace(b"forty", b"fifty")
        if kind == "path":
            manifest["files"]["../../evil"] = manifest["files"]["library.sqlite"]
            parts["../../evil"] = parts["library.sqlite"]
        with zipfile.ZipFile(path, "w") as packed:
            if kind != "zip":
                packed.writestr("backup.json", json.dumps(manifest))
            for name, content in parts.items():
                if name != "backup.json":
                    packed.writestr(name, content)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Broken, match="no backup of ours"):
        restore(path, tmp_path / "new" / "library")
    assert [one for one in sorted(tmp_path.rglob("*")) if one != tmp_path / "new"] == before
    with pytest.raises(Broken):
        restore(path, held.folder, force=True)
    assert len(held) == 5


def test_words_for_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no library"):
        back_up(Store(tmp_path / "nothing"), tmp_path / "b.zip")
    with pytest.raises(NotFound, match="no file"):
        restore(tmp_path / "nothing.zip", tmp_path / "library")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written(held: Library, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LibraryError, match="Name another file"):
        held.back_up(tmp_path / "file" / "b.zip")


def test_the_commands(held: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    backup, other = str(tmp_path / "b.zip"), str(tmp_path / "other")
    assert main(["--library", str(held.folder), "backup", backup]) == 0
    assert "MB" in capsys.readouterr().out
    assert main(["--library", other, "restore", backup]) == 0
    assert main(["--library", other, "restore", backup]) == 1
    assert "--force" in capsys.readouterr().err
    assert main(["--library", other, "restore", "--force", backup]) == 0
    assert "other.before-1" in capsys.readouterr().out
