"""Has anything become slower? A minute of everyday work, as multiples of a fixed piece of arithmetic in the same run.

    python -m benchmarks.run [--keep] [--limit 2]

Processor time is taken, not the clock's, and of several rounds the shortest: that is what a busy machine moves least.
With ``--keep`` the run is added to results/run.json, with commit, machine and versions. What takes ``--limit`` times
as long as in the last run kept is told in a warning; nothing ever fails for being slow.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import RESULTS, conditions
from qa import Library
from qa.reading import read
from qa.schema import Record
from qa.sentences import split

DIGESTS = Path(__file__).parent.parent / "examples" / "digests.jsonl"
KEPT = RESULTS / "run.json"
ROUNDS = 3
QUESTIONS = (
    "How common is it?",
    "What helps against cough in children?",
    "Does exercise prevent falls in older people?",
)


def used() -> float:
    """Seconds of processor that this process and its children have used."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def cost(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The least processor time that the work took, in seconds."""
    found = []
    for _ in range(rounds):
        before = used()
        work()
        found.append(used() - before)
    return min(found)


def unit() -> None:
    """The piece of arithmetic that everything is measured in: about a fifth of a second of Python and NumPy."""
    words = [str(number * 7919 % 100_003) for number in range(60_000)]
    assert sorted(words)[0] <= words[0]
    matrix = np.linspace(0, 1, 250_000, dtype=np.float32).reshape(500, 500)
    for _ in range(20):
        matrix = np.tanh(matrix @ matrix.T / 500)


def copies(count: int) -> list[Record]:
    """So many records, made of the digests, each with a title and sentences of its own."""
    digests = [entry for entry in read(DIGESTS) if isinstance(entry, Record)]
    made = []
    for number in range(count):
        one = digests[number % len(digests)]
        abstract = one.abstract.replace(". ", f" ({number}). ")
        made.append(replace(one, id=f"copy:{number}", title=f"{one.title} {number}", abstract=abstract, sections=()))
    return made


def run() -> dict[str, float]:
    """What each piece of work costs, in units."""
    command = [sys.executable, "-m", "qa"]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        few, many = folder / "few.jsonl", folder / "many.jsonl"
        records = copies(3000)
        for path, count in ((few, 60), (many, 3000)):
            path.write_text("".join(json.dumps(one.to_dict()) + "\n" for one in records[:count]), encoding="utf-8")
        library = Library.open(folder / "library")
        library.add(DIGESTS)
        library.ask(QUESTIONS[0])

        def add() -> None:
            with tempfile.TemporaryDirectory() as other:
                Library.open(Path(other) / "library").add(few)

        def call(*arguments: str) -> Callable[[], object]:
            return lambda: subprocess.run([*command, *arguments], check=True, capture_output=True)

        one = cost(unit, 5)
        seconds = {
            "read 3,000 records": cost(lambda: list(read(many))),
            "split 3,000 abstracts": cost(lambda: [split(record) for record in records]),
            "add 60 records": cost(add),
            "three warm answers": cost(lambda: [library.ask(question) for question in QUESTIONS]),
            "qa --help": cost(call("--help")),
            "qa ask, cold": cost(call("--library", str(folder / "library"), "ask", QUESTIONS[0])),
        }
    return {name: round(value / one, 3) for name, value in seconds.items()}


def slower(now: dict[str, float], before: dict[str, float], limit: float) -> list[str]:
    """A sentence for each piece of work that takes ``limit`` times as long as before, or longer."""
    return [
        f"{name} takes {value / before[name]:.1f} times what it took in the last run kept."
        for name, value in now.items()
        if name in before and value >= limit * before[name]
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", action="store_true", help="add this run to results/run.json")
    parser.add_argument("--limit", type=float, default=2.0, help="warn from this ratio on (default: 2)")
    options = parser.parse_args()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    now = run()
    kept: list[dict[str, Any]] = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else []
    before = kept[-1]["units"] if kept else {}
    for name, value in now.items():
        told = f"{value / before[name]:.2f} of the last run kept" if name in before else "not measured before"
        print(f"{name:24} {value:8.2f} units, {told}")
    for sentence in slower(now, before, options.limit):
        print(f"warning: {sentence}")
    if options.keep:
        KEPT.write_text(
            json.dumps([*kept, {"conditions": conditions(), "units": now}], indent=1) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
