"""The ledger: what every run read, file by file and entry by entry, kept with the library.

Nothing of it bears on an answer. A run is written down when it begins and each file when it is done, in the transaction
that stores its records: what the ledger says was added was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from sqlite3 import Connection

from qa.schema import FileReport, Run, Skip

_TABLES = (
    """CREATE TABLE IF NOT EXISTS runs (
        run INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, version TEXT NOT NULL, command TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS run_files (
        run INTEGER NOT NULL, number INTEGER NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL,
        format TEXT NOT NULL, state TEXT NOT NULL, entries INTEGER NOT NULL, added INTEGER NOT NULL,
        updated INTEGER NOT NULL, unchanged INTEGER NOT NULL, merged INTEGER NOT NULL, removed INTEGER NOT NULL,
        skipped INTEGER NOT NULL, vanished INTEGER NOT NULL, PRIMARY KEY (run, number)
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS run_skips (
        run INTEGER NOT NULL, path TEXT NOT NULL, line INTEGER NOT NULL, reason TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX IF NOT EXISTS run_skips_run ON run_skips (run)",
)

_COLUMNS = "path, size, sha256, format, state, entries, added, updated, unchanged, merged, removed, skipped, vanished"


class Ledger:
    """The tables of one open database. Writing is for within the caller's transaction."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect

    @property
    def ready(self) -> bool:
        query = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'runs'"
        return self._connect().execute(query).fetchone() is not None

    def begin(self, version: str, command: str) -> int:
        """Write down that a run begins, now; returns its number."""
        connection = self._connect()
        for statement in _TABLES:
            connection.execute(statement)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        row = connection.execute("INSERT INTO runs (at, version, command) VALUES (?, ?, ?)", (now, version, command))
        return int(row.lastrowid or 0)

    def put(self, run: int, number: int, file: FileReport) -> None:
        """Write down, or anew, how far the file with this number in the run is."""
        values = [getattr(file, name) for name in _COLUMNS.split(", ")]
        marks = ",".join("?" * (len(values) + 2))
        self._connect().execute(
            f"INSERT OR REPLACE INTO run_files (run, number, {_COLUMNS}) VALUES ({marks})",  # noqa: S608
            (run, number, *values),
        )

    def skip(self, run: int, skips: Sequence[Skip]) -> None:
        rows = ((run, skip.path, skip.line, skip.reason) for skip in skips)
        self._connect().executemany("INSERT INTO run_skips VALUES (?, ?, ?, ?)", rows)

    def skips_of(self, sha256: str, path: str) -> list[Skip]:
        """What was skipped when a file with these bytes was last read, as of the file at ``path``."""
        if not self.ready:
            return []
        query = "SELECT run, path FROM run_files WHERE sha256 = ? AND state = 'read' ORDER BY run DESC LIMIT 1"
        found = self._connect().execute(query, (sha256,)).fetchone()
        if not found:
            return []
        run, before = found
        query = "SELECT path, line, reason FROM run_skips WHERE run = ? ORDER BY rowid"
        return [
            Skip(path + where[len(before) :], line, reason)
            for where, line, reason in self._connect().execute(query, (run,))
            if where == before or where.startswith(f"{before}/")  # a member of an archive
        ]

    def runs(self, run: int | None = None) -> list[Run]:
        """All runs, the first first, or the one with this number."""
        if not self.ready:
            return []
        connection = self._connect()
        found = []
        query = "SELECT run, at, version, command FROM runs WHERE ? IS NULL OR run = ? ORDER BY run"
        for number, at, version, command in connection.execute(query, (run, run)).fetchall():
            files = connection.execute(
                f"SELECT {_COLUMNS} FROM run_files WHERE run = ? ORDER BY number",  # noqa: S608
                (number,),
            ).fetchall()
            skips = connection.execute(
                "SELECT path, line, reason FROM run_skips WHERE run = ? ORDER BY rowid", (number,)
            )
            found.append(
                Run(
                    number,
                    at,
                    version,
                    command,
                    tuple(FileReport(**dict(zip(_COLUMNS.split(", "), row, strict=True))) for row in files),
                    tuple(Skip(*row) for row in skips),
                )
            )
        return found
