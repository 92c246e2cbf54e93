"""A small embedder for where the model is not what is tried: a text is the sum of its words' random directions."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa import Library
from qa.embedding.original import FIXED_SENTENCE, Count

Vectors = NDArray[np.float32]

DIMENSIONS = {"words": 16, "other words": 24}


@cache
def direction(name: str, word: str) -> Vectors:
    """float32[dim] for a word, the same in every process."""
    drawn = np.random.default_rng(zlib.crc32(f"{name} {word}".encode())).standard_normal(DIMENSIONS[name])
    return np.asarray(drawn, dtype=np.float32)


class Words:
    """An embedder by name ("words", "other words")."""

    def __init__(self, name: str = "words") -> None:
        self.name = name
        self.dim = DIMENSIONS[name]

    @property
    def fingerprint(self) -> Vectors:
        return np.asarray(self.queries([FIXED_SENTENCE])[0], dtype=np.float32)

    def queries(self, texts: Sequence[str]) -> Vectors:
        found = [[direction(self.name, word) for word in re.findall(r"\w+", text.lower()) or [""]] for text in texts]
        sums = np.array([np.sum(some, axis=0) for some in found], dtype=np.float32).reshape(-1, self.dim)
        return np.asarray(sums / np.linalg.norm(sums, axis=1, keepdims=True), dtype=np.float32)

    def passages(self, texts: Sequence[str], *, count: Count | None = None) -> Vectors:
        if count is not None:
            count(len(texts))
        return self.queries(texts)


def open_library(folder: Path, name: str = "words") -> Library:
    """The library in a folder, with the embedder that made it (with this one where there is none yet)."""
    library = Library.open(folder)
    library._embedder = Words(library._store.database.meta().get("embedder", name))
    return library
