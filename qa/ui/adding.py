"""Files on their way into a library: in a thread of their own, file by file, with a way to stop."""

from __future__ import annotations

import re
import shlex
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Literal

from qa.errors import Cancelled, QAError, ReadingError
from qa.library import Library
from qa.schema import Progress, Report, Skip
from qa.ui import tab_words, uploads, words

#: The last stage of an add, as the library calls it: there is nothing left to stop.
_LAST = "Updating the index"

State = Literal["waiting", "working", "done", "failed", "stopped"]


@dataclass(frozen=True, slots=True)
class Step:
    """Where a file is. ``left`` are the seconds that it may still take (None: not known yet)."""

    name: str
    state: State = "waiting"
    progress: Progress | None = None
    left: float | None = None
    report: Report | None = None
    problem: str = ""


class Adding:
    """One add of several files. The files are copies of our own: they are deleted when they are read."""

    def __init__(self, library: Library, files: Sequence[Path], *, full_text: bool = False) -> None:
        self._library = library
        self._files: deque[tuple[Path, bool]] = deque()  # those not begun yet, and whether their full text is wanted
        self.steps: list[Step] = []
        self._over = False
        self._stop = threading.Event()
        self._told = threading.Condition()
        self._queue(files, full_text)
        self._since, self._first = 0.0, 0  # when the first entries of a file were stored, and how many
        self._thread = threading.Thread(target=self._run, name="add", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def more(self, library: Library, files: Sequence[Path], *, full_text: bool = False) -> bool:
        """Add these as well, after those before; False where it is too late, or where they are for another library."""
        with self._told:
            if self._over or self.stopping or library is not self._library:
                return False
            self._queue(files, full_text)
        return True

    def cancel(self) -> None:
        """Stop soon: what is stored by then stays, and is accounted for."""
        self._stop.set()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def wait(self, seconds: float = 0.3) -> None:
        """Until something changes, or the time is over."""
        with self._told:
            self._told.wait(seconds)

    def join(self) -> None:
        """Until it is over."""
        self._thread.join()

    def _queue(self, files: Sequence[Path], full_text: bool) -> None:
        self._files.extend((file, full_text) for file in files)
        self.steps.extend(Step(file.name) for file in files)

    def _run(self) -> None:
        for number in count():
            with self._told:
                if not self._files:
                    self._over = True
                    return
                file, full_text = self._files.popleft()
            try:
                self._add(number, file, full_text)
            finally:
                uploads.discard([file])  # what was worth keeping is in the library now

    def _add(self, number: int, file: Path, full_text: bool) -> None:
        if self._stop.is_set():
            self._set(number, state="stopped", problem=tab_words.NOT_BEGUN)
            return
        self._since = 0.0
        self._set(number, state="working", progress=Progress(words.READING, 0, 0))
        outcome = Step(file.name, "failed", problem=words.BUG)
        try:
            tell = partial(self._tell, number)
            report = self._library.add(file, copies=[file], full_text=full_text, embed=False, progress=tell)
            self._library.behind.start()
            outcome = Step(file.name, "done", report=report)
        except Cancelled:
            outcome = self._stopped(number, file)
        except ReadingError as error:
            skip = Skip(file.name, error.line, error.reason)
            outcome = Step(file.name, "failed", report=Report(skipped=(skip,)))
        except QAError as error:
            outcome = Step(file.name, "failed", problem=str(error))
        finally:
            self.steps[number] = outcome
            self._notify()

    def _stopped(self, number: int, file: Path) -> Step:
        """What of a stopped file is in the library already, as the library's ledger has it."""
        entries = 0
        for one in (one for run in self._library.ledger()[-1:] for one in run.files):
            if Path(one.path).name == file.name and one.state == "unfinished":
                entries = one.entries
        step = self.steps[number].progress
        total = step.total if step else 0
        said = tab_words.NOTHING_ADDED
        if entries:
            said = tab_words.ADDING_STOPPED_OF if total else tab_words.ADDING_STOPPED_AT
        return Step(file.name, "stopped", problem=said.format(entries=entries, total=total))

    def _tell(self, number: int, step: Progress) -> None:
        if self._stop.is_set() and step.stage != _LAST:
            raise Cancelled(tab_words.ADDING_STOPPED)
        under_way = 0 < step.done < step.total
        if under_way and not self._since:
            self._since, self._first = time.monotonic(), step.done
        left = None
        if under_way and step.done > self._first:
            each = (time.monotonic() - self._since) / (step.done - self._first)
            left = each * (step.total - step.done)
        self._set(number, progress=step, left=left)

    def _set(self, number: int, **changes: object) -> None:
        self.steps[number] = replace(self.steps[number], **changes)  # type: ignore[arg-type]  # a Step's own fields
        self._notify()

    def _notify(self) -> None:
        with self._told:
            self._told.notify_all()


# -- what was pasted ------------------------------------------------------------------------------------------------

_ID = re.compile(
    r"(?i)(?:https?://)?(?:(?:www\.)?pubmed\.ncbi\.nlm\.nih\.gov/|(?:dx\.|www\.)?doi\.org/|pmid\s*[:=]?\s*|doi\s*[:=]\s*)?"
    r"(?P<id>10\.\d{4,9}/\S+|[1-9]\d{0,8})/?"
)


def identifiers(text: str) -> list[str]:
    """The DOIs and PMIDs of a text that holds nothing else, each once; empty where it says more than that."""
    found = []
    for line in re.sub(r"(?i)\b(pmid|doi)\s*[:=]?\s+", r"\1:", text).split():
        for part in re.split(r"[,;](?=\d|https?:|$)", line):
            if not part:
                continue
            match = _ID.fullmatch(part)
            if match is None:
                return []
            found.append(match["id"].rstrip(".,;"))
    return list(dict.fromkeys(found))


def fetch_command(ids: Sequence[str], folder: Path) -> str:
    """What to type to fetch these records into a library, safe to paste into a shell."""
    return shlex.join(["qa", "fetch", "--library", str(folder), *ids])
