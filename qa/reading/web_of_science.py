"""Web of Science's tagged text (.ciw, .isi, .txt): two-letter tags, continuations indented."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from qa.reading.headings import find_sections
from qa.reading.mapping import clean_abstract, find_year, join_pages, to_entry, without_markup
from qa.reading.source import Format, Source
from qa.schema import Entry

_TAG = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|$)")
_SNIFF = re.compile(r"^FN .*\n(?:VR .*\n)?|^PT [A-Z]\n(?:[A-Z][A-Z0-9] |   )", re.M)
_TELLING = re.compile(r"^(?:PT|AU|TI|SO|UT|ER)(?: |$)", re.M)

_PMID = re.compile(r"MEDLINE:(\d{1,8})$")


def _sniff(head: str) -> bool:
    return bool(_SNIFF.search(head)) and len(set(_TELLING.findall(head))) > 2


def _read(source: Source) -> Iterator[Entry]:
    fields: dict[str, list[str]] = defaultdict(list)
    first = 0
    tag = ""
    for number, line in source.lines():
        match = _TAG.match(line)
        if match is None:
            if tag and (text := line.strip()):
                fields[tag].append(text)
            continue
        if match[1] in ("ER", "PT") and fields:
            yield _entry(source, first, fields)
            fields = defaultdict(list)
        tag = match[1] if match[1] not in ("ER", "EF", "FN", "VR") else ""
        if tag:
            if not fields:
                first = number
            fields[tag].append((match[2] or "").strip())
    if fields:
        yield _entry(source, first, fields)


def _entry(source: Source, line: int, fields: dict[str, list[str]]) -> Entry:
    def one(*tags: str) -> str:
        return next((text for tag in tags if (text := without_markup(" ".join(fields.get(tag, ())).strip()))), "")

    abstract = clean_abstract(one("AB"))
    ut = _PMID.search(one("UT"))
    number = one("AR")
    return to_entry(
        source,
        line,
        title=one("TI"),
        abstract=abstract,
        sections=find_sections(abstract),
        authors=_authors(fields),
        journal=one("SO", "JI", "J9"),
        year=find_year(one("PY")) or find_year(one("PD")) or find_year(one("EA")),
        volume=one("VL"),
        issue=one("IS"),
        pages=join_pages(one("BP"), one("EP")) or one("PS") or number.removeprefix("ARTN ").removeprefix("UNSP "),
        doi=one("DI", "D2"),
        pmid=one("PM") or (ut[1] if ut else ""),
        language=one("LA"),
        publication_types=one("DT").split(";"),
        keywords=[*one("DE").split(";"), *one("ID").split(";")],
        affiliations=[re.sub(r"^\[[^\]]*\]\s*", "", text) for text in fields.get("C1", ())],
    )


def _authors(fields: dict[str, list[str]]) -> list[str]:
    """Full names where they are given; MEDLINE's on one line are parted by semicolons."""
    names = next((fields[tag] for tag in ("AF", "AU", "BF", "BA", "CA") if fields.get(tag)), [])
    return [name.strip() for text in names for name in text.split(";")]


FORMAT = Format("web_of_science", "Web of Science", (".ciw", ".isi", ".txt"), _sniff, _read)
