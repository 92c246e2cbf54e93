"""A library in one file, and back: a consistent copy, made while it is in use, checked before it takes its place."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qa import __version__
from qa.errors import Broken, LibraryError, NotFound
from qa.storage import Store
from qa.storage.conversations import FILE as CONVERSATIONS
from qa.storage.local import FILE as DATABASE

MANIFEST = "backup.json"

#: What a backup holds: the truth, and what people said. The search files are made again from it.
_PARTS = (DATABASE, CONVERSATIONS)
_CHUNK = 1 << 20


def back_up(store: Store, target: Path) -> int:
    """Write the library to ``target``, a ZIP archive; returns its size in bytes.

    Others may read and write meanwhile: each database is copied as it is at one moment. The file is there whole or not
    at all; one of that name is replaced. NotFound without a library, LibraryError where ``target`` cannot be written.
    """
    if not store.exists:
        raise NotFound(f"There is no library in {store.folder} to back up.")
    try:
        with tempfile.TemporaryDirectory(prefix=".qa-", dir=target.absolute().parent) as place:
            copies = [
                _copy(store.folder / name, Path(place) / name) for name in _PARTS if (store.folder / name).is_file()
            ]
            manifest = {
                "qa": __version__,
                "made": datetime.now(UTC).isoformat(timespec="seconds"),
                "files": {copy.name: _sha256(copy) for copy in copies},
            }
            archive = Path(place) / "backup.zip"
            with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
                packed.writestr(MANIFEST, json.dumps(manifest, indent=2))
                for copy in copies:
                    packed.write(copy, copy.name)
            with archive.open("rb") as written:
                os.fsync(written.fileno())
            archive.replace(target)
    except OSError as error:
        raise LibraryError(
            f"Cannot write the backup to {target} ({error.strerror or error}). Name another file."
        ) from error
    return target.stat().st_size


def restore(source: Path, folder: Path, *, force: bool = False) -> Path | None:
    """Make a library in ``folder`` from a backup; returns where the one before it is now, if there was one.

    Everything is unpacked and checked beside the folder first; then it takes its place in one step. LibraryError, and
    nothing changed, where a library is there already, unless ``force``: then that is kept beside it under another name.
    Broken for a file that is no backup or is damaged.
    """
    if (folder / DATABASE).exists() and not force:
        raise LibraryError(f"There is a library in {folder}. Name another folder with --library, or say --force.")
    if not source.is_file():
        raise NotFound(f"There is no file {source}. Name a backup that qa backup made.")
    parent = folder.absolute().parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".qa-", dir=parent) as place:
            new = Path(place) / "library"
            new.mkdir()
            _unpack(source, new)
            before = _set_aside(folder)
            new.replace(folder)
            return before
    except OSError as error:
        raise LibraryError(f"Cannot restore to {folder} ({error.strerror or error}). Name another folder.") from error


def _copy(source: Path, target: Path) -> Path:
    """A database as it is at one moment, by SQLite's own means."""
    one, other = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True), sqlite3.connect(target)
    try:
        one.backup(other)
        other.execute("PRAGMA journal_mode = DELETE")  # so that the file is all there is
    except sqlite3.DatabaseError as error:
        raise LibraryError(f"{source} cannot be copied ({error}). Run qa doctor.") from error
    finally:
        one.close()
        other.close()
    return target


def _unpack(source: Path, folder: Path) -> None:
    """The parts of a backup, each checked against the manifest and by SQLite."""
    broken = "is no backup of ours, or is damaged. Name a file that qa backup made."
    try:
        with zipfile.ZipFile(source) as packed:
            manifest: dict[str, Any] = json.loads(packed.read(MANIFEST))
            files: dict[str, str] = manifest["files"]
            if DATABASE not in files or not set(files) <= set(_PARTS):  # the names are ours to say, not the archive's
                raise Broken(source, broken)
            for name, digest in files.items():
                with packed.open(name) as content, (folder / name).open("wb") as target:
                    shutil.copyfileobj(content, target, _CHUNK)
                if _sha256(folder / name) != digest:
                    raise Broken(source, broken)
                _check(folder / name)
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, EOFError, sqlite3.DatabaseError) as error:
        raise Broken(source, broken) from error


def _check(path: Path) -> None:
    """Let SQLite look at a file; it is to be written ahead from now on, so that others can read meanwhile."""
    connection = sqlite3.connect(path)
    try:
        connection.create_function("fold", 1, lambda text: str(text).casefold(), deterministic=True)
        # Not quick_check: SQLite 3.40's finds NULLs in tables without row numbers that are not there.
        if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError(path.name)
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def _set_aside(folder: Path) -> Path | None:
    """Give a folder that is there another name, and say which; an empty one just goes."""
    if not folder.exists():
        return None
    if not any(folder.iterdir()):
        folder.rmdir()
        return None
    number = 1
    while (aside := folder.with_name(f"{folder.name}.before-{number}")).exists():
        number += 1
    folder.replace(aside)
    return aside


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
