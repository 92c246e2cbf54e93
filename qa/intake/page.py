"""A file on its way in, with its page of the ledger, and the report on all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from qa.errors import ReadingError, UnknownFormat
from qa.plan import Origin
from qa.schema import Entry, FileReport, Report, Skip
from qa.survey import Survey


@dataclass
class Page:
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
        """Why the file could not be read."""
        return self.survey.error or self.broken

    def count(self, outcome: str, entry: Entry) -> None:
        """Enter what became of an entry."""
        changes = {outcome: getattr(self.report, outcome) + 1, "entries": self.report.entries + 1}
        self.report = replace(self.report, **changes)
        if isinstance(entry, Skip):
            self.skips.append(entry)

    def fail(self, error: ReadingError) -> None:
        """Enter a file that cannot be read at all."""
        self.skips.append(Skip(error.path, 0, str(error).removeprefix(f"{error.path}: ")))
        self.report = replace(self.report, state="failed", entries=1, skipped=1)


def report(pages: Sequence[Page], run: int, *, in_folder: bool) -> Report:
    """What became of all entries; ``in_folder`` says that no file was named by the person."""
    files = tuple(page.report for page in pages)

    def total(name: str) -> int:
        return sum(getattr(file, name) for file in files)

    return Report(
        added=total("added"),
        updated=total("updated"),
        unchanged=total("unchanged"),
        removed=total("removed"),
        skipped=tuple(skip for page in pages for skip in page.skips),
        failed=tuple(page.report.path for page in pages if _is_failure(page, in_folder)),
        merged=total("merged"),
        vanished=total("vanished"),
        files=files,
        run=run,
    )


def _is_failure(page: Page, in_folder: bool) -> bool:
    """In a folder, a file of a kind that is not read is no failure."""
    found = in_folder or page.found
    return page.error is not None and not (found and isinstance(page.error, UnknownFormat))
