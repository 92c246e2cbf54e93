"""Files → library, with an account of every entry: adding files, and keeping in step with a folder.

Every file is looked through once before anything is changed: a file that turns out to be broken half way leaves no
trace, and the progress knows its total. Then the entries are taken in batches, each with its page of the ledger in one
transaction: whatever interrupts it, what is stored is accounted for, and adding again goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from qa import __version__, reading
from qa.errors import LibraryError, ReadingError, UnknownFormat
from qa.indexing import BATCH, carry_out, identity
from qa.plan import Origin, Plan, make_plan
from qa.schema import Entry, FileReport, Progress, ProgressCallback, Report, Skip
from qa.storage import Store
from qa.storage.variants import LESS, MORE, WHOLE, File
from qa.survey import Survey, place_of, survey

if TYPE_CHECKING:
    from qa.embedding import Embedder

T = TypeVar("T")

#: Behind the version of the reader of a file of which the full text was read.
_FULL_TEXT = " full text"
Tell = Callable[[Progress], None]


@dataclass
class _Page:
    """A file on its way in: its survey, and its page of the ledger so far."""

    survey: Survey
    report: FileReport
    skips: list[Skip] = field(default_factory=list)
    origin: Origin = field(default_factory=lambda: Origin(0))
    found: bool = False  # in a folder, not named by the person
    ended: bool = False  # all of it was read
    broken: ReadingError | None = None  # it turned out to be unreadable after it was looked through

    @property
    def error(self) -> ReadingError | None:
        return self.survey.error or self.broken

    def count(self, outcome: str, entry: Entry) -> None:
        changes = {outcome: getattr(self.report, outcome) + 1, "entries": self.report.entries + 1}
        self.report = replace(self.report, **changes)
        if isinstance(entry, Skip):
            self.skips.append(entry)


def add(
    paths: Sequence[Path],
    store: Store,
    load: Callable[[], Embedder],
    lock: AbstractContextManager[object],
    progress: ProgressCallback | None = None,
    *,
    copies: Sequence[Path] = (),
    keep_both: bool = False,
    full_text: bool = False,
    dry_run: bool = False,
    command: str = "add",
) -> Report:
    """Read files, and those in folders, into a library and report on every entry.

    A file that cannot be read is skipped as a whole and does not keep the others from being added; the ReadingError is
    raised when there is no other. What a file says of a work that the library holds from elsewhere is merged with it,
    unless ``keep_both``; what it said when it was added before, under the same ids, is replaced. A file whose bytes are
    known is not read again. ``copies`` are those of the paths that will not stay (an upload, standard input): they are
    known by their bare names. What is new waits to be embedded (:mod:`qa.backlog`). With ``full_text``, articles
    have theirs, and files that were added without are read again. With ``dry_run`` the same report is
    made, nothing kept, and the model not loaded.
    """
    intake = _Intake(store, load, lock, progress or (lambda _: None), command, (WHOLE, MORE), keep_both=keep_both)
    intake.full_text = full_text
    found = {one: path.is_dir() for path in paths for one in _files(path)}
    pages = intake.look_through(found, {path: path.name for path in copies})
    for page in pages:
        page.found = found[page.survey.path]
    failed = [page.survey.error for page in pages if page.survey.error]
    if failed and len(failed) == len(pages):
        if store.exists and not dry_run:
            intake.write_down_failures(pages)
        raise failed[0]
    return intake.rehearse(pages) if dry_run else intake.run(pages)


def sync(
    folder: Path,
    store: Store,
    load: Callable[[], Embedder],
    lock: AbstractContextManager[object],
    progress: ProgressCallback | None = None,
    *,
    full_text: bool = False,
    dry_run: bool = False,
    allow_empty: bool = False,
) -> Report:
    """Make a library hold what the files of a folder hold: new, changed and vanished ones; see :func:`add`.

    What a file held and holds no longer goes, unless another file holds it, and so do the records of vanished files. A
    file that cannot be read any more keeps its records. A file of a kind that is not read counts as a skip, not as a
    failure. LibraryError, and nothing changed, for a folder that is not there, or that is empty where it was not (a
    drive that is not mounted looks like that), unless ``allow_empty``.
    """
    if not folder.is_dir():
        raise LibraryError(f"{folder} is not a folder. Name the folder that the library is to be kept in step with.")
    own = store.folder.resolve()
    paths = [path for path in reading.files_in(folder) if own not in path.resolve().parents]
    intake = _Intake(store, load, lock, progress or (lambda _: None), f"sync {folder}", (WHOLE, LESS), exact=True)
    intake.full_text = full_text
    inside = place_of(folder)
    there = {place_of(path) for path in paths}
    with lock:
        files = store.database.variants.files() if store.exists else []
    vanished = [one.path for one in files if Path(inside) in Path(one.path).parents and one.path not in there]
    if vanished and not paths and not allow_empty:
        raise LibraryError(
            f"{folder} holds no files, and the library has {len(vanished)} from it. Check that it is the folder you "
            "mean and that its drive is there; to remove their records, say --allow-empty."
        )
    pages = intake.look_through(paths)
    return (intake.rehearse if dry_run else intake.run)(pages, vanished)


def _files(path: Path) -> list[Path]:
    """The file, or the files in a folder; ReadingError for a folder with none."""
    if not path.is_dir():
        return [path]
    found = list(reading.files_in(path))
    if not found:
        raise ReadingError(path, "is a folder with no files in it. Put some exports there.")
    return found


class _Intake:
    """One run. ``done`` are the states in which a file with known bytes need not be read again."""

    def __init__(
        self,
        store: Store,
        load: Callable[[], Embedder],
        lock: AbstractContextManager[object],
        tell: Tell,
        command: str,
        done: Sequence[str],
        *,
        keep_both: bool = False,
        exact: bool = False,
    ) -> None:
        self.store, self.load, self.lock, self.tell = store, load, lock, tell
        self.command, self.done, self.keep_both, self.exact = command, done, keep_both, exact
        self.number = 0
        self.rehearsing = False
        self.full_text = False
        self.strays: bool | None = None  # whether the library has records of an older version; None: not yet looked up

    # -- before anything is written ------------------------------------------------------------------------------

    def look_through(self, paths: Iterable[Path], names: Mapping[Path, str] = MappingProxyType({})) -> list[_Page]:
        """A page for each file, in order; one that is named twice has one. ``names`` are those of copies."""
        pages = {}
        for path in paths:
            place = names.get(path) or place_of(path)
            if place not in pages:
                found = survey(path, place, self._is_known, self.tell, full_text=self.full_text)
                pages[place] = _Page(found, FileReport(str(path), found.size, found.sha256, found.format))
        return [self._failed(page) if page.survey.error else page for page in pages.values()]

    @property
    def _reader(self) -> str:
        """What has read a file, for the library to remember."""
        return __version__ + _FULL_TEXT * self.full_text

    def _same(self, sha256: str, place: str) -> File | None:
        """A file with these bytes that was read to its end, and for no less than is wanted."""
        readers = dict.fromkeys((__version__ + _FULL_TEXT, self._reader))
        known = (self.store.database.variants.same_bytes(sha256, one, self.done, place) for one in readers)
        return next(filter(None, known), None)

    def _is_known(self, sha256: str, place: str) -> bool:
        with self.lock:
            if not self.store.exists:
                return False
            variants = self.store.database.variants
            if self.strays is None:
                self.strays = variants.strays
            same = None if self.strays else self._same(sha256, place)
            # A file that held something else before is read, so that this goes.
            return same is not None and (same.path == place or variants.number(place) is None)

    def _failed(self, page: _Page) -> _Page:
        error = page.survey.error
        if error is not None:
            page.skips.append(Skip(error.path, 0, str(error).removeprefix(f"{error.path}: ")))
            page.report = replace(page.report, state="failed", entries=1, skipped=1)
        return page

    def write_down_failures(self, pages: Sequence[_Page]) -> None:
        with self.lock, self.store.database.writing():
            self._begin(pages, ())

    # -- the run -------------------------------------------------------------------------------------------------

    def rehearse(self, pages: list[_Page], vanished: Sequence[str] = ()) -> Report:
        """The run without the model, and undone at its end; in a library of its own where there is none."""
        self.rehearsing = True
        real = self.store
        with ExitStack() as stack:
            stack.enter_context(self.lock)
            if not real.exists:
                folder = stack.enter_context(TemporaryDirectory(prefix="qa-"))
                self.store = Store(Path(folder))
                stack.callback(self.store.close)
                self.store.database.create({})
            stack.enter_context(self.store.database.rehearsal())
            return replace(self.run(pages, vanished), run=0)

    def run(self, pages: list[_Page], vanished: Sequence[str] = ()) -> Report:
        """Take the files in, and let go of the vanished ones."""
        to_read = [page for page in pages if not page.survey.error and not page.survey.known]
        total = sum(page.survey.entries for page in to_read)
        if not self.store.exists:
            if not total:
                return self._report(pages)
            self.tell(Progress("Loading the model", 0, total))
            made_by = identity(self.load())
            with self.lock:
                if not self.store.exists:
                    self.store.database.create(made_by)
            self.load()  # again: another process may have been quicker, with another model
        elif total and not self.rehearsing:
            with self.lock:
                self.store.database.check_writable()
            self.tell(Progress("Loading the model", 0, total))
            self.load()  # now, so that a library of another model is refused before anything is written
        with self.lock, self.store.database.writing():
            taken = self.store.database.variants.prepare() if self.store.database.variants.strays else []
            self._begin(pages, vanished)
        if taken:
            meeting = self.store.database.variants.meeting()
            for some in _portions(meeting):
                self._carry_out(partial(make_plan, self.store.database, look_at=some), lambda _: None)
        for number, page in enumerate(pages):
            if page.survey.known:
                self._take_known(number, page)
        self._take(pages, total)
        gone = [self._let_go(len(pages) + at, place) for at, place in enumerate(vanished)]
        if not self.rehearsing and (total or gone or taken):
            self.tell(Progress("Updating the index", total, total))
            with self.lock:
                self.store.catch_up()
        return self._report([*pages, *gone])

    def _begin(self, pages: Sequence[_Page], vanished: Sequence[str]) -> None:
        ledger = self.store.database.ledger
        self.number = ledger.begin(__version__, self.command)
        for number, page in enumerate(pages):
            ledger.put(self.number, number, page.report)
            if page.survey.error:
                ledger.skip(self.number, page.skips)
            else:
                variants = self.store.database.variants
                before = variants.number(page.survey.path.name)
                page.origin = Origin(variants.file(page.survey.place), before, page.survey.stands)
        for at, place in enumerate(vanished):
            ledger.put(self.number, len(pages) + at, FileReport(place))

    def _take(self, pages: Sequence[_Page], total: int) -> None:
        """Read and store the entries of the files, batch by batch; a batch may span files."""
        stored = 0
        for batch, ended in self._batches(pages):
            entries = [(entry, pages[number].origin) for number, entry in batch]

            def make(entries: list[tuple[Entry, Origin]] = entries) -> Plan:
                return make_plan(self.store.database, entries, alone=self.keep_both)

            def account(plan: Plan, batch: list[tuple[int, Entry]] = batch, ended: list[int] = ended) -> None:
                for (number, entry), outcome in zip(batch, plan.outcomes, strict=True):
                    pages[number].count(outcome, entry)
                ledger = self.store.database.ledger
                for number in dict.fromkeys([number for number, _ in batch] + ended):
                    page = pages[number]
                    if number in ended and page.report.state == "unfinished":
                        self._close(page)
                    ledger.put(self.number, number, page.report)
                    ledger.skip(self.number, [entry for at, entry in batch if at == number and isinstance(entry, Skip)])

            self._carry_out(make, account)
            stored += len(batch)
            self.tell(Progress("Reading", stored, total))
            if self.exact:
                for number in ended:
                    self._let_go_of_rest(number, pages[number])

    def _batches(self, pages: Sequence[_Page]) -> Iterator[tuple[list[tuple[int, Entry]], list[int]]]:
        """Entries with the number of their file, and which files end in the batch."""
        batch: list[tuple[int, Entry]] = []
        ended: list[int] = []
        for number, page in enumerate(pages):
            if page.survey.error or page.survey.known:
                continue
            try:
                for entry in reading.read(page.survey.path, full_text=self.full_text):
                    batch.append((number, entry))
                    if len(batch) == BATCH:
                        yield batch, ended
                        batch, ended = [], []
                page.ended = page.survey.still
            except ReadingError as error:  # it has changed since it was looked through
                page.broken = error
                batch.append((number, Skip(error.path, error.line, error.reason)))
            ended.append(number)
        if batch or ended:
            yield batch, ended

    def _close(self, page: _Page) -> None:
        """A file is read: it is remembered as done if it is still the file that was looked through."""
        page.report = replace(page.report, state="read" if page.ended else "unfinished")
        if page.ended:
            more = self.store.database.variants.size_of(page.origin.file) > len(page.survey.stands)
            self._remember(page, MORE if more else WHOLE)

    def _remember(self, page: _Page, state: str) -> None:
        found = page.survey
        self.store.database.variants.close_file(
            found.place, found.size, found.sha256, self._reader, found.format, page.report.entries, state
        )

    # -- what is known, and what is gone --------------------------------------------------------------------------

    def _take_known(self, number: int, page: _Page) -> None:
        """Account for a file whose bytes are known; under another name, it holds what the other file holds."""
        database = self.store.database
        found = page.survey

        same: File | None = None

        def make() -> Plan:
            nonlocal same
            same = self._same(found.sha256, found.place)
            if same is None:
                raise LibraryError(
                    f"{self.store.folder} was changed by somebody else meanwhile. Add {found.path} again."
                )
            hold = {}
            if same.path != found.place:
                old, new = Path(same.path).name, found.path.name
                for content, name in database.variants.names(same.file).items():
                    hold[page.origin.file, content] = new if name == old else name
            return make_plan(database, hold=hold)

        def account(_: Plan) -> None:
            entries, state = (same.entries, same.state) if same else (0, WHOLE)
            page.skips = database.ledger.skips_of(found.sha256, str(found.path))
            skipped = len(page.skips)
            page.report = replace(
                page.report, state="known", entries=entries, unchanged=entries - skipped, skipped=skipped
            )
            self._remember(page, state)
            database.ledger.put(self.number, number, page.report)
            database.ledger.skip(self.number, page.skips)

        self._carry_out(make, account)

    def _let_go_of_rest(self, number: int, page: _Page) -> None:
        """What a file held before and holds no longer goes."""
        if not page.ended:
            return
        database = self.store.database
        found = [
            (file, content)
            for file, _, content in database.variants.held(page.origin.numbers)
            if not page.origin.has(content)
        ]
        for some in _portions(found):

            def account(_: Plan, count: int = len(some)) -> None:
                page.report = replace(page.report, vanished=page.report.vanished + count)
                database.ledger.put(self.number, number, page.report)
                self._close(page)

            self._carry_out(partial(make_plan, database, drop=some), account)

    def _let_go(self, number: int, place: str) -> _Page:
        """A file is not there any more: what nothing else holds goes."""
        database = self.store.database
        page = _Page(Survey(Path(place), place), FileReport(place, state="vanished"))
        file = database.variants.file(place)
        held = [(file, content) for _, _, content in database.variants.held([file])]
        page.report = replace(page.report, vanished=len(held))
        for some in _portions(held):
            self._carry_out(partial(make_plan, database, drop=some), lambda _: None)
        with self.lock, database.writing():
            database.variants.forget_file(file)
            database.ledger.put(self.number, number, page.report)
        return page

    # -- both ----------------------------------------------------------------------------------------------------

    def _carry_out(self, make: Callable[[], Plan], also: Callable[[Plan], None]) -> None:
        if not self.rehearsing:
            carry_out(make, self.store, self.load, self.lock, also, later=True)
            return
        plan = make()
        with self.store.database.writing():
            plan.apply(self.store.database, lone=False)
            also(plan)

    def _report(self, pages: Iterable[_Page]) -> Report:
        pages = list(pages)
        files = tuple(page.report for page in pages)

        def total(name: str) -> int:
            return sum(getattr(file, name) for file in files)

        return Report(
            added=total("added"),
            updated=total("updated"),
            unchanged=total("unchanged"),
            removed=total("removed"),
            skipped=tuple(skip for page in pages for skip in page.skips),
            failed=tuple(page.report.path for page in pages if self._is_failure(page)),
            merged=total("merged"),
            vanished=total("vanished"),
            files=files,
            run=self.number,
        )

    def _is_failure(self, page: _Page) -> bool:
        """In a folder, a file of a kind that is not read is no failure."""
        in_folder = self.exact or page.found
        return page.error is not None and not (in_folder and isinstance(page.error, UnknownFormat))


def _portions(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]
