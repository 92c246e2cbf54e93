"""The records that are stored and their sentences, read and compared with their checksums."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from qa.schema import Record, Sentence
from qa.storage.checksums import of_sentences, of_text
from qa.storage.late import Late
from qa.storage.sqlite_file import SqliteFile

if TYPE_CHECKING:
    from numpy.typing import NDArray

Level = Literal["records", "sentences"]


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored record's row, and the rows of its sentences."""

    row: int
    record: Record
    first_sentence: int
    sentences: int


#: Where the sentences of records stand, in two small indexes: the records themselves are long, and a question asks for
#: some three hundred places all over them.
PLACES = (
    "CREATE INDEX IF NOT EXISTS records_spans ON records (first_sentence, sentences)",
    "CREATE INDEX IF NOT EXISTS records_layout ON records (row, first_sentence, sentences)",
)

_OWNER = """
SELECT asked.value, (
    SELECT CASE WHEN asked.value < first_sentence + sentences THEN row END FROM records INDEXED BY records_spans
    WHERE first_sentence <= asked.value AND sentences > 0 ORDER BY first_sentence DESC LIMIT 1
) FROM json_each(?) AS asked
"""


class Records(SqliteFile):
    """What is stored of records, but for their vectors (:mod:`qa.storage.changes`)."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._summed = False  # whether there are checksums
        self._placed = False  # whether there are indexes of places
        self.checking = True  #: whether what is read is compared with its checksum
        self._counted: tuple[int, tuple[int, int]] | None = None  # the generation, and what counts() found in it
        self.late = Late(self._open)

    def _forget(self) -> None:
        super()._forget()
        self._counted, self._summed, self._placed = None, False, False

    # -- how many, and which -----------------------------------------------------------------------------------

    def count(self, level: Level = "records") -> int:
        """How many records or sentences there are; from small rows, where :meth:`counts` looks at large ones."""
        return int(self._open().execute(f"SELECT count(*) FROM {level}").fetchone()[0]) if self.exists else 0  # noqa: S608

    def embedded(self, level: Level) -> int:
        """How many records or sentences have a vector."""
        return self.count(level) - self.late.counts()[level == "sentences"]

    def counts(self) -> tuple[int, int]:
        """How many records and sentences there are."""
        generation = self.generation()
        if not generation:
            return 0, 0
        if self._counted is None or self._counted[0] != generation:  # a look at every row
            found = self._open().execute("SELECT count(*), coalesce(sum(sentences), 0) FROM records").fetchone()
            self._counted = generation, (int(found[0]), int(found[1]))
        return self._counted[1]

    def rows(self) -> list[int]:
        """The rows of all records, in order."""
        return [row for (row,) in self._open().execute("SELECT row FROM records ORDER BY row")] if self.exists else []

    def contents(self, ids: Sequence[str]) -> dict[str, str]:
        """The content hashes of those of these records that are stored."""
        if not self.exists:
            return {}
        return dict(self._select("SELECT id, content FROM records WHERE id IN ({})", ids))

    def fingerprint(self) -> str:
        """sha256 over the ids and contents of all records, in whatever order and folder, and whenever, they came."""
        digest = hashlib.sha256()
        if self.exists:
            for row in self._open().execute("SELECT id, content FROM records ORDER BY id"):
                digest.update("\x1f".join((*row, "\n")).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    def layout(self, record_rows: Sequence[int]) -> dict[int, range]:
        """The rows of the sentences of each of these records, by record row."""
        by = "INDEXED BY records_layout" if self._has_places() else ""
        query = f"SELECT row, first_sentence, sentences FROM records {by} WHERE row IN ({{}})"  # noqa: S608
        found = self._select(query, record_rows)
        spans = ((row, self._number(first), self._number(count)) for row, first, count in found)
        return {row: range(first, first + count) for row, first, count in spans}

    def owners(self, sentence_rows: Sequence[int]) -> dict[int, int]:
        """The rows of the records that these sentences belong to, by sentence row."""
        found: Iterable[Any]
        if self._has_places():
            found = self._open().execute(_OWNER, (json.dumps(list(sentence_rows)),)).fetchall()
        else:
            found = self._select("SELECT row, record FROM sentences WHERE row IN ({})", sentence_rows)
        return {row: self._number(record) for row, record in found if record is not None}

    def _has_places(self) -> bool:
        """Whether there are indexes of places; a library of an earlier version gets them with its next change."""
        if not self._placed:
            query = "SELECT count(*) FROM sqlite_schema WHERE name IN ('records_spans', 'records_layout')"
            self._placed = self._open().execute(query).fetchone()[0] == len(PLACES)
        return self._placed

    def _number(self, value: object) -> int:
        """A number as it was stored; Corrupt where a damaged page gives something else, which SQLite lets pass."""
        if not isinstance(value, int):
            raise self._damaged("where the sentences of a record stand")
        return value

    def numbers(self, query: str, values: Sequence[Any], columns: int) -> NDArray[np.int64]:
        """int64[n, columns] of a query; Corrupt where a damaged page gives something else."""
        found = self._open().execute(query, values).fetchall()
        try:
            return np.array(found, dtype=np.int64).reshape(-1, columns)
        except (TypeError, ValueError) as error:  # a damaged page, which SQLite lets pass
            raise self._damaged("where the sentences of a record stand") from error

    # -- what they are -----------------------------------------------------------------------------------------

    def records(self) -> Iterator[Record]:
        """All records, in the order they were added."""
        if self.exists:
            query = f"SELECT json, {self._sum('text')} FROM records ORDER BY row"  # noqa: S608
            for text, found in self._open().execute(query):
                yield self._record(text, found)

    def by_id(self, ids: Sequence[str]) -> dict[str, Stored]:
        """Those of these records that are stored, by id."""
        return {stored.record.id: stored for stored in self._stored("id", ids)}

    def by_row(self, rows: Sequence[int]) -> dict[int, Stored]:
        """Those of these records that are stored, by row."""
        return {stored.row: stored for stored in self._stored("row", rows)}

    def _stored(self, column: str, values: Sequence[Any]) -> Iterator[Stored]:
        if self.exists:
            columns = f"row, json, {self._sum('text')}, first_sentence, sentences"
            query = f"SELECT {columns} FROM records WHERE {column} IN ({{}})"  # noqa: S608
            for row, text, found, first, count in self._select(query, values):
                yield Stored(row, self._record(text, found), self._number(first), self._number(count))

    def sentences(self, stored: Stored) -> dict[int, Sentence]:
        """The sentences of a record by row, in order."""
        columns = "row, field, number, start, end, section, role"
        query = f"SELECT {columns} FROM sentences WHERE row >= ? AND row < ? ORDER BY row"  # noqa: S608
        span = (stored.first_sentence, stored.first_sentence + stored.sentences)
        rows = self._open().execute(query, span).fetchall()
        texts = {name: str(getattr(stored.record, name)) for name in ("title", "abstract", "body")}
        self._check(stored, "sentences", of_sentences(row[1:] for row in rows))
        if [row[0] for row in rows] != list(range(*span)):
            raise self._damaged(f"where the sentences of {stored.record.id} stand")
        try:
            return {
                row: Sentence(stored.record.id, field, start, end, texts[field][start:end], number, section, role)
                for row, field, number, start, end, section, role in rows
            }
        except KeyError as error:  # a field that no record has
            raise self._damaged(f"the sentences of {stored.record.id}") from error

    def _record(self, text: str, found: int | None) -> Record:
        """A stored record; Corrupt if it is not what was stored."""
        try:
            if self.checking and found is not None and found != of_text(text):
                raise self._damaged("the text of a record")
            return Record.from_dict(json.loads(text))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise self._damaged("the text of a record") from error

    # -- whether they are what was written ---------------------------------------------------------------------

    @contextmanager
    def unchecked(self) -> Iterator[None]:
        """Within, what is read is not compared with its checksum: for who wants to see what is wrong."""
        self.checking = False
        try:
            yield
        finally:
            self.checking = True

    def _sum(self, name: str) -> str:
        """What selects a checksum of a record; it is NULL where there is none."""
        if not self._summed:
            query = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'checksums'"
            self._summed = self._open().execute(query).fetchone() is not None
        return f"(SELECT c.{name} FROM checksums c WHERE c.record = records.row)" if self._summed else "NULL"  # noqa: S608

    def _check(self, stored: Stored, name: str, found: int) -> None:
        """Corrupt unless this is the checksum that a record was stored with, if it was with any."""
        if not self.checking:
            return
        query = f"SELECT {self._sum(name)} FROM records WHERE row = ?"  # noqa: S608
        kept = self._open().execute(query, (stored.row,)).fetchone()
        if kept and kept[0] is not None and kept[0] != found:
            raise self._damaged(f"the {name.replace('_', ' ')} of {stored.record.id}")
