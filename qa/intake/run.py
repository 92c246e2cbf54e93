"""One run of taking files in: looked through, written down, read and stored, and accounted for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING

from qa import __version__
from qa.errors import LibraryError
from qa.indexing import carry_out, identity
from qa.intake.batches import portions, read_batches
from qa.intake.page import Page, report
from qa.plan import Origin, Plan, make_plan
from qa.schema import Entry, FileReport, Progress, Report, Skip
from qa.storage import Store
from qa.storage.variants import MORE, WHOLE, File
from qa.survey import Survey, place_of, survey

if TYPE_CHECKING:
    from qa.embedding import Embedder

#: Behind the version of the reader of a file of which the full text was read.
_FULL_TEXT = " full text"

Tell = Callable[[Progress], None]


class Intake:
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

    # -- before anything is written ----------------------------------------------------------------------------

    def look_through(self, paths: Iterable[Path], names: Mapping[Path, str] = MappingProxyType({})) -> list[Page]:
        """A page for each file, in order; one that is named twice has one. ``names`` are those of copies."""
        pages = {}
        for path in paths:
            place = names.get(path) or place_of(path)
            if place not in pages:
                found = survey(path, place, self._is_known, self.tell, full_text=self.full_text)
                pages[place] = Page(found, FileReport(str(path), found.size, found.sha256, found.format))
        for page in pages.values():
            if page.survey.error:
                page.fail(page.survey.error)
        return list(pages.values())

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

    def write_down_failures(self, pages: Sequence[Page]) -> None:
        with self.lock, self.store.database.writing():
            self._begin(pages, ())

    # -- the run -----------------------------------------------------------------------------------------------

    def rehearse(self, pages: list[Page], vanished: Sequence[str] = ()) -> Report:
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

    def run(self, pages: list[Page], vanished: Sequence[str] = ()) -> Report:
        """Take the files in, and let go of the vanished ones."""
        to_read = [page for page in pages if not page.survey.error and not page.survey.known]
        total = sum(page.survey.entries for page in to_read)
        if not self.store.exists:
            if not total:
                return report(pages, self.number, in_folder=self.exact)
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
            for some in portions(meeting):
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
        return report([*pages, *gone], self.number, in_folder=self.exact)

    def _begin(self, pages: Sequence[Page], vanished: Sequence[str]) -> None:
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

    def _take(self, pages: Sequence[Page], total: int) -> None:
        """Read and store the entries of the files, batch by batch; a batch may span files."""
        stored = 0
        for batch, ended in read_batches(pages, full_text=self.full_text):
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

    def _close(self, page: Page) -> None:
        """A file is read: it is remembered as done if it is still the file that was looked through."""
        page.report = replace(page.report, state="read" if page.ended else "unfinished")
        if page.ended:
            more = self.store.database.variants.size_of(page.origin.file) > len(page.survey.stands)
            self._remember(page, MORE if more else WHOLE)

    def _remember(self, page: Page, state: str) -> None:
        found = page.survey
        self.store.database.variants.close_file(
            found.place, found.size, found.sha256, self._reader, found.format, page.report.entries, state
        )

    # -- what is known, and what is gone -----------------------------------------------------------------------

    def _take_known(self, number: int, page: Page) -> None:
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

    def _let_go_of_rest(self, number: int, page: Page) -> None:
        """What a file held before and holds no longer goes."""
        if not page.ended:
            return
        database = self.store.database
        found = [
            (file, content)
            for file, _, content in database.variants.held(page.origin.numbers)
            if not page.origin.has(content)
        ]
        for some in portions(found):

            def account(_: Plan, count: int = len(some)) -> None:
                page.report = replace(page.report, vanished=page.report.vanished + count)
                database.ledger.put(self.number, number, page.report)
                self._close(page)

            self._carry_out(partial(make_plan, database, drop=some), account)

    def _let_go(self, number: int, place: str) -> Page:
        """A file is not there any more: what nothing else holds goes."""
        database = self.store.database
        page = Page(Survey(Path(place), place), FileReport(place, state="vanished"))
        file = database.variants.file(place)
        held = [(file, content) for _, _, content in database.variants.held([file])]
        page.report = replace(page.report, vanished=len(held))
        for some in portions(held):
            self._carry_out(partial(make_plan, database, drop=some), lambda _: None)
        with self.lock, database.writing():
            database.variants.forget_file(file)
            database.ledger.put(self.number, number, page.report)
        return page

    # -- both --------------------------------------------------------------------------------------------------

    def _carry_out(self, make: Callable[[], Plan], also: Callable[[Plan], None]) -> None:
        if not self.rehearsing:
            carry_out(make, self.store, self.load, self.lock, also, later=True)
            return
        plan = make()
        with self.store.database.writing():
            plan.apply(self.store.database, lone=False)
            also(plan)
