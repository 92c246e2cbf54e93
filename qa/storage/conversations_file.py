"""The file of conversations: its tables, and every way to read and write it.

Every call opens the file, does one transaction and closes it: safe for threads and processes alike.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.errors import Corrupt, LibraryError, Locked

#: The layout of the file; a file with a higher number was written by a later version of the program.
FORMAT = 1

#: Seconds that a call waits for another's transaction to end. They take milliseconds.
PATIENCE = 30.0

#: What reading a damaged file raises; the latter where it is text that is damaged.
_ERRORS = (sqlite3.DatabaseError, UnicodeDecodeError)

#: SQLite's codes for a file that is busy, or cannot be written or opened. With others it is damaged.
_UNAVAILABLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
}

_TABLES = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, created TEXT NOT NULL, changed TEXT NOT NULL
) STRICT;
CREATE INDEX conversations_owner ON conversations (owner, changed);
CREATE TABLE answers (
    id TEXT PRIMARY KEY, conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    number INTEGER NOT NULL, at TEXT NOT NULL, json TEXT NOT NULL, words TEXT NOT NULL, UNIQUE (conversation, number)
) STRICT;
CREATE TABLE judgements (
    answer TEXT NOT NULL REFERENCES answers (id) ON DELETE CASCADE, question TEXT NOT NULL, record TEXT NOT NULL,
    field TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL,
    verdict TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (answer, record, field, start, end)
) STRICT;
"""


class ConversationsFile:
    """One file. Opening writes nothing; it is made by what is first written."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection, or None where nothing was kept yet."""
        if not self.path.is_file():
            yield None
            return
        connection = self._connect()
        try:
            yield connection
        except _ERRORS as error:
            raise self._failed(error) from error
        finally:
            connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is kept, or nothing."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._locked(error) from error
        connection = self._connect()
        try:
            connection.execute("BEGIN IMMEDIATE")
            if not connection.execute("PRAGMA user_version").fetchone()[0]:
                for statement in _TABLES.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {FORMAT}")
            yield connection
            connection.execute("COMMIT")
        except _ERRORS as error:
            raise self._failed(error) from error
        finally:
            connection.close()  # what is not committed is rolled back

    def _connect(self) -> sqlite3.Connection:
        # Without a right to write, SQLite needs to be told that nobody else writes either.
        shut = self.path.exists() and not (os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK))
        uri = self.path.absolute().as_uri() + ("?mode=ro&immutable=1" if shut else "")
        try:
            connection = sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None)
        except sqlite3.OperationalError as error:
            raise self._locked(error) from error
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.create_function("fold", 1, lambda text: str(text).casefold(), deterministic=True)
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            self._write_ahead(connection)
        except _ERRORS as error:
            connection.close()
            raise self._failed(error) from error
        if version > FORMAT:
            connection.close()
            raise LibraryError(
                f"{self.path} was written by a later version of qa. Update: pip install -U literature-qa"
            )
        return connection

    @staticmethod
    def _write_ahead(connection: sqlite3.Connection) -> None:
        """Let readers read while somebody writes; where somebody is just writing, a later call does it for good."""
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY):
                    raise

    def _failed(self, error: sqlite3.DatabaseError | UnicodeDecodeError) -> LibraryError:
        """What SQLite's error means for whoever asked: the file cannot be had now, or it is not what it was."""
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _UNAVAILABLE:  # an error of Python's own module has none
            return self._locked(error)
        return Corrupt(
            f"{self.path} is no file of ours, or it is damaged ({error}). Move it away, or restore it from a copy."
        )

    def _locked(self, error: Exception) -> Locked:
        return Locked(
            f"Cannot keep conversations in {self.path.parent} ({error}). "
            "Check the folder's permissions and the free space, and try again."
        )
