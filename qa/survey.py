"""A file looked through before anything is written: whether it can be read, what stands in it, whether it is known."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qa import reading
from qa.errors import ReadingError
from qa.merging import content_hash
from qa.plan import short
from qa.schema import Progress, ProgressCallback, Record


@dataclass(frozen=True, slots=True)
class Survey:
    """What a file is. ``path`` is as given; ``place`` is the name under which a library knows the file: absolute, or
    the bare name of a copy that will not stay.

    ``stands`` are the records in it (see ``plan.short``); ``known`` says that these bytes need not be read again;
    ``error`` why the file cannot be read at all.
    """

    path: Path
    place: str
    size: int = 0
    changed: int = 0  # nanoseconds
    sha256: str = ""
    format: str = ""
    entries: int = 0
    stands: frozenset[int] = frozenset()
    known: bool = False
    error: ReadingError | None = None

    @property
    def still(self) -> bool:
        """Whether the file is as it was when it was looked through."""
        try:
            now = self.path.stat()
        except OSError:
            return False
        return (now.st_size, now.st_mtime_ns) == (self.size, self.changed)


def place_of(path: Path) -> str:
    """The name under which a library knows a file, however it was given."""
    return str(path.resolve())


def survey(
    path: Path, place: str, known: Callable[[str, str], bool], tell: ProgressCallback, *, full_text: bool = False
) -> Survey:
    """Look a file through; ``known`` is asked with its sha256 and place. An unreadable file is told of, not raised."""
    try:
        kind = reading.describe(path)
        found = path.stat()
        digest = _sha256(path)
        if known(digest, place):
            return Survey(path, place, found.st_size, found.st_mtime_ns, digest, kind, known=True)
        count = 0
        stands = set()
        for count, entry in enumerate(reading.read(path, full_text=full_text), 1):
            if isinstance(entry, Record):
                stands.add(short(content_hash(entry)))
            if count % 500 == 0:
                tell(Progress(f"Looking through {path.name}", count, 0))
    except ReadingError as error:
        return Survey(path, place, error=error)
    return Survey(path, place, found.st_size, found.st_mtime_ns, digest, kind, count, frozenset(stands))


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ReadingError(path, f"cannot be read ({error.strerror or error}). Check that you may read it.") from error
