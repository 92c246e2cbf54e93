"""Web of Science's tagged text (.ciw, .isi, savedrecs.txt): two-letter tags, wrapped lines indented, PT to ER."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.reading.headings import find_sections
from qa.reading.mapping import clean_abstract, family_first, find_year, join_pages, to_entry, without_markup, words
from qa.reading.source import Format, Source
from qa.reading.tagged import Fields
from qa.schema import Entry

_TAGGED = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|[ \t]*$)")
_CONTINUED = re.compile(r"[ \t]+(\S.*)")
_SNIFF = re.compile(
    r"^[ \t]{0,8}FN [^\n]{0,200}\n[ \t]{0,8}VR 1\.\d|"
    r"^PT [A-Z][ \t]*\n(?:(?:[A-Z][A-Z0-9] |   )[^\n]*\n){1,200}?(?:TI|SO|UT) ",
    re.M,
)
#: In these each line is one item; in all others a new line goes on with the last.
_LISTS = words("AU AF BA BF CA GP BE C1 C3 CR EM")
#: Tags of the file, not of an entry.
_FILE = words("FN VR EF")


def _sniff(head: str) -> bool:
    return bool(_SNIFF.search(head))


def _read(source: Source) -> Iterator[Entry]:
    fields = Fields()
    tag = ""
    for number, line in source.lines():
        if match := _TAGGED.match(line):
            new, text = match[1], (match[2] or "").strip()
            if new in ("PT", "ER", "EF", "FN"):
                if fields:
                    yield _entry(source, fields.line, fields.joined())
                fields = Fields()
                tag = ""
            if new == "ER" or new in _FILE:
                continue
            if not fields:
                fields.line = number
            tag = new
            fields.begin(tag, text)
        elif tag and (text := line.strip()):
            # A line without its three blanks has been wrapped by another program.
            item = tag in _LISTS and _CONTINUED.match(line)
            # An address ends with a full stop; without one it is wrapped.
            if item and (tag != "C1" or fields.last(tag).endswith((".", "]"))):
                fields.begin(tag, text)
            else:
                fields.go_on(tag, text)
    if fields:
        yield _entry(source, fields.line, fields.joined())


def _entry(source: Source, line: int, fields: dict[str, list[str]]) -> Entry:
    def all_of(*tags: str, mark: str = ";") -> list[str]:
        return [part.strip() for tag in tags for text in fields.get(tag, ()) for part in text.split(mark)]

    def one(*tags: str) -> str:
        return next((text for tag in tags for text in fields.get(tag, ()) if text), "")

    abstract = clean_abstract(without_markup(" ".join(fields.get("AB", ()))))
    authors = next((names for tag in ("AF", "AU", "BF", "BA", "BE") if any(names := all_of(tag))), [])
    return to_entry(
        source,
        line,
        title=without_markup(one("TI", "FT")),
        abstract=abstract,
        sections=find_sections(abstract),
        authors=[*map(family_first, filter(None, authors)), *all_of("CA", "GP")],
        journal=one("SO", "JI", "J9", "SE"),
        year=find_year(one("PY")) or find_year(one("PD", "EY", "EA")),
        volume=one("VL"),
        issue=one("IS"),
        pages=join_pages(one("BP"), one("EP")) or one("PS", "AR").removeprefix("UNSP "),
        doi=one("DI", "D2"),
        pmid=one("PM") or (match[1] if (match := re.match(r"MEDLINE:(\d{1,8})$", one("UT"))) else ""),
        language=one("LA"),
        publication_types=[text for text in all_of("DT") if text != "-"],
        keywords=all_of("DE", "ID"),
        mesh=[text.split("/")[0].removeprefix("*").strip() for text in all_of("MH")],
        affiliations=fields.get("C1", ()),
    )


FORMAT = Format("web_of_science", "Web of Science", (".ciw", ".isi", ".txt"), _sniff, _read)
