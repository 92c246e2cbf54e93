"""Libraries of any size out of a real one, with vectors as they would be; and libraries copied, vectors and all.

What is added are the records of the real one over and over, each time with a tenth of their words replaced by others of
the same length, so that words are as rare as in real text and sentences stand where they stood. A vector is a real one,
turned towards that of another record (by 0.2 to 0.5 of its length) and into a random direction (by 0.35), so that the
neighbours of a question lie around it in all directions as real ones do.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qa.appraisal import VERSION
from qa.storage import Indexed, Store

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

REPLACED = 0.1
TURNED, NOISE = (0.2, 0.5), 0.35
BATCH = 2000
WORD = re.compile(r"[A-Za-z]{3,}")


def grow(source: Path, folder: Path, size: int) -> None:
    """Add changed copies of the source's records until there are so many sentences."""
    given, store = Store(source), Store(folder)
    if not store.exists:
        begin(store, given)
    records, done = store.database.counts()

    def missing() -> Iterator[Indexed]:
        nonlocal done
        copies = _copies(list(originals(given)), records)
        while done < size:
            yield (item := next(copies))
            done += len(item.sentences)

    if done < size:
        fill(store, missing())
    store.close()
    given.close()


def begin(store: Store, like: Store) -> None:
    """An empty library with the model, the rules and the operating point of another."""
    known = like.database.meta()
    kept = ("embedder", "dim", "fingerprint", "splitter", "abstention")
    store.database.create({key: known[key] for key in kept if key in known})


def fill(store: Store, items: Iterable[Indexed]) -> None:
    """Write them, a batch at a time."""
    left = iter(items)
    while batch := list(islice(left, BATCH)):
        store.write(batch)


def originals(store: Store) -> Iterator[Indexed]:
    """The records of a library that have sentences, by row, with their vectors as they are stored."""
    rows = store.database.rows()
    for start in range(0, len(rows), 500):
        part = rows[start : start + 500]
        appraisals = store.database.appraisals.of(part)
        for row, stored in store.database.by_row(part).items():
            sentences = tuple(store.database.sentences(stored).values())
            if sentences:
                yield Indexed(
                    stored.record, sentences, *store.database.vectors_of(stored), appraisals.get(row), VERSION
                )


def _copies(given: list[Indexed], begin: int) -> Iterator[Indexed]:
    """Changed copies without end, from a number on; each by its number alone."""
    vocabulary = _by_length(given)
    number = begin
    while True:
        item = given[number % len(given)]
        rng, noise = random.Random(number), np.random.default_rng(number)
        other = given[rng.randrange(len(given))]

        def change(match: re.Match[str], rng: random.Random = rng) -> str:
            return rng.choice(vocabulary[len(match[0])]) if rng.random() < REPLACED else match[0]

        record = replace(
            item.record,
            id=f"copy:{number}",
            pmid="",
            doi="",
            pmcid="",
            title=WORD.sub(change, item.record.title),
            abstract=WORD.sub(change, item.record.abstract),
        )
        own, *rest = moved(np.vstack([item.vector, item.sentence_vectors]), other.sentence_vectors, noise)
        yield Indexed(record, item.sentences, own, np.stack(rest), item.appraisal, item.rules)
        number += 1


def _by_length(given: list[Indexed]) -> dict[int, list[str]]:
    """The words of the originals by length, each as often as it occurs."""
    found: dict[int, list[str]] = defaultdict(list)
    for item in given[::5]:
        for word in WORD.findall(item.record.abstract):
            found[len(word)].append(word)
    for word in (word for item in given for word in WORD.findall(f"{item.record.title} {item.record.abstract}")):
        if len(word) not in found:
            found[len(word)].append(word)
    return found


def moved(vectors: Vectors, others: Vectors, rng: np.random.Generator) -> Vectors:
    """The vectors, turned towards others and into random directions."""
    towards = others[rng.integers(len(others), size=len(vectors))]
    far = rng.uniform(*TURNED, size=(len(vectors), 1)).astype(np.float32)
    noise = rng.standard_normal(vectors.shape, dtype=np.float32) * (NOISE / np.sqrt(vectors.shape[1]))
    made = vectors + far * towards + noise
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)
