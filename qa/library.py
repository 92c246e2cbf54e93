"""Library: the façade that ties the rooms together; it holds no logic of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from qa.errors import Mismatch, NotFound
from qa.schema import Answer, Hit, ProgressCallback, Record, RecordHit, Report

if TYPE_CHECKING:
    from qa.answering import Question
    from qa.answering.ranking import Ranked
    from qa.embedding import Embedder
    from qa.storage import Store


@dataclass(frozen=True, slots=True)
class Info:
    """What a library holds. ``embedder`` and ``dim`` are empty and 0 before anything is stored; ``bytes`` on disk."""

    folder: str
    records: int
    sentences: int
    embedder: str
    dim: int
    version: str
    bytes: int


class Library:
    """All records in one folder, and what can be asked of them. Safe to use from several threads."""

    def __init__(self, store: Store, model: str | None = None, say: Callable[[str], None] | None = None) -> None:
        self._store = store
        self._model = model
        self._say = say
        self._embedder: Embedder | None = None
        self._lock = RLock()

    @classmethod
    def open(
        cls,
        folder: str | os.PathLike[str] = "index",
        *,
        model: str | None = None,
        say: Callable[[str], None] | None = None,
    ) -> Library:
        """Open the library in ``folder``: an empty one where there is none. Opening writes nothing.

        ``model`` is a sentence-transformers folder or hub name (default: the library's own, else the one built in);
        it is loaded when first needed, and ``say`` is told if it has to be fetched. Raises LibraryError where
        ``folder`` is a file or holds something else, and Mismatch when the library was made by another model.
        """
        from qa.storage import Store

        library = cls(Store(Path(folder)), model, say)
        made_by = library._store.database.meta().get("embedder")
        if model is not None and made_by not in (None, model):
            raise Mismatch(
                f"The library in {folder} was made by the model {made_by}, not {model}. "
                "Leave out --model, or add the files to a new library with it."
            )
        return library

    @property
    def folder(self) -> Path:
        return self._store.folder

    @property
    def exists(self) -> bool:
        """Whether a library is stored in the folder (an empty one counts)."""
        return self._store.exists

    def close(self) -> None:
        """Let go of the files; the next use opens them again."""
        with self._lock:
            self._store.close()

    # -- what it holds -----------------------------------------------------------------------------------------

    def add(self, *paths: str | os.PathLike[str], progress: ProgressCallback | None = None) -> Report:
        """Read files and store what is in them; see :func:`qa.indexing.add`."""
        from qa import indexing

        return indexing.add([Path(path) for path in paths], self._store, self._load, self._lock, progress)

    def remove(self, *ids: str) -> int:
        """Remove records by id; returns how many. NotFound, and nothing removed, if one of them is not there."""
        with self._lock:
            known = self._store.database.contents(ids)
            if missing := [record_id for record_id in ids if record_id not in known]:
                raise NotFound(f"There is no record {missing[0]} in the library. `qa list` shows the ids.")
            return self._store.remove(ids) if ids else 0

    def get(self, record_id: str) -> Record:
        """One record; NotFound if it is not there."""
        with self._lock:
            found = self._store.database.by_id([record_id])
        if not found:
            raise NotFound(f"There is no record {record_id} in the library. `qa list` shows the ids.")
        return found[record_id].record

    def records(self) -> list[Record]:
        """All records, in the order they were added."""
        with self._lock:
            return list(self._store.database.records())

    def __len__(self) -> int:
        with self._lock:
            return self._store.database.counts()[0]

    def __bool__(self) -> bool:
        return True  # an empty library is still a library

    def info(self) -> Info:
        from qa import __version__

        with self._lock:
            meta = self._store.database.meta()
            records, sentences = self._store.database.counts()
            dim = int(meta.get("dim", 0))
            return Info(
                str(self.folder), records, sentences, meta.get("embedder", ""), dim, __version__, self._store.size
            )

    # -- what it answers ---------------------------------------------------------------------------------------

    def search(self, question: str, k: int = 10) -> list[Hit]:
        """The k sentences that answer best, best first. QuestionError for a question that is none."""
        from qa.answering.answer import hits

        with self._lock:
            return hits(self._rank(question, k), k)

    def search_records(self, question: str, k: int = 10) -> list[RecordHit]:
        """The k records that answer best, best first; fewer only where the library has fewer."""
        from qa.answering import retrieve

        with self._lock:
            understood = self._understand(question)
            if understood is None:
                return []
            found = retrieve(understood, self._store, k)
            stored = self._store.stored(found.rows[:k])
            return [
                RecordHit(rank, float(score), stored[row].record)
                for rank, (row, score) in enumerate(zip(found.rows[:k], found.scores[:k], strict=True), 1)
            ]

    def ask(self, question: str, k: int = 5) -> Answer:
        """An answer of up to k numbered citations; an empty one says why."""
        from qa.answering import answer

        with self._lock:
            ranked = self._rank(question, k)
            if not len(self):
                return Answer(question, reason=answer.EMPTY)
            return answer.compose(question, ranked, k)

    # -- inside ------------------------------------------------------------------------------------------------

    def _rank(self, question: str, k: int) -> list[Ranked]:
        from qa.answering import rank, retrieve

        understood = self._understand(question)
        return rank(understood, retrieve(understood, self._store), self._store, k) if understood else []

    def _understand(self, question: str) -> Question | None:
        """The question analyzed and embedded, or None where there is nothing to search in."""
        from qa.answering.question import check, understand

        check(question)
        return understand(question, self._store, self._load()) if len(self) else None

    def _load(self) -> Embedder:
        """The embedder, loaded once, and checked against the one that made the library."""
        from qa.embedding import open_embedder
        from qa.indexing import verify

        with self._lock:
            if self._embedder is None:
                model = self._model or self._store.database.meta().get("embedder")
                self._embedder = open_embedder(model, say=self._say)
            verify(self._store, self._embedder)
            return self._embedder
