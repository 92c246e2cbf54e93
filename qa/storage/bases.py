"""What vectors lie in: each as it is, and all are compared; or, of a large library, as codes in clusters.

Both are FAISS indexes whose file can be mapped into memory. What is mapped cannot be changed: :meth:`Flat.own` and
:meth:`Clusters.own` copy it first.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import faiss as _faiss
import numpy as np

from qa.storage.mapped import ReadAhead
from qa.storage.ties import Pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Rows = NDArray[np.int64]

faiss: Any = _faiss  # it has no types

#: Vectors up to which all are compared; a search takes 0.1 microseconds for each.
EXACT_UP_TO = 400_000

#: Clusters for the square root of the number of vectors: ``docs/scale.md`` compares.
LISTS = 3.0

#: Share of the clusters in which a search looks, and how many vectors it looks at at least: with fewer of them, the
#: nearest lie further apart.
PROBED, LOOKED_AT = 1 / 16, 150_000

#: Vectors copied together.
_COPIED = 20_000

#: Vectors for each cluster from which the clusters are learned.
SAMPLED = 64

#: The clusters are learned anew when there should be so many times as many: of four times as many vectors.
OUTGROWN = 2


class Base(Protocol):
    """Vectors by row number."""

    suffix: str

    def __len__(self) -> int: ...

    @property
    def rows(self) -> Rows:
        """Every row once, ascending."""

    def suits(self, count: int) -> bool:
        """Whether so many vectors should lie in a base like this one."""

    def near(self, vector: Vectors, count: int, chosen: Any, share: float, *, exact: bool) -> Pairs:
        """(row, cosine) of about so many that a FAISS selector lets pass (None: all; else this share of them).

        If they need not be ``exact``, cosines may be off by about 0.01, and nothing is read but the index.
        """

    def vectors(self, rows: Rows) -> Vectors:
        """float32[n, dim], in the order of the rows; KeyError if one is not there."""

    def add(self, rows: Rows, vectors: Vectors) -> None: ...

    def remove(self, rows: Rows) -> int:
        """Remove what is there of these; returns how many were."""

    def own(self) -> None:
        """Copy what lies in a file into memory, to change it; the file may be gone by now, the mapping is not."""

    def write(self, path: Path) -> None: ...


def read(path: Path, stored: Callable[[Rows], Vectors], dim: int) -> Base | None:
    """Map a file into memory; None if it is none of ours. RuntimeError (FAISS's) where it cannot be read."""
    index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    if index.d == dim and isinstance(index, faiss.IndexIDMap2):
        kept = faiss.downcast_index(index.index)
        return Flat(dim, index) if isinstance(kept, faiss.IndexScalarQuantizer) else None  # as earlier versions had it
    if index.d == dim and isinstance(index, faiss.IndexIVFScalarQuantizer):
        return Clusters(index, stored, mapped=True)
    return None


class Flat:
    """Every vector as it is, in half precision as it is stored: exact, in time linear in their number.

    A search reads all of them, and half the bytes are read in little more than half the time.
    """

    suffix = ".faiss"

    def __init__(self, dim: int, index: Any = None) -> None:
        self._index = _halves(dim) if index is None else index

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def rows(self) -> Rows:
        return np.sort(faiss.vector_to_array(self._index.id_map))

    def suits(self, count: int) -> bool:
        return count <= EXACT_UP_TO

    def near(
        self,
        vector: Vectors,
        count: int,
        chosen: Any,
        share: float,  # noqa: ARG002 - all are looked at
        *,
        exact: bool,  # noqa: ARG002 - it always is
    ) -> Pairs:
        options = None if chosen is None else faiss.SearchParameters(sel=chosen)
        scores, rows = self._index.search(vector.reshape(1, -1), count, params=options)
        return [(int(row), float(score)) for row, score in zip(rows[0], scores[0], strict=True) if row >= 0]

    def vectors(self, rows: Rows) -> Vectors:
        try:
            return np.asarray(self._index.reconstruct_batch(rows), dtype=np.float32)
        except RuntimeError as error:  # FAISS's
            raise KeyError(str(error)) from error

    def add(self, rows: Rows, vectors: Vectors) -> None:
        self._index.add_with_ids(np.ascontiguousarray(vectors), rows)

    def remove(self, rows: Rows) -> int:
        return int(self._index.remove_ids(rows))

    def own(self) -> None:
        rows, owned = faiss.vector_to_array(self._index.id_map), _halves(self._index.d)
        for start in range(0, len(rows), _COPIED):
            portion = rows[start : start + _COPIED]
            owned.add_with_ids(self._index.index.reconstruct_n(start, len(portion)), portion)
        self._index = owned

    def write(self, path: Path) -> None:
        faiss.write_index(self._index, str(path))


def _halves(dim: int) -> Any:
    """An index of vectors in half precision, by row, that can be changed."""
    codes = faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    owned = faiss.IndexIDMap2(codes)
    codes.this.disown()
    owned.own_fields = True
    return owned


class Clusters:
    """A byte for each number of a vector, in clusters of which a search looks into the nearest.

    What it finds can be compared exactly, with the vectors as they are ``stored`` elsewhere.
    """

    suffix = ".clusters"

    def __init__(self, index: Any, stored: Callable[[Rows], Vectors], *, mapped: bool = False) -> None:
        self._index, self._stored = index, stored
        self._ahead = ReadAhead(index) if mapped else None

    @classmethod
    def learn(cls, sample: Vectors, lists: int, stored: Callable[[Rows], Vectors]) -> Clusters:
        """Clusters for vectors like those of the sample (float32[n, dim]), with nothing in them; the same each time."""
        dim, lists = sample.shape[1], min(lists, len(sample))
        means = faiss.Kmeans(dim, lists, niter=8, spherical=True, min_points_per_centroid=1)
        means.train(sample)
        nearest = faiss.IndexFlatIP(dim)
        nearest.add(means.centroids)
        codes = faiss.ScalarQuantizer.QT_8bit
        index = faiss.IndexIVFScalarQuantizer(nearest, dim, lists, codes, faiss.METRIC_INNER_PRODUCT)
        nearest.this.disown()
        index.own_fields = True
        index.train(sample)
        return cls(index, stored)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def rows(self) -> Rows:
        lists, sizes = self._index.invlists, self._sizes()
        held = [faiss.rev_swig_ptr(lists.get_ids(n), size) for n, size in enumerate(sizes) if size]
        return np.sort(np.concatenate(held)) if held else np.empty(0, dtype=np.int64)

    def _sizes(self) -> list[int]:
        return [self._index.invlists.list_size(n) for n in range(self._index.nlist)]

    def suits(self, count: int) -> bool:
        # Half, so that a library around the limit is not made anew with every change.
        return count > EXACT_UP_TO / 2 and lists_for(count) < OUTGROWN * self._index.nlist

    def near(self, vector: Vectors, count: int, chosen: Any, share: float, *, exact: bool) -> Pairs:
        lists = int(self._index.nlist)
        probed = max(PROBED, LOOKED_AT / max(len(self), 1)) / share  # what passes is spread over more of them
        probes = min(lists, round(lists * probed) + 1)
        options = faiss.SearchParametersIVF(sel=chosen, nprobe=probes)
        wanted, query = count + count // 4 if exact else count, vector.reshape(1, -1)
        if self._ahead is not None:
            self._ahead.fetch(self._index.quantizer.search(query, probes)[1][0])
        scores, found = self._index.search(query, wanted, params=options)
        rows = found[0][found[0] >= 0]
        if exact:
            return compared(vector, rows, self._stored(rows))[:count]
        return [(int(row), float(score)) for row, score in zip(rows, scores[0], strict=False)]

    def vectors(self, rows: Rows) -> Vectors:
        return self._stored(rows)

    def add(self, rows: Rows, vectors: Vectors) -> None:
        self._index.add_with_ids(np.ascontiguousarray(vectors), rows)

    def remove(self, rows: Rows) -> int:
        return int(self._index.remove_ids(rows))

    def own(self) -> None:
        index, mapped = self._index, self._index.invlists
        lists = faiss.ArrayInvertedLists(index.nlist, index.code_size)
        for number, size in enumerate(self._sizes()):
            lists.add_entries(number, size, mapped.get_ids(number), mapped.get_codes(number))
        index.replace_invlists(lists, True)
        lists.this.disown()
        self._ahead = None

    def write(self, path: Path) -> None:
        faiss.write_index(self._index, str(path))


def lists_for(count: int) -> int:
    """Into how many clusters so many vectors go."""
    return max(1, round(LISTS * sqrt(count)))


def cosines(vectors: Vectors, vector: Vectors) -> Vectors:
    """float32[n]: the cosines of unit vectors float32[n, dim] with one.

    By einsum, as BLAS gives so small a product to threads that then spin for longer than it takes, and as its sums may
    depend on how many they are.
    """
    return np.asarray(np.einsum("nd,d->n", vectors, vector))


def compared(vector: Vectors, rows: Rows, vectors: Vectors) -> Pairs:
    """(row, cosine) of all of these, best first, ties by row."""
    scores = cosines(vectors, vector)
    order = np.lexsort((rows, -scores))
    return [(int(rows[n]), float(scores[n])) for n in order]
