"""A library examined: whether what is stored is whole, whether what is derived from it agrees, and what mends it.

Looking changes nothing. What is derived (the search files) can always be made again from the database; what the
database itself has lost cannot, and is named, so that it can be added again or restored.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from qa.errors import Corrupt, QAError
from qa.indexing import verify
from qa.schema import Awaiting, Progress, ProgressCallback, Record
from qa.storage import Store
from qa.storage.inspection import Inspection, names

if TYPE_CHECKING:
    from qa.embedding import Embedder

#: "mendable" by repair; "damaged": only its source or a backup brings it back; "note": good to know.
State = Literal["fine", "note", "mendable", "damaged"]

NAMED = 10  #: damaged records that are named, at most
LITTLE = 200_000_000  #: bytes; less free space than this is little, however small the library

_RESTORE = "Restore a backup (qa restore FILE), or add the files to a new library."
_REPAIR = "qa doctor --repair makes them again from the stored vectors; nothing is embedded."


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: its name, how it is, what was found, and what to do about it."""

    name: str
    state: State
    found: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Examination:
    """All that was looked at, in order."""

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        return all(check.state in ("fine", "note") for check in self.checks)

    def to_dict(self) -> dict[str, Any]:
        return {"ok": self.ok, "checks": [asdict(check) for check in self.checks]}


def examine(store: Store, load: Callable[[], Embedder], progress: ProgressCallback | None = None) -> Examination:
    """Look at everything in a library's folder. What is found there is told, not raised."""
    if not store.exists:
        return Examination((Check("library", "note", f"There is none in {store.folder} yet.", "Add files (qa add)."),))
    checks = []
    try:
        for check in (
            *_database(store),
            *_records(store, progress or (lambda _: None)),
            _appraisals(store),
            *_backlog(store),
            *_leftovers(store),
        ):
            checks.append(check)
        checks += [*_search_files(store), _model(store, load), *_export(store)]
    except (QAError, sqlite3.DatabaseError) as error:  # where SQLite cannot go on, neither can we
        checks.append(Check("database", "damaged", f"It cannot be read to its end ({error}).", _RESTORE))
    return Examination((*checks, *_conversations(store), _disk(store)))


def _database(store: Store) -> Iterator[Check]:
    complaints = Inspection(store.database).complaints()
    if complaints:
        yield Check("database", "damaged", f"SQLite finds it damaged ({'; '.join(complaints)}).", _RESTORE)
    else:
        records, sentences = store.database.counts()
        yield Check("database", "fine", f"{records:,} records with {sentences:,} sentences; SQLite finds it whole.")


def _records(store: Store, tell: Callable[[Progress], None]) -> Iterator[Check]:
    bad: dict[str, list[Record]] = {"texts": [], "sentences": [], "vectors": []}
    total = store.database.counts()[0]
    for number, look in enumerate(Inspection(store.database).looks(), 1):
        for name, wrong in zip(bad, (look.altered, look.unsliced, look.unembedded), strict=True):
            if wrong:
                bad[name].append(look.record)
        if number % 500 == 0:
            tell(Progress("Looking at every record", number, total))
    remedy = "Remove them (qa remove ID), and add their files again."
    for (name, records), (fine, words) in zip(bad.items(), _WORDS, strict=True):
        if records:
            yield Check(name, "damaged", f"{words}: {names(records, NAMED)}.", remedy)
        else:
            yield Check(name, "fine", fine)


_WORDS = (
    ("Every record is what was added.", "Not what was added"),
    ("Every sentence is a slice of its record.", "Sentences that are no slices of their record"),
    ("Every vector is whole.", "Damaged vectors"),
)


def _appraisals(store: Store) -> Check:
    if wrong := Inspection(store.database).misjudged():
        words = f"What was found in {len(wrong):,} records (design, sample size …) is not what was written."
        return Check("appraisals", "mendable", words, "qa doctor --repair makes it again from their texts.")
    return Check("appraisals", "fine", "What was found in the records is what was written.")


def _backlog(store: Store) -> Iterator[Check]:
    if waiting := Inspection(store.database).waiting():
        words = str(Awaiting(waiting, store.database.counts()[0]))
        yield Check("embedding", "note", words, "qa embed goes on with it; so do the next qa add and the chat.")
    else:
        yield Check("embedding", "fine", "Every record is embedded.")


def _leftovers(store: Store) -> Iterator[Check]:
    found = [f"{count:,} {kind}" for kind, count in Inspection(store.database).orphans().items()]
    found += [path.name for path in store.leftovers()]
    if found:
        words = f"Nothing refers to {', '.join(found)}."
        yield Check("leftovers", "mendable", words, "They do no harm; qa doctor --repair removes them.")
    else:
        yield Check("leftovers", "fine", "None.")


def _search_files(store: Store) -> Iterator[Check]:
    wrong = store.differences()
    if wrong:
        yield Check("search files", "mendable", f"They differ from the database ({', '.join(wrong)}).", _REPAIR)
    else:
        yield Check("search files", "fine", "They hold what the database holds.")


def _model(store: Store, load: Callable[[], Embedder]) -> Check:
    name = store.database.meta().get("embedder", "")
    try:
        verify(store, load())
    except QAError as error:
        return Check("model", "damaged", str(error))
    return Check("model", "fine", f"{name} is here, with the weights that made the library.")


def _export(store: Store) -> Iterator[Check]:
    from qa.embedding import DEFAULT, export_status

    if store.database.meta().get("embedder") == DEFAULT:
        quick, words = export_status()
        yield Check("questions", "fine" if quick else "note", words)


def _conversations(store: Store) -> Iterator[Check]:
    from qa.storage.conversations import FILE

    path = store.folder / FILE
    if not path.is_file():
        return
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(5)")]
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        found = [str(error)]
    if found == ["ok"]:
        yield Check("conversations", "fine", "SQLite finds their file whole.")
    else:
        words = f"Their file is damaged ({'; '.join(found)}); the library is not touched by that."
        yield Check("conversations", "damaged", words, f"Restore a backup, or move {path.name} away.")


def _disk(store: Store) -> Check:
    free, size = shutil.disk_usage(store.folder).free, store.size
    words = f"The library takes {size / 1e6:,.1f} MB; {free / 1e6:,.0f} MB are free."
    if free < max(size, LITTLE):
        return Check("disk", "note", words, "That is little: make room before you add much.")
    return Check("disk", "fine", words)


def repair(store: Store) -> list[str]:
    """Mend what can be mended: what nothing refers to goes, the search files are made again. Says what was done.

    NotFound where there is no library, Locked where it cannot be written.
    """
    store.database.check_writable()
    done = []
    if removed := Inspection(store.database).discard():
        done.append(f"{removed:,} rows that nothing referred to are gone.")
    if dropped := Inspection(store.database).drop_misjudged():
        done.append(f"{dropped:,} records are looked through again for designs, sample sizes … when needed.")
    for path in store.leftovers():
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        done.append(f"{path.name} is gone.")
    try:
        store.rebuild()
    except Corrupt:  # the examination says which records
        return [*done, "The search files cannot be made again while records are damaged."]
    return [*done, "The search files are made again from the stored vectors."]
