"""The backlog: records that are stored, and answer by their words, but are not embedded yet; and working it off.

Reading is a hundred times faster than embedding, so records are stored first and embedded behind, a portion a
transaction: whatever stops it, what is embedded stays, and the next run goes on from there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from qa.answering.ahead import vectors_for
from qa.errors import Cancelled, Corrupt, QAError
from qa.schema import Progress, ProgressCallback
from qa.storage import Store

if TYPE_CHECKING:
    from qa.embedding import Embedder

#: Records embedded and stored together: some seconds of work, which is what an interruption can cost.
PORTION = 64

STAGE = "Embedding"


def work_off(
    store: Store,
    load: Callable[[], Embedder],
    lock: AbstractContextManager[object],
    progress: ProgressCallback | None = None,
) -> int:
    """Embed what waits, what questions wanted most often first; returns how many records were embedded.

    The lock is held while the library is read or written, not while texts are embedded. What ``progress`` raises ends
    the work; what was stored by then stays. Locked where the library cannot be written.
    """
    tell = progress or (lambda _: None)
    embedded = 0
    while True:
        with lock, store.database.snapshot():
            rows = store.database.late.next(PORTION) if store.exists else []
            waiting = store.database.late.counts()[0] if rows else 0
            portion = list(store.database.by_row(rows).values())
            sentences = {one.row: list(store.database.sentences(one).values()) for one in portion}
        if not rows:
            break
        if len(portion) < len(rows):  # it would never end
            raise Corrupt(
                f"{store.database.path} is damaged: a record that waits to be embedded is not there. "
                "qa doctor --repair lets go of it."
            )
        total = embedded + waiting
        tell(Progress(STAGE, embedded, total))

        def count(part: float, before: int = embedded, total: int = total, size: int = len(portion)) -> None:
            tell(Progress(STAGE, before + int(part * size), total))

        made = vectors_for([(one.row, one.record, sentences[one.row]) for one in portion], load(), count)
        with lock:
            embedded += store.database.embed(made)
    if embedded:
        tell(Progress(STAGE, embedded, embedded))
        with lock:
            store.catch_up()
    return embedded


class Behind:
    """The backlog worked off in a thread of its own, while the library answers."""

    def __init__(self, embed: Callable[[ProgressCallback], object]) -> None:
        self._embed = embed
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._starting = threading.Lock()
        self.progress: Progress | None = None
        self.failure = ""

    @property
    def running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Begin, unless it is at work."""
        with self._starting:
            if not self.running:
                self._stop.clear()
                self._thread = threading.Thread(target=self._run, name="embed", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Stop soon, and wait for that; what is embedded stays."""
        self._stop.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        self.failure = ""
        try:
            self._embed(self._tell)
        except Cancelled:
            pass
        except QAError as error:
            self.failure = str(error)
        finally:
            self.progress = None

    def _tell(self, step: Progress) -> None:
        if self._stop.is_set():
            raise Cancelled("Stopped. What is embedded stays.")
        self.progress = step
