"""Variants in, works out: the same works whatever order the variants came in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa.merging.comparison import GROUNDS, Ground, Traits, objection, same_abstract, traits
from qa.merging.variant import Variant, by_fullness

#: A key that more variants than this share (a supplement's DOI, "Annual report of the president") tells nothing.
COMMON = 200


@dataclass(frozen=True, slots=True)
class Link:
    """Two variants (by content) taken for one work, and by what."""

    ground: Ground
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Two variants (by content) that share a key and are not taken for one work, and why not, in words."""

    ground: Ground
    one: str
    other: str
    reason: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """The variants of one work, who says most first, and the links that hold them together."""

    variants: tuple[Variant, ...]
    links: tuple[Link, ...] = ()


def cluster(variants: Iterable[Variant], common: Collection[str] = ()) -> tuple[list[Cluster], list[Refusal]]:
    """The works that these variants are of, and which near ones are not; a function of the set, not of its order.

    The surest pairs are joined first, pairs of equal sureness by content. Two works are joined only where nothing
    known of either speaks against it (see ``comparison``), so that a record without a DOI never joins two with
    different ones. A key with more than COMMON variants, or named in ``common``, is passed over: the time is linear in
    the number of variants.
    """
    known = {variant.content: variant for variant in sorted(variants, key=lambda one: one.content)}
    leader = {content: content for content in known}
    members = {content: [variant] for content, variant in known.items()}
    about = {content: traits(variant) for content, variant in known.items()}
    links: dict[str, list[Link]] = defaultdict(list)
    refused: dict[tuple[str, str], Refusal] = {}

    def find(content: str) -> str:
        while leader[content] != content:
            leader[content] = leader[leader[content]]
            content = leader[content]
        return content

    for ground, one, other in _pairs(known.values(), dict(about), common):
        a, b = sorted((find(one), find(other)))
        if a == b:
            continue
        if reason := objection(ground, known[one], known[other], about[a], about[b]):
            refused.setdefault((one, other), Refusal(ground, one, other, reason))
            continue
        ground = "hand" if about[a].together & about[b].together else ground
        leader[b] = a
        members[a] += members.pop(b)
        about[a] |= about.pop(b)
        links[a] += [*links.pop(b, ()), Link(ground, one, other)]
    clusters = [Cluster(tuple(sorted(found, key=by_fullness)), tuple(links[at])) for at, found in members.items()]
    left = [one for one in refused.values() if find(one.one) != find(one.other)]
    return sorted(clusters, key=lambda found: min(v.content for v in found.variants)), left


def _pairs(
    variants: Collection[Variant], about: dict[str, Traits], common: Collection[str]
) -> Iterator[tuple[Ground, str, str]]:
    """Pairs that share a key, the surest first: by ground, then by how much they agree in, then by content."""
    blocks: dict[str, list[Variant]] = defaultdict(list)
    for variant in variants:
        for key in variant.keys:
            blocks[key].append(variant)
    by_ground: dict[str, list[list[Variant]]] = defaultdict(list)
    for key, block in blocks.items():
        if 1 < len(block) <= COMMON and key not in common:
            by_ground[key.partition(":")[0]].append(block)
    for ground in GROUNDS:
        found = {(-_agreement(a, b, about), a.content, b.content) for block in by_ground[ground] for a, b in _of(block)}
        yield from ((ground, one, other) for _, one, other in sorted(found))


def _of(block: Sequence[Variant]) -> Iterator[tuple[Variant, Variant]]:
    ordered = sorted(block, key=lambda variant: variant.content)
    return ((a, b) for at, a in enumerate(ordered) for b in ordered[at + 1 :])


def _agreement(a: Variant, b: Variant, about: dict[str, Traits]) -> int:
    """In how many ways two variants are the same, over what they share a key for."""
    one, other = about[a.content], about[b.content]
    same = sum(bool(getattr(one, name) & getattr(other, name)) for name in ("years", "places", "journals", "kinds"))
    return same + (a.title == b.title) + (same_abstract(a, b) is True)
