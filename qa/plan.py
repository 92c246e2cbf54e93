"""What a batch of entries changes in a library, worked out before anything is written.

The records of a library are a function of the variants it keeps. A plan says which variants come and go, makes the
records of all works that they touch anew, and so knows which records are to be written, which removed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from qa.merging import COMMON, Cluster, Merged, Variant, cluster, content_hash, distinct, merge
from qa.merging.merge import marked
from qa.schema import Deletion, Entry, Record, Skip
from qa.storage.database import Database
from qa.storage.variants import Kept

#: What became of an entry.
Outcome = Literal["added", "updated", "unchanged", "merged", "removed", "skipped"]


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that an entry comes from: its numbers in the library, and what stands in all of it (see ``short``)."""

    file: int
    before: int | None = None  # the number under which an older version knew it, by its bare name
    stands: frozenset[int] = frozenset()

    def has(self, content: str) -> bool:
        """Whether a record stands in the file."""
        return short(content) in self.stands

    @property
    def numbers(self) -> list[int]:
        return [self.file] if self.before is None else [self.file, self.before]


@dataclass
class Plan:
    """What is to be written. ``generation`` is the library's that it holds for."""

    generation: int
    outcomes: list[Outcome] = field(default_factory=list)
    new: dict[str, Variant] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    hold: dict[tuple[int, str], str] = field(default_factory=dict)  # (file, content): name
    drop: set[tuple[int, str]] = field(default_factory=set)
    works: list[Merged] = field(default_factory=list)
    write: list[Record] = field(default_factory=list)
    touch: list[Record] = field(default_factory=list)
    remove: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not (self.new or self.gone or self.hold or self.drop or self.works)

    def apply(self, database: Database, *, lone: bool = True) -> None:
        """Write all but the records; within a transaction. ``lone`` lets records stand for their only variant."""
        variants = database.variants
        for file, content in sorted(self.drop):
            variants.drop(file, content)
        variants.forget(sorted(self.gone))
        for work in self.works:
            for variant in work.cluster.variants:
                alike = lone and content_hash(work.record) == variant.content
                variants.put(variant, work.record.id, lone=alike)
        for (file, content), name in self.hold.items():
            variants.hold(file, content, name)
        for record in self.touch:
            database.touch(record)


def short(content: str) -> int:
    """A content hash in eight bytes: enough to tell whether a record stands in a file."""
    return int(content[:15], 16)


def make_plan(
    database: Database,
    batch: Sequence[tuple[Entry, Origin]] = (),
    *,
    hold: Mapping[tuple[int, str], str] = MappingProxyType({}),
    drop: Sequence[tuple[int, str]] = (),
    look_at: Sequence[str] = (),
    change: Callable[[Variant], Variant] | None = None,
    alone: bool = False,
) -> Plan:
    """Plan for entries to be taken in, in their order, and files to hold contents, or to hold them no longer.

    ``look_at`` are contents whose works are to be made anew, each changed by ``change``. With ``alone``, what is new is
    kept by itself.
    """
    draft = _Draft(database, alone)
    draft.plan.hold |= hold
    draft.plan.drop |= set(drop)
    draft.look_at |= {*look_at, *(content for _, content in hold)}
    draft.take(batch)
    draft.let_go()
    draft.make_works(change)
    return draft.plan


class _Draft:
    def __init__(self, database: Database, alone: bool) -> None:
        self.database = database
        self.variants = database.variants
        self.alone = alone
        self.plan = Plan(database.generation())
        self.look_at: set[str] = set()
        self.pending: list[tuple[int, str]] = []  # outcomes to be told once the works are known: (place, content)
        self.common: set[str] = set()  # keys that too many variants share to tell anything
        self.heirs: dict[str, list[str]] = {}  # new content: the older ones it replaces

    def take(self, batch: Sequence[tuple[Entry, Origin]]) -> None:
        """What each entry is, in order: known, new, a new state of what its file held before, a deletion."""
        plan, variants = self.plan, self.variants
        contents = [content_hash(entry) if isinstance(entry, Record) else "" for entry, _ in batch]
        known = variants.known(list(dict.fromkeys(filter(None, contents))))
        holders = variants.holders(sorted(known))
        ids = list(dict.fromkeys(entry.id for entry, _ in batch if not isinstance(entry, Skip)))
        by_id = variants.with_ids(ids)
        files = sorted({number for _, origin in batch for number in origin.numbers})
        older: dict[tuple[int, str], list[str]] = {}
        for file, own_id, content in variants.held(files, ids) if files else ():
            older.setdefault((file, own_id), []).append(content)
        for (entry, origin), content in zip(batch, contents, strict=True):
            if isinstance(entry, Skip):
                plan.outcomes.append("skipped")
            elif isinstance(entry, Deletion):
                doomed = {c for c in by_id.get(entry.id, ()) if c not in plan.gone}
                fresh = {c for c, variant in plan.new.items() if variant.record.id == entry.id}
                plan.gone |= doomed
                for one in fresh:
                    del plan.new[one]
                plan.hold = {key: name for key, name in plan.hold.items() if key[1] not in doomed | fresh}
                plan.outcomes.append("removed" if doomed or fresh else "unchanged")
            elif (content in known and content not in plan.gone) or content in plan.new:
                plan.outcomes.append("unchanged")
                self.hold(entry, content, origin, holders.get(content, {}))
            else:
                plan.gone.discard(content)
                self.add(entry, content, origin, older)

    def hold(self, record: Record, content: str, origin: Origin, holders: dict[int, str]) -> None:
        """Note that a file holds what is known."""
        if origin.file not in holders:
            self.plan.hold[origin.file, content] = record.source
            if record.source not in holders.values():
                self.look_at.add(content)
        if origin.before in holders:
            self.plan.drop.add((origin.before, content))

    def add(self, record: Record, content: str, origin: Origin, older: dict[tuple[int, str], list[str]]) -> None:
        """Take in what is new; what the file said of the same id before, and says no longer, goes."""
        plan = self.plan
        replaced = [
            (number, old)
            for number in origin.numbers
            for old in older.get((number, record.id), ())
            if not origin.has(old) and old not in plan.gone
        ]
        fresh = [one for one in replaced if one not in plan.drop]
        plan.drop.update(fresh)
        plan.new[content] = Variant(content, replace(record, source="", sources=()), alone=self.alone)
        plan.hold[origin.file, content] = record.source
        self.heirs[content] = [old for _, old in fresh]
        if fresh:
            plan.outcomes.append("updated")
        else:
            self.pending.append((len(plan.outcomes), content))
            plan.outcomes.append("added")

    def let_go(self) -> None:
        """Variants that no file holds any longer go."""
        plan = self.plan
        dropped = sorted({content for _, content in plan.drop})
        for content, files in self.variants.holders(dropped).items():
            left = {file for file in files if (file, content) not in plan.drop}
            left |= {file for file, held in plan.hold if held == content}
            if left:
                self.look_at.add(content)  # fewer sources
            else:
                plan.gone.add(content)

    def make_works(self, change: Callable[[Variant], Variant] | None) -> None:
        """Make the records of all works that something new, gone or to be looked at could belong to."""
        plan = self.plan
        kept = self.connected()
        for content, olds in self.heirs.items():  # a person's decisions go over to the new state
            if olds and content in plan.new:
                before_it = [kept[old].variant for old in olds if old in kept]
                plan.new[content] = replace(
                    plan.new[content],
                    apart=frozenset(team for old in before_it for team in old.apart),
                    together=frozenset(team for old in before_it for team in old.together),
                    alone=plan.new[content].alone or any(old.alone for old in before_it),
                )
        members = {content: one.variant for content, one in kept.items() if content not in plan.gone} | plan.new
        if change:
            members |= {content: change(members[content]) for content in self.look_at & set(members)}
        if not members and not plan.gone:
            return
        clusters, _ = cluster(members.values(), self.common)
        before = {one.of for one in kept.values()}
        works = self.settle([merge(found) for found in clusters])
        plan.works = works
        self.tell_merged(clusters, kept)
        stored = self.database.by_id(sorted(before))
        contents = self.database.contents(sorted(before))
        for work in works:
            was = stored.get(work.record.id)
            if was is None or contents[work.record.id] != content_hash(work.record):
                plan.write.append(work.record)
            elif was.record != work.record:
                plan.touch.append(work.record)
        plan.remove = sorted(before - {work.record.id for work in works})

    def connected(self) -> dict[str, Kept]:
        """All kept variants that what changes could be of one work with, directly or through others."""
        plan, variants = self.plan, self.variants
        kept = variants.load(sorted(self.look_at | plan.gone))
        asked: dict[str, int] = {}  # key: how many variants there will be with it
        keys = {key for variant in plan.new.values() for key in variant.keys}
        keys |= {key for one in kept.values() for key in one.variant.keys}
        records = {one.of for one in kept.values()}
        seen_records: set[str] = set()
        while keys or records:
            counts = variants.counts(keys)
            asked |= {key: counts.get(key, 0) for key in keys}
            # A key that becomes too common just now is still followed: what it held together falls apart.
            telling = {key for key, count in counts.items() if count <= COMMON + len(plan.gone)}
            found = variants.by_keys(telling) | set(variants.of_records(sorted(records)))
            seen_records |= records
            more = variants.load(sorted(found - set(kept)))
            kept |= more
            keys = {key for one in more.values() for key in one.variant.keys} - set(asked)
            records = {one.of for one in more.values()} - seen_records
        for content in plan.gone & set(kept):
            for key in kept[content].variant.keys:
                asked[key] -= 1
        for variant in plan.new.values():
            for key in variant.keys:
                asked[key] += 1
        self.common = {key for key, count in asked.items() if count > COMMON}
        return kept

    def settle(self, works: Sequence[Merged]) -> list[Merged]:
        """Give the records their ids and sources."""
        works = distinct(works)
        works = [marked(w) if {w.record.id, f"id:{w.record.id}"} & self.common else w for w in works]
        contents = [variant.content for work in works for variant in work.cluster.variants]
        names: dict[str, set[str]] = {
            content: {name for file, name in files.items() if (file, content) not in self.plan.drop}
            for content, files in self.variants.holders(contents).items()
        }
        for (_, content), name in self.plan.hold.items():
            names.setdefault(content, set()).add(name)
        settled = []
        for work in works:
            sources = sorted({name for variant in work.cluster.variants for name in names[variant.content]} - {""})
            record = replace(
                work.record,
                source=sources[0] if sources else "",
                sources=tuple(sources) if len(sources) > 1 else (),
            )
            settled.append(replace(work, record=record))
        return settled

    def tell_merged(self, clusters: Sequence[Cluster], kept: dict[str, Kept]) -> None:
        """What is new is "merged" where its work was held before, or came earlier in the batch."""
        came = {content: place for place, content in self.pending}
        for found in clusters:
            contents = [variant.content for variant in found.variants]
            held = any(content in kept for content in contents)
            first = min((came[content] for content in contents if content in came), default=-1)
            for content in contents:
                if content in came and (held or came[content] != first):
                    self.plan.outcomes[came[content]] = "merged"
