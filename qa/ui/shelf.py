"""The Library tab: files in, records out, and which library it is. All state is the library's or the session's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr

from qa.errors import QAError
from qa.library import Library
from qa.removal import Removed
from qa.schema import DESIGNS, Filters, Sort
from qa.ui import browser, render, shelf_html, tab_words, words
from qa.ui.inlet import Inlet
from qa.ui.libraries import Libraries, memory_in_use
from qa.ui.shelf_html import PAGE
from qa.ui.twins import Twins
from qa.ui.wiring import DO, EACH, SHOW

STYLE = Path(__file__).with_name("shelf.css")

#: How many removals can be undone, the latest first.
UNDOABLE = 10

# The table is HTML that the server writes; what is clicked in it is told to the server by its data attributes.
TABLE_JS = """
const tell = (data) => trigger('select', data);
const boxes = () => [...element.querySelectorAll('td.qa-pick input')];
const every = () => element.querySelectorAll('.qa-pick input');
const reflect = () => every().forEach(box => { box.checked = box.dataset.on === '1'; });
element.addEventListener('click', event => {
  const button = event.target.closest('button[data-sort]');
  if (button) tell({action: 'sort', key: button.dataset.sort});
});
element.addEventListener('change', event => {
  if (event.target.classList.contains('qa-all')) boxes().forEach(box => { box.checked = event.target.checked; });
  tell({action: 'choose', shown: boxes().map(box => box.dataset.id),
        chosen: boxes().filter(box => box.checked).map(box => box.dataset.id)});
});
watch('value', reflect);
reflect();
"""


@dataclass(frozen=True, slots=True)
class View:
    """What the table shows, and which records are chosen in it."""

    words: str = ""
    designs: tuple[str, ...] = ()
    sort: Sort = "added"
    descending: bool = True  # the newest first
    start: int = 0
    chosen: frozenset[str] = frozenset()


class Shelf:
    """The components of the Library tab and the functions behind them.

    ``library`` is the session's choice among the libraries: the name of one, empty for the one the page was started
    with. It is shared with the other tabs, and changed here.
    """

    def __init__(self, libraries: Libraries, library: gr.State) -> None:
        self._libraries = libraries
        self.library = library
        self.inlet = Inlet(libraries, library)
        self.twins = Twins(libraries, library)

    def layout(self) -> None:
        """Lay out the components; within a tab or a page."""
        self.view = gr.State(View())
        self.removals = gr.State([])
        may_change = not self._libraries.rules.read_only
        with gr.Column(elem_id="shelf-view", elem_classes="qa-view"):
            with gr.Row(elem_id="shelf-head"):
                self.choice = gr.Dropdown(
                    label=tab_words.LIBRARY_CHOICE, choices=[], interactive=True, elem_id="shelf-choice", scale=1
                )
                self.summary = gr.HTML(elem_id="shelf-summary")
                with gr.Accordion(tab_words.NEW_LIBRARY, open=False, elem_id="shelf-new", visible=may_change):
                    self.name = gr.Textbox(label=tab_words.NEW_NAME, max_length=64, elem_id="shelf-name")
                    self.create = gr.Button(tab_words.CREATE, size="sm", elem_id="shelf-create")
                    self.created = gr.HTML(elem_id="shelf-created")
            gr.HTML(f'<p class="qa-formats">{words.READ_ONLY}</p>', visible=not may_change)
            self.inlet.layout()
            gr.HTML(f'<h2 class="qa-h2">{tab_words.RECORDS}</h2>')
            with gr.Row(elem_id="shelf-tools"):
                self.words = gr.Textbox(
                    label=tab_words.SEARCH, placeholder=tab_words.SEARCH_HINT, elem_id="shelf-search", scale=2
                )
                self.designs = gr.Dropdown(
                    label=tab_words.STUDY_DESIGN,
                    choices=list(DESIGNS),
                    multiselect=True,
                    elem_id="shelf-designs",
                    scale=2,
                )
            with gr.Row(elem_id="shelf-actions"):
                self.only = gr.Button(words.ASK_THESE, size="sm", visible=False, elem_id="shelf-only")
                self.remove = gr.Button(tab_words.REMOVE, size="sm", visible=False, elem_id="shelf-remove")
                self.undo = gr.Button(tab_words.UNDO, size="sm", visible=False, elem_id="shelf-undo")
                self.said = gr.HTML(elem_id="shelf-said")
            self.table = gr.HTML(elem_id="shelf-table", js_on_load=TABLE_JS)
            with gr.Row(elem_id="shelf-pager"):
                self.earlier = gr.Button(tab_words.EARLIER, size="sm", visible=False, elem_id="shelf-earlier")
                self.later = gr.Button(tab_words.LATER, size="sm", visible=False, elem_id="shelf-later")
            self.twins.layout()

    def wire(self, opened: Callable[..., Any]) -> None:
        """Wire the components, within the page's context; ``opened`` listens to the view being opened."""
        known = [self.library, self.view]
        shown = [self.view, self.table, self.only, self.remove, self.earlier, self.later]
        head = [self.choice, self.summary]

        def refresh(after: Callable[..., Any]) -> None:
            after(self.show_head, [self.library], head, **SHOW).then(self.show_table, known, shown, **SHOW)

        refresh(opened)
        self.words.change(self.search, [*known, self.words, self.designs], shown, **SHOW)
        self.designs.change(self.search, [*known, self.words, self.designs], shown, **SHOW)
        self.table.select(self.act, known, shown, **EACH)
        self.earlier.click(lambda name, view: self.turn(name, view, -PAGE), known, shown, **DO)
        self.later.click(lambda name, view: self.turn(name, view, PAGE), known, shown, **DO)

        changed = [*shown, *head, self.removals, self.undo, self.said]
        self.remove.click(self.take_out, [*known, self.removals], changed, **DO)
        self.undo.click(self.put_back, [*known, self.removals], changed, **DO)

        for added in self.inlet.wire():
            refresh(added.then)
        refresh(self.twins.wire())

        switched = [self.library, self.view, self.removals, self.undo, self.said, self.inlet.progress]
        refresh(self.choice.input(self.switch, [self.choice], switched, **SHOW).then)
        made = gr.on(
            [self.create.click, self.name.submit],
            self.make,
            [self.library, self.name],
            [self.library, self.name, self.created, self.view, self.removals, self.undo],
            **DO,
        )
        refresh(made.then)

    # -- which library, and what is in it -----------------------------------------------------------------------------

    def _open(self, name: str) -> Library:
        return self._libraries.get(name or self._libraries.first)

    def show_head(self, name: str) -> tuple[Any, str]:
        """The libraries to choose from, and what this one holds and takes."""
        name = name or self._libraries.first
        choice = gr.update(choices=self._libraries.names(), value=name)
        try:
            info = self._open(name).info()
        except QAError as error:
            return choice, render.problem(str(error))
        return choice, shelf_html.summary(info.records, info.sentences, info.bytes, memory_in_use())

    def switch(self, name: str) -> tuple[Any, ...]:
        """Another library, from its first record; what was removed from the one before stays removed."""
        return name, View(), [], gr.update(visible=False), "", ""

    def make(self, current: str, name: str) -> tuple[Any, ...]:
        """A new library, and switch to it."""
        try:
            made = self._libraries.create(browser.text(name))
        except QAError as error:
            return current, gr.skip(), render.problem(str(error)), gr.skip(), gr.skip(), gr.skip()
        said = render.said(tab_words.MADE.format(name=made, folder=self._libraries.root / made))
        return made, "", said, View(), [], gr.update(visible=False)

    # -- the table ----------------------------------------------------------------------------------------------------

    def show_table(self, name: str, view: View) -> tuple[Any, ...]:
        """The records that the view asks for."""
        try:
            library = self._open(name)
            listing = self._listing(library, view)
            if view.start >= listing.total > 0:  # what was on the last page is gone
                view = replace(view, start=(listing.total - 1) // PAGE * PAGE)
                listing = self._listing(library, view)
        except QAError as error:
            gone = gr.update(visible=False)
            return view, render.problem(str(error)), gone, gone, gr.update(), gr.update()
        html = shelf_html.table(
            listing, sort=view.sort, descending=view.descending, start=view.start, chosen=view.chosen, words=view.words
        )
        count = len(view.chosen)
        label = words.counted(count, tab_words.REMOVE_ONE, tab_words.REMOVE_MANY)
        return (
            view,
            html,
            gr.update(visible=bool(count), value=words.counted(count, words.ASK_THESE_ONE, words.ASK_THESE)),
            gr.update(visible=bool(count) and not self._libraries.rules.read_only, value=label),
            gr.update(visible=listing.total > PAGE, interactive=view.start > 0),
            gr.update(visible=listing.total > PAGE, interactive=view.start + PAGE < listing.total),
        )

    @staticmethod
    def _listing(library: Library, view: View) -> Any:
        return library.listing(
            view.words,
            sort=view.sort,
            descending=view.descending,
            filters=Filters(designs=view.designs),
            start=view.start,
            count=PAGE,
        )

    def search(self, name: str, view: View, wanted: str, designs: list[str] | None) -> tuple[Any, ...]:
        return self.show_table(
            name, replace(view, words=browser.text(wanted).strip(), designs=tuple(designs or ()), start=0)
        )

    def turn(self, name: str, view: View, by: int) -> tuple[Any, ...]:
        return self.show_table(name, replace(view, start=max(0, view.start + by)))

    def act(self, name: str, view: View, event: gr.EventData) -> tuple[Any, ...]:
        """Sort by a column, the other way where it is sorted by already; or choose records."""
        data = browser.told(event)
        keys = dict(shelf_html.COLUMNS)
        if data.get("action") == "sort" and (key := data.get("key")) in keys:
            descending = not view.descending if view.sort == key else key == "year"
            return self.show_table(name, replace(view, sort=key, descending=descending, start=0))
        if data.get("action") == "choose":
            shown, chosen = (frozenset(map(str, data.get(part) or ())) for part in ("shown", "chosen"))
            return self.show_table(name, replace(view, chosen=view.chosen - shown | chosen))
        return self.show_table(name, view)

    def take_out(self, name: str, view: View, removals: list[Removed]) -> tuple[Any, ...]:
        """Remove what is chosen; it can be undone as long as the page is open."""
        try:
            self._libraries.rules.change()
            removed = self._open(name).take_out(*sorted(view.chosen))
        except QAError as error:
            return (
                *self.show_table(name, view),
                *self.show_head(name),
                removals,
                gr.skip(),
                render.problem(str(error)),
            )
        count = len(removed)
        said = words.counted(count, tab_words.REMOVED_ONE, tab_words.REMOVED)
        removals = [*removals, removed][-UNDOABLE:]
        return (
            *self.show_table(name, replace(view, chosen=frozenset())),
            *self.show_head(name),
            removals,
            gr.update(visible=True),
            render.said(said),
        )

    def put_back(self, name: str, view: View, removals: list[Removed]) -> tuple[Any, ...]:
        """Put back what was removed last."""
        if not removals:
            return (*self.show_table(name, view), *self.show_head(name), [], gr.update(visible=False), "")
        try:
            self._libraries.rules.change()
            count = self._open(name).put_back(removals[-1])
        except QAError as error:
            return (
                *self.show_table(name, view),
                *self.show_head(name),
                removals,
                gr.skip(),
                render.problem(str(error)),
            )
        there = len(removals[-1]) - count
        said = words.counted(count, tab_words.PUT_BACK_ONE, tab_words.PUT_BACK)
        if there:
            said += f" {tab_words.STAYED.format(count=there)}"
        return (
            *self.show_table(name, view),
            *self.show_head(name),
            removals[:-1],
            gr.update(visible=len(removals) > 1),
            render.said(said),
        )
