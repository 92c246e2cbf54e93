"""Refer, which EndNote and others write as .enw: a percent sign, a letter, the text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from qa.reading.headings import find_sections
from qa.reading.mapping import clean_abstract, family_first, find_doi, find_year, to_entry, without_markup
from qa.reading.source import Format, Source
from qa.schema import Entry

_TAG = re.compile(r"%([0-9A-Za-z@!~*?#$^&()+=<>{}\[\]])(?:[ \t]+(.*)|[ \t]*$)")
_SNIFF = re.compile(r"^%[0ATDJBXP](?: \S|[ \t]*$)", re.M)

#: Tags that an entry has once: seen again behind an empty line, a new entry has begun.
_ONCE = "0TX"


def _sniff(head: str) -> bool:
    return len({match[0][1] for match in _SNIFF.finditer(head)}) > 2


def _read(source: Source) -> Iterator[Entry]:
    fields: dict[str, list[str]] = defaultdict(list)
    first = 0
    tag = ""
    gap = True
    for number, line in source.lines():
        match = _TAG.match(line)
        if match:
            if fields and ((gap and match[1] in "0TA") or (match[1] in _ONCE and gap and match[1] in fields)):
                yield _entry(source, first, fields)
                fields = defaultdict(list)
            if not fields:
                first = number
            tag = match[1]
            fields[tag].append((match[2] or "").strip())
        elif tag and (text := line.strip()):
            # In a list, a line of its own is a value of its own.
            fields[tag][-1] = f"{fields[tag][-1]}{'; ' if tag == 'K' else ' '}{text}".strip()
        gap = not line.strip()
        if gap:
            tag = tag if tag == "X" else ""  # an abstract may have paragraphs
    if fields:
        yield _entry(source, first, fields)


def _entry(source: Source, line: int, fields: dict[str, list[str]]) -> Entry:
    def one(*tags: str) -> str:
        return next((without_markup(text) for tag in tags for text in fields.get(tag, ()) if text), "")

    abstract = clean_abstract(one("X"))
    links = [text for tag in "UR>" for text in fields.get(tag, ())]
    pmid = next((m[1] for text in links if (m := re.search(r"ncbi\.nlm\.nih\.gov/(?:pubmed/)?(\d{1,8})/?$", text))), "")
    return to_entry(
        source,
        line,
        title=one("T", "B"),
        abstract=abstract,
        sections=find_sections(abstract),
        authors=[family_first(name) for name in fields.get("A", ()) or fields.get("E", ())],
        journal=one("J", "B") if fields.get("T") else "",
        year=find_year(one("D")) or find_year(one("8")),
        volume=one("V"),
        issue=one("N"),
        pages=re.sub(r"--+", "-", one("P")),
        doi=next((doi for text in fields.get("R", ()) if (doi := find_doi(text))), "")
        or next((doi for text in links if "doi.org/" in text and (doi := find_doi(text))), ""),
        pmid=pmid,
        url=next((text for text in fields.get("U", ()) if text.startswith("http")), ""),
        language=one("G"),
        publication_types=[one("9") or one("0")],
        keywords=[part for text in fields.get("K", ()) for part in re.split(r"\s*[;\n]\s*", text)],
        affiliations=fields.get("+", ()),
    )


FORMAT = Format("refer", "EndNote refer", (".enw", ".txt"), _sniff, _read)
