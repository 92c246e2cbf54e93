"""Library: the façade that ties the rooms together; it holds no logic of its own."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Self

from qa.errors import Mismatch, NotFound
from qa.schema import (
    Answer,
    Appraisal,
    Awaiting,
    Comparison,
    Duplicate,
    Facets,
    Filters,
    Hit,
    Holding,
    Listing,
    Marked,
    NearDuplicate,
    Progress,
    ProgressCallback,
    Record,
    RecordHit,
    Report,
    Run,
    Sort,
    Standing,
    TopicMap,
    Turn,
)

if TYPE_CHECKING:
    from qa.answering import Found
    from qa.answering.abstention import Curve
    from qa.backlog import Behind
    from qa.embedding import Embedder
    from qa.examination import Examination
    from qa.reindexing import Reindexed
    from qa.removal import Removed
    from qa.storage import Store
    from qa.storage.conversations import Conversations as Conversations  # the page names it, and knows nothing below
    from qa.verifying.finding import Verification
    from qa.verifying.receipt import ReceiptCheck


@dataclass(frozen=True, slots=True)
class Info:
    """What a library holds. ``embedder`` and ``dim`` are empty and 0 before anything is stored; ``bytes`` on disk."""

    folder: str
    records: int
    sentences: int
    embedder: str
    dim: int
    version: str
    bytes: int


class Library:
    """All records in one folder, and what can be asked of them. Safe to use from several threads."""

    def __init__(self, store: Store, model: str | None = None, say: Callable[[str], None] | None = None) -> None:
        self._store = store
        self._model = model
        self._say = say
        self._embedder: Embedder | None = None
        self._map: tuple[int, TopicMap] | None = None  # the generation it was made of, and the map
        self._lock = RLock()
        self._behind: Behind | None = None

    @classmethod
    def open(
        cls,
        folder: str | os.PathLike[str] = "index",
        *,
        model: str | None = None,
        say: Callable[[str], None] | None = None,
    ) -> Library:
        """Open the library in ``folder``: an empty one where there is none. Opening writes nothing.

        ``model`` is a sentence-transformers folder or hub name (default: the library's own, else the one built in);
        it is loaded when first needed, and ``say`` is told if it has to be fetched. Raises LibraryError where
        ``folder`` is a file or holds something else, and Mismatch when the library was made by another model.
        """
        from qa.storage import Store

        library = cls(Store(Path(folder)), model, say)
        made_by = library._store.database.meta().get("embedder")
        if model is not None and made_by not in (None, model):
            raise Mismatch(
                f"The library in {folder} was made by the model {made_by}, not {model}. "
                f"Leave out --model, or make the library's vectors anew with it: qa reindex --model {model}"
            )
        return library

    def again(self, progress: ProgressCallback | None = None) -> Library:
        """The same library once more, to be asked at the same time from another thread; the model is shared."""
        from qa.storage import Store

        other = Library(Store(self.folder), self._model, self._say)
        if self.exists:
            if progress and self._embedder is None:
                progress(Progress("Loading the model", 0, 0))
            other._embedder = self._load()
        return other

    @property
    def folder(self) -> Path:
        return self._store.folder

    @property
    def exists(self) -> bool:
        """Whether a library is stored in the folder (an empty one counts)."""
        return self._store.exists

    def close(self) -> None:
        """Let go of the files, and end what is embedded behind; the next use opens them again."""
        if self._behind is not None:
            self._behind.stop()
        with self._lock:
            self._store.close()

    # -- what it holds -----------------------------------------------------------------------------------------

    def add(
        self,
        *paths: str | os.PathLike[str],
        copies: Sequence[str | os.PathLike[str]] = (),
        keep_both: bool = False,
        full_text: bool = False,
        dry_run: bool = False,
        embed: bool = True,
        command: str = "add",
        progress: ProgressCallback | None = None,
    ) -> Report:
        """Read files and store what is in them; see :func:`qa.intake.add`. ``command`` is what the ledger calls it.

        With ``embed=False`` it ends when everything is stored and can be asked; :meth:`embed` does the rest.
        """
        from qa import intake

        report = intake.add(
            [Path(path) for path in paths],
            self._store,
            self._load,
            self._lock,
            progress,
            copies=[Path(path) for path in copies],
            keep_both=keep_both,
            full_text=full_text,
            dry_run=dry_run,
            command=command,
        )
        return self._embedded(report, embed=embed and not dry_run, progress=progress)

    def sync(
        self,
        folder: str | os.PathLike[str],
        *,
        full_text: bool = False,
        dry_run: bool = False,
        allow_empty: bool = False,
        embed: bool = True,
        progress: ProgressCallback | None = None,
    ) -> Report:
        """Make the library hold what the files of a folder hold; see :func:`qa.intake.sync` and :meth:`add`."""
        from qa import intake

        report = intake.sync(
            Path(folder),
            self._store,
            self._load,
            self._lock,
            progress,
            full_text=full_text,
            dry_run=dry_run,
            allow_empty=allow_empty,
        )
        return self._embedded(report, embed=embed and not dry_run, progress=progress)

    def _embedded(self, report: Report, *, embed: bool, progress: ProgressCallback | None) -> Report:
        if embed and not self.embed(progress) and (report.added or report.removed or report.vanished):
            self._calibrate()
        return report

    def embed(self, progress: ProgressCallback | None = None) -> int:
        """Embed the records that are not yet; returns how many. Whatever stops it, it goes on (:mod:`qa.backlog`)."""
        from qa import backlog

        embedded = backlog.work_off(self._store, self._load, self._lock, progress)
        if embedded:
            self._calibrate()
        return embedded

    @property
    def behind(self) -> Behind:
        """What embeds the records that are not yet, in a thread of its own, once it is started."""
        from qa.backlog import Behind

        with self._lock:
            if self._behind is None:
                self._behind = Behind(self.embed)
            return self._behind

    def awaiting(self) -> Awaiting:
        """How many records are not embedded yet."""
        with self._lock:
            database = self._store.database
            waiting = database.late.counts()[0] if database.exists else 0
            return Awaiting(waiting, database.count()) if waiting else Awaiting()

    def ledger(self, run: int | None = None) -> list[Run]:
        """What every command read, the first first; or one run. NotFound for a run that is not in it."""
        with self._reading():
            found = self._store.database.ledger.runs(run) if self._store.exists else []
        if run is not None and not found:
            raise NotFound(f"There is no run {run} in the library's ledger. `qa ledger` lists them.")
        return found

    def duplicates(self) -> list[Duplicate]:
        """The records made of several entries about one work, and why."""
        from qa import duplicates

        with self._reading():
            return duplicates.duplicates(self._store)

    def near_duplicates(self) -> list[NearDuplicate]:
        """Pairs of records that look like one work and were not taken for one, and why not."""
        from qa import duplicates

        with self._reading():
            return duplicates.near_duplicates(self._store)

    def split(self, record_id: str) -> list[Record]:
        """Take a merged record apart, for good; returns what it becomes. NotFound if it is not merged."""
        from qa import duplicates

        return duplicates.split(self.get(record_id).id, self._store, self._load, self._lock)

    def join(self, *ids: str) -> list[Record]:
        """Make these records one, where they share an identifier, title or place; returns what they are now."""
        from qa import duplicates

        return duplicates.join([self.get(one).id for one in ids], self._store, self._load, self._lock)

    def keep_apart(self, *pairs: tuple[str, str]) -> int:
        """Note that pairs of records that look like one work are not, so that nobody is asked again; how many pairs."""
        from qa import duplicates

        known = {(self.get(one).id, self.get(other).id) for one, other in pairs}
        known = {(one, other) for one, other in known if one != other}
        return duplicates.keep_apart(known, self._store, self._load, self._lock)

    def remove(self, *ids: str) -> int:
        """Remove records by id; returns how many. NotFound, and nothing removed, if one of them is not there."""
        with self._lock:
            found = list(dict.fromkeys(self._known_as(record_id) for record_id in ids))
            return self._store.remove(found) if found else 0

    def take_out(self, *ids: str) -> Removed:
        """Remove records like :meth:`remove`, and return what :meth:`put_back` needs to undo it."""
        from qa import removal

        with self._lock:
            self._fill_in()
            found = list(dict.fromkeys(self._known_as(record_id) for record_id in ids))
            return removal.take_out(found, self._store)

    def put_back(self, removed: Removed) -> int:
        """Put back what was taken out, but for records that are here again; returns how many."""
        from qa import removal

        with self._lock:
            return removal.put_back(removed, self._store)

    def listing(
        self,
        words: str = "",
        *,
        sort: Sort = "added",
        descending: bool = False,
        filters: Filters | None = None,
        start: int = 0,
        count: int = 50,
    ) -> Listing:
        """Records in which all of these words stand (not in the abstract), sorted, from ``start`` (0) on."""
        from qa.appraisal import resolve
        from qa.storage.listing import list_records

        with self._reading(appraised=True):
            asked = resolve(filters or Filters())
            return list_records(
                self._store.database, words, sort, descending=descending, filters=asked, start=start, count=count
            )

    def holdings(self, filters: Filters | None = None) -> list[Holding]:
        """How many records there are of each year, study design and journal."""
        from qa.appraisal import resolve
        from qa.storage.listing import holdings

        with self._reading(appraised=True):
            return holdings(self._store.database, resolve(filters or Filters()))

    def topic_map(self) -> TopicMap:
        """The records in two dimensions, by topic; made once for each state of the library."""
        from qa.topics import draw_map

        with self._reading():
            generation = self._store.database.generation()
            if self._map is None or self._map[0] != generation:
                self._map = generation, draw_map(self._store.database)
            return self._map[1]

    def get(self, record_id: str) -> Record:
        """One record, also by an id that an entry merged into it had; NotFound if it is not there."""
        with self._reading():
            found = self._known_as(record_id)
            return self._store.database.by_id([found])[found].record

    def _known_as(self, record_id: str) -> str:
        """The id of the record that has this id, or into which an entry with this id was merged."""
        if self._store.database.contents([record_id]):
            return record_id
        found = self._store.database.variants.aliases(record_id) if self._store.exists else []
        if len(found) == 1:
            return found[0]
        if found:
            raise NotFound(f"{record_id} is said of several records: {', '.join(found)}. Name one of them.")
        raise NotFound(f"There is no record {record_id} in the library. `qa list` shows the ids.")

    def records(self, filters: Filters | None = None) -> list[Record]:
        """All records, or those that pass the filters (``roles`` ask nothing of a record), in the order of adding."""
        from qa.appraisal import resolve

        with self._reading(appraised=True):
            database = self._store.database
            if not filters or not database.exists:
                return list(database.records())
            rows = database.matching(resolve(filters))
            if rows is None:
                return list(database.records())
            stored = database.by_row(rows)
            return [stored[row].record for row in rows]

    def appraisal(self, record_id: str) -> Appraisal:
        """What was found in a record: design, sample size, status …, each with its evidence. NotFound as in get."""
        self.get(record_id)
        return self.appraisals(record_id)[record_id]

    def appraisals(self, *ids: str) -> dict[str, Appraisal]:
        """What was found in those of these records that are held, by id; without ids, in all records."""
        with self._reading(appraised=True):
            return self._store.appraisals(ids or [record.id for record in self._store.database.records()])

    def facets(self) -> Facets:
        """What there is to limit a question by, each with how many it leaves."""
        from qa.storage.facets import facets

        with self._reading(appraised=True):
            if not len(self):
                return Facets()
            return facets(self._store.database)

    def mark_retractions(self, path: str | os.PathLike[str]) -> Marked:
        """Mark what Retraction Watch's list (CSV) says of the records, by DOI and PMID, now and of those added later.

        The list is kept in the library, in place of one before. ReadingError, and nothing changed, for another file;
        NotFound where there is no library yet.
        """
        from qa import upkeep

        with self._lock:
            if not self._store.exists:
                raise NotFound(f"There is no library in {self.folder} yet. Add files first (qa add FILE).")
            return upkeep.mark_retractions(Path(path), self._store)

    def examine(self, progress: ProgressCallback | None = None) -> Examination:
        """Whether everything in the library's folder is whole and agrees; see :mod:`qa.examination`."""
        from qa import examination

        with self._lock:
            return examination.examine(self._store, self._load, progress)

    def repair(self) -> list[str]:
        """Mend what can be mended without the files: says what was done. Nothing is embedded, no record changed."""
        from qa import examination

        with self._lock:
            if not self._store.exists:
                raise NotFound(f"There is no library in {self.folder} yet. Add files first (qa add FILE).")
            return examination.repair(self._store)

    def reindex(self, model: str | None = None, progress: ProgressCallback | None = None) -> Reindexed:
        """Embed everything anew by another model (default: the library's own); see :mod:`qa.reindexing`.

        It is also what a library needs whose sentences another version of qa has split.
        """
        from qa import reindexing
        from qa.embedding import open_embedder

        with self._lock:
            if not self._store.exists:
                raise NotFound(f"There is no library in {self.folder} yet. Add files first (qa add FILE).")
            embedder = open_embedder(model or self._store.database.meta().get("embedder"), say=self._say)
            self._fill_in()
        done = reindexing.reindex(self._store, embedder, self._lock, progress)
        with self._lock:
            self._model, self._embedder = None, embedder
            self._store.catch_up()
        self._calibrate()
        return done

    def back_up(self, path: str | os.PathLike[str]) -> int:
        """Write the library, as it is now, to one file; returns its size. See :func:`qa.backup.back_up`."""
        from qa import backup

        return backup.back_up(self._store, Path(path))

    def __len__(self) -> int:
        with self._lock:
            return self._store.database.count()

    def __bool__(self) -> bool:
        return True  # an empty library is still a library

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def info(self) -> Info:
        from qa import __version__

        with self._reading():
            meta = self._store.database.meta()
            records, sentences = self._store.database.counts()
            dim = int(meta.get("dim", 0))
            return Info(
                str(self.folder), records, sentences, meta.get("embedder", ""), dim, __version__, self._store.size
            )

    # -- what it answers ---------------------------------------------------------------------------------------

    def search(self, question: str, k: int = 10, *, filters: Filters | None = None) -> list[Hit]:
        """The k sentences that answer best, best first. QuestionError for a question that is none."""
        from qa.answering.answer import appraised, hits

        with self._reading(appraised=True):
            found = self._find(question, k, filters)
            return appraised(hits(found.question, found.ranked, found.considered, k), self._store) if found else []

    def search_records(self, question: str, k: int = 10, *, filters: Filters | None = None) -> list[RecordHit]:
        """The k records that answer best, best first; fewer only where fewer pass the filters."""
        with self._reading(appraised=True):
            found = self._find(question, k, filters)
            best = found.records(k) if found else []
            stored = self._store.stored([row for row, _ in best])
            known = self._store.appraisals([one.record.id for one in stored.values()])
            return [
                RecordHit(rank, score, record := stored[row].record, known.get(record.id, Appraisal()))
                for rank, (row, score) in enumerate(best, 1)
            ]

    def ask(
        self,
        question: str,
        k: int = 5,
        *,
        filters: Filters | None = None,
        turns: Sequence[Turn] = (),
        progress: ProgressCallback | None = None,
    ) -> Answer:
        """An answer of up to k numbered citations; an empty one says why.

        ``turns`` are those of the answers before in a conversation, oldest first: a follow-up ("And in children?") is
        understood with them, and ``answer.asked`` is the question that it stands for. ``progress`` is told of each
        stage before it begins; what it raises ends the search, and nothing has changed then.
        """
        from qa.answering import answer
        from qa.answering.abstention import THRESHOLD
        from qa.answering.conversation import stand_alone
        from qa.answering.question import check

        filters = filters or Filters()
        meant = stand_alone(check(question), turns, filters)
        with self._reading(appraised=True):
            found = self._find(meant.question, meant.offset + k, meant.filters, progress)
            if found is None:
                given = Answer(question, reason=answer.EMPTY)
            else:
                confidence = self._curve().probability(found.evidence)
                given = answer.compose(found, k, confidence, THRESHOLD, meant.filters, meant.offset)
                given = replace(
                    given,
                    citations=tuple(answer.appraised(given.citations, self._store)),
                    closest=tuple(answer.appraised(given.closest, self._store)),
                )
            awaiting = self.awaiting()
        turn = Turn(
            meant.question,
            meant.filters,
            given.citations[-1].number if given.citations else meant.offset,
            tuple(dict.fromkeys(hit.record.id for hit in given.citations)),
            filters,
        )
        return replace(
            given, question=question, asked=meant.question, filters=meant.filters, turn=turn, awaiting=awaiting
        )

    # -- what stands in it ---------------------------------------------------------------------------------------

    def verify(self, text: str, *, everything: bool = False, progress: ProgressCallback | None = None) -> Verification:
        """Whether the quotations of a text stand here word for word; see :func:`qa.verifying.text.verify_text`."""
        from qa.verifying.text import verify_text

        with self._reading():
            return verify_text(text, self._store, everything=everything, progress=progress)

    def receipt(self, answer: Answer, k: int = 5) -> dict[str, Any]:
        """An answer of this library as JSON that can be checked later; ``k`` is what it was asked with."""
        from qa.verifying.receipt import make_receipt

        with self._reading():
            return make_receipt(answer, k, self._store)

    def check_receipt(self, receipt: Mapping[str, Any]) -> ReceiptCheck:
        """Whether every quotation of a receipt still stands here. QAError where the receipt is damaged or altered."""
        from qa.verifying.receipt import check_receipt

        with self._reading():
            return check_receipt(receipt, self._store)

    def compare(
        self,
        questions: Sequence[str],
        records: Sequence[str] | None = None,
        *,
        filters: Filters | None = None,
        progress: ProgressCallback | None = None,
    ) -> Comparison:
        """A question × record table: in each cell the sentence that answers best, or None where none is likely to.

        ``records`` are ids (NotFound for one that is not there); without them, the ten best for each question. Only
        those that pass the filters are in the table. QuestionError for no question, or for far too many cells.
        """
        from qa.answering import comparison
        from qa.answering.judge import open_judge
        from qa.appraisal import resolve

        asked, filters = comparison.asked(questions), resolve(filters or Filters())
        with self._reading(appraised=True):
            if records is not None:
                known = self._store.database.contents(records)
                if missing := [record_id for record_id in records if record_id not in known]:
                    raise NotFound(f"There is no record {missing[0]} in the library. `qa list` shows the ids.")
            if not len(self):
                return Comparison(tuple(asked), (), tuple(() for _ in asked), filters)
            store, embedder, judge = self._store, self._load(), open_judge()
            if records is None:
                records = comparison.choose(asked, store, embedder, judge, filters)
            return comparison.compare(asked, records, store, embedder, judge, self._curve(), filters, progress)

    # -- what is kept ------------------------------------------------------------------------------------------

    def conversations(self, owner: str | None = "") -> Conversations:
        """The conversations kept in the library's folder; ``owner`` says whose (None: everybody's)."""
        from qa.storage.conversations import Conversations

        return Conversations(self.folder, owner)

    def standing(self, answer: Answer) -> tuple[Standing, ...]:
        """For each citation of an answer, whether it still stands in the library as it was quoted."""
        from qa.answering.standing import standing

        with self._reading():
            stored = self._store.database.by_id([hit.record.id for hit in answer.citations])
        now = {record_id: one.record for record_id, one in stored.items()}
        return tuple(standing(hit, now.get(hit.record.id)) for hit in answer.citations)

    # -- inside ------------------------------------------------------------------------------------------------

    def _find(
        self, question: str, k: int, filters: Filters | None, progress: ProgressCallback | None = None
    ) -> Found | None:
        """What a question finds, or None where there is nothing to search in."""
        from qa.answering import find
        from qa.answering.judge import open_judge
        from qa.answering.question import check
        from qa.appraisal import resolve

        check(question)
        filters = resolve(filters or Filters())
        if not len(self):
            return None
        if progress and self._embedder is None:
            progress(Progress("Loading the model", 0, 0))
        return find(question, self._store, self._load(), open_judge(), k, filters, progress)

    @contextmanager
    def _reading(self, *, appraised: bool = False) -> Iterator[None]:
        """One thread at a time, and one state of the library from the first look to the last, whoever writes meanwhile.

        With ``appraised``, every record has its appraisal.
        """
        with self._lock:
            if appraised:
                self._fill_in()
            with self._store.database.snapshot():
                yield
            self._store.keep()

    def _fill_in(self) -> None:
        """Appraise what a version without appraisals, or with other rules, has added."""
        from qa.upkeep import fill_in

        fill_in(self._store, self._say)

    def _curve(self) -> Curve:
        """The curve of abstention that the library was last calibrated to; the general one where it is out of date."""
        from qa.answering.abstention import EVIDENCE, Curve

        database = self._store.database
        known = "abstention" in database.meta()
        curve = database.fact("abstention", lambda text: Curve(**json.loads(text))) if known else Curve()
        return curve if curve.evidence == EVIDENCE else Curve()

    def _calibrate(self) -> None:
        """Fit the curve of abstention anew where the library has outgrown it."""
        from qa.answering import calibrate
        from qa.answering.judge import open_judge

        with self._lock:
            if len(self) and not self.awaiting() and self._curve().outgrown(len(self)):
                with self._reading():
                    curve = calibrate(self._store, self._load(), open_judge())
                self._store.database.note("abstention", json.dumps(asdict(curve)))

    def _load(self) -> Embedder:
        """The embedder, loaded once, and checked against the one that made the library."""
        from qa.embedding import open_embedder
        from qa.indexing import verify

        with self._lock:
            meta = self._store.database.meta()
            made_by = meta.get("embedder")
            overtaken = self._model is None and made_by and self._embedder and self._embedder.name != made_by
            if self._embedder is None or overtaken:  # another process has made the vectors anew
                model = self._model or made_by
                revision = meta.get("revision", "") if model == made_by else ""
                self._embedder = open_embedder(model, revision=revision, say=self._say)
            verify(self._store, self._embedder)
            return self._embedder
