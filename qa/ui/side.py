"""What the library holds, and files to add to it."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from qa.errors import QAError, ReadingError
from qa.library import Library
from qa.schema import Progress, Report, Skip
from qa.ui import examples, render, uploads, words
from qa.ui.examples import Filling
from qa.ui.libraries import Libraries

Steps = queue.SimpleQueue[Progress | Report | QAError]


class Side:
    """The components beside the conversation, and the functions behind them."""

    def __init__(self, libraries: Libraries, library: gr.State, filling: Filling) -> None:
        """``library`` holds the name of the one that the session has chosen."""
        self._libraries = libraries
        self._chosen = library
        self._filling = filling
        gr.HTML(f'<h2 class="qa-h2">{words.LIBRARY}</h2>')
        self.status = gr.HTML(render.pending(words.LOOKING_IN), elem_id="status")
        self.remove_button = gr.Button(words.REMOVE_EXAMPLES, size="sm", visible=False, elem_id="remove-examples")
        may_add = not libraries.rules.read_only
        self.drop = gr.File(label=words.ADD_FILES, file_count="multiple", height=130, elem_id="drop", visible=may_add)
        self.ledger = gr.HTML(elem_id="ledger")
        gr.HTML(f'<p class="qa-formats">{words.FORMATS if may_add else words.READ_ONLY}</p>')
        self.timer = gr.Timer(1.0, active=False)
        self.outputs = [self.status, self.remove_button, self.timer]

    def wire(self, page: gr.Blocks, quiet: dict[str, Any]) -> list[Any]:
        """Wire the components; returns the events after which the library may hold something else."""
        gr.on([page.load, self._chosen.change], self.look, [self._chosen], self.outputs, **quiet)
        ticked = self.timer.tick(self.look, [self._chosen], self.outputs, **quiet)
        added = self.drop.upload(self.add, [self._chosen, self.drop], [self.ledger, self.drop], **quiet)
        removed = self.remove_button.click(self.remove, [self._chosen], [self.ledger], **quiet)
        return [ticked, *(done.then(self.look, [self._chosen], self.outputs, **quiet) for done in (added, removed))]

    def add(self, name: str, paths: list[str] | None, request: gr.Request) -> Iterator[tuple[Any, Any]]:
        """How far the add is, in words; then the ledger. The drop zone is empty again at once."""
        files = [Path(path) for path in paths or []]
        if not files:
            yield gr.skip(), None
            return
        try:
            self._libraries.rules.upload(request)
        except QAError as error:
            uploads.discard(files)
            yield render.problem(str(error)), None
            return
        steps: Steps = queue.SimpleQueue()
        worker = threading.Thread(target=self._add, args=(name, files, steps), name="add", daemon=True)
        worker.start()
        yield render.progress(Progress(words.READING, 0, 0)), None
        while isinstance(step := _newest(steps), Progress):
            yield render.progress(step), gr.skip()
        if isinstance(step, Report):
            yield render.ledger(step, [file.name for file in files]), gr.skip()
        else:
            yield render.problem(str(step)), gr.skip()

    def _add(self, name: str, files: list[Path], steps: Steps) -> None:
        last: Report | QAError = QAError(words.BUG)
        try:
            library = self._of(name)
            last = library.add(*files, copies=files, embed=False, progress=steps.put)
            library.behind.start()
        except ReadingError:
            last = self._reasons(self._of(name), files)
        except QAError as error:
            last = error
        finally:
            uploads.discard(files)  # what was worth keeping is in the library now
            steps.put(last)

    @staticmethod
    def _reasons(library: Library, files: list[Path]) -> Report:
        """Why none of the files could be read: the library tells of the first only, the ledger of each."""
        skipped = []
        for file in files:
            try:
                library.add(file, copies=[file], embed=False)
            except ReadingError as error:
                skipped.append(Skip(error.path, error.line, error.reason))
        return Report(skipped=tuple(skipped))

    def remove(self, name: str) -> str:
        """Remove the example digests, and say how many they were."""
        try:
            self._libraries.rules.change()
            library = self._of(name)
            count = library.remove(*examples.held(library))
        except QAError as error:
            return render.problem(str(error))
        return render.said(words.EXAMPLES_REMOVED.format(count=count))

    def look(self, name: str) -> tuple[Any, Any, Any]:
        """What the library holds; whether to offer to remove the examples, and to look again.

        Where records wait to be embedded (adding was stopped), that goes on.
        """
        filling = self._filling.running
        try:
            library = self._of(name)
            info, held, awaiting = library.info(), examples.held(library), library.awaiting()
        except QAError as error:
            return render.problem(str(error)), gr.update(visible=False), gr.update(active=False)
        own = info.records - len(held)
        lines = []
        if filling:
            lines.append(words.READING_EXAMPLES)
        if self._filling.failure:
            lines.append(self._filling.failure)
        if awaiting:
            failure = library.behind.failure
            if not (filling or failure or self._libraries.rules.read_only):
                library.behind.start()
            lines.append(failure or str(awaiting) + ("" if self._libraries.rules.read_only else f" {words.EMBEDDING}"))
        if held and not own:
            lines.append(words.ONLY_EXAMPLES if not self._libraries.rules.read_only else words.EXAMPLES)
        elif held:
            lines.append(words.SOME_EXAMPLES.format(count=len(held)))
        return (
            render.status(info.records, info.sentences, lines),
            gr.update(visible=bool(held) and own > 0 and not self._libraries.rules.read_only),
            gr.update(active=filling or library.behind.running),
        )

    def _of(self, name: str) -> Library:
        return self._libraries.get(name or self._libraries.first)


def _newest(steps: Steps) -> Progress | Report | QAError:
    """The latest step, waited for: a page need not be told of every entry."""
    step = steps.get()
    if isinstance(step, Progress):
        time.sleep(0.1)
        while isinstance(step, Progress) and not steps.empty():
            step = steps.get()
    return step
