"""The commands that write files and speak of what is kept: export, compare, cite, conversations, judgements."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import ExportError
from qa.export import FORMATS, STYLES, Format, Subject, cite, find_format, format_of
from qa.options import add_filters, filters
from qa.schema import Answer, Comparison, Conversation, ProgressCallback

if TYPE_CHECKING:
    from qa.library import Library

#: Makes a command's parser: (name, what it is for).
Command = Callable[[str, str], argparse.ArgumentParser]

STDOUT = "-"

_KNOWN = ", ".join(f"{one.suffix} ({one.title})" for one in FORMATS)


# -- what they are called with ---------------------------------------------------------------------------------


def configure_export(parser: argparse.ArgumentParser) -> None:
    """``qa export FILE …``."""
    parser.description = (
        f"Write records, an answer or a conversation to a file. Its name says in which format: {_KNOWN}."
    )
    parser.add_argument("output", metavar="FILE", help="the file to write, or - for the terminal")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--all", action="store_true", help="all records of the library, or all within the limits below")
    what.add_argument("--records", nargs="+", metavar="ID", help="these records, as `qa list` names them")
    what.add_argument("--answer", metavar="ID", help="a kept answer (the ID in its link: ?a=ID)")
    what.add_argument("--conversation", metavar="ID", help="a kept conversation, as `qa conversations` names it")
    _add_format(parser)
    add_filters(parser, sentences=False, record=False)


def configure_compare(parser: argparse.ArgumentParser) -> None:
    """``qa compare --question … --question …``."""
    parser.add_argument("--question", action="append", required=True, metavar="TEXT", help="may be given several times")
    parser.add_argument(
        "--records", nargs="+", metavar="ID", help="the records compared (default: the ten best for each question)"
    )
    add_output(parser)
    add_filters(parser, record=False)


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


def add_output(parser: argparse.ArgumentParser) -> None:
    """Give a command --output, --format and --force."""
    parser.add_argument("--output", metavar="FILE", help=f"write to a file, whose name says how: {_KNOWN}")
    _add_format(parser)


def _add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", metavar="NAME", help=f"the format: {', '.join(one.name for one in FORMATS)}")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")


# -- what they do ----------------------------------------------------------------------------------------------


def export(options: argparse.Namespace, library: Library) -> None:
    """Write what was asked for to a file."""
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


def compare(options: argparse.Namespace, library: Library, progress: ProgressCallback | None) -> Comparison:
    """The table that was asked for."""
    records = list(dict.fromkeys(options.records)) if options.records else None
    return library.compare(options.question, records, filters=filters(options), progress=progress)


def citations(options: argparse.Namespace, library: Library) -> str:
    """The records in the style that was asked for, a reference a paragraph."""
    found = (cite(library.get(record_id), options.style).strip() for record_id in dict.fromkeys(options.ids))
    return "\n\n".join(line.replace("\r\n", "\n") for line in found)


def conversations(options: argparse.Namespace, library: Library, as_json: bool) -> str:
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


def judgements(options: argparse.Namespace, library: Library) -> str:
    """Write what people said of sentences as a suite, and say how much it is."""
    from qa.export import suite

    said = library.conversations(owner=None).judgements()
    if not said:
        raise ExportError("No sentence was judged yet. In the chat, say of a sentence that it answers, or does not.")
    folder = Path(options.folder)
    files = suite.write(said, library.records())
    for name in files:
        _check(folder / name, options.force)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(f"{folder} cannot be made ({error.strerror}). Name another folder.") from error
    for name, data in files.items():
        _save(folder / name, data)
    questions = files["queries.jsonl"].count(b"\n")
    return (
        f"{len(said):,} {'judgement' if len(said) == 1 else 'judgements'} on {questions:,} "
        f"{'question' if questions == 1 else 'questions'} written to {folder}"
    )


# -- writing ---------------------------------------------------------------------------------------------------


class Target:
    """A file to be written, and its format; checked before the work is done that fills it."""

    def __init__(self, name: str, form: Format, force: bool) -> None:
        self.name = name
        self.form = form
        if name != STDOUT:
            _check(Path(name), force)

    @classmethod
    def of(cls, options: argparse.Namespace) -> Target | None:
        """What the options ask for; None where they ask for no file. ExportError for what cannot be done."""
        if options.output is None and options.format is None:
            return None
        return cls.named(options.output or STDOUT, options)

    @classmethod
    def named(cls, name: str, options: argparse.Namespace) -> Target:
        """The file of that name, in the format that the options or its name say."""
        if options.format is not None:
            return cls(name, find_format(options.format), options.force)
        if name == STDOUT:
            raise ExportError(f"Say in which format (--format): {', '.join(one.name for one in FORMATS)}.")
        return cls(name, format_of(Path(name)), options.force)

    def write(self, subject: Subject) -> None:
        """Write the file, whole or not at all, and say so."""
        data = self.form.write(subject)
        if self.name == STDOUT:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
            return
        _save(Path(self.name), data)
        print(f"{_count(subject)} written to {self.name} ({self.form.title})", file=sys.stderr)


def _count(subject: Subject) -> str:
    if isinstance(subject, Answer):
        return "the answer"
    if isinstance(subject, Comparison):
        return f"a table of {len(subject.questions):,} × {len(subject.records):,}"
    if isinstance(subject, Conversation):
        return f"the conversation “{subject.title}”"
    return f"{len(subject):,} {'record' if len(subject) == 1 else 'records'}"


def _check(path: Path, force: bool) -> None:
    if path.is_dir():
        raise ExportError(f"{path} is a folder. Name a file.")
    if path.exists() and not force:
        raise ExportError(f"{path} is there already. Name another file, or say --force to write over it.")


def _save(path: Path, data: bytes) -> None:
    """Write beside the file and put it in place at the end: nobody ever sees half of it."""
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)  # as any new file, where mkstemp makes it the owner's alone
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise ExportError(f"{path} cannot be written ({error.strerror}). Name another file.") from error
