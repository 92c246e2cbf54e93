"""A piece as it may be looked for: as it is written, without what the writer put in, cut where words are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa.verifying.tokens import Token, tokens

#: "[…]", "(...)" and a bare "…": words are left out.
_ELLIPSIS = re.compile(r"\[\s*(?:…|\.{3}|\. \. \.)\s*\]|\(\s*(?:…|\.{3}|\. \. \.)\s*\)|…|\.{3}|\. \. \.")

#: "[1]", "[2, 5]", "[3–7]" and "[@smith2019]": where a quotation is from, not a part of it.
_CITATION = re.compile(r"\[\s*\d{1,4}(?:\s*[,;–-]\s*\d{1,4}){0,40}\s*\]|\[@[^\[\]]{1,200}\]|\[\^[^\[\]]{1,40}\]")

#: "[L]it", "[the parks]", "[sic]": the writer's own words or letters.
_BRACKETS = re.compile(r"\[[^\[\]]{1,200}\]")

_LETTER = re.compile(r"\[([^\W\d_]{1,2})\](?=[^\W\d_])")
_GAP = re.compile(f"{_ELLIPSIS.pattern}|{_BRACKETS.pattern}")

#: Emphasis in Markdown, around words.
_EMPHASIS = re.compile(r"(?<![^\W_])[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}(?![^\W_])")

#: In place of how many of the library's tokens a bracketed insertion may stand.
INSERTION = 8


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of tokens that has to stand word for word; ``gap`` is how many tokens may lie between it and the one
    before (None: any number)."""

    tokens: tuple[Token, ...]
    gap: int | None = 0


@dataclass(frozen=True, slots=True)
class Wording:
    """A way to read a piece: ``text`` is the piece, no character moved, with blanks for what is not looked for."""

    piece: str
    text: str
    segments: tuple[Segment, ...]
    notes: tuple[str, ...] = ()
    put_in: tuple[str, ...] = ()  # the writer's own words, in brackets

    @property
    def tokens(self) -> list[Token]:
        return [token for segment in self.segments for token in segment.tokens]


def wordings(piece: str) -> list[Wording]:
    """The ways to read a piece, the most faithful first; each once as it is and once without signs at its ends."""
    found = [Wording(piece, piece, (Segment(tuple(tokens(piece))),))]
    text, notes = _without_marks(piece)
    if notes:
        found.append(Wording(piece, text, (Segment(tuple(tokens(text))),), notes))
    if _ELLIPSIS.search(text) or _BRACKETS.search(text):
        found.append(_cut(piece, text, notes))
    return [one for wording in found for one in (wording, *_without_ends(wording)) if any(_words(one.tokens))]


def _without_marks(piece: str) -> tuple[str, tuple[str, ...]]:
    notes = []
    for pattern, note in ((_CITATION, "without citation marks"), (_EMPHASIS, "the emphasis is the writer's")):
        piece, count = pattern.subn(lambda match: " " * len(match[0]), piece)
        notes += [note] * bool(count)
    return piece, tuple(notes)


def _cut(piece: str, text: str, notes: tuple[str, ...]) -> Wording:
    """Cut at what is left out or put in by the writer."""
    said = dict.fromkeys(notes)
    for match in _LETTER.finditer(text):
        said[f"“{match[0]}” is the writer's spelling"] = None
    # Signs that are nowhere to be seen, in place of the brackets: the letter joins its word, and nothing moves.
    text = _LETTER.sub(lambda match: f"\u2060{match[1]}\u2060", text)
    segments: list[Segment] = []
    put_in: list[str] = []
    gap: int | None = 0
    start = 0
    for match in _GAP.finditer(text):
        segments, gap = _with_segment(segments, text, start, match.start(), gap)
        start = match.end()
        if _ELLIPSIS.fullmatch(match[0]):
            gap = None
            said["words are left out at the ellipsis"] = None
        else:
            gap = None if gap is None else gap + INSERTION
            said[f"“{match[0]}” is the writer's own"] = None
            put_in.append(match[0])
    segments, _ = _with_segment(segments, text, start, len(text), gap)
    return Wording(piece, text, tuple(segments), tuple(said), tuple(put_in))


def _with_segment(
    segments: list[Segment], text: str, start: int, end: int, gap: int | None
) -> tuple[list[Segment], int | None]:
    """The segments with one more, if there is a word in it; and the gap that is still open."""
    part = tuple(tokens(text, start, end))
    if not any(_words(part)):
        return segments, gap
    return [*segments, Segment(part, gap)], 0


def _without_ends(wording: Wording) -> Iterator[Wording]:
    """The wording without signs at the ends of its segments, if there are any: “… fewer beetles,” he wrote."""
    trimmed = tuple(Segment(_trim(segment.tokens), segment.gap) for segment in wording.segments)
    if trimmed != wording.segments:
        yield replace(wording, segments=trimmed)


def _trim(found: Sequence[Token]) -> tuple[Token, ...]:
    words = _words(found)
    first = next((at for at, is_word in enumerate(words) if is_word), len(found))
    last = next((at for at in range(len(found), 0, -1) if words[at - 1]), 0)
    return tuple(found[first:last])


def _words(found: Sequence[Token]) -> list[bool]:
    return [token.is_word for token in found]
