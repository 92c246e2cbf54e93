"""JSON Lines, one entry a line, of any of the kinds that :mod:`qa.reading.json_entries` knows, our own among them."""

from __future__ import annotations

import json
from collections.abc import Iterator

from qa.reading import json_entries
from qa.reading.json_own import to_json
from qa.reading.source import Format, Source
from qa.schema import Entry, Skip

__all__ = ["FORMAT", "to_json"]


def _sniff(head: str) -> bool:
    lines = [line for line in head.split("\n") if line.strip()]
    if not lines or lines[0].lstrip()[:1] == "[" or lines[0].rstrip()[-1:] in ("{", "[", ","):
        return False  # one value over many lines is JSON, not JSON Lines
    whole, last = lines[:-1][:20], lines[-1]
    for line in (*whole, last):
        if line.lstrip()[:1] != "{":
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            # A first line longer than what is looked at, or cut off, still shows its keys.
            if (
                line is last
                and len(lines) == 1
                and json_entries.KEYS.search(line)
                and not json_entries.WRAPS.match(line)
            ):
                return True
            continue
        if json_entries.is_entry(found):
            return True
    return False


def _read(source: Source) -> Iterator[Entry]:
    for number, line in source.lines():
        if not line.strip():
            continue
        try:
            plain = json.loads(line, strict=False)
        except (ValueError, RecursionError) as error:
            why = f"column {error.colno}" if isinstance(error, json.JSONDecodeError) else "too large or too deep"
            yield Skip(source.path, number, f"the line is not JSON ({why})")
            continue
        if isinstance(plain, dict):
            yield from json_entries.entries(source, number, plain)
        else:
            yield Skip(source.path, number, "the line is JSON but not an object")


FORMAT = Format("jsonl", "JSON Lines", (".jsonl", ".ndjson"), _sniff, _read)
