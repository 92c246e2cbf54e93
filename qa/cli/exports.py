"""The commands that write files and speak of what is kept: export, cite, conversations, judgements."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from qa.cli.options import add_filters, filters
from qa.cli.target import KNOWN, Target, add_format, check, save
from qa.cli.terminal import open_library, wants_json
from qa.errors import ExportError
from qa.export import STYLES, Subject, cite

if TYPE_CHECKING:
    from qa.library import Library


def configure_export(parser: argparse.ArgumentParser) -> None:
    """``qa export FILE …``."""
    parser.description = (
        f"Write records, an answer or a conversation to a file. Its name says in which format: {KNOWN}."
    )
    parser.add_argument("output", metavar="FILE", help="the file to write, or - for the terminal")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--all", action="store_true", help="all records of the library, or all within the limits below")
    what.add_argument("--records", nargs="+", metavar="ID", help="these records, as `qa list` names them")
    what.add_argument("--answer", metavar="ID", help="a kept answer (the ID in its link: ?a=ID)")
    what.add_argument("--conversation", metavar="ID", help="a kept conversation, as `qa conversations` names it")
    add_format(parser)
    add_filters(parser, sentences=False, record=False)


def configure_cite(parser: argparse.ArgumentParser) -> None:
    """``qa cite ID … --style``."""
    parser.add_argument("ids", nargs="+", metavar="ID")
    parser.add_argument("--style", choices=tuple(STYLES), default="apa", help="default: apa (APA 7)")


def configure_conversations(parser: argparse.ArgumentParser) -> None:
    """``qa conversations [WORD …]``."""
    parser.add_argument("words", nargs="*", metavar="WORD", help="only those in which all of these words are found")
    change = parser.add_mutually_exclusive_group()
    change.add_argument("--delete", metavar="ID", help="delete a conversation and all that was kept with it")
    change.add_argument("--rename", nargs=2, metavar=("ID", "TITLE"), help="give a conversation another title")


def configure_judgements(parser: argparse.ArgumentParser) -> None:
    """``qa judgements FOLDER``."""
    parser.add_argument("folder", metavar="FOLDER", help="where to write the suite; `qa eval FOLDER` measures on it")
    parser.add_argument("--force", action="store_true", help="write over a suite that is there")


def run_export(options: argparse.Namespace) -> None:
    """Write what was asked for to a file."""
    library = open_library(options)
    target = Target.named(options.output, options)
    subject: Subject
    if options.answer:
        subject = library.conversations(owner=None).answer(options.answer).answer
    elif options.conversation:
        subject = library.conversations(owner=None).load(options.conversation)
    elif options.records:
        subject = [library.get(record_id) for record_id in dict.fromkeys(options.records)]
    elif options.all or filters(options):
        subject = library.records(filters(options))
    else:
        raise ExportError("Say what to export: --all, --records ID …, --answer ID, --conversation ID, or a limit.")
    target.write(subject)


def run_cite(options: argparse.Namespace) -> None:
    """Print the records in the style that was asked for, a reference a paragraph."""
    library = open_library(options)
    found = (cite(library.get(record_id), options.style).strip() for record_id in dict.fromkeys(options.ids))
    print("\n\n".join(line.replace("\r\n", "\n") for line in found))


def run_conversations(options: argparse.Namespace) -> None:
    """Print the kept conversations; or delete one, or give it another title."""
    print(_conversations(options, open_library(options), wants_json(options)))


def _conversations(options: argparse.Namespace, library: Library, as_json: bool) -> str:
    """The kept conversations in lines; or what was done to one."""
    kept = library.conversations(owner=None)
    if options.delete:
        kept.delete(options.delete)
        return "deleted"
    if options.rename:
        kept.rename(*options.rename)
        return "renamed"
    found = kept.search(" ".join(options.words))
    if as_json:
        rows = [
            {
                "id": one.id,
                "title": one.title,
                "answers": one.answers,
                "created": one.created.isoformat(),
                "changed": one.changed.isoformat(),
                "owner": one.owner,
            }
            for one in found
        ]
        return json.dumps(rows, ensure_ascii=False, indent=2)
    if not found:
        return "No conversation is kept here." if not options.words else "No conversation has these words in it."
    return "\n".join(f"{one.id}\t{one.changed:%Y-%m-%d %H:%M}\t{one.answers}\t{one.title}" for one in found)


def run_judgements(options: argparse.Namespace) -> None:
    """Write what people said of sentences as a suite, and say how much it is."""
    from qa.export import suite

    library = open_library(options)
    said = library.conversations(owner=None).judgements()
    if not said:
        raise ExportError("No sentence was judged yet. In the chat, say of a sentence that it answers, or does not.")
    folder = Path(options.folder)
    files = suite.write(said, library.records())
    for name in files:
        check(folder / name, options.force)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(f"{folder} cannot be made ({error.strerror}). Name another folder.") from error
    for name, data in files.items():
        save(folder / name, data)
    questions = files["queries.jsonl"].count(b"\n")
    print(
        f"{len(said):,} {'judgement' if len(said) == 1 else 'judgements'} on {questions:,} "
        f"{'question' if questions == 1 else 'questions'} written to {folder}"
    )
