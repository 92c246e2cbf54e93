"""Our own lines: what is written is what is read."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.jsonl import to_json
from qa.schema import Record, Relation, Section
from tests.reading.samples import records, skips, write

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
FILLED = TEXT.filter(str.strip)
TUPLE = st.lists(TEXT, max_size=3).map(tuple)


@st.composite
def any_record(draw: st.DrawFn) -> Record:
    abstract = draw(TEXT | st.just("AIMS: To see. RESULTS: We saw. METHODS: By looking."))
    cuts = sorted(draw(st.lists(st.integers(0, len(abstract)), max_size=6)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    texts = ("journal", "volume", "issue", "pages", "doi", "pmid", "pmcid", "url", "language")
    lists = ("authors", "publication_types", "keywords", "mesh", "affiliations", "accessions")
    values: dict[str, Any] = {name: draw(TEXT) for name in texts} | {name: draw(TUPLE) for name in lists}
    return Record(
        id=draw(FILLED),
        title=draw(FILLED),
        abstract=abstract,
        sections=tuple(Section(draw(TEXT), start, end, draw(TEXT)) for start, end in pairs),
        year=draw(st.none() | st.integers(1500, 2099)),
        source="elsewhere.xml",
        relations=draw(st.lists(st.builds(Relation, TEXT, TEXT, TEXT), max_size=2).map(tuple)),
        **values,
    )


@given(st.lists(any_record(), min_size=1, max_size=3))
def test_round_trip(written: list[Record]) -> None:
    with TemporaryDirectory() as folder:
        path = write(Path(folder), "own.jsonl", "\n".join(map(to_json, written)))
        assert records(path) == written


def test_sections_are_not_looked_for_where_they_are_given(tmp_path: Path) -> None:
    record = Record(id="1", title="T", abstract="AIMS: One. RESULTS: Two.", source="a")
    assert records(write(tmp_path, "a.jsonl", to_json(record))) == [record]


def test_source_is_the_file(tmp_path: Path) -> None:
    line = to_json(dataclasses.replace(Record(id="1", title="T")))
    (record,) = records(write(tmp_path, "own.jsonl", line))
    assert record.source == "own.jsonl"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"_id": "1", "text": "half a character \\ud800"}', "surrogate"),
        ('{"_id": "1", "title": "T", "year": "soon"}', "year"),
        ('{"_id": "1", "title": "T", "authors": "Ada"}', "authors"),
        ('{"_id": "1", "title": "T", "relations": ["RetractionIn"]}', "relations"),
        ('{"_id": "1", "title": "T", "sections": {}}', "sections"),
        ('{"_id": "1", "text": "abc", "sections": [{"start": 0, "end": 9}]}', "section 1"),
        ('{"_id": "1", "text": "abc", "sections": [{"start": "0", "end": 2}]}', "section 1"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_is_a_skip(tmp_path: Path, line: str, reason: str) -> None:
    path = write(tmp_path, "bad.jsonl", json.dumps({"_id": "0", "title": "good"}) + "\n" + line)
    (skip,) = skips(path)
    assert skip.line == 2
    assert reason in skip.reason
    assert len(records(path)) == 1
