"""What a library holds: its records as a list, in numbers, and as a map of topics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from qa.schema.appraisal import Appraisal
from qa.schema.record import Record

#: By what a list of records can be sorted.
Sort = Literal["added", "title", "authors", "journal", "year", "design"]


@dataclass(frozen=True, slots=True)
class Listing:
    """Some of the records that a list is made of, in its order; ``total`` is how many there are in all."""

    total: int
    records: tuple[Record, ...]
    appraisals: Mapping[str, Appraisal]


@dataclass(frozen=True, slots=True)
class Holding:
    """How many records a library has of one year (None: not said), study design and journal (empty: not known)."""

    year: int | None
    design: str
    journal: str
    records: int


@dataclass(frozen=True, slots=True)
class Topic:
    """A group of records that are alike: its characteristic words, how many there are, and where it lies in the map."""

    words: tuple[str, ...]
    records: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class TopicMap:
    """Records in two dimensions, those that are alike near each other; the axes have no meaning of their own.

    ``points`` are (record id, number of its topic, x, y) in the order of the library; ``fitted`` is how many records
    the topics were found from (a sample, in a large library).
    """

    topics: tuple[Topic, ...]
    points: tuple[tuple[str, int, float, float], ...]
    fitted: int
