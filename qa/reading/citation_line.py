"""The line of a page that says where an article stands: "Curr Opin Rheumatol. 2015 Nov;27(6):542-8."

Sites write it in a dozen ways; each part is looked for by itself, and the journal is what stands before them all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.reading.mapping import clean, find_year

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?|Spring|Summer|Autumn|Fall|Winter)"
)
_PAGE = r"[A-Za-z]?\d+[A-Za-z]?"
_RANGE = rf"{_PAGE}\s?[-–—‐‑]\s?{_PAGE}"

#: "27(6):542-8", "2015;27:542–548", "27 (6), 542-548": volume, issue and pages by their marks alone.
_COMPACT = re.compile(
    rf"\b(?P<volume>\d{{1,4}})\s?(?:\((?P<issue>[^()]{{1,20}})\))?\s?[:,]\s?(?P<pages>{_RANGE}|e\d+|\d{{2,}})\b"
)
_VOLUME = re.compile(r"\bvol(?:ume|\.)?\s*(?P<volume>[A-Z]?\d+[A-Za-z]?)", re.I)
_ISSUE = re.compile(r"\b(?:issue|iss\.|no\.|number)\s*(?P<issue>[A-Z]?\d+(?:\s?[-–/]\s?\d+)?|suppl\w*\.?\s*\d*)", re.I)
_PAGES = re.compile(rf"\b(?:pages?|pp?\.?)\s*(?P<pages>{_RANGE}|[A-Za-z]?\d+)", re.I)
_ARTICLE = re.compile(r"\b(?:article(?: number| id)?:?|art\. no\.)\s*(?P<pages>[A-Za-z]?\d{3,})\b", re.I)
_DATE = re.compile(rf"\b(?:{_MONTH}[ .,-]*(?:\d{{1,2}},?\s)?|\d{{1,2}}\s{_MONTH}\s)?(?:19|20)\d\d\b")
_PUBLISHED = re.compile(r"\b(?:first\s+)?(?:published|available|posted|epub)\b", re.I)
_PMID = re.compile(r"\bPMID\s*:?\s*(\d{1,8})\b")
_PMCID = re.compile(r"\bPMCID\s*:?\s*(PMC\d+)\b")

#: What a citation line may begin with.
_LEAD = re.compile(r"\s*(?:(?:how to )?cite (?:this (?:article|paper) )?as|citation|source|published in)\s*:?\s*", re.I)

#: Where a journal's name ends: at the first thing that is no name.
_NAME_END = re.compile(
    rf"\s*(?:[.,:;|(·•–-]\s*)?\s*(?=\b{_MONTH}\b.{{0,12}}(?:19|20)\d\d|\(?\b(?:19|20)\d\d\b|\bvol(?:ume|\.)?\s*[A-Z]?\d|\bissue\s\d|\b\d{{1,4}}\s?[(:,]|\bpp?\.\s?\d)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Citation:
    """What a page's citation line and its neighbours say."""

    journal: str = ""
    year: int | None = None
    volume: str = ""
    issue: str = ""
    pages: str = ""
    pmid: str = ""
    pmcid: str = ""


def looks_like_one(line: str) -> bool:
    """Whether a line is (part of) a citation: a year or a date together with a volume, an issue or pages."""
    if len(line) > 300:
        return False
    numbered = _COMPACT.search(line) or _VOLUME.search(line) or _PAGES.search(line)
    dated = _DATE.search(line)
    return bool(
        (numbered and dated) or (_VOLUME.search(line) and (_ISSUE.search(line) or _PAGES.search(line)))
    ) or bool(dated and (_PUBLISHED.search(line) or _DATE.fullmatch(line.strip(" ."))))


def find(lines: Sequence[str], title: str) -> Citation:
    """The citation on a page, from its lines without title and abstract."""
    at = next((index for index, line in enumerate(lines) if looks_like_one(line) and _numbers(line)), None)
    joined = "\n".join(lines)
    pmid, pmcid = _PMID.search(joined), _PMCID.search(joined)
    year = None
    volume = issue = pages = journal = ""
    if at is not None:
        line = lines[at]
        volume, issue, pages = _parts(line)
        year = find_year(_without_numbers(line))
        above = [one for one in lines[max(0, at - 2) : at] if not _DATE.search(one) or len(one) > 30]
        before = above[-1] if above else ""
        journal = _journal(line) or (before if _may_be_name(before, title) else "")
    if year is None:
        dated = [line for line in lines if len(line) < 200 and _DATE.search(line)]
        dated.sort(key=lambda line: not _PUBLISHED.search(line))
        year = next((found for line in dated if (found := find_year(_without_numbers(line)))), None)
    return Citation(journal, year, volume, issue, pages, pmid[1] if pmid else "", pmcid[1] if pmcid else "")


def find_cited(lines: Sequence[str], title: str) -> Citation:
    """The citation that a page asks to be cited by ("Cite as: …"), or one that is empty but for a year."""
    told = [line for line in lines if _LEAD.match(line)]
    found = find(told, title)
    return found if found.journal else Citation(year=find(lines, title).year)


def _numbers(line: str) -> bool:
    return any(_parts(line))


def _parts(line: str) -> tuple[str, str, str]:
    volume, issue, pages = _VOLUME.search(line), _ISSUE.search(line), _PAGES.search(line) or _ARTICLE.search(line)
    found = (
        volume["volume"] if volume else "",
        issue["issue"].strip() if issue else "",
        pages["pages"].replace(" ", "") if pages else "",
    )
    if not volume and (compact := _COMPACT.search(re.sub(r"\bdoi\b.*", "", line, flags=re.I))):
        return compact["volume"], found[1] or compact["issue"] or "", found[2] or compact["pages"].replace(" ", "")
    if volume and not pages and (plain := re.search(_RANGE, line[volume.end() :])):
        return found[0], found[1], plain[0].replace(" ", "")
    return found


def _without_numbers(line: str) -> str:
    """Without page ranges and DOIs, in which four digits are no year."""
    return re.sub(rf"\b10\.\d{{4,9}}/\S+|{_PAGE}\s?[-–—]\s?{_PAGE}", " ", line)


def _journal(line: str) -> str:
    match = _NAME_END.search(line)
    name = clean(_LEAD.sub("", line[: match.start()] if match else "")).strip(" .,:;|-–·•(")
    return name if 2 < len(name) < 120 and any(char.isalpha() for char in name) and not _PUBLISHED.search(name) else ""


def _may_be_name(line: str, title: str) -> bool:
    """A line above the numbers that reads like a journal's name: "Chemical Physics Letters"."""
    words = line.split()
    return (
        0 < len(words) <= 10
        and line != title
        and line[:1].isupper()
        and not line.endswith((".", "?", ":"))
        and not any(char.isdigit() for char in line)
        and sum(word[:1].isupper() for word in words) >= len(words) / 2
    )
