"""The file that a command writes: its options, its format, and that it is written whole or not at all."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from qa.errors import ExportError
from qa.export import FORMATS, Format, Subject, find_format, format_of
from qa.schema import Answer, Comparison, Conversation

STDOUT = "-"

#: The formats, as the help names them.
KNOWN = ", ".join(f"{one.suffix} ({one.title})" for one in FORMATS)


def add_output(parser: argparse.ArgumentParser) -> None:
    """Give a command --output, --format and --force."""
    parser.add_argument("--output", metavar="FILE", help=f"write to a file, whose name says how: {KNOWN}")
    add_format(parser)


def add_format(parser: argparse.ArgumentParser) -> None:
    """Give a command --format and --force."""
    parser.add_argument("--format", metavar="NAME", help=f"the format: {', '.join(one.name for one in FORMATS)}")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")


class Target:
    """A file to be written, and its format; checked before the work is done that fills it."""

    def __init__(self, name: str, form: Format, force: bool) -> None:
        self.name = name
        self.form = form
        if name != STDOUT:
            check(Path(name), force)

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
        save(Path(self.name), data)
        print(f"{_count(subject)} written to {self.name} ({self.form.title})", file=sys.stderr)


def _count(subject: Subject) -> str:
    if isinstance(subject, Answer):
        return "the answer"
    if isinstance(subject, Comparison):
        return f"a table of {len(subject.questions):,} × {len(subject.records):,}"
    if isinstance(subject, Conversation):
        return f"the conversation “{subject.title}”"
    return f"{len(subject):,} {'record' if len(subject) == 1 else 'records'}"


def check(path: Path, force: bool) -> None:
    """Raise ExportError where there is a file that is not to be written over."""
    if path.is_dir():
        raise ExportError(f"{path} is a folder. Name a file.")
    if path.exists() and not force:
        raise ExportError(f"{path} is there already. Name another file, or say --force to write over it.")


def save(path: Path, data: bytes) -> None:
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
