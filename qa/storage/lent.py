"""Vectors that were made for a question, and stand in for those of records that are not embedded yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from qa.storage.records import Level

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

#: Records whose vectors are kept so until they can be stored, at most.
MOST = 2000


class Lent:
    """The vectors of records and of their sentences, by row; and the rows that it would have been good to have, too."""

    def __init__(self) -> None:
        self.records: dict[int, tuple[Vectors, Vectors]] = {}
        self.wanted: list[int] = []
        self._sentences: dict[int, Vectors] = {}

    def __bool__(self) -> bool:
        return bool(self.records or self.wanted)

    def clear(self) -> None:
        self.records, self.wanted, self._sentences = {}, [], {}

    def add(
        self,
        vectors: Mapping[int, tuple[Vectors, Vectors]],
        layout: Callable[[Sequence[int]], Mapping[int, Sequence[int]]],
        using: Sequence[int],
    ) -> None:
        """Take these in, rounded as if they had been stored; once there are too many, let go of all but the ``using``.

        ``layout`` tells the rows of the sentences of records.
        """
        added = dict(vectors)
        if len(self.records) > MOST:
            added |= {row: self.records[row] for row in using if row in self.records}
            self.clear()
        for row, (own, of_sentences) in added.items():
            as_stored = own.astype(np.float16).astype(np.float32), of_sentences.astype(np.float16).astype(np.float32)
            self.records[row] = as_stored
            self._sentences |= zip(layout([row])[row], as_stored[1], strict=True)

    def of(self, level: Level, rows: Sequence[int]) -> Mapping[int, Vectors]:
        """Those of these rows that are lent, and perhaps others."""
        if level == "sentences":
            return self._sentences
        return {row: self.records[row][0] for row in rows if row in self.records}
