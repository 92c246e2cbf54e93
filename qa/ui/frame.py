"""What lies over the page or beside it: the side panel, the help, the list of conversations, the limits that are on."""

from __future__ import annotations

import json
from collections.abc import Sequence

from qa.schema import ConversationEntry, Filters
from qa.ui import words
from qa.ui.render import text


def frame() -> str:
    """The panel and the help, both empty or closed, and where the page says what it did."""
    keys = "".join(f"<dt><kbd>{text(key)}</kbd></dt><dd>{text(what)}</dd>" for key, what in words.HELP)
    return (
        f'<dialog id="qa-panel" aria-label="{words.RECORD}"><div class="qa-panel-bar">'
        f'<button type="button" class="qa-quiet" data-back hidden>{words.BACK}</button>'
        f'<button type="button" class="qa-quiet" data-close>{words.CLOSE}</button></div>'
        '<div id="qa-panel-body" tabindex="-1"></div></dialog>'
        f'<dialog id="qa-help" aria-labelledby="qa-help-title"><h2 id="qa-help-title">{words.HELP_TITLE}</h2>'
        f'<dl>{keys}</dl><form method="dialog"><button class="qa-quiet">{words.CLOSE}</button></form></dialog>'
        f'<dialog id="qa-naming" aria-label="{words.RENAME}"><form method="dialog"><label>{words.NEW_TITLE}'
        '<input name="title" maxlength="120" autocomplete="off"></label>'
        f'<p><button value="save" class="qa-strong">{words.SAVE}</button>'
        f'<button value="" class="qa-quiet" formnovalidate>{words.CANCEL}</button></p></form></dialog>'
        '<div id="qa-told" role="status"></div>'
    )


def talks(entries: Sequence[ConversationEntry], current: str, searched: bool = False) -> str:
    """The list of conversations, the one last changed first; page.js renames and deletes."""
    if not entries:
        return f'<p class="qa-aside">{words.NO_TALKS_FOUND if searched else words.NO_TALKS}</p>'
    items = []
    for one in entries:
        here = ' aria-current="true"' if one.id == current else ""
        count = words.counted(one.answers, words.ANSWERS_ONE, words.ANSWERS)
        items.append(
            f'<li data-talk="{text(one.id)}"><button type="button" class="qa-talk" data-reopen{here}>'
            f'<span class="qa-talk-title" dir="auto">{text(one.title)}</span>'
            f'<span class="qa-talk-when">{count} · {one.changed:%Y-%m-%d}</span></button>'
            f'<span class="qa-talk-tools"><button type="button" class="qa-quiet" data-rename '
            f'aria-label="{text(words.RENAME_LABEL.format(title=one.title))}">{words.RENAME}</button>'
            f'<button type="button" class="qa-quiet" data-delete '
            f'aria-label="{text(words.DELETE_LABEL.format(title=one.title))}">{words.DELETE}</button></span></li>'
        )
    return f'<ul class="qa-talks">{"".join(items)}</ul>'


def limits(filters: Filters) -> str:
    """The limits that are on, each as a button that takes it off; nothing where none is."""
    chips = []
    for name, value in filters.to_dict().items():
        many = isinstance(value, list) and name not in ("years", "records")
        for one in value if many else [value]:
            shown = str(Filters.from_dict({name: [one] if many else value}))
            sent = json.dumps({"field": name, "value": one if many else None})
            chips.append(
                f'<button type="button" class="qa-limit" data-loosen="{text(sent)}" '
                f'aria-label="{text(words.LOOSEN.format(limit=shown))}"><span dir="auto">{text(shown)}</span>'
                '<span class="qa-cross" aria-hidden="true">×</span></button>'
            )
    return f'<div class="qa-limits"><span>{words.FILTERS_ON}</span>{"".join(chips)}</div>' if chips else ""


def without(filters: Filters, name: str, value: str | None) -> Filters:
    """The filters less one limit: one of a field's values, or the whole field."""
    plain = filters.to_dict()
    whole = plain.pop(name, None)
    left = [one for one in whole if one != value] if value is not None and whole else []
    return Filters.from_dict({**plain, name: left} if left else plain)
