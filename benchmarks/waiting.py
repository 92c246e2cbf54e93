"""Where records should stand that are not embedded yet: behind all that are, or where their words put them.

    python -m benchmarks.waiting SUITE LIBRARY [--limit 150]

LIBRARY holds the suite's corpus, embedded. It is taken as if only a part were, drawn at random, and BM25's first twenty
of each question; the others have the score that BM25 lets expect, with so much dense evidence for each standard
deviation of it. Nothing is embedded or written. Prints nDCG@10 and recall@100.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import keep
from qa import Library
from qa.answering.ahead import AT_ONCE
from qa.answering.question import understand
from qa.answering.retrieval import CLOSER, DENSE, LEXICAL, completed, fused
from qa.evaluation.metrics import ndcg, recall
from qa.evaluation.suite import load
from qa.storage.bases import cosines

SHARES = (0.0, 0.1, 0.5, 1.0)

#: Dense evidence expected for each standard deviation of BM25; None: behind everything.
EXPECTED = (None, 0.0, 0.3, 0.5, 0.8)

POOL = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", type=Path)
    parser.add_argument("library", type=Path)
    parser.add_argument("--limit", type=int, default=150)
    options = parser.parse_args()
    suite = load(options.suite)
    numbers = [number for number in suite.questions if suite.judgements.get(number)][: options.limit]
    found: dict[str, Any] = {}
    with Library.open(options.library) as library, library._reading():
        held = Held(library)
        for share in SHARES:
            orders = [held.orders(suite.questions[number], share) for number in numbers]
            for at, expected in enumerate(EXPECTED):
                pairs = [(order[at], suite.judgements[number]) for order, number in zip(orders, numbers, strict=True)]
                name = "behind" if expected is None else f"{expected}"
                found.setdefault(f"{share:.0%} embedded", {})[name] = {
                    "nDCG@10": round(float(np.mean([ndcg(ids, gold) for ids, gold in pairs])), 3),
                    "recall@100": round(float(np.mean([recall(ids, gold) for ids, gold in pairs])), 3),
                }
    keep("waiting", {"questions": len(numbers), "found": found})


class Held:
    """The vectors of a library."""

    def __init__(self, library: Library) -> None:
        self._store, self._embedder = library._store, library._load()
        self._store.catch_up()
        self._rows = self._store.database.rows()
        self._place = {row: at for at, row in enumerate(self._rows)}
        self._ids = [one.record.id for _, one in sorted(self._store.stored(self._rows).items())]
        self._own = self._store.record_vectors(self._rows)
        layout = self._store.database.layout(self._rows)
        self._sentences = self._store.sentence_vectors([one for row in self._rows for one in layout[row]])
        self._starts = np.cumsum([0, *(len(layout[row]) for row in self._rows)])[:-1]

    def orders(self, text: str, share: float) -> list[list[str]]:
        """The ids of records, best first, for each of EXPECTED."""
        question = understand(text, self._store, self._embedder)
        rng = random.Random(1)
        lexical = {self._place[row]: score for row, score in self._store.lexical(list(question.words), POOL)}
        embedded = np.array([rng.random() < share for _ in self._rows])
        embedded[list(lexical)[:AT_ONCE]] = True
        own = cosines(self._own, question.vector)
        best = np.maximum.reduceat(cosines(self._sentences, question.vector), self._starts)
        among = np.flatnonzero(embedded)
        nearest = [among[np.argsort(-score[among])[:POOL]].tolist() for score in (own, best)]
        near = [{at: float(score[at]) for at in some} for some, score in zip(nearest, (own, best), strict=True)]
        chosen = sorted({*near[0], *near[1], *(at for at in lexical if embedded[at])})
        waiting = [at for at in lexical if not embedded[at]]
        words = np.array([lexical.get(at, 0.0) for at in chosen])
        dense = completed(chosen, near[0]) + completed(chosen, near[1])
        closer = np.argsort(-fused(words, dense), kind="stable")[:CLOSER]
        dense[closer] = (own + best)[chosen][closer]
        scores = fused(words, dense)
        known = [(float(scores[at]), chosen[at]) for at in closer]
        spread = float(words.std()) or 1.0
        found = []
        for expected in EXPECTED:
            unit = 0.0 if expected is None else (LEXICAL + DENSE * expected) / spread
            behind = float(scores.min()) if expected is None else 0.0
            late = [(behind + unit * (lexical[at] - float(words.mean())), at) for at in waiting]
            ranked = sorted([*known, *late], key=lambda pair: -pair[0])
            found.append([self._ids[at] for _, at in ranked])
        return found


if __name__ == "__main__":
    main()
