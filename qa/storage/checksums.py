"""Checksums of what is stored, by record: SQLite keeps none, and a disk that returns other bytes says nothing.

CRC-32 finds every flip of up to 32 neighbouring bits; it is chance that is guarded against, not malice. The sums stand
beside the records and are made by the first write of this version; what was written before has none, and is taken as
it is read.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

TABLE = """CREATE TABLE IF NOT EXISTS checksums (
    record INTEGER PRIMARY KEY, text INTEGER NOT NULL, sentences INTEGER NOT NULL, vector INTEGER NOT NULL,
    sentence_vectors INTEGER NOT NULL
) STRICT"""


def of_text(text: str) -> int:
    """The checksum of a record's JSON."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def of_sentences(rows: Iterable[Sequence[Any]]) -> int:
    """The checksum of sentences, each as (field, number, start, end, section, role)."""
    return of_text(json.dumps([list(row) for row in rows], ensure_ascii=False))


def of_blobs(blobs: Iterable[bytes], found: int = 0) -> int:
    """The checksum of vectors one after the other, going on from that of those before them."""
    for blob in blobs:
        found = zlib.crc32(blob, found)
    return found
