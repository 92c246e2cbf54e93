"""What the system is told of a mapped file before it is read."""

from __future__ import annotations

import ctypes
import mmap
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from qa.storage import bases, mapped
from qa.storage.bases import faiss
from tests.storage.test_vectors import DIM, unit

ROWS = range(7, 2007)


def nothing(rows: NDArray[np.int64]) -> NDArray[np.float32]:
    raise KeyError(rows)


@pytest.fixture
def index(tmp_path: Path) -> Any:
    made = bases.Clusters.learn(unit(1000, 1), 40, nothing)
    made.add(np.array(ROWS), unit(len(ROWS), 2))
    made.write(tmp_path / "a.clusters")
    return faiss.read_index(str(tmp_path / "a.clusters"), faiss.IO_FLAG_MMAP_IFC)


def test_what_a_search_will_read_is_asked_for(index: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ahead, asked = mapped.ReadAhead(index), []
    monkeypatch.setattr(ahead, "_advise", lambda start, length, what: asked.append((start, length, what)))
    probed = np.array([3, 17, 4])
    ahead.fetch(probed)
    lists = index.invlists
    for number, (start, length, what) in zip(probed.tolist(), asked, strict=True):
        size = lists.list_size(number)
        assert start % mmap.PAGESIZE == 0
        assert what == mmap.MADV_WILLNEED
        held = ctypes.string_at(start, length)
        codes = faiss.rev_swig_ptr(lists.get_codes(number), size * index.code_size)
        rows: NDArray[np.int64] = faiss.rev_swig_ptr(lists.get_ids(number), size)
        assert size
        assert held.endswith(codes.tobytes() + rows.tobytes())
        assert length < size * (index.code_size + 8) + mmap.PAGESIZE


def test_it_is_asked_for_once_in_a_while(index: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ahead, asked = mapped.ReadAhead(index), []
    monkeypatch.setattr(ahead, "_advise", lambda *span: asked.append(span))
    ahead.fetch(np.array([1, 2]))
    ahead.fetch(np.array([2, 3]))
    assert len(asked) == 3
    monkeypatch.setattr(mapped, "FRESH", -1.0)
    ahead.fetch(np.array([1, 2]))
    assert len(asked) == 5


def test_the_system_takes_what_it_is_told(index: Any) -> None:
    """And a search finds what it found before."""
    query = unit(1, 3)
    before = index.search(query, 10)
    ahead = mapped.ReadAhead(index)
    ahead.fetch(np.arange(index.nlist))
    assert ahead._spans is not None
    assert [ahead._advise(*span, mmap.MADV_WILLNEED) for span in ahead._spans.tolist()] == [0] * index.nlist
    assert all((a == b).all() for a, b in zip(before, index.search(query, 10), strict=True))


def test_a_search_of_a_mapped_file_asks_for_the_clusters_it_looks_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(mapped.ReadAhead, "fetch", lambda _, numbers: asked.extend(numbers.tolist()))
    monkeypatch.setattr(bases, "PROBED", 0.2)
    monkeypatch.setattr(bases, "LOOKED_AT", 0)
    made = bases.Clusters.learn(unit(1000, 1), 40, nothing)
    made.add(np.array(ROWS), unit(len(ROWS), 2))
    made.near(unit(1, 3)[0], 5, None, 1.0, exact=False)
    assert not asked  # it lies in memory
    made.write(tmp_path / "a.clusters")
    read = bases.read(tmp_path / "a.clusters", nothing, DIM)
    assert read is not None
    read.near(unit(1, 3)[0], 5, None, 1.0, exact=False)
    assert len(set(asked)) == len(asked) == 9
    read.own()
    read.near(unit(1, 3)[0], 5, None, 1.0, exact=False)
    assert len(asked) == 9
