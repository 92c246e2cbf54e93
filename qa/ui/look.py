"""The Look tab: what the library holds, and where the hits of a question lie in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from qa.errors import QAError
from qa.library import Library
from qa.schema import RecordHit
from qa.ui import browser, look_html, render, tab_words
from qa.ui.libraries import Libraries
from qa.ui.wiring import DO, SHOW

STYLE = Path(__file__).with_name("look.css")

#: How many records a question is said to hit: at most so many, and of a small library a fifth, for what is near is seen
#: only beside what is not.
HITS, FEWEST, SHARE = 50, 5, 5


class Look:
    """The components of the Look tab and the functions behind them.

    ``library`` is the session's choice among the libraries.
    """

    def __init__(self, libraries: Libraries, library: gr.State) -> None:
        self._libraries = libraries
        self.library = library

    def layout(self) -> None:
        """Lay out the components; within a tab or a page."""
        with gr.Column(elem_id="look-view", elem_classes="qa-view"):
            with gr.Row(elem_id="look-ask"):
                self.question = gr.Textbox(
                    label=tab_words.LOOK_QUESTION,
                    placeholder=tab_words.LOOK_HINT,
                    elem_id="look-question",
                    scale=4,
                )
                self.go = gr.Button(tab_words.LOOK, variant="primary", elem_id="look-go", scale=0, min_width=110)
            self.hits = gr.HTML(elem_id="look-hits")
            gr.HTML(f'<h2 class="qa-h2">{tab_words.MAP}</h2>')
            self.map = gr.HTML(render.pending(tab_words.DRAWING), elem_id="look-map")
            gr.HTML(f'<h2 class="qa-h2">{tab_words.BY_YEAR}</h2>')
            self.years = gr.HTML(render.pending(tab_words.COUNTING), elem_id="look-years")
            with gr.Row(elem_id="look-shares"):
                with gr.Column(min_width=300):
                    gr.HTML(f'<h2 class="qa-h2">{tab_words.BY_DESIGN}</h2>')
                    self.designs = gr.HTML(elem_id="look-designs")
                with gr.Column(min_width=300):
                    gr.HTML(f'<h2 class="qa-h2">{tab_words.BY_JOURNAL}</h2>')
                    self.journals = gr.HTML(elem_id="look-journals")

    def wire(self, opened: Callable[..., Any]) -> None:
        """Wire the components, within the page's context; ``opened`` listens to the view being opened."""
        held, found = [self.years, self.designs, self.journals], [self.hits, self.map]
        for event in (opened, self.library.change):
            event(self.count, [self.library], held, **SHOW).then(
                self.light_up, [self.library, self.question], found, **SHOW
            )
        gr.on([self.question.submit, self.go.click], self.wait, None, [self.hits], **DO).then(
            self.light_up, [self.library, self.question], found, **SHOW
        )

    def _open(self, name: str) -> Library:
        return self._libraries.get(name or self._libraries.first)

    def count(self, name: str) -> tuple[str, str, str]:
        """What the library holds by year, design and journal."""
        try:
            held = self._open(name).holdings()
        except QAError as error:
            return render.problem(str(error)), "", ""
        if not held:
            return f'<p class="qa-none">{tab_words.EMPTY}</p>', "", ""
        designs, journals = Counter[str](), Counter[str]()
        for one in held:
            designs[one.design] += one.records
            journals[one.journal] += one.records
        return (
            look_html.by_year(held),
            look_html.by_name(designs, tab_words.COLUMN_DESIGN, tab_words.NOT_TOLD),
            look_html.by_name(journals, tab_words.COLUMN_JOURNAL, tab_words.NOT_SAID, look_html.JOURNALS),
        )

    def wait(self) -> str:
        return render.pending(tab_words.SEARCHING)

    def light_up(self, name: str, question: str, request: gr.Request) -> tuple[str, str]:
        """The hits of a question over time, and the map with them; without a question, the map."""
        question = browser.text(question).strip()
        hits: list[RecordHit] = []
        said = ""
        try:
            library = self._open(name)
            if question:
                self._libraries.rules.ask(request)
                hits = library.search_records(question, min(HITS, max(FEWEST, len(library) // SHARE)))
                said = self._found(hits, question)
            drawn = look_html.library_map(library.topic_map(), hits, question)
        except QAError as error:
            return render.problem(str(error)), gr.skip()
        return said, drawn

    @staticmethod
    def _found(hits: list[RecordHit], question: str) -> str:
        if not hits:
            return render.note(tab_words.NOTHING_NEAR)
        chart = look_html.by_year(look_html.hits_of(hits), question)
        return f'<h2 class="qa-h2">{tab_words.NEAREST_OVER_TIME}</h2>{chart}'
