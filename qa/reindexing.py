"""A library's sentences and vectors made anew: by another model, or by another version's way of splitting sentences.

Embedding takes long, so what is made is kept in a file of its own, batch by batch, and a run that is stopped goes on
from there. Only when everything is ready does it take the place of what was, in one transaction: until then the library
answers as before, and never from a mixture.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qa import appraisal
from qa.errors import Locked
from qa.indexing import BATCH, embed, identity
from qa.schema import Progress, ProgressCallback, Sentence
from qa.storage import Indexed, Store

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa.embedding import Embedder

    Vectors = NDArray[np.float32]

#: The file in the library's folder that keeps what is made until all of it is.
FILE = "reindex.sqlite"


@dataclass(frozen=True, slots=True)
class Reindexed:
    """How many records were made anew, how many of them in this run, and by which model."""

    records: int
    embedded: int
    model: str

    def __str__(self) -> str:
        before = self.records - self.embedded
        return f"{self.records:,} records made anew by {self.model}" + (
            f", {before:,} of them before" if before else ""
        )


class _Overtaken(Exception):
    """Somebody else has written to the library meanwhile."""


def reindex(
    store: Store, embedder: Embedder, lock: AbstractContextManager[object], progress: ProgressCallback | None = None
) -> Reindexed:
    """Embed everything by an embedder and put it in the place of what is there. Others may read and write meanwhile.

    The lock is held while the library is read or written, not while texts are embedded.
    """
    tell: Callable[[Progress], None] = progress or (lambda _: None)
    embedded = 0
    try:
        with closing(_Made(store.folder / FILE, identity(embedder))) as made:
            while True:
                with lock, store.database.snapshot():
                    generation, rows = store.database.generation(), store.database.rows()
                for start in range(0, len(rows), BATCH):
                    embedded += _make(store, embedder, lock, made, rows[start : start + BATCH])
                    tell(Progress("Embedding", min(start + BATCH, len(rows)), len(rows)))
                try:
                    with lock:
                        _put_in_place(store, embedder, made, generation, rows)
                except _Overtaken:
                    continue
                break
    except (OSError, sqlite3.OperationalError) as error:
        raise Locked(
            f"Cannot write to {store.folder} ({error}). Check its permissions and the free space, and reindex again: "
            "what is embedded so far is kept."
        ) from error
    _Made.discard(store.folder / FILE)
    return Reindexed(len(rows), embedded, embedder.name)


def _make(
    store: Store, embedder: Embedder, lock: AbstractContextManager[object], made: _Made, rows: Sequence[int]
) -> int:
    """Embed those of these records that are not yet; returns how many."""
    with lock, store.database.snapshot():
        records = {one.record.id: one.record for one in store.database.by_row(rows).values()}
        contents = store.database.contents(list(records))
    missing = made.missing(list(contents.values()))
    todo = [record for record_id, record in records.items() if contents[record_id] in missing]
    made.keep([(contents[item.record.id], item) for item in embed(todo, lambda: embedder, {})])
    return len(todo)


def _put_in_place(store: Store, embedder: Embedder, made: _Made, generation: int, rows: Sequence[int]) -> None:
    """Everything in one transaction, unless the library has changed since."""
    database = store.database

    def beside() -> None:
        if database.generation() != generation:
            raise _Overtaken
        database.made_by(identity(embedder))

    def items() -> Iterator[Indexed]:
        for start in range(0, len(rows), BATCH):
            stored = database.by_row(rows[start : start + BATCH])
            contents = database.contents([one.record.id for one in stored.values()])
            known = database.appraisals.of(list(stored)) if database.appraisals.ready else {}
            for row, one in stored.items():
                sentences, vectors = made.of(contents[one.record.id], one.record.id)
                found = known.get(row)
                yield Indexed(one.record, sentences, vectors[0], vectors[1:], found, appraisal.VERSION if found else "")

    store.write(items(), also=beside)


class _Made:
    """What is embedded so far, by content hash: each record's sentences, its vector and theirs."""

    def __init__(self, path: Path, made_by: dict[str, str]) -> None:
        """Go on with what the same model has made, or begin."""
        whose = json.dumps(made_by, sort_keys=True)
        try:
            self._connect(path)
            if self._whose() == whose:
                return
            self.close()
        except sqlite3.DatabaseError as error:  # damaged, and only ever worth the time it saves
            if isinstance(error, sqlite3.OperationalError):
                raise
            self.close()
        self.discard(path)
        self._connect(path)
        self._connection.executescript(
            "BEGIN;"
            "CREATE TABLE made (content TEXT PRIMARY KEY, sentences TEXT NOT NULL, vectors BLOB NOT NULL) STRICT;"
            "CREATE TABLE whose (name TEXT NOT NULL) STRICT;"
        )
        self._connection.execute("INSERT INTO whose VALUES (?)", (whose,))
        self._connection.execute("COMMIT")

    def _connect(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = WAL")

    def _whose(self) -> str:
        if not self._connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'whose'").fetchone():
            return ""
        found = self._connection.execute("SELECT name FROM whose").fetchone()
        return str(found[0]) if found else ""

    def close(self) -> None:
        self._connection.close()

    @staticmethod
    def discard(path: Path) -> None:
        for suffix in ("-wal", "-shm", ""):
            path.with_name(path.name + suffix).unlink(missing_ok=True)

    def missing(self, contents: Sequence[str]) -> set[str]:
        marks = ",".join("?" * len(contents))
        query = f"SELECT content FROM made WHERE content IN ({marks})"  # noqa: S608
        return set(contents) - {content for (content,) in self._connection.execute(query, list(contents))}

    def keep(self, items: Sequence[tuple[str, Indexed]]) -> None:
        """Keep them, all or none."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._connection.executemany(
                "INSERT OR REPLACE INTO made VALUES (?, ?, ?)",
                [
                    (
                        content,
                        json.dumps([[s.field, s.start, s.end, s.index, s.section, s.role] for s in item.sentences]),
                        np.vstack([item.vector[None], item.sentence_vectors]).astype("<f4").tobytes(),
                    )
                    for content, item in items
                ],
            )
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def of(self, content: str, record_id: str) -> tuple[tuple[Sentence, ...], Vectors]:
        """A record's sentences (their texts are not kept), and float32[1 + n, dim]: its vector and theirs."""
        query = "SELECT sentences, vectors FROM made WHERE content = ?"
        plain, blob = self._connection.execute(query, (content,)).fetchone()
        sentences = tuple(
            Sentence(record_id, field, start, end, "", number, section, role)
            for field, start, end, number, section, role in json.loads(plain)
        )
        return sentences, np.frombuffer(blob, dtype="<f4").reshape(len(sentences) + 1, -1).astype(np.float32)
