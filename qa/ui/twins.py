"""The same work twice, in the Library tab: what was made one record and why, what was not, and how to change it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from qa.errors import QAError
from qa.library import Library
from qa.schema import Duplicate, NearDuplicate, Record
from qa.ui import browser, render, tab_words, words
from qa.ui.libraries import Libraries
from qa.ui.render import source, text
from qa.ui.wiring import DO, SHOW

#: Works shown; the command line shows them all.
SHOWN = 50

TWINS_JS = """
element.addEventListener('click', event => {
  const button = event.target.closest('button[data-split], button[data-join], button[data-apart]');
  if (!button) return;
  button.disabled = true;
  const {split, join, apart} = button.dataset;
  trigger('select', split ? {split} : join ? {join: JSON.parse(join)} : {apart: JSON.parse(apart)});
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

    def wire(self) -> Callable[..., Any]:
        """Wire the components; returns what listens for a change of records."""
        self.fold.expand(self.show, [self.library], [self.said, self.list], **SHOW)
        changed: Callable[..., Any] = self.list.select(self.act, [self.library], [self.said, self.list], **DO).then
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
        """Take a record apart, make two one, or note that pairs are two works each."""
        data = browser.told(event)
        try:
            self._libraries.rules.change()
            library = self._of(name)
            if split := data.get("split"):
                said = tab_words.KEPT_APART.format(count=len(library.split(str(split))))
            elif pairs := _pairs(data.get("apart")):
                said = words.counted(library.keep_apart(*pairs), tab_words.NOTED_ONE, tab_words.NOTED)
            else:
                now = library.join(*browser.strings(data.get("join")))
                said = tab_words.JOINED if len(now) == 1 else tab_words.NOT_JOINED
        except QAError as error:
            return render.problem(str(error)), self.show(name)[1]
        return render.said(said), self.show(name)[1]


def html(merged: Sequence[Duplicate], near: Sequence[NearDuplicate], *, may_change: bool = True) -> str:
    """Both lists, each cut to what can be looked through."""
    if not merged and not near:
        return f'<p class="qa-none">{tab_words.NO_TWINS}</p>'
    open_, settled = ([pair for pair in near if pair.settled is by_hand] for by_hand in (False, True))
    return _open(open_, may_change) + _merged(merged, may_change) + _settled(settled, may_change)


def _pairs(told: Any) -> list[tuple[str, str]]:
    """Pairs of ids, as a browser says them; what is none is passed over."""
    listed = [browser.strings(pair) for pair in told] if isinstance(told, list) else []
    return [(pair[0], pair[1]) for pair in listed if len(pair) == 2]


def _merged(found: Sequence[Duplicate], may_change: bool) -> str:
    if not found:
        return f'<h3 class="qa-h2">{tab_words.MERGED}</h3><p class="qa-none">{tab_words.NOTHING_MERGED}</p>'
    items = "".join(
        f'<li><p class="qa-twin-title" dir="auto">{text(one.record.title)}</p>'
        f"<ul>{''.join(_entry(variant) for variant in one.variants)}</ul>"
        f'<p class="qa-twin-why">{text("; ".join(dict.fromkeys(reason for _, _, reason in one.reasons)))}</p>'
        f"{_split(one.record) if may_change else ''}</li>"
        for one in found[:SHOWN]
    )
    title = tab_words.MERGED_COUNT.format(count=len(found))
    return f'<h3 class="qa-h2">{title}</h3><ol class="qa-twins">{items}</ol>{_more(found)}'


def _split(record: Record) -> str:
    label = text(tab_words.KEEP_APART_LABEL.format(title=record.title))
    return f'<button type="button" data-split="{text(record.id)}" aria-label="{label}">{tab_words.KEEP_APART}</button>'


def _open(found: Sequence[NearDuplicate], may_change: bool) -> str:
    """The pairs that a person has to decide on."""
    shown = found[:SHOWN]
    every = ""
    if may_change and len(shown) > 1:
        label = tab_words.ALL_TWO_WORKS.format(count=len(shown))
        every = f"<p>{_button('apart', [_ids(pair) for pair in shown], label)}</p>"

    def buttons(pair: NearDuplicate) -> str:
        same = _button("join", _ids(pair), tab_words.SAME_WORK, pair)
        return same + _button("apart", [_ids(pair)], tab_words.TWO_WORKS, pair)

    return _list(found, tab_words.TO_DECIDE, buttons if may_change else None, every)


def _settled(found: Sequence[NearDuplicate], may_change: bool) -> str:
    """The pairs that a person has said to be two works, or to be kept by themselves."""

    def button(pair: NearDuplicate) -> str:
        return _button("join", _ids(pair), tab_words.MAKE_ONE, pair)

    return _list(found, tab_words.SETTLED, button if may_change else None)


def _list(
    found: Sequence[NearDuplicate], head: str, buttons: Callable[[NearDuplicate], str] | None, first: str = ""
) -> str:
    """Pairs with the reason why they are two, and what can be done with each; empty where there are none."""
    if not found:
        return ""
    items = "".join(
        f"<li><ul>{_entry(pair.one)}{_entry(pair.other)}</ul>"
        f'<p class="qa-twin-why">{text(tab_words.NOT_MADE_ONE.format(reason=pair.reason))}</p>'
        f"{buttons(pair) if buttons else ''}</li>"
        for pair in found[:SHOWN]
    )
    title = head.format(count=len(found))
    return f'<h3 class="qa-h2">{title}</h3>{first}<ol class="qa-twins">{items}</ol>{_more(found)}'


def _ids(pair: NearDuplicate) -> list[str]:
    return [pair.one.id, pair.other.id]


def _button(what: str, ids: object, label: str, pair: NearDuplicate | None = None) -> str:
    name = f' aria-label="{text(tab_words.DOES_TO.format(act=label, title=pair.one.title))}"' if pair else ""
    return f'<button type="button" data-{what}="{text(json.dumps(ids))}"{name}>{text(label)}</button> '


def _entry(record: Record) -> str:
    files = ", ".join(record.sources or (record.source,))
    ids = " ".join(part for part in (record.doi, record.pmid and words.PMID.format(pmid=record.pmid)) if part)
    known = " · ".join(part for part in (record.title, source(record), ids, files) if part)
    return f'<li dir="auto">{text(known)}</li>'


def _more(found: Sequence[object]) -> str:
    left = len(found) - SHOWN
    more = tab_words.MORE_TWINS.format(count=left, command="<code>qa duplicates</code>")
    return f'<p class="qa-none">{more}</p>' if left > 0 else ""
