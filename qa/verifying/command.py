"""``qa verify``: its options, what it reads and what it prints. Nothing heavy is imported before it runs."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import QAError

if TYPE_CHECKING:
    from qa.verifying.finding import Finding, Verification
    from qa.verifying.receipt import ReceiptCheck

DESCRIPTION = """\
Say for each quotation of a text whether it stands in the library: word for word, word for word but for
typography, almost (and what differs), or not at all. In a text without quotation marks every sentence is
checked. A receipt (qa ask --receipt) is checked quotation by quotation: where it was, moved, changed, gone.
"""

EPILOG = """\
examples:
  qa verify draft.md                          the quotations of a draft
  qa verify "Honey shortened night cough."    a sentence
  pbpaste | qa verify -                       whatever is on standard input
  qa ask "Does honey help?" --receipt r.json && qa verify r.json

Exit code 1 if anything that was checked does not stand there word for word. See docs/verify.md.
"""

#: Characters of a text that is verified: a book's worth.
LONGEST = 20_000_000


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of ``qa verify``; ``--library``, ``--model`` and ``--json`` are those of every command."""
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("what", metavar="TEXT|FILE|-", help="a text, a file with one, a receipt, or standard input")
    parser.add_argument("--all", action="store_true", help="check sentences outside quotation marks as well")


def read_what(what: str) -> str | Mapping[str, Any]:
    """The text that is named or given, or the receipt; QAError where it can be neither."""
    from qa.verifying.receipt import is_receipt

    text = _text(what)
    if not text.strip():
        raise QAError("There is nothing to verify: the text is empty.")
    if len(text) > LONGEST:
        raise QAError(f"The text has more than {LONGEST:,} characters. Verify it in parts.")
    if text.lstrip().startswith("{"):
        try:
            plain = json.loads(text)
        except (ValueError, RecursionError):
            return text
        if is_receipt(plain):
            return dict(plain)
    return text


def _text(what: str) -> str:
    if what == "-":
        return _decoded(sys.stdin.buffer.read(), "standard input")
    try:
        path = Path(what)
        if path.is_file():
            return _decoded(path.read_bytes(), what)
        if what and path.is_dir():  # an empty name is that of the folder we are in
            raise QAError(f"{what} is a folder. Name a file in it.")
    except (OSError, ValueError) as error:  # a long text is no name of a file
        if isinstance(error, PermissionError):
            raise QAError(f"{what} cannot be read. Check that you may read it.") from error
    if len(what.split()) == 1:
        raise QAError(f"There is no file {what}, and it is no sentence. Check the name.")
    return what


def _decoded(data: bytes, name: str) -> str:
    from qa.reading import encodings

    if (b"\0" in data and not encodings.bom(data)[0]) or data.startswith((b"PK\x03\x04", b"%PDF-")):
        raise QAError(f"{name} is no text. Save it as plain text or Markdown, or paste it to `qa verify -`.")
    return encodings.decode(data)


def words_of(verification: Verification) -> str:
    """A verification as the terminal shows it."""
    return "\n\n".join([*("\n".join(_lines(finding)) for finding in verification.findings), str(verification)])


def words_of_receipt(check: ReceiptCheck) -> str:
    """The check of a receipt as the terminal shows it."""
    blocks = []
    for one in check.checked:
        lines = [f"[{one.number}] {one.state}: “{_flat(one.text)}”"]
        if one.place is not None:
            lines.append(f"    {one.place.record_id}, {one.place.field} {one.place.start}–{one.place.end}")
        if one.state == "changed" and one.finding is not None:
            lines += [f"    {line}" for line in (*one.finding.typography, *_details(one.finding))]
        if one.state == "gone":
            lines.append(f"    was in {one.record_id}")
        elif one.record_changed:
            lines.append(f"    the record {one.record_id} has changed since")
        blocks.append("\n".join(lines))
    return "\n\n".join([*blocks, str(check)])


def _lines(finding: Finding) -> Iterator[str]:
    from qa.verifying.finding import WORDS

    signs = f" ({', '.join(finding.typography)})" if finding.typography else ""
    yield f"{WORDS[finding.verdict]}{signs}: “{_flat(finding.text)}”"
    if finding.place is not None:
        also = f", and {', '.join(finding.also)}" if finding.also else ""
        yield f"    {finding.place.record_id}, {finding.place.field} {finding.place.start}–{finding.place.end}{also}"
    for line in _details(finding):
        yield f"    {line}"


def _details(finding: Finding) -> Iterator[str]:
    if finding.place is not None and not finding.stands:
        yield f"stands there: “{_flat(finding.place.text)}”"
    if finding.differences:
        yield f"differs: {', '.join(map(str, finding.differences))}"
    if finding.notes:
        yield f"note: {'; '.join(finding.notes)}"


def _flat(text: str) -> str:
    return " ".join(text.split())
