"""An index of vectors on its own: mapped from its file, changed after that, and like one that never was a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from qa.storage import bases, seals, vectors
from qa.storage.bases import faiss
from qa.storage.derived import State
from qa.storage.vectors import VectorIndex

DIM = 8


def unit(n: int, seed: int) -> NDArray[np.float32]:
    """Unit vectors that half precision holds exactly, as all that are stored."""
    values = np.random.default_rng(seed).standard_normal((n, DIM)).astype(np.float32)
    return np.asarray(values / np.linalg.norm(values, axis=1, keepdims=True), dtype=np.float16).astype(np.float32)


def nothing(rows: Sequence[int]) -> NDArray[np.float32]:
    raise KeyError(rows)


def saved(folder: Path) -> VectorIndex:
    index = VectorIndex("sentences", folder, DIM, nothing)
    index.add(range(10, 60), unit(50, 1))
    index.generation = 1
    index.save(State(1, "ab"))
    return index


def opened(folder: Path) -> VectorIndex:
    index = VectorIndex("sentences", folder, DIM, nothing)
    index.load(lambda state: state == State(1, "ab"))
    assert index.generation == 1
    return index


def test_a_file_of_an_earlier_version_is_passed_over(tmp_path: Path) -> None:
    """It had every number in four bytes; the database fills another."""
    old = faiss.IndexIDMap2(faiss.IndexFlatIP(DIM))
    old.add_with_ids(unit(3, 1), np.arange(3))
    path = tmp_path / f"sentences-{State(1, 'ab')}.faiss"
    faiss.write_index(old, str(path))
    seals.seal(path)
    index = VectorIndex("sentences", tmp_path, DIM, nothing)
    index.load(lambda _: True)
    assert (index.generation, len(index)) == (0, 0)


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
    index = VectorIndex("sentences", tmp_path, DIM, nothing)
    index.load(lambda state: state == State(1, "ab"))
    assert (index.generation, len(index)) == (0, 0)


def test_an_emptied_index_can_be_filled_again(tmp_path: Path) -> None:
    index = saved(tmp_path)
    index.remove(range(10, 60))
    next(tmp_path.iterdir()).unlink()
    index.generation = 2
    index.save(State(2, "cd"))  # so small a change would not be written beside a file
    again = VectorIndex("sentences", tmp_path, DIM, nothing)
    again.load(lambda _: True)
    assert (again.generation, len(again)) == (2, 0)
    again.add([70], unit(1, 5))
    assert [row for row, _ in again.search(unit(1, 5)[0], 3)] == [70]


class Large:
    """An index for which forty vectors are many, and the vectors as they are."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bases, "EXACT_UP_TO", 40)
        monkeypatch.setattr(bases, "LOOKED_AT", 0)
        monkeypatch.setattr(vectors, "FEW", 5)
        self.folder = folder
        self.known: dict[int, NDArray[np.float32]] = {}

    def stored(self, rows: Sequence[int]) -> NDArray[np.float32]:
        return np.stack([self.known[row] for row in rows]) if len(rows) else np.empty((0, DIM), np.float32)

    def index(self) -> VectorIndex:
        return VectorIndex("sentences", self.folder, DIM, self.stored)

    def filled(self, count: int) -> VectorIndex:
        index = self.index()
        index.begin(count, lambda n: unit(n, 7))
        self.add(index, range(10, 10 + count), 1)
        index.generation = 1
        index.save(State(1, "ab"))
        return index

    def opened(self) -> VectorIndex:
        index = self.index()
        index.load(lambda state: state == State(1, "ab"))
        return index

    def add(self, index: VectorIndex, rows: Sequence[int], seed: int) -> None:
        made = unit(len(rows), seed)
        self.known |= dict(zip(rows, made, strict=True))
        index.add(rows, made)

    def remove(self, index: VectorIndex, rows: Sequence[int]) -> None:
        self.known = {row: vector for row, vector in self.known.items() if row not in rows}
        index.remove(rows)

    def nearest(self, query: NDArray[np.float32], k: int, among: Sequence[int] | None = None) -> list[int]:
        rows = [row for row in (self.known if among is None else among) if row in self.known]
        return sorted(rows, key=lambda row: (-float(self.known[row] @ query), row))[:k]


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Large:
    return Large(tmp_path, monkeypatch)


def found(index: VectorIndex, query: NDArray[np.float32], k: int, among: Sequence[int] | None = None) -> list[int]:
    return [row for row, _ in index.search(query, k, among)]


def test_in_all_clusters_the_nearest_are_those_of_an_exact_search(
    large: Large, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bases, "PROBED", 1.0)
    index = large.filled(2000)
    assert [path.suffix for path in large.folder.iterdir()] == [".clusters"]
    for one in (index, large.opened()):
        for query in unit(20, 2):
            assert found(one, query, 10) == large.nearest(query, 10)
            for among in (range(100, 104), range(100, 700), range(0, 3000)):
                assert found(one, query, 10, among) == large.nearest(query, 10, [row for row in among if row > 9])


def test_in_some_clusters_nearly_all_of_the_nearest_are_found(large: Large) -> None:
    index = large.filled(4000)
    queries = unit(50, 2)
    right = [len({*found(index, query, 20)} & {*large.nearest(query, 20)}) / 20 for query in queries]
    assert 0.5 < np.mean(right) < 1
    for query in queries:  # and with their true cosines, in order
        pairs = index.search(query, 20)
        assert pairs == sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
        assert all(score == pytest.approx(float(large.known[row] @ query), abs=1e-6) for row, score in pairs)


def test_a_search_that_need_not_be_exact_reads_no_vector(large: Large, monkeypatch: pytest.MonkeyPatch) -> None:
    index = large.filled(4000)
    queries = unit(20, 2)
    exact = [index.search(query, 20) for query in queries]
    asked: list[Sequence[int]] = []
    monkeypatch.setattr(large, "stored", asked.append)
    index = large.opened()
    for query, true in zip(queries, exact, strict=True):
        rough = index.search(query, 20, exact=False)
        assert rough == sorted(rough, key=lambda pair: (-pair[1], pair[0]))
        assert len({row for row, _ in rough} & {row for row, _ in true}) > 15
        assert all(score == pytest.approx(float(large.known[row] @ query), abs=0.02) for row, score in rough)
    assert not asked


@pytest.mark.parametrize("number", [30, 600])
def test_clusters_grow_and_shrink(large: Large, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small change lies beside the file, and a large one is written anew."""
    monkeypatch.setattr(bases, "PROBED", 1.0)
    large.filled(2000)
    again = large.opened()
    before = {path.name for path in large.folder.iterdir()}
    for turn in range(4):
        large.add(again, range(5000 + turn * number, 5000 + (turn + 1) * number), turn)
        large.remove(again, [*range(10 + turn * number // 2, 10 + (turn + 1) * number // 2), 5000 + turn, 9999])
        assert len(again) == len(large.known)
        for query in unit(5, 40 + turn):
            assert found(again, query, 10) == large.nearest(query, 10)
            assert found(again, query, 10, range(5000, 5400)) == large.nearest(query, 10, range(5000, 5400))
    again.save(State(2, "cd"))
    assert ({path.name for path in large.folder.iterdir()} == before) == (number == 30)
    rows = sorted(large.known)[::7]
    assert np.array_equal(again.vectors(rows), large.stored(rows))


def test_what_lies_in_a_file_outgrows_it(large: Large) -> None:
    index = large.filled(30)
    assert [path.suffix for path in large.folder.iterdir()] == [".faiss"]
    assert index.suits(40)
    assert not index.suits(41)
    index = large.filled(100)
    assert index.suits(30)  # a library around the limit is not made anew with every change
    assert index.suits(390)
    assert not index.suits(20)
    assert not index.suits(420)


@pytest.mark.parametrize("keep", [0, 20, 1000, -1])
def test_clusters_cut_short_are_passed_over(large: Large, keep: int) -> None:
    large.filled(100)
    (file,) = large.folder.iterdir()
    file.write_bytes(file.read_bytes()[:keep])
    assert len(large.opened()) == 0
