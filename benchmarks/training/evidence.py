"""Keep what is known of every sentence of the kept questions' first records, fit the weights on it, and try others.

    python -m benchmarks.training.evidence collect SUITES… --work DIR --out OUT.json [--judge MODEL.onnx] [--read 8]
    python -m benchmarks.training.evidence try FILE.json… [--judged 0.25 0.4 0.5] [--read 4 8]
    python -m benchmarks.training.evidence fit FILE.json [--free wanted announces]
    python -m benchmarks.training.evidence kinds FILE.json…
    python -m benchmarks.training.evidence order FILE.json…

``collect`` asks the questions that no judge has learned from (for tuning and for the report), with any judge; DIR holds
the suites' libraries. ``try`` ranks sentences with the weights of ``qa/answering/ranking.py``, but for the judge's and
how many are read. ``fit`` finds the weights under which the sentences that answer are most likely among all that are at
hand (a softmax), every suite weighing the same, held near what they are now; in folds, then on all tuning questions.
``kinds`` tells of the written questions for tuning how many of each kind have the right sentence first.
``order`` ranks SciFact's records by learned sums of the fused score and what the judge finds, in ten folds.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.training.instances import part
from benchmarks.training.written import ASKED, written
from qa import Library
from qa.answering import ranking
from qa.answering.judge import MODEL, Judge
from qa.answering.question import understand
from qa.answering.ranking import ROLE, WEIGHTS, Signs, consider, rank
from qa.answering.retrieval import retrieve
from qa.embedding import tokenizer_file
from qa.evaluation.metrics import is_right, ndcg, reciprocal_rank
from qa.evaluation.suite import Suite, load
from qa.schema import ROLES

FOLDS, RIDGE, DEPTH, CLAIMS = 10, 0.5, 12, "scifact-train"

#: What is fitted: the signs, then a number for each role; and what holds them near what they are.
NAMES = (*Signs._fields, *(role or "no role" for role in ROLES))
NOW = np.array([*WEIGHTS, *(ROLE[role] for role in ROLES)])
HELD = 0.02

Kept = dict[str, Any]
Numbers = NDArray[np.float64]


def collected(suite: Suite, library: Library, judge: Judge, read: int) -> Iterator[Kept]:
    """Each kept question with its records, best first, and their sentences."""
    store, embedder = library._store, library._load()
    for number, text in suite.questions.items():
        grades = suite.judgements.get(number, {})
        gold = sorted(record for record, grade in grades.items() if grade > 0)
        if not gold or part(gold[0]) == "learn":
            continue
        question = understand(text, store, embedder)
        candidates = retrieve(question, store, 100)
        considered = consider(question, candidates, store, judge, 10, read=read)
        promise = {
            (record.record.id, one.field, one.start): worth
            for record in considered
            for one, worth in zip(record.sentences, record.promise, strict=True)
        }
        spans = [(span.record_id, span.start, span.end) for span in suite.spans.get(number, [])]
        of_record: dict[str, list[Kept]] = {record.record.id: [] for record in considered}
        for item in rank(question, considered, store):
            one = item.sentence
            own = [(start, end) for record, start, end in spans if record == one.record_id]
            of_record[one.record_id].append(
                {
                    "judged": item.judged,
                    "promise": promise[one.record_id, one.field, one.start],
                    "right": one.field == "abstract" and is_right(one.start, one.end, own),
                    "signs": [*item.signs, *(float(one.role == role) for role in ROLES)],
                }
            )
        yield {
            "suite": suite.name,
            "question": text,
            "part": part(gold[0]),
            "grades": grades,
            "spans": bool(spans),
            "records": [{"id": r.record.id, "score": r.score, "sentences": of_record[r.record.id]} for r in considered],
            "rest": [store.stored([row])[row].record.id for row in candidates.rows[len(considered) : 100]],
        }


def read_of(question: Kept, read: int) -> set[int]:
    """Which records the judge would read: as in :func:`qa.answering.ranking.consider`."""
    records, first = question["records"], read - ranking.PROMISING
    promise = [max((s["promise"] for s in record["sentences"]), default=0.0) for record in records]
    later = sorted(range(first, len(records)), key=lambda i: -promise[i])
    return {*range(min(first, len(records))), *later[: ranking.PROMISING]}


def at_hand(question: Kept, read: int) -> tuple[Numbers, NDArray[np.bool_]]:
    """The signs of all sentences, float64[n, len(NAMES)], as if so many records were read; and which are right."""
    chosen, rows, right = read_of(question, read), [], []
    for place, record in enumerate(question["records"]):
        for one in record["sentences"]:
            unread = one["judged"] is None or place not in chosen
            rows.append([ranking.UNREAD, *one["signs"][1:]] if unread else one["signs"])
            right.append(one["right"])
    return np.array(rows), np.array(right)


def tried(question: Kept, weights: Numbers, read: int) -> tuple[float, float, float]:
    """Whether the first sentence is right, the reciprocal rank, and the records' nDCG@10."""
    chosen, worth = read_of(question, read), []
    for place, record in enumerate(question["records"]):
        said = [s["judged"] for s in record["sentences"] if place in chosen and s["judged"] is not None]
        best = max(said, default=ranking.RECORD_UNREAD)
        worth.append((-(record["score"] + ranking.BEST_JUDGED * best), place, record["id"]))
    rows, marks = at_hand(question, read)
    right = marks[np.argsort(-(rows @ weights), kind="stable")][:10].tolist()
    ids = [*(name for _, _, name in sorted(worth)), *question["rest"]]
    return float(bool(right and right[0])), reciprocal_rank(right), ndcg(ids, question["grades"])


def show_tried(questions: Sequence[Kept], weights: Numbers, read: int, named: str) -> None:
    for suite in dict.fromkeys(one["suite"] for one in questions):
        for kept in ("tune", "report"):
            own = [one for one in questions if one["suite"] == suite and one["part"] == kept]
            values = [(one["spans"], *tried(one, weights, read)) for one in own]
            first = [value[1:3] for value in values if value[0]]
            if first:
                right, reciprocal = np.mean(first, axis=0)
                gain = np.mean([value[3] for value in values])
                print(
                    f"read {read}, {named}: {suite} {kept} P@1 {right:.3f} MRR {reciprocal:.3f} "
                    f"(n {len(first)}) nDCG {gain:.3f} (n {len(own)})",
                    flush=True,
                )


def with_judge(weight: float) -> Numbers:
    weights = NOW.copy()
    weights[0] = weight
    return weights


def fitted(cases: Sequence[tuple[str, Numbers, NDArray[np.bool_]]], free: Sequence[str]) -> Numbers:
    """The weights of cases (suite, signs, which are right); all but those ``free`` are held near what they are."""
    usable = [case for case in cases if case[2].any()]
    counts = {suite: sum(case[0] == suite for case in usable) for suite, _, _ in usable}
    held = np.array([HELD / 10 if name in free else HELD for name in NAMES])

    def cost(weights: Numbers) -> tuple[float, Numbers]:
        total, slope = float(held @ (weights - NOW) ** 2), 2 * held * (weights - NOW)
        for suite, rows, right in usable:
            scores, share = rows @ weights, 1 / (counts[suite] * len(counts))
            every, best = np.logaddexp.reduce(scores), np.logaddexp.reduce(scores[right])
            total += share * float(every - best)
            slope += share * (np.exp(scores - every) @ rows - np.exp(scores[right] - best) @ rows[right])
        return total, slope

    return np.asarray(minimize(cost, NOW, jac=True, method="L-BFGS-B").x)


def show_fit(questions: Sequence[Kept], free: Sequence[str], read: int) -> None:
    tuned = [one for one in questions if one["part"] == "tune" and one["spans"]]
    cases = [(one["suite"], *at_hand(one, read)) for one in tuned]
    places = np.random.RandomState(0).permutation(len(cases)) % FOLDS
    now, then = [], []
    for fold in range(FOLDS):
        weights = fitted([case for case, place in zip(cases, places, strict=True) if place != fold], free)
        for i in np.flatnonzero(places == fold):
            suite, rows, right = cases[i]
            now.append((suite, bool(right[(rows @ NOW).argmax()])))
            then.append((suite, bool(right[(rows @ weights).argmax()])))
    for suite in dict.fromkeys(suite for suite, _ in now):
        before, after = ([value for name, value in one if name == suite] for one in (now, then))
        print(f"{suite}: P@1 now {np.mean(before):.3f}, fitted in folds {np.mean(after):.3f}, n = {len(before)}")
    weights = fitted(cases, free)
    for name, before, after in zip(NAMES, NOW, weights, strict=True):
        print(f"{name:12} {before:6.2f} {after:6.2f}")
    show_tried([one for one in questions if one["part"] == "tune"], weights, read, "fitted on these")


def show_kinds(questions: Sequence[Kept], read: int) -> None:
    kind_of = {one.question: one.kind for one in written()}
    right: dict[str, list[bool]] = {}
    for one in questions:
        if one["suite"] == ASKED and one["part"] == "tune" and one["spans"]:
            rows, marks = at_hand(one, read)
            right.setdefault(kind_of[one["question"]], []).append(bool(marks[(rows @ NOW).argmax()]))
    for kind, values in sorted(right.items(), key=lambda item: -len(item[1])):
        print(f"{kind:10} P@1 {np.mean(values):.2f} (n {len(values)})")


def signs(question: Kept) -> Numbers:
    """Of the first records: the fused score, and of the judge's log-odds the best, the sum of their odds, the mean."""
    rows = []
    for record in question["records"][:DEPTH]:
        said = [s["judged"] for s in record["sentences"] if s["judged"] is not None] or [-8.0]
        rows.append([record["score"], max(said), float(np.logaddexp.reduce(said)), float(np.mean(said))])
    return np.array(rows)


def fit(cases: Sequence[tuple[Numbers, NDArray[np.bool_]]]) -> Numbers:
    """The weights under which the right records are most likely among the first."""

    def cost(weights: Numbers) -> float:
        total = RIDGE / 2 * float(weights @ weights)
        for values, right in cases:
            if right.any():
                scores = values @ weights
                total += float(np.logaddexp.reduce(scores) - scores[right].mean())
        return total

    return np.asarray(minimize(cost, np.zeros(cases[0][0].shape[1]), method="L-BFGS-B").x)


def show_order(questions: Sequence[Kept]) -> None:
    own = [one for one in questions if one["suite"] == CLAIMS]
    right = [np.array([one["grades"].get(r["id"], 0) > 0 for r in one["records"][:DEPTH]]) for one in own]

    def gain(one: Kept, scores: Numbers) -> float:
        ids = [record["id"] for record in one["records"]]
        order = np.argsort(-scores, kind="stable").tolist()
        return ndcg([*(ids[i] for i in order), *ids[len(order) :], *one["rest"]], one["grades"])

    folds = np.random.RandomState(0).permutation(len(own)) % FOLDS
    for name, columns in (("fused", [0]), ("best", [0, 1]), ("odds", [0, 2]), ("mean", [0, 3]), ("all", [0, 1, 2, 3])):
        cases = [(signs(one)[:, columns], marks) for one, marks in zip(own, right, strict=True)]
        values = []
        for fold in range(FOLDS):
            weights = fit([case for case, where in zip(cases, folds, strict=True) if where != fold])
            values += [gain(own[i], cases[i][0] @ weights) for i in np.flatnonzero(folds == fold)]
        told = (fit(cases) / fit(cases)[0]).round(3).tolist()
        print(
            f"{name}: nDCG@10 {np.mean(values):.3f} in folds, n = {len(own)}; on all, to the first: {told}", flush=True
        )
    print(f"without mistakes: {np.mean([gain(one, marks * 1.0) for one, marks in zip(own, right, strict=True)]):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ways = parser.add_subparsers(dest="way", required=True)
    collect = ways.add_parser("collect")
    collect.add_argument("suites", type=Path, nargs="+", help="folders of suites")
    collect.add_argument("--out", type=Path, required=True)
    collect.add_argument("--work", type=Path, required=True, help="the folder with the suites' libraries")
    collect.add_argument("--judge", type=Path, default=MODEL)
    collect.add_argument("--read", type=int, default=DEPTH)
    other, fitting, order = (ways.add_parser(name) for name in ("try", "fit", "order"))
    by_kind = ways.add_parser("kinds")
    other.add_argument("--judged", type=float, nargs="+", default=[WEIGHTS.judge])
    other.add_argument("--read", type=int, nargs="+", default=[ranking.READ])
    fitting.add_argument("--free", nargs="*", default=[], choices=NAMES, help="weights that are hardly held")
    for way in (other, fitting, by_kind, order):
        way.add_argument("files", type=Path, nargs="+")
    options = parser.parse_args()
    if options.way == "collect":
        judge, found = Judge(tokenizer_file(), options.judge), []
        for folder in options.suites:
            with Library.open(options.work / folder.name) as library:
                found += list(collected(load(folder), library, judge, options.read))
        options.out.write_text(json.dumps(found), encoding="utf-8")
        return
    for path in options.files:
        print(path.name)
        questions = json.loads(path.read_text(encoding="utf-8"))
        if options.way == "order":
            show_order(questions)
        elif options.way == "kinds":
            show_kinds(questions, ranking.READ)
        elif options.way == "fit":
            show_fit(questions, options.free, ranking.READ)
        else:
            for read in options.read:
                for weight in options.judged:
                    show_tried(questions, with_judge(weight), read, f"judge {weight}")


if __name__ == "__main__":
    main()
