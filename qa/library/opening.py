"""A library that is opened: its folder, its model, and one state of it for whoever reads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, RLock
from typing import TYPE_CHECKING, Self

from qa.errors import Mismatch, NotFound
from qa.schema import Progress, ProgressCallback

if TYPE_CHECKING:
    from qa.backlog import Behind
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


class Opening:
    """What every part of the façade stands on."""

    def __init__(self, store: Store, model: str | None = None, say: Callable[[str], None] | None = None) -> None:
        self._store = store
        self._model = model
        self._say = say
        self._embedder: Embedder | None = None
        self._lock = RLock()
        self._one_embeds = Lock()
        self._behind: Behind | None = None

    @classmethod
    def open(
        cls,
        folder: str | os.PathLike[str] = "index",
        *,
        model: str | None = None,
        say: Callable[[str], None] | None = None,
    ) -> Self:
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
                f"Leave out --model, or make the library's vectors anew with it: qa reindex --model {model}"
            )
        return library

    def again(self, progress: ProgressCallback | None = None) -> Self:
        """The same library once more, to be asked at the same time from another thread; the model is shared."""
        from qa.storage import Store

        other = type(self)(Store(self.folder), self._model, self._say)
        if self.exists:
            if self._embedder is None:
                if progress:
                    progress(Progress("Loading the model", 0, 0))
                self._load()
            other._embedder = self._embedder  # it is compared with the library once that is asked; no lock to wait for
        return other

    @property
    def folder(self) -> Path:
        return self._store.folder

    @property
    def exists(self) -> bool:
        """Whether a library is stored in the folder (an empty one counts)."""
        return self._store.exists

    def close(self) -> None:
        """Let go of the files, and end what is embedded behind; the next use opens them again."""
        if self._behind is not None:
            self._behind.stop()
        with self._lock:
            self._store.close()

    def __len__(self) -> int:
        with self._lock:
            return self._store.database.count()

    def __bool__(self) -> bool:
        return True  # an empty library is still a library

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def info(self) -> Info:
        from qa import __version__

        with self._reading():
            meta = self._store.database.meta()
            records, sentences = self._store.database.counts()
            dim = int(meta.get("dim", 0))
            return Info(
                str(self.folder), records, sentences, meta.get("embedder", ""), dim, __version__, self._store.size
            )

    # -- inside ------------------------------------------------------------------------------------------------

    @contextmanager
    def _reading(self, *, appraised: bool = False) -> Iterator[None]:
        """One thread at a time, and one state of the library from the first look to the last, whoever writes meanwhile.

        With ``appraised``, every record has its appraisal.
        """
        with self._lock:
            if appraised:
                self._fill_in()
            with self._store.database.snapshot():
                yield
            self._store.keep()

    def _fill_in(self) -> None:
        """Appraise what a version without appraisals, or with other rules, has added."""
        from qa.upkeep import fill_in

        fill_in(self._store, self._say)

    def _known_as(self, record_id: str) -> str:
        """The id of the record that has this id, or into which an entry with this id was merged."""
        if self._store.database.contents([record_id]):
            return record_id
        found = self._store.database.variants.aliases(record_id) if self._store.exists else []
        if len(found) == 1:
            return found[0]
        if found:
            raise NotFound(f"{record_id} is said of several records: {', '.join(found)}. Name one of them.")
        raise NotFound(f"There is no record {record_id} in the library. `qa list` shows the ids.")

    def _load(self) -> Embedder:
        """The embedder, loaded once, and checked against the one that made the library."""
        from qa.embedding import open_embedder
        from qa.indexing import verify

        with self._lock:
            meta = self._store.database.meta()
            made_by = meta.get("embedder")
            overtaken = self._model is None and made_by and self._embedder and self._embedder.name != made_by
            if self._embedder is None or overtaken:  # another process has made the vectors anew
                model = self._model or made_by
                revision = meta.get("revision", "") if model == made_by else ""
                self._embedder = open_embedder(model, revision=revision, say=self._say)
            verify(self._store, self._embedder)
            return self._embedder
