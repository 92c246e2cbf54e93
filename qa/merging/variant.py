"""A variant: a record as one source gives it, with what it is compared by."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property

from qa.merging.names import fold, page_key, person, title_key, volume_key, words
from qa.schema import Record

#: What kind of thing a publication is, where it is not simply an article, by its types and by how its title begins.
_TYPES = (
    ("correction", re.compile(r"\berrat|\bcorrect(?:ion|ed and rep)|\bcorrigend")),
    ("retraction", re.compile(r"\bretraction (?:of|notice)|\bretraction$")),
    ("concern", re.compile(r"\bexpression of concern")),
    ("comment", re.compile(r"\bcomment|\bletter|\beditorial|\breply")),
    ("conference", re.compile(r"\bconference|\bcongress|\bmeeting abstract|^cpaper$|^conf$|\bproceedings paper")),
    ("preprint", re.compile(r"\bpreprint")),
)
_TITLES = (
    ("correction", re.compile(
        r"\W*(?:(?:publisher|author) )?(?:correction|erratum|errata|corrigendum)(?: (?:to|for|in)\b)?\s*:|"
        r"(?:corrigendum|erratum|errata|correction to)\b|.{0,500}\b(?:erratum|corrigendum)\W*$")),
    ("retraction", re.compile(
        r"\W*retraction(?: note| notice| statement)?(?: to\b| of\b)?\s*:|retraction notice\b")),
    ("concern", re.compile(r"\W*(?:editorial )?expression of concern\b")),
    ("comment", re.compile(
        r"\W*(?:comments? on|commentary on|comment:|commentary:|reply\b|in reply|author.?s.? (?:reply|response)|re:|"
        r"letter to|response to (?:letter|comment|the editor)|response to:)|.{0,500}\breply\W*$")),
)  # fmt: skip
_CONFERENCE = re.compile(r"\bconference\b|\bcongress\b|\bsymposium\b|\bannual meeting\b")
_PREPRINT = re.compile(r"^(?:medrxiv|biorxiv|arxiv|ssrn|research square|chemrxiv|psyarxiv|preprints)\b")

#: Notices about an article are never the article, whatever else agrees.
NOTICES = frozenset({"correction", "retraction", "concern"})

_DOI_ENDS = ".,;:/"


def content_hash(record: Record) -> str:
    """sha256 over everything in a record but the names of the files it came from."""
    plain = record.to_dict()
    plain.pop("source", None)
    plain.pop("sources", None)
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Variant:
    """A record as one source gives it. ``content`` names it: its hash.

    ``apart`` and ``together`` are numbers of groups: variants that share one were set apart, or made one, by a person.
    ``alone`` is kept by itself.
    """

    content: str
    record: Record
    apart: frozenset[int] = frozenset()
    together: frozenset[int] = frozenset()
    alone: bool = False

    @cached_property
    def pmid(self) -> str:
        own = self.record.pmid or (self.record.id[5:] if self.record.id.startswith("pmid:") else "")
        return own.strip().lstrip("0")

    @cached_property
    def doi(self) -> str:
        own = self.record.doi or (self.record.id[4:] if self.record.id.startswith("doi:") else "")
        return own.strip().casefold().rstrip(_DOI_ENDS)

    @cached_property
    def pmcid(self) -> str:
        own = self.record.pmcid.strip().upper()
        return own if own.startswith("PMC") or not own.isdecimal() else f"PMC{own}"

    @cached_property
    def own_id(self) -> str:
        """An id that is neither a PMID nor a DOI nor made from the content: somebody gave it."""
        return "" if self.record.id.startswith(("pmid:", "doi:", "sha256:")) else self.record.id

    @cached_property
    def title(self) -> str:
        return title_key(self.record.title)

    @cached_property
    def first_author(self) -> str:
        """The first author's name as printed, or '' where nobody is named."""
        found = self.record.authors[0] if self.record.authors else ""
        return found if person(found)[0] else ""

    @cached_property
    def place(self) -> tuple[str, str]:
        """(volume, first page); either may be empty."""
        return volume_key(self.record.volume), page_key(self.record.pages)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """What it is besides an article: correction, retraction, concern, comment, conference, preprint."""
        types = [fold(name) for name in self.record.publication_types]
        found = {kind for kind, pattern in _TYPES if any(pattern.search(name) for name in types)}
        journal = fold(self.record.journal)
        found |= {"conference"} if _CONFERENCE.search(journal) else set()
        found |= {"preprint"} if _PREPRINT.search(journal) else set()
        return frozenset(found) | self.kinds_by_title

    @cached_property
    def kinds_by_title(self) -> frozenset[str]:
        title = " ".join(fold(self.record.title[:1000]).split())
        return frozenset(kind for kind, pattern in _TITLES if pattern.match(title))

    @cached_property
    def abstract_words(self) -> frozenset[str]:
        """The words of the abstract, or none where there are too few to compare by."""
        found = frozenset(words(self.record.abstract))
        return found if len(found) >= 20 else frozenset()

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """What variants of one work are found by: two that share no key are never compared."""
        found = [f"pmid:{self.pmid}"] * bool(self.pmid) + [f"doi:{self.doi}"] * bool(self.doi)
        found += [f"pmcid:{self.pmcid}"] * bool(self.pmcid)
        if not self.record.id.startswith(("pmid:", "doi:")):
            found.append(f"id:{self.record.id}")
        if self.title:
            found.append(f"title:{_short(self.title)}")
        volume, page = self.place
        if volume and page and self.first_author:
            family = min(person(self.first_author)[0])
            found.append(f"place:{family[:40]}|{volume[:20]}|{page[:20]}")
        return tuple(dict.fromkeys(found))


def _short(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


#: Filled fields, for ranking variants by how much they say.
_COUNTED = ("title", "abstract", "authors", "journal", "year", "volume", "issue", "pages", "doi", "pmid", "pmcid",
            "language", "publication_types", "keywords", "mesh", "affiliations")  # fmt: skip


def by_fullness(variant: Variant) -> tuple[int, int, str]:
    """The order in which variants are asked for a field: who says most comes first, ties by content."""
    filled = sum(bool(getattr(variant.record, name)) for name in _COUNTED)
    return -filled, -len(variant.record.abstract), variant.content
