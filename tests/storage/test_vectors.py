"""An index of vectors on its own: mapped from its file, changed after that, and like one that never was a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from qa.storage.derived import State
from qa.storage.vectors import VectorIndex

DIM = 8


def unit(n: int, seed: int) -> NDArray[np.float32]:
    values = np.random.default_rng(seed).standard_normal((n, DIM)).astype(np.float32)
    return np.asarray(values / np.linalg.norm(values, axis=1, keepdims=True), dtype=np.float32)


def saved(folder: Path) -> VectorIndex:
    index = VectorIndex("sentences", folder, DIM)
    index.add(range(10, 60), unit(50, 1))
    index.generation = 1
    index.save(State(1, "ab"))
    return index


def opened(folder: Path) -> VectorIndex:
    index = VectorIndex("sentences", folder, DIM)
    index.load(lambda state: state == State(1, "ab"))
    assert index.generation == 1
    return index


def test_a_mapped_index_finds_what_the_one_in_memory_finds(tmp_path: Path) -> None:
    index, again = saved(tmp_path), opened(tmp_path)
    for query in unit(5, 2):
        assert again.search(query, 7) == index.search(query, 7)
        assert again.search(query, 7, [11, 12, 13]) == index.search(query, 7, [11, 12, 13])
    assert np.array_equal(again.vectors([59, 10]), index.vectors([59, 10]))


@pytest.mark.parametrize("file", ["there", "gone"])
def test_a_mapped_index_can_be_changed(tmp_path: Path, file: str) -> None:
    index, again = saved(tmp_path), opened(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    if file == "gone":  # another process has saved a later state
        for path in before:
            path.unlink()
    for one in (index, again):
        one.remove([10, 33])
        one.add([60, 61], unit(2, 3))
    assert len(again) == 50
    for query in unit(5, 4):
        assert again.search(query, 50) == index.search(query, 50)
    assert np.array_equal(again.vectors([61, 11]), index.vectors([61, 11]))
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == (before if file == "there" else {})


@pytest.mark.parametrize("keep", [0, 20, 100, 1000])
def test_a_file_cut_short_is_passed_over(tmp_path: Path, keep: int) -> None:
    saved(tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:keep])
    index = VectorIndex("sentences", tmp_path, DIM)
    index.load(lambda state: state == State(1, "ab"))
    assert (index.generation, len(index)) == (0, 0)


def test_an_emptied_index_can_be_filled_again(tmp_path: Path) -> None:
    index = saved(tmp_path)
    index.remove(range(10, 60))
    next(tmp_path.iterdir()).unlink()
    index.generation = 2
    index.save(State(2, "cd"))  # so small a change would not be written beside a file
    again = VectorIndex("sentences", tmp_path, DIM)
    again.load(lambda _: True)
    assert (again.generation, len(again)) == (2, 0)
    again.add([70], unit(1, 5))
    assert [row for row, _ in again.search(unit(1, 5)[0], 3)] == [70]
