"""Eight readers and one writer, each a process of its own: no error, no mixed state, memory flat.

    python -m benchmarks.reliability.readers [--seconds 600] [--readers 8]

The writer replaces all records by those of the next version, in one commit each, again and again. So a reader that
finds records, sentences or hits of two versions together, or fewer than there are, has seen a mixture.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import re
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.machine import keep
from benchmarks.reliability.words import open_library
from qa import Library

RECORDS = 40
QUESTIONS = ("Does honey shorten the cough of a child?", "lamps and beetles in parks at night")
_TEXTS = (
    "Honey shortened the cough of child {n} in version {v}.",
    "Beetles avoid lamp {n} in parks at night, says version {v}.",
    "Seagrass {n} of version {v} buries carbon.",
)


def write(path: Path, version: int) -> None:
    """A version of all records."""
    lines = []
    for number in range(RECORDS):
        abstract = " ".join(_TEXTS[(number + at) % 3].format(n=number, v=version) for at in range(1 + number % 3))
        title = f"Study number {number} of version {version}"
        lines.append(json.dumps({"id": f"r:{number}", "title": title, "abstract": abstract}) + "\n")
    path.write_text("".join(lines), encoding="utf-8")


def look(library: Library) -> list[str]:
    """What is wrong with what a reader sees now."""
    wrong = []
    records = library.records()
    versions = {found for record in records for found in _versions(f"{record.title} {record.abstract}")}
    if len(versions) != 1 or len(records) != RECORDS:
        wrong.append(f"{len(records)} records of versions {versions}")
    for question in QUESTIONS:
        hits = library.search(question, k=10)
        versions = {
            found for hit in hits for text in (hit.record.title, hit.sentence.text) for found in _versions(text)
        }
        if len(versions) != 1 or len(hits) != 10:
            wrong.append(f"{len(hits)} hits of versions {versions}")
    return wrong


def _versions(text: str) -> list[str]:
    return re.findall(r"version (\d+)", text)


def read(folder: Path, until: float, told: Connection) -> None:
    """A reader: looks until the time is over, and tells how often, what was wrong, and its memory."""
    library = open_library(folder)
    looks, wrong, early = 0, [], 0
    started = time.time()
    while time.time() < until:
        wrong += look(library)
        looks += 1
        if not early and time.time() - started > (until - started) / 2:
            early = _memory()
    told.send({"looks": looks, "wrong": wrong[:5], "early": early, "late": _memory()})


def run(seconds: float, readers: int, place: Path) -> dict[str, Any]:
    """Let them all work for so long."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    folder, file = place / "library", place / "all.jsonl"
    library = open_library(folder)
    write(file, 0)
    library.add(file)
    until = time.time() + seconds
    pipes, processes = [], []
    for _ in range(readers):
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=read, args=(folder, until, sender))
        process.start()
        sender.close()
        pipes.append(receiver)
        processes.append(process)
    version = 0
    while time.time() < until:
        version += 1
        write(file, version)
        library.add(file)
    told: list[dict[str, Any]] = []
    failures = []
    for receiver, process in zip(pipes, processes, strict=True):
        try:
            told.append(receiver.recv())
        except EOFError:
            failures.append("a reader failed (its error is above)")
        process.join()
    failures += [one for said in told for one in said["wrong"]]
    return {
        "seconds": seconds,
        "readers": readers,
        "commits": version,
        "looks": sum(said["looks"] for said in told),
        "most memory gained, MB": round(max((said["late"] - said["early"] for said in told), default=0) / 1e6, 1),
        "failures": failures,
    }


def _memory() -> int:
    """Bytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--readers", type=int, default=8)
    options = parser.parse_args()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with tempfile.TemporaryDirectory(prefix="qa-readers-") as folder:
        keep("readers", run(options.seconds, options.readers, Path(folder)))


if __name__ == "__main__":
    main()
