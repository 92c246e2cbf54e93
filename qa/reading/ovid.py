"""Ovid's text: a number in angle brackets, then a label on its own line and its text, indented, below it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from qa.reading import citation_line
from qa.reading.headings import find_sections
from qa.reading.mapping import clean, clean_abstract, family_first, find_year, to_entry, without_markup
from qa.reading.source import Format, Source
from qa.schema import Entry

_NUMBER = re.compile(r"<\d{1,7}>[ \t]*$")
_SNIFF = re.compile(r"(?:^|\n)<\d{1,7}>[ \t]*\n+(?:[A-Z][\w ()/-]{1,60}\n+[ \t]+\S)")

#: The labels of one thing, in the spellings of Ovid's platforms and databases; short ones are those of its fields.
_LABELS: dict[str, tuple[str, ...]] = {
    "title": ("title", "ti", "article title", "chapter title"),
    "other title": ("original title", "book title", "translated title", "ot"),
    "abstract": ("abstract", "ab", "abstracts"),
    "other abstract": ("other abstract", "abstract label", "non-english abstract", "key phrase identifiers"),
    "authors": ("author", "authors", "author(s)", "au", "authors full name", "full author name"),
    "groups": ("corporate author", "institutional author", "collective name", "group author"),
    "source": ("source", "so", "source title", "publication source"),
    "journal": ("journal name", "journal title", "journal", "jn", "jt"),
    "year": ("year of publication", "publication year", "yr", "publication date", "date of publication", "dp"),
    "volume": ("volume", "vo", "journal volume"),
    "issue": ("issue", "issue/part", "ip", "journal issue"),
    "pages": ("page", "pages", "pg", "pagination"),
    "doi": ("doi number", "doi", "do", "digital object identifier", "digital object identifier (doi)"),
    "pmid": ("pmid", "pubmed id", "medline pmid", "pubmed identifier", "pm"),
    "unique": ("unique identifier", "ui", "accession number", "an", "accession no", "pmid/accession number"),
    "pmcid": ("pmc identifier", "pmcid", "pubmed central id"),
    "keywords": ("author keywords", "keywords", "keyword", "kw", "key concepts", "keyword heading", "kf"),
    "mesh": ("mesh subject headings", "mesh headings", "subject headings", "mh", "sh", "medical subject headings"),
    "types": ("document type", "publication type", "pt", "dt", "publication type(s)", "article type"),
    "language": ("language", "lg", "la", "language of publication"),
    "institution": ("institution", "in", "author affiliation", "affiliation", "address", "institutions"),
    "url": ("url", "link to the ovid full text or citation", "link to the external link resolver", "web url"),
    "database": ("database", "db", "data source", "database name"),
}  # fmt: skip
_MEANING = {label: meaning for meaning, labels in _LABELS.items() for label in labels}
_LABEL = re.compile(r"[A-Z][\w()/&'-]*(?: [\w()/&'-]+){0,7}:?[ \t]*$")

#: "A title.[Review]": the kind of document, right behind the title's full stop.
_KIND = re.compile(r"(?<=[.?!])\[([A-Z][^\[\]]{2,40})\]$")
_DEGREE = re.compile(
    r",?\s+(?:M\.?D|Ph\.?\s?D|R\.?N|B\.?Sc|M\.?Sc|B\.?A|M\.?A|M\.?P\.?H|M\.?S|B\.?S|D\.?V\.?M|D\.?D\.?S|D\.?Phil|"
    r"Pharm\.?D|Dr\.?PH|Sc\.?D|MBBS|MBChB|M\.?B\.?A|FRC[PS]|FACS|FACP|FAAN|FAHA|FACC|MRCP|MSPH|MSN|DO|DNP|EdD|PsyD|"
    r"BSN|BM|BCh|ChB|MHS|DSc|MHSc|PT|OT|DPT|APRN|CRNA)\.?(?=,|\s|$)"
)
_MARKS = re.compile(
    r"(?:[ \t]+|(?<=[a-z.]))"
    r"(?:\d{1,3}(?:[, ]{1,2}\d{1,3}){0,20}|[*+#^~@&§†‡|$]{1,5}(?:[, ]{1,2}[*+#^~@&§†‡|$]{1,5}){0,20})$"
)


def _sniff(head: str) -> bool:
    return bool(_SNIFF.search(head.lstrip("\ufeff")))


def _read(source: Source) -> Iterator[Entry]:
    fields: dict[str, list[str]] = defaultdict(list)
    first = 0
    label = ""
    for number, line in source.lines():
        if _NUMBER.match(line):
            if first:
                yield _entry(source, first, fields)
            fields = defaultdict(list)
            first, label = number, ""
        elif not first or not line.strip():
            continue
        elif meaning := _meaning(line):
            label = meaning
        elif label:
            fields[label].append(line.strip())
    if first:
        yield _entry(source, first, fields)


def _meaning(line: str) -> str:
    """What the label on this line stands for (itself, where it is not known), or '' where the line is text."""
    if line[:1].isspace():
        return ""
    label = line.strip().rstrip(":").lower()
    if label in _MEANING:
        return _MEANING[label]
    # Labels that are passed over are told by their look, or their text would go on with the field before.
    return label if _LABEL.match(line) and len(line) < 60 else ""


def _entry(source: Source, line: int, fields: dict[str, list[str]]) -> Entry:
    def text(*names: str) -> str:
        return next((joined for name in names if (joined := " ".join(fields.get(name, ())))), "")

    def items(*names: str) -> list[str]:
        return [
            part.strip(" .") for name in names for part in re.split(r";|\.\s{2,}|\n", "\n".join(fields.get(name, ())))
        ]

    title = clean(without_markup(text("title", "other title")))
    kind = _KIND.search(title)
    where = _where(text("source"))
    abstract = clean_abstract(without_markup(text("abstract", "other abstract")))
    unique = text("unique").rstrip(".")
    medline = (
        re.search(r"\b(?:medline|pubmed)\b", text("database").lower()) and "embase" not in text("database").lower()
    )
    return to_entry(
        source,
        line,
        title=title[: kind.start()] if kind else title,
        abstract=abstract,
        sections=find_sections(abstract),
        authors=[*_names(text("authors")), *items("groups")],
        journal=text("journal").rstrip(" .") or where.journal,
        year=find_year(text("year")) or where.year or find_year(text("status")),
        volume=text("volume") or where.volume,
        issue=text("issue") or where.issue,
        pages=text("pages") or where.pages,
        doi=text("doi"),
        pmid=text("pmid") or (unique if medline else ""),
        pmcid=text("pmcid"),
        url=next((word for word in text("url").split() if word.startswith(("http://", "https://"))), ""),
        language=text("language").rstrip(" ."),
        publication_types=[*([kind[1]] if kind else ()), *items("types")],
        keywords=items("keywords"),
        mesh=[part.split("/")[0].strip("* ") for part in items("mesh")],
        affiliations=[re.sub(r"^\(\S{1,4}\)\s*", "", part) for part in fields.get("institution", ())],
    )


def _where(source: str) -> citation_line.Citation:
    """The parts of "Ecohydrology.   8(6):1048-1064, September 2015."; the journal alone where there is no more."""
    name, _, rest = source.partition(".  ")
    found = citation_line.find([clean(source)], "")
    journal = name.strip(" .") if rest.strip() or not found.journal else found.journal
    return citation_line.Citation(journal, found.year or find_year(source), found.volume, found.issue, found.pages)


def _names(text: str) -> list[str]:
    """ "Verbeek, Jan MD *;  Bunkers, Sandra RN; PhD; FAAN 1" without degrees and marks."""
    names: list[str] = []
    for part in re.split(r";|(?<=\.)\s{2,}", text):
        name = _MARKS.sub("", " ".join(part.split()).strip(" ."))
        name = _DEGREE.sub("", f" {name}").strip(" ,")
        if any(char.isalpha() for char in name):
            names.append(family_first(_MARKS.sub("", name)))
    return names


FORMAT = Format("ovid", "Ovid text", (".txt", ".ovd", ".cgi"), _sniff, _read)
