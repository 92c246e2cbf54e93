"""Files made from the database: their names say which state of it they hold, and they are put in place whole.

A state is a generation and the token drawn when it was written. The number alone would not do: a database that was
put back from a copy counts on from there, and reaches the same numbers with other records.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple


class State(NamedTuple):
    """A state of the database; a token is empty where a version that drew none has written it."""

    generation: int
    token: str

    def __str__(self) -> str:
        return f"{self.generation:09d}-{self.token}" if self.token else f"{self.generation:09d}"


#: Tells whether a state is one that the database is in, or has been in.
Known = Callable[[State], bool]

#: What is written until it is put in place ends like this; what still does was cut off.
UNFINISHED = ".new"


def found(folder: Path, name: str, suffix: str = "") -> list[tuple[State, Path]]:
    """The files of a name in a folder, the latest state first."""
    pattern = re.compile(rf"{re.escape(name)}-(\d{{9}})(?:-([0-9a-f]+))?{re.escape(suffix)}")
    matches = ((pattern.fullmatch(path.name), path) for path in (folder.iterdir() if folder.is_dir() else ()))
    states = [(State(int(match[1]), match[2] or ""), path) for match, path in matches if match]
    return sorted(states, reverse=True)


def temporary(folder: Path, name: str) -> Path:
    """A path that nobody else writes to, beside the one that it is to become."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.{secrets.token_hex(6)}{UNFINISHED}"


def settle(path: Path) -> None:
    """Have the disk hold what was written to a file before anything relies on it."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def settle_folder(path: Path) -> None:
    """Have the disk hold the names in a folder; where a system cannot do that, it need not."""
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
