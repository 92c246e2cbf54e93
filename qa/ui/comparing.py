"""A comparison in the making: in a thread of its own, with a way to stop."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from qa.errors import Cancelled, QAError
from qa.library import Library
from qa.schema import Comparison, Filters, Progress
from qa.ui import tab_words, words


class Comparing:
    """One comparison. When it no longer runs, there is a ``comparison`` or a ``problem``."""

    def __init__(self, library: Library, questions: Sequence[str], records: Sequence[str] | None, filters: Filters):
        self.progress = Progress(tab_words.CHOOSING if records is None else tab_words.READING_RECORDS, 0, 0)
        self.comparison: Comparison | None = None
        self.problem = ""
        self._asked = (library, questions, records, filters)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="compare", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def cancel(self) -> None:
        """Stop before the next question."""
        self._stop.set()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def wait(self, seconds: float = 0.25) -> None:
        """Until it is over, or for so long."""
        self._thread.join(seconds)

    def _run(self) -> None:
        library, questions, records, filters = self._asked
        problem = words.BUG
        try:
            self.comparison = library.compare(questions, records, filters=filters, progress=self._tell)
            problem = ""
        except QAError as error:
            problem = str(error)
        finally:
            self.problem = problem

    def _tell(self, step: Progress) -> None:
        if self._stop.is_set():
            raise Cancelled(tab_words.COMPARING_STOPPED)
        self.progress = step
