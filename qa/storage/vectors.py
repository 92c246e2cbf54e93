"""Nearest neighbours: a FAISS file of unit vectors by row number, exact, derived from the database.

A file's name carries the state it holds (``sentences-000042-9f3a61c0.faiss``) and it is put in place by a rename, so
it is never half written and never mistaken for another state; a seal at its end tells whether it is as it was written.
It is mapped into memory: several processes share the pages, and those that are not searched can be let go. What is to
be changed is copied first.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.storage import seals
from qa.storage.derived import Known, State, found, settle, settle_folder, temporary
from qa.storage.ties import Pairs, best

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


_SUFFIX = ".faiss"


class VectorIndex:
    """Vectors by row number; the inner product of unit vectors is their cosine."""

    def __init__(self, name: str, folder: Path, dim: int) -> None:
        import faiss

        self._name, self._folder, self._dim = name, folder, dim
        self._faiss: Any = faiss
        self._index: Any = self._empty()
        self._mapped: Path | None = None  # the file that the vectors lie in; FAISS cannot change those
        self.generation = 0
        self._changes = 0

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def _empty(self) -> Any:
        return self._faiss.IndexIDMap2(self._faiss.IndexFlatIP(self._dim))

    def clear(self) -> None:
        """Forget everything, to be filled anew."""
        self._index, self._mapped = self._empty(), None
        self.generation = self._changes = 0

    def load(self, known: Known) -> None:
        """Load the latest file of a state that is known; a file that cannot be used is passed over."""
        for state, path in found(self._folder, self._name, _SUFFIX):
            if not known(state):
                continue
            try:
                if not seals.holds(path):  # damaged, or of a version that did not seal: rebuilt from the database
                    continue
                index = self._faiss.read_index(str(path), self._faiss.IO_FLAG_MMAP_IFC)
            except (OSError, RuntimeError):  # another process has put a later one in its place; RuntimeError is FAISS's
                continue
            if index.d == self._dim and self._ordered(index):
                self._index, self._mapped, self.generation = index, path, state.generation
                return

    @property
    def whole(self) -> bool:
        """Whether the file in use is as it was written, to its last byte; opening does not read all of a large one."""
        try:
            return self._mapped is None or seals.holds(self._mapped, whole=True)
        except FileNotFoundError:  # another process has put a later one in its place
            return True

    def _ordered(self, index: Any) -> bool:
        """Whether the row numbers are as they were added: ascending, each once."""
        rows = self._faiss.vector_to_array(index.id_map)
        return len(rows) == index.ntotal and bool(np.all(rows[1:] > rows[:-1]))

    def _own(self) -> None:
        """Copy what lies in a file into memory, to change it; the file may be gone by now, the mapping is not."""
        if self._mapped:
            self._rewrite()

    def _rewrite(self) -> None:
        """Copy the vectors into an index of our own, in the order of their rows."""
        vectors = self._faiss.downcast_index(self._index.index).get_xb()
        rows = self._faiss.vector_to_array(self._index.id_map)
        owned = self._empty()
        held = self._faiss.rev_swig_ptr(vectors, len(self) * self._dim).reshape(-1, self._dim)
        order = slice(None) if self._ordered(self._index) else np.argsort(rows)
        owned.add_with_ids(held[order], rows[order])
        self._index, self._mapped = owned, None

    def save(self, state: State) -> None:
        """Write the state down, once enough has changed to be worth it.

        A small change is cheaper to catch up with on opening than a large file is to write. Nor is a disk that is
        full a reason to fail: the file only saves time.
        """
        if not self._changes or (self._changes <= max(1000, len(self) // 20) and self._files()):
            return
        if not self._ordered(self._index):  # what was stored before it was embedded came later than its row
            self._rewrite()
        target = self._folder / f"{self._name}-{state}{_SUFFIX}"
        try:
            unfinished = temporary(self._folder, target.name)
            try:
                self._faiss.write_index(self._index, str(unfinished))
                seals.seal(unfinished)
                settle(unfinished)
                unfinished.replace(target)
            finally:
                unfinished.unlink(missing_ok=True)
            settle_folder(self._folder)
        except (OSError, RuntimeError):  # RuntimeError is FAISS's
            return
        for other, path in self._files():
            if other.generation < state.generation:
                with suppress(OSError):  # another process has it open, and the system minds
                    path.unlink(missing_ok=True)
        self._changes = 0

    def _files(self) -> list[tuple[State, Path]]:
        return found(self._folder, self._name, _SUFFIX)

    def add(self, rows: Sequence[int], vectors: Vectors) -> None:
        """Add vectors float32[n, dim] under new row numbers."""
        self._own()
        self._index.add_with_ids(np.ascontiguousarray(vectors), np.asarray(rows, dtype=np.int64))
        self._changes += len(rows)

    def remove(self, rows: Sequence[int]) -> None:
        """Remove what is there of these rows."""
        if rows and len(self):
            self._own()
            self._changes += int(self._index.remove_ids(np.asarray(rows, dtype=np.int64)))

    def search(self, vector: Vectors, k: int, among: Sequence[int] | None = None) -> Pairs:
        """The k rows with the highest cosine to float32[dim], best first, ties by row; only among these, if given."""
        options = None
        if among is not None:
            chosen = self._faiss.IDSelectorBatch(np.asarray(among, dtype=np.int64))
            options = self._faiss.SearchParameters(sel=chosen)

        def search(count: int) -> Pairs:
            scores, rows = self._index.search(vector.reshape(1, -1), count, params=options)
            return [(int(row), float(score)) for row, score in zip(rows[0], scores[0], strict=True) if row >= 0]

        return best(search, k, len(self) if among is None else len(among))

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """float32[n, dim] of these rows, in their order; KeyError if one is not there."""
        if not len(rows):
            return np.empty((0, self._dim), dtype=np.float32)
        try:
            return np.asarray(self._index.reconstruct_batch(np.asarray(rows, dtype=np.int64)), dtype=np.float32)
        except RuntimeError as error:  # FAISS's
            raise KeyError(str(error)) from error
