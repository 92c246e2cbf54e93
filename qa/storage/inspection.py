"""A look into a library's database that goes beyond reading: whether what is stored is whole and belongs together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from qa.errors import Corrupt
from qa.merging import content_hash
from qa.schema import Record
from qa.storage.database import Database
from qa.storage.records import Stored

BATCH = 500  #: records looked at together

#: How far a stored vector's length may be from 1: half precision rounds it by less.
_ROUNDING = 0.01

#: Rows that nothing refers to, by what they are.
_ORPHANS = {
    "sentences": "FROM sentences WHERE record NOT IN (SELECT row FROM records)",
    "vectors": "FROM sentence_vectors WHERE row NOT IN (SELECT row FROM sentences)",
    "records that wait": "FROM late WHERE record NOT IN (SELECT row FROM records)",
}


@dataclass(frozen=True, slots=True)
class Look:
    """What is wrong with one record: its text is not what was added, sentences are no slices of it, vectors broken."""

    record: Record
    altered: bool
    unsliced: bool
    unembedded: bool


class Inspection:
    """Questions to one open database. Reads only, but for :meth:`discard` and
    :meth:`drop_misjudged`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def complaints(self) -> list[str]:
        """What SQLite's own check of pages, indices and constraints says, five lines at most; none if all is well."""
        found = [str(row[0]) for row in self._database.select("PRAGMA integrity_check(5)")]
        return [] if found == ["ok"] else found

    def looks(self) -> Iterator[Look]:
        """Each record, in order of rows."""
        rows = self._database.rows()
        for start in range(0, len(rows), BATCH):
            with self._database.unchecked():
                stored = self._database.by_row(rows[start : start + BATCH])
            contents = self._database.contents([one.record.id for one in stored.values()])
            for one in stored.values():
                altered = content_hash(one.record) != contents.get(one.record.id) or not self._is_readable(one)
                yield Look(one.record, altered, not self._is_sliced(one), not self._is_embedded(one))

    def _is_readable(self, stored: Stored) -> bool:
        """Whether the text has its checksum."""
        try:
            return bool(self._database.by_row([stored.row]))
        except Corrupt:
            return False

    def _is_sliced(self, stored: Stored) -> bool:
        """Whether the sentences have their checksum, are as many as there should be, in order, within their fields."""
        try:
            sentences = self._database.sentences(stored)
        except Corrupt:
            return False
        ends = {"title": 0, "abstract": 0, "body": 0}
        for sentence in sentences.values():
            length = len(getattr(stored.record, sentence.field, ""))
            if not ends.get(sentence.field, length) <= sentence.start < sentence.end <= length:
                return False
            ends[sentence.field] = sentence.end
        return len(sentences) == stored.sentences

    def misjudged(self) -> list[int]:
        """The rows of the records whose appraisal is not what was written; it can be made again."""
        appraisals = self._database.appraisals
        return appraisals.altered(self._database.rows()) if appraisals.ready else []

    def waiting(self) -> int:
        """How many records are not embedded yet."""
        return self._database.late.counts()[0]

    def _is_embedded(self, stored: Stored) -> bool:
        """Whether the vectors have their checksum and length, and are as many as they should be, or wait to be made."""
        try:
            own, of_sentences = self._database.vectors_of(stored)
        except Corrupt:  # another checksum, or another length
            return False
        if self._database.late.waiting([stored.row]):
            return not own.size and not len(of_sentences)
        if not own.size or len(of_sentences) != stored.sentences:
            return False
        if of_sentences.shape[1] != len(own):
            return False
        lengths = np.linalg.norm(np.vstack([own[None], of_sentences]), axis=1)
        return bool((np.abs(lengths - 1) < _ROUNDING).all())

    def orphans(self) -> dict[str, int]:
        """How many rows of each kind nothing refers to; kinds without any are left out."""
        orphans = self._orphans()
        counts = {kind: int(self._database.select(f"SELECT count(*) {rows}")[0][0]) for kind, rows in orphans.items()}
        return {kind: count for kind, count in counts.items() if count}

    def drop_misjudged(self) -> int:
        """Delete the appraisals that are not what was written; returns how many."""
        if rows := self.misjudged():
            with self._database.appraising() as appraisals:
                for row in rows:
                    appraisals.drop(row)
            self._database.appraised = 0
        return len(rows)

    def discard(self) -> int:
        """Delete what nothing refers to; returns how many rows."""
        with self._database.writing() as connection:
            return sum(connection.execute(f"DELETE {rows}").rowcount for rows in self._orphans().values())

    def _orphans(self) -> dict[str, str]:
        return _ORPHANS if self._database.late.ready else {kind: _ORPHANS[kind] for kind in ("sentences", "vectors")}


def names(records: Sequence[Record], most: int) -> str:
    """Records by id and file, at most so many."""
    shown = ", ".join(f"{one.id} ({one.source})" if one.source else one.id for one in records[:most])
    return f"{shown} and {len(records) - most} more" if len(records) > most else shown
