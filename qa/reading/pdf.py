"""An article as PDF: title and abstract from its first pages, where these hold text and not a picture of it."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

from qa.errors import Broken, ReadingError, UnknownFormat
from qa.reading.headings import find_sections
from qa.reading.mapping import clean, family_first, find_doi, find_year, to_entry
from qa.reading.source import Format, Source
from qa.schema import Entry

#: Pages that an abstract may stand on; bytes of a file, and characters of a page, that are looked at.
_PAGES, _MOST, _CHARACTERS = 3, 256 * 1024 * 1024, 60_000

_BEGIN = re.compile(
    r"^[ \t]*(?:a\s?b\s?s\s?t\s?r\s?a\s?c\s?t|summary|structured abstract)\b[ \t]*[:.—–-]?[ \t]*", re.I | re.M
)
_END = re.compile(
    r"^[ \t]*(?:(?:\d{1,2}|I)\.?[ \t]*(?:\|[ \t]*)?)?(?:introduction|key[ -]?words?|index terms|mesh terms|"
    r"abbreviations|correspond(?:ence|ing)|received|accepted|copyright|©|doi\b|https?://|funding|citation:|"
    r"\d\.?[ \t]+background)\b|^[ \t]*©",
    re.I | re.M,
)
#: What programs put for a title when nobody gave one.
_NO_TITLE = re.compile(
    r"(?i)\.(?:docx?|pdf|tex|indd|dvi|qxd|pmd)\b|^(?:untitled|microsoft word|title|manuscript)\b|^\S+$|^doi:"
)
_FURNITURE = re.compile(
    r"(?i)^(?:original (?:article|research)|research(?: article)?|review(?: article)?|open access|article|doi)\b"
    r".{0,20}$"
)

Line = tuple[float, str]


def _sniff(head: str) -> bool:
    return "%PDF-" in head[:1024]


def _read(source: Source) -> Iterator[Entry]:
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns of every slip of the programs that write PDFs
    data = source.data(_MOST)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadingError(source.path, "is a PDF locked with a password. Save an unlocked copy and add that.")
        pages = [_lines(page) for page in reader.pages[:_PAGES]]
        about = {str(name): str(value) for name, value in (reader.metadata or {}).items()}
    except ReadingError:
        raise
    except Exception as error:  # pypdf raises anything on damaged files, RecursionError and KeyError among it
        raise Broken(source.path, "is a PDF with damage in it. Download it again.") from error
    text = "\n".join(line for page in pages for _, line in page)
    if len(re.findall(r"\w{2,}", text)) < 30:
        raise UnknownFormat(
            source.path,
            "is a PDF without text: a scan, perhaps. Export the reference as RIS or .nbib, or save the page.",
        )
    title, abstract = _title(pages[0], about.get("/Title", "")), _abstract(text)
    if not title and not abstract:
        raise UnknownFormat(
            source.path,
            "is a PDF in which no title and no abstract could be told. Export the reference as RIS or .nbib.",
        )
    front = "\n".join(line for _, line in pages[0])
    names = re.split(r"\s*(?:;|,| and )\s*", about.get("/Author", ""))
    yield to_entry(
        source,
        0,
        title=title,
        abstract=abstract,
        sections=find_sections(abstract),
        authors=[family_first(name) for name in names if " " in name.strip()],
        year=_year(front),
        doi=find_doi(about.get("/WPS-ARTICLEDOI", "") or about.get("/doi", "")) or _doi(front),
    )


def _lines(page: Any) -> list[Line]:
    """A page's lines in reading order, each with the largest size of its letters."""
    found: list[Line] = []
    sizes: dict[str, float] = {}

    def visit(text: str, _cm: Any, matrix: Any, _font: Any, size: float) -> None:
        scaled = abs(size * (matrix[3] or matrix[1] or 1))
        for part in text.split("\n"):
            if part := clean(part):
                sizes[part] = max(sizes.get(part, 0.0), scaled)

    for line in str(page.extract_text(visitor_text=visit))[:_CHARACTERS].split("\n"):
        if line := clean(line):
            found.append((max((size for part, size in sizes.items() if part in line), default=0.0), line))
    return found


def _title(lines: list[Line], told: str) -> str:
    """What the document says of itself, if the page says so too; else its largest letters."""
    told = clean(told)
    page = _squeezed(" ".join(line for _, line in lines))
    if len(told) > 12 and not _NO_TITLE.search(told) and _squeezed(told) in page:
        return told
    usable = [(size, line) for size, line in lines[:60] if len(line) > 3 and not _FURNITURE.match(line)]
    for size in sorted({round(size, 1) for size, _ in usable}, reverse=True)[:4]:
        rows = [line for own, line in usable if abs(own - size) < 0.15]
        title = _joined("\n".join(rows[:6]))
        if 15 < len(title) < 400 and title.count(" ") > 1:
            return title
    return ""


def _abstract(text: str) -> str:
    begin = _BEGIN.search(text)
    if not begin:
        return ""
    end = _END.search(text, begin.end() + 80)
    body = _joined(text[begin.end() : end.start() if end else begin.end() + 4000])
    return body if 80 < len(body) < 8000 else ""


def _joined(text: str) -> str:
    """Lines as one text: a word parted at a line's end is put together again."""
    return clean(re.sub(r"(?<=[a-z])[-\u00ad\u2010]\n(?=[a-z])", "", text).replace("\u00ad", "").replace("\n", " "))


def _squeezed(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _doi(text: str) -> str:
    match = re.search(r"\b10\.\d{4,9}/\S+", text)
    return find_doi(match[0]) if match else ""


def _year(text: str) -> int | None:
    said = re.search(r"(?i)(?:published|©|copyright|accepted|\bvol(?:ume)?\b)[^\n]{0,60}?((?:19|20)\d\d)", text)
    return find_year(said[1]) if said else None


FORMAT = Format("pdf", "PDF", (".pdf",), _sniff, _read, binary=True)
