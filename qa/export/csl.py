"""CSL-JSON: what Zotero, pandoc and citation processors exchange."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qa.export.names import Name, abstract_with_headings, authors, kind
from qa.export.plain import dumps
from qa.schema import Record


def write(records: Iterable[Record]) -> str:
    """The records as a CSL-JSON array; what CSL has no variable for stands under ``custom``."""
    return dumps([item(record) for record in records])


def item(record: Record) -> dict[str, Any]:
    """One record as a CSL-JSON item."""
    plain = {
        "id": record.id,
        "type": kind(record).csl,
        "title": record.title,
        "author": [_name(name) for name in authors(record)],
        "container-title": record.journal,
        "issued": {"date-parts": [[record.year]]} if record.year else None,
        "volume": record.volume,
        "issue": record.issue,
        "page": record.pages,
        "DOI": record.doi,
        "PMID": record.pmid,
        "PMCID": record.pmcid,
        "URL": record.url if record.url.startswith(("http://", "https://")) else "",
        "language": record.language,
        "keyword": ("; " if any("," in word for word in record.keywords) else ", ").join(record.keywords),
        "abstract": abstract_with_headings(record),
        "custom": {
            name: list(values)
            for name, values in (
                ("publication_types", record.publication_types),
                ("mesh", record.mesh),
                ("affiliations", record.affiliations),
            )
            if values
        },
    }
    return {name: value for name, value in plain.items() if value}


def _name(name: Name) -> dict[str, str]:
    if name.is_group:
        return {"literal": name.family}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: value for part, value in parts.items() if value}
