"""Which formats are read, and which of them a file is: told by its content, for suffixes lie."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from qa.errors import Broken, UnknownFormat
from qa.reading import (
    bibtex,
    bioc,
    cff,
    containers,
    endnote_xml,
    html,
    jats,
    json_records,
    jsonl,
    medline,
    mods,
    ovid,
    page_text,
    pdf,
    pubmed_text,
    pubmed_xml,
    rdf,
    refer,
    ris,
    spreadsheet,
    tables,
    web_of_science,
)
from qa.reading.source import Format, Source
from qa.schema import Entry

#: One line a format, the most telling first: the first whose sniff agrees reads the file.
FORMATS: tuple[Format, ...] = (
    pubmed_xml.FORMAT,
    endnote_xml.FORMAT,
    jats.FORMAT,
    bioc.FORMAT,
    mods.FORMAT,
    rdf.FORMAT,
    jsonl.FORMAT,
    json_records.FORMAT,
    bibtex.FORMAT,
    web_of_science.FORMAT,
    refer.FORMAT,
    ovid.FORMAT,
    ris.FORMAT,
    medline.FORMAT,
    pubmed_text.FORMAT,
    cff.FORMAT,
    tables.FORMAT,
    pdf.FORMAT,
    spreadsheet.FORMAT,
    html.FORMAT,
    page_text.FORMAT,
)

#: What people drop in that is not read (yet), by its first characters, with what to do about it.
_FOREIGN: tuple[tuple[str, str], ...] = (
    (r"PK\x03\x04[\s\S]{26}mimetypeapplication/vnd\.oasis", "is an OpenDocument file, which is not read. Save it as "
     ".xlsx or CSV, or export the references as RIS or .nbib."),
    (r"ÐÏ.à", "is an old Office document (.xls, .doc), or one with a password. Save it as .xlsx or CSV without one."),
    (r"\x1f[\x8b‹]", "is compressed twice. Unpack it once and add the result."),
    (r"\{\\rtf", "is a rich text document. Save it as plain text, or export the references as RIS or .nbib."),
    (r"\s*[\[{]", "is JSON without titles or abstracts. Export CSL-JSON, RIS or .nbib, or write one object a line, "
     "with an _id, a title and a text."),
    (r"\s*<", "is XML of a kind that is not read (PubMed's, EndNote's, JATS, BioC, MODS and Zotero RDF are). Export "
     "the references as RIS or .nbib."),
)  # fmt: skip

#: A document type that declares entities of its own: no export does, attacks do.
_ENTITIES = re.compile(r"<!DOCTYPE[^>\[]*\[[^<]*(?:<!(?!ENTITY)[^>]*>[^<]*)*<!ENTITY", re.I)


def read(path: str | os.PathLike[str], *, full_text: bool = False) -> Iterator[Entry]:
    """The entries of a file, in its order, as they are read: memory does not grow with the file.

    With ``full_text``, the record of a PDF has its full text, too.

    Of a folder or a ZIP archive, those of all files in it; there a file that cannot be read is one skip.
    Raises ReadingError at once where nothing can be read (no such file, empty, UnknownFormat), and Broken at the
    place where a file that began well turns out cut off or damaged, after the entries before it.
    """
    where = Path(path)
    if where.is_dir():
        return containers.read_folder(where, partial(read, full_text=full_text))
    source = Source(path)
    if containers.is_archive(source):
        return containers.read_archive(source, partial(_read, full_text=full_text))
    return _read(source, full_text=full_text)


def _read(source: Source, *, full_text: bool) -> Iterator[Entry]:
    source.full_text = full_text
    return _format_of(source).read(source)


def detect(path: str | os.PathLike[str]) -> Format:
    """The format of a file by its content; ReadingError as in :func:`read`."""
    return _format_of(Source(path))


def describe(path: str | os.PathLike[str]) -> str:
    """What kind of file it is, in words: "RIS", "ZIP archive"; ReadingError as in :func:`read`."""
    source = Source(path)
    return "ZIP archive" if containers.is_archive(source) else _format_of(source).title


def _format_of(source: Source) -> Format:
    head = source.head
    if _ENTITIES.search(head):
        raise Broken(
            source.path,
            "declares XML entities of its own, as no export does and attacks on readers do. "
            "Fetch the file again from where it comes from.",
        )
    binary = source.binary
    for candidate in FORMATS:
        if candidate.binary == binary and candidate.sniff(head):
            return candidate
    for pattern, words in _FOREIGN:
        if re.match(pattern, head):
            raise UnknownFormat(source.path, words)
    what = "is a binary file" if binary else "is none of the formats that are read"
    raise UnknownFormat(source.path, f"{what}. {supported()}")


def supported() -> str:
    """One sentence that names what is read; ``docs/formats.md`` has it in full."""
    return (
        "Read are exports of references (RIS, .nbib, PubMed XML, BibTeX, EndNote, Web of Science, CSV, Excel, JSON …), "
        "saved pages, copied abstracts, PDFs, and ZIP archives of these."
    )
