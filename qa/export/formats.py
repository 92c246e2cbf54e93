"""The formats, as a table; a new one is a module that writes it, and a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath
from typing import Any

from qa.errors import ExportError
from qa.export.escaping import utf8
from qa.export.subject import Subject, records


@dataclass(frozen=True, slots=True)
class Format:
    """``name`` is what a person types, ``title`` what they read; ``suffixes`` begin with a point, the usual one first.

    ``module`` writes it; where ``of_records`` is true, only the records that a subject cites or holds.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    mime: str
    module: str
    of_records: bool = False

    @property
    def suffix(self) -> str:
        return self.suffixes[0]

    def write(self, subject: Subject) -> bytes:
        """The subject in this format: the same bytes for the same subject. Everything can be had in every format."""
        # Loaded when first needed: Word and Excel are not light.
        made: Callable[[Any], str | bytes] = import_module(f"qa.export.{self.module}").write
        given = made(records(subject) if self.of_records else subject)
        return given if isinstance(given, bytes) else utf8(given)


_OFFICE = "application/vnd.openxmlformats-officedocument"

FORMATS: tuple[Format, ...] = (
    Format("markdown", "Markdown", (".md", ".markdown"), "text/markdown; charset=utf-8", "markdown"),
    Format("html", "HTML", (".html", ".htm"), "text/html; charset=utf-8", "html"),
    Format("docx", "Word", (".docx",), f"{_OFFICE}.wordprocessingml.document", "docx"),
    Format("csv", "CSV", (".csv",), "text/csv; charset=utf-8", "csv"),
    Format("xlsx", "Excel", (".xlsx",), f"{_OFFICE}.spreadsheetml.sheet", "xlsx"),
    Format("ris", "RIS", (".ris",), "application/x-research-info-systems; charset=utf-8", "ris", of_records=True),
    Format("bibtex", "BibTeX", (".bib", ".bibtex"), "application/x-bibtex; charset=utf-8", "bibtex", of_records=True),
    Format("csl", "CSL-JSON", (".csl.json", ".csljson"), "application/vnd.citationstyles.csl+json", "csl", True),
    Format("jsonl", "JSON Lines", (".jsonl",), "application/jsonl", "lines", of_records=True),
    Format("json", "JSON", (".json",), "application/json", "plain"),
)

#: The formats by name, and by what else they are called.
BY_NAME = {name: one for one in FORMATS for name in (one.name, *(suffix[1:] for suffix in one.suffixes))}


def find_format(name: str) -> Format:
    """The format of that name ("ris", "markdown", "md"); ExportError for one that is none."""
    if found := BY_NAME.get(name.strip().lower().lstrip(".")):
        return found
    raise ExportError(f"There is no format “{name}”. The formats are: {', '.join(one.name for one in FORMATS)}.")


def format_of(path: PurePath) -> Format:
    """The format that a file's name ends with; ExportError where it ends with none, or with one we cannot write."""
    name = path.name.lower()
    # The longest first, so that ".csl.json" is not taken for ".json".
    for suffix in sorted((suffix for one in FORMATS for suffix in one.suffixes), key=len, reverse=True):
        if name.endswith(suffix) and name != suffix:
            return BY_NAME[suffix[1:]]
    known = ", ".join(one.suffix for one in FORMATS)
    raise ExportError(
        f"The name “{path.name}” does not say in which format. End it with one of {known}, or say --format."
    )
