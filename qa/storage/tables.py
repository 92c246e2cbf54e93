"""The tables of a library's file, and an empty file of them."""

from __future__ import annotations

import os
import secrets
import sqlite3
from pathlib import Path

from qa.errors import Corrupt, Locked
from qa.storage.derived import UNFINISHED, settle_folder

#: The layout of the file; a file with a higher number was written by a later version of the program. A file gets the
#: second once a record is stored before it is embedded: who knows only the first takes that for damage.
FIRST, FORMAT = 1, 2

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


def create(path: Path, meta: dict[str, str]) -> None:
    """Make an empty library with this meta data, unless another process is quicker: then its library stays.

    Locked where the folder cannot be written.
    """
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(6)}{UNFINISHED}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _refuse_stray_log(path)
        connection = sqlite3.connect(unfinished, isolation_level=None)
        try:
            connection.executescript("PRAGMA journal_mode = WAL; BEGIN;" + _TABLES)
            rows = {"format": str(FIRST), "generation": "0", **meta}.items()
            connection.executemany("INSERT INTO meta VALUES (?, ?)", rows)
            connection.execute("COMMIT")
        finally:
            connection.close()
        _put_in_place(unfinished, path)
    except (OSError, sqlite3.OperationalError) as error:
        raise Locked(f"Cannot write to {path.parent} ({error}). Name a folder you may write to.") from error
    finally:
        for left in path.parent.glob(f"{unfinished.name}*"):
            left.unlink(missing_ok=True)


def _refuse_stray_log(path: Path) -> None:
    """A log without its database would be played into the new one; and it may be all that is left of the old."""
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size and not path.exists():  # in this order: others may create it now
        raise Corrupt(
            f"{log} is there, but {path.name}, which it belongs to, is not. Put that back, "
            "or restore a backup (qa restore FILE); if you want neither, remove the file."
        )


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
