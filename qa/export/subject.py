"""What can be exported, and what every format wants to know of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from qa.schema import Answer, Comparison, Conversation, Hit, Record, Role

#: An answer, a conversation, a question × record table, or records.
Subject = Answer | Conversation | Comparison | Sequence[Record]

#: A sentence's role as one word for the reader.
ROLE_WORDS: dict[Role, str] = {
    "": "",
    "background": "background",
    "objective": "aim",
    "methods": "method",
    "results": "result",
    "conclusions": "conclusion",
}

#: What a cell of a comparison shows that has no sentence.
EMPTY = "–"


def records(subject: Subject) -> list[Record]:
    """The records that a subject cites or holds, each once, in the order of their first appearance."""
    if isinstance(subject, Answer | Conversation):
        found = [hit.record for answer in answers(subject) for hit in answer.citations]
    else:
        found = list(subject.records if isinstance(subject, Comparison) else subject)
    return list({record.id: record for record in reversed(found)}.values())[::-1]


def answers(subject: Answer | Conversation) -> list[Answer]:
    """The answers of a conversation, or the one answer."""
    return [subject] if isinstance(subject, Answer) else [kept.answer for kept in subject.answers]


def title(subject: Subject) -> str:
    """What the exported file is called in its first line."""
    if isinstance(subject, Answer):
        return subject.question.strip()
    if isinstance(subject, Conversation):
        return subject.title
    if isinstance(subject, Comparison):
        return "Comparison"
    return f"{len(subject):,} {'record' if len(subject) == 1 else 'records'}"


def understood(answer: Answer) -> str:
    """The question as it was asked of the library, where it is not the one typed, and the limits; or ''."""
    asked = f"Asked as: {answer.asked}" if answer.asked and answer.asked != answer.question.strip() else ""
    only = f"Only: {answer.filters}" if answer.filters else ""
    return " · ".join(part for part in (asked, only) if part)


def marks(hit: Hit) -> tuple[str, ...]:
    """What must be shown wherever a record is quoted."""
    return ("example digest",) if hit.record.is_example else ()


def place(hit: Hit) -> str:
    """Where a sentence stands: "Results, characters 104–155"; characters are counted from 0, the end is not in it."""
    sentence = hit.sentence
    where = "Title" if sentence.field == "title" else sentence.section or "Abstract"
    return f"{where}, characters {sentence.start}–{sentence.end}"


def when(time: datetime) -> str:
    """A time for the reader: "2026-03-04 15:30 UTC"."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def numbered(answer: Answer) -> Iterator[tuple[Record, list[int]]]:
    """The records of an answer, in order, each with the numbers of the sentences quoted from it."""
    numbers: dict[str, list[int]] = {}
    for hit in answer.citations:
        numbers.setdefault(hit.record.id, []).append(hit.number)
    for record in records(answer):
        yield record, numbers[record.id]
