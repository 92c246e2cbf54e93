"""An article's PDF: title, abstract and the rest of the reference from its first pages and what it says of itself."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from qa.errors import Broken, ReadingError, UnknownFormat
from qa.reading import page_text, pdf_metadata
from qa.reading.mapping import family_first, to_entry
from qa.reading.page_people import names_in
from qa.reading.pdf_layout import Line, Paragraph, paragraphs
from qa.reading.source import Format, Source
from qa.schema import Entry, Record

MAX_PDF = 128 * 1024 * 1024  #: bytes
PAGES = 3  #: that are looked at: a cover, the abstract, what it goes on to
MOST_PAGES = 200  #: of a full text
SECONDS = 20  #: that a file may take; most take a tenth of one

_WORKER = Path(__file__).with_name("pdf_worker.py")
_EXPORT = "Export the reference as RIS or .nbib from where it comes from."
_JOURNAL = re.compile(
    r"\b(?:journal|annals|archives?|proceedings|transactions|bulletin|letters|acta|lancet|bmj)\b", re.I
)
_REFERENCES = re.compile(
    r"(?:\d{1,2}\.?\s+)?(?:R(?:eferences|EFERENCES)|B(?:ibliography|IBLIOGRAPHY)|Literature cited|LITERATURE CITED|"
    r"Works cited)(?:\W*$|\W*\s(?=[\[(]?\d|[A-Z]))"
)
_CUT = re.compile(r"[^.?!:;]$")
_BETWEEN = "\n\n"
_RUN_IN = re.compile(r"(?:Abstract|ABSTRACT|Summary(?=\s*[:.—–-])|SUMMARY)\s*[:.—–-]?\s+(?=[A-Z“\"\d])")


def _sniff(head: str) -> bool:
    return "%PDF-" in head[:1024]


def _read(source: Source) -> Iterator[Entry]:
    data = _data(source)
    found = _document(source, data, MOST_PAGES if source.full_text else PAGES)
    described = pdf_metadata.describe(data, found["info"])
    lines = [Line(*line) for line in found["lines"]]
    parts = paragraphs([line for line in lines if line.page < PAGES])
    if not sum(len(part.text) for part in parts) > 50:
        raise Broken(
            source.path,
            "is a PDF without any text: pictures of pages, as scanners make them. "
            f"Have its text recognised (OCR), or add its reference. {_EXPORT}",
        )
    said = _confirmed(described.title, parts)
    title = said or _set_largest(parts)
    known: dict[str, Any] = {
        "title": said,
        "doi": described.doi,
        "journal": described.journal,
        "year": described.year,
        "volume": described.volume,
        "issue": described.issue,
        "pages": described.pages,
        "authors": [family_first(name) for name in described.authors],
    }
    text = "\n\n".join(_shown(parts, title))
    entry = page_text.parse(source, text, titled=title, known=known)
    if isinstance(entry, Record) and not (entry.authors or entry.doi or said or page_text.headed_abstract(text)):
        entry = None  # a manual, a leaflet, a bill: its first prose is no abstract
    if entry is None and said:
        entry = to_entry(source, 0, **known)  # a letter, or an abstract that could not be told
    if entry is None:
        raise UnknownFormat(
            source.path,
            f"is a PDF on whose first {PAGES} pages no title and abstract could be told. {_EXPORT}",
        )
    if source.full_text and isinstance(entry, Record):
        body, leaves = full_text(paragraphs(lines), entry, found["pages"])
        entry = replace(entry, body=body, leaves=leaves if body else ())
    yield entry


def full_text(parts: Sequence[Paragraph], record: Record, pages: int) -> tuple[str, tuple[int, ...]]:
    """The paragraphs after the abstract and before the references, blank lines between; and where each page begins."""
    said = _letters(record.abstract)
    body = ""
    leaves: list[int] = []
    for part in parts[_end_of(said, parts) :]:
        if _REFERENCES.match(part.text):
            break
        if any(map(str.isalpha, part.text)) and _letters(part.text) not in said:
            body = _opened(body, part.text)
            leaves += [len(body)] * (part.page + 1 - len(leaves))
            body += part.text
    return body, tuple(leaves) + (len(body),) * (min(pages, MOST_PAGES) - len(leaves))


def _opened(body: str, text: str) -> str:
    """The text so far, ready for the next paragraph; or for more of the last one, which a page or a column has cut."""
    if not body or not _CUT.search(body) or not text[:1].islower():
        return body and body + _BETWEEN
    return body[:-1] if body.endswith("-") else f"{body} "


def _end_of(said: str, parts: Sequence[Paragraph]) -> int:
    """The number of the paragraph after the last of those that the abstract is made of; 0 where none is found."""
    letters = [_letters(part.text) if part.page < PAGES else "" for part in parts]
    return max((n for n, text in enumerate(letters, 1) if len(text) > 20 and text in said), default=0)


def _data(source: Source) -> bytes:
    data = bytearray()
    for chunk in source.chunks():
        data += chunk
        if len(data) > MAX_PDF:
            raise Broken(source.path, f"has more than {MAX_PDF >> 20} MB, as no article has. {_EXPORT}")
    return bytes(data)


def _document(source: Source, data: bytes, pages: int) -> dict[str, Any]:
    """What the worker finds, as it writes it."""
    try:
        done = subprocess.run(  # noqa: S603  (this interpreter, our own script)
            [sys.executable, "-I", str(_WORKER), str(pages)], input=data, capture_output=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise Broken(source.path, f"is a PDF that cannot be read within {SECONDS} seconds. {_EXPORT}") from error
    except OSError as error:
        raise ReadingError(source.path, f"is a PDF, and no process could be started to read it ({error}).") from error
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise Broken(source.path, f"is a PDF that is damaged, or too large to be read. {_EXPORT}") from error
    match found.get("error"):
        case "password":
            raise Broken(
                source.path, "is a PDF that is locked with a password. Open it with that, and save a copy without one."
            )
        case "damaged":
            raise Broken(source.path, "is a PDF that ends early or is damaged. Download it again.")
    return found


def _shown(parts: list[Paragraph], title: str) -> Iterator[str]:
    """The paragraphs as lines of a page: headings by themselves, names without the numbers behind them."""
    for part in parts:
        if match := _RUN_IN.match(part.text):
            yield "Abstract"
            yield part.text[match.end() :]
        elif part.bare != part.text and names_in(part.bare.strip(" ,;")):
            yield part.bare.strip(" ,;")
        elif title and _letters(part.text) == _letters(title):
            yield title
        else:
            yield part.text


def _confirmed(title: str, parts: list[Paragraph]) -> str:
    """The title that a PDF states if its pages show it, whole as they show it; else ''."""
    letters = _letters(title)
    if not letters or letters not in _letters(" ".join(part.text for part in parts)):
        return ""
    shown = next((part.text for part in parts if letters in _letters(part.text)), title)
    return shown if len(letters) < len(_letters(shown)) < 2 * len(letters) else title


def _set_largest(parts: list[Paragraph]) -> str:
    """What is set in the largest type on the first page that has any, and reads like a title; or ''."""
    first = min((part.page for part in parts), default=0)
    usual = sorted(part.size for part in parts for _ in range(len(part.text)))
    least = 1.1 * usual[len(usual) // 2]
    large = [part for part in parts if part.page == first and part.top > 0.35 and part.size >= least]
    fit = [part for part in large if 1 < len(part.text.split()) < 50 and len(part.text) > 12]
    fit = [part for part in fit if not _JOURNAL.search(part.text)] or fit
    # A journal's short name may be set larger than the title, but not much.
    largest = max((part.size for part in fit), default=0.0)
    long = [part for part in fit if len(part.text.split()) > 3 and part.size > 0.7 * largest]
    return max(long or fit, key=lambda part: part.size).text if fit else ""


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


FORMAT = Format("pdf", "PDF", (".pdf",), _sniff, _read, binary=True)
