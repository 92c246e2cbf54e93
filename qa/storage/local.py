"""A library's folder: the database and what is derived from it, kept in step."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.errors import Corrupt, LibraryError
from qa.schema import Appraisal
from qa.storage.database import Database, Indexed, Level, Stored
from qa.storage.lexical import LexicalIndex, analyzer
from qa.storage.vectors import VectorIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

FILE = "library.sqlite"

#: The folder of the search files, which are made from it.
DERIVED = "derived"


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

    @property
    def exists(self) -> bool:
        return self.database.exists

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file()) if self.exists else 0

    def close(self) -> None:
        self.database.close()
        self._records = self._sentences = self._lexical = None

    # -- writing -----------------------------------------------------------------------------------------------

    def write(
        self, batch: Iterable[Indexed], remove: Iterable[str] = (), also: Callable[[], None] | None = None
    ) -> None:
        """Store records in place of those with the same ids, and remove others: all of it, or nothing."""
        self.database.write(batch, remove, also)

    def remove(self, ids: Iterable[str]) -> int:
        return self.database.remove(ids)

    # -- finding -----------------------------------------------------------------------------------------------

    def catch_up(self) -> None:
        """Bring the FAISS and BM25 files to the database's generation; from its stored vectors, never by embedding."""
        newest = self.database.generation()
        if not newest:
            return
        if self._records is None or self._sentences is None or self._lexical is None:
            dim = int(self.database.meta()["dim"])
            derived = self.folder / DERIVED
            self._records = VectorIndex("records", derived, dim)
            self._sentences = VectorIndex("sentences", derived, dim)
            self._lexical = LexicalIndex(derived / "bm25" if self._writable else None)
            for index in (self._records, self._sentences, self._lexical):
                index.load(newest)
        self._catch_up_vectors("records", self._records, newest)
        self._catch_up_vectors("sentences", self._sentences, newest)
        if self._lexical.generation < newest:
            since = self._lexical.generation
            removed = self.database.removed_since("records", since)
            self._lexical.update(removed, self.database.texts_since(since), newest)

    def _catch_up_vectors(self, level: Level, index: VectorIndex, newest: int) -> None:
        if index.generation == newest:
            return
        index.remove(self.database.removed_since(level, index.generation))
        for rows, vectors in self.database.vectors_since(level, index.generation):
            index.add(rows, vectors)
        index.generation = newest
        if self._writable:
            index.save()

    def differences(self) -> list[str]:
        """Which of the search files do not hold what the database holds, in words."""
        self.catch_up()
        found = []
        records, sentences = self.database.counts()
        counts = {"records": records, "sentences": sentences}
        levels: tuple[tuple[Level, VectorIndex | None], ...]
        levels = ("records", self._records), ("sentences", self._sentences)
        for level, index in levels:
            if index is not None and not self._same(level, index, counts[level]):
                found.append(f"the nearest {level}")
        if self._lexical is not None and len(self._lexical) != counts["records"]:
            found.append("the words")
        return found

    def _same(self, level: Level, index: VectorIndex, count: int) -> bool:
        if len(index) != count:
            return False
        try:
            return all(
                np.array_equal(index.vectors(rows), vectors) for rows, vectors in self.database.vectors_since(level, 0)
            )
        except (RuntimeError, Corrupt):  # a row is missing; a vector in the database is broken
            return False

    def rebuild(self) -> None:
        """Throw the search files away, and make them again from the database; never by embedding."""
        self._records = self._sentences = self._lexical = None
        shutil.rmtree(self.folder / DERIVED, ignore_errors=True)
        self.catch_up()

    def leftovers(self) -> list[Path]:
        """Files that a write left behind when it was cut off."""
        return sorted(path for path in self.folder.glob("**/*.new") if path.is_file())

    @cached_property
    def _writable(self) -> bool:
        return os.access(self.folder, os.W_OK)

    def words(self, text: str) -> list[str]:
        """A text's words as the BM25 index holds them, in order."""
        return list(self._analyzer.analyze(text))

    @cached_property
    def _analyzer(self) -> Any:
        return analyzer()

    def frequency(self, word: str) -> int:
        """In how many records a word (as :meth:`words` gives it) stands."""
        return self._lexical.frequency(word) if self._lexical else 0

    def lexical(
        self, words: Sequence[str], k: int, among: Sequence[int] | None = None, *, every: bool = False
    ) -> list[tuple[int, float]]:
        """(record row, BM25 score), best first; ``among`` (rows) restricts the search, here and below.

        With ``every``, only records that hold every word are found.
        """
        return self._lexical.search(words, k, among, every=every) if self._lexical else []

    def near_records(self, vector: Vectors, k: int, among: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """(record row, cosine), best first."""
        return self._records.search(vector, k, among) if self._records else []

    def near_sentences(self, vector: Vectors, k: int, among: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """(sentence row, cosine), best first."""
        return self._sentences.search(vector, k, among) if self._sentences else []

    def record_vectors(self, rows: Sequence[int]) -> Vectors:
        if self._records is None:
            raise RuntimeError("catch_up() comes first")
        return self._records.vectors(rows)

    def sentence_vectors(self, rows: Sequence[int]) -> Vectors:
        if self._sentences is None:
            raise RuntimeError("catch_up() comes first")
        return self._sentences.vectors(rows)

    def appraisals(self, ids: Sequence[str]) -> dict[str, Appraisal]:
        """What was found in those of these records that are stored and appraised, by id."""
        rows = {stored.row: record_id for record_id, stored in self.database.by_id(list(dict.fromkeys(ids))).items()}
        return {rows[row]: found for row, found in self.database.appraisals.of(list(rows)).items()} if rows else {}

    def stored(self, rows: Sequence[int]) -> dict[int, Stored]:
        return self.database.by_row(rows)
