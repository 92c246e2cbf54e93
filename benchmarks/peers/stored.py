"""Sentences of libraries with the vectors that are stored with them, so that at a large size nobody embeds anew.

What every system is given then: the passages as ever, a matrix of their vectors in the same order, and, for this
program, a library that holds the same records.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.grown import BATCH, begin, fill, originals
from benchmarks.peers.passages import Passage
from qa.storage import Indexed, Store


def export(libraries: Sequence[Path], sentences: int, folder: Path, vectors: Path) -> Iterator[Passage]:
    """The sentences of abstracts of the first records, of one library after the other, that hold so many of them.

    These records are kept in a library in ``folder``, and, once the last sentence was taken, the sentences' vectors as
    float32[n, dim] in ``vectors``. A record that was met before is passed over.
    """
    store, first = Store(folder), Store(libraries[0])
    begin(store, first)
    first.close()
    rows: list[np.ndarray[tuple[int], np.dtype[np.float32]]] = []
    left = _once(libraries)
    while len(rows) < sentences and (batch := list(islice(left, BATCH // 10))):
        fill(store, batch)
        for item in batch:
            for sentence, vector in zip(item.sentences, item.sentence_vectors, strict=True):
                if sentence.field == "abstract":
                    rows.append(vector)
                    text = f"{item.record.title}: {sentence.text}"
                    yield Passage(item.record.id, sentence.start, sentence.end, text)
    store.close()
    np.save(vectors, np.array(rows, dtype=np.float32))


def copy(source: Path, folder: Path) -> None:
    """A library with the records of another, their vectors taken as they are; its search files are made."""
    store, given = Store(folder), Store(source)
    begin(store, given)
    fill(store, originals(given))
    given.close()
    store.catch_up()
    store.close()


def _once(libraries: Sequence[Path]) -> Iterator[Indexed]:
    """The records of all, each once."""
    known: set[str] = set()
    for folder in libraries:
        store = Store(folder)
        for item in originals(store):
            if item.record.id not in known:
                known.add(item.record.id)
                yield item
        store.close()
