"""The digests are whole, ours, and marked as examples; a library is filled with them once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from qa.errors import NotFound, QAError
from qa.library import Library
from qa.schema import Record
from qa.ui import examples, server
from tests.conftest import write_jsonl

RECORDS = [Record.from_dict(json.loads(line)) for line in examples.path().read_text(encoding="utf-8").splitlines()]


def test_there_are_enough_and_each_is_named_once() -> None:
    assert len(RECORDS) >= 20
    assert len({record.id for record in RECORDS}) == len(RECORDS) == len(examples.ids())


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.id)
def test_each_is_a_digest_with_its_reference(record: Record) -> None:
    assert record.is_example
    assert record.id.startswith("digest:")
    assert "digest" in record.title.lower()
    assert record.authors
    assert record.journal
    assert record.year
    assert record.link.startswith("https://doi.org/10.")
    assert 60 <= len(record.abstract.split()) <= 160
    at = 0
    for section in record.sections:
        assert at <= section.start < section.end <= len(record.abstract)
        assert record.abstract[at : section.start].strip().rstrip(":") == section.label
        at = section.end


class Shelf:
    """As much of a library as filling needs."""

    def __init__(self, exists: bool, failure: QAError | None = None) -> None:
        self.exists, self.failure, self.added = exists, failure, list[Path]()

    def add(self, *paths: Path, copies: Sequence[Path], keep_both: bool) -> None:
        assert list(copies) == list(paths)  # a path inside an installation is nothing to remember
        assert keep_both
        if self.failure:
            raise self.failure
        self.added += paths

    def get(self, record_id: str) -> Record:
        if record_id == RECORDS[0].id:
            return RECORDS[0]
        if record_id == RECORDS[1].id:
            return Record(record_id, title="The person's own record under this id")
        raise NotFound("There is none.")


def filled(shelf: Shelf) -> examples.Filling:
    filling = examples.Filling(shelf)  # type: ignore[arg-type]
    filling.start()
    assert filling.running is not shelf.exists
    assert not shelf.added  # not before the page is served
    filling.go()
    while filling.running:
        pass
    return filling


def test_only_a_folder_without_a_library_is_filled() -> None:
    new, old = Shelf(exists=False), Shelf(exists=True)
    filled(new)
    filled(old)
    assert new.added == [examples.path()]
    assert old.added == []


def test_a_failure_is_kept_in_words() -> None:
    assert "read-only" in filled(Shelf(exists=False, failure=QAError("The folder is read-only."))).failure


def test_only_examples_count_as_held() -> None:
    library: Library = Shelf(exists=True)  # type: ignore[assignment]
    assert examples.held(library) == [RECORDS[0].id]


@pytest.mark.parametrize("port", ["0", "65536", "x"])
def test_a_bad_port_is_refused_in_words(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_SERVER_PORT", port)
    with pytest.raises(QAError, match="is no port"):
        server.address(None, None)


def test_an_option_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRADIO_SERVER_NAME", raising=False)
    monkeypatch.setenv("GRADIO_SERVER_PORT", "8001")
    assert server.address(None, None) == ("127.0.0.1", 8001)
    assert server.address(None, 8002) == ("127.0.0.1", 8002)
    monkeypatch.delenv("GRADIO_SERVER_PORT")
    assert server.address(None, None) == ("127.0.0.1", 7860)


def test_a_taken_port_is_refused_in_words() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(QAError, match="--port"):
            server.claim("127.0.0.1", taken.getsockname()[1])


def test_a_record_of_one_s_own_is_not_taken_for_its_digest(library: Library, tmp_path: Path) -> None:
    library.add(examples.path(), keep_both=True)
    digest = library.get(examples.ids()[0])
    own = {
        "id": f"doi:{digest.doi.lower()}",
        "doi": digest.doi,
        "title": "The work itself",
        "abstract": "Its abstract.",
    }
    assert library.add(write_jsonl(tmp_path / "own.jsonl", [own])).added == 1
    assert library.get(own["id"]).abstract == "Its abstract."
    assert len(examples.held(library)) == len(examples.ids())
