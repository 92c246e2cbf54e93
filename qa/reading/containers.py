"""Folders and ZIP archives: what is in them, file after file; a bad one among them costs no other."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path

from qa.errors import Broken, ReadingError
from qa.reading.source import MAX_RATIO, Source
from qa.schema import Entry, Skip

Read = Callable[[Source], Iterator[Entry]]

#: Members of an archive; bytes that one of them, and all of them together, may unpack to.
MOST_MEMBERS, MOST_BYTES, MOST_TOGETHER = 20_000, 2 * 1024**3, 8 * 1024**3
_RATIO_FROM = 8 * 1024 * 1024  #: a small file may be as repetitive as it likes

#: What systems add to folders and archives, and nobody means.
_PASSED_OVER = re.compile(r"^(?:\.|~\$|__MACOSX$|Thumbs\.db$|desktop\.ini$)", re.I)


def is_archive(source: Source) -> bool:
    """Whether a file is a ZIP archive, and not an Office document or an e-book, which also are."""
    if not source.head.startswith(("PK\x03\x04", "PK\x05\x06")):
        return False
    try:
        with zipfile.ZipFile(source.file) as archive:
            return not {"[Content_Types].xml", "mimetype"} & set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return not source.packed  # whoever reads it will say what is wrong with it


def files_in(folder: Path) -> Iterator[Path]:
    """The files below a folder, sorted by name; hidden ones passed over, links to folders not followed."""
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _PASSED_OVER.match(name) and not _of_page(name, names))
        for name in sorted(names):
            if not _PASSED_OVER.match(name):
                yield Path(where) / name


def _of_page(folder: str, beside: Collection[str]) -> bool:
    """Whether a folder holds the pictures and scripts of a page, as browsers save them beside it."""
    page = folder.removesuffix("_files")
    return page != folder and (f"{page}.html" in beside or f"{page}.htm" in beside)


def read_folder(folder: Path, read: Callable[[Path], Iterator[Entry]]) -> Iterator[Entry]:
    """The entries of all files below a folder, one skip for each that cannot be read; ReadingError if there is none."""
    empty = True
    for path in files_in(folder):
        empty = False
        yield from _whole(str(path), partial(read, path))
    if empty:
        raise ReadingError(folder, "is a folder with no files in it. Put some exports there.")


def read_archive(source: Source, read: Read) -> Iterator[Entry]:
    """The entries of all members of a ZIP archive, in its order. Nothing is written but to a temporary file."""
    try:
        archive = zipfile.ZipFile(source.file)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise Broken(source.path, "is a ZIP archive that is cut off or damaged. Fetch it again.") from error
    with archive, tempfile.TemporaryDirectory(prefix="qa-") as folder:
        members = [member for member in archive.infolist() if not member.is_dir() and not _hidden(member.filename)]
        if not members:
            raise ReadingError(source.path, "is a ZIP archive with no files in it.")
        if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_TOGETHER:
            raise Broken(
                source.path, "holds more than any archive of references does. Unpack it, and add what you need."
            )
        for member in members:
            # The name inside is for telling only: where it is unpacked to is ours to say.
            shown = f"{source.path}/{''.join(c if c.isprintable() else '?' for c in member.filename)}"
            target = Path(folder) / "member"
            yield from _whole(shown, partial(_member, archive, member, target, shown, read))


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, shown: str, read: Read) -> Iterator[Entry]:
    return read(_unpacked(archive, member, target, shown))


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, shown: str) -> Source:
    """A member as a file, unpacked with limits."""
    if member.flag_bits & 1:
        raise ReadingError(shown, "is locked with a password. Unpack it, and add the file.")
    if member.file_size > MOST_BYTES or (
        member.file_size > _RATIO_FROM and member.file_size > MAX_RATIO * max(member.compress_size, 1)
    ):
        raise Broken(shown, "unpacks to more than any export does. Fetch it again.")
    try:
        with archive.open(member) as packed, target.open("wb") as plain:
            # zipfile stops at the size that the archive tells, so what is checked above is what is written.
            shutil.copyfileobj(packed, plain, 1 << 20)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise Broken(shown, "is damaged, or packed in a way that is not known. Fetch the archive again.") from error
    found = Source(target, shown)
    if is_archive(found):
        raise ReadingError(shown, "is an archive within an archive. Unpack it, and add what is in it.")
    return found


def _whole(shown: str, read: Callable[[], Iterator[Entry]]) -> Iterator[Entry]:
    """The entries of one file among others; where reading it stops, one skip says why."""
    try:
        yield from read()
    except ReadingError as error:
        yield Skip(error.path or shown, error.line, error.reason)


def _hidden(name: str) -> bool:
    return any(_PASSED_OVER.match(part) for part in name.replace("\\", "/").split("/") if part not in ("", ".", ".."))
