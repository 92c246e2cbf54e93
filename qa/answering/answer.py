"""The answer: which of the ranked sentences are shown, and when none is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from qa.answering.context import context
from qa.answering.question import Question
from qa.answering.ranking import Considered, Ranked
from qa.answering.search import Found
from qa.schema import Answer, Appraisal, Filters, Hit, Record, Why
from qa.storage import Store

EMPTY = "The library is empty. Add some abstracts first."
FILTERED = "Nothing in the library passes these filters ({}). Loosen them."
NOT_HELD = "Your library does not seem to hold an answer to this."
NO_MORE = "There is nothing more on this question."

#: Citations of one record shown before others have had their turn.
PER_RECORD = 4

#: The share of their words (Jaccard 1901) from which two sentences say the same, if their numbers and negations agree.
SAME = 0.85

#: How far below the best a sentence's score may be, in log-odds: an answer ends where the evidence falls off.
GAP = 8.0

#: Sentences shown as closest when there is no answer.
CLOSEST = 3


def hits(
    question: Question, ranked: Sequence[Ranked], considered: Sequence[Considered], k: int, start: int = 0
) -> list[Hit]:
    """The hits from place ``start`` on, at most k; sentences that say the same are shown once."""
    siblings = {record.record.id: record.sentences for record in considered}
    shown = _folded(ranked, start + k)[start:]
    return [
        Hit(
            number,
            item.score,
            item.sentence,
            item.record,
            context(item.sentence, siblings[item.record.id], item.record),
            Why(
                tuple(question.spelling.get(word, word) for word in item.words),
                item.signs.similarity,
                item.record_rank,
                item.judged,
            ),
            tuple(fold.also.values()),
        )
        for number, fold in enumerate(shown, start + 1)
        for item in [fold.item]
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
    least = ranked[0].score - GAP
    shown = [hit for hit in hits(found.question, ranked, found.considered, k, start) if hit.score >= least]
    return answer(citations=tuple(shown), reason="" if shown else NO_MORE, confidence=confidence)


def appraised(found: Sequence[Hit], store: Store) -> list[Hit]:
    """The hits with the appraisals of their records."""
    known = store.appraisals([hit.record.id for hit in found])
    return [replace(hit, appraisal=known.get(hit.record.id, Appraisal())) for hit in found]


@dataclass(slots=True)
class _Fold:
    """A sentence with the other records that say the same; ``key`` is what must agree, ``words`` what may differ."""

    item: Ranked
    key: tuple[str, ...]
    words: frozenset[str]
    also: dict[str, Record] = field(default_factory=dict)


def _folded(ranked: Sequence[Ranked], k: int) -> list[_Fold]:
    """The first k sentences that differ, each with the records further down that repeat it."""
    folds: list[_Fold] = []
    for item in ranked:
        text = item.sentence.text.casefold()
        fold = _Fold(item, tuple(_TELLING.findall(text)), frozenset(_WORD.findall(text)))
        same = next((shown for shown in folds if _say_the_same(shown, fold)), None)
        if same is None:
            if len(folds) < k:
                folds.append(fold)
        elif item.record.id != same.item.record.id:
            same.also.setdefault(item.record.id, item.record)
    return folds


#: What a sentence must not differ in: a number or a "not" makes it another finding.
_TELLING = re.compile(r"\d+(?:[.,·]\d+)*|\b(?:not|no|nor|never|without|neither|cannot)\b|n['’]t\b|[<>≤≥]")
_WORD = re.compile(r"\w+")


def _say_the_same(one: _Fold, other: _Fold) -> bool:
    if one.key != other.key:
        return False
    common = len(one.words & other.words)
    return common >= SAME * (len(one.words) + len(other.words) - common)


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
