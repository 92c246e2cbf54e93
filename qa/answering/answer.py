"""The answer: which of the ranked sentences are shown, and when none is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from qa.answering.context import context
from qa.answering.question import Question
from qa.answering.ranking import Considered, Ranked
from qa.answering.search import Found
from qa.schema import Answer, Appraisal, Filters, Hit, Why
from qa.storage import Store

EMPTY = "The library is empty. Add some abstracts first."
FILTERED = "Nothing in the library passes these filters ({}). Loosen them."
NOT_HELD = "Your library does not seem to hold an answer to this."
NO_MORE = "There is nothing more on this question."

#: Citations of one record shown before others have had their turn.
PER_RECORD = 4

#: Sentences shown as closest when there is no answer.
CLOSEST = 3


def hits(
    question: Question, ranked: Sequence[Ranked], considered: Sequence[Considered], k: int, start: int = 0
) -> list[Hit]:
    """The hits from place ``start`` on, at most k; sentences that read the same are shown once."""
    siblings = {record.record.id: record.sentences for record in considered}
    shown = list(_distinct(ranked))[start : start + k]
    return [
        Hit(
            number,
            item.score,
            item.sentence,
            item.record,
            context(item.sentence, siblings[item.record.id], item.record),
            Why(
                tuple(question.spelling.get(word, word) for word in item.words),
                item.similarity,
                item.record_rank,
                item.judged,
            ),
        )
        for number, item in enumerate(shown, start + 1)
    ]


def compose(found: Found, k: int, confidence: float, threshold: float, filters: Filters, start: int = 0) -> Answer:
    """Up to k citations from place ``start`` on; or none, with the reason and the closest sentences."""
    answer = partial(Answer, found.question.text, asked=found.question.text, filters=filters)
    if not found.ranked:
        return answer(reason=FILTERED.format(filters))
    ranked = list(_in_turn(found.ranked))
    if confidence < threshold:
        closest = hits(found.question, ranked, found.considered, CLOSEST)
        return answer(reason=NOT_HELD, confidence=confidence, closest=tuple(closest))
    shown = hits(found.question, ranked, found.considered, k, start)
    return answer(citations=tuple(shown), reason="" if shown else NO_MORE, confidence=confidence)


def appraised(found: Sequence[Hit], store: Store) -> list[Hit]:
    """The hits with the appraisals of their records."""
    known = store.appraisals([hit.record.id for hit in found])
    return [replace(hit, appraisal=known.get(hit.record.id, Appraisal())) for hit in found]


def _distinct(ranked: Sequence[Ranked]) -> Iterator[Ranked]:
    """Each sentence once, though several records hold it word for word."""
    seen = set()
    for item in ranked:
        text = " ".join(item.sentence.text.casefold().split())
        if text not in seen:
            seen.add(text)
            yield item


def _in_turn(ranked: Sequence[Ranked]) -> Iterator[Ranked]:
    """In order, but what a record has beyond its share comes after all others' shares."""
    counts: dict[str, int] = {}
    later = []
    for item in ranked:
        counts[item.record.id] = counts.get(item.record.id, 0) + 1
        if counts[item.record.id] > PER_RECORD:
            later.append(item)
        else:
            yield item
    yield from later
