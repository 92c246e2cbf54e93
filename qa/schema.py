"""The words of the program as types: frozen, standard library only, shared by every room.

Offsets are counted in Unicode code points (Python string indices) and are half open: ``text[start:end]``.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal, get_args

Field = Literal["title", "abstract", "body"]

#: The rhetorical role of a sentence; empty where there is none to tell (a title, a registration number).
Role = Literal["", "background", "objective", "methods", "results", "conclusions"]

ROLES: tuple[Role, ...] = ("background", "objective", "methods", "results", "conclusions")

#: Marks the records that the program brings along as examples (see ``examples/``).
EXAMPLE_TYPE = "Digest"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an abstract: its body is ``record.abstract[start:end]``, its heading lies outside that span.

    ``label`` is the heading as printed ("Purpose of review"); ``category`` is the source's own normalised label
    (PubMed's NlmCategory, such as "OBJECTIVE") or empty.
    """

    label: str
    start: int
    end: int
    category: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """What another publication is to a record, in PubMed's words: "RetractionIn", "ErratumIn", "CommentOn" ….

    ``pmid`` is the other's number (or empty), ``citation`` how the source cites it.
    """

    kind: str
    pmid: str = ""
    citation: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One bibliographic entry. Texts are plain text, exactly as the source gives them; unknown fields are empty.

    ``authors`` are "Family, Given" (or a group's name) in printed order. ``sections`` are in order, do not overlap,
    and lie within ``abstract``; text between them is headings and white space. ``accessions`` are the numbers under
    which registers and data banks know the work, as "ClinicalTrials.gov/NCT01234567". ``body`` is the full text,
    where it was asked for, without abstract and references; ``leaves`` says where in it each page of the PDF begins.
    """

    id: str
    title: str = ""
    abstract: str = ""
    sections: tuple[Section, ...] = ()
    authors: tuple[str, ...] = ()
    journal: str = ""
    year: int | None = None
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    url: str = ""
    language: str = ""
    publication_types: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    mesh: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    source: str = ""  # name of the file it was read from
    sources: tuple[str, ...] = ()  # names of all files that hold it, where there is more than one
    relations: tuple[Relation, ...] = ()
    accessions: tuple[str, ...] = ()
    body: str = ""
    leaves: tuple[int, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The fields that are not empty, as JSON holds them; :meth:`from_dict` is the inverse."""
        plain: dict[str, Any] = {}
        for name in RECORD_FIELDS:
            value = getattr(self, name)
            if name == "sections":
                value = [
                    {
                        "label": s.label,
                        "start": s.start,
                        "end": s.end,
                        **({"category": s.category} if s.category else {}),
                    }
                    for s in value
                ]
            elif name == "relations":
                value = [{"kind": one.kind, **_filled(one)} for one in value]
            elif isinstance(value, tuple):
                value = list(value)
            if value not in ("", None, []):
                plain[name] = value
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Record:
        """The record that :meth:`to_dict` was called on; keys that are no field of a record are passed over."""
        values = {name: plain[name] for name in RECORD_FIELDS if name in plain}
        for name, value in values.items():
            if name == "sections":
                values[name] = tuple(Section(**section) for section in value)
            elif name == "relations":
                values[name] = tuple(Relation(**relation) for relation in value)
            elif isinstance(value, list):
                values[name] = tuple(value)
        return cls(**values)

    def page(self, at: int) -> int | None:
        """The page of the PDF, from 1, on which a place of the body stands; None where that is not known."""
        return bisect_right(self.leaves, at) or None

    @property
    def is_example(self) -> bool:
        return EXAMPLE_TYPE in self.publication_types

    @property
    def link(self) -> str:
        """Where the work can be read: its DOI, else PubMed, else the URL it was saved from (http(s) only), else ''."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        if self.pmid:
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"
        return self.url if self.url.startswith(("http://", "https://")) else ""

    @property
    def byline(self) -> str:
        """Who, where, when in one line: "Valenzuela et al., Current Opinion in Rheumatology, 2015"."""
        names = [name.split(",")[0].strip() for name in self.authors[:2]]
        who = f"{names[0]} et al." if len(self.authors) > 2 else " & ".join(names)
        return ", ".join(part for part in (who, self.journal, str(self.year or "")) if part)


def _filled(value: Any) -> dict[str, Any]:
    """The fields of a flat dataclass that are not empty."""
    return {f.name: found for f in fields(value) if (found := getattr(value, f.name)) not in ("", None)}


#: The names of a record's fields, in order.
RECORD_FIELDS = tuple(f.name for f in fields(Record))


def record_id(*, pmid: str = "", doi: str = "", content: tuple[str, ...] = ()) -> str:
    """The id of a record: ``pmid:…``, else ``doi:…`` (lower case), else ``sha256:…`` of its identifying texts."""
    if pmid:
        return f"pmid:{pmid}"
    if doi:
        return f"doi:{doi.lower()}"
    digest = hashlib.sha256("\x1f".join(content).encode("utf-8", "surrogatepass")).hexdigest()
    return f"sha256:{digest[:32]}"


@dataclass(frozen=True, slots=True)
class Skip:
    """An entry (or a whole file) that was read and not kept, and why, in words; ``line`` is 0 where it is not known."""

    path: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}" if self.line else f"{self.path}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Deletion:
    """An entry that asks for a record to be removed (PubMed's DeleteCitation)."""

    id: str


#: What reading a file gives, entry by entry, in the file's order.
Entry = Record | Skip | Deletion


# -- what reviewers look for in a record ------------------------------------------------------------------------

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

    ``words`` are the question's words that stand in the sentence or its title, as the question spells them;
    ``similarity`` is the cosine of question and sentence (-1 to 1); ``record_rank`` the place of its record among the
    candidates (from 1); ``judged`` how strongly the judge takes it for an answer (log-odds, or None where it was not
    read).
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


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long piece of work is: ``done`` of ``total`` (0 when unknown) in ``stage``, a phrase to show."""

    stage: str
    done: int
    total: int


#: Told how far the work is; it may raise ``errors.Cancelled`` to stop it.
ProgressCallback = Callable[[Progress], None]


#: What became of a file: read to its end; known already, byte for byte; not read to its end; not readable; no longer
#: there.
FileState = Literal["read", "known", "unfinished", "failed", "vanished"]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of the entries of one file.

    ``entries == added + updated + unchanged + merged + removed + skipped`` once the file is read. ``merged`` counts
    entries about a work that the library already held from elsewhere. ``vanished`` counts, beside these, what the file
    used to hold and holds no longer.
    """

    path: str  # as it was given
    size: int = 0  # bytes
    sha256: str = ""
    format: str = ""
    state: FileState = "unfinished"
    entries: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    merged: int = 0
    removed: int = 0
    skipped: int = 0
    vanished: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """A page of the ledger: what one command read. ``at`` is when it began (UTC, ISO 8601)."""

    run: int
    at: str
    version: str
    command: str
    files: tuple[FileReport, ...]
    skips: tuple[Skip, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What an add did. Every entry is somewhere: ``read == added + updated + unchanged + merged + removed + skipped``.

    A file that could not be read at all counts as one entry, skipped with line 0, and its path is in ``failed``. A
    deletion of a record that the library does not hold counts as unchanged. ``run`` is the number in the ledger (0
    where nothing was written down).
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: tuple[Skip, ...] = ()
    failed: tuple[str, ...] = ()
    merged: int = 0
    vanished: int = 0
    files: tuple[FileReport, ...] = ()
    run: int = 0

    @property
    def read(self) -> int:
        return self.added + self.updated + self.unchanged + self.merged + self.removed + len(self.skipped)

    def __str__(self) -> str:
        parts = [
            f"{count} {word}"
            for count, word in (
                (self.added, "added"),
                (self.updated, "updated"),
                (self.unchanged, "unchanged"),
                (self.merged, "merged"),
                (self.removed, "removed"),
                (len(self.skipped), "skipped"),
            )
            if count
        ]
        gone = f"; {self.vanished} no longer in the files" if self.vanished else ""
        entries = "1 entry" if self.read == 1 else f"{self.read} entries"
        return f"{entries} read: {', '.join(parts) or 'nothing in them'}{gone}"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A record made of several entries about one work.

    ``variants`` are the entries as they were read, who says most first, each with the files that hold it as its
    sources; ``reasons`` say for each pair (numbers of variants, from 0) why they were taken for one work; ``origins``
    say for each field of the record which variants it came from.
    """

    record: Record
    variants: tuple[Record, ...]
    reasons: tuple[tuple[int, int, str], ...]
    origins: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """Two records that look like one work and were not taken for one, and why not; ``settled`` if a person said so."""

    one: Record
    other: Record
    reason: str
    settled: bool = False
