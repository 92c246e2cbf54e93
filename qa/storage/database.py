"""The one truth: records, sentences, vectors and meta data in one SQLite file.

Every write is one transaction and raises the library's *generation* by one. Records carry the generation they were
written in, removed ones leave a tombstone; with these two, whatever is derived from this file can catch up. Row
numbers are never used twice, and the sentences of a record have consecutive ones.

Here is what is written; how the file is opened, and what is read of it, stands in the modules it builds upon.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qa.merging import content_hash
from qa.schema import Appraisal, Filters, Record, Retraction, Sentence
from qa.storage.appraisals import Appraisals
from qa.storage.changes import Changes
from qa.storage.checksums import TABLE as CHECKSUMS
from qa.storage.checksums import of_blobs, of_sentences, of_text
from qa.storage.ledger import Ledger
from qa.storage.packing import pack
from qa.storage.records import PLACES
from qa.storage.selection import spans
from qa.storage.tables import FORMAT
from qa.storage.variants import Variants

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

_INSERT_SENTENCE = (
    "INSERT INTO sentences (record, field, number, start, end, section, role) VALUES (?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class Indexed:
    """A record ready to be stored: its sentences, and the vectors of both (float32[dim], float32[n, dim]).

    Of one that is to be embedded later, both are empty (float32[0], float32[0, 0]): it waits.
    ``rules`` is the version of the rules that made the appraisal; without one it is made when it is first needed.
    """

    record: Record
    sentences: tuple[Sentence, ...]
    vector: Vectors
    sentence_vectors: Vectors
    appraisal: Appraisal | None = None
    rules: str = ""

    @property
    def waits(self) -> bool:
        return not self.vector.size


class Database(Changes):
    """The library's file, whole: its records to be read and written, and what stands beside them."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.variants = Variants(self._open)
        self.ledger = Ledger(self._open)
        self._appraisals: Appraisals | None = None
        self.appraised = 0  #: the generation whose records are known to have their appraisals

    def close(self) -> None:
        super().close()
        self._appraisals = None
        self.appraised = 0  # of a library that cannot be written, they went with the connection

    def _overtaken(self) -> None:
        self.appraised = 0

    def matching(self, filters: Filters) -> list[int] | None:
        """The rows of the records that pass the filters, in order; None where the filters ask nothing of a record."""
        found = spans(self, filters)
        return None if found is None else found[:, 0].tolist()

    # -- writing -----------------------------------------------------------------------------------------------

    @contextmanager
    def _transaction(self) -> Iterator[tuple[sqlite3.Connection, int]]:
        """A transaction and the generation it makes; all of it is stored, or nothing."""
        with self.writing() as connection:
            generation = self.generation() + 1
            for statement in (CHECKSUMS, *PLACES):
                connection.execute(statement)
            self.appraisals.prepare()
            yield connection, generation
            connection.execute("CREATE TABLE IF NOT EXISTS states (generation INTEGER PRIMARY KEY, token TEXT) STRICT")
            connection.execute("INSERT OR REPLACE INTO states VALUES (?, ?)", (generation, secrets.token_hex(4)))
            connection.execute("UPDATE meta SET value = ? WHERE key = 'generation'", (str(generation),))

    def write(
        self, batch: Iterable[Indexed], remove: Iterable[str] = (), also: Callable[[], None] | None = None
    ) -> None:
        """Store records, in place of those with the same ids, and remove others, in one transaction.

        ``also`` is what else is to be written in it.
        """
        with self._transaction() as (connection, generation):
            if also is not None:
                also()
            for record_id in remove:
                self._delete(connection, record_id, generation)
            for item in batch:
                self._delete(connection, item.record.id, generation)
                text = json.dumps(item.record.to_dict(), ensure_ascii=False)
                row = connection.execute(
                    "INSERT INTO records (id, content, json, vector, first_sentence, sentences, generation) "
                    "VALUES (?, ?, ?, ?, 0, ?, ?)",
                    (
                        item.record.id,
                        content_hash(item.record),
                        text,
                        pack(item.vector),
                        len(item.sentences),
                        generation,
                    ),
                ).lastrowid
                places = [(s.field, s.index, s.start, s.end, s.section, s.role) for s in item.sentences]
                rows = [connection.execute(_INSERT_SENTENCE, (row, *place)).lastrowid for place in places]
                blobs = [pack(vector) for vector in item.sentence_vectors]
                if item.waits and row is not None:
                    self._wait(connection, row, len(rows))
                else:
                    connection.executemany("INSERT INTO sentence_vectors VALUES (?, ?)", zip(rows, blobs, strict=True))
                connection.execute("UPDATE records SET first_sentence = ? WHERE row = ?", (rows[0] if rows else 0, row))
                sums = (of_text(text), of_sentences(places), of_blobs([pack(item.vector)]), of_blobs(blobs))
                connection.execute("INSERT OR REPLACE INTO checksums VALUES (?, ?, ?, ?, ?)", (row, *sums))
                if item.appraisal is not None and row is not None:
                    self.appraisals.put(row, item.appraisal, item.rules)

    def _wait(self, connection: sqlite3.Connection, row: int, sentences: int) -> None:
        self.late.put(row, sentences)
        connection.execute("UPDATE meta SET value = ? WHERE key = 'format'", (str(FORMAT),))

    def embed(self, vectors: Mapping[int, tuple[Vectors, Vectors]], wanted: Iterable[int] = ()) -> int:
        """Store the vectors (float32[dim], float32[n, dim]) of records that wait, by row, in one transaction.

        What does not wait any more (it was removed, or somebody else was quicker) is passed over; returns how many were
        stored. ``wanted`` are rows that a question would have liked to have.
        """
        with self._transaction() as (connection, generation):
            waiting = self.late.waiting(list(vectors))
            for row in sorted(waiting):
                own, of_sentences = pack(vectors[row][0]), [pack(vector) for vector in vectors[row][1]]
                connection.execute("UPDATE records SET vector = ? WHERE row = ?", (own, row))
                rows = self.layout([row])[row]
                connection.executemany(
                    "INSERT INTO sentence_vectors VALUES (?, ?)", zip(rows, of_sentences, strict=True)
                )
                connection.execute(
                    "UPDATE checksums SET vector = ?, sentence_vectors = ? WHERE record = ?",
                    (of_blobs([own]), of_blobs(of_sentences), row),
                )
                self.late.done(row, generation)
            self.late.want(wanted)
            return len(waiting)

    def touch(self, record: Record) -> None:
        """Note of a stored record that other files hold it; within the caller's transaction."""
        text = json.dumps(record.to_dict(), ensure_ascii=False)
        connection = self._open()
        connection.execute("UPDATE records SET json = ? WHERE id = ?", (text, record.id))
        if self._sum("text") != "NULL":
            query = "UPDATE checksums SET text = ? WHERE record = (SELECT row FROM records WHERE id = ?)"
            connection.execute(query, (of_text(text), record.id))

    def remove(self, ids: Iterable[str]) -> int:
        """Remove records, and the variants they are made of, in one transaction; returns how many there were."""
        ids = list(ids)
        with self._transaction() as (connection, generation):
            self.variants.forget_records(ids)
            return sum(self._delete(connection, record_id, generation) for record_id in ids)

    def _delete(self, connection: sqlite3.Connection, record_id: str, generation: int) -> bool:
        query = "SELECT row, first_sentence, sentences FROM records WHERE id = ?"
        found = connection.execute(query, (record_id,)).fetchone()
        if found is None:
            return False
        row, first, count = found
        for table in ("sentence_vectors", "sentences"):
            connection.execute(f"DELETE FROM {table} WHERE row >= ? AND row < ?", (first, first + count))  # noqa: S608
        connection.execute("DELETE FROM records WHERE row = ?", (row,))
        connection.execute("DELETE FROM checksums WHERE record = ?", (row,))
        self.appraisals.drop(row)
        self.late.drop(row)
        connection.execute("INSERT INTO removed VALUES (?, ?, ?, ?)", (row, first, count, generation))
        return True

    def made_by(self, identity: dict[str, str]) -> None:
        """Note that all vectors are another embedder's; within the transaction that puts them in place.

        What was fitted to the vectors before goes.
        """
        connection = self._open()
        connection.execute("DELETE FROM meta WHERE key IN ('abstention', 'revision')")
        connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", identity.items())

    # -- what was found in the records -------------------------------------------------------------------------

    @property
    def appraisals(self) -> Appraisals:
        """The appraisals beside the records; to be read, and within :meth:`appraising` to be written."""
        connection = self._open()
        if self._appraisals is None:
            self._appraisals = Appraisals(connection, self._writable)
        return self._appraisals

    def retractions_of(self, records: Sequence[Record]) -> list[tuple[Retraction, ...]]:
        """What the library's list of retractions says of each of these records."""
        kept = self.appraisals
        return kept.retractions_of(records) if kept.ready and kept.has_retractions() else [()] * len(records)

    @contextmanager
    def appraising(self) -> Iterator[Appraisals]:
        """A transaction on the appraisals alone: nothing else is derived from them, so the generation stays."""
        with self._transact("BEGIN IMMEDIATE" if self.appraisals.writable else "BEGIN"):
            self.appraisals.prepare()
            yield self.appraisals
