"""How far away a record is taken to be that a search has not found, and how many candidates are compared: what it does.

    python -m benchmarks.candidates SUITE LIBRARY [--further 0 0.1 …] [--closer 60 100 200]

LIBRARY holds the suite's corpus, embedded. Prints and keeps nDCG@10 and recall@100 of the records as retrieval orders
them (nothing of that is trained, so all questions with judgements are asked), with the constants of
``qa/answering/retrieval.py`` but for one at a time.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks.machine import keep
from qa import Library
from qa.answering import retrieval
from qa.answering.question import Question, understand
from qa.evaluation.metrics import interval, ndcg, recall
from qa.evaluation.suite import load

FOUND = 100

Row = dict[str, float | list[float]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", type=Path)
    parser.add_argument("library", type=Path)
    parser.add_argument("--further", type=float, nargs="+", default=[0.0, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5])
    parser.add_argument("--closer", type=int, nargs="+", default=[FOUND, 2 * FOUND, 10 * FOUND])
    options = parser.parse_args()
    suite, rows = load(options.suite), []
    with Library.open(options.library) as library, library._reading():
        store, embedder = library._store, library._load()
        store.catch_up()
        numbers = [n for n in suite.questions if any(grade > 0 for grade in suite.judgements.get(n, {}).values())]
        questions = [understand(suite.questions[number], store, embedder) for number in numbers]
        judged = [suite.judgements[number] for number in numbers]
        for name, values in (("FURTHER", options.further), ("CLOSER", options.closer)):
            for value in values:
                with setting(name, value):
                    rows.append({name: value, **measured(library, questions, judged)})
                print(rows[-1], flush=True)
    keep(f"candidates-{suite.name}", {"questions": len(numbers), "rows": rows})


@contextmanager
def setting(name: str, value: float) -> Iterator[None]:
    """A constant of retrieval as it might be."""
    before = getattr(retrieval, name)
    setattr(retrieval, name, value)
    try:
        yield
    finally:
        setattr(retrieval, name, before)


def measured(library: Library, questions: Sequence[Question], judged: Sequence[dict[str, int]]) -> Row:
    """The means over these questions, the first with its interval."""
    store, gains, shares = library._store, [], []
    for question, grades in zip(questions, judged, strict=True):
        rows = retrieval.retrieve(question, store, FOUND).rows[:FOUND]
        stored = store.stored(rows)
        ids = [stored[row].record.id for row in rows]
        gains.append(ndcg(ids, grades))
        shares.append(recall(ids, grades))
    low, high = interval(np.array(gains))
    mean, found = float(np.mean(gains)), float(np.mean(shares))
    return {"nDCG@10": round(mean, 4), "interval": [round(low, 3), round(high, 3)], "recall@100": round(found, 4)}


if __name__ == "__main__":
    main()
