"""Files in, in the Library tab: dropped or pasted, followed while they are added, and stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from qa.errors import QAError
from qa.library import Library
from qa.ui import browser, render, shelf_html, tab_words, uploads
from qa.ui.adding import Adding, fetch_command, identifiers
from qa.ui.libraries import Libraries


class Inlet:
    """The components and the functions behind them; ``library`` holds the name of the one that is chosen."""

    def __init__(self, libraries: Libraries, library: gr.State) -> None:
        self._libraries = libraries
        self.library = library

    def layout(self, *, visible: bool) -> None:
        """Lay out the components; within the Library tab."""
        self.adding = gr.State(None)
        with gr.Row(elem_id="shelf-in", visible=visible):
            with gr.Column(min_width=260):
                self.drop = gr.File(label=tab_words.ADD_FILES, file_count="multiple", height=140, elem_id="shelf-drop")
                self.full_text = gr.Checkbox(label=tab_words.FULL_TEXT, elem_id="shelf-full-text")
            with gr.Column(min_width=260):
                self.paste = gr.Textbox(
                    label=tab_words.PASTE,
                    placeholder=tab_words.PASTE_HINT,
                    lines=3,
                    max_lines=8,
                    elem_id="shelf-paste",
                )
                self.paste_button = gr.Button(tab_words.ADD_TEXT, size="sm", elem_id="shelf-paste-button")
        self.progress = gr.HTML(elem_id="shelf-progress")
        self.cancel = gr.Button(tab_words.CANCEL, size="sm", visible=False, elem_id="shelf-cancel")

    def wire(self, quiet: dict[str, Any], refresh: Callable[[Callable[..., Any]], None]) -> None:
        """Wire the components; ``refresh`` shows the library anew after what it is given."""
        following = [self.adding, self.progress, self.cancel]
        for begun in (
            self.drop.upload(self.begin, [self.library, self.drop, self.full_text], [*following, self.drop], **quiet),
            gr.on(
                [self.paste_button.click],
                self.begin_text,
                [self.library, self.paste],
                [*following, self.paste],
                **quiet,
            ),
        ):
            ended = begun.then(self.follow, [self.adding], [self.progress, self.cancel], **quiet)
            refresh(ended.then)
        self.cancel.click(self.stop, [self.adding], [self.cancel], **quiet)

    def _open(self, name: str) -> Library:
        return self._libraries.get(name or self._libraries.first)

    def begin(self, name: str, paths: list[str] | None, full_text: bool, request: gr.Request) -> tuple[Any, ...]:
        """Start to add files; the drop zone is empty again at once."""
        if not paths:
            return gr.skip(), gr.skip(), gr.skip(), None
        return (*self._begin(name, [Path(path) for path in paths], request, full_text=full_text is True), None)

    def begin_text(self, name: str, pasted: str, request: gr.Request) -> tuple[Any, ...]:
        """Start to add what was pasted, as a file of that text; or say how to fetch what it names."""
        pasted = browser.text(pasted)
        if not pasted.strip():
            return (
                None,
                render.problem(tab_words.NOTHING_PASTED),
                gr.update(visible=False),
                "",
            )
        if ids := identifiers(pasted):
            try:
                folder = self._open(name).folder
            except QAError as error:
                return None, render.problem(str(error)), gr.update(visible=False), pasted
            hint = shelf_html.fetch_hint(len(ids), fetch_command(ids, folder))
            return None, hint, gr.update(visible=False), pasted
        begun = self._begin(name, [uploads.pasted(pasted)], request)
        return (*begun, pasted if begun[0] is None else "")  # what was refused can be tried again

    def _begin(
        self, name: str, files: list[Path], request: gr.Request, *, full_text: bool = False
    ) -> tuple[Any, Any, Any]:
        try:
            self._libraries.rules.upload(request)
            adding = Adding(self._open(name), files, full_text=full_text)
        except QAError as error:
            uploads.discard(files)
            return None, render.problem(str(error)), gr.update(visible=False)
        adding.start()
        return adding, shelf_html.steps(adding.steps), gr.update(visible=True, interactive=True, value=tab_words.CANCEL)

    def follow(self, adding: Adding | None) -> Iterator[tuple[Any, Any]]:
        """How far each file is, until all are done; then the ledger of the add."""
        if adding is None:
            yield gr.skip(), gr.skip()
            return
        while adding.running:
            adding.wait()
            yield shelf_html.steps(adding.steps, stopping=adding.stopping), gr.skip()
        yield shelf_html.steps(adding.steps), gr.update(visible=False)

    def stop(self, adding: Adding | None) -> Any:
        if adding is not None:
            adding.cancel()
        return gr.update(interactive=False, value=tab_words.STOPPING)
