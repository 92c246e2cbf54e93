"""What a fetch keeps on disk: its plan and its batches while it runs, one file and a note of it in the end."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qa.fetching import pubmed
from qa.fetching.pubmed import Articles

_PROLOGUE = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st '
    b'January 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
)
_EPILOGUE = b"</PubmedArticleSet>\n"


@dataclass(frozen=True, slots=True)
class Plan:
    """What PubMed answered before any record was fetched, and so which records are to come.

    ``count`` is how many it holds for a query (or how many were asked for by number), ``pmids`` those to be fetched;
    ``environment`` and ``query_key`` are where its history server remembers the search. The rest is told under
    :class:`qa.fetching.pubmed.Found`.
    """

    server: str
    started: str  # ISO 8601, UTC
    count: int
    pmids: tuple[str, ...]
    understood: str = ""
    remarks: tuple[str, ...] = ()
    environment: str = ""
    query_key: str = ""


class Workplace:
    """The folder of one unfinished fetch. All its files appear whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def plan(self) -> Plan | None:
        """The plan of an unfinished fetch, or None; a damaged one is thrown away with its batches."""
        try:
            plain: dict[str, Any] = json.loads((self.folder / "plan.json").read_bytes())
            plain |= {name: tuple(value) for name, value in plain.items() if isinstance(value, list)}
            return Plan(**plain)
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, AttributeError):
            self.clear()
            return None

    def keep_plan(self, plan: Plan) -> None:
        write(self.folder / "plan.json", json.dumps(asdict(plan), indent=2).encode())

    def batch(self, number: int) -> Articles | None:
        """A batch fetched earlier; None where there is none, or it is damaged and has to come again."""
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            return pubmed.articles(etree.fromstring(gzip.decompress(self._path(number).read_bytes()), parser))
        except (FileNotFoundError, EOFError, gzip.BadGzipFile, zlib.error, etree.XMLSyntaxError):
            return None

    def keep_batch(self, number: int, articles: Articles) -> None:
        write(self._path(number), gzip.compress(b"".join(_lines(articles.values())), mtime=0))

    def clear(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:04}.xml.gz"


def write_records(path: Path, articles: Iterable[bytes]) -> None:
    """Write records as one file of PubMed XML, compressed, one by one; the file appears when it is whole."""
    new = path.with_name(path.name + ".new")
    with new.open("wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
        for line in _lines(articles):
            packed.write(line)
    new.replace(path)


def write_note(path: Path, file: Path | None, note: dict[str, Any]) -> None:
    """Write what is known of a fetch beside its file, with that file's name and sha256."""
    of_file: dict[str, str] = {}
    if file is not None:
        with file.open("rb") as opened:
            of_file = {"file": file.name, "sha256": hashlib.file_digest(opened, "sha256").hexdigest()}
    write(path, (json.dumps({**note, **of_file}, ensure_ascii=False, indent=2) + "\n").encode())


def save_copy(file: Path, to: Path) -> None:
    """Copy a file of records to where the person wants it; unpacked, unless the name there ends in .gz."""
    new = to.with_name(to.name + ".new")
    with file.open("rb") as packed, new.open("wb") as out:
        if to.suffix == ".gz":
            shutil.copyfileobj(packed, out)
        else:
            with gzip.GzipFile(fileobj=packed) as plain:
                shutil.copyfileobj(plain, out)
    new.replace(to)


def write(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.write_bytes(data)
    new.replace(path)


def _lines(articles: Iterable[bytes]) -> Iterator[bytes]:
    yield _PROLOGUE
    for article in articles:
        yield article + b"\n"
    yield _EPILOGUE
