"""RIS: what every reference manager reads. One line a field, CRLF, UTF-8; a text cannot end its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qa.export.escaping import one_line
from qa.export.names import abstract_with_headings, kind, page_range
from qa.schema import Record


def write(records: Iterable[Record]) -> str:
    """The records as RIS. MeSH headings, which RIS has no field for, follow the keywords; sections become headings."""
    return "".join(_entry(record) for record in records)


def _entry(record: Record) -> str:
    lines = [f"{tag}  - {one}" for tag, text in _fields(record) if (one := one_line(text))]
    return "\r\n".join([f"TY  - {kind(record).ris}", *lines, "ER  - ", "", ""])


def _fields(record: Record) -> Iterator[tuple[str, str]]:
    first, last = page_range(record.pages)
    yield "TI", record.title
    yield from (("AU", name) for name in record.authors)
    yield "T2", record.journal
    yield "PY", str(record.year or "")
    yield "VL", record.volume
    yield "IS", record.issue
    yield "SP", first
    yield "EP", last
    yield "DO", record.doi
    if record.pmid:
        yield "AN", record.pmid if len(record.pmid) >= 5 else f"PMID: {record.pmid}"
        yield "DB", "PubMed"
    yield "C2", record.pmcid
    yield "UR", record.url if record.url.startswith(("http://", "https://")) else ""
    yield "LA", record.language
    yield from (("M3", name) for name in record.publication_types)
    yield from (("KW", word) for word in dict.fromkeys((*record.keywords, *record.mesh)))
    yield from (("AD", place) for place in record.affiliations)
    yield "AB", abstract_with_headings(record)
