"""What the library holds, and files to add to it."""

from __future__ import annotations

from typing import Any

import gradio as gr

from qa.errors import QAError
from qa.library import Library
from qa.ui import examples, render, words
from qa.ui.drop import Drop
from qa.ui.examples import Filling
from qa.ui.libraries import Libraries
from qa.ui.wiring import DO, SHOW


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
        self.files = Drop(libraries, library)
        self.files.layout_zone(full_text=False)
        self.files.layout_progress()
        gr.HTML(f'<p class="qa-formats">{words.READ_ONLY if libraries.rules.read_only else words.FORMATS}</p>')
        self.timer = gr.Timer(1.0, active=False)
        self.outputs = [self.status, self.remove_button, self.timer]

    def wire(self, page: gr.Blocks) -> list[Any]:
        """Wire the components; returns the events after which the library may hold something else."""
        gr.on([page.load, self._chosen.change], self.look, [self._chosen], self.outputs, **SHOW)
        ticked = self.timer.tick(self.look, [self._chosen], self.outputs, **DO)
        removed = self.remove_button.click(self.remove, [self._chosen], [self.files.said], **DO)
        changed = [*self.files.wire(), removed]
        return [ticked, *(done.then(self.look, [self._chosen], self.outputs, **SHOW) for done in changed)]

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
        if filling and not held:  # they may wait for what else is being embedded
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
