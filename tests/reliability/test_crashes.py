"""Killed at any moment, or out of space: what was committed is there, nothing is torn, and it goes on.

A few of each here; `python -m benchmarks.reliability.crashes` does hundreds.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from benchmarks.reliability.crashes import BATCH, Operation, check, fill, kill
from benchmarks.reliability.oracle import ids
from benchmarks.reliability.words import open_library


def test_a_killed_writer_loses_nothing(tmp_path: Path) -> None:
    result = kill(12, 3, tmp_path)
    assert result["failures"] == []
    assert result["kills"] == 12


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    result = fill(8, 5, tmp_path)
    assert result["failures"] == []
    assert set(result["stopped"]) - {"finished", "before it began"}  # some were stopped half way


def test_the_trial_tells_lost_torn_and_half_done(tmp_path: Path) -> None:
    operation = Operation("add", {"add a": 1})
    library = open_library(tmp_path / "library")
    operation.carry_out(library, tmp_path)
    library.close()
    state = operation.after({})
    assert check(tmp_path, [state], [], 0) == (state, [])
    assert check(tmp_path, [{}, state], [operation], 0) == (state, [])  # done, but not yet told
    (said,) = check(tmp_path, [{}], [], 0)[1]
    assert "holds" in said
    half = dict.fromkeys(ids("add a", 1)[: BATCH - 1], 1)
    assert not operation.allows({}, half)
    connection = sqlite3.connect(tmp_path / "library" / "library.sqlite")
    with connection:
        connection.execute("DELETE FROM checksums")
        connection.execute("UPDATE records SET vector = (SELECT vector FROM records WHERE row = 2) WHERE row = 1")
    connection.close()
    assert "other vectors" in " ".join(check(tmp_path, [state], [], 0)[1])


@pytest.mark.parametrize("lost", ["library.sqlite"])
def test_a_log_without_its_database_is_not_taken_for_a_new_one(tmp_path: Path, lost: str) -> None:
    from qa.errors import Corrupt

    folder = tmp_path / "library"
    folder.mkdir()
    (folder / f"{lost}-wal").write_bytes(b"all that is left")
    library = open_library(folder)
    with pytest.raises(Corrupt, match="Put that back"):
        Operation("add", {"add a": 1}).carry_out(library, tmp_path)
    assert (folder / f"{lost}-wal").read_bytes() == b"all that is left"
    assert sorted(path.name for path in folder.iterdir()) == [f"{lost}-wal"]
