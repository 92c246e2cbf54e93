"""The commands that look after a library: doctor, backup, restore, reindex."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from qa.cli.terminal import open_library, print_json, progress_bar, say, wants_json

if TYPE_CHECKING:
    from qa.examination import Examination

_MARKS = {"fine": "ok", "note": "note", "mendable": "mend", "damaged": "BAD"}


def configure_doctor(parser: argparse.ArgumentParser) -> None:
    """The options of `qa doctor`."""
    parser.add_argument("--repair", action="store_true", help="mend what can be mended without your files, then look")


def configure_backup(parser: argparse.ArgumentParser) -> None:
    """The options of `qa backup`."""
    parser.add_argument("file", metavar="FILE", help="the backup to write, a ZIP archive")


def configure_restore(parser: argparse.ArgumentParser) -> None:
    """The options of `qa restore`."""
    parser.add_argument("file", metavar="FILE", help="a backup that qa backup made")
    parser.add_argument("--force", action="store_true", help="where a library is there already: keep that beside it")


def run_doctor(options: argparse.Namespace) -> int:
    """Mend what was asked for, and say what is whole."""
    library = open_library(options)
    with progress_bar() as progress:
        done = library.repair() if options.repair else []
        examination = library.examine(progress)
    if wants_json(options):
        print_json({**examination.to_dict(), "done": done})
    else:
        print("\n".join(_doctor_lines(examination, done)))
    return 0 if examination.ok else 1


def _doctor_lines(examination: Examination, done: list[str]) -> Iterator[str]:
    """An examination for people: a line a check, and what is to be done."""
    yield from done
    for check in examination.checks:
        yield f"{_MARKS[check.state]:<5}{check.name}: {check.found}"
        if check.remedy:
            yield f"     {check.remedy}"


def run_backup(options: argparse.Namespace) -> None:
    """Write the library to one file."""
    done = {"file": options.file, "bytes": open_library(options).back_up(options.file)}
    if wants_json(options):
        print_json(done)
    else:
        print(f"{done['file']}: {done['bytes'] / 1e6:,.1f} MB. Keep it on another disk than the library.")


def run_restore(options: argparse.Namespace) -> None:
    """Make a library of a backup, and say where it is now, and where the one before it."""
    from qa.backup import restore

    folder = Path(getattr(options, "library", "index"))
    before = restore(Path(options.file), folder, force=options.force)
    if wants_json(options):
        print_json({"library": str(folder), "before": str(before) if before else ""})
    else:
        print(f"The library is in {folder}." + (f" The one before is in {before}." if before else ""))


def run_reindex(options: argparse.Namespace) -> None:
    """Make the vectors anew, by the model that was asked for."""
    from qa.library import Library

    library = Library.open(getattr(options, "library", "index"), say=say)  # --model is the one it is to have
    with progress_bar() as progress:
        done = library.reindex(getattr(options, "model", None), progress)
    if wants_json(options):
        print_json(dataclasses.asdict(done))
    else:
        print(done)
