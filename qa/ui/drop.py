"""Files in: dropped, followed while they are added one by one, and stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from qa.errors import QAError
from qa.library import Library
from qa.ui import render, shelf_html, tab_words, uploads, words
from qa.ui.adding import Adding
from qa.ui.libraries import Libraries
from qa.ui.wiring import DO, EACH, SHOW


class Drop:
    """A drop zone, what becomes of the files, and a way to stop."""

    def __init__(self, libraries: Libraries, library: gr.State, prefix: str = "") -> None:
        """``library`` holds the name of the one that is chosen; the components' ids begin with ``prefix``."""
        self._libraries = libraries
        self.library = library
        self._prefix = prefix

    def layout_zone(self, *, full_text: bool) -> None:
        """Lay out where files are dropped; and whether their full text is wanted, where that can be said."""
        may_add = not self._libraries.rules.read_only
        self.drop = gr.File(
            label=words.ADD_FILES, file_count="multiple", height=130, elem_id=self._prefix + "drop", visible=may_add
        )
        self.full_text = gr.Checkbox(
            label=tab_words.FULL_TEXT, visible=full_text and may_add, elem_id=self._prefix + "full-text"
        )

    def layout_progress(self) -> None:
        """Lay out what is said of the files, and what becomes of each."""
        self.adding = gr.State(None)
        self.said = gr.HTML(elem_id=self._prefix + "refused", elem_classes="qa-refused")
        self.progress = gr.HTML(elem_id=self._prefix + "ledger")
        self.cancel = gr.Button(words.CANCEL, size="sm", visible=False, elem_id=self._prefix + "cancel")
        self.following = [self.adding, self.progress, self.cancel, self.said]

    def wire(self) -> list[Any]:
        """Wire the components, within the page's context; returns the events after which files have been added."""
        given = [self.library, self.adding, self.drop, self.full_text]
        begun = self.drop.upload(self.begin, given, [*self.following, self.drop], **EACH)
        self.cancel.click(self.stop, [self.adding], [self.cancel], **DO)
        return [self._followed(begun)]

    def _followed(self, begun: Any) -> Any:
        return begun.then(self.follow, [self.adding], [self.progress, self.cancel], **SHOW)

    def _open(self, name: str) -> Library:
        return self._libraries.get(name or self._libraries.first)

    def begin(
        self, name: str, adding: Adding | None, paths: list[str] | None, full_text: bool, request: gr.Request
    ) -> tuple[Any, ...]:
        """Start to add files; the drop zone is empty again at once."""
        if not paths:
            return (*(gr.skip(),) * 4, None)
        return (*self._begin(name, adding, [Path(path) for path in paths], request, full_text=full_text is True), None)

    def _begin(
        self, name: str, adding: Adding | None, files: Sequence[Path], request: gr.Request, *, full_text: bool = False
    ) -> tuple[Any, Any, Any, str]:
        """Add the files, behind those that are on their way to the same library already; or say why not."""
        try:
            self._libraries.rules.upload(request)
            library = self._open(name)
        except QAError as error:
            uploads.discard(files)
            return refused(error)
        if adding is None or not adding.more(library, files, full_text=full_text):
            adding = Adding(library, files, full_text=full_text)
            adding.start()
        stoppable = gr.update(visible=True, interactive=True, value=words.CANCEL)
        return adding, shelf_html.steps(adding.steps), stoppable, ""

    def follow(self, adding: Adding | None) -> Iterator[tuple[Any, Any]]:
        """How far each file is, until all are done; then the ledger of the add."""
        if adding is None:
            yield gr.skip(), gr.skip()
            return
        while adding.running:
            adding.wait()
            yield shelf_html.steps(adding.steps, stopping=adding.stopping), gr.update(visible=True)
        yield shelf_html.steps(adding.steps), gr.update(visible=False)

    def stop(self, adding: Adding | None) -> Any:
        if adding is not None:
            adding.cancel()
        return gr.update(interactive=False, value=tab_words.STOPPING)


def refused(why: QAError | str) -> tuple[Any, Any, Any, str]:
    """Nothing is added, for this reason; what is being added goes on."""
    return gr.skip(), gr.skip(), gr.skip(), render.problem(str(why))
