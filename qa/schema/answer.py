"""Questions with what they are limited to, and answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from qa.schema.hit import Hit
from qa.schema.record import Role


@dataclass(frozen=True, slots=True)
class Filters:
    """What a hit must satisfy; an empty field asks for nothing. Names are compared without regard to case.

    ``years`` is (from, to), both inclusive, None for open; a record without a year satisfies no limit on years.
    ``publication_types`` and ``journals`` match whole names; ``records`` are ids. ``designs`` are names from DESIGNS,
    ``languages`` as :class:`Appraisal` has them, ``species`` "humans" or "animals", ``registrations`` normalised
    numbers: a record passes that has one of them. ``min_sample_size`` asks for at least so many, and a record that
    states no size does not pass; ``not_retracted`` leaves out what was retracted (a notice of retraction stays).
    """

    years: tuple[int | None, int | None] = (None, None)
    journals: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    publication_types: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    designs: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    species: tuple[str, ...] = ()
    registrations: tuple[str, ...] = ()
    min_sample_size: int | None = None
    not_retracted: bool = False

    def __bool__(self) -> bool:
        return self != Filters()

    def __str__(self) -> str:
        """The filters in words, such as "since 2018, randomized controlled trial"."""
        first, last = self.years
        words = []
        if first is not None and last is not None:
            words.append(str(first) if first == last else f"{first}–{last}")
        elif first is not None:
            words.append(f"since {first}")
        elif last is not None:
            words.append(f"until {last}")
        words += [*self.journals, *self.designs, *self.publication_types, *self.roles]
        words += [*self.languages, *self.species, *self.registrations]
        if self.min_sample_size is not None:
            words.append(f"n ≥ {self.min_sample_size:,}")
        if self.not_retracted:
            words.append("not retracted")
        if self.records:
            words.append(f"{len(self.records)} chosen {'record' if len(self.records) == 1 else 'records'}")
        return ", ".join(words)

    def to_dict(self) -> dict[str, Any]:
        """The fields that ask for something, as JSON holds them; :meth:`from_dict` is the inverse."""
        asked = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != f.default}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asked.items()}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Filters:
        """The filters that :meth:`to_dict` was called on; keys that are no field of theirs are passed over."""
        known: dict[str, Any] = {f.name: plain[f.name] for f in fields(cls) if f.name in plain}
        values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in known.items()}
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Facets:
    """What a library's questions can be limited by: pairs of (value, how many), the most frequent first.

    ``designs`` and ``journals`` count records, ``roles`` sentences; ``years`` are those of the oldest and the newest
    record (None where no record has one); ``retracted`` counts the records that were retracted.
    """

    years: tuple[int | None, int | None] = (None, None)
    designs: tuple[tuple[str, int], ...] = ()
    roles: tuple[tuple[str, int], ...] = ()
    journals: tuple[tuple[str, int], ...] = ()
    retracted: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it was asked of the library in a conversation, and how far its answer was shown.

    ``shown`` counts the citations shown so far, ``records`` are the ids of those cited. ``switched`` is the part of
    ``filters`` that the person had switched on: what they have changed there since is not carried over from here.
    """

    asked: str
    filters: Filters = Filters()
    shown: int = 0
    records: tuple[str, ...] = ()
    switched: Filters = Filters()

    def to_dict(self) -> dict[str, Any]:
        """What is not empty, as JSON holds it; :meth:`from_dict` is the inverse."""
        return {
            "asked": self.asked,
            "filters": self.filters.to_dict(),
            "shown": self.shown,
            "records": list(self.records),
            "switched": self.switched.to_dict(),
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Turn:
        """The turn that :meth:`to_dict` was called on."""
        return cls(
            plain["asked"],
            Filters.from_dict(plain["filters"]),
            plain["shown"],
            tuple(plain["records"]),
            Filters.from_dict(plain["switched"]),
        )


@dataclass(frozen=True, slots=True)
class Awaiting:
    """How many ``records``, ``of`` all that a library holds, are not embedded yet; false where all are."""

    records: int = 0
    of: int = 0

    def __bool__(self) -> bool:
        return self.records > 0

    def __str__(self) -> str:
        return (
            f"{self.records:,} of {self.of:,} records are not embedded yet: "
            "they are found by their words, and not yet by their meaning."
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """Ordered, numbered citations; or none, and then ``reason`` says why.

    ``asked`` is the question that was asked of the library: the one typed, or in a conversation what it stands for.
    ``confidence`` is the calibrated probability that the library holds an answer (None where that is not known).
    ``closest`` are the nearest sentences of an empty answer: probably no answer, but worth a look. ``turn`` is what a
    follow-up needs to know of this one. ``awaiting`` says how much of the library was not embedded yet.
    """

    question: str
    citations: tuple[Hit, ...] = ()
    reason: str = ""
    asked: str = ""
    filters: Filters = Filters()
    confidence: float | None = None
    closest: tuple[Hit, ...] = ()
    turn: Turn | None = None
    awaiting: Awaiting = Awaiting()

    def __bool__(self) -> bool:
        return bool(self.citations)

    @property
    def text(self) -> str:
        """Plain text: each sentence word for word with its number, then the list of sources; or the reason."""
        if not self:
            return self.reason
        quotes = "\n".join(f"[{hit.number}] {hit.sentence.text}" for hit in self.citations)
        sources = "\n".join(f"[{hit.number}] {hit.source}" for hit in self.citations)
        return f"{quotes}\n\n{sources}"

    def to_dict(self) -> dict[str, Any]:
        """All of it as JSON holds it, the cited records included; :meth:`from_dict` is the inverse."""
        return {
            "question": self.question,
            "asked": self.asked,
            "filters": self.filters.to_dict(),
            "reason": self.reason,
            "confidence": self.confidence,
            "citations": [hit.to_dict() for hit in self.citations],
            "closest": [hit.to_dict() for hit in self.closest],
            "turn": self.turn.to_dict() if self.turn is not None else None,
            **({"awaiting": {"records": self.awaiting.records, "of": self.awaiting.of}} if self.awaiting else {}),
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Answer:
        """The answer that :meth:`to_dict` was called on."""
        return cls(
            question=plain["question"],
            citations=tuple(Hit.from_dict(hit) for hit in plain["citations"]),
            reason=plain["reason"],
            asked=plain["asked"],
            filters=Filters.from_dict(plain["filters"]),
            confidence=plain["confidence"],
            closest=tuple(Hit.from_dict(hit) for hit in plain["closest"]),
            turn=Turn.from_dict(plain["turn"]) if plain["turn"] is not None else None,
            awaiting=Awaiting(**plain.get("awaiting", {})),
        )
