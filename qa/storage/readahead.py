"""The pages of a large database, fetched by several hands at once.

A question to ten million sentences reads a thousand pages from all over a file that memory does not hold. SQLite asks
for one page after another, and a disk that could fetch eight at once waits for seven. So the same rows are read first
by several connections, whose results nobody looks at: what they leave behind is the pages in the system's memory.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from typing import Any

from qa.errors import Corrupt
from qa.storage.connection import Mode, connect

#: Bytes of a database from which this is worth while: a smaller one lies in memory after a few questions.
LARGE = 2 * 1024**3

#: Connections that read at once.
HANDS = 8

#: Rows from which they are worth waking.
_FEW = 16


class ReadAhead:
    """Several connections to one file. Reads only; what it meets, also damage, is met again by who really reads."""

    def __init__(self, path: Path, mode: Mode) -> None:
        self._path, self._mode = path, mode
        self._pool = ThreadPoolExecutor(HANDS, thread_name_prefix="read-ahead")
        self._own = threading.local()
        self._connections: list[sqlite3.Connection] = []

    def fetch(self, queries: Sequence[str], values: Sequence[Any]) -> None:
        """Have the pages in memory that these queries read, whose ``{}`` is filled by the values."""
        if len(values) < _FEW:
            return
        size = -(-len(values) // HANDS)  # neighbours stay together: they may share a page
        wait(
            [
                self._pool.submit(self._read, query, list(values[start : start + size]))
                for query in queries
                for start in range(0, len(values), size)
            ]
        )

    def _read(self, query: str, values: list[Any]) -> None:
        with suppress(sqlite3.Error, Corrupt):
            if not hasattr(self._own, "connection"):
                self._own.connection = connect(self._path, "frozen" if self._mode == "frozen" else "read")
                self._connections.append(self._own.connection)
            self._own.connection.execute(query.format(",".join("?" * len(values))), values).fetchall()

    def close(self) -> None:
        self._pool.shutdown()
        for connection in self._connections:
            connection.close()
