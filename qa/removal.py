"""Records taken out of a library so that they can be put back exactly: texts, vectors, variants, and who holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.appraisal import VERSION
from qa.storage import Indexed, Store
from qa.storage.variants import LESS, File, Kept


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken out; ``holders`` says for each variant's content under what name which file held it."""

    items: tuple[Indexed, ...]
    variants: tuple[Kept, ...]
    holders: Mapping[str, Mapping[int, str]]
    files: tuple[File, ...]

    def __len__(self) -> int:
        return len(self.items)


def take_out(ids: Sequence[str], store: Store) -> Removed:
    """Remove records that are there, and return all that putting them back needs."""
    database = store.database
    stored = list(database.by_id(ids).values())
    appraisals = database.appraisals.of([one.row for one in stored]) if database.appraisals.ready else {}
    items = []
    for one in stored:
        vector, of_sentences = database.vectors_of(one)
        sentences = tuple(database.sentences(one).values())
        items.append(Indexed(one.record, sentences, vector, of_sentences, appraisals.get(one.row), VERSION))
    contents = database.variants.of_records(ids)
    holders = database.variants.holders(contents)
    numbers = {number for held in holders.values() for number in held}
    files = tuple(file for file in database.variants.files() if file.file in numbers)
    kept = tuple(database.variants.load(contents).values())
    store.remove([item.record.id for item in items])
    return Removed(tuple(items), kept, holders, files)


def put_back(removed: Removed, store: Store) -> int:
    """Put records back, but for those that the library has got again meanwhile; returns how many."""
    database = store.database
    again = set(database.contents([item.record.id for item in removed.items]))
    items = [item for item in removed.items if item.record.id not in again]
    known = database.variants.known([kept.variant.content for kept in removed.variants])
    variants = [kept for kept in removed.variants if kept.of not in again and kept.variant.content not in known]
    if not items:
        return 0

    def beside() -> None:
        of = [kept.of for kept in variants]
        for kept in variants:
            database.variants.put(kept.variant, kept.of, lone=of.count(kept.of) == 1)
        now = {file.file: file for file in database.variants.files()}
        for kept in variants:
            for number, name in removed.holders[kept.variant.content].items():
                if number in now:
                    database.variants.hold(number, kept.variant.content, name)
        if again or len(variants) < len(removed.variants):
            return
        for file in removed.files:
            same = now.get(file.file)
            if same is not None and (same.sha256, same.state) == (file.sha256, LESS):
                database.variants.set_state(file.file, file.state)

    store.write(items, also=beside)
    return len(items)
