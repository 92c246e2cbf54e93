"""A record as its source gives it, its parts, and what else reading a file may give."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

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
