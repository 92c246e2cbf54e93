"""The questions that a page offers to begin with: found once for each state of a library, and kept."""

from __future__ import annotations

import threading

from qa.library import Library
from qa.offers import find_offers
from qa.ui import examples


class Firsts:
    """The first questions of each library. Finding them loads the model, so that the first answer is a warm one."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[object, tuple[str, ...]]] = {}
        self._lock = threading.Lock()

    def of(self, library: Library) -> tuple[str, ...]:
        """Questions that the library answers; those of the examples where it holds nothing else. It takes seconds."""
        folder = str(library.folder)
        with self._lock:  # whoever comes meanwhile waits for the same questions
            info = library.info()
            state = (info.records, info.sentences, info.embedder)
            if self._known.get(folder, (None, ()))[0] != state:
                self._known[folder] = (state, _questions(library, info.records))
            return self._known[folder][1]


def _questions(library: Library, records: int) -> tuple[str, ...]:
    held = examples.held(library)
    if len(held) < records:
        with library.again() as hands:  # of our own: nobody's question waits for these
            found = find_offers(hands)
        if found:
            return found
    return examples.QUESTIONS if held else ()
