"""What long work tells: how far it is, what became of every entry, and which entries are one work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from qa.schema.record import Record, Skip


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long piece of work is: ``done`` of ``total`` (0 when unknown) in ``stage``, a phrase to show."""

    stage: str
    done: int
    total: int


#: Told how far the work is; it may raise ``errors.Cancelled`` to stop it.
ProgressCallback = Callable[[Progress], None]


#: What became of a file: read to its end; known already, byte for byte; not read to its end; not readable; no longer
#: there.
FileState = Literal["read", "known", "unfinished", "failed", "vanished"]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of the entries of one file.

    ``entries == added + updated + unchanged + merged + removed + skipped`` once the file is read. ``merged`` counts
    entries about a work that the library already held from elsewhere. ``vanished`` counts, beside these, what the file
    used to hold and holds no longer.
    """

    path: str  # as it was given
    size: int = 0  # bytes
    sha256: str = ""
    format: str = ""
    state: FileState = "unfinished"
    entries: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    merged: int = 0
    removed: int = 0
    skipped: int = 0
    vanished: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """A page of the ledger: what one command read. ``at`` is when it began (UTC, ISO 8601)."""

    run: int
    at: str
    version: str
    command: str
    files: tuple[FileReport, ...]
    skips: tuple[Skip, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What an add did. Every entry is somewhere: ``read == added + updated + unchanged + merged + removed + skipped``.

    A file that could not be read at all counts as one entry, skipped with line 0, and its path is in ``failed``. A
    deletion of a record that the library does not hold counts as unchanged. ``run`` is the number in the ledger (0
    where nothing was written down).
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: tuple[Skip, ...] = ()
    failed: tuple[str, ...] = ()
    merged: int = 0
    vanished: int = 0
    files: tuple[FileReport, ...] = ()
    run: int = 0

    @property
    def read(self) -> int:
        return self.added + self.updated + self.unchanged + self.merged + self.removed + len(self.skipped)

    def __str__(self) -> str:
        parts = [
            f"{count:,} {word}"
            for count, word in (
                (self.added, "added"),
                (self.updated, "updated"),
                (self.unchanged, "unchanged"),
                (self.merged, "merged"),
                (self.removed, "removed"),
                (len(self.skipped), "skipped"),
            )
            if count
        ]
        gone = f"; {self.vanished:,} no longer in the files" if self.vanished else ""
        entries = "1 entry" if self.read == 1 else f"{self.read:,} entries"
        return f"{entries} read: {', '.join(parts) or 'nothing in them'}{gone}"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A record made of several entries about one work.

    ``variants`` are the entries as they were read, who says most first, each with the files that hold it as its
    sources; ``reasons`` say for each pair (numbers of variants, from 0) why they were taken for one work; ``origins``
    say for each field of the record which variants it came from.
    """

    record: Record
    variants: tuple[Record, ...]
    reasons: tuple[tuple[int, int, str], ...]
    origins: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """Two records that look like one work and were not taken for one, and why not; ``settled`` if a person said so."""

    one: Record
    other: Record
    reason: str
    settled: bool = False
