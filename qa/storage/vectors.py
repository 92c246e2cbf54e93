"""Nearest neighbours: unit vectors by row number, in a FAISS file derived from the database.

A file's name carries the state it holds (``sentences-000042-9f3a61c0.faiss``) and it is put in place by a rename, so
it is never half written and never mistaken for another state; a seal at its end tells whether it is as it was written.
It is mapped into memory: several processes share the pages, and those that are not searched can be let go. A small
change is kept beside it; with a large one, it is copied, changed and written anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.storage import seals
from qa.storage.derived import Known, State, found, settle, settle_folder, temporary
from qa.storage.ties import Pairs, best

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa.storage.bases import Base

    Vectors = NDArray[np.float32]
    Rows = NDArray[np.int64]

#: Of so few chosen rows of a large library, every vector is compared.
FEW = 5000

_SUFFIXES = (".faiss", ".clusters")


class VectorIndex:
    """Vectors by row number; the inner product of unit vectors is their cosine.

    ``stored`` gives the vectors of rows (float32[n, dim], in their order) from the database, KeyError if one is not
    there: a large library's are not kept here as they are.
    """

    def __init__(self, name: str, folder: Path, dim: int, stored: Callable[[Sequence[int]], Vectors]) -> None:
        from qa.storage import bases

        self._name, self._folder, self._dim = name, folder, dim
        self._bases = bases
        self._stored: Callable[[Rows], Vectors] = lambda rows: stored(rows.tolist())
        self._base: Base = bases.Flat(dim)
        self._mapped: Path | None = None  # the file that the base lies in, which cannot be changed
        self._fresh = bases.Flat(dim)  # what has come since
        self._gone: Rows = np.empty(0, dtype=np.int64)  # what has gone since
        self._held: Rows | None = None  # the mapped base's rows, once they were asked for
        self.generation = 0
        self.state: State | None = None  #: that of the file, as long as nothing has changed since
        self._changes = 0

    def __len__(self) -> int:
        return len(self._base) - len(self._gone) + len(self._fresh)

    def clear(self) -> None:
        """Forget everything, to be filled anew."""
        self._use(self._bases.Flat(self._dim))
        self.generation = self._changes = 0

    def suits(self, count: int) -> bool:
        """Whether so many vectors can go on lying as these do."""
        return self._base.suits(count)

    def begin(self, count: int, sample: Callable[[int], Vectors]) -> None:
        """Forget everything, to be filled anew with so many; ``sample`` gives about so many of them."""
        self.clear()
        if not self._base.suits(count):
            lists = self._bases.lists_for(count)
            self._use(self._bases.Clusters.learn(sample(lists * self._bases.SAMPLED), lists, self._stored))

    def _use(self, base: Base, mapped: Path | None = None) -> None:
        self._base, self._mapped, self._held = base, mapped, None
        self._fresh, self._gone = self._bases.Flat(self._dim), np.empty(0, dtype=np.int64)
        self.state = None

    # -- files -------------------------------------------------------------------------------------------------

    def load(self, known: Known) -> None:
        """Load the latest file of a state that is known; a file that cannot be used is passed over."""
        for state, path in self._files():
            if not known(state):
                continue
            try:
                if not seals.holds(path):  # damaged, or of a version that did not seal: rebuilt from the database
                    continue
                base = self._bases.read(path, self._stored, self._dim)
            except (OSError, RuntimeError):  # another process has put a later one in its place; RuntimeError is FAISS's
                continue
            if base is not None:
                self._use(base, path)
                self.generation, self.state = state.generation, state
                return

    @property
    def whole(self) -> bool:
        """Whether the file in use is as it was written, to its last byte; opening does not read all of a large one."""
        try:
            return self._mapped is None or seals.holds(self._mapped, whole=True)
        except FileNotFoundError:  # another process has put a later one in its place
            return True

    def save(self, state: State) -> None:
        """Write the state down, once enough has changed to be worth it.

        A small change is cheaper to catch up with on opening than a large file is to write. Nor is a disk that is
        full a reason to fail: the file only saves time.
        """
        if not self._changes or (self._small(self._changes) and self._files()):
            return
        self._own()
        target = self._folder / f"{self._name}-{state}{self._base.suffix}"
        try:
            unfinished = temporary(self._folder, target.name)
            try:
                self._base.write(unfinished)
                seals.seal(unfinished)
                settle(unfinished)
                unfinished.replace(target)
            finally:
                unfinished.unlink(missing_ok=True)
            settle_folder(self._folder)
            if base := self._bases.read(target, self._stored, self._dim):
                self._use(base, target)
        except (OSError, RuntimeError):  # RuntimeError is FAISS's
            return
        for other, path in self._files():
            if other.generation < state.generation:
                with suppress(OSError):  # another process has it open, and the system minds
                    path.unlink(missing_ok=True)
        self._changes = 0

    def _small(self, changes: int) -> bool:
        return changes <= max(1000, len(self) // 20)

    def _files(self) -> list[tuple[State, Path]]:
        """The files there are, the latest state first."""
        return sorted((one for suffix in _SUFFIXES for one in found(self._folder, self._name, suffix)), reverse=True)

    # -- changes -----------------------------------------------------------------------------------------------

    def _own(self) -> None:
        """Have everything in one base that can be changed."""
        if self._mapped is None:
            return
        base, gone, rows = self._base, self._gone, self._fresh.rows
        base.own()
        if len(gone):
            base.remove(gone)
        if len(rows):
            base.add(rows, self._fresh.vectors(rows))
        self._use(base)

    def add(self, rows: Sequence[int], vectors: Vectors) -> None:
        """Add vectors float32[n, dim] under new row numbers."""
        self.state = None
        self._changes += len(rows)
        if not self._small(self._changes):
            self._own()
        (self._base if self._mapped is None else self._fresh).add(np.asarray(rows, dtype=np.int64), vectors)

    def remove(self, rows: Sequence[int]) -> None:
        """Remove what is there of these rows."""
        if not rows or not len(self):
            return
        self.state = None
        numbers = np.unique(np.asarray(rows, dtype=np.int64))
        if self._mapped is None:
            self._changes += self._base.remove(numbers)
            return
        if self._held is None:
            self._held = self._base.rows
        gone = np.union1d(self._gone, np.intersect1d(numbers, self._held, assume_unique=True))
        self._changes += len(gone) - len(self._gone) + self._fresh.remove(numbers)
        self._gone = gone
        if not self._small(self._changes):
            self._own()

    # -- finding -----------------------------------------------------------------------------------------------

    def search(
        self, vector: Vectors, k: int, among: Sequence[int] | Rows | None = None, *, exact: bool = True
    ) -> Pairs:
        """The k rows with the highest cosine to float32[dim], best first, ties by row; only among these, if given.

        Of a large library those are the highest of the clusters that are nearest: nearly all of the true ones. If they
        need not be ``exact``, they are those with the highest cosines of codes, and these are given.
        """
        chosen = None if among is None else np.asarray(among, dtype=np.int64)
        if chosen is not None and len(chosen) <= FEW and not isinstance(self._base, self._bases.Flat):
            return self._bases.compared(vector, chosen, self._stored(chosen))[:k]
        passing = _selector(chosen, self._gone)
        share = 1.0 if chosen is None else max(len(chosen), 1) / max(len(self), 1)

        def search(count: int) -> Pairs:
            pairs = self._base.near(vector, count, passing, share, exact=exact)
            if len(self._fresh):
                pairs += self._fresh.near(vector, count, passing, share, exact=exact)
                pairs.sort(key=lambda pair: (-pair[1], pair[0]))
            return pairs[:count]

        return best(search, k, len(self) if among is None else len(among))

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """float32[n, dim] of these rows, in their order; KeyError if one is not there."""
        if not len(rows):
            return np.empty((0, self._dim), dtype=np.float32)
        numbers = np.asarray(rows, dtype=np.int64)
        fresh = np.isin(numbers, self._fresh.rows) if len(self._fresh) else np.zeros(len(numbers), dtype=bool)
        if not fresh.any():
            return self._base.vectors(numbers)
        made = np.empty((len(numbers), self._dim), dtype=np.float32)
        made[fresh] = self._fresh.vectors(numbers[fresh])
        if not fresh.all():
            made[~fresh] = self._base.vectors(numbers[~fresh])
        return made


def _selector(chosen: Rows | None, gone: Rows) -> Any:
    """What lets pass the chosen (None: all) but for those that are gone; None where everything passes."""
    from qa.storage.bases import faiss

    if chosen is None and not len(gone):
        return None
    named = gone if chosen is None else chosen
    bits = np.zeros((int(named.max(initial=0)) | 7) + 1, dtype=bool)
    bits[named] = True
    if chosen is not None:
        bits[gone[gone < len(bits)]] = False
    passing = faiss.IDSelectorBitmap(np.packbits(bits, bitorder="little"))
    return passing if chosen is not None else faiss.IDSelectorNot(passing)
