"""Small files of our own making, one for each format, and what is in them."""

from __future__ import annotations

from pathlib import Path

from qa.reading import read
from qa.schema import Deletion, Record, Skip

DATA = Path(__file__).parent.parent / "data"

#: File → (format, records, skips, deletions).
SAMPLES = {
    "sample.nbib": ("medline", 2, 1, 0),
    "sample.ris": ("ris", 3, 1, 0),
    "sample.jsonl": ("jsonl", 3, 5, 0),
    "sample.xml": ("pubmed_xml", 3, 1, 2),
    "sample.html": ("html", 1, 0, 0),
    "sample.txt": ("page_text", 1, 0, 0),
    "sample.bib": ("bibtex", 4, 1, 0),
    "sample.ciw": ("web_of_science", 2, 1, 0),
    "sample.enw": ("refer", 2, 1, 0),
    "sample.ovid.txt": ("ovid", 2, 1, 0),
    "sample.endnote.xml": ("endnote_xml", 2, 1, 0),
    "sample.nxml": ("jats", 2, 1, 0),
    "sample.json": ("json", 2, 2, 0),
    "sample.csv": ("table", 2, 1, 0),
    "sample.xlsx": ("xlsx", 2, 2, 0),
    "sample.scopus.csv": ("table", 3, 1, 0),
    "sample.tsv": ("table", 2, 1, 0),
    "sample.sheets.xlsx": ("xlsx", 3, 2, 0),
    "sample.cff": ("cff", 2, 1, 0),
    "sample.mill.bib": ("bibtex", 6, 1, 0),
    "sample.lake.ciw": ("web_of_science", 2, 1, 0),
    "sample.bells.ovid.txt": ("ovid", 2, 1, 0),
    "sample.pots.enw": ("refer", 3, 1, 0),
    "sample.clouds.cff": ("cff", 3, 1, 0),
    "sample.lanterns.txt": ("pubmed_text", 2, 1, 0),
    "sample.pdf": ("pdf", 1, 0, 0),
    "sample.owls.pdf": ("pdf", 1, 0, 0),
    "sample.bioc.xml": ("bioc", 2, 1, 0),
    "sample.mods.xml": ("mods", 1, 1, 0),
    "sample.rdf": ("rdf", 1, 1, 0),
}


def records(path: Path) -> list[Record]:
    return [entry for entry in read(path) if isinstance(entry, Record)]


def skips(path: Path) -> list[Skip]:
    return [entry for entry in read(path) if isinstance(entry, Skip)]


def deletions(path: Path) -> list[Deletion]:
    return [entry for entry in read(path) if isinstance(entry, Deletion)]


def bodies(record: Record) -> list[tuple[str, str]]:
    """(label, text) of each section."""
    return [(section.label, record.abstract[section.start : section.end]) for section in record.sections]


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
