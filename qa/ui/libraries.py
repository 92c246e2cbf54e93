"""The libraries that a page can show: the one it was started with, and the folders beside it."""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.errors import LibraryError, NotFound
from qa.library import Library
from qa.schema import ProgressCallback
from qa.ui import tab_words, words
from qa.ui.rules import Rules

#: What a new library may be called: one folder name, on every system, that is no path and hides nothing.
_NAME = re.compile(r"[^\W_](?:[\w .-]{0,62}[\w])?")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


#: Questions that are answered at once; a single one keeps two processors busy for half of its time.
AT_ONCE = min(4, os.cpu_count() or 1)


class Libraries:
    """Libraries by the names of their folders. Each is opened once, when it is first asked for.

    ``rules`` say what the people may do with them.
    """

    def __init__(self, first: Library, rules: Rules | None = None) -> None:
        self.rules = rules or Rules()
        folder = first.folder.resolve()
        self._root, self.first = folder.parent, folder.name
        self._opened = {self.first: first}
        self._seen: set[str] = set()  # those that have been there
        self._lock = threading.Lock()
        self._spares: dict[Path, list[Library]] = {}  # handles that nobody uses just now, by folder
        self._turns = threading.Semaphore(AT_ONCE)

    @property
    def root(self) -> Path:
        """The folder that holds them."""
        return self._root

    def names(self) -> list[str]:
        """The library that the page was started with, then those beside it, by name."""
        found = []
        if os.access(self._root, os.R_OK):
            for folder in self._root.iterdir():
                if folder.name != self.first and not folder.is_symlink() and (folder / "library.sqlite").is_file():
                    found.append(folder.name)
        with self._lock:
            created = set(self._opened) - {self.first}
        return [self.first, *sorted(created.union(found), key=str.casefold)]

    def get(self, name: str) -> Library:
        """A library by its name; LibraryError for one that is not among :meth:`names`, or was there and is gone."""
        if name not in self._opened and name not in self.names():
            raise LibraryError(tab_words.NO_LIBRARY.format(name=name))
        library = self._open(name)
        if library.exists:
            self._seen.add(name)
        elif name in self._seen:
            with self._lock:
                gone = [library, *self._spares.pop(library.folder, ())]
            for one in gone:
                one.close()  # so that it is opened anew where it is put back
            raise NotFound(words.LIBRARY_GONE.format(folder=library.folder))
        return library

    @contextmanager
    def spare(self, library: Library, progress: ProgressCallback) -> Iterator[Library]:
        """The same library, in hands that nobody uses just now: several people can be answered at once."""
        with self._turns:
            with self._lock:
                spares = self._spares.setdefault(library.folder, [])
                handle = spares.pop() if spares else None
            handle = handle or library.again(progress)
            try:
                yield handle
            finally:
                with self._lock:
                    spares.append(handle)

    def create(self, name: str) -> str:
        """Make a new, empty library; returns its name. LibraryError for a name that is taken, or that is none."""
        self.rules.change()
        name = name.strip()
        if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name):
            raise LibraryError(tab_words.NO_NAME.format(name=name[:80]))
        taken = {known.casefold() for known in self.names()}
        if name.casefold() in taken or (self._root / name).exists():
            raise LibraryError(tab_words.NAME_TAKEN.format(name=name, folder=self._root))
        self._open(name)
        return name

    def _open(self, name: str) -> Library:
        with self._lock:
            if name not in self._opened:
                self._opened[name] = Library.open(self._root / name)
            return self._opened[name]


def memory_in_use() -> int | None:
    """Bytes of memory that this process holds; None where the system does not say."""
    if sys.platform == "linux":
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    if sys.platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # the most there was; in bytes on this system
    return None
