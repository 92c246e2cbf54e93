"""The digests that a new library starts with, so that the first question has an answer."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import qa
from qa.errors import NotFound, QAError
from qa.library import Library
from qa.ui import words

#: Questions that the digests answer, offered on the page as long as the library holds them.
QUESTIONS = words.EXAMPLE_QUESTIONS


def path() -> Path:
    """The file with the digests: beside the package when installed, in ``examples/`` in a checkout."""
    package = Path(qa.__file__).parent
    installed = package / "examples.jsonl"
    return installed if installed.exists() else package.parent / "examples" / "digests.jsonl"


def ids() -> tuple[str, ...]:
    """The digests' ids, in the file's order."""
    file = path()
    if not file.exists():
        return ()
    return tuple(json.loads(line)["id"] for line in file.read_text(encoding="utf-8").splitlines() if line.strip())


def held(library: Library) -> list[str]:
    """The ids of the digests that the library holds; another record that has taken such an id does not count."""
    found = []
    for record_id in ids():
        try:
            if library.get(record_id).is_example:
                found.append(record_id)
        except NotFound:
            continue
    return found


class Filling:
    """Reads the digests into a new library in the background, so that the page is there at once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._thread: threading.Thread | None = None
        self._served = threading.Event()
        self.failure = ""

    @property
    def running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Fill the library once :meth:`go` is called, if its folder has never held one: emptied, it stays empty."""
        if self._library.exists or not path().exists():
            return
        self._thread = threading.Thread(target=self._fill, name="examples", daemon=True)
        self._thread.start()

    def go(self) -> None:
        """The page is served: now there is time to load a model."""
        self._served.set()

    def _fill(self) -> None:
        self._served.wait()
        try:
            # A digest is about a work, not the work: somebody's own record of it must not become one with it.
            self._library.add(path(), copies=[path()], keep_both=True)
        except QAError as error:
            self.failure = words.EXAMPLES_UNREAD.format(why=error)
