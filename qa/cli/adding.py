"""The commands that put records in: add, sync, fetch, embed."""

from __future__ import annotations

import argparse
import dataclasses
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from qa.cli.accounts import skip_lines, summary
from qa.cli.terminal import open_library, print_json, progress_bar, say, wants_json
from qa.schema import Report

if TYPE_CHECKING:
    from qa.library import Library

#: Records that are embedded in a few seconds: not worth a word.
_FEW = 100


def configure_add(parser: argparse.ArgumentParser) -> None:
    """``qa add FILE …``."""
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="exports (RIS, .nbib, PubMed XML, BibTeX, EndNote, CSV, Excel, JSON …), saved or copied pages; folders "
        "and ZIP archives of them; - for standard input",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would become of every entry, and keep nothing"
    )
    parser.add_argument("--keep-both", action="store_true", help="merge nothing of these files with other records")
    _add_full_text(parser)


def configure_sync(parser: argparse.ArgumentParser) -> None:
    """``qa sync FOLDER``."""
    parser.add_argument("folder", metavar="FOLDER")
    _add_full_text(parser)
    parser.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
    parser.add_argument("--allow-empty", action="store_true", help="remove all its records if the folder is empty")


def _add_full_text(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--full-text", action="store_true", help="of PDFs, the whole text, too; quoted with the page")


def run_add(options: argparse.Namespace) -> int:
    """Read files, and account for every entry."""
    library = open_library(options)
    with progress_bar() as progress, tempfile.TemporaryDirectory(prefix="qa-") as folder:
        paths = [_spooled(Path(folder)) if name == "-" else Path(name) for name in options.files]
        report = library.add(
            *paths,
            copies=[path for path, name in zip(paths, options.files, strict=True) if name == "-"],
            keep_both=options.keep_both,
            full_text=options.full_text,
            dry_run=options.dry_run,
            embed=False,
            progress=progress,
        )
    return _account(report, options) or _embed_rest(library, options)


def run_sync(options: argparse.Namespace) -> int:
    """Keep the library in step with a folder."""
    library = open_library(options)
    with progress_bar() as progress:
        report = library.sync(
            options.folder,
            full_text=options.full_text,
            dry_run=options.dry_run,
            allow_empty=options.allow_empty,
            embed=False,
            progress=progress,
        )
    return _account(report, options) or _embed_rest(library, options)


def run_embed(options: argparse.Namespace) -> None:
    """Embed what is not embedded yet."""
    library = open_library(options)
    with progress_bar() as progress:
        embedded = library.embed(progress)
    if wants_json(options):
        print_json({"embedded": embedded})
    else:
        print(f"{embedded:,} records embedded. " if embedded else "", "Every record is embedded.", sep="")


def run_fetch(options: argparse.Namespace) -> None:
    """Fetch records from PubMed, and add them."""
    from qa.fetching import command

    library = open_library(options)
    with progress_bar() as progress:

        def add(file: Path, entry: str) -> Report:
            return library.add(file, command=entry, progress=progress)

        done = command.run_fetch(options, library.folder, add, say, progress)
    if wants_json(options):
        print_json(done.plain)
    else:
        print(done.words)
    for skip in done.skipped:
        print(f"skipped: {skip}", file=sys.stderr)


def _embed_rest(library: Library, options: argparse.Namespace) -> int:
    """Embed what was added, when the account of it is printed already and it can be asked."""
    if options.dry_run:
        return 0
    sys.stdout.flush()
    awaiting = library.awaiting()
    if awaiting.records > _FEW:
        say(
            f"You can ask now. {awaiting.records:,} records are being embedded, so that they are found by their "
            "meaning too; Ctrl+C stops that, and qa embed goes on."
        )
    with progress_bar() as progress:
        library.embed(progress)
    return 0


def _account(report: Report, options: argparse.Namespace) -> int:
    if wants_json(options):
        print_json({"read": report.read, **dataclasses.asdict(report)})
    else:
        print(summary(report, dry_run=options.dry_run))
        for line in skip_lines(report):
            print(line, file=sys.stderr)
    return 1 if report.failed else 0


def _spooled(folder: Path) -> Path:
    """Standard input as a file: it is read twice, to look it through and to add it."""
    path = folder / "standard input"
    with path.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    return path
