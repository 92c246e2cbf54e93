"""EndNote's refer format (.enw): a percent sign and one character before each field, an empty line between entries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.reading.headings import find_sections
from qa.reading.mapping import clean_abstract, family_first, find_year, to_entry, without_markup
from qa.reading.source import Format, Source
from qa.reading.tagged import Fields
from qa.schema import Entry

_TAGGED = re.compile(r"%([0-9A-Z@+!?$&()*,.:;<=>\[\]^_`{|}~#-])(?:[ \t](.*)|$)")
_SNIFF = re.compile(r"^%([0-9A-Z@+])(?: \S|[ \t]*$)", re.M)


def _sniff(head: str) -> bool:
    """The file begins with a field, and has a title or a type next to another."""
    found = set(_SNIFF.findall(head))
    return head.lstrip()[:1] == "%" and bool(found & {"T", "0"}) and len(found) > 1


def _read(source: Source) -> Iterator[Entry]:
    fields = Fields()
    tag = ""
    after_gap = False
    for number, line in source.lines():
        if match := _TAGGED.match(line):
            if fields and (after_gap or (match[1] == "0" and "0" in fields)):
                yield _entry(source, fields.line, fields.joined())
                fields = Fields()
            if not fields:
                fields.line = number
            tag = match[1]
            fields.begin(tag, match[2] or "")
            after_gap = False
        elif not line.strip():
            after_gap = True
        elif tag:
            # An empty line within an abstract parts its paragraphs.
            (fields.begin if tag == "K" else fields.go_on)(tag, line)
            after_gap = False
    if fields:
        yield _entry(source, fields.line, fields.joined())


def _entry(source: Source, line: int, fields: dict[str, list[str]]) -> Entry:
    def one(*tags: str) -> str:
        return next((without_markup(text) for tag in tags for text in fields.get(tag, ()) if text), "")

    abstract = clean_abstract(without_markup(" ".join(fields.get("X", ()))))
    held = " ".join((*fields.get("W", ()), *fields.get("~", ()))).lower()
    return to_entry(
        source,
        line,
        title=one("T", "!", "Q"),
        abstract=abstract,
        sections=find_sections(abstract),
        authors=map(family_first, filter(None, fields.get("A") or fields.get("E") or ())),
        journal=one("J", "B"),
        year=find_year(one("D")) or find_year(one("8")),
        volume=one("V"),
        issue=one("N"),
        pages=one("P"),
        doi=next((text for text in fields.get("R", ()) if "10." in text), "")
        or next((text for text in fields.get("U", ()) if re.match(r"https?://(?:dx\.)?doi\.org/10\.", text)), ""),
        pmid=one("M") if re.search(r"\b(?:pubmed|medline|nlm)\b", held) and "embase" not in held else "",
        pmcid=one("2") if one("2").startswith("PMC") else "",
        url=next((text for text in fields.get("U", ()) if text.startswith(("http://", "https://"))), ""),
        language=one("G"),
        publication_types=[one("9") or one("0")],
        keywords=[part for text in fields.get("K", ()) for part in text.split(";")],
        affiliations=fields.get("+", ()),
    )


FORMAT = Format("refer", "EndNote refer", (".enw", ".refer", ".txt"), _sniff, _read)
