"""What every system is given: sentences, each with its record and its place; the only module that all of them share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of an abstract; ``text`` is what is indexed: the title and the sentence."""

    record: str
    start: int
    end: int
    text: str


def write(passages: Iterator[Passage], path: Path) -> int:
    """Write passages as JSON Lines; returns how many."""
    count = 0
    with path.open("w", encoding="utf-8") as out:
        for passage in passages:
            out.write(json.dumps(asdict(passage)) + "\n")
            count += 1
    return count


def load(path: Path) -> list[Passage]:
    with path.open(encoding="utf-8") as lines:
        return [Passage(**json.loads(line)) for line in lines]
