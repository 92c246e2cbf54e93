"""The commands about the records that are held: list, show, remove, retractions, info."""

from __future__ import annotations

import argparse
import dataclasses

from qa.cli.options import add_filters, filters
from qa.cli.printing import finding_lines, plain_record, source_line
from qa.cli.terminal import open_library, print_json, wants_json


def configure_list(parser: argparse.ArgumentParser) -> None:
    """``qa list``."""
    add_filters(parser, sentences=False)


def configure_show(parser: argparse.ArgumentParser) -> None:
    """``qa show ID``."""
    parser.add_argument("id")


def configure_remove(parser: argparse.ArgumentParser) -> None:
    """``qa remove ID …``."""
    parser.add_argument("ids", nargs="+", metavar="ID")


def configure_retractions(parser: argparse.ArgumentParser) -> None:
    """``qa retractions FILE``."""
    parser.add_argument("file", metavar="FILE", help="the list as Crossref publishes it, retraction_watch.csv")


def run_list(options: argparse.Namespace) -> None:
    """List the records."""
    library = open_library(options)
    records = library.records(filters(options))
    known = library.appraisals(*(record.id for record in records)) if records else {}
    if wants_json(options):
        print_json([plain_record(record, known[record.id]) for record in records])
    else:
        for record in records:
            print(f"{record.id}\t{record.year or ''}\t{record.title}\t{known[record.id]}")


def run_show(options: argparse.Namespace) -> None:
    """Show one record, whole."""
    library = open_library(options)
    record, appraisal = library.get(options.id), library.appraisal(options.id)
    if wants_json(options):
        print_json(plain_record(record, appraisal))
        return
    print(f"{record.title}\n{source_line(record, appraisal)}\n")
    if record.sections:
        for section in record.sections:
            print(f"{section.label}: " * bool(section.label) + record.abstract[section.start : section.end] + "\n")
    elif record.abstract:
        print(record.abstract + "\n")
    for line in finding_lines(appraisal):
        print(line)
    print(record.id)


def run_remove(options: argparse.Namespace) -> None:
    """Remove records."""
    removed = open_library(options).remove(*dict.fromkeys(options.ids))
    if wants_json(options):
        print_json({"removed": removed})
    else:
        print(f"{removed} removed")


def run_retractions(options: argparse.Namespace) -> None:
    """Mark what a list of retractions says."""
    library = open_library(options)
    marked = library.mark_retractions(options.file)
    if wants_json(options):
        print_json({"read": marked.read, "records": dict(marked.records), "skipped": len(marked.skipped)})
        return
    print(marked)
    for status, ids in marked.records.items():
        for record_id in ids:
            print(f"{status}\t{record_id}\t{library.get(record_id).title}")


def run_info(options: argparse.Namespace) -> None:
    """Say what the library holds."""
    info = open_library(options).info()
    if wants_json(options):
        print_json(dataclasses.asdict(info))
    else:
        print(f"library    {info.folder}\nrecords    {info.records:,}\nsentences  {info.sentences:,}")
        print(f"embedder   {info.embedder or '-'}\non disk    {info.bytes / 1e6:,.1f} MB\nversion    {info.version}")
