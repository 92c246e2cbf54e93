"""Time and memory against size, from a thousand sentences to ten million.

    python -m benchmarks.scale LIBRARY QUESTIONS [--work DIR] [--sizes 1000 … 10000000] [--questions 100] [--name NAME]

LIBRARY is one of real records, QUESTIONS a suite's queries.jsonl. There is a library for each size in DIR, each grown
out of the one before (and used again, if it is there): see ``grown.py``.

At each size: seconds to make the search files; then, in a new process each, what the nearest sentences and records cost
as an answer asks for them, and how many of the true hundred they are; what an answer costs, all stages included,
without limits and with a limit of years; what a first answer costs, from the start of the process; and the memory that
was held. To see what it does with less memory than it would like, run it where memory is limited.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.grown import grow
from benchmarks.machine import keep
from qa import Library
from qa.embedding import open_embedder
from qa.schema import Filters
from qa.storage import Store

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)

#: Other questions that are asked before anything is timed: what a library in use has in memory lies there then.
WARMING = 300
RECENT = Filters(years=(2015, None))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", type=Path)
    parser.add_argument("questions_file", type=Path, metavar="QUESTIONS")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--name", default="scale", help="of the result")
    parser.add_argument("--look", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    lines = options.questions_file.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["text"] for line in lines]
    random.Random(0).shuffle(questions)
    questions, others = questions[: options.questions], questions[options.questions :][:WARMING]
    if options.look:
        print(
            json.dumps({"nearest": nearest, "answers": answered}[options.look.name](options.library, questions, others))
        )
        return
    with tempfile.TemporaryDirectory() as place:
        work, results, last = options.work or Path(place), [], None
        for size in sorted(options.sizes):
            folder = work / str(size)
            made = None if folder.exists() else make(options.library, last, folder, size)
            results.append({**(made or {}), **look(folder, options)})
            keep(options.name, {"questions": len(questions), "sizes": results})
            last = folder


def make(source: Path, smaller: Path | None, folder: Path, size: int) -> dict[str, float]:
    """Have a library in ``folder`` hold so many sentences, beginning with a smaller one; seconds of the steps."""
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    if smaller:
        shutil.copytree(smaller, unfinished)
    start = time.perf_counter()
    grow(source, unfinished, size)
    wrote = time.perf_counter() - start
    store = Store(unfinished)
    start = time.perf_counter()
    store.catch_up()
    made = time.perf_counter() - start
    store.close()
    unfinished.rename(folder)
    return {"seconds to write": round(wrote, 1), "seconds to make the search files": round(made, 1)}


def look(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """What is in a library, and what it costs."""
    store = Store(folder)
    records, sentences = store.database.counts()
    store.close()
    sizes = {
        "database": sum(path.stat().st_size for path in folder.glob("library.sqlite*")),
        "vectors": sum(path.stat().st_size for pattern in ("*.faiss", "*.clusters") for path in folder.rglob(pattern)),
        "words": sum(path.stat().st_size for path in folder.rglob("bm25*/*")),
    }
    return {
        "sentences": sentences,
        "records": records,
        "MB on disk": {name: round(size / 1e6, 1) for name, size in sizes.items()},
        "seconds to a first answer of a new process": cold(folder),
        **{what: _looked(what, folder, options) for what in ("nearest", "answers")},
    }


def _looked(what: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """One of the measurements below, in a process of its own."""
    given = [folder, options.questions_file, "--look", what, "--questions", str(options.questions)]
    command = [sys.executable, "-m", "benchmarks.scale", *given]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


# -- measuring, in a process of its own --------------------------------------------------------------------------------


def nearest(folder: Path, questions: list[str], others: list[str]) -> dict[str, Any]:
    """What the hundred nearest sentences and records cost, and how many of the true ones they are."""
    embedder = open_embedder()
    queries = embedder.queries(questions)
    store = Store(folder)
    start = time.perf_counter()
    store.catch_up()
    opened = time.perf_counter() - start
    with store.database.snapshot():
        for query in embedder.queries(others):
            store.near_sentences(query, 100, exact=False)
            store.near_records(query, 100, exact=False)
        times, found = [], []
        for query in queries:
            start = time.perf_counter()
            sentences = store.near_sentences(query, 100, exact=False)
            store.near_records(query, 100, exact=False)
            times.append(time.perf_counter() - start)
            found.append({row for row, _ in sentences})
        memory = _memory()
        true = _exact(store, queries)
    shares = [len(one & exact) / len(exact) for one, exact in zip(found, true, strict=True)]
    return {
        "ms to open": round(1000 * opened, 1),
        "ms for both": _spread(times),
        "recall@100": round(statistics.mean(shares), 4),
        "recall@100, least": round(min(shares), 2),
        "peak memory, MB": memory,
    }


def _exact(store: Store, queries: Vectors) -> list[set[int]]:
    """The rows of the true hundred, by comparing every vector that is stored."""
    scores = np.full((len(queries), 0), 0.0, dtype=np.float32)
    rows = np.empty((len(queries), 0), dtype=np.int64)
    for some, vectors in store.database.vectors_since("sentences", 0):
        scores = np.hstack([scores, queries @ vectors.T])
        rows = np.hstack([rows, np.broadcast_to(np.asarray(some), (len(queries), len(some)))])
        if scores.shape[1] > 100:
            best = np.argpartition(-scores, 99, axis=1)[:, :100]
            scores, rows = np.take_along_axis(scores, best, 1), np.take_along_axis(rows, best, 1)
    return [set(one.tolist()) for one in rows]


def answered(folder: Path, questions: list[str], others: list[str]) -> dict[str, Any]:
    """What an answer costs in a process that has given some, without limits and with."""
    with Library.open(folder) as library:
        for other in others:
            library.ask(other)
        library.ask(others[-1], filters=RECENT)
        plain, limited = (
            [_timed(partial(library.ask, question, filters=one)) for question in questions]
            for one in (Filters(), RECENT)
        )
    return {"ms": _spread(plain), "ms, of some years": _spread(limited), "peak memory, MB": _memory()}


def cold(folder: Path) -> float:
    """Seconds of a command that answers one question; the median of three."""
    command = [sys.executable, "-m", "qa", "--library", str(folder), "ask", "Does aspirin prevent stroke?"]
    run = partial(subprocess.run, command, check=False, capture_output=True)
    return round(statistics.median(_timed(run) for _ in range(3)), 2)


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _spread(times: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    return {"p50": round(1000 * statistics.median(times), 1), "p95": round(1000 * cuts[-1], 1)}


def _memory() -> float:
    """The most memory that this process has held, MB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 0)


if __name__ == "__main__":
    main()
