"""How many records the judge should read: what is right first, and what it costs, on questions kept for such choices.

    python -m benchmarks.training.depth SUITES --work DIR [--most 60]

SUITES are the judged suites, DIR their libraries. Prints for each number of records: sentence P@1 and MRR@10, nDCG@10,
and the judge's windows a question.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from unittest.mock import patch

from benchmarks.training.instances import part
from qa import Library
from qa.answering import ranking, search
from qa.answering.judge import Judge, Window, open_judge
from qa.evaluation.metrics import is_right, ndcg, reciprocal_rank
from qa.evaluation.suite import Suite, load

NAMES = ("scifact-train", "pubmedqa-unlabelled", "evidence-inference")
DEPTHS = (3, 4, 5, 8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--most", type=int, default=60)
    options = parser.parse_args()
    counted = [0]
    read = Judge._read

    def count(judge: Judge, window: Window) -> list[float]:
        counted[0] += 1
        return read(judge, window)

    Judge._read = count  # type: ignore[method-assign, assignment]
    for name in NAMES:
        suite = load(options.suites / name)
        keys = random.Random(0).sample(kept := list(tuned(suite)), min(options.most, len(kept)))
        with Library.open(options.work / name) as library:
            for depth in DEPTHS:
                counted[0] = 0
                values = [one(suite, key, library, depth) for key in keys]
                first, reciprocal, gain = (sum(column) / len(keys) for column in zip(*values, strict=True))
                print(
                    f"{name}: n {len(keys)}, {depth} records read: P@1 {first:.3f} MRR {reciprocal:.3f} "
                    f"nDCG {gain:.3f}, {counted[0] / len(keys):.1f} windows",
                    flush=True,
                )


def tuned(suite: Suite) -> Iterator[str]:
    """The questions that are kept for choosing, and neither learned from nor reported."""
    for key in suite.questions:
        right = sorted(record for record, grade in suite.judgements.get(key, {}).items() if grade > 0)
        if right and suite.spans.get(key) and part(right[0]) == "tune":
            yield key


def one(suite: Suite, key: str, library: Library, depth: int) -> tuple[float, float, float]:
    """Whether the first sentence is right, the reciprocal rank of the first that is, and nDCG@10 of the records."""
    store, embedder = library._store, library._load()
    shallow = partial(ranking.consider, read=depth)
    with patch.object(search, "consider", shallow):
        found = search.find(suite.questions[key], store, embedder, open_judge(), 10)
    spans = suite.spans[key]
    right = [
        item.sentence.field == "abstract"
        and is_right(
            item.sentence.start,
            item.sentence.end,
            [(span.start, span.end) for span in spans if span.record_id == item.sentence.record_id],
        )
        for item in found.ranked[:10]
    ]
    rows = [row for row, _ in found.records(10)]
    stored = store.stored(rows)
    ids = [stored[row].record.id for row in rows]
    return float(bool(right and right[0])), reciprocal_rank(right), ndcg(ids, suite.judgements[key])


if __name__ == "__main__":
    main()
