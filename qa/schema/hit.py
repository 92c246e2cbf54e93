"""Sentences and records that were found, each with what speaks for it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from qa.schema.appraisal import Appraisal
from qa.schema.record import Field, Record, Role


@dataclass(frozen=True, slots=True)
class Sentence:
    """A span of a record's title or abstract: ``text == getattr(record, field)[start:end]``.

    ``index`` counts the sentences of a field from 0; ``section`` is the section's label, or empty.
    """

    record_id: str
    field: Field
    start: int
    end: int
    text: str
    index: int = 0
    section: str = ""
    role: Role = ""

    @property
    def sha256(self) -> str:
        """The hash of the text in UTF-8, with which a quotation can be checked by whoever holds the record."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """Text, place and hash as JSON holds them; the record's id stands with the hit."""
        plain = {name: getattr(self, name) for name in ("text", "field", "start", "end", "index", "section", "role")}
        return {**plain, "sha256": self.sha256}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any], record_id: str) -> Sentence:
        """The sentence that :meth:`to_dict` was called on."""
        names = ("field", "start", "end", "text", "index", "section", "role")
        return cls(record_id, *(plain[name] for name in names))


@dataclass(frozen=True, slots=True)
class Why:
    """Why a sentence was chosen: the evidence, as it was weighed.

    ``words`` are the question's words that stand in the sentence or its title, or that an abbreviation there stands
    for, as the question spells them; ``similarity`` is the cosine of question and sentence (-1 to 1);
    ``record_rank`` the place of its record among the candidates (from 1); ``judged`` how strongly the judge takes it
    for an answer (log-odds, or None where it was not read).
    """

    words: tuple[str, ...]
    similarity: float
    record_rank: int
    judged: float | None = None


def source_line(record: Record, appraisal: Appraisal) -> str:
    """A record in one line: badges first, then who, where and when, what kind of study, and the link."""
    known = " · ".join(part for part in (*appraisal.badges, record.byline, appraisal.summary) if part)
    return f"{known} {record.link or ('' if record.byline else record.id)}".strip()


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence found, with its record. ``rank`` counts from 1; a higher ``score`` is better, within one question.

    ``context`` is what the sentence leans on, where it leans on something: the sentence before it, or the title.
    ``also`` are other records that say the same in nearly the same words, and were not shown for it.
    """

    rank: int
    score: float
    sentence: Sentence
    record: Record
    context: Sentence | None = None
    why: Why | None = None
    also: tuple[Record, ...] = ()
    appraisal: Appraisal = Appraisal()

    @property
    def number(self) -> int:
        """The citation's number in an answer: its rank."""
        return self.rank

    @property
    def page(self) -> int | None:
        """The page of the PDF, from 1, on which a sentence of the full text begins; None for any other."""
        return self.record.page(self.sentence.start) if self.sentence.field == "body" else None

    @property
    def source(self) -> str:
        """The source in one line: badges first, then who, where and when, what kind of study, the link, the page."""
        line = source_line(self.record, self.appraisal)
        return f"{line} · PDF p. {self.page}" if self.page else line

    def to_dict(self) -> dict[str, Any]:
        """The sentence with its place and hash, and the whole record, as JSON holds them."""
        plain: dict[str, Any] = {"rank": self.rank, "score": self.score, **self.sentence.to_dict()}
        if self.context is not None:
            plain["context"] = self.context.to_dict()
        if self.why is not None:
            plain["why"] = {name: getattr(self.why, name) for name in WHY_FIELDS} | {"words": list(self.why.words)}
        if self.also:
            plain["also"] = [record.to_dict() for record in self.also]
        known = {"appraisal": self.appraisal.to_dict()} if self.appraisal else {}
        return {**plain, "record": {**self.record.to_dict(), **known}}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Hit:
        """The hit that :meth:`to_dict` was called on."""
        record = Record.from_dict(plain["record"])
        context, why = plain.get("context"), plain.get("why")
        return cls(
            plain["rank"],
            plain["score"],
            Sentence.from_dict(plain, record.id),
            record,
            Sentence.from_dict(context, record.id) if context is not None else None,
            Why(**{**why, "words": tuple(why["words"])}) if why is not None else None,
            tuple(Record.from_dict(other) for other in plain.get("also", ())),
            Appraisal.from_dict(plain["record"].get("appraisal", {})),
        )


#: The names of the fields of the evidence, in order.
WHY_FIELDS = tuple(f.name for f in fields(Why))


@dataclass(frozen=True, slots=True)
class RecordHit:
    """A record found; ``rank`` and ``score`` as in :class:`Hit`."""

    rank: int
    score: float
    record: Record
    appraisal: Appraisal = Appraisal()
