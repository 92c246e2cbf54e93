"""Where on a web page the abstract stands, and its text with the headings that are set as such."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.reading.headings import find_sections, is_heading
from qa.reading.mapping import clean, words
from qa.schema import Section

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_BLOCKS = words(
    """
    address article aside blockquote body br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr
    html li main nav ol option p pre section table tbody td th thead tr ul
    """
)
_HEADINGS = words("h1 h2 h3 h4 h5 h6")
_SILENT = words("script style noscript template svg button select nav figure head iframe textarea")

#: Elements that say abstract and are none: lists of references, pictures, menus, links.
_NOT_IT = re.compile(
    r"reference|graphic|visual|teaser|highlight|link|\bnav|\btoc\b|btn|button|menu|search|share|figure|metric|anchor|video|title|heading|"
    r"related|similar|recommend|cited|keyword|author-?info|toggle|label",
    re.I,
)
_IT = re.compile(
    r"(?:^|[\s_-])(?:art-?)?abstracts?(?:$|[\s_-]|\d|section|text|content|full)|abstract(?:section|text|content)|^abs\d*$",
    re.I,
)

_FIRST_LINE = re.compile(r"\W*(?:abstract|summary|author abstract|résumé|resumen|zusammenfassung)\W*", re.I)
_NOT_TEXT = re.compile(
    r"\W*(?:key ?words?\b|©|copyright\b|show (?:more|less)|read more|view .{0,30}$|download|doi:|https?://)", re.I
)

_ENDED = re.compile(r"[.?!:;][\W\d]*$")

#: Elements that are looked at, so that a page of nothing but nested ones is soon done with.
_MOST = 50


@dataclass(frozen=True, slots=True)
class Found:
    """An abstract and its sections; an empty text if the page has none."""

    text: str = ""
    sections: tuple[Section, ...] = ()


def find(page: LexborHTMLParser, described: list[str]) -> Found:
    """The abstract of a page: of an element that is called so, else the longest of the page's own descriptions.

    ``described`` are the texts that the page's metadata give, the surest first; they tell the right element from
    one in another language, or of another article.
    """
    candidates = [
        found for node in itertools.islice(_candidates(page), _MOST) if len((found := _read(node)).text) >= 80
    ]
    for text in described:
        hint = _letters(text)[:60]
        matching = [found for found in candidates if len(hint) >= 40 and hint in _letters(found.text)]
        if not matching:
            continue
        if text.endswith(("…", "...")) or len(text) < 400:
            return matching[0]  # the metadata have only the beginning
        whole = [found for found in matching if len(found.text) >= 0.9 * len(text)]
        return min(whole, key=lambda found: len(found.text)) if whole else Found(text, find_sections(text))
    if candidates:
        return candidates[0]
    text = next((text for text in described if len(text) >= 150 and not text.endswith(("…", "..."))), "")
    return Found(text, find_sections(text))


def page_lines(page: LexborHTMLParser) -> str:
    """The text of a whole page, a block a line, for telling its parts by the text alone."""
    body = page.body
    return "\n\n".join(text for text, _ in _blocks(body)) if body is not None else ""


def _candidates(page: LexborHTMLParser) -> Iterator[LexborNode]:
    for node in page.css("section, div, li, p, article, blockquote"):
        attributes = node.attributes
        names = [attributes.get(name) or "" for name in ("id", "class", "data-title", "role", "property")]
        if (
            (any(_IT.search(name) for name in names) and not any(_NOT_IT.search(name) for name in names[:3]))
            or attributes.get("itemprop") == "description"
            or re.search(r"[a-z]-abstract\b", names[1])
        ):
            yield node


def _read(node: LexborNode) -> Found:
    lines: list[tuple[str, bool]] = []
    for text, heading in _blocks(node):
        if not lines and _FIRST_LINE.fullmatch(text):
            continue
        if _NOT_TEXT.match(text) or re.fullmatch(r"graphical abstract|highlights|keywords?\W*", text, re.I):
            if heading or re.match(r"\W*key ?words?", text, re.I):
                break  # what follows an abstract on its page has a heading of its own
            continue
        lines.append((text, heading))
    lines = _without_lists(lines)
    text = "\n".join(line for line, _ in lines)
    return Found(text, _sections(lines) or find_sections(text))


def _without_lists(lines: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """The lines up to a heading of the page's own under which no sentence stands: subjects, links, tools."""
    starts = [at for at, (_, heading) in enumerate(lines) if heading]
    for at, end in itertools.pairwise([*starts, len(lines)]):
        if at and not is_heading(lines[at][0]) and not any(_ENDED.search(text) for text, _ in lines[at + 1 : end]):
            return lines[:at]
    while lines and lines[-1][1]:
        lines.pop()
    return lines


def _sections(lines: list[tuple[str, bool]]) -> tuple[Section, ...]:
    """Sections by the headings that the page sets as headings; none if there are fewer than two."""
    if sum(heading for _, heading in lines) < 2:
        return ()
    sections: list[Section] = []
    at, label, start = 0, "", None
    end = 0
    for text, heading in (*lines, ("", True)):
        if heading:
            if start is not None:
                sections.append(Section(label, start, end))
            label, start = text.strip(" :"), None
        else:
            start = at if start is None else start
            end = at + len(text)
        at += len(text) + 1
    return tuple(sections)


def _blocks(node: LexborNode) -> Iterator[tuple[str, bool]]:
    """The texts of a node's blocks, each with whether it is a heading; inline markup is only text."""
    parts: list[str] = []
    heading = False
    # Walked without recursion: pages nest deeper than Python likes.
    stack: list[tuple[LexborNode | None, str]] = [(node, "open")]
    while stack:
        current, step = stack.pop()
        if current is None:
            continue
        tag = current.tag or ""
        if step == "open" and tag == "-text":
            parts.append(current.text_content or "")
            continue
        if step == "open" and (tag in _SILENT or tag.startswith(("-", "!")) or _hidden(current)):
            continue
        if tag in _BLOCKS:
            if text := clean("".join(parts)):
                yield text, heading
            parts.clear()
            heading = tag in _HEADINGS and step == "open"
        if step == "open":
            stack.append((current, "close"))
            stack.extend((child, "open") for child in reversed(list(current.iter(include_text=True))))
    if text := clean("".join(parts)):
        yield text, heading


def _hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return (
        "hidden" in attributes
        or "display:none" in (attributes.get("style") or "").replace(" ", "")
        or bool(re.search(r"\bgraphical\b|sr-only|visually-?hidden|offscreen", names))
    )


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()
