"""The same work twice: what was merged and why, what nearly was, and how a person takes it back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.errors import NotFound
from qa.indexing import carry_out
from qa.merging import KEPT_ALONE, SET_APART, Cluster, Variant, cluster, merge
from qa.plan import Plan, make_plan
from qa.schema import Duplicate, NearDuplicate, Record
from qa.storage import Store

if TYPE_CHECKING:
    from qa.embedding import Embedder

#: What two entries were taken for one work by, in words.
_GROUNDS = {
    "pmid": "the same PMID",
    "doi": "the same DOI",
    "pmcid": "the same PMCID",
    "id": "the same id",
    "title": "the same title, and nothing that speaks against it",
    "place": "the same first author, volume and page, and nearly the same title",
    "hand": "a person said so",
}


def duplicates(store: Store) -> list[Duplicate]:
    """The records that are made of several entries, by id."""
    variants = store.database.variants
    return [_explain(store, record_id) for record_id in (variants.repeated() if store.exists else ())]


def near_duplicates(store: Store) -> list[NearDuplicate]:
    """Pairs of records that share a title or an identifier and were not taken for one work."""
    if not store.exists:
        return []
    kept = store.database.variants.load(store.database.variants.meeting())
    _, refusals = cluster(one.variant for one in kept.values())
    pairs: dict[tuple[str, str], str] = {}
    for refusal in refusals:
        one, other = sorted((kept[refusal.one].of, kept[refusal.other].of))
        if one != other:
            pairs.setdefault((one, other), refusal.reason)
    records = {
        found: stored.record for found, stored in store.database.by_id(sorted({i for p in pairs for i in p})).items()
    }
    return [
        NearDuplicate(records[one], records[other], reason, reason in (KEPT_ALONE, SET_APART))
        for (one, other), reason in sorted(pairs.items())
    ]


def split(
    record_id: str, store: Store, load: Callable[[], Embedder], lock: AbstractContextManager[object]
) -> list[Record]:
    """Take a merged record apart into the entries it is made of, for good; returns the records that they become."""
    with lock:
        contents = store.database.variants.of_records([record_id]) if store.exists else []
    if len(contents) < 2:
        raise NotFound(f"{record_id} is not made of several entries. `qa duplicates` lists the records that are.")

    def make() -> Plan:
        team = store.database.variants.new_team()
        return make_plan(
            store.database,
            look_at=contents,
            change=lambda one: replace(one, apart=one.apart | {team}, together=frozenset()),
        )

    return _rearrange(make, contents, store, load, lock)


def keep_apart(
    pairs: Collection[tuple[str, str]],
    store: Store,
    load: Callable[[], Embedder],
    lock: AbstractContextManager[object],
) -> int:
    """Note that these pairs of records (ids) are different works, for good; returns how many pairs."""
    with lock:
        # One entry of each speaks for its record, so that the record itself is not taken apart.
        speaks = {one: min(store.database.variants.of_records([one])) for pair in pairs for one in pair}
    contents = sorted(set(speaks.values()))

    def make() -> Plan:
        first = store.database.variants.new_team()
        teams: dict[str, set[int]] = {content: set() for content in contents}
        for number, pair in enumerate(sorted(pairs), first):
            for one in pair:
                teams[speaks[one]].add(number)
        return make_plan(
            store.database, look_at=contents, change=lambda one: replace(one, apart=one.apart | teams[one.content])
        )

    if contents:
        carry_out(make, store, load, lock, lambda _: None)
    return len(pairs)


def join(
    ids: Sequence[str], store: Store, load: Callable[[], Embedder], lock: AbstractContextManager[object]
) -> list[Record]:
    """Make records one; returns the records that they are now.

    That they were set apart or kept by themselves is taken back. Where something else speaks against it, a person's
    word outweighs that; but records that share no identifier, title or place are left as they are.
    """
    with lock:
        contents = store.database.variants.of_records(ids) if store.exists else []
        kept = [one.variant for one in store.database.variants.load(contents).values()] if contents else []
    teams = [variant.apart for variant in kept]
    shared = {team for at, found in enumerate(teams) for other in teams[at + 1 :] for team in found & other}

    def change(variant: Variant) -> Variant:
        return replace(variant, apart=variant.apart - shared, alone=False)

    def insist() -> Plan:
        team = store.database.variants.new_team()
        return make_plan(
            store.database, look_at=contents, change=lambda one: replace(one, together=one.together | {team})
        )

    found = _rearrange(lambda: make_plan(store.database, look_at=contents, change=change), contents, store, load, lock)
    return _rearrange(insist, contents, store, load, lock) if len(found) > 1 else found


def _rearrange(
    make: Callable[[], Plan],
    contents: Sequence[str],
    store: Store,
    load: Callable[[], Embedder],
    lock: AbstractContextManager[object],
) -> list[Record]:
    carry_out(make, store, load, lock, lambda _: None)
    with lock:
        store.catch_up()
        ids = sorted({one.of for one in store.database.variants.load(contents).values()})
        return [stored.record for _, stored in sorted(store.database.by_id(ids).items())]


def _explain(store: Store, record_id: str) -> Duplicate:
    variants = store.database.variants
    kept = variants.load(variants.of_records([record_id]))
    names = variants.holders(list(kept))
    found, _ = cluster(one.variant for one in kept.values())
    # Through entries of other records these may have come together: then they hold without a link among them.
    whole = max(found, key=lambda one: len(one.variants))
    ordered = [*whole.variants, *(v for one in found if one is not whole for v in one.variants)]
    place = {variant.content: number for number, variant in enumerate(ordered)}
    origins = merge(Cluster(tuple(ordered))).origins
    reasons = [
        (min(ends), max(ends), _GROUNDS[link.ground])
        for one in found
        for link in one.links
        for ends in [(place[link.one], place[link.other])]
    ]
    return Duplicate(
        store.database.by_id([record_id])[record_id].record,
        tuple(_as_read(variant, sorted(set(names[variant.content].values()))) for variant in ordered),
        tuple(sorted(reasons)),
        {name: tuple(place[content] for content in contents) for name, contents in origins.items()},
    )


def _as_read(variant: Variant, names: Sequence[str]) -> Record:
    return replace(variant.record, source=names[0] if names else "", sources=tuple(names) if len(names) > 1 else ())
