"""What PubMed saves as "Abstract (text)" and "Summary (text)": numbered entries, made for people, told by their order.

An abstract entry is a run of paragraphs: citation, title, authors, author information, abstract, ids. A summary entry
is one line: authors, title, citation, ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from qa.reading import citation_line
from qa.reading.headings import find_sections
from qa.reading.mapping import clean, to_entry
from qa.reading.source import Format, Source
from qa.schema import Entry

_BEGIN = re.compile(r"(\d{1,6})([.:]) (?=\S)")
_PMID = re.compile(r"\bPMID: (\d{1,8})\b")
_PMCID = re.compile(r"\bPMCID: (PMC\d+)\b")
_DOI = re.compile(r"\b(?:DOI|doi): ?(10\.\S+)")
_SNIFF_ABSTRACT = re.compile(
    r"\s*\d{1,6}\. \S[^\n]{4,300}(?:\n\S[^\n]{0,300}){0,4}\n\n\S[\s\S]{0,30000}?^PMID: \d", re.M
)
_SNIFF_SUMMARY = re.compile(r"\s*\d{1,6}: \S[^\n]{20,}(?:\n\S[^\n]+){0,8}\bPMID: ?\d", re.M)

#: Paragraphs that are no abstract, by how they begin.
_ASIDE = re.compile(
    r"Author information:|\[Article in [A-Z]|(?:©|Copyright\b|\(c\) ?\d{4})|Conflict of interest statement:|"
    r"Comment (?:in|on)\b|Erratum (?:in|for)\b|"
    r"Update (?:in|of)\b|Republished (?:in|from)\b|Retraction (?:in|of)\b|Collaborators?:|Publisher:|Published by\b|"
    r"Plain Language Summary|Trial registration: \S+$|(?:DOI|PMCID|PMID): ",
)
_NAME = re.compile(r"([^\d:]{1,80}?) ([A-Z](?:[A-Z-]{0,4}|[a-z]{1,2}))(?: (Jr|Sr|2nd|3rd|4th|II|III|IV))?")
_MARK = re.compile(r"\((?:\d{1,3}|#)\)|[ \t]*\([^()]{0,6}#[^()]{0,4}\)")


def _sniff(head: str) -> bool:
    return bool(_SNIFF_ABSTRACT.match(head) or _SNIFF_SUMMARY.match(head))


def _read(source: Source) -> Iterator[Entry]:
    lines: list[str] = []
    first = 0
    expected = 0
    blank = True
    for number, line in source.lines():
        match = _BEGIN.match(line) if blank else None
        # Numbers count upwards: "2. Results" within an abstract of a file is no second entry unless it is the next one.
        if match and (not first or (int(match[1]) == expected and _is_over(lines))):
            if first:
                yield _entry(source, first, lines)
            lines, first, expected = [], number, int(match[1]) + 1
            line = line[match.end() :]
        if first:
            lines.append(line.rstrip())
        blank = not line.strip()
    if first:
        yield _entry(source, first, lines)


def _is_over(lines: list[str]) -> bool:
    """Whether the entry so far has come to its ids: without them what follows is still a part of it."""
    return any(_PMID.search(line) or _DOI.search(line) for line in lines)


def _entry(source: Source, line: int, lines: list[str]) -> Entry:
    paragraphs = [list(group) for full, group in groupby(lines, key=bool) if full]
    text = "\n".join(lines)
    doi, pmid, pmcid = (match[1] if (match := mark.search(text)) else "" for mark in (_DOI, _PMID, _PMCID))
    if len(paragraphs) == 1:
        return _summary(source, line, clean(" ".join(paragraphs[0])), doi, pmid, pmcid)
    where = citation_line.find([clean(" ".join(paragraphs[0]))], "")
    title = "" if _ASIDE.match(paragraphs[1][0]) else clean(" ".join(paragraphs[1]))
    affiliations = [
        one for part in paragraphs if part[0].startswith("Author information:") for one in _affiliations(part[1:])
    ]
    rest = [part for part in paragraphs[2:] if not _ASIDE.match(part[0])]
    authors: list[str] = []
    if rest and _are_names(rest[0]):
        authors = _names(" ".join(rest.pop(0)))
    abstract = "\n".join(map(_joined, rest))
    return to_entry(
        source,
        line,
        title=title,
        abstract=abstract,
        sections=find_sections(abstract),
        authors=authors,
        journal=where.journal,
        year=where.year,
        volume=where.volume,
        issue=where.issue,
        pages=where.pages,
        affiliations=affiliations,
        doi=doi,
        pmid=pmid,
        pmcid=pmcid,
    )


def _summary(source: Source, line: int, text: str, doi: str, pmid: str, pmcid: str) -> Entry:
    """ "Uhu B, Nuit C. A title. J Owls. 2014 Mar;9(2):88-95. doi: …. PMID: …." """
    names, _, rest = text.partition(". ")
    authors = _names(names) if _are_names([f"{names}."]) else []
    title, journal = rest if authors else text, ""
    # The citation begins at the last full stop before the journal, whose name is what stands before the year.
    if dated := re.search(r"(?<=[.?!\]]) ([^.?!]{2,120}\.) (?=(?:19|20)\d\d\b)", title):
        journal, title = title[dated.start() :], title[: dated.start()]
    where = citation_line.find([journal.strip()], "")
    return to_entry(
        source,
        line,
        title=title,
        authors=authors,
        journal=where.journal,
        year=where.year,
        volume=where.volume,
        issue=where.issue,
        pages=where.pages,
        doi=doi,
        pmid=pmid,
        pmcid=pmcid,
    )


def _are_names(paragraph: list[str]) -> bool:
    """ "Uhu B(1), de la Nuit C(2)(3)." """
    parts = _parts(" ".join(paragraph))
    return 2 * sum(bool(_NAME.fullmatch(part)) for part in parts) >= len(parts) > 0


def _names(text: str) -> list[str]:
    """ "Docht E Jr" as "Docht, E, Jr"; a group, and who has but one name, as they are."""
    matches = ((part, _NAME.fullmatch(part)) for part in _parts(text))
    return [", ".join(filter(None, match.groups())) if match else part for part, match in matches]


def _parts(text: str) -> list[str]:
    return [part for name in re.split(r"[,;]", _MARK.sub("", text).rstrip(". ")) if (part := clean(name))]


def _affiliations(lines: list[str]) -> list[str]:
    joined: list[str] = []
    for line in lines:
        if (marked := re.match(r"\(\d{1,3}\)\s*", line)) or not joined:
            joined.append(line[marked.end() if marked else 0 :])
        else:
            joined[-1] += f" {line}"
    return joined


def _joined(paragraph: list[str]) -> str:
    """The lines of a paragraph as one, but a line with a heading ("METHODS: …") begins anew."""
    text = ""
    for line in paragraph:
        mark = "\n" if re.match(r"[A-Z][A-Z /,&()-]{3,60}: ", line) else " "
        text += f"{mark if text else ''}{line.strip()}"
    return text


FORMAT = Format("pubmed_text", "PubMed's abstract and summary text", (".txt",), _sniff, _read)
