"""What a library should hold and find, worked out without it: records made up, and an exact search in numpy."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np

from benchmarks.reliability.words import Vectors, Words
from qa import Library
from qa.sentences import abstract_passage, sentence_passage, split

#: What should be held: the version of each record, by id.
State = dict[str, int]

_VOCABULARY = (
    "honey", "cough", "beetle", "lamp", "park", "seagrass", "carbon", "meadow", "sleep", "wound", "rat", "skin",
    "child", "syrup", "night", "dose", "trial", "risk", "blood", "pain", "nerve", "bone", "heart", "lung", "diet",
    "salt", "sugar", "water", "light", "noise", "age", "weight", "score", "test", "week", "month", "year", "group",
)  # fmt: skip


def text(record_id: str, version: int) -> tuple[str, str]:
    """The title and abstract of a record."""
    rng = random.Random(f"{record_id} {version}")
    sentences = [
        " ".join(rng.choices(_VOCABULARY, k=rng.randint(4, 12))).capitalize() for _ in range(rng.randint(0, 5))
    ]
    return f"Study {record_id} of {' '.join(rng.choices(_VOCABULARY, k=6))}", ". ".join([*sentences, ""]).strip()


def ids(file: str, version: int) -> list[str]:
    """The ids of the records in a version of a file, in order."""
    return [f"{file}-{number}" for number in range(random.Random(f"{file} {version}").randint(2, 12))]


def write(path: Path, version: int) -> None:
    """Write a version of a file."""
    lines = []
    for record_id in ids(path.stem, version):
        title, abstract = text(record_id, version)
        lines.append(json.dumps({"id": record_id, "title": title, "abstract": abstract}) + "\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines), encoding="utf-8")


def held(library: Library) -> State:
    """What a library holds; -1 for a record whose text is none of ours."""
    found = {}
    for record in library.records():
        versions = [one for one in range(10) if text(record.id, one) == (record.title, record.abstract)]
        found[record.id] = versions[0] if versions else -1
    return found


def faults(library: Library) -> list[str]:
    """What is wrong with a library, whatever it should hold: what its doctor says, vectors, and what searches find."""
    said = [f"{check.name}: {check.found}" for check in library.examine().checks if check.state == "damaged"]
    store, embedder = library._store, library._embedder
    if said or not len(library) or not isinstance(embedder, Words):
        return said
    store.catch_up()
    records: dict[int, Vectors] = {}
    sentences: dict[int, Vectors] = {}
    words: dict[int, set[str]] = {}
    waiting = store.database.late.waiting()
    for row in store.database.rows():
        stored = store.database.by_row([row])[row]
        fresh = split(stored.record)
        kept = store.database.sentences(stored)
        if tuple(kept.values()) != fresh:
            said.append(f"{stored.record.id}: other sentences than it has")
        words[row] = set(store.words(f"{stored.record.title}\n{stored.record.abstract}"))
        own, vectors = store.database.vectors_of(stored)
        if row in waiting:  # stored, and not embedded yet
            if own.size or len(vectors):
                said.append(f"{stored.record.id}: has vectors, and waits to be embedded")
            continue
        made = embedder.passages(
            [abstract_passage(stored.record), *(sentence_passage(stored.record, one) for one in fresh)]
        )
        if not np.array_equal(np.vstack([own[None], vectors]), made.astype(np.float16).astype(np.float32)):
            said.append(f"{stored.record.id}: other vectors than its texts have")
        records[row] = own
        sentences.update(zip(kept, vectors, strict=True))
    query = embedder.queries(["honey and sleep for a child with pain"])[0]
    for level, known, search in (
        ("records", records, store.near_records),
        ("sentences", sentences, store.near_sentences),
    ):
        k = max(1, len(known) // 2)
        found = search(query, k)
        exact = sorted((-float(vector @ query), row) for row, vector in known.items())[:k]
        if not np.allclose([score for _, score in found], [-score for score, _ in exact], atol=1e-5):
            said.append(f"the nearest {level} are others than an exact search finds")
    for word in store.words("honey sleep beetle"):
        if {row for row, _ in store.lexical([word], len(words))} != {
            row for row, some in words.items() if word in some
        }:
            said.append(f"“{word}” is found elsewhere than it stands")
    return said
