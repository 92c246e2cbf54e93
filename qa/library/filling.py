"""What puts records into a library: files and folders, embedding, lists of retractions."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import NotFound
from qa.library.opening import Opening
from qa.schema import Awaiting, Marked, Progress, ProgressCallback, Report, Run

if TYPE_CHECKING:
    from qa.answering.abstention import Curve
    from qa.backlog import Behind

#: Seconds after which whoever waits for another thread to embed says so, and can be stopped.
PATIENCE = 0.2


class Filling(Opening):
    """Adding, and what follows from it."""

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

        with self._embedding(progress):
            embedded = backlog.work_off(self._store, self._load, self._lock, progress)
        if embedded:
            self._calibrate()
        return embedded

    @contextmanager
    def _embedding(self, progress: ProgressCallback | None) -> Iterator[None]:
        """One thread at a time: two would embed the same records, and questions would wait for both."""
        from qa import backlog

        while not self._one_embeds.acquire(timeout=PATIENCE):
            if progress:  # it may end the waiting
                progress(Progress(backlog.STAGE, 0, self.awaiting().records))
        try:
            yield
        finally:
            self._one_embeds.release()

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
