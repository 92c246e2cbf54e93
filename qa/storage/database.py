"""The one truth: records, sentences, vectors and meta data in one SQLite file.

Every write is one transaction and raises the library's *generation* by one. Records carry the generation they were
written in, removed ones leave a tombstone; with these two, whatever is derived from this file can catch up. Row
numbers are never used twice, and the sentences of a record have consecutive ones.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np

from qa.errors import Corrupt, LibraryError, Locked
from qa.merging import content_hash
from qa.schema import Appraisal, Filters, Record, Retraction, Sentence
from qa.storage.appraisals import Appraisals, conditions
from qa.storage.checksums import TABLE as CHECKSUMS
from qa.storage.checksums import of_blobs, of_sentences, of_text
from qa.storage.connection import Mode, connect
from qa.storage.derived import UNFINISHED, State, settle_folder
from qa.storage.late import SINCE, Late
from qa.storage.ledger import Ledger
from qa.storage.variants import Variants

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

T = TypeVar("T")

#: The layout of the file; a file with a higher number was written by a later version of the program. A file gets the
#: second once a record is stored before it is embedded: who knows only the first takes that for damage.
FIRST, FORMAT = 1, 2

#: Vectors are kept in half precision: half the size, and no measurable change in what is found.
_STORED = np.dtype("<f2")

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE records (
    row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, content TEXT NOT NULL, json TEXT NOT NULL,
    vector BLOB NOT NULL, first_sentence INTEGER NOT NULL, sentences INTEGER NOT NULL, generation INTEGER NOT NULL
) STRICT;
CREATE INDEX records_generation ON records (generation);
CREATE TABLE sentences (
    row INTEGER PRIMARY KEY AUTOINCREMENT, record INTEGER NOT NULL REFERENCES records (row), field TEXT NOT NULL,
    number INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, section TEXT NOT NULL,
    role TEXT NOT NULL
) STRICT;
CREATE TABLE sentence_vectors (row INTEGER PRIMARY KEY, vector BLOB NOT NULL) STRICT;
CREATE TABLE removed (
    record INTEGER PRIMARY KEY, first_sentence INTEGER NOT NULL, sentences INTEGER NOT NULL, generation INTEGER NOT NULL
) STRICT;
CREATE INDEX removed_generation ON removed (generation);
"""

_INSERT_SENTENCE = (
    "INSERT INTO sentences (record, field, number, start, end, section, role) VALUES (?, ?, ?, ?, ?, ?, ?)"
)

Level = Literal["records", "sentences"]

_VECTORS_SINCE: dict[Level, str] = {
    "records": "SELECT row, vector, row, {} FROM records WHERE {} ORDER BY row",
    "sentences": "SELECT v.row, v.vector, records.row, {} FROM records JOIN sentence_vectors v "
    "ON v.row >= first_sentence AND v.row < first_sentence + sentences WHERE {} ORDER BY v.row",
}

_VECTORS_AT: dict[Level, str] = {
    "records": "SELECT row, vector FROM records WHERE row IN ({}) AND length(vector)",
    "sentences": "SELECT row, vector FROM sentence_vectors WHERE row IN ({})",
}


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


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored record's row, and the rows of its sentences."""

    row: int
    record: Record
    first_sentence: int
    sentences: int


class Database:
    """One SQLite file. Use from one thread at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._frozen: tuple[int, int, bool] | None = None  # of a file that is taken as nobody's to write: its stamp
        self._rehearsing = False
        self._summed = False  # whether there are checksums
        self.checking = True  #: whether what is read is compared with its checksum
        self._counted: tuple[int, tuple[int, int]] | None = None  # the generation, and what counts() found in it
        self.variants = Variants(self._open)
        self.ledger = Ledger(self._open)
        self.late = Late(self._open)
        self._appraisals: Appraisals | None = None
        self.appraised = 0  #: the generation whose records are known to have their appraisals

    # -- opening -----------------------------------------------------------------------------------------------

    @property
    def exists(self) -> bool:
        return self.path.is_file() and self.path.stat().st_size > 0

    def _open(self) -> sqlite3.Connection:
        if self._frozen and self._connection and not self._connection.in_transaction and self._frozen != self._stamp():
            self.close()  # somebody writes, or has written
            self.appraised = 0
        if self._connection is None:
            writable = os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK)
            stamp, connection = self._stamp(), None
            mode: Mode = "write" if writable else "read" if stamp[-1] else "frozen"
            try:
                connection = connect(self.path, mode)
                found = connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
                known = found is not None and int(found[0]) <= FORMAT
            except (sqlite3.DatabaseError, Corrupt, ValueError) as error:
                if connection is not None:
                    connection.close()
                raise Corrupt(
                    f"{self.path} is not a library of ours, or it is damaged ({error}). "
                    "Name another folder, or restore a backup: qa restore FILE."
                ) from error
            if not known:
                connection.close()
                raise LibraryError(
                    f"{self.path} was written by a later version of qa. Update: pip install -U literature-qa"
                )
            self._connection = connection
            self._frozen = stamp if mode == "frozen" else None
            self._appraisals = Appraisals(connection, writable)
        return self._connection

    def _stamp(self) -> tuple[int, int, bool]:
        """What changes when somebody writes: when the file was written, its size, whether there is a log beside it."""
        try:
            found = self.path.stat()
        except OSError:
            return 0, 0, False
        return found.st_mtime_ns, found.st_size, self.path.with_name(f"{self.path.name}-wal").exists()

    def create(self, meta: dict[str, str]) -> None:
        """Make an empty library with this meta data, unless another process is quicker: then its library stays.

        Locked where the folder cannot be written.
        """
        unfinished = self.path.with_name(f"{self.path.name}.{secrets.token_hex(6)}{UNFINISHED}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._refuse_stray_log()
            connection = sqlite3.connect(unfinished, isolation_level=None)
            try:
                connection.executescript("PRAGMA journal_mode = WAL; BEGIN;" + _TABLES)
                rows = {"format": str(FIRST), "generation": "0", **meta}.items()
                connection.executemany("INSERT INTO meta VALUES (?, ?)", rows)
                connection.execute("COMMIT")
            finally:
                connection.close()
            _put_in_place(unfinished, self.path)
        except (OSError, sqlite3.OperationalError) as error:
            raise Locked(f"Cannot write to {self.path.parent} ({error}). Name a folder you may write to.") from error
        finally:
            for left in self.path.parent.glob(f"{unfinished.name}*"):
                left.unlink(missing_ok=True)

    def _refuse_stray_log(self) -> None:
        """A log without its database would be played into the new one; and it may be all that is left of the old."""
        log = self.path.with_name(f"{self.path.name}-wal")
        if log.exists() and log.stat().st_size and not self.path.exists():  # in this order: others may create it now
            raise Corrupt(
                f"{log} is there, but {self.path.name}, which it belongs to, is not. Put that back, "
                "or restore a backup (qa restore FILE); if you want neither, remove the file."
            )

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = self._appraisals = self._counted = None
            self._summed = False

    # -- reading -----------------------------------------------------------------------------------------------

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Whatever is read within is read from one state, whoever writes meanwhile. Nothing can be written within."""
        if not self.exists or self._open().in_transaction:  # within another, or one that writes
            yield
            return
        connection = self._open()
        connection.execute("BEGIN")
        try:
            yield
        finally:
            if connection.in_transaction:
                connection.execute("COMMIT")

    @property
    def reading(self) -> bool:
        """Whether this is within a :meth:`snapshot`, or a write."""
        return self._connection is not None and self._connection.in_transaction

    def meta(self) -> dict[str, str]:
        return dict(self._open().execute("SELECT key, value FROM meta")) if self.exists else {}

    def fact(self, key: str, parse: Callable[[str], T]) -> T:
        """A piece of meta data that must be there; Corrupt where it is not, or cannot be parsed."""
        try:
            return parse(self.meta()[key])
        except (ValueError, TypeError, KeyError) as error:
            raise self._damaged(f"“{key}”") from error

    def generation(self) -> int:
        if not self.exists:
            return 0
        found = self._open().execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
        if found is None or not found[0].isdecimal():
            raise self._damaged("its generation")
        return int(found[0])

    def _damaged(self, what: str) -> Corrupt:
        return Corrupt(f"{self.path} is damaged: {what} is not what was written. Run qa doctor, which says what helps.")

    def state(self) -> State:
        """The generation, and the token that was drawn when it was written."""
        generation = self.generation()
        return State(generation, self._token(generation) if generation else "")

    def knows(self, state: State) -> bool:
        """Whether the database is in this state, or has been."""
        return state.generation <= self.generation() and state.token == self._token(state.generation)

    def _token(self, generation: int) -> str:
        if not self._has_states():
            return ""
        row = self._open().execute("SELECT token FROM states WHERE generation = ?", (generation,)).fetchone()
        return str(row[0]) if row else ""

    def _has_states(self) -> bool:
        query = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'states'"
        return self._open().execute(query).fetchone() is not None

    def count(self, level: Level = "records") -> int:
        """How many records or sentences there are; from small rows, where :meth:`counts` looks at large ones."""
        return int(self._open().execute(f"SELECT count(*) FROM {level}").fetchone()[0]) if self.exists else 0  # noqa: S608

    def embedded(self, level: Level) -> int:
        """How many records or sentences have a vector."""
        return self.count(level) - self.late.counts()[level == "sentences"]

    def counts(self) -> tuple[int, int]:
        """How many records and sentences there are."""
        generation = self.generation()
        if not generation:
            return 0, 0
        if self._counted is None or self._counted[0] != generation:  # a look at every row
            found = self._open().execute("SELECT count(*), coalesce(sum(sentences), 0) FROM records").fetchone()
            self._counted = generation, (int(found[0]), int(found[1]))
        return self._counted[1]

    def rows(self) -> list[int]:
        """The rows of all records, in order."""
        return [row for (row,) in self._open().execute("SELECT row FROM records ORDER BY row")] if self.exists else []

    def contents(self, ids: Sequence[str]) -> dict[str, str]:
        """The content hashes of those of these records that are stored."""
        if not self.exists:
            return {}
        return dict(self._select("SELECT id, content FROM records WHERE id IN ({})", ids))

    def fingerprint(self) -> str:
        """sha256 over the ids and contents of all records, in whatever order and folder, and whenever, they came."""
        digest = hashlib.sha256()
        if self.exists:
            for row in self._open().execute("SELECT id, content FROM records ORDER BY id"):
                digest.update("\x1f".join((*row, "\n")).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    def records(self) -> Iterator[Record]:
        """All records, in the order they were added."""
        if self.exists:
            query = f"SELECT json, {self._sum('text')} FROM records ORDER BY row"  # noqa: S608
            for text, found in self._open().execute(query):
                yield self._record(text, found)

    def _record(self, text: str, found: int | None) -> Record:
        """A stored record; Corrupt if it is not what was stored."""
        try:
            if self.checking and found is not None and found != of_text(text):
                raise self._damaged("the text of a record")
            return Record.from_dict(json.loads(text))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise self._damaged("the text of a record") from error

    def _sum(self, name: str) -> str:
        """What selects a checksum of a record; it is NULL where there is none."""
        if not self._summed:
            query = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'checksums'"
            self._summed = self._open().execute(query).fetchone() is not None
        return f"(SELECT c.{name} FROM checksums c WHERE c.record = records.row)" if self._summed else "NULL"  # noqa: S608

    def select(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """The rows of a query that only reads."""
        return self._open().execute(query, values).fetchall()

    def by_id(self, ids: Sequence[str]) -> dict[str, Stored]:
        """Those of these records that are stored, by id."""
        return {stored.record.id: stored for stored in self._stored("id", ids)}

    def by_row(self, rows: Sequence[int]) -> dict[int, Stored]:
        """Those of these records that are stored, by row."""
        return {stored.row: stored for stored in self._stored("row", rows)}

    def _stored(self, column: str, values: Sequence[Any]) -> Iterator[Stored]:
        if self.exists:
            columns = f"row, json, {self._sum('text')}, first_sentence, sentences"
            query = f"SELECT {columns} FROM records WHERE {column} IN ({{}})"  # noqa: S608
            for row, text, found, first, count in self._select(query, values):
                yield Stored(row, self._record(text, found), self._number(first), self._number(count))

    def sentences(self, stored: Stored) -> dict[int, Sentence]:
        """The sentences of a record by row, in order."""
        columns = "row, field, number, start, end, section, role"
        query = f"SELECT {columns} FROM sentences WHERE row >= ? AND row < ? ORDER BY row"  # noqa: S608
        span = (stored.first_sentence, stored.first_sentence + stored.sentences)
        rows = self._open().execute(query, span).fetchall()
        texts = {name: str(getattr(stored.record, name)) for name in ("title", "abstract", "body")}
        self._check(stored, "sentences", of_sentences(row[1:] for row in rows))
        if [row[0] for row in rows] != list(range(*span)):
            raise self._damaged(f"where the sentences of {stored.record.id} stand")
        try:
            return {
                row: Sentence(stored.record.id, field, start, end, texts[field][start:end], number, section, role)
                for row, field, number, start, end, section, role in rows
            }
        except KeyError as error:  # a field that no record has
            raise self._damaged(f"the sentences of {stored.record.id}") from error

    @contextmanager
    def unchecked(self) -> Iterator[None]:
        """Within, what is read is not compared with its checksum: for who wants to see what is wrong."""
        self.checking = False
        try:
            yield
        finally:
            self.checking = True

    def _check(self, stored: Stored, name: str, found: int) -> None:
        """Corrupt unless this is the checksum that a record was stored with, if it was with any."""
        if not self.checking:
            return
        query = f"SELECT {self._sum(name)} FROM records WHERE row = ?"  # noqa: S608
        kept = self._open().execute(query, (stored.row,)).fetchone()
        if kept and kept[0] is not None and kept[0] != found:
            raise self._damaged(f"the {name.replace('_', ' ')} of {stored.record.id}")

    def layout(self, record_rows: Sequence[int]) -> dict[int, range]:
        """The rows of the sentences of each of these records, by record row."""
        found = self._select("SELECT row, first_sentence, sentences FROM records WHERE row IN ({})", record_rows)
        spans = ((row, self._number(first), self._number(count)) for row, first, count in found)
        return {row: range(first, first + count) for row, first, count in spans}

    def owners(self, sentence_rows: Sequence[int]) -> dict[int, int]:
        """The rows of the records that these sentences belong to, by sentence row."""
        found = self._select("SELECT row, record FROM sentences WHERE row IN ({})", sentence_rows)
        return {row: self._number(record) for row, record in found}

    def _number(self, value: object) -> int:
        """A number as it was stored; Corrupt where a damaged page gives something else, which SQLite lets pass."""
        if not isinstance(value, int):
            raise self._damaged("where the sentences of a record stand")
        return value

    def vectors_of(self, stored: Stored) -> tuple[Vectors, Vectors]:
        """A record's vector float32[dim] and its sentences' float32[n, dim]; both empty while it waits."""
        blob = self._open().execute("SELECT vector FROM records WHERE row = ?", (stored.row,)).fetchone()[0]
        query = "SELECT vector FROM sentence_vectors WHERE row >= ? AND row < ? ORDER BY row"
        span = (stored.first_sentence, stored.first_sentence + stored.sentences)
        blobs = [row[0] for row in self._open().execute(query, span)]
        self._check(stored, "vector", of_blobs([blob]))
        self._check(stored, "sentence_vectors", of_blobs(blobs))
        own = _unpack([blob])
        return own[0], _unpack(blobs) if blobs else np.empty((0, own.shape[1]), dtype=np.float32)

    @property
    def connection(self) -> sqlite3.Connection:
        """The open file, for the modules of this room that ask it questions of their own."""
        return self._open()

    def matching(self, filters: Filters) -> list[int] | None:
        """The rows of the records that pass the filters, in order; None where the filters ask nothing of a record."""
        spans = self.spans(filters)
        return None if spans is None else spans[:, 0].tolist()

    def spans(self, filters: Filters) -> NDArray[np.int64] | None:
        """int64[n, 3] of the records that pass, in order: row, its first sentence's row, how many it has; or None."""
        tests, values = self.tests(filters)
        if not tests:
            return None
        wanted = " AND ".join(tests)
        query = f"SELECT row, first_sentence, sentences FROM records WHERE {wanted} ORDER BY row"  # noqa: S608
        return self._numbers(query, values, 3)

    def _numbers(self, query: str, values: Sequence[Any], columns: int) -> NDArray[np.int64]:
        found = self._open().execute(query, values).fetchall()
        try:
            return np.array(found, dtype=np.int64).reshape(-1, columns)
        except (TypeError, ValueError) as error:  # a damaged page, which SQLite lets pass
            raise self._damaged("where the sentences of a record stand") from error

    @staticmethod
    def tests(filters: Filters) -> tuple[list[str], list[Any]]:
        """What the filters ask of a record, as conditions on ``records`` and their values."""
        tests: list[str] = []
        values: list[Any] = []
        for limit, sign in zip(filters.years, (">=", "<="), strict=True):
            if limit is not None:
                tests.append(f"json_extract(json, '$.year') {sign} ?")
                values.append(limit)
        for names, column in ((filters.records, "id"), (filters.journals, "fold(json_extract(json, '$.journal'))")):
            if names:
                tests.append(f"{column} IN ({','.join('?' * len(names))})")
                values += names if column == "id" else [name.casefold() for name in names]
        if names := filters.publication_types:
            marks = ",".join("?" * len(names))
            source = "json_each(records.json, '$.publication_types')"
            tests.append(f"EXISTS (SELECT 1 FROM {source} WHERE fold(value) IN ({marks}))")  # noqa: S608
            values += [name.casefold() for name in names]
        more, their_values = conditions(filters)
        return tests + more, values + their_values

    def sentences_of(self, roles: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The rows of the sentences with one of these roles, and of the records that they belong to."""
        marks = ",".join("?" * len(roles))
        found = self._numbers(f"SELECT row, record FROM sentences WHERE role IN ({marks})", list(roles), 2)  # noqa: S608
        return found[:, 0], found[:, 1]

    # -- what was found in the records ----------------------------------------------------------------------------

    @property
    def appraisals(self) -> Appraisals:
        """The appraisals beside the records; to be read, and within :meth:`appraising` to be written."""
        self._open()
        if self._appraisals is None:
            raise RuntimeError("the library is closed")
        return self._appraisals

    def retractions_of(self, records: Sequence[Record]) -> list[tuple[Retraction, ...]]:
        """What the library's list of retractions says of each of these records."""
        kept = self.appraisals
        return kept.retractions_of(records) if kept.ready and kept.has_retractions() else [()] * len(records)

    @contextmanager
    def appraising(self) -> Iterator[Appraisals]:
        """A transaction on the appraisals alone: nothing else is derived from them, so the generation stays."""
        connection = self._open()
        try:
            connection.execute("BEGIN IMMEDIATE" if self.appraisals.writable else "BEGIN")
        except sqlite3.OperationalError as error:
            raise self._locked(error) from error
        try:
            self.appraisals.prepare()
            yield self.appraisals
            connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            self._counted, self._summed = None, False
            raise self._locked(error) from error
        except BaseException:
            self._counted, self._summed = None, False
            connection.execute("ROLLBACK")
            raise

    def vectors_at(self, level: Level, rows: Sequence[int]) -> Vectors:
        """float32[n, dim] of these records or sentences, in their order; KeyError if one has no vector."""
        if not rows:
            return np.empty((0, self.fact("dim", int)), dtype=np.float32)
        found = dict(self._select(_VECTORS_AT[level], rows))
        return _unpack([found[row] for row in rows])

    def some_vectors(self, level: Level, count: int) -> Vectors:
        """About so many vectors from all over the library, float32[n, dim]; the same of the same library."""
        query = f"SELECT row FROM {level} WHERE row % ? = 0 ORDER BY row"  # noqa: S608
        step = max(1, self.embedded(level) // count)
        rows = [row for (row,) in self._open().execute(query, (step,))]
        return _unpack([blob for _, blob in self._select(_VECTORS_AT[level], rows)])

    # -- what derived files need to catch up -------------------------------------------------------------------

    def removed_since(self, level: Level, generation: int) -> list[int]:
        """The rows that were removed after a generation."""
        query = "SELECT record, first_sentence, sentences FROM removed WHERE generation > ? ORDER BY record"
        rows: list[int] = []
        for record, first, count in self._open().execute(query, (generation,)):
            rows += [record] if level == "records" else range(first, first + count)
        return rows

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
            yield [row for row, *_ in portion], _unpack([blob for _, blob, *_ in portion])
        self._compare(running, expected)

    def _compare(self, found: int, expected: int | None) -> None:
        if self.checking and expected is not None and found != expected:
            raise self._damaged("a vector")

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

    # -- writing -----------------------------------------------------------------------------------------------

    @contextmanager
    def _transaction(self) -> Iterator[tuple[sqlite3.Connection, int]]:
        """A transaction and the generation it makes; all of it is stored, or nothing."""
        with self.writing() as connection:
            generation = self.generation() + 1
            connection.execute(CHECKSUMS)
            self.appraisals.prepare()
            yield connection, generation
            connection.execute("CREATE TABLE IF NOT EXISTS states (generation INTEGER PRIMARY KEY, token TEXT) STRICT")
            connection.execute("INSERT OR REPLACE INTO states VALUES (?, ?)", (generation, secrets.token_hex(4)))
            connection.execute("UPDATE meta SET value = ? WHERE key = 'generation'", (str(generation),))

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction for what stands beside the records (files, the ledger); the generation stays."""
        connection = self._open()
        if self._rehearsing:
            yield connection
            return
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise self._locked(error) from error
        try:
            yield connection
            connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if connection.in_transaction:  # SQLite may have rolled back by itself, as on a full disk
                connection.execute("ROLLBACK")
            self._counted, self._summed = None, False
            raise self._locked(error) from error
        except BaseException:
            self._counted, self._summed = None, False
            connection.execute("ROLLBACK")
            raise

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Whatever is written within is undone at the end: the file stays as it is."""
        connection = self._open()
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise self._locked(error) from error
        self._rehearsing = True
        try:
            yield
        finally:
            self._rehearsing = False
            self._counted, self._summed = None, False
            connection.execute("ROLLBACK")

    def _locked(self, error: sqlite3.Error) -> Locked:
        return Locked(
            f"Cannot write to the library in {self.path.parent} ({error}). "
            "Wait until nobody else writes to it, and check its permissions and the free space."
        )

    def check_writable(self) -> None:
        """Raise Locked unless the file can be written now."""
        connection = self._open()
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            raise self._locked(error) from error

    def made_by(self, identity: dict[str, str]) -> None:
        """Note that all vectors are another embedder's; within the transaction that puts them in place.

        What was fitted to the vectors before goes.
        """
        connection = self._open()
        connection.execute("DELETE FROM meta WHERE key IN ('abstention', 'revision')")
        connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", identity.items())

    def note(self, key: str, value: str) -> None:
        """Keep a piece of meta data; the records and what is derived from them stay as they are."""
        try:
            self._open().execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
        except sqlite3.OperationalError as error:
            raise self._locked(error) from error

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
                        _pack(item.vector),
                        len(item.sentences),
                        generation,
                    ),
                ).lastrowid
                places = [(s.field, s.index, s.start, s.end, s.section, s.role) for s in item.sentences]
                rows = [connection.execute(_INSERT_SENTENCE, (row, *place)).lastrowid for place in places]
                blobs = [_pack(vector) for vector in item.sentence_vectors]
                if item.waits and row is not None:
                    self._wait(connection, row, len(rows))
                else:
                    connection.executemany("INSERT INTO sentence_vectors VALUES (?, ?)", zip(rows, blobs, strict=True))
                connection.execute("UPDATE records SET first_sentence = ? WHERE row = ?", (rows[0] if rows else 0, row))
                sums = (of_text(text), of_sentences(places), of_blobs([_pack(item.vector)]), of_blobs(blobs))
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
                own, of_sentences = _pack(vectors[row][0]), [_pack(vector) for vector in vectors[row][1]]
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

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """Within, a write that would have to wait for another's is Locked at once."""
        before = self._open().execute("PRAGMA busy_timeout").fetchone()[0]
        self._open().execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            self._open().execute(f"PRAGMA busy_timeout = {before}")

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

    def _select(self, query: str, values: Sequence[Any]) -> Iterator[Any]:
        """Run ``query`` with its ``{}`` filled by the values, in portions that SQLite accepts."""
        for start in range(0, len(values), 500):
            portion = values[start : start + 500]
            # All at once: whoever stops half way, at a damaged row say, leaves no open cursor behind.
            yield from self._open().execute(query.format(",".join("?" * len(portion))), list(portion)).fetchall()


def _put_in_place(file: Path, target: Path) -> None:
    """Give a file its name, unless there is one of that name."""
    try:
        os.link(file, target)
    except FileExistsError:
        return
    except OSError:  # a disk without links
        if not target.exists():
            file.replace(target)
    settle_folder(target.parent)


def _pack(vector: Vectors) -> bytes:
    return vector.astype(_STORED).tobytes()


def _unpack(blobs: Sequence[bytes]) -> Vectors:
    """float32[n, dim]; Corrupt where the vectors are not all of one length."""
    try:
        return np.frombuffer(b"".join(blobs), dtype=_STORED).reshape(len(blobs), -1).astype(np.float32)
    except ValueError as error:
        raise Corrupt("The library's vectors are damaged. Run qa doctor, which names the records.") from error
