"""Entries, and whatever else is stored, in batches that are committed together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from qa import reading
from qa.errors import ReadingError
from qa.indexing import BATCH
from qa.intake.page import Page
from qa.schema import Entry, Skip

T = TypeVar("T")


def read_batches(pages: Sequence[Page], *, full_text: bool) -> Iterator[tuple[list[tuple[int, Entry]], list[int]]]:
    """Read the files: entries with the number of their file, and which files end in the batch."""
    batch: list[tuple[int, Entry]] = []
    ended: list[int] = []
    for number, page in enumerate(pages):
        if page.survey.error or page.survey.known:
            continue
        try:
            for entry in reading.read(page.survey.path, full_text=full_text):
                batch.append((number, entry))
                if len(batch) == BATCH:
                    yield batch, ended
                    batch, ended = [], []
            page.ended = page.survey.still
        except ReadingError as error:  # it has changed since it was looked through
            page.broken = error
            batch.append((number, Skip(error.path, error.line, error.reason)))
        ended.append(number)
    if batch or ended:
        yield batch, ended


def portions(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Values, as many at a time as are committed together."""
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]
