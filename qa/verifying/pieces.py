"""A text → what is to be checked in it: its quotations where it has some, else its sentences."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from qa.sentences.splitter import spans

#: A piece of fewer words is a term or a heading, not a quotation.
FEWEST_WORDS = 3

#: A piece of more characters is no sentence; it is checked in parts.
LONGEST = 3000

#: What Markdown and answers set before a line: quoting, heading, item, number of a citation.
_MARKER = re.compile(r"(?:[ \t]*(?:>+|[-*+•‣](?=[ \t])|\d{1,3}[.)](?=[ \t])|\[\d{1,3}\](?=[ \t])))+[ \t]*")
_HEADING = re.compile(r"[ \t]*#{1,6}[ \t]")
_QUOTED_LINE = re.compile(r"[ \t]*>")
_ATTRIBUTION = re.compile(r"[ \t>]*[-—–―]{1,2}[ \t]*\w")

_PAIRS = re.compile(
    r"“(?P<a>[^“”]+)”|«(?P<b>[^«»]+)»|„(?P<c>[^„“”]+)[“”]"
    r"|(?<![\w\"])\"(?=\S)(?P<d>[^\"]+)(?<=\S)\"(?!\w)"
    r"|``(?P<e>[^`']+)''"
)
_SINGLE = re.compile(r"(?<!\w)‘(?P<f>[^‘]+?)’(?!\w)")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text to be checked: the text's ``[start:end]``, without marks of its layout in ``text``."""

    text: str
    start: int
    end: int
    kind: Literal["quotation", "sentence"]


@dataclass(frozen=True, slots=True)
class Pieces:
    """What is to be checked, in order; ``unchecked`` counts the sentences outside quotations, ``left_out`` what is
    too short."""

    pieces: tuple[Piece, ...]
    unchecked: int
    left_out: int


def take_apart(text: str, *, everything: bool = False) -> Pieces:
    """The pieces of a text. Sentences outside quotation marks are the writer's own: in a text with quotations they
    count only with ``everything``."""
    blocks = list(_blocks(text))
    bare = _bare(text)
    quotations = [piece for block in blocks for piece in _quotations(bare, block)]
    sentences = [piece for block in blocks if not block.quoted for piece in _sentences(bare, block.start, block.end)]
    long = [piece for piece in quotations if _enough(piece)]
    own = [one for one in sentences if not any(one.start < q.end and q.start < one.end for q in _near(long, one))]
    left_out = sum(not _enough(piece) for piece in own)
    own = [piece for piece in own if _enough(piece)]
    if long and not everything:
        return Pieces(tuple(part for piece in long for part in _parts(piece)), len(own), 0)
    both = sorted([*long, *own], key=lambda piece: piece.start)
    return Pieces(tuple(part for piece in both for part in _parts(piece)), 0, left_out)


@dataclass(frozen=True, slots=True)
class _Block:
    start: int
    end: int
    quoted: bool


def _blocks(text: str) -> Iterator[_Block]:
    """Paragraphs, list items and block quotations; headings are none."""
    start, end, quoted = -1, -1, False
    at = 0
    for line in text.splitlines(keepends=True):
        here, at = at, at + len(line)
        blank = not line.strip() or bool(_HEADING.match(line))
        marked = bool(_MARKER.match(line))
        is_quoted = bool(_QUOTED_LINE.match(line))
        attribution = quoted and is_quoted and bool(_ATTRIBUTION.match(line))
        if start >= 0 and (blank or attribution or is_quoted != quoted or (marked and not is_quoted)):
            yield _Block(start, end, quoted)
            start = -1
        if not blank and not attribution:
            start, end, quoted = (here if start < 0 else start), at, is_quoted
    if start >= 0:
        yield _Block(start, end, quoted)


def _bare(text: str) -> str:
    """The text, no character moved, with blanks for the marks of its layout and for line ends."""
    lines = text.splitlines(keepends=True)
    blank = (
        _MARKER.sub(lambda match: " " * len(match[0]), line, count=1) if _MARKER.match(line) else line for line in lines
    )
    return re.sub(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]", " ", "".join(blank))


def _quotations(bare: str, block: _Block) -> Iterator[Piece]:
    if block.quoted:
        yield _piece(bare, block.start, block.end, "quotation")
        return
    part = bare[block.start : block.end]
    found = list(_PAIRS.finditer(part)) or list(_SINGLE.finditer(part))
    for match in found:
        start, end = match.span(match.lastgroup or 0)
        yield _piece(bare, block.start + start, block.start + end, "quotation")


def _sentences(bare: str, start: int, end: int) -> Iterator[Piece]:
    for a, b in spans(bare[start:end]):
        yield _piece(bare, start + a, start + b, "sentence")


def _piece(bare: str, start: int, end: int, kind: Literal["quotation", "sentence"]) -> Piece:
    text = bare[start:end]
    start += len(text) - len(text.lstrip())
    text = text.strip()
    return Piece(text, start, start + len(text), kind)


def _near(quotations: list[Piece], sentence: Piece) -> list[Piece]:
    """The quotations that could overlap a sentence; they are in order and do not overlap one another."""
    first = bisect_right(quotations, sentence.start, key=lambda piece: piece.end)
    return quotations[first : bisect_left(quotations, sentence.end, key=lambda piece: piece.start)]


def _parts(piece: Piece) -> Iterator[Piece]:
    """A piece, cut at blanks where it is too long to be looked for as a whole."""
    start = 0
    while len(piece.text) - start > LONGEST:
        cut = piece.text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = cut if cut > 0 else start + LONGEST
        yield _part(piece, start, cut)
        start = cut
    yield _part(piece, start, len(piece.text))


def _part(piece: Piece, start: int, end: int) -> Piece:
    part = _piece(piece.text, start, end, piece.kind)
    return Piece(part.text, piece.start + part.start, piece.start + part.end, part.kind)


def _enough(piece: Piece) -> bool:
    return sum(1 for _ in _WORD.finditer(piece.text)) >= FEWEST_WORDS
