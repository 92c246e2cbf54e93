"""The commands ledger and duplicates, and what is said of runs: tables for people, CSV and JSON for programs."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from qa.cli.terminal import open_library, print_json, wants_json
from qa.schema import Duplicate, FileReport, NearDuplicate, Record, Report, Run, Skip

if TYPE_CHECKING:
    from qa.library import Library

#: What the terminal shows of long lists; all of it is in the ledger.
FILES, SKIPS = 50, 10

_COUNTS = ("added", "updated", "merged", "unchanged", "removed", "skipped", "vanished")
_STATES = {
    "read": "",
    "known": "known, byte for byte",
    "unfinished": "not read to its end",
    "failed": "could not be read",
    "vanished": "is gone",
}
_NAME, _ID = 60, 24  # characters


# -- what an add or a sync did ---------------------------------------------------------------------------------


def summary(report: Report, *, dry_run: bool = False) -> str:
    """The table of files where there are several, and what became of all entries in one line."""
    shown = report.files[:FILES] if len(report.files) > 1 else ()
    lines = [file_table(shown)] if shown else []
    if shown and len(report.files) > len(shown):
        lines.append(f"… and {len(report.files) - len(shown)} more files{_where(report)}")
    lines.append(f"{'dry run, nothing is kept: ' if dry_run else ''}{report}")
    return "\n".join(lines)


def skip_lines(report: Report) -> list[str]:
    """The first skips with their reasons, and where the others are found."""
    lines = [f"skipped: {skip}" for skip in report.skipped[:SKIPS]]
    if len(report.skipped) > SKIPS:
        lines.append(f"… and {len(report.skipped) - SKIPS} more{_where(report)}")
    return lines


def _where(report: Report) -> str:
    return f": qa ledger --run {report.run}" if report.run else " (--json lists all)"


def file_table(files: Sequence[FileReport]) -> str:
    """A row a file; a column for everything that happened at all."""
    counts = [name for name in ("entries", *_COUNTS) if any(getattr(file, name) for file in files)]
    rows = [["file", "format", *("gone" if name == "vanished" else name for name in counts), ""]]
    for file in files:
        numbers = [f"{getattr(file, name):,}" if getattr(file, name) else "" for name in counts]
        rows.append([_middle(file.path), file.format, *numbers, _STATES[file.state]])
    return _table(rows, left=(0, 1, len(counts) + 2))


# -- the ledger ------------------------------------------------------------------------------------------------


def configure_ledger(parser: argparse.ArgumentParser) -> None:
    """The options of `qa ledger`."""
    parser.add_argument("--run", type=int, metavar="N", dest="number", help="one run, file by file, with every skip")
    parser.add_argument("--csv", action="store_true", help="print CSV, a row a file of a run")
    parser.add_argument("--skips", action="store_true", help="with --csv: a row a skip instead")


def run_ledger(options: argparse.Namespace) -> None:
    """Print the ledger, or a run of it."""
    _print(_ledger(options, open_library(options)))


def _ledger(options: argparse.Namespace, library: Library) -> str | list[dict[str, Any]]:
    """What `qa ledger` prints, or for ``--json`` the runs as plain data."""
    runs = library.ledger(options.number)
    if wants_json(options):
        return [asdict(run) for run in runs]
    if options.csv:
        return _csv(runs, skips=options.skips)
    if options.number is not None:
        return "\n".join(_page(run) for run in runs)
    if not runs:
        return "The ledger is empty: nothing was added since it is kept."
    rows = [["run", "when (UTC)", "files", "entries", *_COUNTS[:-1], "command"]]
    for run in runs:
        counts = [sum(getattr(file, name) for file in run.files) for name in ("entries", *_COUNTS[:-1])]
        numbers = [f"{count:,}" if count else "" for count in counts]
        rows.append([str(run.run), run.at[:16].replace("T", " "), str(len(run.files)), *numbers, run.command])
    return _table(rows, left=(1, len(rows[0]) - 1))


def _page(run: Run) -> str:
    lines = [f"run {run.run} · {run.at} · qa {run.version} · {run.command}", "", file_table(run.files)]
    lines += ["", *(f"skipped: {skip}" for skip in run.skips)] if run.skips else []
    return "\n".join(lines)


def _csv(runs: Sequence[Run], *, skips: bool) -> str:
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    if skips:
        write(["run", *Skip.__slots__])
        for run in runs:
            for skip in run.skips:
                write([run.run, *(getattr(skip, name) for name in Skip.__slots__)])
    else:
        write(["run", "at", "version", "command", *FileReport.__slots__])
        for run in runs:
            for file in run.files:
                values = (getattr(file, name) for name in FileReport.__slots__)
                write([run.run, run.at, run.version, run.command, *values])
    return text.getvalue().rstrip("\n")


# -- duplicates ------------------------------------------------------------------------------------------------


def configure_duplicates(parser: argparse.ArgumentParser) -> None:
    """The options of `qa duplicates`."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--near", action="store_true", help="pairs that look like one work and were not merged, and why")
    what.add_argument("--split", metavar="ID", help="take a merged record apart into its entries, for good")
    what.add_argument("--join", metavar="ID", nargs="+", help="make records one, as you know that they are one work")
    what.add_argument("--apart", metavar="ID", nargs=2, help="note that a pair of --near is not one work")


def run_duplicates(options: argparse.Namespace) -> None:
    """Print the records that were merged, or undo it."""
    _print(_duplicates(options, open_library(options)))


def _duplicates(options: argparse.Namespace, library: Library) -> str | list[dict[str, Any]] | dict[str, Any]:
    """What `qa duplicates` prints, or for ``--json`` the same as plain data."""
    plain = wants_json(options)
    if options.split or options.join:
        records = library.split(options.split) if options.split else library.join(*options.join)
        if plain:
            return [record.to_dict() for record in records]
        now = "1 record" if len(records) == 1 else f"{len(records)} records"
        return "\n".join([f"now {now}:", *(f"  {_line(record)}" for record in records)])
    if options.apart:
        library.keep_apart(tuple(options.apart))
        return {"apart": options.apart} if plain else "Noted: different works."
    if options.near:
        pairs = library.near_duplicates()
        return [_near_plain(pair) for pair in pairs] if plain else _near(pairs)
    found = library.duplicates()
    return [_plain(one) for one in found] if plain else _merged(found)


def _merged(found: Sequence[Duplicate]) -> str:
    if not found:
        return "No record is made of more than one entry."
    entries = sum(len(one.variants) for one in found)
    blocks = [_block(one) for one in found]
    count = "1 record is" if len(found) == 1 else f"{len(found)} records are"
    return "\n\n".join([*blocks, f"{count} made of {entries} entries. To take one apart: qa duplicates --split ID"])


def _block(one: Duplicate) -> str:
    lines = [f"{one.record.id}  {one.record.title}"]
    lines += [f"  {number}  {_line(variant)}" for number, variant in enumerate(one.variants, 1)]
    lines += [f"  {a + 1} and {b + 1}: {reason}" for a, b, reason in one.reasons]
    by_source: dict[tuple[int, ...], list[str]] = {}
    for name, numbers in one.origins.items():
        by_source.setdefault(numbers, []).append(name.replace("_", " "))
    taken = (f"{', '.join(names)} from {_and(numbers)}" for numbers, names in sorted(by_source.items()))
    return "\n".join([*lines, f"  {'; '.join(taken)}"])


def _near(pairs: Sequence[NearDuplicate]) -> str:
    if not pairs:
        return "No two records look like one work."
    blocks = [f"{_line(pair.one)}\n{_line(pair.other)}\n  not merged: {pair.reason}" for pair in pairs]
    return "\n\n".join(blocks)


def _line(record: Record) -> str:
    names = ", ".join(record.sources or (record.source,))
    known = (_short(record.id), record.title, record.byline, names)
    return " · ".join(part for part in known if part)


def _plain(one: Duplicate) -> dict[str, Any]:
    return {
        "record": one.record.to_dict(),
        "variants": [variant.to_dict() for variant in one.variants],
        "reasons": [{"variants": [a, b], "reason": reason} for a, b, reason in one.reasons],
        "origins": {name: list(numbers) for name, numbers in one.origins.items()},
    }


def _near_plain(pair: NearDuplicate) -> dict[str, Any]:
    return {"records": [pair.one.to_dict(), pair.other.to_dict()], "reason": pair.reason, "settled": pair.settled}


# -- layout ----------------------------------------------------------------------------------------------------


def _print(text_or_data: str | list[dict[str, Any]] | dict[str, Any]) -> None:
    if isinstance(text_or_data, str):
        print(text_or_data)
    else:
        print_json(text_or_data)


def _table(rows: Sequence[Sequence[str]], left: Sequence[int]) -> str:
    """Rows in columns; those named in ``left`` begin, the others end at the same place."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) if at in left else cell.rjust(width) for at, (cell, width) in enumerate(row))
        for row in (list(zip(row, widths, strict=True)) for row in rows)
    )
    return "\n".join(line.rstrip() for line in lines)


def _middle(text: str) -> str:
    """A long path without its middle."""
    return text if len(text) <= _NAME else f"{text[: _NAME // 3]}…{text[-(_NAME - _NAME // 3 - 1) :]}"


def _short(record_id: str) -> str:
    return f"{record_id[:_ID]}…" if record_id.startswith("sha256:") and len(record_id) > _ID else record_id


def _and(numbers: Sequence[int]) -> str:
    words = [str(number + 1) for number in numbers]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
