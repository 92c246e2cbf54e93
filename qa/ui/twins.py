"""The same work twice, in the Library tab: what was made one record and why, what was not, and how to change it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from qa.errors import QAError
from qa.library import Library
from qa.schema import Duplicate, NearDuplicate, Record
from qa.ui import browser, render, tab_words
from qa.ui.libraries import Libraries
from qa.ui.render import source, text

#: Works shown; the command line shows them all.
SHOWN = 50

#: Why two records were not merged, where a person said so; only that can be taken back here.
_BY_HAND = ("they were set apart by hand", "one was added to be kept by itself")

TWINS_JS = """
element.addEventListener('click', event => {
  const button = event.target.closest('button[data-split], button[data-join]');
  if (!button) return;
  button.disabled = true;
  trigger('select', button.dataset.split ? {split: button.dataset.split} : {join: button.dataset.join.split('\\n')});
});
"""


class Twins:
    """The components and the functions behind them; ``library`` holds the name of the one that is chosen."""

    def __init__(self, libraries: Libraries, library: gr.State) -> None:
        self._libraries = libraries
        self.library = library

    def layout(self) -> None:
        """Lay out the components; within the Library tab."""
        with gr.Accordion(tab_words.TWINS, open=False, elem_id="twins") as self.fold:
            self.said = gr.HTML(elem_id="twins-said")
            self.list = gr.HTML(render.pending(tab_words.LOOKING), elem_id="twins-list", js_on_load=TWINS_JS)

    def wire(self, quiet: dict[str, Any]) -> Callable[..., Any]:
        """Wire the components; returns what listens for a change of records."""
        self.fold.expand(self.show, [self.library], [self.said, self.list], **quiet)
        changed: Callable[..., Any] = self.list.select(self.act, [self.library], [self.said, self.list], **quiet).then
        return changed

    def _of(self, name: str) -> Library:
        return self._libraries.get(name or self._libraries.first)

    def show(self, name: str) -> tuple[str, str]:
        """What is made of several entries, and what nearly was."""
        try:
            library = self._of(name)
            found = library.duplicates(), library.near_duplicates()
            return "", html(*found, may_change=not self._libraries.rules.read_only)
        except QAError as error:
            return render.problem(str(error)), ""

    def act(self, name: str, event: gr.EventData) -> tuple[str, str]:
        """Take a record apart, or let two be one again."""
        data = browser.told(event)
        try:
            self._libraries.rules.change()
            library = self._of(name)
            if split := data.get("split"):
                said = tab_words.KEPT_APART.format(count=len(library.split(str(split))))
            else:
                now = library.join(*map(str, data.get("join") or ()))
                said = tab_words.JOINED if len(now) == 1 else tab_words.NOT_JOINED
        except QAError as error:
            return render.problem(str(error)), self.show(name)[1]
        return render.said(said), self.show(name)[1]


def html(merged: Sequence[Duplicate], near: Sequence[NearDuplicate], *, may_change: bool = True) -> str:
    """Both lists, each cut to what can be looked through."""
    if not merged and not near:
        return f'<p class="qa-none">{tab_words.NO_TWINS}</p>'
    return _merged(merged, may_change) + _near(near, may_change)


def _merged(found: Sequence[Duplicate], may_change: bool) -> str:
    if not found:
        return '<h3 class="qa-h2">Made one</h3><p class="qa-none">None.</p>'
    items = "".join(
        f'<li><p class="qa-twin-title" dir="auto">{text(one.record.title)}</p>'
        f"<ul>{''.join(_entry(variant) for variant in one.variants)}</ul>"
        f'<p class="qa-twin-why">{text("; ".join(dict.fromkeys(reason for _, _, reason in one.reasons)))}</p>'
        f"{_split(one.record) if may_change else ''}</li>"
        for one in found[:SHOWN]
    )
    return f'<h3 class="qa-h2">Made one ({len(found):,})</h3><ol class="qa-twins">{items}</ol>{_more(found)}'


def _split(record: Record) -> str:
    return (
        f'<button type="button" data-split="{text(record.id)}" '
        f'aria-label="Keep the entries of {text(record.title)} apart">{tab_words.KEEP_APART}</button>'
    )


def _near(found: Sequence[NearDuplicate], may_change: bool) -> str:
    if not found:
        return ""
    items = "".join(
        f"<li><ul>{_entry(pair.one)}{_entry(pair.other)}</ul>"
        f'<p class="qa-twin-why">Not made one: {text(pair.reason)}</p>{_join(pair) if may_change else ""}</li>'
        for pair in found[:SHOWN]
    )
    return (
        f'<h3 class="qa-h2">Alike, and kept apart ({len(found):,})</h3><ol class="qa-twins">{items}</ol>{_more(found)}'
    )


def _join(pair: NearDuplicate) -> str:
    if pair.reason not in _BY_HAND:
        return ""
    ids = text(f"{pair.one.id}\n{pair.other.id}")
    return f'<button type="button" data-join="{ids}" aria-label="Make {text(pair.one.title)} one">Make one</button>'


def _entry(record: Record) -> str:
    files = ", ".join(record.sources or (record.source,))
    known = " · ".join(part for part in (record.title, source(record), files) if part)
    return f'<li dir="auto">{text(known)}</li>'


def _more(found: Sequence[object]) -> str:
    left = len(found) - SHOWN
    return f'<p class="qa-none">… and {left:,} more: <code>qa duplicates</code></p>' if left > 0 else ""
