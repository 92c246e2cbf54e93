"""What derived files need to catch up with the database: vectors, words, and what was removed, since a generation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from qa.storage.checksums import of_blobs
from qa.storage.late import SINCE
from qa.storage.packing import unpack
from qa.storage.records import Level, Records, Stored

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

_VECTORS_SINCE: dict[Level, str] = {
    "records": "SELECT row, vector, row, {} FROM records WHERE {} ORDER BY row",
    "sentences": "SELECT v.row, v.vector, records.row, {} FROM records JOIN sentence_vectors v "
    "ON v.row >= first_sentence AND v.row < first_sentence + sentences WHERE {} ORDER BY v.row",
}

_VECTORS_AT: dict[Level, str] = {
    "records": "SELECT row, vector FROM records WHERE row IN ({}) AND length(vector)",
    "sentences": "SELECT row, vector FROM sentence_vectors WHERE row IN ({})",
}


class Changes(Records):
    """The stored vectors, and all that was written or removed after a generation."""

    def vectors_of(self, stored: Stored) -> tuple[Vectors, Vectors]:
        """A record's vector float32[dim] and its sentences' float32[n, dim]; both empty while it waits."""
        blob = self._open().execute("SELECT vector FROM records WHERE row = ?", (stored.row,)).fetchone()[0]
        query = "SELECT vector FROM sentence_vectors WHERE row >= ? AND row < ? ORDER BY row"
        span = (stored.first_sentence, stored.first_sentence + stored.sentences)
        blobs = [row[0] for row in self._open().execute(query, span)]
        self._check(stored, "vector", of_blobs([blob]))
        self._check(stored, "sentence_vectors", of_blobs(blobs))
        own = unpack([blob])
        return own[0], unpack(blobs) if blobs else np.empty((0, own.shape[1]), dtype=np.float32)

    def vectors_at(self, level: Level, rows: Sequence[int]) -> Vectors:
        """float32[n, dim] of these records or sentences, in their order; KeyError if one has no vector."""
        if not rows:
            return np.empty((0, self.fact("dim", int)), dtype=np.float32)
        found = dict(self._select(_VECTORS_AT[level], rows))
        return unpack([found[row] for row in rows])

    def some_vectors(self, level: Level, count: int) -> Vectors:
        """About so many vectors from all over the library, float32[n, dim]; the same of the same library."""
        query = f"SELECT row FROM {level} WHERE row % ? = 0 ORDER BY row"  # noqa: S608
        step = max(1, self.embedded(level) // count)
        rows = [row for (row,) in self._open().execute(query, (step,))]
        return unpack([blob for _, blob in self._select(_VECTORS_AT[level], rows)])

    def removed_since(self, level: Level, generation: int) -> list[int]:
        """The rows that were removed after a generation."""
        query = "SELECT record, first_sentence, sentences FROM removed WHERE generation > ? ORDER BY record"
        rows: list[int] = []
        for record, first, count in self._open().execute(query, (generation,)):
            rows += [record] if level == "records" else range(first, first + count)
        return rows

    def added_since(self, generation: int) -> bool:
        """Whether a record was written after a generation."""
        query = "SELECT EXISTS (SELECT 1 FROM records WHERE generation > ?)"
        return bool(self._open().execute(query, (generation,)).fetchone()[0])

    def texts_since(self, generation: int) -> Iterator[tuple[int, str]]:
        """(record row, title, abstract and full text) of the records written after a generation."""
        query = f"SELECT row, json, {self._sum('text')} FROM records WHERE generation > ? ORDER BY row"  # noqa: S608
        for row, text, found in self._open().execute(query, (generation,)):
            record = self._record(text, found)
            yield row, "\n".join(part for part in (f"{record.title}\n{record.abstract}", record.body) if part)

    def vectors_since(self, level: Level, generation: int, size: int = 20_000) -> Iterator[tuple[list[int], Vectors]]:
        """(rows, float32[n, dim]) of what was written after a generation, in portions."""
        sums = self._sum("vector" if level == "records" else "sentence_vectors")
        late = self.late.ready
        query = _VECTORS_SINCE[level].format(sums, SINCE if late else "records.generation > ?")
        cursor = self._open().execute(query, (generation,) * (1 + late))
        whose, running, expected = 0, 0, None
        while portion := cursor.fetchmany(size):
            for _, blob, record, kept in portion:
                if record != whose:
                    self._compare(running, expected)
                    whose, running, expected = record, 0, kept
                running = of_blobs([blob], running)
            yield [row for row, *_ in portion], unpack([blob for _, blob, *_ in portion])
        self._compare(running, expected)

    def _compare(self, found: int, expected: int | None) -> None:
        if self.checking and expected is not None and found != expected:
            raise self._damaged("a vector")
