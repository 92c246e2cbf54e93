"""Ovid's text exports: entries numbered <1>, each field's name on a line of its own and its text indented below it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from qa.reading.headings import find_sections
from qa.reading.mapping import clean_abstract, family_first, find_year, to_entry, without_markup
from qa.reading.source import Format, Source
from qa.schema import Entry

_NUMBER = re.compile(r"<\d+>\s*$")
_LABEL = re.compile(r"([A-Z][A-Za-z&/'() -]{1,60}?)[:.]?\s*$")
_SNIFF = re.compile(r"^<\d+>[ \t]*\n", re.M)
_TELLING = re.compile(
    r"^(?:Title|Authors?|Source|Abstract|Accession Number|Unique Identifier|Author Keywords|Institution|Status)"
    r"[:.]?[ \t]*\n[ \t]+\S",
    re.M,
)

#: "Journal of Trials.  28(2):103-106, April 2015."
_SOURCE = re.compile(
    r"(?P<journal>[^.]+)\.\s*(?:(?P<volume>\w+)?\s*(?:\((?P<issue>[^)]*)\))?\s*:\s*(?P<pages>[\w.-]+))?"
)


_DEGREES = re.compile(r",?\s+(?:MD|PhD|MSc|MS|RN|MPH|DO|BSc|FAAN|FRCS|DrPH)\b.*$")


def _sniff(head: str) -> bool:
    return bool(_SNIFF.search(head)) and len(set(_TELLING.findall(head))) > 1


def _read(source: Source) -> Iterator[Entry]:
    fields: dict[str, list[str]] = defaultdict(list)
    first = 0
    label = ""
    for number, line in source.lines():
        if _NUMBER.match(line):
            if fields:
                yield _entry(source, first, fields)
            fields, first, label = defaultdict(list), number, ""
        elif first and not line[:1].isspace() and (match := _LABEL.match(line)):
            label = match[1].strip().lower()
            fields[label] = []
        elif first and label and (text := line.strip()):
            fields[label].append(text)
    if fields:
        yield _entry(source, first, fields)


def _entry(source: Source, line: int, fields: dict[str, list[str]]) -> Entry:
    def one(*labels: str) -> str:
        return next((text for label in labels if (text := without_markup(" ".join(fields.get(label, ()))))), "")

    abstract = clean_abstract(one("abstract"))
    place = _SOURCE.match(one("source"))
    accession = one("unique identifier", "accession number", "pmid")
    return to_entry(
        source,
        line,
        # Ovid adds what kind of article it is: "… in primary care.[Review]".
        title=re.sub(r"\s*\[[A-Z][A-Za-z ,;-]*\]\s*$", "", one("title", "original title")).strip(),
        abstract=abstract,
        sections=find_sections(abstract),
        authors=[family_first(name) for name in _names(one("author", "authors"))],
        journal=one("journal", "journal name") or (place["journal"].strip() if place else ""),
        year=find_year(one("year of publication", "publication year", "date of publication"))
        or find_year(one("source"))
        or find_year(one("status")),
        volume=(place["volume"] or "") if place else "",
        issue=(place["issue"] or "") if place else "",
        pages=(place["pages"] or "").rstrip(".") if place else "",
        doi=one("doi number", "digital object identifier", "doi", "publisher item identifier"),
        pmid=accession.rstrip(".") if re.fullmatch(r"\d{6,8}\.?", accession) else "",
        language=one("language").rstrip("."),
        publication_types=re.split(r"[.;]\s+", one("publication type", "document type").rstrip(".")),
        keywords=one("author keywords", "keyword heading", "keywords").rstrip(".").split(";"),
        mesh=[text.strip("*. ") for text in fields.get("mesh subject headings", ())],
        affiliations=[re.sub(r"^\(\w+\)\s*", "", text) for text in fields.get("institution", ())],
    )


def _names(text: str) -> Iterator[str]:
    """ "Bunkers, Sandra Schmidt RN; PhD; FAAN 1" is one person: degrees and footnote marks go."""
    for name in text.split(";"):
        name = _DEGREES.sub("", re.sub(r"[\s\d*+†‡§]+$", "", name)).strip(" .,")
        if "," in name or " " in name:
            yield name


FORMAT = Format("ovid", "Ovid text", (".txt", ".cgi"), _sniff, _read)
