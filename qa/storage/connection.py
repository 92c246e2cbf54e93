"""A connection to SQLite that says of a damaged file that it is damaged, whatever was being read from it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeVar, cast

from qa.errors import Corrupt

#: Seconds that a writer waits for another's transaction to end.
PATIENCE = 30.0

_DAMAGE = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_IOERR_READ,
    sqlite3.SQLITE_IOERR_SHORT_READ,
}

#: What SQLite says, as of a wrong statement, where it is the layout of the file that is damaged.
_DAMAGED_LAYOUT = ("no such table", "no such column", "malformed", "could not decode")

P = ParamSpec("P")
T = TypeVar("T")


#: How a database is opened: to be written; to be read while others may write; as a file that nobody writes to, which
#: is all that can be done where SQLite's own files beside it are missing and cannot be made.
Mode = Literal["write", "read", "frozen"]

_OPTIONS: dict[Mode, str] = {"write": "", "read": "?mode=ro", "frozen": "?mode=ro&immutable=1"}


def connect(path: Path, mode: Mode) -> sqlite3.Connection:
    """Open a database, in autocommit mode, for several threads that take turns."""
    uri = path.absolute().as_uri() + _OPTIONS[mode]
    connection = sqlite3.connect(
        uri, uri=True, check_same_thread=False, isolation_level=None, timeout=PATIENCE, factory=_Connection
    )
    connection.path = path
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.create_function("fold", 1, lambda text: str(text).casefold(), deterministic=True)
    except BaseException:
        connection.close()
        raise
    return connection


class _Connection(sqlite3.Connection):
    path: Path

    def cursor(self, factory: Any = None) -> Any:
        return super().cursor(factory or _Cursor)

    def execute(self, *arguments: Any) -> Any:
        return self.cursor().execute(*arguments)

    def executemany(self, *arguments: Any) -> Any:
        return self.cursor().executemany(*arguments)


class _Cursor(sqlite3.Cursor):
    """Every way in which rows are read, with damage told as such."""

    def execute(self, *arguments: Any) -> Any:
        return self._told(super().execute, *arguments)

    def executemany(self, *arguments: Any) -> Any:
        return self._told(super().executemany, *arguments)

    def fetchone(self) -> Any:
        return self._told(super().fetchone)

    def fetchmany(self, *arguments: Any) -> Any:
        return self._told(super().fetchmany, *arguments)

    def fetchall(self) -> Any:
        return self._told(super().fetchall)

    def __next__(self) -> Any:
        return self._told(super().__next__)

    def _told(self, read: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
        try:
            return read(*arguments, **options)
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            path = cast(_Connection, self.connection).path
            raise Corrupt(
                f"{path} is damaged ({error}). qa doctor says how much of it; restore a backup with qa restore FILE, "
                "or add the files to a new library."
            ) from error


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", 0)
    if code in _DAMAGE or code & 0xFF in _DAMAGE:  # the low byte is the kind, the rest says more
        return True
    said = str(error).lower()
    return isinstance(error, sqlite3.OperationalError) and any(words in said for words in _DAMAGED_LAYOUT)
