"""XML as a stream: each entry's element once it is whole, let go when the next is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING, Any

from qa.errors import Broken
from qa.reading.mapping import clean
from qa.reading.source import Source

if TYPE_CHECKING:
    from lxml.etree import _Element

#: libxml2 counts lines in 16 bits; a line number that far down is not known.
_LAST_LINE = 65535


def elements(source: Source, *tags: str) -> Iterator[_Element]:
    """The elements with one of these tags, whole, in the file's order ("{*}name" for any namespace).

    One that is the child of another belongs to it and is not given alone. An element is cleared when the next one is
    asked for, and so are its elder siblings, else the tree would grow with the file. Broken where the XML is cut off
    or damaged, after the elements before it.
    """
    from lxml import etree

    # Nothing outside the file is looked at and nothing inside it is expanded, whatever its document type says.
    parser = etree.XMLPullParser(
        events=("end",),
        tag=tags,
        load_dtd=False,
        no_network=True,
        resolve_entities=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for chunk in source.chunks():
            parser.feed(chunk)
            yield from _take(parser, tags)
        parser.close()
        yield from _take(parser, tags)
    except etree.XMLSyntaxError as error:
        raise Broken(
            source.path,
            f"the XML is cut off or damaged ({clean(str(error.msg))}). Download it again.",
            error.lineno or 0,
        ) from error


def _take(parser: Any, tags: tuple[str, ...]) -> Iterator[_Element]:
    for _, element in parser.read_events():
        parent = element.getparent()
        if parent is not None and parent.tag in tags:
            continue  # a part of an entry that comes next and holds more
        yield element
        element.clear()
        if parent is not None:
            while element.getprevious() is not None:
                del parent[0]


def line_of(element: Any) -> int:  # the stubs do not know what sourceline is
    """The line an element begins on, or 0 where it is not known."""
    line: int = element.sourceline or 0
    return line if line < _LAST_LINE else 0


def text_of(element: _Element | None) -> str:
    """An element's text in one line, whatever markup (italics, indices, formulas) is in it; '' for None."""
    if element is None:
        return ""
    if len(element) == 0:
        return clean(element.text or "")
    text = "".join(str(part) for part in element.itertext())
    if "&" in text and _has_entity(element):
        # An entity that only the document type explains, which is not looked at: &alpha; is the same everywhere.
        text = unescape(text)
    return clean(text)


def text_at(element: _Element | None, path: str) -> str:
    """The text of the first element on a path, or ''."""
    return "" if element is None else text_of(element.find(path))


def texts_at(element: _Element, path: str) -> list[str]:
    """The texts of all elements on a path, in order."""
    return [text_of(found) for found in element.iterfind(path)]


def _has_entity(element: _Element) -> bool:
    from lxml import etree

    return next(element.iter(etree.Entity), None) is not None
