"""A journal's page copied as plain text: found out line by line what is title, authors, citation, abstract, furniture.

Nothing here knows a site. A page is taken for an abstract page when it has running prose for an abstract and a
title above it; everything else on it that is not clearly a reference's part is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from qa.errors import UnknownFormat
from qa.reading import citation_line
from qa.reading.headings import find_sections, is_heading, leading_heading
from qa.reading.mapping import clean, find_doi, to_entry
from qa.reading.page_furniture import KEYWORDS, is_place
from qa.reading.page_people import find_title, names_in, signed
from qa.reading.page_prose import find_abstract, is_prose, without_lead
from qa.reading.source import Format, Source
from qa.schema import Entry

#: Markup, JSON, BibTeX, RefMan, YAML, Web of Science, Ovid, and field names in quotation marks.
_OTHER = re.compile(r"[<{%@\\]|\[\s*[\[{\"]|FN |# YAML|---\s|<\d+>|\"[^\"\n]*\",")

_NEAR = 40  #: lines behind an abstract among which its citation may stand; further on there are other works
_MAX_LINES = 20_000


def _sniff(head: str) -> bool:
    """Text that is not some format's: no tags, braces or columns at its start."""
    start = head.lstrip()
    if _OTHER.match(start):
        return False
    lines = [line for line in start.split("\n")[:200] if line.strip()]
    if any(line.count("\t") > 3 or '","' in line or (line.count(",") > 4 and ", " not in line) for line in lines[:3]):
        return False
    tagged = sum(bool(re.match(r"[A-Z][A-Z0-9]{1,3} {0,2}[- ]", line)) for line in lines)
    return bool(lines) and tagged <= len(lines) / 3


def _read(source: Source) -> Iterator[Entry]:
    entry = parse(source, source.text())
    if entry is None:
        raise UnknownFormat(
            source.path,
            "is text, but neither references in a known format nor a page with a title and an abstract. "
            "Export the references as RIS or .nbib, or copy the abstract's page from its title on.",
        )
    yield entry


def parse(
    source: Source, text: str, url: str = "", titled: str = "", known: Mapping[str, Any] | None = None
) -> Entry | None:
    """The record that a page's text describes, or None if there is no title with an abstract on it.

    ``titled`` is what the page calls itself, if that is known: a line that is part of it is the title, and where an
    abstract opens the page, it is all the title there is. What is ``known`` of the record goes before what is found.
    """
    lines = _lines(text)
    span = find_abstract(lines, titled=len(titled.split()) > 3)
    if span is None:
        return None
    start, end, heading = span
    above, below = lines[:heading], lines[end:]
    title_at, authors = find_title(above)
    title_at = next((at for at, line in enumerate(above) if len(line) > 15 and line in titled), title_at)
    if title_at is None and len(titled.split()) < 4:
        return None
    title = titled if title_at is None else above[title_at]
    named = signed(above[title_at + 1 :] if title_at is not None else above)
    authors = named if len(named) > 1 or not authors else authors
    abstract = without_lead("\n".join(lines[start:end]))
    rest = [line for index, line in enumerate(above) if index != title_at]
    citation = citation_line.find([line for line in (*rest, *below[:_NEAR]) if not is_prose(line)], title)
    fields: dict[str, Any] = {
        "title": title,
        "authors": authors,
        "journal": citation.journal,
        "year": citation.year,
        "volume": citation.volume,
        "issue": citation.issue,
        "pages": citation.pages,
        "doi": _doi(above) or _doi(below[:_NEAR]),
        "pmid": citation.pmid,
        "pmcid": citation.pmcid,
        "url": url,
        "keywords": _keywords(lines, end),
        "affiliations": [_unmarked(line) for line in (*rest, *below[:_NEAR]) if is_place(line)],
    }
    fields |= {name: value for name, value in (known or {}).items() if value}
    return to_entry(source, 0, abstract=abstract, sections=find_sections(abstract), **fields)


def headed_abstract(text: str) -> str:
    """The abstract on a page that stands under the heading "Abstract", or ''."""
    lines = _lines(text)
    span = find_abstract(lines)
    return "\n".join(lines[span[0] : span[1]]) if span is not None and span[2] < span[0] else ""


def _lines(text: str) -> list[str]:
    """The page's lines, those of hard-wrapped paragraphs joined."""
    lines: list[str] = []
    for block in re.split(r"\n\s*\n", text):
        rows = [row for row in map(clean, block.split("\n")) if row]
        full = 0.8 * max(map(len, rows), default=0)
        # Wrapped prose has full rows, of which none is as long as a paragraph.
        wrapped = 45 < full < 100 and sum(len(row) >= full for row in rows) > 2
        for index, row in enumerate(rows):
            before = rows[index - 1] if index else ""
            opens = is_heading(row) or leading_heading(row) or names_in(row)
            if wrapped and len(before) >= full and not opens:
                lines[-1] += f" {row}"
            else:
                lines.append(row)
    return lines[:_MAX_LINES]


def _unmarked(line: str) -> str:
    """Without the mark that ties an address to an author: "1 Department …", "a Division …"."""
    return re.sub(r"^(?:\d{1,2}|[a-h]|[*†‡§])\s*(?=[A-Z])", "", line)


def _doi(lines: list[str]) -> str:
    return next((doi for line in lines if len(line) < 400 and (doi := find_doi(line))), "")


def _keywords(lines: list[str], end: int) -> list[str]:
    for index in range(end, min(end + 12, len(lines))):
        if match := KEYWORDS.match(lines[index]):
            words = lines[index][match.end() :] or (lines[index + 1] if index + 1 < len(lines) else "")
            if len(words) < 500:
                return [word.strip(" .") for word in re.split(r"[;•|·]" if re.search(r"[;•|·]", words) else ",", words)]
    return []


FORMAT = Format("page_text", "a journal's page copied as text", (".txt", ".text", ".md"), _sniff, _read)
