"""What of a mapped file is about to be read, said to the system beforehand.

A page that is mapped and not in memory is fetched when it is looked at, and who looks waits, one page after the other.
A system that knows beforehand has a disk fetch many at once: a first search of a large library waits a tenth as long.
"""

from __future__ import annotations

import ctypes
import mmap
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Seconds in which what was asked for is taken to be in memory still.
FRESH = 20.0


class ReadAhead:
    """The clusters of a FAISS index whose file is mapped; does nothing where the system cannot be told."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self._advise: Any = None
        with suppress(OSError, AttributeError, TypeError):  # TypeError is Windows', where there is no None to open
            self._advise = ctypes.CDLL(None).madvise
            self._advise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        self._spans: NDArray[np.int64] | None = None
        self._asked = np.full(index.nlist, -np.inf)

    def fetch(self, numbers: NDArray[np.int64]) -> None:
        """Have these clusters brought into memory."""
        if self._advise is None:
            return
        now = time.monotonic()
        due = numbers[now - self._asked[numbers] > FRESH]
        if not len(due):
            return
        self._asked[due] = now
        if self._spans is None:
            self._spans = self._located()
        for start, length in self._spans[due].tolist():
            self._advise(start, length, mmap.MADV_WILLNEED)

    def _located(self) -> NDArray[np.int64]:
        """int64[clusters, 2]: where each begins in memory, at the start of a page, and its length: codes, then rows."""
        lists, found = self._index.invlists, []
        for number in range(self._index.nlist):
            codes, rows = int(lists.get_codes(number)), int(lists.get_ids(number))
            start = codes - codes % mmap.PAGESIZE
            found.append((start, max(0, rows + 8 * lists.list_size(number) - start)))
        return np.array(found, dtype=np.int64)
