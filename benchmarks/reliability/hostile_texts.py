"""Whatever can be given to `qa verify`, given: texts, bytes, and receipts that are broken.

    python -m benchmarks.reliability.hostile_texts [--times 20000] [--seed 0]

What comes must be a result or a sentence (a QAError), never another exception. Then texts that are ten times as long as
others must not take more than some thirty times as long, whatever they are made of.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.machine import keep
from benchmarks.reliability.oracle import text, write
from benchmarks.reliability.words import open_library
from qa import Library
from qa.errors import QAError
from qa.verifying.command import read_what, words_of, words_of_receipt

VERSION = 3

PIECES = (
    '"',
    "“",
    "”",
    "‘",
    "’",
    "«",
    "»",
    "'",
    "…",
    "[…]",
    "[sic]",
    "...",
    "\n",
    "\n\n",
    "> ",
    "# ",
    "- ",
    "*",
    "_",
    "`",
    "(",
    ")",
    "[1]",
    " ",
    "\t",
    "\u00a0",
    "\u200b",
    "\u202e",
    "\0",
    "\ud800",
    "é",
    "e\u0301",
    "ﬁ",
    "ß",
    "İ",
    "漢字",
    "😀",
    "-\n",
    "\u00ad",
    ".",
    "!",
    "?",
    "et al.",
    "p < 0.05",
    "{",
    "}",
    "[",
    "]",
    "{}",
    "null",
    "\\",
    "</script>",
    "%s",
    "a" * 300,
    "A. B. C.",
    "\r",
    "\x0b",
    "\u2028",
)

#: What has made matching slow elsewhere, repeated.
REPEATED = (
    '"',
    "“a",
    "“a”",
    "a ",
    "a. ",
    "… ",
    "[…] ",
    "'a' ",
    "> a\n",
    "- ",
    "honey ",
    "“honey” ",
    "((",
    "a\u0301",
    "-\n",
    "\n",
    "{",
    "x",
)


def make(place: Path) -> Library:
    write(place / "texts.jsonl", VERSION)
    library = open_library(place / "library")
    library.add(place / "texts.jsonl")
    return library


def draw(rng: random.Random, receipt: dict[str, Any]) -> bytes:
    """A text, bytes, or a receipt with something wrong in it."""
    kind = rng.random()
    if kind < 0.5:
        known = " ".join(text(record_id, VERSION)[1] for record_id in ("texts-0", "texts-1", "texts-2")).split() or [
            "a"
        ]
        words = [rng.choice(PIECES) if rng.random() < 0.5 else rng.choice(known) for _ in range(rng.randint(1, 60))]
        return rng.choice(["", " "]).join(words).encode("utf-8", "surrogatepass")
    if kind < 0.6:
        return rng.randbytes(rng.randint(1, 300))
    data = json.dumps(_broken(rng, receipt)).encode()
    if kind < 0.8:
        return data
    at = rng.randrange(len(data))
    return rng.choice([data[:at], data[:at] + rng.randbytes(3) + data[at:], data[:at] + data[at + 1 :]])


def _broken(rng: random.Random, value: Any) -> Any:
    """A value with some part of it replaced, left out or doubled."""
    if rng.random() < 0.04 or not isinstance(value, (dict, list)):
        odd: list[Any] = [None, True, -1, 1 << 80, 1e308, "", "x", [], {}, [[]], {"a": 1}, "\0", "\ud800", "9" * 5000]
        return rng.choice(odd) if rng.random() < 0.12 else value
    if isinstance(value, dict):
        return {name: _broken(rng, one) for name, one in value.items() if rng.random() > 0.02}
    return [_broken(rng, one) for one in value for _ in range(rng.choice((1, 1, 1, 1, 1, 1, 0, 2)))]


def give(library: Library, data: bytes, place: Path) -> str:
    """Verify what is in a file; returns what came of it."""
    path = place / "given"
    path.write_bytes(data)
    try:
        what = read_what(str(path))
        if isinstance(what, Mapping):
            return "receipt" if words_of_receipt(library.check_receipt(what)) else "nothing"
        return "text" if words_of(library.verify(what)) else "nothing"
    except QAError as error:
        return "said" if str(error) else "failure: no words"
    except Exception as error:  # any other is a failure of ours, and told as one
        return f"failure: {type(error).__name__}: {error}"[:300]


def run(times: int, seed: int, place: Path, longest: int = 1_000_000) -> dict[str, Any]:
    """Give so many inputs; then time the long ones."""
    rng = random.Random(seed)
    library = make(place)
    answer = library.ask("honey and sleep for a child with pain")
    receipt = library.receipt(answer)
    outcomes: Counter[str] = Counter()
    failures = []
    for _ in range(times):
        data = draw(rng, receipt)
        outcome = give(library, data, place)
        outcomes[outcome.partition(":")[0]] += 1
        if outcome.startswith("failure"):
            failures.append(f"{outcome} for {data[:200]!r}")
    grown = {}
    for piece in REPEATED:
        short, long = (_seconds(library, piece, size, place) for size in (longest // 10, longest))
        grown[piece] = round(long / max(short, 0.01), 1)
        if grown[piece] > 30 and long > 5:  # what is over in no time says nothing of how it grows
            failures.append(f"{longest:,} characters of {piece!r} take {long:.1f} s, a tenth of them {short:.1f} s")
    library.close()
    return {
        "given": times,
        "came of it": dict(sorted(outcomes.items())),
        "ten times as long takes": grown,
        "failures": failures,
    }


def _seconds(library: Library, piece: str, size: int, place: Path) -> float:
    started = time.perf_counter()
    give(library, (piece * (size // len(piece))).encode("utf-8"), place)
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qa-texts-") as folder:
        keep("hostile_texts", {**run(options.times, options.seed, Path(folder)), "seed": options.seed})


if __name__ == "__main__":
    main()
