"""Files in, in the Library tab: dropped or pasted."""

from __future__ import annotations

from typing import Any

import gradio as gr

from qa.errors import QAError
from qa.ui import browser, shelf_html, tab_words, uploads
from qa.ui.adding import Adding, fetch_command, identifiers
from qa.ui.drop import Drop, refused
from qa.ui.libraries import Libraries
from qa.ui.wiring import DO


class Inlet(Drop):
    """The drop zone with the full text of PDFs to ask for, and a box to paste into."""

    def __init__(self, libraries: Libraries, library: gr.State) -> None:
        super().__init__(libraries, library, "shelf-")

    def layout(self) -> None:
        """Lay out the components; within the Library tab."""
        with gr.Row(elem_id="shelf-in", visible=not self._libraries.rules.read_only):
            with gr.Column(min_width=260):
                self.layout_zone(full_text=True)
            with gr.Column(min_width=260):
                self.paste = gr.Textbox(
                    label=tab_words.PASTE,
                    placeholder=tab_words.PASTE_HINT,
                    lines=3,
                    max_lines=8,
                    elem_id="shelf-paste",
                )
                self.paste_button = gr.Button(tab_words.ADD_TEXT, size="sm", elem_id="shelf-paste-button")
        self.layout_progress()

    def wire(self) -> list[Any]:
        """Wire the components, within the page's context; returns the events after which files have been added."""
        pasted = self.paste_button.click(
            self.begin_text, [self.library, self.adding, self.paste], [*self.following, self.paste], **DO
        )
        return [*super().wire(), self._followed(pasted)]

    def begin_text(self, name: str, adding: Adding | None, pasted: str, request: gr.Request) -> tuple[Any, ...]:
        """Start to add what was pasted, as a file of that text; or say how to fetch what it names."""
        pasted = browser.text(pasted)
        if not pasted.strip():
            return *refused(tab_words.NOTHING_PASTED), ""
        if ids := identifiers(pasted):
            try:
                folder = self._open(name).folder
            except QAError as error:
                return *refused(error), pasted
            hint = shelf_html.fetch_hint(len(ids), fetch_command(ids, folder))
            return gr.skip(), gr.skip(), gr.skip(), hint, pasted
        begun = self._begin(name, adding, [uploads.pasted(pasted)], request)
        return (*begun, pasted if begun[-1] else "")  # what was refused can be tried again
