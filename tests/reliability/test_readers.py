"""Readers while somebody writes: one state or the next, never a mixture; and one library, however many make it."""

from __future__ import annotations

import multiprocessing
import threading
from pathlib import Path

import pytest

from benchmarks.reliability import readers
from benchmarks.reliability.crashes import Operation
from benchmarks.reliability.oracle import faults, held
from benchmarks.reliability.words import open_library


def test_readers_see_one_state_while_somebody_writes(tmp_path: Path) -> None:
    result = readers.run(10, 8, tmp_path)
    assert result["failures"] == []
    assert result["looks"] > result["readers"]
    assert result["commits"] > 3


def test_a_mixture_would_be_noticed(tmp_path: Path) -> None:
    for version in (1, 2):
        readers.write(tmp_path / f"{version}.jsonl", version)
    lines = [(tmp_path / f"{version}.jsonl").read_text(encoding="utf-8").splitlines() for version in (1, 2)]
    (tmp_path / "mixed.jsonl").write_text("\n".join(lines[0][:20] + lines[1][20:]), encoding="utf-8")
    library = open_library(tmp_path / "library")
    library.add(tmp_path / "mixed.jsonl")
    assert readers.look(library)


def add(place: Path, name: str) -> None:
    Operation("add", {name: 4}).carry_out(open_library(place / "library"), place)


def test_several_that_begin_a_library_at_once_make_one(tmp_path: Path) -> None:
    names = [f"add {letter}" for letter in "abcd"]
    context = multiprocessing.get_context("forkserver")
    processes = [context.Process(target=add, args=(tmp_path, name)) for name in names]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * len(names)
    library = open_library(tmp_path / "library")
    assert held(library) == Operation("", dict.fromkeys(names, 4)).after({})
    assert faults(library) == []


def test_who_may_only_read_sees_what_others_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = multiprocessing.get_context("forkserver")

    def write(name: str) -> None:
        process = context.Process(target=add, args=(tmp_path, name))
        process.start()
        process.join()
        assert process.exitcode == 0

    write("add a")
    monkeypatch.setattr("os.access", lambda *_: False)  # as for all but the superuser
    reader = open_library(tmp_path / "library")
    for names in (["add a"], ["add a", "add b"]):
        write(names[-1])
        assert held(reader) == Operation("", dict.fromkeys(names, 4)).after({})
        assert reader.search("honey for a child")
    monkeypatch.undo()
    writer = open_library(tmp_path / "library")  # and stays open
    monkeypatch.setattr("os.access", lambda *_: False)
    reader.records()
    Operation("add", {"add c": 4}).carry_out(writer, tmp_path)
    assert held(reader) == held(writer)
    assert faults(reader) == []


def test_threads_share_a_library(tmp_path: Path) -> None:
    library = open_library(tmp_path / "library")
    Operation("add", {"add a": 1}).carry_out(library, tmp_path)
    errors: list[Exception] = []

    def work(name: str) -> None:
        try:
            for version in range(4):
                Operation("add", {name: version}).carry_out(library, tmp_path)
                library.search("honey for a child")
                library.records()
        except Exception as error:  # told by the thread that waits
            errors.append(error)

    threads = [threading.Thread(target=work, args=(f"add {letter}",)) for letter in "bcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert faults(library) == []
