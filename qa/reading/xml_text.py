"""Elements → plain text: italics are just words, indices and formulas are written in a line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from qa.reading.formulas import formula
from qa.reading.headings import find_sections
from qa.reading.indices import raised
from qa.reading.mapping import clean, words
from qa.schema import Section

if TYPE_CHECKING:
    from lxml.etree import _Element

#: Elements that stand apart from the words around them, whether or not there is a blank between.
_APART = words(
    "p sec title list list-item label disp-formula disp-quote break br td th tr table caption def-list def-item"
)
#: What is no part of a text: footnotes, pictures' descriptions, and TeX that is said again as MathML beside it.
_PASSED_OVER = words("fn inline-graphic graphic alt-text long-desc annotation annotation-xml index-term")
_FOOTNOTE = ("fn", "corresp", "author-notes", "table-fn", "fn-group")


def text_of(element: _Element | None) -> str:
    """An element's text in one line, whatever markup is in it; '' for None."""
    if element is None:
        return ""
    if len(element) == 0 and element.tag != "math":
        return clean(element.text or "")
    return clean(_joined(element))


def text_at(element: _Element | None, path: str) -> str:
    """The text of the first element on a path, or ''."""
    return "" if element is None else text_of(element.find(path))


def texts_at(element: _Element, path: str) -> list[str]:
    """The texts of all elements on a path, in order."""
    return [text_of(found) for found in element.iterfind(path)]


def join_sections(parts: Iterable[tuple[str, str, str]]) -> tuple[str, tuple[Section, ...]]:
    """(label, body, category) of an abstract's parts → its text and sections. Labels are no part of the text.

    Without any label, headings within the text are looked for instead.
    """
    filled = [(clean(label).rstrip(" :."), body, category) for label, body, category in parts if body]
    text = "\n".join(body for _, body, _ in filled)
    if not any(label for label, _, _ in filled):
        return text, find_sections(text)
    sections, start = [], 0
    for label, body, category in filled:
        sections.append(Section(label, start, start + len(body), category))
        start += len(body) + 1
    return text, tuple(sections)


def _joined(element: _Element) -> str:
    from lxml import etree

    parts: list[str] = []
    marks: list[int] = []  # where each open index began
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, one in walk:
        tag = one.tag
        if event == "start":
            if tag in _PASSED_OVER or (tag == "tex-math" and _has_twin(one)) or _is_footnote(one):
                walk.skip_subtree()
            elif tag == "math":
                parts.append(formula(one))
                walk.skip_subtree()
            elif tag == "tex-math":
                parts.append(_from_tex(one.text or ""))
            else:
                if tag in _APART:
                    parts.append(" ")
                if tag in ("sup", "sub"):
                    marks.append(len(parts))
                parts.append(one.text or "")
            continue
        if tag in ("sup", "sub") and marks:
            mark = marks.pop()
            index = "".join(parts[mark:])
            del parts[mark:]
            parts.append(raised(index, _tail_of(parts), tag))
        if tag in _APART:
            parts.append(" ")
        if one is not element:
            parts.append(one.tail or "")
    return "".join(parts)


def _tail_of(parts: list[str]) -> str:
    """The last characters so far."""
    tail = ""
    for part in reversed(parts):
        tail = part[-4:] + tail
        if len(tail) >= 4:
            break
    return tail


def _has_twin(element: _Element) -> bool:
    parent = element.getparent()
    return parent is not None and any(one.tag == "math" for one in parent)


def _is_footnote(element: _Element) -> bool:
    """The star or number behind a title that leads to a note."""
    return element.tag == "xref" and element.get("ref-type") in _FOOTNOTE


def _from_tex(text: str) -> str:
    """TeX's own document around a formula, as Springer ships it, is not said."""
    from qa.reading import tex

    body = re.search(r"\\begin\{document\}(.*?)\\end\{document\}", text, re.S)
    return tex.formula_to_text(re.sub(r"\$\$|\\[()\[\]]", " ", body[1] if body else text))
