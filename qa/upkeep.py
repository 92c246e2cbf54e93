"""Appraisals kept in step: those that are missing are filled in, and lists of retractions marked in the library."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qa import appraisal
from qa.schema import Appraisal, Marked, Retraction, Skip, Status
from qa.storage import Store

#: Records appraised and committed together.
BATCH = 500

#: The statuses that a list of retractions can give.
_LISTED: tuple[Status, ...] = (
    "retracted", "expression of concern", "corrected", "retraction notice", "notice of concern", "correction notice",
)  # fmt: skip


def fill_in(store: Store, say: Callable[[str], None] | None = None) -> None:
    """Appraise the records that have no appraisal by today's rules, as those of a library made before there were any.

    ``say`` is told where that takes a while.
    """
    database = store.database
    generation = database.generation()
    if not generation or database.appraised == generation:
        return
    if not database.appraisals.ready or database.appraisals.outdated(appraisal.VERSION):
        with database.appraising() as appraisals:
            appraisals.shadow()
    rows = database.appraisals.outdated(appraisal.VERSION)
    if say and len(rows) > 4 * BATCH:
        say(f"Looking for study designs, sample sizes and retractions in {len(rows):,} records, this once …")
    for start in range(0, len(rows), BATCH):
        stored = database.by_row(rows[start : start + BATCH])
        listed = database.retractions_of([one.record for one in stored.values()])
        made = [appraisal.appraise(one.record, known) for one, known in zip(stored.values(), listed, strict=True)]
        with database.appraising() as appraisals:
            for row, found in zip(stored, made, strict=True):
                appraisals.put(row, found, appraisal.VERSION)
    database.appraised = generation


def mark_retractions(path: Path, store: Store) -> Marked:
    """Keep a list of retractions (as Retraction Watch publishes it) in place of the one before, and mark what it names.

    Nothing is changed where the file cannot be read.
    """
    from qa.reading import retraction_watch

    rows: list[Retraction] = []
    skipped: list[Skip] = []
    for entry in retraction_watch.read(path):
        if isinstance(entry, Skip):
            skipped.append(entry)
        else:
            rows.append(entry)
    fill_in(store)
    named: dict[Status, list[str]] = {status: [] for status in _LISTED}
    database = store.database
    database.check_writable()
    with database.appraising() as appraisals:
        appraisals.set_retractions(rows)
        everything = database.rows()
        for start in range(0, len(everything), BATCH):
            stored = database.by_row(everything[start : start + BATCH])
            before = appraisals.of(list(stored))
            listed = appraisals.retractions_of([one.record for one in stored.values()])
            for (row, one), known in zip(stored.items(), listed, strict=True):
                was = before.get(row, Appraisal())
                now = appraisal.with_retractions(was, one.record, known)
                if now != was:
                    appraisals.put(row, now, appraisal.VERSION)
                said = {finding.name for finding in now.status} if known else set()
                for status in _LISTED:
                    if status in said:
                        named[status].append(one.record.id)
    return Marked(len(rows) + len(skipped), {status: tuple(ids) for status, ids in named.items()}, tuple(skipped))
