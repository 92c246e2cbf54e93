"""The components of the tab where questions are asked, and the list of conversations beside it."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa.errors import NotFound
from qa.library import Library
from qa.schema import Conversation
from qa.ui import answers, examples, frame, words
from qa.ui.browser import Seat
from qa.ui.calls import calls
from qa.ui.examples import Filling
from qa.ui.firsts import Firsts
from qa.ui.libraries import Libraries
from qa.ui.narrow import Narrow

if TYPE_CHECKING:
    from qa.library import Conversations

#: The parts of one script, in this order.
SCRIPTS = ("panel.js", "page.js", "files.js")

#: What a handler gives: the components that change, and what they show then.
Shown = dict[Any, Any]


class AskParts:
    """What is laid out, and the library that it is about."""

    def __init__(self, libraries: Libraries, filling: Filling | None = None, firsts: Firsts | None = None) -> None:
        """``filling`` is what reads the examples meanwhile, if anything does; ``firsts`` are shared with the server."""
        self._libraries = libraries
        self._filling = filling
        self._firsts = firsts or Firsts()
        self._running: dict[str | None, threading.Event] = {}  # what ends the search, by the browser's session
        with gr.Column(elem_id="conversation"):
            # Apart from the turns: it is drawn when the library changes, and an answer may have come meanwhile.
            self.invitation = gr.HTML(
                answers.invitation(), elem_id="invitation", apply_default_css=False, js_on_load=None
            )
            self.turns = gr.HTML(answers.empty(), elem_id="turns", apply_default_css=False, js_on_load=None)
            self.now = gr.HTML("", elem_id="now", apply_default_css=False, js_on_load=None)
        with gr.Row(elem_id="chips"):  # its place is kept while the questions are looked for
            self.chips = [gr.Button("", size="sm", elem_classes="chip", visible=False) for _ in examples.QUESTIONS]
        self.narrow = Narrow()
        with gr.Row(elem_id="ask-row", equal_height=True):
            self.question = gr.Textbox(
                label=words.QUESTION,
                placeholder=words.QUESTION_HINT,
                lines=1,
                max_lines=5,
                autofocus=True,
                scale=5,
                min_width=180,
                elem_id="question",
                html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="send"),
            )
            self.ask_button = gr.Button(words.ASK, variant="primary", scale=0, min_width=88, elem_id="ask")
            self.stop_button = gr.Button(words.STOP, scale=0, min_width=88, elem_id="stop")  # shown while one is needed
        self.seat = gr.JSON({}, visible=False)
        self.adopted = gr.State(None)  # the limits that the last question spoke of, for the components to show
        self.frame = gr.HTML(
            frame.frame(),
            elem_id="frame",
            render=False,  # it lies over every tab: the page lays it out beside them
            apply_default_css=False,
            js_on_load=script(),
            server_functions=calls(libraries),
        )

    def list_talks(self) -> None:
        """Lay out the list of conversations, where the page wants it."""
        with gr.Row(elem_id="talks-head"):
            gr.HTML(f'<h2 class="qa-h2">{words.CONVERSATIONS}</h2>')
            self.new_button = gr.Button(words.NEW, size="sm", scale=0, min_width=90, elem_id="new")
        self.wanted = gr.Textbox(
            label=words.SEARCH_TALKS, placeholder=words.SEARCH_TALKS, show_label=False, elem_id="search-talks"
        )
        self.talks = gr.HTML("", elem_id="talks", apply_default_css=False, js_on_load=None)

    def _of(self, seat: Seat) -> Library:
        return self._libraries.get(str(seat.get("library") or self._libraries.first))

    def _conversation(self, kept: Conversations, seat: Seat) -> Conversation | None:
        """The conversation that the browser is in; None where it has none, or it was deleted meanwhile."""
        try:
            return kept.load(seat["conversation"]) if seat.get("conversation") else None
        except NotFound:
            return None


def script() -> str:
    """What the browser runs: what it says, and then the parts as one."""
    parts = (Path(__file__).with_name(name).read_text(encoding="utf-8") for name in SCRIPTS)
    return "\n".join([f"const words = {json.dumps(words.SCRIPT)};", *parts])
