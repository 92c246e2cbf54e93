"""The lines of a PDF's pages put together again: columns, paragraphs, words that were divided at a line's end."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from qa.reading.headings import is_heading
from qa.reading.mapping import clean, words

_RAISED = re.compile("\ue000([^\ue001]*)\ue001")
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_SPACED = re.compile(r"(?:\w ){4,}\w(?:  ?(?:\w ){1,}\w)*")
_NUMBER = re.compile(r"(?:\d{1,2}|[IVX]{1,4})\.?\s+")
_DIVIDED = re.compile(r"([^\W\d_]+)-$")
_OPEN = re.compile(r"[^.?!:;]$")

#: What begins a paragraph, however it is set.
_OPENS = re.compile(
    r"(?:key ?words?|index terms|abbreviations|correspond\w+|received|accepted|e-?mail|trial registration)\b|©|"
    r"copyright\b|(?:https?://)?(?:dx\.)?doi\b|https?://|"
    r"(?:(?:\d{1,2}|[IVX]{1,4})\.?\s+)?(?:introduction|references|bibliography)\W*$|[*†‡§]\s?\S",
    re.I,
)

#: What is joined to a word with a hyphen that stays.
_HYPHENED = words(
    """
    all anti case co cross double dose evidence ex extra first follow full half health high inter intra large late left
    long low meta mid multi near non one open over patient placebo population post pre quasi randomised randomized real
    right risk second self semi short single small state sub third three time two under well within
    """
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line as a page sets it: its place in points from the page's lower left, its height, and its text."""

    page: int
    page_height: float
    left: float
    base: float
    right: float
    size: float
    bold: bool
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together. ``bare`` is the text without what is raised, such as marks behind names."""

    page: int
    size: float
    bold: bool
    top: float
    text: str
    bare: str


def paragraphs(lines: Sequence[Line]) -> list[Paragraph]:
    """The paragraphs of pages, in reading order, without the heads and feet that pages repeat."""
    kept = _by_columns(_without_repeated(lines))
    known = Counter(word for line in kept for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", line.text.lower()))
    found: list[list[Line]] = []
    for line in kept:
        if found and _goes_on(found[-1], line):
            found[-1].append(line)
        else:
            found.append([line])
    return _rejoined([_paragraph(group, known) for group in found])


def _paragraph(lines: Sequence[Line], known: Counter[str]) -> Paragraph:
    joined = _join((line.text for line in lines), known)
    text, bare = (clean(part) for part in (_RAISED.sub(r"\1", joined), _RAISED.sub(" ", joined)))
    first = lines[0]
    return Paragraph(first.page, first.size, first.bold, first.base / max(first.page_height, 1), text, bare)


def _join(texts: Iterable[str], known: Counter[str]) -> str:
    """Lines made one; a word divided at a line's end is whole again, and a compound keeps its hyphen."""
    whole = ""
    for text in texts:
        text = _unspaced(text.strip().translate(_LIGATURES))
        before, after = _DIVIDED.search(whole), re.match(r"[^\W\d_]+", text)
        if not whole:
            whole = text
        elif before and after and after[0][0].islower():
            whole = whole if _is_compound(before[1], after[0], known) else whole[:-1]
            whole += text
        elif whole.endswith("-") and len(whole) > 1 and whole[-2].isalnum():
            whole += text  # "COVID-" and "19", "IL-" and "6", "Smith-" and "Jones"
        else:
            whole += f" {text}"
    return whole


def _is_compound(before: str, after: str, known: Counter[str]) -> bool:
    """Whether the hyphen belongs to the word: the rest of the text tells, else what usually has one."""
    joined, hyphened = f"{before}{after}".lower(), f"{before}-{after}".lower()
    if known[joined] != known[hyphened]:
        return known[hyphened] > known[joined]
    return before.lower() in _HYPHENED


def _unspaced(text: str) -> str:
    """ "A B S T R A C T" as a word: some journals set headings so."""
    if not _SPACED.fullmatch(text):
        return text
    return " ".join(part.replace(" ", "") for part in re.split(r" {2,}", text))


def _goes_on(group: Sequence[Line], line: Line) -> bool:
    """Whether a line belongs to the paragraph before it: same type, next below, no new beginning."""
    last = group[-1]
    if line.page != last.page or line.bold != last.bold or abs(line.size - last.size) > 0.08 * last.size + 0.3:
        return False
    if _OPENS.match(line.text.strip()) or _is_set_heading(line.text) or _is_set_heading(last.text):
        return False
    if abs(line.base - last.base) < 0.3 * last.size:  # the same line, cut by a wide space
        return line.left >= last.right - 1 and line.left - last.right < 4 * last.size
    step = last.base - line.base
    if step < 0:  # the top of the next column
        return bool(_OPEN.search(last.text.strip())) and len(group) > 1 and line.left > last.left
    if step > 1.9 * last.size or line.left > last.right or line.right < last.left:
        return False
    if len(group) > 1 and step > 1.35 * (group[-2].base - last.base) > 0:
        return False
    right = max(one.right for one in group)
    # A short last line, or an indented first one, ends a paragraph.
    if re.search(r"[.?!:]\W*$", last.text) and last.right < right - 2 * last.size and len(group) > 1:
        return False
    left = min(one.left for one in group[1:] or group)
    centred = abs((line.left + line.right) - (last.left + last.right)) < last.size
    return centred or not (line.left > left + 0.6 * line.size and re.search(r"[.?!:]\W*$", last.text))


def _is_set_heading(text: str) -> bool:
    return is_heading(_NUMBER.sub("", _unspaced(text.strip())))


def _rejoined(found: list[Paragraph]) -> list[Paragraph]:
    """Paragraphs that go on in the next column or page, past what stands between, made one."""
    result: list[Paragraph] = []
    taken: set[int] = set()
    for at, paragraph in enumerate(found):
        if at in taken:
            continue
        while len(paragraph.text) > 200 and _OPEN.search(paragraph.text):
            after = next(
                (
                    index
                    for index in range(at + 1, min(at + 6, len(found)))
                    if index not in taken
                    and abs(found[index].size - paragraph.size) < 0.4
                    and found[index].text[:1].islower()
                    and len(found[index].text) > 30
                ),
                None,
            )
            if after is None:
                break
            taken.add(after)
            more = found[after]
            known: Counter[str] = Counter()
            paragraph = replace(
                paragraph,
                text=_join([paragraph.text, more.text], known),
                bare=_join([paragraph.bare, more.bare], known),
            )
        result.append(paragraph)
    return result


def _without_repeated(lines: Sequence[Line]) -> list[Line]:
    """Without what stands at the head or foot of several pages, and bare page numbers there."""

    def key(line: Line) -> str:
        return re.sub(r"\d+", "0", clean(line.text).lower())

    margin = [line for line in lines if not 0.07 < line.base / max(line.page_height, 1) < 0.93]
    pages: dict[str, set[int]] = {}
    for line in margin:
        pages.setdefault(key(line), set()).add(line.page)
    gone = {id(line) for line in margin if len(pages[key(line)]) > 1 or re.fullmatch(r"\W*\d+\W*", line.text)}
    return [line for line in lines if id(line) not in gone]


def _by_columns(lines: Sequence[Line]) -> list[Line]:
    """Lines that a page sets across two columns, left and right in turn, put column by column."""
    result: list[Line] = []
    for page in dict.fromkeys(line.page for line in lines):
        own = [line for line in lines if line.page == page]
        turns = sum(
            abs(one.base - two.base) < 0.3 * one.size and two.left > one.right + 0.8 * one.size
            for one, two in itertools.pairwise(own)
        )
        if turns < 6 or turns < len(own) / 5:
            result += own
            continue
        edges = [line.right for line in own], [line.left for line in own]
        middle = (min(edges[1]) + max(edges[0])) / 2
        block: list[Line] = []
        for line in (*own, None):
            if line is not None and not (line.left < middle - 5 and line.right > middle + 5):
                block.append(line)
                continue
            block.sort(key=lambda one: one.left > middle - 5)
            result += block
            block = []
            if line is not None:
                result.append(line)
    return result
