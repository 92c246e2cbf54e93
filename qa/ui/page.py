"""The page: its layout, and how its parts are wired to the Library. All state is the library's or the browser's."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.themes.utils import fonts

from qa.errors import QAError, ReadingError
from qa.library import Library
from qa.schema import Progress, Report, Skip, Turn
from qa.ui import examples, render
from qa.ui.examples import Filling

STYLE = Path(__file__).with_name("style.css")

PROMISE = "Quotes, never writes: every sentence stands word for word in your library."

HEADER = f'<header class="qa-header"><h1>Literature QA</h1><p>{PROMISE}</p></header>'

EMPTY = (
    '<div class="qa-empty"><p class="qa-empty-title">Ask the abstracts you hold.</p>'
    "<p>The answer is made of their own sentences, each with its source and its place. "
    "Where your library has no answer, it says so.</p></div>"
)

FORMATS = (
    '<p class="qa-formats">PubMed (.nbib, .xml), RIS, BibTeX, EndNote, Web of Science, CSV, Excel, JSON, saved web '
    "pages, PDFs, abstracts copied as text, and ZIP archives of these. Files are read on this machine and go nowhere "
    "else.</p>"
)

# Brings the newest question to the top of the conversation, so that an answer is read from its first sentence.
SHOW_NEWEST = """() => setTimeout(() => {
  const asked = document.querySelectorAll('#conversation .qa-question');
  if (asked.length) asked[asked.length - 1].scrollIntoView({block: 'start'});
}, 80)"""

BUG = "Something went wrong that is not yours to mend: a bug of ours. The terminal says more."

Messages = list[dict[str, Any]]
Steps = queue.SimpleQueue[Progress | Report | QAError]


def launch_options() -> dict[str, Any]:
    """What :meth:`gradio.Blocks.launch` is told: system fonts, no links to elsewhere, no history kept by Gradio."""
    sans = [
        "ui-sans-serif",
        "system-ui",
        "-apple-system",
        "Segoe UI",
        "Roboto",
        "Helvetica Neue",
        "Arial",
        "sans-serif",
    ]
    mono = ["ui-monospace", "Menlo", "Consolas", "monospace"]
    theme = gr.themes.Base(
        primary_hue="teal",
        neutral_hue="stone",
        text_size="lg",
        radius_size="md",
        font=[fonts.Font(name) for name in sans],  # a Font is a name only; nothing is fetched for it
        font_mono=[fonts.Font(name) for name in mono],
    ).set(
        body_background_fill="#fbfaf8",
        body_background_fill_dark="#171614",
        block_background_fill="#ffffff",
        block_background_fill_dark="#1f1e1b",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_600",
        button_primary_text_color="#ffffff",
    )
    return {"theme": theme, "css": STYLE.read_text(encoding="utf-8"), "footer_links": [], "run_history": False}


class Page:
    """The components of one page and the functions behind them."""

    def __init__(self, library: Library, filling: Filling) -> None:
        self._library = library
        self._filling = filling
        self._warm = False  # whether the model has been loaded; only decides which words are shown while waiting

    def blocks(self) -> gr.Blocks:
        """Lay out the components and wire them."""
        with gr.Blocks(analytics_enabled=False, title="Literature QA", fill_width=True) as page:
            gr.HTML(HEADER)
            with gr.Row(elem_id="columns"):
                with gr.Column(scale=3, min_width=320, elem_id="main"):
                    self._conversation()
                with gr.Column(scale=1, min_width=300, elem_id="shelf"):
                    self._shelf()
            self._wire(page)
        page.queue(default_concurrency_limit=8, api_open=False)
        blocks: gr.Blocks = page
        return blocks

    def _conversation(self) -> None:
        self.conversation = gr.Chatbot(
            elem_id="conversation",
            label="Conversation",
            show_label=False,
            container=False,
            layout="panel",
            height=None,
            autoscroll=False,
            buttons=[],
            feedback_options=None,
            latex_delimiters=[],
            line_breaks=False,
            allow_tags=False,
            placeholder=EMPTY,
        )
        self.turns = gr.State([])
        self.edit_button = gr.Button("Edit the question as it was asked", size="sm", visible=False, elem_id="edit")
        with gr.Row(elem_id="chips", visible=False) as self.chips_row:
            self.chips = [gr.Button(words, size="sm", elem_classes="chip") for words in examples.QUESTIONS]
        with gr.Row(elem_id="ask-row", equal_height=True):
            self.question = gr.Textbox(
                label="Your question",
                placeholder="Ask a question",
                lines=1,
                max_lines=5,
                autofocus=True,
                scale=5,
                min_width=200,
                elem_id="question",
                html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="send"),
            )
            self.ask_button = gr.Button("Ask", variant="primary", scale=0, min_width=96, elem_id="ask")

    def _shelf(self) -> None:
        gr.HTML('<h2 class="qa-h2">Your library</h2>')
        self.status = gr.HTML(render.pending("Looking into the library …"), elem_id="status")
        self.remove_button = gr.Button("Remove the examples", size="sm", visible=False, elem_id="remove-examples")
        self.drop = gr.File(label="Add files", file_count="multiple", height=130, elem_id="drop")
        self.ledger = gr.HTML(elem_id="ledger")
        gr.HTML(FORMATS)
        self.timer = gr.Timer(1.0, active=False)

    def _wire(self, page: gr.Blocks) -> None:
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        shelf = [self.status, self.remove_button, self.chips_row, self.timer]
        page.load(self.shelf, [self.conversation], shelf, **quiet)
        self.timer.tick(self.shelf, [self.conversation], shelf, **quiet)

        known = [self.conversation, self.turns]
        asked = [self.conversation, self.question, self.chips_row, self.turns, self.edit_button]
        gr.on([self.question.submit, self.ask_button.click], self.ask, [self.question, *known], asked, **quiet)
        for chip in self.chips:
            chip.click(self.ask, [chip, *known], asked, **quiet)
        self.edit_button.click(lambda turns: turns[-1].asked if turns else "", [self.turns], [self.question], **quiet)
        cleared = self.conversation.clear(
            lambda: ([], gr.update(visible=False)), None, [self.turns, self.edit_button], **quiet
        )
        cleared.then(lambda: self.shelf(None), None, shelf, **quiet)
        self.conversation.change(None, None, None, js=SHOW_NEWEST)

        added = self.drop.upload(self.add, [self.drop], [self.ledger, self.drop], **quiet)
        added.then(self.shelf, [self.conversation], shelf, **quiet)
        removed = self.remove_button.click(self.remove, None, [self.ledger], **quiet)
        removed.then(self.shelf, [self.conversation], shelf, **quiet)

    # What the components call.

    def ask(self, question: str, history: Messages | None, turns: list[Turn]) -> Iterator[tuple[Any, ...]]:
        """The conversation with the question and what is being done; then with the answer, or why there is none."""
        history = list(history or [])
        editable = False
        if question.strip():
            history.append({"role": "user", "content": render.question(question)})
        waiting = "Searching your library …" if self._warm else "Loading the model, for the first question only …"
        yield [*history, _said(render.pending(waiting))], "", gr.update(visible=False), turns, gr.skip()
        words = render.note(BUG)
        try:
            answer = self._library.ask(question, turns=turns)
            words = render.answer(answer)
            turns = [*turns, answer.turn] if answer.turn else turns
            editable = answer.asked != question.strip()
            self._warm = True
        except QAError as error:
            words = render.note(str(error))
        finally:
            yield [*history, _said(words)], gr.skip(), gr.skip(), turns, gr.update(visible=editable)

    def add(self, paths: list[str] | None) -> Iterator[tuple[Any, Any]]:
        """How far the add is, in words; then the ledger. The drop zone is empty again at once."""
        files = [Path(path) for path in paths or []]
        if not files:
            yield gr.skip(), None
            return
        steps: Steps = queue.SimpleQueue()
        worker = threading.Thread(target=self._add, args=(files, steps), name="add", daemon=True)
        worker.start()
        yield render.progress(Progress("Reading", 0, 0)), None
        while isinstance(step := _newest(steps), Progress):
            yield render.progress(step), gr.skip()
        if isinstance(step, Report):
            yield render.ledger(step, [file.name for file in files]), gr.skip()
        else:
            yield render.problem(str(step)), gr.skip()

    def _add(self, files: list[Path], steps: Steps) -> None:
        last: Report | QAError = QAError(BUG)
        try:
            last = self._library.add(*files, copies=files, progress=steps.put)
            self._warm = True
        except ReadingError:
            last = self._reasons(files)
        except QAError as error:
            last = error
        finally:
            for file in files:  # the upload's copy; what was worth keeping is in the library now
                file.unlink(missing_ok=True)
            steps.put(last)

    def _reasons(self, files: list[Path]) -> Report:
        """Why none of the files could be read: the library tells of the first only, the ledger of each."""
        skipped = []
        for file in files:
            try:
                self._library.add(file, copies=[file])
            except ReadingError as error:
                skipped.append(Skip(error.path, error.line, error.reason))
        return Report(skipped=tuple(skipped))

    def remove(self) -> str:
        """Remove the example digests, and say how many they were."""
        try:
            count = self._library.remove(*examples.held(self._library))
        except QAError as error:
            return render.problem(str(error))
        return render.said(f"{count} examples removed. What is left is your own.")

    def shelf(self, history: Messages | None) -> tuple[Any, Any, Any, Any]:
        """What the library holds; whether to offer to remove the examples, their questions, and to look again."""
        filling = self._filling.running
        try:
            info = self._library.info()
            held = examples.held(self._library)
        except QAError as error:
            return (
                render.problem(str(error)),
                gr.update(visible=False),
                gr.update(visible=False),
                gr.update(active=False),
            )
        own = info.records - len(held)
        lines = []
        if filling:
            lines.append("Reading the examples …")
        if self._filling.failure:
            lines.append(self._filling.failure)
        if held and not own:
            lines.append(
                "These are examples: short digests of published work, written for this program. "
                "Add your own files below."
            )
        elif held:
            lines.append(f"{len(held)} of them are examples, written for this program.")
        return (
            render.status(info.records, info.sentences, lines),
            gr.update(visible=bool(held) and own > 0),
            gr.update(visible=bool(held) and not history),
            gr.update(active=filling),
        )


def _newest(steps: Steps) -> Progress | Report | QAError:
    """The latest step, waited for: a page need not be told of every entry."""
    step = steps.get()
    if isinstance(step, Progress):
        time.sleep(0.1)
        while isinstance(step, Progress) and not steps.empty():
            step = steps.get()
    return step


def _said(content: str) -> dict[str, Any]:
    return {"role": "assistant", "content": content}
