"""What has become of a quotation since: whether it still stands in the library as it was quoted."""

from __future__ import annotations

from dataclasses import replace

from qa.schema import Hit, Record, Standing


def standing(hit: Hit, now: Record | None) -> Standing:
    """How a hit stands to its record as the library holds it now (None: it does not); see ``schema.STANDINGS``."""
    if now is None:
        return "removed"
    s = hit.sentence
    if getattr(now, s.field)[s.start : s.end] == s.text:
        # The file that it came from is where a record was read, not what it says.
        return "unchanged" if replace(now, source="") == replace(hit.record, source="") else "updated"
    return "moved" if any(s.text in text for text in (now.title, now.abstract, now.body)) else "altered"
