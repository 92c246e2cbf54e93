"""Vectors made anew: by another model, again where it was stopped, and in one step at the end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.reliability.crashes import Operation
from benchmarks.reliability.oracle import faults
from benchmarks.reliability.words import Vectors, Words, open_library
from qa import Library, indexing, reindexing
from qa.cli import main
from qa.embedding.original import Count
from qa.errors import Mismatch, NotFound


class Tired(Words):
    """Stops after so many texts."""

    left = 40

    def passages(self, texts: Sequence[str], *, count: Count | None = None) -> Vectors:
        self.left -= len(texts)
        if self.left < 0:
            raise KeyboardInterrupt
        return super().passages(texts, count=count)


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    for module in ("qa.intake.batches", "qa.reindexing"):
        monkeypatch.setattr(f"{module}.BATCH", 3)
    library = open_library(tmp_path / "library")
    for name in ("add a", "add b"):
        Operation("add", {name: 2}).carry_out(library, tmp_path)
    return library


def test_a_run_that_was_stopped_goes_on_and_swaps_at_the_end(held: Library) -> None:
    before = held.search("honey for a child")
    with pytest.raises(KeyboardInterrupt):
        reindexing.reindex(held._store, Tired("other words"), held._lock)
    assert held.search("honey for a child") == before
    assert faults(held) == []
    done = reindexing.reindex(held._store, Words("other words"), held._lock)
    assert done.records == len(held)
    assert 0 < done.embedded < done.records
    assert "before" in str(done)
    assert not list(held.folder.glob(f"{reindexing.FILE}*"))
    with pytest.raises(Mismatch, match="qa reindex --model words"):
        indexing.verify(held._store, Words("words"))
    held._embedder = Words("other words")
    assert faults(held) == []


def test_what_is_added_meanwhile_is_made_anew_too(held: Library, tmp_path: Path) -> None:
    other = open_library(held.folder)

    class Meanwhile(Words):
        def passages(self, texts: Sequence[str], *, count: Count | None = None) -> Vectors:
            if not (tmp_path / "loose" / "add c.jsonl").exists():
                Operation("add", {"add c": 5}).carry_out(other, tmp_path)
            return super().passages(texts, count=count)

    done = reindexing.reindex(held._store, Meanwhile("other words"), held._lock)
    assert done.records == done.embedded == len(held)
    held._embedder = Words("other words")
    assert faults(held) == []


def test_what_another_model_began_is_begun_anew(held: Library) -> None:
    with pytest.raises(KeyboardInterrupt):
        reindexing.reindex(held._store, Tired("other words"), held._lock)
    done = reindexing.reindex(held._store, Words("words"), held._lock)
    assert done.embedded == done.records
    assert faults(held) == []


def test_a_damaged_file_of_what_was_begun_is_begun_anew(held: Library) -> None:
    (held.folder / reindexing.FILE).write_bytes(b"no database, and long enough to be looked at" * 99)
    assert reindexing.reindex(held._store, Words("words"), held._lock).embedded == len(held)
    assert faults(held) == []


def test_the_command_mends_a_library_of_another_version(
    tmp_path: Path, records_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = ["--library", str(tmp_path / "library")]
    assert main([*folder, "add", str(records_file)]) == 0
    library = Library.open(tmp_path / "library")
    library._store.database.note("splitter", "nupunkt/0")
    library.close()
    assert main([*folder, "ask", "Does honey shorten cough?"]) == 1
    assert "qa reindex" in capsys.readouterr().err
    assert main([*folder, "reindex"]) == 0
    assert "5 records made anew" in capsys.readouterr().out
    assert main([*folder, "ask", "Does honey shorten cough?"]) == 0


def test_there_must_be_a_library(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="Add files first"):
        Library.open(tmp_path / "nowhere").reindex()
