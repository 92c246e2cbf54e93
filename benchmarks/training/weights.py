"""Fit what is added up in ``qa/answering/abstention.py``, on questions kept for it.

    python -m benchmarks.training.weights SUITES… --work DIR [--most 120]

The log-odds that a question has an answer, from the suites' own questions against four kinds that have none: the same
with the records that answer hidden, those that were written to come near to a record, another suite's, and the foreign
ones that libraries are calibrated with. Prints the numbers; they are written into the module by hand.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from benchmarks.training.instances import part
from benchmarks.training.written import written
from qa import Library
from qa.answering import find
from qa.answering.abstention import COVERED, FOREIGN, INTERCEPT, JUDGED, SIMILAR
from qa.answering.judge import Judge, open_judge
from qa.answering.question import understand
from qa.answering.ranking import consider, rank
from qa.answering.retrieval import retrieve
from qa.answering.search import signs
from qa.embedding import Embedder
from qa.evaluation.suite import Suite, load
from qa.storage import Store

#: What each kind of question without an answer weighs, all with an answer weighing 1.
SHARES = {"hidden": 0.3, "near": 0.3, "of another suite": 0.7, "foreign": 0.5}

Signs = list[tuple[float, float, float]]


def fit_abstention(known: Signs, kinds: dict[str, Signs], judged: float | None) -> np.ndarray:
    """Intercept and weights of the signs; the judge's is ``judged``, unless that is None."""
    rows = np.array([(1.0, *one) for one in known + [one for some in kinds.values() for one in some]])
    present = {kind: weight for kind, weight in SHARES.items() if kinds[kind]}
    signs_of = np.array([1.0] * len(known) + [-1.0] * (len(rows) - len(known)))
    weights = np.concatenate(
        [np.full(len(known), 1 / len(known)), *(np.full(len(kinds[k]), w / len(kinds[k])) for k, w in present.items())]
    )
    offset = 0.0 if judged is None else judged * rows[:, 1]
    columns = rows if judged is None else np.delete(rows, 1, axis=1)

    def cost(curve: np.ndarray) -> float:
        return float(
            (weights * np.logaddexp(0, -signs_of * (offset + columns @ curve))).sum() + 1e-4 * (curve**2).sum()
        )

    found = np.asarray(minimize(cost, np.zeros(columns.shape[1]), method="L-BFGS-B").x)
    return found if judged is None else np.insert(found, 1, judged)


def without(text: str, gold: set[str], store: Store, embedder: Embedder, judge: Judge) -> tuple[float, float, float]:
    """The signs for a question as if the records that answer it were not there."""
    question = understand(text, store, embedder)
    found = retrieve(question, store, 10)
    stored = store.stored(found.rows)
    left = [place for place, row in enumerate(found.rows) if stored[row].record.id not in gold]
    fewer = replace(
        found,
        rows=[found.rows[place] for place in left],
        sentences=[found.sentences[place] for place in left],
        **{name: getattr(found, name)[left] for name in ("scores", "lexical", "whole", "best")},
    )
    considered = consider(question, fewer, store, judge, 10)
    return signs(question, considered, store, rank(question, considered, store))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", type=Path, nargs="+", help="folders of suites")
    parser.add_argument("--work", type=Path, required=True, help="the folder with the suites' libraries")
    parser.add_argument("--most", type=int, default=120, help="questions of each suite (default: 120)")
    options = parser.parse_args()
    suites = [load(folder) for folder in options.suites]
    asked = [tunable(suite, options.most) for suite in suites]
    known: Signs = []
    others: dict[str, Signs] = {kind: [] for kind in SHARES}
    near = [one.question for one in written() if one.kind == "near" and part(one.record) == "tune"]
    for position, suite in enumerate(suites):
        with Library.open(options.work / suite.name) as library:
            store, embedder, judge = library._store, library._load(), open_judge()
            for number in asked[position]:
                found = find(suite.questions[number], store, embedder, judge, 10)
                known.append(signs(found.question, found.considered, store, found.ranked))
                gold = set(suite.judgements[number])
                others["hidden"].append(without(suite.questions[number], gold, store, embedder, judge))
            following = (position + 1) % len(suites)
            elsewhere = [suites[following].questions[number] for number in asked[following]]
            own = near if set(near) & set(suite.questions.values()) else []
            for kind, texts in (("near", own), ("of another suite", elsewhere), ("foreign", FOREIGN)):
                for text in texts:
                    found = find(text, store, embedder, judge, 10)
                    others[kind].append(signs(found.question, found.considered, store, found.ranked))
        print(suite.name, len(asked[position]), flush=True)
    print("(intercept, judged, covered, similar):", fit_abstention(known, others, None).round(2).tolist())
    print("with the judge's weight as it is:", fit_abstention(known, others, JUDGED).round(2).tolist())
    counts = {kind: len(some) for kind, some in others.items()}
    print("now:", (INTERCEPT, JUDGED, COVERED, SIMILAR), "n =", len(known), counts)


def tunable(suite: Suite, most: int) -> list[str]:
    """Questions with spans that the judge has not learned from and that no report is about; a fixed sample of them."""
    found = []
    for number in suite.questions:
        gold = sorted(record for record, grade in suite.judgements.get(number, {}).items() if grade > 0)
        if gold and suite.spans.get(number) and part(gold[0]) == "tune":
            found.append(number)
    return random.Random(0).sample(found, min(most, len(found)))


if __name__ == "__main__":
    main()
