"""JSON that holds one entry or many, of any kind that :mod:`qa.reading.json_entries` knows; read as a stream."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from qa.errors import UnknownFormat
from qa.reading import json_entries, json_stream
from qa.reading.source import Format, Source
from qa.schema import Entry, Skip

_SNIFF = re.compile(r'[\s\ufeff]*(?:\[\s*)*\{\s*"[^"\n]{1,100}"\s*:')

#: Values without a title that a file may begin with before it is taken for something else.
_PATIENCE = 1000


def _sniff(head: str) -> bool:
    return bool(_SNIFF.match(head) and json_entries.KEYS.search(head))


def _read(source: Source) -> Iterator[Entry]:
    waiting: list[tuple[int, Any]] = []
    known = False
    for line, value in json_stream.values(source):
        if known or json_entries.is_entry(value):
            known = True
            for earlier in (*waiting, (line, value)):
                yield from _entries(source, *earlier)
            waiting = []
        else:
            waiting.append((line, value))
            if len(waiting) > _PATIENCE:
                break
    if not known:
        raise UnknownFormat(
            source.path, "is JSON, but none of its objects has a title or an abstract. Export CSL-JSON, RIS or .nbib."
        )


def _entries(source: Source, line: int, value: Any) -> Iterator[Entry]:
    if isinstance(value, json_stream.Unreadable):
        yield Skip(source.path, line, f"the entry is damaged ({value.reason})")
    elif isinstance(value, dict):
        yield from json_entries.entries(source, line, value)
    else:
        yield Skip(source.path, line, json_entries.NO_OBJECT)


FORMAT = Format("json", "JSON of records (CSL-JSON, Zotero, OpenAlex …)", (".json",), _sniff, _read)
