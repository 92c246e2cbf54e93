"""A library's folder: the database and what is derived from it, kept in step."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from qa.errors import Corrupt, LibraryError, Locked
from qa.schema import Appraisal, Filters
from qa.storage.database import Database, Indexed
from qa.storage.derived import UNFINISHED, State
from qa.storage.lent import Lent
from qa.storage.lexical import LexicalIndex, analyzer
from qa.storage.passing import Filtering, Passing
from qa.storage.records import Level, Stored
from qa.storage.vectors import VectorIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Rows = NDArray[np.int64]

FILE = "library.sqlite"

#: The folder of the search files, which are made from it.
DERIVED = "derived"

T = TypeVar("T")


class Store:
    """One library on disk. Opening writes nothing; what is derived catches up when it is first needed.

    Use from one thread at a time.
    """

    def __init__(self, folder: Path) -> None:
        if folder.exists() and not folder.is_dir():
            raise LibraryError(f"{folder} is a file, not a folder. Name a folder for the library.")
        self.folder = folder
        self.database = Database(folder / FILE)
        self._records: VectorIndex | None = None
        self._sentences: VectorIndex | None = None
        self._lexical: LexicalIndex | None = None
        self._filtering = Filtering(self.database)
        self._made_by: list[str] = []  # the model of the vectors in these
        self._checked: dict[Level, State] = {}  # the state that they were last brought to
        self._lent = Lent()

    @property
    def exists(self) -> bool:
        return self.database.exists

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(map(_size, self.folder.rglob("*"))) if self.exists else 0

    def close(self) -> None:
        self.database.close()
        self._forget()

    def _forget(self) -> None:
        self._records = self._sentences = self._lexical = None
        self._made_by, self._checked = [], {}
        self._lent.clear()

    # -- writing -----------------------------------------------------------------------------------------------

    def write(
        self, batch: Iterable[Indexed], remove: Iterable[str] = (), also: Callable[[], None] | None = None
    ) -> None:
        """Store records in place of those with the same ids, and remove others: all of it, or nothing."""
        self.database.write(batch, remove, also)

    def remove(self, ids: Iterable[str]) -> int:
        return self.database.remove(ids)

    # -- what waits to be embedded -----------------------------------------------------------------------------

    def waiting(self, rows: Sequence[int]) -> set[int]:
        """Those of these records that have no vector, nor one lent to them."""
        return self.database.late.waiting(rows) - self._lent.records.keys()

    def lend(
        self, vectors: Mapping[int, tuple[Vectors, Vectors]], wanted: Sequence[int] = (), using: Sequence[int] = ()
    ) -> None:
        """Use the vectors of records that wait, by row, as if they were stored; :meth:`keep` stores them.

        ``wanted`` are rows that it would have been good to have, too; those in ``using`` stay lent, if they are.
        """
        self._lent.add(vectors, self.database.layout, using)
        self._lent.wanted += wanted

    def keep(self) -> None:
        """Store what was lent, if nobody else writes just now; else it is made again, or serves as long as we do."""
        if not self._lent or not self._writable or self.database.reading:
            return
        with suppress(Locked), self.database.impatient():
            self.database.embed(self._lent.records, self._lent.wanted)
            self._lent.clear()

    # -- finding -----------------------------------------------------------------------------------------------

    def catch_up(self) -> None:
        """Bring the FAISS and BM25 files to the database's state; from its stored vectors, never by embedding.

        Within a :meth:`Database.snapshot` they stay with what is read there, whoever writes meanwhile.
        """
        with self.database.snapshot():
            state = self.database.state()
            if not state.generation:
                return
            meta = self.database.meta()
            made_by = [meta.get(key, "") for key in ("embedder", "dim", "fingerprint")]
            if self._made_by != made_by:
                derived, dim = self.folder / DERIVED, self.database.fact("dim", int)
                of_rows = self.database.vectors_at
                self._records = VectorIndex("records", derived, dim, partial(of_rows, "records"))
                self._sentences = VectorIndex("sentences", derived, dim, partial(of_rows, "sentences"))
                self._lexical = LexicalIndex(derived if self._writable else None)
                for index in (self._records, self._sentences):
                    index.load(self.database.knows)
                self._made_by, self._checked = made_by, {}
                self._lent.clear()
            self._catch_up_vectors("records", state)
            self._catch_up_vectors("sentences", state)
            self._catch_up_words(state)

    def _catch_up_vectors(self, level: Level, state: State) -> None:
        index = self._vector_index(level)
        if self._checked.get(level) == state or index.state == state:
            return
        expected = self.database.embedded(level)
        for since in dict.fromkeys((index.generation if index.suits(expected) else 0, 0)):
            if not since:  # there is nothing yet, or not what there should be
                index.begin(expected, partial(self.database.some_vectors, level))
            index.remove(self.database.removed_since(level, since) if since else [])
            for rows, vectors in self.database.vectors_since(level, since):
                index.add(rows, vectors)
            if len(index) == expected:
                break
        else:
            raise Corrupt(
                f"The library in {self.folder} is damaged: of {expected:,} {level}, {len(index):,} "
                "have a vector. Run qa doctor, which says what helps."
            )
        index.generation = state.generation
        self._checked[level] = state
        if self._writable:
            index.save(state)

    def _catch_up_words(self, state: State) -> None:
        index = self._lexical
        if index is None or index.generation == state.generation:
            return
        index.load(self.database.knows)  # another process may have made it meanwhile
        if index.generation == state.generation:
            return
        if index.generation and self.database.removed_since("records", index.generation):
            index.clear()
        elif index.generation and not self.database.added_since(index.generation):  # only vectors were
            index.generation = state.generation
            return
        for since in dict.fromkeys((index.generation, 0)):
            try:
                index.add(self.database.texts_since(since), state)
                return
            except (OSError, ValueError):  # ValueError is tantivy's; another process has let go of what was open, say
                index.clear()
        self._lexical = LexicalIndex(None)  # a full disk, say: then it lasts as long as we do
        self._lexical.add(self.database.texts_since(0), state)

    def _vector_index(self, level: Level) -> VectorIndex:
        index = self._records if level == "records" else self._sentences
        if index is None:
            raise RuntimeError("catch_up() comes first")
        return index

    def differences(self) -> list[str]:
        """Which of the search files do not hold what the database holds, in words."""
        found = []
        with self.database.snapshot():
            self.catch_up()
            levels: tuple[Level, ...] = ("records", "sentences")
            found += [f"the nearest {level}" for level in levels if not self._same(level)]
            if self._lexical is not None and len(self._lexical) != self.database.count():
                found.append("the words")
        return found

    def _same(self, level: Level) -> bool:
        try:
            return self._vector_index(level).whole and all(
                np.array_equal(self._vector_index(level).vectors(rows), vectors)
                for rows, vectors in self.database.vectors_since(level, 0)
            )
        except (KeyError, Corrupt):  # a row is missing; a vector in the database is broken
            return False

    def rebuild(self) -> None:
        """Throw the search files away, and make them again from the database; never by embedding."""
        self._forget()
        shutil.rmtree(self.folder / DERIVED, ignore_errors=True)
        self.catch_up()

    def leftovers(self) -> list[Path]:
        """Files and folders that a write left behind when it was cut off."""
        return sorted(self.folder.glob(f"**/*{UNFINISHED}*"))

    @cached_property
    def _writable(self) -> bool:
        return os.access(self.folder, os.W_OK)

    def words(self, text: str) -> list[str]:
        """A text's words as the BM25 index holds them, in order."""
        return list(self._analyzer.analyze(text))

    @cached_property
    def _analyzer(self) -> Any:
        return analyzer()

    def passing(self, filters: Filters) -> Passing | None:
        """What passes the filters, to search among; None where they ask nothing."""
        return self._filtering.passing(filters)

    def frequency(self, word: str) -> int:
        """In how many records a word (as :meth:`words` gives it) stands."""
        return self._lexical.frequency(word) if self._lexical else 0

    def lexical(
        self, words: Sequence[str], k: int, among: Sequence[int] | Rows | None = None, *, every: bool = False
    ) -> list[tuple[int, float]]:
        """(record row, BM25 score), best first; ``among`` (rows) restricts the search, here and below.

        With ``every``, only records that hold every word are found.
        """
        return self._lexical.search(words, k, among, every=every) if self._lexical else []

    def near_records(
        self, vector: Vectors, k: int, among: Sequence[int] | Rows | None = None, *, exact: bool = True
    ) -> list[tuple[int, float]]:
        """(record row, cosine), best first; see :meth:`VectorIndex.search`."""
        return self._near("records", vector, k, among, exact)

    def near_sentences(
        self, vector: Vectors, k: int, among: Sequence[int] | Rows | None = None, *, exact: bool = True
    ) -> list[tuple[int, float]]:
        """(sentence row, cosine), best first; see :meth:`VectorIndex.search`."""
        return self._near("sentences", vector, k, among, exact)

    def _near(
        self, level: Level, vector: Vectors, k: int, among: Sequence[int] | Rows | None, exact: bool
    ) -> list[tuple[int, float]]:
        if self._sentences is None:  # there is nothing yet
            return []
        return self._from(level, lambda index: index.search(vector, k, among, exact=exact))

    def record_vectors(self, rows: Sequence[int]) -> Vectors:
        """float32[n, dim] of these records, in their order."""
        return self._vectors("records", rows)

    def sentence_vectors(self, rows: Sequence[int]) -> Vectors:
        """float32[n, dim] of these sentences, in their order."""
        return self._vectors("sentences", rows)

    def _vectors(self, level: Level, rows: Sequence[int]) -> Vectors:
        lent = self._lent.of(level, rows)
        if not lent:
            return self._stored_vectors(level, rows)
        own = iter(self._stored_vectors(level, [row for row in rows if row not in lent]))
        found = [lent[row] if row in lent else next(own) for row in rows]
        return np.stack(found) if found else self._stored_vectors(level, rows)

    def _stored_vectors(self, level: Level, rows: Sequence[int]) -> Vectors:
        return self._from(level, lambda index: index.vectors(rows))

    def _from(self, level: Level, take: Callable[[VectorIndex], T]) -> T:
        """What is taken from an index; from one made anew, where its file was damaged so that only this shows it."""
        try:
            return take(self._vector_index(level))
        except KeyError:
            self._vector_index(level).clear()
            self._checked.pop(level, None)
            self.catch_up()
        try:
            return take(self._vector_index(level))
        except KeyError as error:
            raise Corrupt(
                f"{self.database.path} is damaged: a vector is missing. Run qa doctor, which says of which record."
            ) from error

    def appraisals(self, ids: Sequence[str]) -> dict[str, Appraisal]:
        """What was found in those of these records that are stored and appraised, by id."""
        rows = {stored.row: record_id for record_id, stored in self.database.by_id(list(dict.fromkeys(ids))).items()}
        return {rows[row]: found for row, found in self.database.appraisals.of(list(rows)).items()} if rows else {}

    def stored(self, rows: Sequence[int]) -> dict[int, Stored]:
        return self.database.by_row(rows)


def _size(path: Path) -> int:
    """Bytes of a file; none of a folder, nor of a file that went meanwhile (SQLite's -wal does)."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:
        return 0
