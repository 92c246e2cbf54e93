"""The library's SQLite file: opened when it is needed, read in snapshots, written in transactions, and its meta data.

Every write of records is one transaction and raises the library's *generation* by one; with the token that is drawn
for it, it is the file's *state*.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from qa.errors import Corrupt, LibraryError, Locked
from qa.storage import tables
from qa.storage.connection import Mode, connect
from qa.storage.derived import State

T = TypeVar("T")


class SqliteFile:
    """One SQLite file. Use from one thread at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._frozen: tuple[int, int, bool] | None = None  # of a file that is taken as nobody's to write: its stamp
        self._writable = False  # as it was when it was opened
        self._rehearsing = False

    # -- opening -----------------------------------------------------------------------------------------------

    @property
    def exists(self) -> bool:
        return self.path.is_file() and self.path.stat().st_size > 0

    def _open(self) -> sqlite3.Connection:
        if self._frozen and self._connection and not self._connection.in_transaction and self._frozen != self._stamp():
            self.close()  # somebody writes, or has written
            self._overtaken()
        if self._connection is None:
            writable = os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK)
            stamp, connection = self._stamp(), None
            mode: Mode = "write" if writable else "read" if stamp[-1] else "frozen"
            try:
                connection = connect(self.path, mode)
                found = connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
                known = found is not None and int(found[0]) <= tables.FORMAT
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
            self._writable = writable
        return self._connection

    def _stamp(self) -> tuple[int, int, bool]:
        """What changes when somebody writes: when the file was written, its size, whether there is a log beside it."""
        try:
            found = self.path.stat()
        except OSError:
            return 0, 0, False
        return found.st_mtime_ns, found.st_size, self.path.with_name(f"{self.path.name}-wal").exists()

    def create(self, meta: dict[str, str]) -> None:
        """Make an empty library with this meta data; see :func:`qa.storage.tables.create`."""
        tables.create(self.path, meta)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
            self._forget()

    def _forget(self) -> None:
        """Forget what was found out about the file: it is closed, or what was written is undone."""

    def _overtaken(self) -> None:
        """The file was written by somebody else, though it was taken as nobody's to write."""

    # -- reading -----------------------------------------------------------------------------------------------

    @property
    def connection(self) -> sqlite3.Connection:
        """The open file, for the modules of this room that ask it questions of their own."""
        return self._open()

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

    def select(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """The rows of a query that only reads."""
        return self._open().execute(query, values).fetchall()

    def _select(self, query: str, values: Sequence[Any]) -> Iterator[Any]:
        """Run ``query`` with its ``{}`` filled by the values, in portions that SQLite accepts."""
        for start in range(0, len(values), 500):
            portion = values[start : start + 500]
            # All at once: whoever stops half way, at a damaged row say, leaves no open cursor behind.
            yield from self._open().execute(query.format(",".join("?" * len(portion))), list(portion)).fetchall()

    def _damaged(self, what: str) -> Corrupt:
        return Corrupt(f"{self.path} is damaged: {what} is not what was written. Run qa doctor, which says what helps.")

    # -- meta data and states ----------------------------------------------------------------------------------

    def meta(self) -> dict[str, str]:
        return dict(self._open().execute("SELECT key, value FROM meta")) if self.exists else {}

    def fact(self, key: str, parse: Callable[[str], T]) -> T:
        """A piece of meta data that must be there; Corrupt where it is not, or cannot be parsed."""
        try:
            return parse(self.meta()[key])
        except (ValueError, TypeError, KeyError) as error:
            raise self._damaged(f"“{key}”") from error

    def note(self, key: str, value: str) -> None:
        """Keep a piece of meta data; the records and what is derived from them stay as they are."""
        try:
            self._open().execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
        except sqlite3.OperationalError as error:
            raise self._locked(error) from error

    def generation(self) -> int:
        if not self.exists:
            return 0
        found = self._open().execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
        if found is None or not found[0].isdecimal():
            raise self._damaged("its generation")
        return int(found[0])

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

    # -- writing -----------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction for what stands beside the records (files, the ledger); the generation stays."""
        if self._rehearsing:
            yield self._open()
            return
        with self._transact("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def _transact(self, begin: str) -> Iterator[sqlite3.Connection]:
        """All that is done within is stored, or nothing of it; Locked where it cannot be."""
        connection = self._open()
        try:
            connection.execute(begin)
        except sqlite3.OperationalError as error:
            raise self._locked(error) from error
        try:
            yield connection
            connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if connection.in_transaction:  # SQLite may have rolled back by itself, as on a full disk
                connection.execute("ROLLBACK")
            self._forget()
            raise self._locked(error) from error
        except BaseException:
            self._forget()
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
            self._forget()
            connection.execute("ROLLBACK")

    def check_writable(self) -> None:
        """Raise Locked unless the file can be written now."""
        connection = self._open()
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            raise self._locked(error) from error

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """Within, a write that would have to wait for another's is Locked at once."""
        before = self._open().execute("PRAGMA busy_timeout").fetchone()[0]
        self._open().execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            self._open().execute(f"PRAGMA busy_timeout = {before}")

    def _locked(self, error: sqlite3.Error) -> Locked:
        return Locked(
            f"Cannot write to the library in {self.path.parent} ({error}). "
            "Wait until nobody else writes to it, and check its permissions and the free space."
        )
