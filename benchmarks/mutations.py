"""Damage real files in many ways and read them: records, skips or a ReadingError, quickly and in little memory.

    python -m benchmarks.mutations FOLDER [--n 20000] [--seed 0] [--save benchmarks/results/mutations.json]

Files are cut, flipped, have lines doubled or interleaved with another file's. Any other exception, or a file that
takes more than a second a megabyte (and a second), is printed with its seed and counted. Inputs that raise one are
kept in the folder for temporary files: they come of real ones, and belong to no project.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.machine import conditions
from qa.errors import ReadingError
from qa.reading import read

LARGEST = 300_000  # bytes taken of a file: what breaks a reader is rarely size


def damaged(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """The bytes cut, flipped, with lines doubled, shuffled, or interleaved with those of another file."""
    kind = rng.randrange(6)
    if kind == 0:
        return data[: rng.randrange(1, len(data) + 1)]
    if kind == 1:
        start = rng.randrange(len(data))
        return data[:start] + data[start + rng.randrange(1, 2000) :]
    if kind == 2:
        changed = bytearray(data)
        for _ in range(rng.choice((1, 3, 10, 100))):
            changed[rng.randrange(len(changed))] = rng.randrange(256)
        return bytes(changed)
    lines = data.splitlines(keepends=True)
    at = rng.randrange(len(lines))
    if kind == 3:
        return b"".join([*lines[:at], lines[at] * rng.choice((2, 50)), *lines[at + 1 :]])
    if kind == 4:
        return b"".join(rng.sample(lines, len(lines)))
    strange = other.splitlines(keepends=True)
    return b"".join(line for pair in zip(lines, strange, strict=False) for line in pair)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--n", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--save", type=Path)
    options = parser.parse_args()
    files = [path for path in sorted(options.folder.iterdir()) if path.suffix != ".zip" and path.stat().st_size]
    contents = [path.read_bytes()[:LARGEST] for path in files]
    rng = random.Random(options.seed)
    outcomes: Counter[str] = Counter()
    slowest: dict[str, Any] = {"seconds": 0.0}
    small = 0.0  # the slowest of a megabyte at most: a line said fifty times over makes files of 15 MB
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.n):
            which = rng.randrange(len(files))
            data = damaged(contents[which], rng.choice(contents), rng)
            path = Path(folder) / f"input{files[which].suffix}"
            path.write_bytes(data)
            started = time.process_time()
            try:
                outcomes["entries"] += bool(list(read(path)))
            except ReadingError as error:
                outcomes[type(error).__name__] += 1
            except Exception as error:  # what must not happen is what this looks for
                outcomes["bug"] += 1
                print(f"bug: {files[which].name}, input {number}: {type(error).__name__}: {error}", flush=True)
                (Path(tempfile.gettempdir()) / f"mutation-{number}{files[which].suffix}").write_bytes(data)
            spent = time.process_time() - started
            if spent > slowest["seconds"]:
                slowest = {"seconds": round(spent, 2), "file": files[which].name, "bytes": len(data)}
            if len(data) <= 1_000_000:
                small = max(small, spent)
            if spent > 1 + len(data) / 1e6:
                outcomes["slow"] += 1
                print(f"slow: {files[which].name}, input {number}: {spent:.1f} s for {len(data):,} bytes", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    result = {
        "machine": conditions(),
        "inputs": options.n,
        "outcomes": dict(outcomes),
        "slowest": slowest,
        "slowest_of_a_megabyte_s": round(small, 2),
        "peak_mb": peak,
    }
    print(json.dumps(result, indent=1))
    if options.save:
        options.save.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
