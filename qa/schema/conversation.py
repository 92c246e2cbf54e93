"""What is kept of questions: conversations, judgements of sentences, and tables of several questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from qa.schema.answer import Answer, Filters, Turn
from qa.schema.hit import Hit
from qa.schema.record import Field, Record


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer that is kept: ``id`` is what its link names (``?a=…``), ``at`` when it was given (UTC)."""

    id: str
    at: datetime
    answer: Answer


@dataclass(frozen=True, slots=True)
class Conversation:
    """Answers in the order they were asked for. ``owner`` is whose it is (empty where nobody has to say who they are).

    ``created`` and ``changed`` are UTC.
    """

    id: str
    title: str
    answers: tuple[KeptAnswer, ...]
    created: datetime
    changed: datetime
    owner: str = ""

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What a follow-up needs to know, oldest first: ``library.ask(…, turns=conversation.turns)``."""
        return tuple(kept.answer.turn for kept in self.answers if kept.answer.turn is not None)


@dataclass(frozen=True, slots=True)
class ConversationEntry:
    """A conversation as a list of them shows it: ``answers`` is how many it has."""

    id: str
    title: str
    answers: int
    created: datetime
    changed: datetime
    owner: str = ""


Verdict = Literal["right", "wrong"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person said of a sentence: that it answers the question ("right"), or that it does not ("wrong").

    ``question`` is the one that was asked of the library. The sentence's text is kept with its place, so that the
    judgement stays readable when the record is gone.
    """

    answer_id: str
    question: str
    record_id: str
    field: Field
    start: int
    end: int
    text: str
    verdict: Verdict
    at: datetime
    owner: str = ""


Standing = Literal["unchanged", "updated", "moved", "altered", "removed"]

#: What has become of a citation, in words.
STANDINGS: dict[Standing, str] = {
    "unchanged": "stands in the library as it was quoted",
    "updated": "stands as it was quoted; other parts of the record have changed since",
    "moved": "stands word for word, at another place in the record than before",
    "altered": "no longer stands in the record, whose text has changed since",
    "removed": "the record is no longer in the library",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A question × record table: ``cells[i][j]`` is the sentence of record j that answers question i best.

    None where it has no sentence that is likely to answer. Every hit has rank 1: it is the best of its cell.
    """

    questions: tuple[str, ...]
    records: tuple[Record, ...]
    cells: tuple[tuple[Hit | None, ...], ...]
    filters: Filters = Filters()

    def to_dict(self) -> dict[str, Any]:
        """Each record once; the cells hold sentences only. :meth:`from_dict` is the inverse."""
        cells = [
            [None if hit is None else {k: v for k, v in hit.to_dict().items() if k != "record"} for hit in row]
            for row in self.cells
        ]
        return {
            "questions": list(self.questions),
            "filters": self.filters.to_dict(),
            "records": [record.to_dict() for record in self.records],
            "cells": cells,
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Comparison:
        """The comparison that :meth:`to_dict` was called on."""
        return cls(
            tuple(plain["questions"]),
            tuple(Record.from_dict(record) for record in plain["records"]),
            tuple(
                tuple(
                    None if hit is None else Hit.from_dict({**hit, "record": record})
                    for hit, record in zip(row, plain["records"], strict=True)
                )
                for row in plain["cells"]
            ),
            Filters.from_dict(plain["filters"]),
        )
