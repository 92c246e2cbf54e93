"""What a PDF says about itself: its XMP packet (Dublin Core, PRISM) and its document information."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.reading.mapping import clean, find_doi, find_year, join_pages, without_markup

_OPEN, _CLOSE = b"<x:xmpmeta", b"</x:xmpmeta>"
_MOST_BYTES = 500_000  #: of a packet
_MOST_PACKETS = 50  #: pictures have packets of their own
_DC = "http://purl.org/dc/elements/1.1/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

#: What programs write as a title where nobody gave one.
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint)|untitled|title|doi:|10\.\d|pii:|"
    r"[\w.~-]+\.(?:docx?|pdf|tex|dvi|qxd|indd|p65|fm|rtf)\b|\S+$|.{0,20}\d+ ?\.\.\d+)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Described:
    """The fields that a PDF states; empty where it does not."""

    title: str = ""
    authors: tuple[str, ...] = ()
    doi: str = ""
    journal: str = ""
    year: int | None = None
    volume: str = ""
    issue: str = ""
    pages: str = ""
    keywords: tuple[str, ...] = ()


def describe(data: bytes, info: Mapping[str, str]) -> Described:
    """What the bytes of a PDF and its document information say."""
    xmp = _packet(data)

    def first(*names: str) -> str:
        return next((text for name in names for text in xmp.get(name, ())), "")

    title = next((text for text in (first("title"), _text(info.get("Title"))) if is_title(text)), "")
    creators = xmp.get("creator") or re.split(r"\s*;\s*|,\s+(?=\S+ )|\s+and\s+", _text(info.get("Author")))
    said = (first("doi", "identifier"), first("url"), _text(info.get("Subject")), _text(info.get("Title")))
    return Described(
        title=title,
        authors=tuple(name for name in creators if len(name.split()) > 1),
        doi=next((doi for text in said if (doi := find_doi(text))), ""),
        journal=first("publicationname"),
        year=find_year(first("coverdate", "coverdisplaydate", "publicationdate")),
        volume=first("volume"),
        issue=first("number", "issueidentifier"),
        pages=join_pages(first("startingpage"), first("endingpage")) or first("pagerange"),
        keywords=tuple(re.split(r"\s*[;,]\s*", _text(info.get("Keywords")))),
    )


def is_title(text: str) -> bool:
    """Whether a text may be an article's title, and not a file's name or a program's."""
    return len(text) > 10 and len(text) < 500 and not _NO_TITLE.match(text)


def _text(value: str | None) -> str:
    return clean(without_markup(value or ""))


def _packet(data: bytes) -> dict[str, Sequence[str]]:
    """The fields of the packet that describes the document, by the lower-case ends of their names."""
    best: dict[str, Sequence[str]] = {}
    end = 0
    for _ in range(_MOST_PACKETS):
        start = data.find(_OPEN, end)
        if start < 0:
            break
        end = data.find(_CLOSE, start, start + _MOST_BYTES) + len(_CLOSE)
        if end < start:  # it does not end
            end = start + len(_OPEN)
            continue
        found = _fields(data[start:end])
        if ("title" in found or "doi" in found) and len(found) > len(best):
            best = found
    return best


def _fields(packet: bytes) -> dict[str, Sequence[str]]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    fields: dict[str, list[str]] = defaultdict(list)
    try:
        root = etree.fromstring(packet, parser)
    except etree.XMLSyntaxError:
        return {}
    if root is None:
        return {}
    for node in root.iter(f"{{{_RDF}}}Description"):
        for name, value in node.attrib.items():
            _note(fields, str(name), str(value))
        for child in node:
            if isinstance(child.tag, str):
                items = [item.text for item in child.iter(f"{{{_RDF}}}li")] or [child.text]
                for text in items:
                    _note(fields, child.tag, text or "")
    return dict(fields)


def _note(fields: dict[str, list[str]], name: str, value: str) -> None:
    space, _, local = name.rpartition("}")
    # Other vocabularies have titles and creators too: of pictures, of the program.
    if local in ("title", "creator") and space.lstrip("{") != _DC:
        return
    if text := _text(value):
        fields[local.lower()].append(text)
