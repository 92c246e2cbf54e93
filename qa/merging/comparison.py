"""Whether two records can be of one work: what agrees, what speaks against it.

Being of one work is said by an identifier, or by title, first author and year together. Everything else can only
speak against it. A set of variants that are taken for one work is compared as a whole: what one of them does not say,
another may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeVar

from qa.merging.names import same_journal, same_person, set_of, words
from qa.merging.variant import NOTICES, Variant

T = TypeVar("T")

#: By what two variants are taken for one work, the surest first.
Ground = Literal["pmid", "doi", "pmcid", "id", "title", "place", "hand"]
GROUNDS: tuple[Ground, ...] = ("pmid", "doi", "pmcid", "id", "title", "place")

#: Why two are not taken for one work where a person said so.
KEPT_ALONE, SET_APART = "one was added to be kept by itself", "they were set apart by hand"

#: True: they agree; False: they contradict each other; None: one of them does not say.
Agreement = bool | None

#: Words by which titles of different works differ, however alike they are otherwise.
_TELLING = set_of(
    """i ii iii iv v vi vii viii ix x one two three four five first second third fourth final interim part phase
    male female men women boys girls children adults adult pediatric paediatric not without no versus
    vitro vivo rats mice protocol update reply correction erratum letter comment author authors response"""
)


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of the work that some variants are of."""

    pmids: frozenset[str]
    dois: frozenset[str]
    pmcids: frozenset[str]
    own_ids: frozenset[str]
    apart: frozenset[int]
    together: frozenset[int]
    alone: bool
    years: frozenset[int]
    places: frozenset[tuple[str, str]]
    journals: frozenset[str]
    authors: frozenset[str]
    kinds: frozenset[frozenset[str]]

    def __or__(self, other: Traits) -> Traits:
        return Traits(*(getattr(self, name) | getattr(other, name) for name in Traits.__slots__))


def traits(variant: Variant) -> Traits:
    """What one variant says."""
    record = variant.record
    return Traits(
        pmids=_known(variant.pmid),
        dois=_known(variant.doi),
        pmcids=_known(variant.pmcid),
        own_ids=_known(variant.own_id),
        apart=variant.apart,
        together=variant.together,
        alone=variant.alone,
        years=frozenset({record.year} if record.year else ()),
        places=frozenset({variant.place} if variant.place[1] else ()),
        journals=_known(record.journal),
        authors=_known(variant.first_author),
        kinds=frozenset({variant.kinds}),
    )


def _known(text: str) -> frozenset[str]:
    return frozenset({text} if text else ())


def objection(ground: Ground, a: Variant, b: Variant, of_a: Traits, of_b: Traits) -> str:
    """Why two sets of variants are not taken for one work, in words, or ''.

    ``a`` and ``b`` are one of each, which share a key of this ground.
    """
    if of_a.alone or of_b.alone:
        return KEPT_ALONE
    if of_a.apart & of_b.apart:
        return SET_APART
    if of_a.together & of_b.together:
        return ""
    for what, one, other in (
        ("DOIs", of_a.dois, of_b.dois),
        ("PMIDs", of_a.pmids, of_b.pmids),
        ("PMCIDs", of_a.pmcids, of_b.pmcids),
        ("ids", of_a.own_ids, of_b.own_ids),
    ):
        if one and other and not one & other:  # what was made one by hand may have two
            return f"their {what} differ"
    if ground in ("pmid", "doi", "pmcid", "id") and not (ground == "id" and a.record.id.startswith("sha256:")):
        return _contradiction(ground, a, b)
    return _doubt(ground, a, b, of_a, of_b)


def _contradiction(ground: Ground, a: Variant, b: Variant) -> str:
    """What speaks against two records that share an identifier: supplements share a DOI, and numbers are mistyped."""
    if ground != "pmid" and (a.kinds_by_title ^ b.kinds_by_title) & NOTICES:
        return "one is a notice about the other"
    if not a.record.title or not b.record.title or a.title == b.title or alike(a, b) >= 0.5:
        return ""
    abstracts = same_abstract(a, b)
    if abstracts or (_people(a, b) and a.place == b.place and a.place[1]):
        return ""
    if ground in ("pmid", "pmcid") and abstracts is None and _people(a, b) is not False:
        return ""
    return "their titles have little in common"


def _doubt(ground: Ground, a: Variant, b: Variant, of_a: Traits, of_b: Traits) -> str:
    """What speaks against two records that share a title, or first author, volume and page."""
    years = _any(of_a.years, of_b.years, lambda x, y: abs(x - y) <= 1)
    people = _any(of_a.authors, of_b.authors, same_person)
    places = _any(of_a.places, of_b.places, _same_place)
    journals = _any(of_a.journals, of_b.journals, same_journal)
    if years is False:
        return "their years are more than one apart"
    if people is False:
        return "their first authors differ"
    kinds = _kinds(of_a, of_b)
    if kinds & NOTICES:
        return "one is a notice about the other"
    if not places and any(kind & NOTICES for kind in of_a.kinds):
        return "they are notices, which may share a title"
    if ground == "place":
        if alike(a, b) < 0.75 or _telling(a) != _telling(b):
            return "their titles differ"
        return "their journals differ" if journals is False else ""
    # An id made from the content is shared by those alone whose abstracts are the same to the letter.
    abstracts = True if ground == "id" and a.record.abstract else same_abstract(a, b)
    if places and not (kinds and journals is False):
        return ""
    if abstracts is False:
        return "their abstracts differ"
    if kinds and not (abstracts and kinds <= {"conference"} and journals is not False):
        return f"one is a {min(kinds)}, the other is not said to be"
    if places is False and not (journals and abstracts):
        return "their volumes or pages differ"
    if journals is False and not abstracts:
        return "their journals differ"
    if people is None and not abstracts and not (years and journals):
        return "too little is known of one of them: the title alone is not enough"
    return ""


def alike(a: Variant, b: Variant) -> float:
    """How much of two titles is the same, 0 to 1; a title that lacks only the other's subtitle counts as 0.9."""
    one, other = words(a.record.title), words(b.record.title)
    if not one or not other:
        return 0.0
    short, long = sorted((one, other), key=len)
    if len(short) >= 4 and long[: len(short)] == short:
        return 0.9
    if "".join(one) == "".join(other):
        return 1.0
    common = len(set(one) & set(other))
    return 2 * common / (len(set(one)) + len(set(other)))


@lru_cache(maxsize=512)  # of pairs met again at once; each holds the words of two abstracts
def _containment(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / min(len(a), len(b))


def same_abstract(a: Variant, b: Variant) -> Agreement:
    """Whether the words of two abstracts are the same; one may be the beginning of the other."""
    if not a.abstract_words or not b.abstract_words:
        return None
    shared = _containment(a.abstract_words, b.abstract_words)
    return True if shared >= 0.9 else False if shared < 0.6 else None


def _people(a: Variant, b: Variant) -> Agreement:
    return same_person(a.first_author, b.first_author) if a.first_author and b.first_author else None


def _any(one: Iterable[T], other: Iterable[T], agree: Callable[[T, T], bool]) -> Agreement:
    pairs = [(x, y) for x in one for y in other]
    return any(agree(x, y) for x, y in pairs) if pairs else None


def _same_place(a: tuple[str, str], b: tuple[str, str]) -> bool:
    return a[1] == b[1] and (a[0] == b[0] or not a[0] or not b[0])


def _kinds(of_a: Traits, of_b: Traits) -> frozenset[str]:
    """In what the two nearest kinds differ."""
    return min((x ^ y for x in of_a.kinds for y in of_b.kinds), key=lambda found: (len(found), sorted(found)))


def _telling(variant: Variant) -> frozenset[str]:
    found = words(variant.record.title)
    return frozenset(word for word in found if word in _TELLING or any(c.isdecimal() for c in word))
