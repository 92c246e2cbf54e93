"""Would more evidence, or learned weights, order records better? A conditional logit over what retrieval knows of them.

    python -m benchmarks.training.records SUITES --work DIR

SUITES has scifact-train; DIR the suites' libraries. Weights are fitted on the claims that others learn from, in five
folds; the claims kept for fitting show what the fit on all of these is worth. Prints nDCG@10 of the program's fused
score and of each set of evidence.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.training.instances import part
from qa import Library
from qa.answering.question import Question, understand
from qa.answering.ranking import overlap
from qa.answering.retrieval import Candidates, retrieve
from qa.evaluation.metrics import ndcg
from qa.evaluation.suite import load
from qa.storage import Store

NAMES = (
    *("BM25", "whole", "best sentence", "words in record", "words in sentence", "words in title"),
    *("two best sentences", "three best sentences", "neighbours", "length"),
)
BASE = (0, 1, 2)
DEPTH, FOLDS, RIDGE = 60, 5, 1.0

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """A claim: its candidate records, best first by the fused score, their evidence float64[n, len(NAMES)], grades."""

    ids: list[str]
    evidence: Numbers
    grades: dict[str, int]

    def ndcg(self, scores: Numbers) -> float:
        return ndcg([self.ids[i] for i in np.argsort(-scores, kind="stable")[:10]], self.grades)

    @property
    def right(self) -> NDArray[np.bool_]:
        return np.array([self.grades.get(one, 0) > 0 for one in self.ids])


def evidence(
    question: Question, candidates: Candidates, store: Store, known: dict[int, tuple[str, set[str], list[set[str]]]]
) -> Numbers:
    """What is known of each of the first candidates, standardized over them."""
    rows = candidates.rows[:DEPTH]
    vectors = store.record_vectors(rows)
    middle = vectors[:3].mean(axis=0)
    found = []
    for place, row in enumerate(rows):
        _, title, sentences = known[row]
        cosines = sorted(candidates.sentences[place].values(), reverse=True) or [0.0]
        found.append(
            [
                candidates.lexical[place],
                candidates.whole[place],
                candidates.best[place],
                overlap(question, title.union(*sentences)),
                max((overlap(question, words) for words in sentences), default=0.0),
                overlap(question, title),
                float(np.mean(cosines[:2])),
                float(np.mean(cosines[:3])),
                float(vectors[place] @ middle),
                sum(len(words) for words in sentences),
            ]
        )
    values = np.array(found, dtype=np.float64)
    spread = values.std(axis=0)
    return np.asarray((values - values.mean(axis=0)) / np.where(spread > 1e-9, spread, 1.0))


def fit(cases: Sequence[Case], columns: Sequence[int]) -> Numbers:
    """The weights under which the right records are most likely among the candidates."""
    chosen = [(case.evidence[:, columns], case.right) for case in cases if case.right.any()]

    def cost(weights: Numbers) -> float:
        total = RIDGE / 2 * float(weights @ weights)
        for values, right in chosen:
            scores = values @ weights
            total += float(np.logaddexp.reduce(scores) - scores[right].mean())
        return total

    return np.asarray(minimize(cost, np.zeros(len(columns)), method="L-BFGS-B").x)


def cross_validated(cases: Sequence[Case], columns: Sequence[int]) -> float:
    order = np.random.RandomState(0).permutation(len(cases))
    values = []
    for fold in range(FOLDS):
        held = set(order[fold::FOLDS].tolist())
        weights = fit([case for i, case in enumerate(cases) if i not in held], columns)
        values += [cases[i].ndcg(cases[i].evidence[:, columns] @ weights) for i in held]
    return float(np.mean(values))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    options = parser.parse_args()
    suite = load(options.suites / "scifact-train")
    library = Library.open(options.work / "scifact-train")
    store, embedder = library._store, library._load()
    known: dict[int, tuple[str, set[str], list[set[str]]]] = {}
    cases: dict[str, list[Case]] = {"learn": [], "tune": [], "report": []}
    for number, text in suite.questions.items():
        grades = suite.judgements.get(number, {})
        gold = sorted(record for record, grade in grades.items() if grade > 0)
        if not gold:
            continue
        question = understand(text, store, embedder)
        candidates = retrieve(question, store, 100)
        for row, stored in store.stored([row for row in candidates.rows[:DEPTH] if row not in known]).items():
            sentences = [set(store.words(one.text)) for one in store.database.sentences(stored).values()]
            known[row] = (stored.record.id, set(store.words(stored.record.title)), sentences)
        ids = [known[row][0] for row in candidates.rows[:DEPTH]]
        cases[part(gold[0])].append(Case(ids, evidence(question, candidates, store, known), dict(grades)))
    for name, some in cases.items():
        now = np.mean([case.ndcg(-np.arange(len(case.ids), dtype=np.float64)) for case in some])
        print(f"{name}: as it is {now:.3f}, n = {len(some)}")
    sets = [BASE, *((*BASE, extra) for extra in range(len(BASE), len(NAMES))), tuple(range(len(NAMES)))]
    for columns in sets:
        weights = fit(cases["learn"], columns)
        kept = np.mean([case.ndcg(case.evidence[:, columns] @ weights) for case in cases["tune"]])
        told = ", ".join(f"{NAMES[c]} {w:.2f}" for c, w in zip(columns, weights, strict=True))
        print(f"{cross_validated(cases['learn'], columns):.3f} in folds, {kept:.3f} on those kept: {told}", flush=True)


if __name__ == "__main__":
    main()
