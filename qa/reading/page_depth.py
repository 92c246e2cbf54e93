"""How deeply a page nests: parsers take a step for each open element at each tag, so that hostile pages take hours."""

from __future__ import annotations

import re

from qa.reading.mapping import words

_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]{0,30})([^<>]*)>")

#: Elements that have no end, or may do without one: they open nothing that stays open.
_LIGHT = words(
    """
    area base br col embed hr img input link meta param source track wbr !doctype html head body p li dt dd option tr td
    th thead tbody tfoot colgroup caption rb rt rtc rp
    """
)

#: Steps; some hundred times what real pages take, and about a second's work.
_MOST = 50_000_000


def is_too_deep(html: str) -> bool:
    """Whether a page nests so deeply, or leaves so much open, that parsing it would take long."""
    depth = steps = 0
    for closing, name, rest in _TAG.findall(html):
        steps += depth
        if name.lower() in _LIGHT or rest.endswith("/"):
            continue
        depth = max(0, depth - 1) if closing else depth + 1
    return steps > _MOST
