"""Keep what is known of every sentence of the kept questions' first records, and try other weights on it.

    python -m benchmarks.training.evidence collect SUITES --work DIR OUT.json [--judge MODEL.onnx] [--read 8]
    python -m benchmarks.training.evidence try FILE.json… [--judged 0.25 0.4 0.5] [--read 4 8]
    python -m benchmarks.training.evidence order FILE.json…

``collect`` asks the questions that no judge has learned from (for tuning and for the report), with any judge.
``try`` ranks sentences with the weights of ``qa/answering/ranking.py``, but for the judge's and how many are read.
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
from qa import Library
from qa.answering import ranking
from qa.answering.judge import MODEL, Judge
from qa.answering.question import understand
from qa.answering.ranking import consider, overlap
from qa.answering.retrieval import retrieve
from qa.answering.wants import announces, gives, wanted
from qa.embedding import tokenizer_file
from qa.evaluation.metrics import is_right, ndcg, reciprocal_rank
from qa.evaluation.suite import Suite, load

SUITES = ("scifact-train", "pubmedqa-unlabelled", "evidence-inference")
FOLDS, RIDGE, DEPTH = 10, 0.5, 12

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
        kinds, spans = wanted(text), suite.spans.get(number, [])
        records = []
        for record in consider(question, candidates, store, judge, 10, read=read):
            title = set(store.words(record.record.title))
            answers = [(span.start, span.end) for span in spans if span.record_id == record.record.id]
            evidence = zip(
                record.sentences,
                record.words,
                record.similarity,
                record.promise,
                record.judged or (None,) * len(record.sentences),
                strict=True,
            )
            sentences = [
                {
                    "judged": judged,
                    "promise": promise,
                    "right": one.field == "abstract" and is_right(one.start, one.end, answers),
                    "else": ranking.SIMILARITY * similarity
                    + ranking.IN_SENTENCE * overlap(question, words)
                    + ranking.IN_TITLE * overlap(question, words | title)
                    + (ranking.RECORD if ranking._tells(question) else 0.0) * record.score
                    + ranking.WANTED * gives(kinds, one.text)
                    + ranking.ANNOUNCED * announces(one.text)
                    + ranking.ROLE[one.role],
                }
                for one, words, similarity, promise, judged in evidence
            ]
            records.append({"id": record.record.id, "score": record.score, "sentences": sentences})
        yield {
            "suite": suite.name,
            "part": part(gold[0]),
            "grades": grades,
            "spans": bool(spans),
            "records": records,
            "rest": [store.stored([row])[row].record.id for row in candidates.rows[len(records) : 100]],
        }


def read_of(question: Kept, read: int) -> set[int]:
    """Which records the judge would read: as in :func:`qa.answering.ranking.consider`."""
    records, first = question["records"], read - ranking.PROMISING
    promise = [max((s["promise"] for s in record["sentences"]), default=0.0) for record in records]
    later = sorted(range(first, len(records)), key=lambda i: -promise[i])
    return {*range(min(first, len(records))), *later[: ranking.PROMISING]}


def tried(question: Kept, judged: float, read: int) -> tuple[float, float, float]:
    """Whether the first sentence is right, the reciprocal rank, and the records' nDCG@10."""
    chosen, sentences, worth = read_of(question, read), [], []
    for place, record in enumerate(question["records"]):
        said = [s["judged"] if place in chosen else None for s in record["sentences"]]
        sentences += [
            (-(s["else"] + judged * (ranking.UNREAD if one is None else one)), s["right"])
            for s, one in zip(record["sentences"], said, strict=True)
        ]
        best = max((one for one in said if one is not None), default=ranking.RECORD_UNREAD)
        worth.append((-(record["score"] + ranking.BEST_JUDGED * best), place, record["id"]))
    right = [one for _, one in sorted(sentences, key=lambda pair: pair[0])][:10]
    ids = [*(name for _, _, name in sorted(worth)), *question["rest"]]
    return float(bool(right and right[0])), reciprocal_rank(right), ndcg(ids, question["grades"])


def show_tried(questions: Sequence[Kept], judged: Sequence[float], read: Sequence[int]) -> None:
    for depth in read:
        for weight in judged:
            for suite in SUITES:
                for kept in ("tune", "report"):
                    own = [one for one in questions if one["suite"] == suite and one["part"] == kept]
                    values = [(one["spans"], *tried(one, weight, depth)) for one in own]
                    first = [value[1:3] for value in values if value[0]]
                    if first:
                        right, reciprocal = np.mean(first, axis=0)
                        gain = np.mean([value[3] for value in values])
                        print(
                            f"read {depth}, judge {weight}: {suite} {kept} P@1 {right:.3f} MRR {reciprocal:.3f} "
                            f"(n {len(first)}) nDCG {gain:.3f} (n {len(own)})",
                            flush=True,
                        )


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
    own = [one for one in questions if one["suite"] == SUITES[0]]
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
        print(f"{name}: nDCG@10 {np.mean(values):.3f} in folds, n = {len(own)}", flush=True)
    print(f"without mistakes: {np.mean([gain(one, marks * 1.0) for one, marks in zip(own, right, strict=True)]):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ways = parser.add_subparsers(dest="way", required=True)
    collect = ways.add_parser("collect")
    collect.add_argument("suites", type=Path)
    collect.add_argument("out", type=Path)
    collect.add_argument("--work", type=Path, required=True, help="the folder with the suites' libraries")
    collect.add_argument("--judge", type=Path, default=MODEL)
    collect.add_argument("--read", type=int, default=DEPTH)
    other = ways.add_parser("try")
    other.add_argument("--judged", type=float, nargs="+", default=[ranking.JUDGED])
    other.add_argument("--read", type=int, nargs="+", default=[ranking.READ])
    for way in (other, ways.add_parser("order")):
        way.add_argument("files", type=Path, nargs="+")
    options = parser.parse_args()
    if options.way == "collect":
        judge, found = Judge(tokenizer_file(), options.judge), []
        for name in SUITES:
            with Library.open(options.work / name) as library:
                found += list(collected(load(options.suites / name), library, judge, options.read))
        options.out.write_text(json.dumps(found), encoding="utf-8")
        return
    for path in options.files:
        print(path.name)
        questions = json.loads(path.read_text(encoding="utf-8"))
        if options.way == "try":
            show_tried(questions, options.judged, options.read)
        else:
            show_order(questions)


if __name__ == "__main__":
    main()
