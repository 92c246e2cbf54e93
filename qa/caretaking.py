"""What looks after a library, on the command line: doctor, backup, restore, reindex."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.schema import ProgressCallback

if TYPE_CHECKING:
    from qa.examination import Examination
    from qa.library import Library
    from qa.reindexing import Reindexed

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


def doctor(
    options: argparse.Namespace, library: Library, progress: ProgressCallback | None
) -> tuple[Examination, list[str]]:
    """What `qa doctor` found, and what it mended before."""
    done = library.repair() if options.repair else []
    return library.examine(progress), done


def doctor_lines(examination: Examination, done: list[str]) -> Iterator[str]:
    """An examination for people: a line a check, and what is to be done."""
    yield from done
    for check in examination.checks:
        yield f"{_MARKS[check.state]:<5}{check.name}: {check.found}"
        if check.remedy:
            yield f"     {check.remedy}"


def backup(options: argparse.Namespace, library: Library) -> dict[str, Any]:
    """What `qa backup` wrote."""
    return {"file": options.file, "bytes": library.back_up(options.file)}


def restore(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """What `qa restore` did: where the library is now, and where the one before it."""
    from qa.backup import restore

    before = restore(Path(options.file), folder, force=options.force)
    return {"library": str(folder), "before": str(before) if before else ""}


def reindex(options: argparse.Namespace, library: Library, progress: ProgressCallback | None) -> Reindexed:
    """Make the vectors anew, by the model that was asked for."""
    return library.reindex(getattr(options, "model", None), progress)
