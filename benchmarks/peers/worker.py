"""One system in a process of its own, so that its memory and its start are its own: builds, or answers questions.

    python -m benchmarks.peers.worker SYSTEM build PASSAGES FOLDER [VECTORS.npy]
    python -m benchmarks.peers.worker SYSTEM ask   PASSAGES FOLDER QUESTIONS    (a JSON list of strings)
    python -m benchmarks.peers.worker SYSTEM first PASSAGES FOLDER QUESTIONS    from the file to the first answer

Prints one line of JSON: seconds, the peak of memory in MB; for questions also what was found.
"""

# mypy: ignore-errors
from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

STARTED = time.perf_counter()

#: How many passages are asked for at once where time is taken, and where records are ranked by their best passage.
SHOWN, DEEP = 10, 200


def main() -> None:
    name, task, passages, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
    if task == "build":
        told = build(name, passages, folder, Path(sys.argv[5]) if len(sys.argv) > 5 else None)
    else:
        told = {"ask": ask, "first": first}[task](name, passages, folder, Path(sys.argv[5]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**told, "peak MB": peak}))


def build(name: str, passages: Path, folder: Path, stored: Path | None) -> dict:
    """``stored`` are vectors, where nothing is to be embedded; the passages of this program are a library then."""
    started = time.perf_counter()
    if name == "this program" and stored:
        from benchmarks.peers.stored import copy

        copy(passages, folder)
    elif name == "this program":
        from qa import Library

        Library.open(folder).add(passages)  # here: the corpus as it comes
    else:
        import numpy as np

        from benchmarks.peers.passages import load
        from benchmarks.peers.systems import SYSTEMS

        folder.mkdir(parents=True)
        SYSTEMS[name]().build(load(passages), folder, np.load(stored) if stored else None)
    return {"seconds": time.perf_counter() - started}


def first(name: str, passages: Path, folder: Path, questions: Path) -> dict:
    """From a process that begins to the first answer; this program asks before everything is embedded."""
    question = json.loads(questions.read_text(encoding="utf-8"))[0]
    if name == "this program":
        from qa import Library

        library = Library.open(folder)
        library.add(passages, embed=False)
        library.search(question, SHOWN)
    else:
        from benchmarks.peers.passages import load
        from benchmarks.peers.systems import SYSTEMS

        folder.mkdir(parents=True)
        system = SYSTEMS[name]()
        system.build(load(passages), folder, None)
        system.open(folder)
        system.search(question, SHOWN)
    return {"seconds": time.perf_counter() - STARTED}


def ask(name: str, passages: Path, folder: Path, questions: Path) -> dict:
    asked = json.loads(questions.read_text(encoding="utf-8"))
    sentences, records = searches(name, passages, folder)
    seconds, found = [], []
    for text in asked:
        started = time.perf_counter()
        shown = sentences(text)
        seconds.append(time.perf_counter() - started)
        if len(found) == 0:
            cold = time.perf_counter() - STARTED
        found.append({"sentences": shown})
    for text, one in zip(asked, found, strict=True):  # apart: the times above are of what a person sees
        one["records"] = records(text)
    return {"cold": cold, "seconds": seconds, "found": found}


def searches(name: str, passages: Path, folder: Path):
    """Two functions of a question: the places of the sentences shown, and the records, best first."""
    if name == "this program":
        from qa import Library

        library = Library.open(folder)

        def shown(text: str) -> list:
            hits = library.search(text, SHOWN)
            return [(hit.record.id, hit.sentence.start, hit.sentence.end) for hit in hits]

        return shown, lambda text: [hit.record.id for hit in library.search_records(text, 10)]

    from benchmarks.peers.passages import load
    from benchmarks.peers.systems import SYSTEMS

    system, known = SYSTEMS[name](), load(passages)
    system.open(folder)

    def places(text: str) -> list:
        return [(known[i].record, known[i].start, known[i].end) for i in system.search(text, SHOWN)]

    return places, lambda text: list(dict.fromkeys(known[i].record for i in system.search(text, DEEP)))[:10]


if __name__ == "__main__":
    main()
