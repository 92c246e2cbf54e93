"""Records → library: what is new in a plan is embedded and stored, batch by batch; the identity of an index."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING

from qa import appraisal
from qa.errors import Mismatch
from qa.plan import Plan
from qa.schema import Record, Retraction
from qa.sentences import VERSION, abstract_passage, sentence_passage, split
from qa.storage import Indexed, Store

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from qa.embedding import Embedder

    Vectors = NDArray[np.float32]

#: Records taken in and committed together: what an interruption can cost at most.
BATCH = 256

#: Cosine below which the same model is taken to have other weights; processors and batching move it by 1e-4.
_SAME_WEIGHTS = 0.99


def identity(embedder: Embedder) -> dict[str, str]:
    """What an index remembers of who made it; ``revision`` is there for a hub's model, and pins it."""
    revision = getattr(embedder, "revision", "")
    return {
        **({"revision": revision} if revision else {}),
        "embedder": embedder.name,
        "dim": str(embedder.dim),
        "fingerprint": json.dumps([round(float(value), 5) for value in embedder.fingerprint]),
        "splitter": VERSION,
    }


def verify(store: Store, embedder: Embedder) -> None:
    """Raise Mismatch unless the library was made by this embedder with these weights and this splitter."""
    database = store.database
    if not database.exists:
        return
    remedy = f"Use the model that made {store.folder}, or make its vectors anew: qa reindex --model {embedder.name}"
    made_by, dim = database.fact("embedder", str), database.fact("dim", int)
    if (made_by, dim) != (embedder.name, embedder.dim):
        raise Mismatch(f"The library was made by the model {made_by}, not {embedder.name}. {remedy}")

    def cosine_to(text: str) -> float:
        return sum(float(a) * float(b) for a, b in zip(json.loads(text), embedder.fingerprint, strict=True))

    if database.fact("fingerprint", cosine_to) < _SAME_WEIGHTS:
        raise Mismatch(f"The model {embedder.name} has other weights than the one that made the library. {remedy}")
    if database.fact("splitter", str) != VERSION:
        raise Mismatch(
            "The library was made by another version of qa, which split sentences differently. "
            "Split them anew: qa reindex"
        )


def carry_out(
    make: Callable[[], Plan],
    store: Store,
    load: Callable[[], Embedder],
    lock: AbstractContextManager[object],
    also: Callable[[Plan], None],
    *,
    later: bool = False,
) -> Plan:
    """Make a plan, embed what is new in it, and write both in one transaction with what ``also`` writes.

    With ``later``, records that are new wait to be embedded (:mod:`qa.backlog`).

    The lock is held while the library is read or written, not while texts are embedded, so that questions can be
    answered meanwhile. If somebody else has written by then, the plan is made again; nothing is embedded twice.
    """
    vectors: dict[str, Vectors] = {}
    while True:
        with lock, store.database.snapshot():
            plan = make()
            if plan.write:
                vectors |= _known_vectors(store, sorted({*plan.remove, *(record.id for record in plan.write)}))
                listed = store.database.retractions_of(plan.write)
        ready = list(_appraised(embed(plan.write, load, vectors, later=later), listed)) if plan.write else []

        def beside(plan: Plan = plan) -> None:
            if store.database.generation() != plan.generation:
                raise _Overtaken
            plan.apply(store.database)
            also(plan)

        try:
            with lock:
                if plan.empty:  # nothing but the ledger: what is derived from the records stays as it is
                    with store.database.writing():
                        beside()
                else:
                    store.write(ready, remove=plan.remove, also=beside)
        except _Overtaken:
            continue
        return plan


class _Overtaken(Exception):
    """Somebody else has written since the plan was made."""


def _appraised(items: Iterable[Indexed], listed: Iterable[tuple[Retraction, ...]]) -> Iterator[Indexed]:
    """The same with what was found in each record; ``listed`` is what a list of retractions says of it."""
    for item, rows in zip(items, listed, strict=True):
        yield replace(item, appraisal=appraisal.appraise(item.record, rows), rules=appraisal.VERSION)


def _known_vectors(store: Store, ids: Sequence[str]) -> dict[str, Vectors]:
    """The vectors of what stored records were embedded as: what stays the same is not embedded again."""
    vectors: dict[str, Vectors] = {}
    for stored in store.database.by_id(ids).values():
        own, of_sentences = store.database.vectors_of(stored)
        if not own.size:  # it waits to be embedded
            continue
        vectors[abstract_passage(stored.record)] = own
        for sentence, vector in zip(store.database.sentences(stored).values(), of_sentences, strict=True):
            vectors[sentence_passage(stored.record, sentence)] = vector
    return vectors


def embed(
    records: Sequence[Record], load: Callable[[], Embedder], known: dict[str, Vectors], *, later: bool = False
) -> Iterator[Indexed]:
    """Embed records and their sentences; a text that occurs twice, or is known, is embedded once or not at all.

    What is embedded becomes known. With ``later``, only records of which something is known already are embedded (they
    have changed); the others wait.
    """
    import numpy as np

    parts = []
    for record in records:
        sentences = split(record)
        texts = [abstract_passage(record), *(sentence_passage(record, sentence) for sentence in sentences)]
        waits = later and not any(text in known for text in texts)
        parts.append((record, sentences, [] if waits else texts))
    missing = list(dict.fromkeys(text for *_, texts in parts for text in texts if text not in known))
    if missing:
        known |= zip(missing, load().passages(missing), strict=True)
    for record, sentences, texts in parts:
        if texts:
            vectors = np.stack([known[text] for text in texts])
            yield Indexed(record, sentences, vectors[0], vectors[1:])
        else:
            yield Indexed(record, sentences, np.empty(0, np.float32), np.empty((0, 0), np.float32))
