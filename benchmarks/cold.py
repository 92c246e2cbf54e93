"""What a command costs in a new process: ``qa --help``, and ``qa ask`` on a library that is there.

With ``--against`` other checkouts (older commits), all are measured in turn, round by round, so that what else the
machine does meets all of them alike; read the ratios, not the seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.machine import keep

HERE = Path(__file__).parent.parent
HEAVY = ("torch", "transformers", "sentence_transformers", "scipy", "gradio", "lxml")

#: What an answer is made of, timed one after the other in a new process.
STAGES = """
import json, sys, time
laps, start = {}, time.perf_counter()
def lap(name):
    global start
    laps[name], start = 1000 * (time.perf_counter() - start), time.perf_counter()
import qa.cli
qa.cli.parser(); lap("the command line")
import numpy, faiss, tantivy, onnxruntime, tokenizers, sqlite3; lap("import numpy, faiss, tantivy, onnxruntime")
from qa.library import Library
library = Library.open(sys.argv[1]); len(library); library._fill_in(); lap("open the library")
library._load().queries(["of"]); lap("load the embedder")
from qa.answering.judge import open_judge
open_judge(); lap("load the judge")
library._store.catch_up(); lap("open FAISS and BM25")
library.ask(sys.argv[2]); lap("answer")
start = time.perf_counter(); library.ask(sys.argv[2]); lap("answer again, warm")
print(json.dumps([laps, sorted(set(sys.argv[3].split()) & set(sys.modules))]))
"""


def measure(checkout: Path, *arguments: str) -> tuple[float, float, float]:
    """Seconds on the clock, seconds of processor, and peak MB of one command of a checkout."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    code = (
        "import resource, sys\nfrom qa.cli import main\ntry: main(sys.argv[1:])\nfinally: "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    done = _run(checkout, code, *arguments)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, used, int(done.stderr.split()[-1]) / 1024


def _run(checkout: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    run = [sys.executable, "-c", code, *arguments]
    path = {**os.environ, "PYTHONPATH": str(checkout)}
    return subprocess.run(run, check=True, capture_output=True, text=True, env=path, cwd=checkout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library")
    parser.add_argument("--question", default="Does metformin lower the risk of cancer?")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument(
        "--against", nargs="*", default=[], metavar="NAME=CHECKOUT", help="other checkouts, to be measured in turn"
    )
    options = parser.parse_args()
    checkouts = {"now": HERE, **{name: Path(path) for name, _, path in (one.partition("=") for one in options.against)}}
    folder = str(Path(options.library).resolve())
    for checkout in checkouts.values():
        _run(checkout, "import compileall, sys; compileall.compile_dir(sys.argv[1], quiet=1)", str(checkout / "qa"))
    commands = {"help": ["--help"], "ask": ["--library", folder, "ask", options.question]}
    found: dict[str, Any] = {name: {command: [] for command in commands} for name in checkouts}
    for number in range(options.rounds + 1):
        for name, checkout in checkouts.items():
            for command, arguments in commands.items():
                cost = measure(checkout, *arguments)
                if number:  # the first round fills the caches of files and of models
                    found[name][command].append(cost)
    stages = [
        json.loads(_run(HERE, STAGES, folder, options.question, " ".join(HEAVY)).stdout.splitlines()[-1])
        for _ in range(options.rounds)
    ]
    laps = {name: statistics.median(laps[name] for laps, _ in stages) for name in stages[0][0]}
    heavy = stages[0][1]
    from qa import Library

    info = Library.open(folder).info()
    keep(
        "cold",
        {
            "records": info.records,
            "sentences": info.sentences,
            "rounds": options.rounds,
            "commands": {
                name: {command: _summary(runs) for command, runs in commands.items()}
                for name, commands in found.items()
            },
            "ask, times now": {name: _ratio(found[name]["ask"], found["now"]["ask"]) for name in checkouts},
            "stages ms": {name: round(value, 1) for name, value in laps.items()},
            "loaded of the heavy ones": heavy,
        },
    )


def _summary(runs: list[tuple[float, float, float]]) -> dict[str, float]:
    seconds, used, peak = zip(*runs, strict=True)
    return {
        "median s": round(statistics.median(seconds), 3),
        "least s": round(min(seconds), 3),
        "most s": round(max(seconds), 3),
        "processor s": round(statistics.median(used), 3),
        "peak MB": round(statistics.median(peak)),
    }


def _ratio(one: list[tuple[float, float, float]], other: list[tuple[float, float, float]]) -> float:
    """How many times as long one takes as the other, round by round: the median."""
    return round(statistics.median(a[0] / b[0] for a, b in zip(one, other, strict=True)), 2)


if __name__ == "__main__":
    main()
