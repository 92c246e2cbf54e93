"""A subject as a document to read, before any format: blocks, which Markdown, HTML and DOCX set each in its way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qa import __version__
from qa.export.citation import apa
from qa.export.escaping import web_address
from qa.export.subject import Subject, by_record, marks, records, title, understood, when
from qa.schema import Answer, Comparison, Conversation, Hit, Record

NO_ANSWER = "Your library does not seem to hold an answer to this."
CLOSEST = "Closest sentences, probably not an answer"


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 is the document's title, 2 a question of a conversation, 3 a part of an answer."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Note:
    """Words of the program: what was understood, when it was asked, why there is no answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence, word for word; ``best`` is the first of an answer. Without a number where it is no citation."""

    hit: Hit
    number: int | None
    best: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """A record in the list of sources, with the numbers of what is quoted from it, and where it can be read."""

    label: str
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class References:
    """The list of sources."""

    items: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A question × record table."""

    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Entry:
    """A whole record: its reference and its abstract."""

    record: Record
    reference: Reference


Block = Heading | Note | Quote | References | Grid | Entry


def blocks(subject: Subject) -> Iterator[Block]:
    """The blocks of a subject, in reading order; the last one says what this is."""
    yield Heading(title(subject) or "Untitled", 1)
    if isinstance(subject, Answer):
        yield from _answer(subject, 2)
    elif isinstance(subject, Conversation):
        for kept in subject.answers:
            yield Heading(kept.answer.question.strip(), 2)
            yield Note(when(kept.at))
            yield from _answer(kept.answer, 3)
    elif isinstance(subject, Comparison):
        yield from _comparison(subject)
    else:
        for number, record in enumerate(subject, 1):
            yield Entry(record, reference(record, [number]))
    yield Note(colophon(subject))


def _answer(answer: Answer, level: int) -> Iterator[Block]:
    if words := understood(answer):
        yield Note(words)
    if not answer:
        yield Note(answer.reason or NO_ANSWER)
        if answer.closest:
            yield Heading(CLOSEST, level)
            yield from (Quote(hit, None) for hit in answer.closest)
        return
    yield from (Quote(hit, hit.number, best=at == 0) for at, hit in enumerate(answer.citations))
    yield Heading("Sources", level)
    yield References(
        tuple(reference(hits[0].record, [hit.number for hit in hits], marks(hits[0])) for hits in by_record(answer))
    )


def _comparison(comparison: Comparison) -> Iterator[Block]:
    if comparison.filters:
        yield Note(f"Only: {comparison.filters}")
    yield Note("The sentence of each record that answers best, word for word; “–” where none is likely to answer.")
    yield Grid(comparison)
    yield Heading("Sources", 2)
    said = {hit.record.id: marks(hit) for row in comparison.cells for hit in row if hit is not None}
    yield References(
        tuple(reference(record, [n], said.get(record.id, ())) for n, record in enumerate(comparison.records, 1))
    )


def reference(record: Record, numbers: Iterable[int], noted: Iterable[str] = ()) -> Reference:
    """A record as an item of a list of sources; what is ``noted`` of it comes first."""
    label = ", ".join(f"[{number}]" for number in numbers)
    text = apa(record)
    if record.pmid:
        text = f"{text} PMID {record.pmid}"
    return Reference(label, " · ".join((*noted, text or record.id)), web_address(record.link))


def colophon(subject: Subject) -> str:
    """What the file is, in a sentence or two."""
    count = len(records(subject))
    of = f"{count:,} {'record' if count == 1 else 'records'}"
    if isinstance(subject, Answer | Conversation | Comparison):
        return (
            f"Sentences quoted word for word from {of} by literature-qa {__version__}; nothing in them was written or "
            "changed by it. Characters are counted from 0 in the title or abstract as the library holds it."
        )
    return f"{of[0].upper()}{of[1:]}, exported by literature-qa {__version__}."
