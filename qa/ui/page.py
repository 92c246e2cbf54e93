"""The page: its tabs, one function each, and what the browser is told of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.themes.utils import fonts

from qa.library import Library
from qa.ui import words
from qa.ui.ask import Ask
from qa.ui.examples import Filling
from qa.ui.firsts import Firsts
from qa.ui.grid import Compare
from qa.ui.libraries import Libraries
from qa.ui.look import Look
from qa.ui.rules import Rules
from qa.ui.shelf import Shelf
from qa.ui.side import Side
from qa.ui.wiring import DO, SHOW

STYLES = ("style.css", "ask.css", "shelf.css", "look.css", "grid.css")

#: The sheet that Gradio is to leave as it is.
AS_IT_STANDS = "phone.css"

HEADER = f'<header class="qa-header"><h1>{words.NAME}</h1><p>{words.PROMISE}</p></header>'

#: Seconds between looks at Gradio's copies of files to download, and for how many one stays. None outlives the server.
KEPT = (3600, 2 * 86_400)

#: Browser tabs whose state the server keeps, the latest ones. Gradio keeps up to a megabyte of each, and lets go of no
#: tab before there are so many. Who comes back after that is shown the first library, and the table from its start.
SESSIONS = 256


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
        checkbox_background_color_selected="*primary_700",
        checkbox_border_color_selected="*primary_700",
    )
    said = f":root {{ --qa-drop: {json.dumps(words.DROP)}; --qa-drop-anywhere: {json.dumps(words.DROP_ANYWHERE)}; }}"
    css = "\n".join([said, *(Path(__file__).with_name(name).read_text(encoding="utf-8") for name in STYLES)])
    return {
        "theme": theme,
        "css": css,
        "head": f"<style>{Path(__file__).with_name(AS_IT_STANDS).read_text(encoding='utf-8')}</style>",
        "footer_links": [],
        "run_history": False,
        "state_session_capacity": SESSIONS,
    }


class Page:
    """The page over a library, and over those in the folders beside it."""

    def __init__(
        self, library: Library, filling: Filling, rules: Rules | None = None, firsts: Firsts | None = None
    ) -> None:
        self._libraries = Libraries(library, rules)
        self._filling = filling
        self._firsts = firsts or Firsts()

    def blocks(self) -> gr.Blocks:
        """Lay out the tabs and wire them."""
        with gr.Blocks(analytics_enabled=False, title=words.NAME, fill_width=True, delete_cache=KEPT) as page:
            gr.HTML(HEADER)
            library = gr.State("")  # the name of the one that the session has chosen; empty for the first
            cited = gr.State(())  # the ids of the records that the last answer cites
            with gr.Tabs(elem_id="tabs") as tabs:
                with gr.Tab(words.ASK_TAB, id="ask"):
                    ask = self._ask(page, library)
                with gr.Tab(words.LIBRARY_TAB, id="library") as tab:
                    shelf = Shelf(self._libraries, library)
                    self._view(shelf, tab)
                    given = [shelf.view, *ask.narrow.inputs]
                    shelf.only.click(ask.limit_to, given, [ask.narrow.limits, *ask.narrow.inputs], **DO).then(
                        lambda: gr.Tabs(selected="ask"), None, [tabs], **SHOW
                    )
                with gr.Tab(words.LOOK_TAB, id="look") as tab:
                    self._view(Look(self._libraries, library), tab)
                with gr.Tab(words.COMPARE_TAB, id="compare") as tab:
                    self._view(Compare(self._libraries, library, cited), tab)
                    tab.select(ask.cited, [ask.seat], [cited], **SHOW)
            ask.frame.render()  # type: ignore[no-untyped-call]
        page.queue(default_concurrency_limit=8, api_open=False)
        blocks: gr.Blocks = page
        return blocks

    def _ask(self, page: gr.Blocks, library: gr.State) -> Ask:
        """The tab where questions are asked, with the library beside it."""
        with gr.Row(elem_id="columns"):
            with gr.Column(scale=3, min_width=320, elem_id="main"):
                ask = Ask(self._libraries, self._filling, self._firsts)
            with gr.Column(scale=1, min_width=300, elem_id="shelf"):
                ask.list_talks()
                side = Side(self._libraries, library, self._filling)
        ask.wire(page, library)
        for changed in side.wire(page):
            changed.then(ask.invite, [ask.seat], [ask.invitation], **SHOW).then(
                ask.offer, [ask.seat], ask.chips, **SHOW
            )
        return ask

    @staticmethod
    def _view(view: Shelf | Look | Compare, tab: gr.Tab) -> None:
        """A tab of one view, which looks into the library when the tab is opened."""
        view.layout()
        view.wire(tab.select)
