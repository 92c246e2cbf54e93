"""Fit what is added up in ``qa/answering/ranking.py`` and ``abstention.py``, on questions kept for it.

    python -m benchmarks.training.weights SUITES --work DIR [--most 120]

Ranking: the weights under which the sentences that answer are most likely among all that the judge has read for a
question (a softmax over them). Abstention: the log-odds that a question has an answer, from the suite's own questions
against three kinds that have none: the same with the records that answer hidden, another suite's, and the foreign ones
that libraries are calibrated with. Prints the numbers; they are written into the modules by hand.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from benchmarks.training.instances import part
from qa import Library
from qa.answering import find
from qa.answering.abstention import COVERED, FOREIGN, INTERCEPT, JUDGED, SIMILAR
from qa.answering.judge import Judge, open_judge
from qa.answering.question import understand
from qa.answering.ranking import UNREAD, consider, overlap, rank
from qa.answering.retrieval import retrieve
from qa.answering.search import signs
from qa.embedding import Embedder
from qa.evaluation.metrics import is_right
from qa.evaluation.suite import Suite, load
from qa.schema import ROLES
from qa.storage import Store

SUITES = ("scifact-train", "pubmedqa-unlabelled", "bioasq-abstracts", "evidence-inference")
NAMES = ("judged", "similarity", "in sentence", "in title", "record", *(f"role {role}" for role in ROLES))

#: What each kind of question without an answer weighs, all with an answer weighing 1.
SHARES = {"hidden": 0.3, "of another suite": 0.7, "foreign": 0.5}

Signs = list[tuple[float, float, float]]

#: Ridge penalty: the judge's weight is held near 1, all others near 0.
RIDGE = 0.02


def rows_of(found: Any, store: Any) -> np.ndarray:
    """The evidence for each sentence read: float64[n, len(NAMES)]."""
    rows = []
    for record in found.considered:
        in_title = set(store.words(record.record.title))
        for sentence, similarity, judged in zip(record.sentences, record.similarity, record.judged, strict=False):
            if judged is None:
                continue
            words = set(store.words(sentence.text))
            shares = overlap(found.question, words), overlap(found.question, words | in_title)
            rows.append([judged, similarity, *shares, record.score, *(sentence.role == role for role in ROLES)])
    return np.array(rows, dtype=np.float64)


def labels_of(found: Any, suite: Suite, number: str) -> np.ndarray:
    """Which of these sentences answer: bool[n]."""
    gold = suite.spans[number]
    return np.array(
        [
            is_right(s.start, s.end, [(g.start, g.end) for g in gold if g.record_id == record.record.id])
            for record in found.considered
            for s, judged in zip(record.sentences, record.judged, strict=False)
            if judged is not None
        ]
    )


def fit_ranking(questions: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    start = np.zeros(len(NAMES))
    start[0] = 1.0

    def cost(weights: np.ndarray) -> float:
        total = RIDGE * float(((weights - start) ** 2).sum())
        for rows, right in questions:
            scores = rows @ weights
            total += (np.logaddexp.reduce(scores) - np.logaddexp.reduce(scores[right])) / len(questions)
        return total

    return np.asarray(minimize(cost, start, method="L-BFGS-B").x)


def fit_abstention(known: Signs, kinds: dict[str, Signs], judged: float | None) -> np.ndarray:
    """Intercept and weights of the signs; the judge's is ``judged``, unless that is None."""
    rows = np.array([(1.0, *one) for one in known + [one for some in kinds.values() for one in some]])
    signs_of = np.array([1.0] * len(known) + [-1.0] * (len(rows) - len(known)))
    weights = np.concatenate(
        [np.full(len(known), 1 / len(known)), *(np.full(len(kinds[k]), w / len(kinds[k])) for k, w in SHARES.items())]
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
    parser.add_argument("suites", type=Path)
    parser.add_argument("--work", type=Path, required=True, help="the folder with the suites' libraries")
    parser.add_argument("--most", type=int, default=120, help="questions of each suite (default: 120)")
    options = parser.parse_args()
    suites = {name: load(options.suites / name) for name in SUITES}
    asked = {name: tunable(suite, options.most) for name, suite in suites.items()}
    ranking: list[tuple[np.ndarray, np.ndarray]] = []
    known: Signs = []
    others: dict[str, Signs] = {kind: [] for kind in SHARES}
    for position, (name, suite) in enumerate(suites.items()):
        library = Library.open(options.work / name)
        store, embedder, judge = library._store, library._load(), open_judge()
        right_first = []
        for number in asked[name]:
            found = find(suite.questions[number], store, embedder, judge, 10)
            rows, labels = rows_of(found, store), labels_of(found, suite, number)
            right_first.append(bool(labels[rows[:, 0].argmax()]))
            if labels.any():
                ranking.append((rows, labels))
            known.append(signs(found.question, found.considered, store, found.ranked))
            gold = set(suite.judgements[number])
            others["hidden"].append(without(suite.questions[number], gold, store, embedder, judge))
        other = SUITES[(position + 1) % len(SUITES)]
        elsewhere = [suites[other].questions[number] for number in asked[other][: len(asked[name])]]
        for kind, texts in (("of another suite", elsewhere), ("foreign", FOREIGN)):
            for text in texts:
                found = find(text, store, embedder, judge, 10)
                others[kind].append(signs(found.question, found.considered, store, found.ranked))
        print(f"{name}: judge alone P@1 {np.mean(right_first):.3f}, n = {len(right_first)}", flush=True)
    weights = fit_ranking(ranking)
    for label, value in zip(NAMES, weights / weights[0], strict=True):
        print(f"{label:20} {value:7.3f}")
    alone = np.mean([labels[rows[:, 0].argmax()] for rows, labels in ranking])
    fitted = np.mean([labels[(rows @ weights).argmax()] for rows, labels in ranking])
    print(f"P@1 where an answer was read: judge {alone:.3f}, fitted {fitted:.3f}, n = {len(ranking)}; unread {UNREAD}")
    print("abstention (intercept, judged, covered, similar):", fit_abstention(known, others, None).round(2).tolist())
    print("with the judge's weight as it is:", fit_abstention(known, others, JUDGED).round(2).tolist())
    print(
        "now:",
        (INTERCEPT, JUDGED, COVERED, SIMILAR),
        "n =",
        len(known),
        {kind: len(some) for kind, some in others.items()},
    )


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
