"""BibTeX and BibLaTeX, as programs and databases write them: fields in any case, TeX or none, parents by crossref."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.reading.bibtex_syntax import RawEntry, entries
from qa.reading.headings import find_sections
from qa.reading.mapping import clean_abstract, family_first, find_year, to_entry, without_markup
from qa.reading.source import Format, Source
from qa.reading.tex import to_address, to_text
from qa.schema import Entry

_SNIFF = re.compile(
    r"^[ \t]{0,40}@[ \t]{0,8}(?:(?:article|book|booklet|collection|conference|inbook|incollection|inproceedings|manual|"
    r"mastersthesis|misc|online|patent|phdthesis|proceedings|report|techreport|thesis|unpublished|comment|string|"
    r"preamble|data|dataset|software|electronic|periodical|review|reference|www)[ \t]{0,8}[{(]|"
    r"[A-Za-z]\w{1,40}[ \t]{0,8}\{[ \t]{0,8}[^\s,={}]{1,200}[ \t]{0,8},)",
    re.M | re.I,
)
_CROSSREF = re.compile(r"\bcrossref\s{0,40}=\s{0,40}[{\"]?\s{0,40}([^{}\",\s]{1,200})", re.I)
#: What an entry takes from the work that it is a part of.
_INHERITED = ("booktitle", "journal", "journaltitle", "year", "date", "volume", "number", "issue", "language", "series")
_PMID = re.compile(r"\b(?:PMID|PubMed(?: ID)?)\s{0,3}[:=]?\s{0,3}(\d{1,8})\b", re.I)
_AND = re.compile(r"\s+and\s+", re.I)
_BRACE = re.compile(r"\\.|[{}]", re.S)


def _sniff(head: str) -> bool:
    return not head.lstrip().startswith(("<", "{", "[")) and bool(_SNIFF.search(head))


def _read(source: Source) -> Iterator[Entry]:
    parents = _parents(source)
    for entry in entries(source):
        # A key is compared without regard to case, as BibTeX does.
        parent = parents.get(entry.one("crossref").strip().lower())
        if parent is not None and parent.line != entry.line:
            _inherit(entry, parent)
        yield _entry(source, entry)


def _parents(source: Source) -> dict[str, RawEntry]:
    """The entries that others refer to by key: BibTeX wants them at the end, so that they are looked for before."""
    wanted = {match[1].lower() for _, line in source.lines() for match in _CROSSREF.finditer(line)}
    if not wanted:
        return {}
    found: dict[str, RawEntry] = {}
    for entry in entries(source):
        if entry.key.lower() in wanted:
            for name in entry.fields.keys() - {*_INHERITED, "title"}:
                del entry.fields[name]  # an abstract is never inherited, and need not be held
            found.setdefault(entry.key.lower(), entry)
    return found


def _inherit(entry: RawEntry, parent: RawEntry) -> None:
    for name in _INHERITED:
        if not entry.one(name) and parent.one(name):
            entry.fields[name].append(parent.one(name))
    if not entry.one("booktitle", "journal", "journaltitle") and parent.one("title"):
        entry.fields["booktitle"].append(parent.one("title"))


def _entry(source: Source, entry: RawEntry) -> Entry:
    def one(*names: str) -> str:
        return _plain(entry.one(*names))

    def all_of(*names: str) -> list[str]:
        return [text for name in names for text in entry.fields.get(name, ())]

    title = one("title") or one("booktitle", "maintitle", "shorttitle")
    if (subtitle := one("subtitle")) and subtitle.lower() not in title.lower():
        title = f"{title.rstrip(' :')}: {subtitle}"
    abstract = clean_abstract(one("abstract", "abstractnote", "summary", "abstractnotes"))
    url = to_address(entry.one("url", "link", "eprint" if "http" in entry.one("eprint") else "url")).split()
    keywords = all_of("keywords", "keyword", "authorkeywords", "keywordsplus")
    return to_entry(
        source,
        entry.line,
        title=title,
        abstract=abstract,
        sections=find_sections(abstract),
        authors=_names(entry.one("author") or entry.one("editor")),
        journal=one("journal", "journaltitle", "fjournal", "booktitle" if entry.one("title") else "journal", "series"),
        year=find_year(one("year")) or find_year(one("date")) or find_year(one("issuedate", "urldate")),
        volume=one("volume"),
        issue=one("number", "issue"),
        pages=re.sub(r"\s*[-–—]+\s*", "-", one("pages")) or one("articleno", "eid", "artnumber", "articlenumber"),
        doi=to_address(entry.one("doi")) or _doi_of(url),
        pmid=_pmid(entry),
        pmcid=one("pmcid", "pmc"),
        url=next((address for address in url if address.startswith(("http://", "https://"))), ""),
        language=one("language", "langid"),
        publication_types=[one("documenttype") or (one("type") or entry.kind)],
        keywords=[word for text in keywords for word in _plain(text).split(";" if ";" in text.rstrip(";") else ",")],
        affiliations=[_plain(text) for group in all_of("affiliation", "affiliations") for text in group.split(";")],
    )


def _plain(text: str) -> str:
    return without_markup(to_text(text)).strip()


def _doi_of(addresses: list[str]) -> str:
    return next((text for text in addresses if re.match(r"https?://(?:dx\.)?doi\.org/10\.", text, re.I)), "")


def _pmid(entry: RawEntry) -> str:
    """As a field, as an eprint, or said in so many words in a note or in the key."""
    if entry.one("eprinttype", "archiveprefix").strip().lower() in ("pubmed", "pmid"):
        return to_address(entry.one("eprint"))
    if pmid := to_address(entry.one("pmid")):
        return pmid
    found = {match[1] for text in (entry.key, *entry.fields.get("note", ())) for match in _PMID.finditer(text)}
    return found.pop() if len(found) == 1 else ""


def _names(text: str) -> list[str]:
    """The authors: parted by "and" outside of braces; what is in braces as a whole is a group and stays as it is."""
    parts = _split(text, _AND)
    if len(parts) == 1 and _is_braced(parts[0]) and ", " in parts[0]:
        parts = _split(parts[0].strip()[1:-1], _AND)  # Web of Science puts all that it writes into one more pair
    if len(parts) == 1 and ";" in parts[0] and not _is_braced(parts[0]):
        parts = parts[0].split(";")
    return [name for part in parts if (name := _name(part)) and name.lower() != "others"]


def _name(text: str) -> str:
    if _is_braced(text):
        return _plain(text)
    parts = [" ".join(_plain(part).split()) for part in _split(text, re.compile(","))]
    if len(parts) == 3:  # "Last, Jr, First" in BibTeX, but many write "Last, First, Jr"
        parts = [parts[0], parts[2], parts[1]] if len(parts[1].rstrip(".")) < 4 and parts[2] else parts
    return ", ".join(part for part in parts if part) if len(parts) > 1 else family_first(parts[0])


def _is_braced(text: str) -> bool:
    """Whether all of the text stands in one pair of braces."""
    text = text.strip()
    if not (text.startswith("{") and text.endswith("}")):
        return False
    depth = 0
    for match in _BRACE.finditer(text):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.end() == len(text)
    return False


def _split(text: str, mark: re.Pattern[str]) -> list[str]:
    """The text cut at the marks that stand outside of braces."""
    parts: list[str] = []
    start = depth = seen = 0
    for match in mark.finditer(text):
        for brace in _BRACE.finditer(text, seen, match.start()):
            depth = max(0, depth + {"{": 1, "}": -1}.get(brace[0], 0))
        seen = match.start()
        if depth == 0:
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]


FORMAT = Format("bibtex", "BibTeX and BibLaTeX", (".bib", ".bibtex"), _sniff, _read)
