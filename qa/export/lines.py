"""JSON Lines, one record a line with all its fields: the one format that loses nothing, to be added elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable

from qa.schema import Record


def write(records: Iterable[Record]) -> str:
    """The records as our reader of JSON Lines gives them back, field by field."""
    return "".join(json.dumps(_plain(record), ensure_ascii=True) + "\n" for record in records)


def _plain(record: Record) -> dict[str, object]:
    plain = record.to_dict()
    # Sections are written even when there are none, or reading would look for headings in the text.
    return {**plain, "sections": plain.get("sections", [])}
