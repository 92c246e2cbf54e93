"""Which records may answer: BM25, whole-abstract and best-sentence similarity together.

Each of the three finds what the others miss, and their candidates are a union, never a gate: a paraphrase that
shares no word with the question is found by its vector, a rare name by BM25. The most promising of them, by what the
searches say, are compared with the question sentence by sentence: that is what has to be read from the disk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qa.answering.ahead import AT_ONCE, embed_ahead
from qa.answering.question import Question
from qa.schema import Filters
from qa.storage import Store
from qa.storage.bases import cosines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Scores = NDArray[np.float64]

#: Weights of the z-scored evidence, measured on SciFact's training questions (see docs/experiments.md).
LEXICAL, DENSE = 0.35, 0.65

#: How many candidates are compared with the question sentence by sentence; and how much further from it (in cosine) a
#: record is taken to be that is not among the nearest, than the last that is: from 0.2 to 0.35 makes no difference.
CLOSER, FURTHER = 100, 0.25

#: The dense evidence expected of a record that is not embedded yet, for each standard deviation of its BM25
#: (``benchmarks/waiting.py``: from 0.3 to 0.8 makes no difference).
EXPECTED = 0.3

NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Candidates:
    """Records by row, best first, with their fused scores; and the evidence, in the same order.

    ``lexical`` is BM25; ``whole`` and ``best`` are the cosines of the whole record and of its best sentence;
    ``sentences`` are the rows of each record's sentences with their cosines. ``waiting`` are records that are not
    embedded yet, by row, best first, each with the score that its BM25 lets expect.
    """

    rows: list[int]
    scores: Scores
    lexical: Scores
    whole: Scores
    best: Scores
    sentences: list[dict[int, float]]
    waiting: list[tuple[int, float]]


def retrieve(
    question: Question, store: Store, k: int = 100, filters: Filters = NO_FILTERS, ahead: int | None = None
) -> Candidates:
    """Candidate records, scored on all three kinds of evidence: CLOSER of them or k, where as many are found.

    Of BM25's best, ``ahead`` (None: AT_ONCE) are embedded if they are not yet.

    Filters act inside each search, so that what passes is found however far down it lies.
    """
    pool = max(100, 2 * k)
    passing = store.passing(filters)
    among, within = (passing.records, passing.sentences) if passing else (None, None)
    lexical = dict(store.lexical(list(question.words), pool, among))
    later = embed_ahead(list(lexical), store, question.embedder, AT_ONCE if ahead is None else ahead)
    whole = dict(store.near_records(question.vector, pool, among, exact=False))
    best = _best(store, store.near_sentences(question.vector, pool, within, exact=False))

    rows = sorted({*lexical, *whole, *best} - set(later))
    if not rows:
        nothing = np.empty(0)
        return Candidates([], nothing, nothing, nothing, nothing, [], [(row, lexical[row]) for row in later])

    bm25 = np.array([lexical.get(row, 0.0) for row in rows])
    dense = completed(rows, whole) + completed(rows, best)
    likely = fused(bm25, dense)
    place = {row: i for i, row in enumerate(rows)}
    closer = _compared(question, store, sorted(rows, key=lambda row: (-likely[place[row]], row))[: max(CLOSER, k)])
    for row, one in closer.items():
        dense[place[row]] = one.whole + one.best
    scores = fused(bm25, dense)

    order = sorted(closer, key=lambda row: (-scores[place[row]], row))
    places = [place[row] for row in order]
    unit = (LEXICAL + DENSE * EXPECTED) / (float(bm25.std()) or 1.0)
    return Candidates(
        order,
        scores[places],
        bm25[places],
        np.array([closer[row].whole for row in order]),
        np.array([closer[row].best for row in order]),
        [closer[row].sentences for row in order],
        [(row, unit * (lexical[row] - float(bm25.mean()))) for row in later],
    )


class _Compared(NamedTuple):
    """A record's cosine as a whole, that of its best sentence, and those of all, by row."""

    whole: float
    best: float
    sentences: dict[int, float]


def _compared(question: Question, store: Store, rows: Sequence[int]) -> dict[int, _Compared]:
    """Those of these records that are stored, with the cosines of their vectors as they are stored."""
    layout = store.database.layout(rows)
    flat = [sentence for row in layout for sentence in layout[row]]
    near_to = iter(cosines(store.sentence_vectors(flat), question.vector).tolist())
    own = cosines(store.record_vectors(list(layout)), question.vector).tolist()
    found = {}
    for row, whole in zip(layout, own, strict=True):
        near = {sentence: next(near_to) for sentence in layout[row]}
        found[row] = _Compared(whole, max(near.values(), default=0.0), near)
    return found


def _best(store: Store, near: Sequence[tuple[int, float]]) -> dict[int, float]:
    """The cosine of the best of these sentences (row, cosine; best first), by the row of its record."""
    owners = store.database.owners([row for row, _ in near])
    return {owners[row]: cosine for row, cosine in reversed(near) if row in owners}


def completed(rows: Sequence[int], found: Mapping[int, float]) -> Scores:
    """float64[n]: the cosines of records as a search found them (by row), and what may be expected of the others."""
    other = min(found.values(), default=0.0) - FURTHER
    return np.array([found.get(row, other) for row in rows])


def fused(bm25: Scores, dense: Scores) -> Scores:
    """float64[n]: the weighed sum of both, each standardized."""
    return LEXICAL * standardize(bm25) + DENSE * standardize(dense)


def standardize(values: Scores) -> Scores:
    """z-scores; all zero where the values are all the same."""
    spread = float(values.std())
    return np.asarray((values - values.mean()) / spread if spread > 1e-9 else np.zeros_like(values), dtype=np.float64)
