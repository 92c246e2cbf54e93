"""Which records may answer: BM25, whole-abstract and best-sentence similarity together.

Each of the three finds what the others miss, and their candidates are a union, never a gate: a paraphrase that
shares no word with the question is found by its vector, a rare name by BM25.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    """At least k candidate records where as many pass the filters, scored on all three kinds of evidence.

    Of BM25's best, ``ahead`` (None: AT_ONCE) are embedded if they are not yet.

    Filters act inside each search, so that what passes is found however far down it lies.
    """
    pool = max(100, 2 * k)
    passing = store.passing(filters)
    among = passing.records if passing else None
    lexical = dict(store.lexical(list(question.words), pool, among))
    later = embed_ahead(list(lexical), store, question.embedder, AT_ONCE if ahead is None else ahead)
    whole = dict(store.near_records(question.vector, pool, among))
    near = [row for row, _ in store.near_sentences(question.vector, pool, passing.sentences if passing else None)]
    rows = sorted({*lexical, *whole, *store.database.owners(near).values()} - set(later))
    layout = store.database.layout(rows)
    rows = [row for row in rows if row in layout]
    if not rows:
        nothing = np.empty(0)
        return Candidates([], nothing, nothing, nothing, nothing, [], [(row, lexical[row]) for row in later])

    flat = [sentence for row in rows for sentence in layout[row]]
    near_to = iter(cosines(store.sentence_vectors(flat), question.vector).tolist())
    sentences = [{sentence: next(near_to) for sentence in layout[row]} for row in rows]
    bm25 = np.array([lexical.get(row, 0.0) for row in rows])
    own = np.asarray(cosines(store.record_vectors(rows), question.vector), dtype=np.float64)
    best = np.array([max(cosine.values(), default=0.0) for cosine in sentences])
    scores = LEXICAL * standardize(bm25) + DENSE * standardize(own + best)

    order = sorted(range(len(rows)), key=lambda i: (-scores[i], rows[i]))
    unit = (LEXICAL + DENSE * EXPECTED) / (float(bm25.std()) or 1.0)
    return Candidates(
        [rows[i] for i in order],
        scores[order],
        bm25[order],
        own[order],
        best[order],
        [sentences[i] for i in order],
        [(row, unit * (lexical[row] - float(bm25.mean()))) for row in later],
    )


def standardize(values: Scores) -> Scores:
    """z-scores; all zero where the values are all the same."""
    spread = float(values.std())
    return np.asarray((values - values.mean()) / spread if spread > 1e-9 else np.zeros_like(values), dtype=np.float64)
