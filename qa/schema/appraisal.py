"""What reviewers look for in a record: its design, its sample, its status, each with its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from qa.schema.record import Skip

Design = Literal[
    "protocol", "guideline", "meta-analysis", "systematic review", "scoping review", "randomised trial",
    "non-randomised trial", "case-control study", "cohort study", "cross-sectional study", "case report",
    "observational study", "narrative review", "editorial or letter", "animal study", "in vitro study",
]  # fmt: skip

#: The study designs told apart, the most telling first. "non-randomised trial" is a trial that does not say that it
#: was randomised, "observational study" one that says no more than that, "narrative review" a review that is not said
#: to be systematic; a case series counts as "case report".
DESIGNS: tuple[Design, ...] = get_args(Design)

Status = Literal[
    "retracted", "expression of concern", "corrected", "preprint", "newer version",
    "retraction notice", "notice of concern", "correction notice",
]  # fmt: skip

#: What has become of a publication since, or what else it is. A notice is the publication that says so of another.
STATUSES: tuple[Status, ...] = get_args(Status)

#: How a status is shown wherever a record is quoted.
BADGES: dict[Status, str] = {
    "retracted": "RETRACTED",
    "expression of concern": "EXPRESSION OF CONCERN",
    "corrected": "corrected",
    "preprint": "preprint",
    "newer version": "newer version exists",
    "retraction notice": "retraction notice",
    "notice of concern": "notice of concern",
    "correction notice": "correction notice",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where something stands in a record: ``text`` is what is said there.

    In a title or abstract it is the slice ``getattr(record, field)[start:end]``. In a list such as
    ``publication_types``, ``mesh``, ``accessions`` or ``relations`` (there: the kind) it is one item, whole, and in
    ``doi``, ``journal``, ``language`` the field; start and end are 0. "retraction watch" is no field of the record:
    the text is what that list says.
    """

    field: str
    text: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found in a record, under the one name it has here, and the evidence for it."""

    name: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Sample:
    """How many people (or animals) were studied, where a record states it."""

    size: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What reviewers look for in a record, told by rules; what is not known is empty.

    ``designs`` (names from DESIGNS, the most telling first), ``species`` ("humans", "animals"), ``languages`` (English
    names), ``registrations`` (normalised numbers such as NCT01234567), ``status`` (names from STATUSES).
    """

    designs: tuple[Finding, ...] = ()
    sample: Sample | None = None
    species: tuple[Finding, ...] = ()
    languages: tuple[Finding, ...] = ()
    registrations: tuple[Finding, ...] = ()
    status: tuple[Finding, ...] = ()

    def __bool__(self) -> bool:
        return self != Appraisal()

    @property
    def design(self) -> str:
        """The most telling design, or ''."""
        return self.designs[0].name if self.designs else ""

    @property
    def sample_size(self) -> int | None:
        return self.sample.size if self.sample else None

    @property
    def is_retracted(self) -> bool:
        return any(finding.name == "retracted" for finding in self.status)

    @property
    def badges(self) -> tuple[str, ...]:
        """What must be shown wherever the record is quoted: "RETRACTED", "preprint" …, the gravest first."""
        names = {finding.name for finding in self.status}
        return tuple(badge for status, badge in BADGES.items() if status in names)

    @property
    def summary(self) -> str:
        """Design and sample size in a few words, such as "randomised trial · n = 1,204"; or ''."""
        size = f"n = {self.sample.size:,}" if self.sample else ""
        return " · ".join(part for part in (self.design, size) if part)

    def __str__(self) -> str:
        return " · ".join(part for part in (*self.badges, self.summary) if part)

    def to_dict(self) -> dict[str, Any]:
        """What is known, as JSON holds it; :meth:`from_dict` is the inverse."""
        plain: dict[str, Any] = {}
        for f in fields(self):
            if f.name == "sample":
                if self.sample:
                    plain["sample"] = {"size": self.sample.size, "evidence": _evidence(self.sample.evidence)}
            elif found := getattr(self, f.name):
                plain[f.name] = [{"name": item.name, "evidence": _evidence(item.evidence)} for item in found]
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Appraisal:
        """The appraisal that :meth:`to_dict` was called on."""
        values: dict[str, Any] = {}
        for name, found in plain.items():
            if name == "sample":
                values[name] = Sample(found["size"], Evidence(**found["evidence"]))
            else:
                values[name] = tuple(Finding(item["name"], Evidence(**item["evidence"])) for item in found)
        return cls(**values)


def _evidence(evidence: Evidence) -> dict[str, Any]:
    plain: dict[str, Any] = {"field": evidence.field, "text": evidence.text}
    return {**plain, "start": evidence.start, "end": evidence.end} if evidence.end else plain


@dataclass(frozen=True, slots=True)
class Retraction:
    """A row of a list of retractions: the paper, the notice about it, and what the notice does.

    ``nature`` is "retraction", "expression of concern", "correction" or "reinstatement"; ``date`` is ISO (2021-03-09)
    or empty; DOIs are in lower case.
    """

    nature: str
    paper_doi: str = ""
    paper_pmid: str = ""
    notice_doi: str = ""
    notice_pmid: str = ""
    date: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """What a list of retractions did: rows read, and the ids of the library's records that are on it, by status."""

    read: int
    records: Mapping[Status, tuple[str, ...]]
    skipped: tuple[Skip, ...] = ()

    def __str__(self) -> str:
        found = ", ".join(f"{len(ids):,} {BADGES[status]}" for status, ids in self.records.items() if ids)
        rows = f"{self.read:,} {'row' if self.read == 1 else 'rows'} read"
        skipped = f" ({len(self.skipped):,} of them skipped)" if self.skipped else ""
        return f"{rows}{skipped}; of the records here: {found or 'none is on the list'}"
