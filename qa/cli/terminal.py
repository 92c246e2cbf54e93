"""What every command shares: the library it opens, what it prints where, and the bar that shows how far it is."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import QAError
from qa.schema import Progress, ProgressCallback

if TYPE_CHECKING:
    from qa.library import Library


def open_library(options: argparse.Namespace) -> Library:
    """The library that the options name."""
    from qa.library import Library

    return Library.open(getattr(options, "library", "index"), model=getattr(options, "model", None), say=say)


def say(words: str) -> None:
    """Tell the person something that is no part of the output."""
    print(f"qa: {words}", file=sys.stderr)


def wants_json(options: argparse.Namespace) -> bool:
    """Whether to print what programs read."""
    return bool(getattr(options, "json", False))


def print_json(value: Any) -> None:
    """Print plain data."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def save_json(name: str, value: Any) -> None:
    """Write plain data to a file; QAError where it cannot be written."""
    try:
        Path(name).write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise QAError(f"Cannot write {name} ({error.strerror or error}). Name a file in a folder of yours.") from error


def positive(text: str) -> int:
    """A number from 1 on, as an option's value."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)


def count(text: str) -> int:
    """A number from 0 on, as an option's value."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 on")
    return int(text)


@contextmanager
def progress_bar() -> Iterator[ProgressCallback | None]:
    """A progress bar on stderr, or none where that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Starting", total=None)

        def show(progress: Progress) -> None:
            bar.update(task, description=progress.stage, completed=progress.done, total=progress.total or None)

        yield show
