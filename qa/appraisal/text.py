"""A record's texts as the rules look at them: bounded, with the part a place lies in, and matches as evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from qa.schema import Evidence, Record

#: Characters of a field that are looked at: every abstract known to us is shorter, and time stays bounded.
LONGEST = 15_000

#: Where a statement begins: after a full stop and white space, after a line end, after a heading's colon.
_BREAK = re.compile(r"[.?!;]\s|\n|:\s(?=[A-Z])")
#: How far back a statement is looked for.
_REACH = 240

Part = Literal["", "background", "methods", "results", "conclusions"]

_PARTS: tuple[tuple[re.Pattern[str], Part], ...] = (
    (re.compile(r"method|design|patient|participant|subject|setting|population|sample|intervention|procedure|measure"
                r"|material|data|eligib|selection", re.I), "methods"),
    (re.compile(r"result|finding|observation|case|presentation", re.I), "results"),
    (re.compile(r"background|objective|aim|purpose|introduction|context|importance|rationale|question", re.I),
     "background"),
    (re.compile(r"conclusion|discussion|interpretation|implication|significance|relevance|limitation", re.I),
     "conclusions"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Texts:
    """The title and abstract of a record, cut to what is looked at; offsets are those of the record's fields."""

    record: Record
    title: str
    abstract: str
    parts: Sequence[tuple[int, int, Part]]

    @classmethod
    def of(cls, record: Record) -> Texts:
        parts = tuple((section.start, section.end, _part(section.label)) for section in record.sections)
        return cls(record, record.title[:LONGEST], record.abstract[:LONGEST], parts)

    def part(self, at: int) -> Part:
        """The part of the abstract that a place lies in, by its heading; '' where no heading tells."""
        return next((part for start, end, part in self.parts if start <= at < end), "")


def _part(label: str) -> Part:
    return next((part for pattern, part in _PARTS if pattern.search(label)), "")


def evidence(field: str, match: re.Match[str]) -> Evidence:
    """A match as evidence: the slice it is, without white space at its ends."""
    text = match[0]
    start = match.start() + len(text) - len(text.lstrip())
    text = text.strip()
    return Evidence(field, text, start, start + len(text))


def before(text: str, at: int) -> str:
    """The statement that leads up to a place, from its beginning."""
    window = text[max(0, at - _REACH) : at]
    last = 0
    for match in _BREAK.finditer(window):
        last = match.end()
    return window[last:]


def after(text: str, at: int, reach: int = 120) -> str:
    """What follows a place in its statement."""
    window = text[at : at + reach]
    match = _BREAK.search(window)
    return window[: match.start()] if match else window


def matches(pattern: re.Pattern[str], text: str, most: int = 200) -> Iterator[re.Match[str]]:
    """The first matches of a pattern; a text that is nothing but matches costs no more than ``most`` of them."""
    for count, match in enumerate(pattern.finditer(text)):
        if count == most:
            return
        yield match
