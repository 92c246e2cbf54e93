"""How good answers are before everything is embedded, and how soon the first one comes.

    python -m benchmarks.ahead SUITE [--work DIR] [--limit 100] [--shares 0 0.1 0.5 1]

The suite's records are stored; then, with each of the shares of them embedded, the same questions are asked, each of a
library that has embedded nothing for the others: what a question embeds is not kept here. Seconds are to the first
answer: with nothing embedded before it, and with everything.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import keep
from benchmarks.table import measured
from qa import Library
from qa.errors import Cancelled
from qa.evaluation import metrics
from qa.evaluation.run import chosen
from qa.evaluation.suite import Suite, load
from qa.schema import Progress

COLUMNS = ("nDCG@10", "recall@100", "sentence P@1", "sentence MRR@10")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", type=Path)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--shares", type=float, nargs="+", default=(0.0, 0.1, 0.5, 1.0))
    options = parser.parse_args()
    suite = load(options.suite)
    asked = chosen(suite.judged, options.limit)
    with tempfile.TemporaryDirectory() as place:
        library = Library.open((options.work or Path(place)) / "library")
        start = time.perf_counter()
        library.add(suite.corpus, embed=False)
        library.ask(suite.questions[asked[0]])
        first = time.perf_counter() - start
        rows, spent = [], 0.0
        for share in sorted(options.shares):
            begun = time.perf_counter()
            embed(library, share)
            spent += time.perf_counter() - begun
            waiting = library.awaiting()
            rows.append({"embedded": 1 - waiting.records / len(library), **quality(library, suite, asked)})
        start = time.perf_counter()
        library.ask(suite.questions[asked[0]])
        last = time.perf_counter() - start
    keep(
        "ahead",
        {
            "suite": suite.name,
            "records": len(library),
            "questions": len(asked),
            "seconds to the first answer": {
                "nothing embedded": round(first, 1),
                "everything": round(first + spent + last, 1),
            },
            "shares": rows,
        },
    )


def embed(library: Library, share: float) -> None:
    """Embed until so large a share of the records is."""
    wanted = share * len(library)

    def stop(_: Progress) -> None:
        if len(library) - library.awaiting().records >= wanted:
            raise Cancelled("Enough.")

    with suppress(Cancelled):
        library.embed(stop if share < 1 else None)


def quality(library: Library, suite: Suite, asked: Sequence[str]) -> dict[str, Any]:
    """Each measure, with n and a bootstrap interval; and the seconds that an answer took."""
    values: dict[str, list[float]] = defaultdict(list)
    with nothing_kept(library):
        for number in asked:
            text = suite.questions[number]
            start = time.perf_counter()
            hits = library.search(text, k=10)
            values["seconds"].append(time.perf_counter() - start)
            records = [hit.record.id for hit in library.search_records(text, k=100)]
            for name, value in measured(suite, number, records, [hit.sentence for hit in hits]):
                values[name].append(float(value))
            library.close()
    found: dict[str, Any] = {"seconds an answer, median": round(float(np.median(values["seconds"])), 2)}
    for name in COLUMNS:
        if values[name]:
            own = np.array(values[name])
            low, high = metrics.interval(own)
            found[name] = {
                "value": round(float(own.mean()), 3),
                "low": round(low, 3),
                "high": round(high, 3),
                "n": len(own),
            }
    return found


@contextmanager
def nothing_kept(library: Library) -> Iterator[None]:
    """Within, the library cannot be written: somebody else is about to write all the time."""
    library.close()
    writer = sqlite3.connect(library.folder / "library.sqlite", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        writer.execute("ROLLBACK")
        writer.close()


if __name__ == "__main__":
    main()
