"""Every error that is the person's to mend.

    QAError
    ├── ReadingError        a file or what stands in it (path, line)
    │   ├── UnknownFormat   the content is of no kind that we read
    │   └── Broken          the file ends early or is not what it says it is
    ├── FetchError          the server of the literature cannot be reached, or does not give what was asked
    ├── QuestionError       nothing to search for, or far too much
    ├── ExportError         a file that cannot be written, or a format that is none
    ├── LibraryError        a library's folder
    │   ├── NotFound        no such record
    │   ├── Corrupt         the files in the folder are damaged or not ours
    │   ├── Mismatch        made by another embedder or another version
    │   └── Locked          somebody else writes, or nobody may
    ├── Forbidden           the page is for reading only, or somebody asked too much of it
    ├── EmbeddingError      a model that is not there, or gives no usable vectors
    ├── Cancelled           the person stopped what was being done
    └── MissingDependency   an optional package

A message is one sentence of what happened and one of what to do. Anything else that is raised is a bug of ours.
"""

from __future__ import annotations

import os


class QAError(Exception):
    """The base: catch this to catch everything that is the person's to mend."""


class ReadingError(QAError):
    """A file could not be read. ``path`` is the file, ``line`` the line (0 when the whole file is meant)."""

    def __init__(self, path: str | os.PathLike[str], message: str, line: int = 0) -> None:
        self.path = str(path)
        self.line = line
        self.reason = message
        where = f"{self.path}:{line}" if line else self.path
        super().__init__(f"{where}: {message}")


class UnknownFormat(ReadingError):
    """The content is of no kind that we read."""


class Broken(ReadingError):
    """The file ends early, or is not what it says it is."""


class FetchError(QAError):
    """A server of literature cannot be reached, refuses, or answers what it should not."""


class QuestionError(QAError):
    """The question is empty or far too long."""


class ExportError(QAError):
    """A file cannot be written, or not in the format that was asked for."""


class LibraryError(QAError):
    """Something about a library's folder."""


class NotFound(LibraryError):
    """No such record."""


class Corrupt(LibraryError):
    """The files in the folder are damaged or not ours."""


class Mismatch(LibraryError):
    """The library was made by another embedder or another version; the message names the command that repairs."""


class Locked(LibraryError):
    """The folder cannot be written."""


class Forbidden(QAError):
    """Whoever serves the page does not allow this, or not so often."""


class EmbeddingError(QAError):
    """A model that cannot be found or loaded, or whose vectors are unusable."""


class Cancelled(QAError):
    """The person stopped what was being done: raised by a progress callback, and passed on by whatever called it.

    What was stored until then stays, and is accounted for in the ledger; adding the same files again goes on there.
    """


class MissingDependency(QAError):
    """An optional package is not installed; the message names the extra to install."""
