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
    """What must be shown wherever a record is quoted: "RETRACTED", "preprint", "example digest"."""
    return (*hit.appraisal.badges, *(("example digest",) if hit.record.is_example else ()))


def place(hit: Hit) -> str:
    """Where a sentence stands: "Results, characters 104–155"; characters are counted from 0, the end is not in it."""
    sentence = hit.sentence
    where = sentence.section or {"title": "Title", "abstract": "Abstract", "body": "Full text"}[sentence.field]
    where += f", PDF p. {hit.page}" if hit.page else ""
    return f"{where}, characters {sentence.start}–{sentence.end}"


def source(hit: Hit) -> str:
    """Who, where and when, and what kind of study: "Adler, Journal of Home Remedies, 2020 · randomised trial"."""
    record = hit.record
    named = record.byline or record.title or record.id
    return " · ".join(part for part in (named, hit.appraisal.summary) if part)


def repeated(hit: Hit) -> str:
    """The other records that say the same; or ''."""
    return f"Also in: {'; '.join(other.byline or other.title or other.id for other in hit.also)}" if hit.also else ""


def when(time: datetime) -> str:
    """A time for the reader: "2026-03-04 15:30 UTC"."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def by_record(answer: Answer) -> Iterator[list[Hit]]:
    """The citations of an answer, those of one record together, in the order of their first."""
    found: dict[str, list[Hit]] = {}
    for hit in answer.citations:
        found.setdefault(hit.record.id, []).append(hit)
    yield from found.values()
