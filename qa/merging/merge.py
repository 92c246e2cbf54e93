"""One record of the variants of one work: every field from the source that says most, nothing lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qa.merging.clusters import Cluster
from qa.merging.variant import Variant
from qa.schema import RECORD_FIELDS, Record, record_id

#: Fields that belong together, and are taken together: pages without their volume are no place.
_PLACE = ("journal", "year", "volume", "issue", "pages")
#: Lists that are one statement, taken whole from who says most.
_WHOLE = ("authors", "affiliations")
_NEVER = ("id", "source", "sources", "sections", "abstract", "title", "body", "leaves", *_PLACE, *_WHOLE)

#: Abstracts this near to the longest are as full: among them, one whose parts are known is better.
_AS_FULL = 0.9


@dataclass(frozen=True, slots=True)
class Merged:
    """The record of one work. ``origins`` says for each field which variants (by content) it came from;
    it is empty where there is only one.
    """

    record: Record
    cluster: Cluster
    origins: Mapping[str, tuple[str, ...]]


def merge(cluster: Cluster) -> Merged:
    """The record of a cluster; of a single variant, that variant itself.

    Text fields are kept word for word as one source gives them: the fullest abstract with its sections, the title that
    is not shouted, the place (journal, year, volume, pages) from who knows most of it. Lists of words are united.
    """
    variants = cluster.variants
    base = variants[0].record
    if len(variants) == 1:
        return Merged(replace(base, source="", sources=()), cluster, {})
    values: dict[str, Any] = {}
    origins: dict[str, tuple[str, ...]] = {}

    def take(name: str, found: Variant | None) -> None:
        if found is not None and getattr(found.record, name) not in ("", None, ()):
            values[name] = getattr(found.record, name)
            origins[name] = (found.content,)

    take("title", min((v for v in variants if v.record.title), key=_shouted, default=None))
    fullest = _fullest(variants)
    take("abstract", fullest)
    take("sections", fullest)
    longest = max(variants, key=lambda v: len(v.record.body))
    take("body", longest)
    take("leaves", longest)
    for name in _PLACE:
        take(name, next((v for v in sorted(variants, key=_unplaced) if getattr(v.record, name)), None))
    for name in _WHOLE:
        take(name, max(variants, key=lambda v: len(getattr(v.record, name)), default=None))
    for name in RECORD_FIELDS:
        if name in _NEVER:
            continue
        if isinstance(getattr(base, name), tuple):
            values[name], origins[name] = _united(name, variants)
        else:
            take(name, next((v for v in variants if getattr(v.record, name)), None))
    record = Record(id=_id(variants), **values)
    return Merged(record, cluster, {name: found for name, found in origins.items() if found})


def _shouted(variant: Variant) -> bool:
    return variant.record.title.isupper()


def _unplaced(variant: Variant) -> int:
    return sum(not getattr(variant.record, name) for name in _PLACE)


def _fullest(variants: Sequence[Variant]) -> Variant | None:
    """The variant with the fullest abstract: of those nearly as long as the longest, the best parted one."""
    told = [(sum(map(str.isalnum, v.record.abstract)), v) for v in variants if v.record.abstract]
    if not told:
        return None
    longest = max(length for length, _ in told)
    near = [(length, v) for length, v in told if length >= _AS_FULL * longest]

    def best(one: tuple[int, Variant]) -> tuple[bool, int, int, str]:
        length, variant = one
        return "\ufffd" in variant.record.abstract, -len(variant.record.sections), -length, variant.content

    return min(near, key=best)[1]


def _united(name: str, variants: Sequence[Variant]) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """A list's values of all variants in order, said once each (words without regard to case), and who gave one."""
    found: dict[Any, Any] = {}
    givers = []
    for variant in variants:
        new = {_same(value): value for value in reversed(getattr(variant.record, name))}
        if any(key not in found for key in new):
            givers.append(variant.content)
        for value in getattr(variant.record, name):
            found.setdefault(_same(value), value)
    return tuple(found.values()), tuple(givers)


def _same(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _id(variants: Sequence[Variant]) -> str:
    """The id of the record: one that somebody gave, else by PMID, else by DOI, else the first of the variants' own."""

    def first(found: Iterable[str]) -> str:
        return min(filter(None, found), default="")

    if own := first(v.own_id for v in variants):
        return own
    pmid, doi = first(v.pmid for v in variants), first(v.doi for v in variants)
    return record_id(pmid=pmid, doi=doi) if pmid or doi else first(v.record.id for v in variants)


def distinct(merged: Sequence[Merged]) -> list[Merged]:
    """The same records, with ids of their own: works kept apart that would have one id get the id and a mark each.

    The mark ("~" and eight letters) depends on nothing but the record's variants.
    """
    ids = Counter(one.record.id for one in merged)
    return [one if ids[one.record.id] == 1 else marked(one) for one in merged]


def marked(one: Merged) -> Merged:
    """The same record with the mark of its variants on its id."""
    mark = min(variant.content for variant in one.cluster.variants)[:8]
    return replace(one, record=replace(one.record, id=f"{one.record.id}~{mark}"))
