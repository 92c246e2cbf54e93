"""How long an answer takes, stage by stage: warm, one question after another, on one library.

    python -m benchmarks.latency FILE QUESTIONS [--sentences 100000] [--work DIR] [--questions 200] [--rounds 3]

A library is made of the first records of FILE that hold so many sentences (kept in DIR, to be used again). QUESTIONS is
a suite's queries.jsonl. Times are of ``Library.ask``, all stages included, with what else ran on the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.machine import keep
from qa import Library
from qa.answering import search
from qa.answering.judge import Judge
from qa.reading import read
from qa.schema import Record
from qa.sentences import split

#: What is timed within a question: the module or class, the function, and what it is called here.
STAGES = (
    (search, "understand", "understand"),
    (search, "retrieve", "retrieve"),
    (Judge, "scores", "judge"),
    (search, "consider", "consider (with the judge)"),
    (search, "rank", "rank"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("questions_file", type=Path, metavar="QUESTIONS")
    parser.add_argument("--sentences", type=int, default=100_000)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        library = filled((options.work or Path(folder)) / "library", options.file, options.sentences)
        lines = options.questions_file.read_text(encoding="utf-8").splitlines()
        questions = [json.loads(line)["text"] for line in lines][: options.questions]
        rounds = [measured(library, questions) for _ in range(options.rounds)]
        info = library.info()
    keep(
        "latency", {"sentences": info.sentences, "records": info.records, "questions": len(questions), "rounds": rounds}
    )


def filled(folder: Path, file: Path, sentences: int) -> Library:
    """The library in ``folder``, made of as many records as hold so many sentences if it is not there yet."""
    library = Library.open(folder)
    if not library.exists:
        with tempfile.TemporaryDirectory() as place:
            path = Path(place) / "records.jsonl"
            count = 0
            with path.open("w", encoding="utf-8") as out:
                for record in records(file):
                    if count >= sentences:
                        break
                    count += len(split(record))
                    out.write(json.dumps(record.to_dict()) + "\n")
            library.add(path)
    return library


def records(file: Path) -> Iterator[Record]:
    return (entry for entry in read(file) if isinstance(entry, Record) and entry.abstract)


def measured(library: Library, questions: list[str]) -> dict[str, Any]:
    """Milliseconds of each question, of the processor for one, and of its stages."""
    spent: dict[str, list[float]] = defaultdict(list)
    library.ask(questions[0])
    whole, processor = [], time.process_time()
    with timed(spent):
        for question in questions:
            start = time.perf_counter()
            library.ask(question)
            whole.append(1000 * (time.perf_counter() - start))
    cuts = statistics.quantiles(whole, n=20, method="inclusive")
    return {
        "p50": round(statistics.median(whole), 1),
        "p95": round(cuts[-1], 1),
        "processor, mean": round(1000 * (time.process_time() - processor) / len(questions), 1),
        "stages, mean": {name: round(1000 * sum(times) / len(questions), 1) for name, times in spent.items()},
        "load": round(os.getloadavg()[0], 2),
    }


@contextmanager
def timed(spent: dict[str, list[float]]) -> Iterator[None]:
    """Note the seconds that each stage takes while the block runs."""
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in STAGES]

    def timing(function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                spent[stage].append(time.perf_counter() - start)

        return run

    for owner, name, stage in STAGES:
        setattr(owner, name, timing(getattr(owner, name), stage))
    try:
        yield
    finally:
        for owner, name, function in before:
            setattr(owner, name, function)


if __name__ == "__main__":
    main()
