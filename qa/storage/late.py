"""Records that were stored before they were embedded: which still wait, how often they were wanted, when it was done.

A record that waits has no vector, nor have its sentences; its text, its sentences and its words are there as every
record's are. A row is kept once it is embedded, with the generation in which it was: so an index that has the record's
generation behind it still learns of its vectors.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence

_TABLES = (
    "CREATE TABLE IF NOT EXISTS late (record INTEGER PRIMARY KEY, sentences INTEGER NOT NULL, "
    "wanted INTEGER NOT NULL DEFAULT 0, generation INTEGER) STRICT",
    "CREATE INDEX IF NOT EXISTS late_next ON late (generation, wanted DESC, record, sentences)",
)

#: Which records an index of a generation has yet to learn of; to be filled in twice with that generation.
SINCE = (
    "((records.generation > ? AND records.row NOT IN (SELECT record FROM late)) "
    "OR records.row IN (SELECT record FROM late WHERE generation > ?))"
)


class Late:
    """Questions to one open database, and changes to it within the caller's transaction."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect

    @property
    def ready(self) -> bool:
        """Whether anything was ever stored before it was embedded."""
        query = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'late'"
        return self._connect().execute(query).fetchone() is not None

    def counts(self) -> tuple[int, int]:
        """How many records wait, and how many sentences they have."""
        if not self.ready:
            return 0, 0
        query = "SELECT count(*), coalesce(sum(sentences), 0) FROM late WHERE generation IS NULL"
        records, sentences = self._connect().execute(query).fetchone()
        return int(records), int(sentences)

    def waiting(self, rows: Sequence[int] | None = None) -> set[int]:
        """Those of these records (None: of all) that wait."""
        if not self.ready:
            return set()
        query = "SELECT record FROM late WHERE generation IS NULL"
        if rows is None:
            return {row for (row,) in self._connect().execute(query)}
        found: set[int] = set()
        for start in range(0, len(rows), 500):
            some = list(rows[start : start + 500])
            marks = ",".join("?" * len(some))
            found.update(row for (row,) in self._connect().execute(f"{query} AND record IN ({marks})", some))
        return found

    def next(self, most: int) -> list[int]:
        """The records to embed next: those wanted most often first, then in the order of adding."""
        if not self.ready:
            return []
        query = "SELECT record FROM late WHERE generation IS NULL ORDER BY wanted DESC, record LIMIT ?"
        return [row for (row,) in self._connect().execute(query, (most,))]

    # -- writing -----------------------------------------------------------------------------------------------

    def put(self, row: int, sentences: int) -> None:
        """A record waits from now on."""
        for statement in _TABLES:
            self._connect().execute(statement)
        self._connect().execute("INSERT INTO late (record, sentences) VALUES (?, ?)", (row, sentences))

    def want(self, rows: Iterable[int]) -> None:
        """A question would have liked to have these embedded."""
        query = "UPDATE late SET wanted = wanted + 1 WHERE record = ? AND generation IS NULL"
        self._connect().executemany(query, [(row,) for row in rows])

    def done(self, row: int, generation: int) -> None:
        """A record is embedded."""
        self._connect().execute("UPDATE late SET generation = ? WHERE record = ?", (generation, row))

    def drop(self, row: int) -> None:
        """A record is removed."""
        if self.ready:
            self._connect().execute("DELETE FROM late WHERE record = ?", (row,))
