"""A journal's page copied as plain text: found out line by line what is title, authors, citation, abstract, furniture.

Nothing here knows a site. A page is taken for an abstract page when it has running prose for an abstract and a
title above it; everything else on it that is not clearly a reference's part is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.errors import UnknownFormat
from qa.reading import citation_line
from qa.reading.headings import find_sections, is_heading, leading_heading
from qa.reading.mapping import clean, family_first, find_doi, to_entry
from qa.reading.source import Format, Source
from qa.schema import Entry

#: What sites put around an abstract. Matched against a whole line, its case set aside.
_FURNITURE = re.compile(
    r"""
    .*\blogo
    | skip\ to\b.* | .*\ba?ccess\ (?:full\ ?text|through|options|provided).*
    | (?:get|full\ text|open|free)\ access\b.*
    | .*\b(?:log|sign)[ -]?(?:in|out|up)\b.* | .*\bcookies?\b.* | .*\bsubscri(?:be|ption)\b.*
    | .*\ball\ rights\ reserved.*
    | (?:copyright|©|\(c\)\ ).* | .*\binstitutional\ (?:members?|access|login)\b.*
    | (?:correspond\w*|address\ (?:for|correspond|reprint)\w*|reprint\w*|e-?mail)\b.*
    | (?:author\ links?|authors?\ info\w*|author\ notes|affiliations?)\b.*
    | (?:show|read|view|see|learn|load|expand)\b.{0,60}
    | (?:add|save|send)\ to\b.*
    | (?:share|cite|citation|citations?:?\ \d+|cited\ by|permissions?|print|download|export|email|
      pdf|epub|favou?rites?|alerts?|follow|metrics|tools|menu|search|home|journals?|books|issues?|archives?|about|help|
      contact|previous|next|back|top|outline|figures?|tables?|references|footnotes|supplementary|similar\ articles|
      related\ (?:articles|content|information)|linkout|actions|page\ navigation|in\ this\ (?:article|issue)|
      article\ (?:tools|metrics|outline|menu|information|navigation)|advertisement|buy|purchase|request|rights|sections|
      full\ text(?:\ links)?|html|open\ in|peer\ review|review\ article|original\ (?:article|research|paper)|review|
      research\ article|case\ report|article|editorial|letter|free\ (?:pmc\ )?article|clipboard|display\ options|
      format|abstract\ pubmed|pmid|feedback|comments?|recommended|trending|most\ (?:read|cited)|newsletter|
      get\ rights.*|rights\ and\ content|open\ overlay.*|crossmark|check\ for\ updates|altmetric.*)
      (?:[ :|>»\d/,&()-].{0,40})?
    | (?:received|accepted|revised|available\ online|version\ of\ record|issue\ date|edited\ by)\b.{0,160}
    | (?:issn|isbn)\b.* | (?:https?://|www\.)\S+ | [\W\d_]*
    """,
    re.I | re.X,
)
_ABSTRACT = re.compile(r"\W*(?:abstract|summary|résumé|zusammenfassung|resumen)\W*", re.I)
_ABSTRACT_LEAD = re.compile(r"(?:abstract|ABSTRACT)(?:\s*[:.–—-]\s*|\s+)(?=[A-Z0-9])")
_KEYWORDS = re.compile(r"\W*(?:key\s?-?words?(?:\s+plus)?|index terms|mesh terms)\b\s*[:.–—-]*\s*", re.I)
_END = re.compile(
    r"\W*(?:\d\.?\s*)?(?:introduction|section snippets|references.*|graphical abstract|highlights|keywords?|key words|"
    r"acknowledge?ments?|conflicts? of interest.*|competing interests?.*|declaration.*|funding|publication types?|"
    r"mesh terms|substances|similar articles|abbreviations?|supplementary.*|data availability.*|full text.*|figures?|"
    r"cited by.*|author contributions?)\W*",
    re.I,
)
_NOT_TEXT = re.compile(
    r"©|\bcopyright\b|\ball rights reserved\b|^correspond\w+ (?:to|author)|^\W*e-?mail|^published by|"
    r"^conflicts? of interest|^(?:https?://)?(?:dx\.)?doi",
    re.I,
)
_PLACE = re.compile(
    r"\b(?:universit\w+|hospitals?|departments?|institut\w+|school of|college|facult\w+|division of|clinic|academy|"
    r"cent(?:er|re) (?:for|of)|laborator\w+|inserm|cnrs|medical cent(?:er|re))\b",
    re.I,
)
_SENTENCE = re.compile(r"[a-z)\]%][.?!](?:\s|$)")

_NAME_WORD = (
    r"(?:[A-Z][\w'’‐-]*\.?|[A-Z]\.(?:-?[A-Z]\.)*|van|von|der|den|de|del|della|di|da|dos|la|le|ten|ter|al|bin|ibn|el)"
)
_NAME = re.compile(rf"{_NAME_WORD}(?:,? {_NAME_WORD}){{0,5}}")
_MARKS = re.compile(
    r"(?<=[a-z.])\s?(?:\d+|[*†‡§¶#])(?:\s?[,\s]\s?(?:\d+|[*†‡§¶#]))*|[*†‡§¶✉⁰¹²³⁴-⁹]+|\s[a-h](?=\s*(?:,|;|$|\band\b))"
)
_DEGREES = re.compile(
    r",?\s*\b(?:MD|PhD|Ph\.D\.|M\.D\.|MSc|MPH|MS|BSc|FRCP|MBBS|DPhil|RN|DO|FACP|FACR|PharmD|DrPH|MBA)\b\.?"
)

#: Markup, JSON, BibTeX, RefMan, YAML, Web of Science, Ovid, and field names in quotation marks.
_OTHER = re.compile(r"[<{%@\\]|\[\s*[\[{\"]|FN |# YAML|---\s|<\d+>|\"[^\"\n]*\",")

_MAX_LINES = 20_000
_LONG = 180  #: characters from which a line with sentences in it is prose


def _sniff(head: str) -> bool:
    """Text that is not some format's: no tags, braces or columns at its start."""
    start = head.lstrip()
    if _OTHER.match(start):
        return False
    lines = [line for line in start.split("\n")[:200] if line.strip()]
    if any(line.count("\t") > 3 or '","' in line or (line.count(",") > 4 and ", " not in line) for line in lines[:3]):
        return False
    tagged = sum(bool(re.match(r"[A-Z][A-Z0-9]{1,3} {0,2}[- ]", line)) for line in lines)
    return bool(lines) and tagged <= len(lines) / 3


def _read(source: Source) -> Iterator[Entry]:
    entry = parse(source, source.text())
    if entry is None:
        raise UnknownFormat(
            source.path,
            "is text, but neither references in a known format nor a page with a title and an abstract. "
            "Export the references as RIS or .nbib, or copy the abstract's page from its title on.",
        )
    yield entry


def parse(source: Source, text: str, url: str = "", titled: str = "") -> Entry | None:
    """The record that a page's text describes, or None if there is no title with an abstract on it.

    ``titled`` is what the page calls itself, if that is known: a line that is part of it is the title.
    """
    lines = _lines(text)
    span = _find_abstract(lines)
    if span is None:
        return None
    start, end, heading = span
    above, below = lines[:heading], lines[end:]
    title_at, authors = _find_title(above)
    title_at = next((at for at, line in enumerate(above) if len(line) > 15 and line in titled), title_at)
    if title_at is None:
        return None
    abstract = "\n".join(lines[start:end])
    abstract = _ABSTRACT_LEAD.sub("", abstract, count=1) if _ABSTRACT_LEAD.match(abstract) else abstract
    rest = [line for index, line in enumerate(above) if index != title_at]
    citation = citation_line.find([line for line in (*rest, *below) if not _is_prose(line)], above[title_at])
    return to_entry(
        source,
        0,
        title=above[title_at],
        abstract=abstract,
        sections=find_sections(abstract),
        authors=authors,
        journal=citation.journal,
        year=citation.year,
        volume=citation.volume,
        issue=citation.issue,
        pages=citation.pages,
        doi=_doi(above) or _doi(below[:30]),
        pmid=citation.pmid,
        pmcid=citation.pmcid,
        url=url,
        keywords=_keywords(lines, end),
        affiliations=[_unmarked(line) for line in (*rest, *below[:30]) if _is_place(line)],
    )


def headed_abstract(text: str) -> str:
    """The abstract on a page that stands under the heading "Abstract", or ''."""
    lines = _lines(text)
    span = _find_abstract(lines)
    return "\n".join(lines[span[0] : span[1]]) if span is not None and span[2] < span[0] else ""


def _lines(text: str) -> list[str]:
    """The page's lines, those of hard-wrapped paragraphs joined."""
    lines: list[str] = []
    for block in re.split(r"\n\s*\n", text):
        rows = [row for row in map(clean, block.split("\n")) if row]
        full = 0.8 * max(map(len, rows), default=0)
        # Wrapped prose has full rows, of which none is as long as a paragraph.
        wrapped = 45 < full < 100 and sum(len(row) >= full for row in rows) > 2
        for index, row in enumerate(rows):
            before = rows[index - 1] if index else ""
            opens = is_heading(row) or leading_heading(row) or _people(row)
            if wrapped and len(before) >= full and not opens:
                lines[-1] += f" {row}"
            else:
                lines.append(row)
    return lines[:_MAX_LINES]


# -- the abstract --------------------------------------------------------------------------------------------------


def _find_abstract(lines: list[str]) -> tuple[int, int, int] | None:
    """(first line, line behind the last, line of its heading or first line) of the abstract."""
    for index, line in enumerate(lines[:-1]):
        if index and _ABSTRACT.fullmatch(line):
            end = _run(lines, index + 1)
            if _enough(lines[index + 1 : end]):
                return index + 1, end, index
    for index, line in enumerate(lines):
        if index and _ABSTRACT_LEAD.match(line) and _enough([line]):
            return index, _run(lines, index), index
    for index, line in enumerate(lines):
        if index and (_is_prose(line) or _opens(lines, index)):
            end = _run(lines, index)
            if _enough(lines[index:end]):
                return index, end, index
    return None


def _run(lines: list[str], start: int) -> int:
    """Where the abstract that starts here ends: at the first line that is neither prose nor a heading of some."""
    end = start
    while end < len(lines):
        line = lines[end]
        heading = is_heading(line)
        if (
            _KEYWORDS.match(line)
            or _NOT_TEXT.search(line[:200])
            or (_END.fullmatch(line) and (end > start or not heading))
        ):
            # "Introduction" opens a structured abstract, or the article behind the abstract.
            break
        followed = heading and end + 1 < len(lines) and not is_heading(lines[end + 1])
        if not (followed or _is_prose(line) or _is_sentence(line)):
            break
        end += 1
    while end > start and is_heading(lines[end - 1]):
        end -= 1
    return end


def _opens(lines: list[str], index: int) -> bool:
    """Whether a structured abstract opens here: a heading with text behind it, or on its own line above it."""
    text = lines[index + 1] if is_heading(lines[index]) and index + 1 < len(lines) else ""
    text = text or (lines[index] if leading_heading(lines[index]) else "")
    return len(text) > 60 and bool(_SENTENCE.search(text))


def _enough(lines: list[str]) -> bool:
    text = " ".join(lines)
    return len(text) >= 100 and len(_SENTENCE.findall(text)) >= 1 and len(text.split()) >= 15


def _is_sentence(line: str) -> bool:
    """Whether a line too short to open an abstract may go on with one."""
    if len(line) <= 40 or not _SENTENCE.search(line) or _FURNITURE.fullmatch(line):
        return False
    return not _is_place(line) and not citation_line.looks_like_one(line)


def _is_prose(line: str) -> bool:
    if _NOT_TEXT.search(line[:200]) or (_FURNITURE.fullmatch(line) and len(line) < _LONG):
        return False
    words = line.split()
    lower = sum(word[:1].islower() for word in words)
    # Sentences are mostly small words; addresses, lists of names and of links are not.
    return len(line) >= _LONG and bool(_SENTENCE.search(line)) and lower > len(words) * 0.5


# -- title and authors ---------------------------------------------------------------------------------------------


def _find_title(above: list[str]) -> tuple[int | None, list[str]]:
    """Where the title stands, and the authors: names under a title tell both."""
    kinds = [_kind(line) for line in above]
    best: tuple[int, int] | None = None
    for index, line in enumerate(above):
        if kinds[index] not in ("line", "names") or not (people := _people(line)):
            continue
        title = next((at for at in range(index - 1, max(index - 4, -1), -1) if kinds[at] in ("line", "names")), None)
        if title is None or len(above[title]) < 8:
            continue
        sure = 2 * (len(people) > 1) + (len(above[title].split()) > 3) + (";" in line or bool(_MARKS.search(line)))
        if len(people) == 1 and len(above[title].split()) < 3:
            continue
        if best is None or sure > best[0]:
            best = (sure, index)
    if best is not None:
        names = best[1]
        title = next(at for at in range(names - 1, -1, -1) if kinds[at] in ("line", "names"))
        people = _people(above[names])
        # One author a line, as some pages set them.
        while len(people) == len(_people(above[names])) == 1 or (
            names + 1 < len(above) and _lone_name(above[names + 1])
        ):
            names += 1
            if names >= len(above) or not _lone_name(above[names]):
                break
            people += _people(above[names])
        return title, list(dict.fromkeys(people))
    lines = [index for index, kind in enumerate(kinds) if kind == "line" and len(above[index].split()) >= 4]
    if not lines:
        lines = [index for index, kind in enumerate(kinds) if kind in ("line", "names") and len(above[index]) >= 15]
    return (max(lines, key=lambda index: (len(above[index].split()) > 5, index)), []) if lines else (None, [])


def _kind(line: str) -> str:
    """ "names", "line" (may be a title), or "" for what is neither."""
    if len(line) > 400 or _FURNITURE.fullmatch(line) or citation_line.looks_like_one(line) or _NOT_TEXT.search(line):
        return "names" if _people(line) and len(_people(line)) > 2 else ""
    if _is_place(line) or _KEYWORDS.match(line) or is_heading(line) or find_doi(line) or len(line) < 8:
        return "names" if _people(line) and not _is_place(line) else ""
    return "names" if _people(line) else "line"


def _lone_name(line: str) -> bool:
    return (
        len(_people(line)) == 1
        and 2 <= len(line.split()) <= 5
        and not is_heading(line)
        and not _FURNITURE.fullmatch(line)
    )


def _people(line: str) -> list[str]:
    """The names in a line that holds nothing but names, else none."""
    bare = _MARKS.sub("", _DEGREES.sub("", re.sub(r"^(?:by|authors?:)\s+", "", line, flags=re.I)))
    bare = re.sub(r"\s*(?:\bet al\.?|…|\.\.\.)\s*$", "", bare).strip(" ,;.&") if len(bare) > 4 else bare
    if not bare or bare[-1:] == ":" or len(bare) > 3000:
        return []
    parts = re.split(r"\s*;\s*|\s+(?:and|&)\s+" if ";" in bare else r"\s*(?:,|·|\||•|\band\b|&)\s*", bare)
    parts = [part.strip(" ,") for part in parts if part.strip(" ,")]
    if ";" not in bare and _alternates(parts):
        parts = [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    if not parts or not all(_NAME.fullmatch(part) and 2 <= len(part.split()) <= 6 for part in parts):
        return []
    if any(len(word) > 3 and word.isupper() and len(parts) == 1 for word in bare.split()):
        return []
    return [family_first(part) for part in parts]


def _alternates(parts: list[str]) -> bool:
    """ "Valenzuela, A., Chung, L.": families and initials in turn."""
    return (
        len(parts) > 1
        and len(parts) % 2 == 0
        and all(re.fullmatch(r"(?:[A-Z]\.?[ -]?){1,4}", one) for one in parts[1::2])
    )


# -- the rest ------------------------------------------------------------------------------------------------------


def _is_place(line: str) -> bool:
    return (
        len(line) < 400
        and bool(_PLACE.search(line))
        and line.count(",") >= 1
        and not _NOT_TEXT.search(line)
        and not re.match(r"correspond|address|e-?mail|institutional", line, re.I)
        and not citation_line.looks_like_one(line)
        and len(re.findall(r"\b(?:we|were|was|have|has|is|are)\b", line)) == 0
    )


def _unmarked(line: str) -> str:
    """Without the mark that ties an address to an author: "1 Department …", "a Division …"."""
    return re.sub(r"^(?:\d{1,2}|[a-h]|[*†‡§])\s*(?=[A-Z])", "", line)


def _doi(lines: list[str]) -> str:
    return next((doi for line in lines if len(line) < 400 and (doi := find_doi(line))), "")


def _keywords(lines: list[str], end: int) -> list[str]:
    for index in range(end, min(end + 12, len(lines))):
        if match := _KEYWORDS.match(lines[index]):
            words = lines[index][match.end() :] or (lines[index + 1] if index + 1 < len(lines) else "")
            if len(words) < 500:
                return [word.strip(" .") for word in re.split(r"[;•|·]" if re.search(r"[;•|·]", words) else ",", words)]
    return []


FORMAT = Format("page_text", "a journal's page copied as text", (".txt", ".text", ".md"), _sniff, _read)
