"""BibTeX and BibLaTeX, read entry by entry: a broken one costs no other.

The libraries for it lose what real files hold – an entry in round brackets, an unescaped quote or a second entry with
the same key – or read the whole file before they give anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.reading.headings import find_sections
from qa.reading.mapping import clean_abstract, family_first, find_doi, find_year, to_entry, without_markup
from qa.reading.source import Format, Source
from qa.reading.tex import plain
from qa.schema import Entry, Skip

_START = re.compile(r"[ \t]*@[ \t]*([A-Za-z]+)[ \t]*([{(])")
_SNIFF = re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(](?:[^,={}\"\n]*,)?\s*[A-Za-z][\w:.+-]*\s*=", re.M)
_NAME = re.compile(r"[\s,]*([A-Za-z][\w:.+-]*)\s*=\s*")
_WORD = re.compile(r"[^\s,#{}\"]+")
_AND = re.compile(r"\s+and\s+", re.I)
_PUBMED = re.compile(r"\b(?:PMID|PubMed ID)\s*[:=]?\s*(\d{1,8})\b", re.I)
_PMC = re.compile(r"\b(PMC\d{3,9})\b")

_MONTHS = {m: m for m in ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")}


def _sniff(head: str) -> bool:
    return bool(_SNIFF.search(head))


def _read(source: Source) -> Iterator[Entry]:
    macros = dict(_MONTHS)
    block: list[str] = []
    first = 0
    for number, line in source.lines():
        # An entry begins its line: so one that is never closed ends where the next begins.
        if _START.match(line):
            if block:
                yield from _entries(source, first, "\n".join(block), macros)
            block, first = [], number
        if block or _START.match(line):
            block.append(line)
    if block:
        yield from _entries(source, first, "\n".join(block), macros)


def _entries(source: Source, line: int, text: str, macros: dict[str, str]) -> Iterator[Entry]:
    """The entry that a block begins with, and any that follow it on its lines."""
    at = 0
    while match := _START.search(text, at):
        kind = match[1].lower()
        here = line + text.count("\n", 0, match.start())
        if kind in ("comment", "preamble"):
            return
        if kind == "string":
            fields, at = _fields(text, match.end(), macros)
            macros |= fields
            continue
        comma = re.compile(r"[^,={}\"]*,").match(text, match.end())
        fields, at = _fields(text, comma.end() if comma else match.end(), macros)
        if fields:
            yield _entry(source, here, kind, fields)
        else:
            yield Skip(source.path, here, "the entry has no fields: it is broken, or empty")


def _fields(text: str, at: int, macros: dict[str, str]) -> tuple[dict[str, str], int]:
    """The fields from here to the end of the entry, names in lower case, and where it ends."""
    fields: dict[str, str] = {}
    while match := _NAME.match(text, at):
        parts = []
        at = match.end()
        while True:
            value, at = _value(text, at, macros)
            parts.append(value)
            joint = re.compile(r"\s*#\s*").match(text, at)
            if not joint:
                break
            at = joint.end()
        # Said twice, as by programs that add to an entry, the first counts, unless it was empty.
        name = match[1].lower()
        fields[name] = fields.get(name) or "".join(parts)
    close = re.compile(r"[\s,]*[})]").match(text, at)
    return fields, close.end() if close else at


def _value(text: str, at: int, macros: dict[str, str]) -> tuple[str, int]:
    """One value, without its braces or quotes, and where it ends; an unclosed one reaches to the end."""
    if text[at : at + 1] not in ("{", '"'):
        word = _WORD.match(text, at)
        if not word:
            return "", at
        end = word.end() - (word[0][-1] in ")" and "(" not in word[0])
        found = text[at:end]
        return macros.get(found.lower(), found), end
    quoted = text[at] == '"'
    depth, i = 0, at + quoted
    while i < len(text):
        character = text[i]
        if character == "\\":
            i += 1
        elif character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0 and not quoted:
                return text[at + 1 : i], i + 1
            if depth < 0:
                return text[at + 1 : i], i
        elif character == '"' and quoted and depth == 0 and re.compile(r'"\s*[,#})]|"\s*$').match(text, i):
            return text[at + 1 : i], i + 1
        i += 1
    return text[at + 1 :], len(text)


def _entry(source: Source, line: int, kind: str, fields: dict[str, str]) -> Entry:
    def one(*names: str) -> str:
        return next((text for name in names if (text := plain(fields.get(name, "")))), "")

    title, subtitle = one("title"), one("subtitle")
    abstract = clean_abstract(without_markup(one("abstract")))
    eprint = one("eprint") if one("eprinttype", "archiveprefix").lower() in ("pubmed", "medline") else ""
    said = _PUBMED.search(f"{one('note')} {one('annote')}")
    keywords = one("keywords", "keyword", "author_keywords", "keywords-plus")
    return to_entry(
        source,
        line,
        title=without_markup(f"{title}: {subtitle}" if subtitle else title),
        abstract=abstract,
        sections=find_sections(abstract),
        authors=_people(fields.get("author", "") or fields.get("editor", "")),
        journal=one("journaltitle", "journal", "booktitle", "maintitle", "fjournal"),
        year=find_year(one("year")) or find_year(one("date")) or find_year(one("issued")),
        volume=one("volume"),
        issue=one("number", "issue"),
        pages=re.sub(r"\s*[-–—]+\s*", "-", one("pages")),
        doi=_doi(fields),
        pmid=one("pmid") or eprint or (said[1] if said else ""),
        pmcid=next((m[1] for name in ("pmcid", "pmc", "note") if (m := _PMC.search(one(name)))), ""),
        url=next(
            (t for name in ("url", "link", "ee") if (t := fields.get(name, "").strip(" {}\\")).startswith("http")), ""
        ),
        language=one("language", "langid"),
        publication_types=[one("document_type", "type") or kind],
        keywords=re.split(r"\s*[;,]\s*" if ";" not in keywords else r"\s*;\s*", keywords),
        affiliations=one("affiliation", "affiliations").split("; "),
    )


def _doi(fields: dict[str, str]) -> str:
    """DOIs escape what TeX would take for commands: 10.1000/a\\_b."""
    for name in ("doi", "url", "ee", "note"):
        text = re.sub(r"\\([_%&#$])", r"\1", fields.get(name, "")).replace("{", "").replace("}", "")
        if (name == "doi" or "doi.org/" in text) and (doi := find_doi(text)):
            return doi
    return ""


def _people(text: str) -> Iterator[str]:
    """Names parted by "and"; one in braces is a group's."""
    depth = 0
    guarded = []
    for character in text:
        depth += (character == "{") - (character == "}")
        guarded.append("\0" if depth > 0 and character.isspace() else character)
    for name in _AND.split("".join(guarded)):
        name = name.replace("\0", " ").strip()
        told = plain(name)
        if told.lower() not in ("", "others", "et al", "et al."):
            yield told if name.startswith("{") and name.endswith("}") else family_first(told)


FORMAT = Format("bibtex", "BibTeX", (".bib",), _sniff, _read)
