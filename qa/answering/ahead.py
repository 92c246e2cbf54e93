"""Records that a question needs and that are not embedded yet: they are, before anything is compared with them.

BM25 knows every record as soon as it is stored. Its best are embedded for the question, a bounded number; what lies
further down keeps its place by BM25, behind what could be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from qa.embedding import Embedder
from qa.schema import Record, Sentence
from qa.sentences import abstract_passage, sentence_passage
from qa.storage import Store

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

#: How many of BM25's best records are looked at for one question; those that wait are embedded.
AT_ONCE = 20


def embed_ahead(rows: Sequence[int], store: Store, embedder: Embedder, most: int = AT_ONCE) -> list[int]:
    """Embed what waits of the first of these records; returns the rows of those that wait still, in their order."""
    waiting = store.waiting(rows)
    if not waiting:
        return []
    first = [row for row in rows[:most] if row in waiting]
    rest = [row for row in rows[most:] if row in waiting]
    stored = store.stored(first)
    items = [(row, stored[row].record, list(store.database.sentences(stored[row]).values())) for row in first]
    store.lend(vectors_for(items, embedder), rest, using=rows)
    return rest


def vectors_for(
    items: Sequence[tuple[int, Record, Sequence[Sentence]]],
    embedder: Embedder,
    tell: Callable[[float], None] = lambda _: None,
) -> dict[int, tuple[Vectors, Vectors]]:
    """The vectors of records and of their sentences (float32[dim], float32[n, dim]), by row.

    A text that occurs twice is embedded once. ``tell`` is told which share is done.
    """
    texts = {
        row: [abstract_passage(record), *(sentence_passage(record, sentence) for sentence in sentences)]
        for row, record, sentences in items
    }
    distinct = list(dict.fromkeys(text for some in texts.values() for text in some))
    finished = 0

    def count(n: int) -> None:
        nonlocal finished
        finished += n
        tell(finished / len(distinct))

    if not distinct:
        return {}
    known = dict(zip(distinct, embedder.passages(distinct, count=count), strict=True))
    stacked = {row: np.stack([known[text] for text in some]) for row, some in texts.items()}
    return {row: (vectors[0], vectors[1:]) for row, vectors in stacked.items()}
