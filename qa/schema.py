"""The words of the program as types: frozen, standard library only, shared by every room.

Offsets are counted in Unicode code points (Python string indices) and are half open: ``text[start:end]``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

Field = Literal["title", "abstract"]

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
class Record:
    """One bibliographic entry. Texts are plain text, exactly as the source gives them; unknown fields are empty.

    ``authors`` are "Family, Given" (or a group's name) in printed order. ``sections`` are in order, do not overlap,
    and lie within ``abstract``; text between them is headings and white space.
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
            elif isinstance(value, list):
                values[name] = tuple(value)
        return cls(**values)

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

    @property
    def number(self) -> int:
        """The citation's number in an answer: its rank."""
        return self.rank


@dataclass(frozen=True, slots=True)
class RecordHit:
    """A record found; ``rank`` and ``score`` as in :class:`Hit`."""

    rank: int
    score: float
    record: Record


@dataclass(frozen=True, slots=True)
class Filters:
    """What a hit must satisfy; an empty field asks for nothing. Names are compared without regard to case.

    ``years`` is (from, to), both inclusive, None for open; a record without a year satisfies no limit on years.
    ``publication_types`` and ``journals`` match whole names; ``records`` are ids.
    """

    years: tuple[int | None, int | None] = (None, None)
    journals: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    publication_types: tuple[str, ...] = ()
    records: tuple[str, ...] = ()

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
        words += [*self.journals, *self.publication_types, *self.roles]
        if self.records:
            words.append(f"{len(self.records)} chosen {'record' if len(self.records) == 1 else 'records'}")
        return ", ".join(words)


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


@dataclass(frozen=True, slots=True)
class Answer:
    """Ordered, numbered citations; or none, and then ``reason`` says why.

    ``asked`` is the question that was asked of the library: the one typed, or in a conversation what it stands for.
    ``confidence`` is the calibrated probability that the library holds an answer (None where that is not known).
    ``closest`` are the nearest sentences of an empty answer: probably no answer, but worth a look. ``turn`` is what a
    follow-up needs to know of this one.
    """

    question: str
    citations: tuple[Hit, ...] = ()
    reason: str = ""
    asked: str = ""
    filters: Filters = Filters()
    confidence: float | None = None
    closest: tuple[Hit, ...] = ()
    turn: Turn | None = None

    def __bool__(self) -> bool:
        return bool(self.citations)

    @property
    def text(self) -> str:
        """Plain text: each sentence word for word with its number, then the list of sources; or the reason."""
        if not self:
            return self.reason
        quotes = "\n".join(f"[{hit.number}] {hit.sentence.text}" for hit in self.citations)
        sources = "\n".join(
            f"[{hit.number}] {' '.join(part for part in (hit.record.byline, hit.record.link) if part) or hit.record.id}"
            for hit in self.citations
        )
        return f"{quotes}\n\n{sources}"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long piece of work is: ``done`` of ``total`` (0 when unknown) in ``stage``, a phrase to show."""

    stage: str
    done: int
    total: int


ProgressCallback = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What an add did. Every entry is somewhere: ``read == added + updated + unchanged + removed + len(skipped)``.

    A file that could not be read at all counts as one entry, skipped with line 0, and its path is in ``failed``. A
    deletion of a record that the library does not hold counts as unchanged.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: tuple[Skip, ...] = ()
    failed: tuple[str, ...] = ()

    @property
    def read(self) -> int:
        return self.added + self.updated + self.unchanged + self.removed + len(self.skipped)

    def __str__(self) -> str:
        parts = [
            f"{count} {word}"
            for count, word in (
                (self.added, "added"),
                (self.updated, "updated"),
                (self.unchanged, "unchanged"),
                (self.removed, "removed"),
                (len(self.skipped), "skipped"),
            )
            if count
        ]
        return f"{self.read} {'entry' if self.read == 1 else 'entries'} read: {', '.join(parts) or 'nothing in them'}"
