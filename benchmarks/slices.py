"""Over a suite: every hit is its slice of its record, and two runs in two processes give equal bytes."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.machine import keep
from qa import Library

QUESTIONS = 1000


def questions(suite: Path) -> list[str]:
    """The suite's questions, filled up with the titles of its corpus."""
    found = [json.loads(line)["text"] for line in (suite / "queries.jsonl").open(encoding="utf-8")]
    titles = (json.loads(line)["title"] for line in (suite / "corpus.jsonl").open(encoding="utf-8"))
    while len(found) < QUESTIONS:
        found.append(next(titles))
    return found[:QUESTIONS]


def run(folder: str, suite: Path) -> None:
    """One run: prints the number of hits and a hash over all of them."""
    library = Library.open(folder)
    digest, count = hashlib.sha256(), 0
    for question in questions(suite):
        for hit in library.search(question, k=10):
            sentence = hit.sentence
            assert sentence.text == getattr(hit.record, sentence.field)[sentence.start : sentence.end]
            digest.update(repr(hit).encode())
            count += 1
    print(count, digest.hexdigest())


def main(suite: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        report = Library.open(folder).add(suite / "corpus.jsonl")
        command = [sys.executable, "-m", "benchmarks.slices", str(suite), folder]
        runs = [subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() for _ in range(2)]
    assert runs[0] == runs[1], runs
    keep(
        "slices",
        {"suite": suite.name, "added": report.added, "questions": QUESTIONS, "hits": int(runs[0][0]), "equal runs": 2},
    )


if __name__ == "__main__":
    if len(sys.argv) > 2:
        run(sys.argv[2], Path(sys.argv[1]))
    else:
        main(Path(sys.argv[1]))
