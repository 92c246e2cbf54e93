"""Files → library: read, compare with what is stored, embed what is new, store it, batch by batch.

Every file is read through once before anything is changed: a file that turns out to be broken half way leaves no
trace, and the progress knows its total.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from qa import appraisal, reading
from qa.errors import Mismatch, ReadingError
from qa.schema import Deletion, Entry, Progress, ProgressCallback, Record, Report, Skip
from qa.sentences import VERSION, abstract_passage, sentence_passage, split
from qa.storage import Indexed, Store
from qa.storage.database import content_hash

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from qa.embedding import Embedder

    Vectors = NDArray[np.float32]

#: Records embedded and committed together: what an interruption can cost at most.
BATCH = 256

#: Cosine below which the same model is taken to have other weights; processors and batching move it by 1e-4.
_SAME_WEIGHTS = 0.99


@dataclass
class _Tally:
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: list[Skip] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def report(self) -> Report:
        return Report(self.added, self.updated, self.unchanged, self.removed, tuple(self.skipped), tuple(self.failed))


def add(
    paths: Sequence[Path],
    store: Store,
    load: Callable[[], Embedder],
    lock: AbstractContextManager[object],
    progress: ProgressCallback | None = None,
) -> Report:
    """Read files into a library and report on every entry.

    A file that cannot be read is skipped as a whole and does not keep the others from being added; the ReadingError is
    raised when there is no other. A record with a known id replaces the stored one if anything in it differs. The lock
    is held while the library is read or written, not while texts are embedded, so that questions can be asked
    meanwhile.
    """
    tell = progress or (lambda _: None)
    tally = _Tally()
    readable: list[tuple[Path, int]] = []
    broken: list[ReadingError] = []
    for path in paths:
        try:
            readable.append((path, _survey(path, tell)))
        except ReadingError as error:
            broken.append(error)
            tally.failed.append(error.path)
            tally.skipped.append(Skip(error.path, 0, str(error).removeprefix(f"{error.path}: ")))
    if broken and not readable:
        raise broken[0]
    total = sum(count for _, count in readable)
    if not total:
        return tally.report()

    with lock:
        known = store.database.meta()
    if known:
        with lock:
            store.database.check_writable()
    tell(Progress("Loading the model", 0, total))
    embedder = load()
    with lock:
        if not store.exists:
            store.database.create(identity(embedder))
    done = 0
    for batch in _batches(readable):
        _store(batch, store, embedder, lock, tally, partial(_tell_part, tell, done, total))
        done += len(batch)
        tell(Progress("Reading and embedding", done, total))
    tell(Progress("Updating the index", total, total))
    with lock:
        store.catch_up()
    return tally.report()


def _tell_part(tell: ProgressCallback, before: int, total: int, part: int) -> None:
    tell(Progress("Reading and embedding", before + part, total))


def identity(embedder: Embedder) -> dict[str, str]:
    """What an index remembers of who made it."""
    return {
        "embedder": embedder.name,
        "dim": str(embedder.dim),
        "fingerprint": json.dumps([round(float(value), 5) for value in embedder.fingerprint]),
        "splitter": VERSION,
    }


def verify(store: Store, embedder: Embedder) -> None:
    """Raise Mismatch unless the library was made by this embedder with these weights and this splitter."""
    meta = store.database.meta()
    if not meta:
        return
    remedy = f"Add your files to a new library (--library), or use the model that made {store.folder}."
    if (meta["embedder"], meta["dim"]) != (embedder.name, str(embedder.dim)):
        raise Mismatch(f"The library was made by the model {meta['embedder']}, not {embedder.name}. {remedy}")
    cosine = sum(a * float(b) for a, b in zip(json.loads(meta["fingerprint"]), embedder.fingerprint, strict=True))
    if cosine < _SAME_WEIGHTS:
        raise Mismatch(f"The model {embedder.name} has other weights than the one that made the library. {remedy}")
    if meta["splitter"] != VERSION:
        raise Mismatch(f"The library was made by another version of qa, which split sentences differently. {remedy}")


def _survey(path: Path, tell: ProgressCallback) -> int:
    """The number of entries in a file; raises what reading it raises."""
    count = 0
    for count, _ in enumerate(reading.read(path), 1):
        if count % 500 == 0:
            tell(Progress(f"Looking through {path.name}", count, 0))
    return count


def _batches(files: Sequence[tuple[Path, int]]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    for path, _ in files:
        for entry in reading.read(path):
            batch.append(entry)
            if len(batch) == BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def _store(
    batch: Sequence[Entry],
    store: Store,
    embedder: Embedder,
    lock: AbstractContextManager[object],
    tally: _Tally,
    tell: Callable[[int], None],
) -> None:
    """Store a batch of entries in the order they came in, and count what became of each."""
    pending: dict[str, Record] = {}
    deleted: set[str] = set()
    with lock:
        stored = store.database.contents([entry.id for entry in batch if not isinstance(entry, Skip)])
    contents = dict(stored)
    for entry in batch:
        if isinstance(entry, Skip):
            tally.skipped.append(entry)
        elif isinstance(entry, Deletion):
            known = contents.pop(entry.id, None) is not None
            pending.pop(entry.id, None)
            tally.removed += known
            tally.unchanged += not known
            if entry.id in stored:
                deleted.add(entry.id)
        else:
            content = content_hash(entry)
            before = contents.get(entry.id)
            tally.added += before is None
            tally.updated += before not in (None, content)
            tally.unchanged += before == content
            if before != content:
                contents[entry.id] = content
                pending[entry.id] = entry
    if pending or deleted:
        with lock:
            known_vectors = _known_vectors(store, list(pending))
            listed = store.database.retractions_of(list(pending.values()))
        ready = [
            replace(item, appraisal=appraisal.appraise(item.record, rows), rules=appraisal.VERSION)
            for item, rows in zip(_embed(list(pending.values()), embedder, known_vectors, tell), listed, strict=True)
        ]
        with lock:
            store.write(ready, remove=sorted(deleted - set(pending)))


def _known_vectors(store: Store, ids: Sequence[str]) -> dict[str, Vectors]:
    """The vectors of what stored records were embedded as: what stays the same is not embedded again."""
    vectors: dict[str, Vectors] = {}
    for stored in store.database.by_id(ids).values():
        own, of_sentences = store.database.vectors_of(stored)
        vectors[abstract_passage(stored.record)] = own
        for sentence, vector in zip(store.database.sentences(stored).values(), of_sentences, strict=True):
            vectors[sentence_passage(stored.record, sentence)] = vector
    return vectors


def _embed(
    records: Sequence[Record], embedder: Embedder, known: dict[str, Vectors], tell: Callable[[int], None]
) -> Iterator[Indexed]:
    """Embed records and their sentences; a text that occurs twice, or is known, is embedded once or not at all."""
    import numpy as np

    parts = [(record, split(record)) for record in records]
    texts = dict.fromkeys(
        text
        for record, sentences in parts
        for text in (abstract_passage(record), *(sentence_passage(record, sentence) for sentence in sentences))
        if text not in known
    )
    finished = 0

    def count(n: int) -> None:
        nonlocal finished
        finished += n
        tell(len(records) * finished // max(1, len(texts)))

    vectors = {**known, **dict(zip(texts, embedder.passages(list(texts), count=count), strict=True))}
    for record, sentences in parts:
        rows = [vectors[sentence_passage(record, sentence)] for sentence in sentences]
        of_sentences = np.stack(rows) if rows else np.empty((0, embedder.dim), dtype=np.float32)
        yield Indexed(record, sentences, vectors[abstract_passage(record)], of_sentences)
