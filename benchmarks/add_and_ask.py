"""What an add costs, and how long an answer takes, cold (a new process) and warm."""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.machine import keep
from qa import Library

COLD = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--questions", type=Path, required=True, help="a text file, one question a line")
    parser.add_argument("--name", default="add_and_ask", help="of the result file")
    parser.add_argument("--library", help="a new folder to keep the library in (default: one that is thrown away)")
    options = parser.parse_args()
    questions = options.questions.read_text(encoding="utf-8").split("\n")
    questions = [question for question in questions if question.strip()]
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.library or temporary
        library = Library.open(folder)
        start = time.perf_counter()
        report = library.add(*options.files)
        seconds = time.perf_counter() - start
        info = library.info()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        library.close()

        cold = []
        for question in questions[:COLD]:
            start = time.perf_counter()
            command = [sys.executable, "-m", "qa", "--library", folder, "ask", question]
            subprocess.run(command, check=True, capture_output=True)
            cold.append(time.perf_counter() - start)
        warm = []
        library.ask(questions[0])
        for question in questions:
            start = time.perf_counter()
            library.ask(question)
            warm.append(time.perf_counter() - start)
    keep(
        options.name,
        {
            "files": [Path(file).name for file in options.files],
            "report": str(report),
            "records": info.records,
            "sentences": info.sentences,
            "seconds to add": round(seconds, 1),
            "records per minute": round(60 * info.records / seconds),
            "peak memory MB": round(peak),
            "on disk MB": round(info.bytes / 1e6, 1),
            "cold answer s": {"n": COLD, "median": round(statistics.median(cold), 2), "max": round(max(cold), 2)},
            "warm answer ms": {
                "n": len(warm),
                "median": round(1000 * statistics.median(warm)),
                "max": round(1000 * max(warm)),
            },
        },
    )


if __name__ == "__main__":
    main()
