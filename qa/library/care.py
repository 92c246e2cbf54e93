"""What keeps a library whole: examination, repair, a backup, and all its vectors made anew."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import NotFound
from qa.library.filling import Filling
from qa.schema import ProgressCallback

if TYPE_CHECKING:
    from qa.examination import Examination
    from qa.reindexing import Reindexed


class Care(Filling):
    """Looking after a library."""

    def examine(self, progress: ProgressCallback | None = None) -> Examination:
        """Whether everything in the library's folder is whole and agrees; see :mod:`qa.examination`."""
        from qa import examination

        with self._lock:
            return examination.examine(self._store, self._load, progress)

    def repair(self) -> list[str]:
        """Mend what can be mended without the files: says what was done. Nothing is embedded, no record changed."""
        from qa import examination

        with self._lock:
            if not self._store.exists:
                raise NotFound(f"There is no library in {self.folder} yet. Add files first (qa add FILE).")
            return examination.repair(self._store)

    def reindex(self, model: str | None = None, progress: ProgressCallback | None = None) -> Reindexed:
        """Embed everything anew by another model (default: the library's own); see :mod:`qa.reindexing`.

        It is also what a library needs whose sentences another version of qa has split.
        """
        from qa import reindexing
        from qa.embedding import open_embedder

        with self._lock:
            if not self._store.exists:
                raise NotFound(f"There is no library in {self.folder} yet. Add files first (qa add FILE).")
            embedder = open_embedder(model or self._store.database.meta().get("embedder"), say=self._say)
            self._fill_in()
        done = reindexing.reindex(self._store, embedder, self._lock, progress)
        with self._lock:
            self._model, self._embedder = None, embedder
            self._store.catch_up()
        self._calibrate()
        return done

    def back_up(self, path: str | os.PathLike[str]) -> int:
        """Write the library, as it is now, to one file; returns its size. See :func:`qa.backup.back_up`."""
        from qa import backup

        return backup.back_up(self._store, Path(path))
