"""Which lines of a page are its abstract, told by its heading, by its headings within, or by its prose."""

from __future__ import annotations

import re

from qa.reading import citation_line
from qa.reading.headings import is_heading, leading_heading
from qa.reading.page_furniture import FURNITURE, KEYWORDS, NOT_TEXT, is_place

_ABSTRACT = re.compile(r"\W*(?:abstract|summary|résumé|zusammenfassung|resumen)\W*", re.I)
_ABSTRACT_LEAD = re.compile(r"(?:abstract|ABSTRACT)(?:\s*[:.–—-]\s*|\s+)(?=[A-Z0-9])")
_END = re.compile(
    r"\W*(?:(?:\d|[IVX]{1,4})\.?\s*)?(?:introduction|section snippets|references.*|graphical abstract|highlights|"
    r"keywords?|key words|acknowledge?ments?|conflicts? of interest.*|competing interests?.*|declaration.*|funding|"
    r"publication types?|mesh terms|substances|similar articles|abbreviations?|supplementary.*|data availability.*|"
    r"full text.*|figures?|cited by.*|author contributions?)\W*",
    re.I,
)
_SENTENCE = re.compile(r"[a-z)\]%][.?!](?:\s|$)")
_LONG = 180  #: characters from which a line with sentences in it is prose


def find_abstract(lines: list[str], *, titled: bool = False) -> tuple[int, int, int] | None:
    """(first line, line behind the last, line of its heading or first line) of the abstract.

    It opens the page only where the title is known otherwise (``titled``).
    """
    for index, line in enumerate(lines[:-1]):
        if (index or titled) and _ABSTRACT.fullmatch(line):
            end = _run(lines, index + 1)
            if _enough(lines[index + 1 : end]):
                return index + 1, end, index
    for index, line in enumerate(lines):
        if (index or titled) and _ABSTRACT_LEAD.match(line) and _enough([line]):
            return index, _run(lines, index), index
    for index, line in enumerate(lines):
        if (index or titled) and (is_prose(line) or _opens(lines, index)):
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
            KEYWORDS.match(line)
            or NOT_TEXT.search(line[:200])
            or (_END.fullmatch(line) and (end > start or not heading))
        ):
            # "Introduction" opens a structured abstract, or the article behind the abstract.
            break
        followed = heading and end + 1 < len(lines) and not is_heading(lines[end + 1])
        if not (followed or is_prose(line) or _is_sentence(line)):
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
    if len(line) <= 40 or not _SENTENCE.search(line) or FURNITURE.fullmatch(line):
        return False
    return not is_place(line) and not citation_line.looks_like_one(line)


def is_prose(line: str) -> bool:
    """Whether a line is running text, long enough to be (the beginning of) an abstract."""
    if NOT_TEXT.search(line[:200]) or (FURNITURE.fullmatch(line) and len(line) < _LONG):
        return False
    words = line.split()
    lower = sum(word[:1].islower() for word in words)
    # Sentences are mostly small words; addresses, lists of names and of links are not.
    return len(line) >= _LONG and bool(_SENTENCE.search(line)) and lower > len(words) * 0.5


def without_lead(abstract: str) -> str:
    """Without the "Abstract:" that a text begins with."""
    match = _ABSTRACT_LEAD.match(abstract)
    return abstract[match.end() :] if match else abstract
