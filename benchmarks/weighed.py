"""How many records are weighed for an answer: what it does to answers, and what it costs.

    python -m benchmarks.weighed NAME=QUESTIONS:LIBRARY … [--depths 40 24 16 10] [--questions 150]

QUESTIONS is a suite's queries.jsonl, or benchmarks/data/natural.json. Each is asked of its LIBRARY with ``DEPTH`` of
``qa/answering/ranking.py`` at each of the depths. Prints and keeps how many answers differ from those at the first
depth in the decision, in the first sentence, in the first three and in all ten, and milliseconds of processor a
question, in the median of each library's questions.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path
from typing import Any

from benchmarks.machine import keep
from qa import Library
from qa.answering import ranking
from qa.schema import Answer

SHOWN = (1, 3, 10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("given", nargs="+", metavar="NAME=QUESTIONS:LIBRARY")
    parser.add_argument("--depths", type=int, nargs="+", default=[40, 24, 16, 10])
    parser.add_argument("--questions", type=int, default=150)
    options = parser.parse_args()
    found = {}
    for one in options.given:
        name, _, places = one.partition("=")
        questions, _, folder = places.partition(":")
        asked = texts(Path(questions))
        asked = asked[:: max(1, len(asked) // options.questions)][: options.questions]
        found[name] = {"questions": len(asked), "depths": measured(Path(folder), asked, options.depths)}
        print(name, found[name], flush=True)
    keep("weighed", found)


def texts(path: Path) -> list[str]:
    """The questions of a suite, or of ``benchmarks.natural``."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        return [json.loads(line)["text"] for line in text.splitlines()]
    parts = json.loads(text).values()
    return [one if isinstance(one, str) else one["question"] for part in parts for one in part]


def measured(folder: Path, questions: list[str], depths: list[int]) -> dict[int, dict[str, Any]]:
    """For each depth, how many answers differ from those at the first, and what one costs."""
    told: dict[int, dict[str, Any]] = {}
    before, first = ranking.DEPTH, list[Answer]()
    try:
        with Library.open(folder) as library:
            for question in questions:  # what is remembered of texts is remembered by then
                library.ask(question)
            for depth in depths:
                ranking.DEPTH = depth
                answers, spent = zip(*(timed(library, question) for question in questions), strict=True)
                first = first or list(answers)
                pairs = list(zip(answers, first, strict=True))
                told[depth] = {
                    "ms of processor": round(1000 * statistics.median(spent), 1),
                    "other decisions": sum(bool(one) != bool(other) for one, other in pairs),
                    **{f"others among the first {n}": sum(shown(a, n) != shown(b, n) for a, b in pairs) for n in SHOWN},
                }
    finally:
        ranking.DEPTH = before
    return told


def timed(library: Library, question: str) -> tuple[Answer, float]:
    start = time.process_time()
    answer = library.ask(question, k=max(SHOWN))
    return answer, time.process_time() - start


def shown(answer: Answer, count: int) -> list[tuple[str, str, int]]:
    """Where the first sentences stand, or the closest where there is no answer."""
    hits = (answer.citations or answer.closest)[:count]
    return [(hit.record.id, hit.sentence.field, hit.sentence.start) for hit in hits]


if __name__ == "__main__":
    main()
