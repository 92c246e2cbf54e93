"""Receipts: made, and checked against a library that stayed, changed, or is another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qa import Library, QAError
from qa.schema import Filters
from qa.verifying.receipt import is_receipt
from tests.conftest import RECORDS, write_jsonl

QUESTION = "Are there fewer beetles in lit parks?"


@pytest.fixture
def held(library: Library, tmp_path: Path) -> Library:
    library.add(write_jsonl(tmp_path / "held.jsonl", RECORDS))
    return library


def receipt(library: Library) -> dict[str, Any]:
    answer = library.ask(QUESTION, filters=Filters(years=(2000, None)))
    assert answer.citations
    plain: dict[str, Any] = json.loads(json.dumps(library.receipt(answer)))
    return plain


def change(library: Library, folder: Path, **changes: object) -> None:
    """Add the file again, with the first record changed."""
    library.add(write_jsonl(folder / "held.jsonl", [{**RECORDS[0], **changes}, *RECORDS[1:]]))


def test_what_a_receipt_holds(filled: Library) -> None:
    plain = receipt(filled)
    assert is_receipt(plain)
    assert plain["question"] == QUESTION
    assert plain["settings"] == {"k": 5, "filters": {"years": [2000, None]}}
    for citation in plain["citations"]:
        record = filled.get(citation["record"])
        assert citation["text"] == getattr(record, citation["field"])[citation["start"] : citation["end"]]
    check = filled.check_receipt(plain)
    assert [one.state for one in check.checked] == ["exact"] * len(plain["citations"])
    assert check.ok
    assert check.same_library
    assert str(filled.folder) not in json.dumps(plain)


def test_the_same_records_in_another_order_and_folder_are_the_same_library(
    filled: Library, library: Library, tmp_path: Path
) -> None:
    plain = receipt(filled)
    library.add(write_jsonl(tmp_path / "a.jsonl", RECORDS[:1:-1]))
    assert not library.check_receipt(plain).same_library
    library.add(write_jsonl(tmp_path / "b.jsonl", [*RECORDS[:2], {"_id": "extra", "title": "Extra"}]))
    assert not library.check_receipt(plain).same_library
    library.remove("extra")
    assert library.check_receipt(plain).same_library
    assert receipt(library)["library"] == plain["library"]


def test_a_quotation_that_moved_is_found(held: Library, tmp_path: Path) -> None:
    plain = receipt(held)
    text = str(RECORDS[0]["abstract"])
    change(held, tmp_path, abstract="A new first sentence. " + text)
    check = held.check_receipt(plain)
    of_beetles = [one for one in check.checked if one.record_id == "doi:10.1000/beetle"]
    assert {one.state for one in of_beetles} == {"moved"}
    assert all(one.record_changed for one in of_beetles)
    for one in of_beetles:
        assert one.place is not None
        assert held.get(one.record_id).abstract[one.place.start : one.place.end] == one.text
    assert check.ok
    assert not check.same_library


def test_a_quotation_in_another_record_is_found(held: Library, tmp_path: Path) -> None:
    plain = receipt(held)
    held.add(
        write_jsonl(tmp_path / "reprint.jsonl", [{**RECORDS[0], "id": "pmid:5", "pmid": "5", "doi": "10.1000/reprint"}])
    )
    held.remove("doi:10.1000/beetle")
    check = held.check_receipt(plain)
    first = check.checked[0]
    assert (first.state, first.place and first.place.record_id) == ("moved", "pmid:5")
    assert check.ok


def test_a_quotation_with_other_words_and_one_that_is_gone(held: Library, tmp_path: Path) -> None:
    plain = receipt(held)
    text = (
        str(RECORDS[0]["abstract"]).replace("forty", "fifty").replace("We counted beetles in twelve parks", "We rested")
    )
    change(held, tmp_path, abstract=text)
    check = held.check_receipt(plain)
    states = {one.text.split()[0]: one for one in check.checked if one.record_id == "doi:10.1000/beetle"}
    assert states["Lit"].state == "changed"
    assert states["Lit"].finding is not None
    assert [str(one) for one in states["Lit"].finding.differences] == ["“forty” for “fifty”"]
    assert states["We"].state == "gone"
    assert not check.ok


def test_a_record_that_changed_elsewhere_is_said_and_no_fault(held: Library, tmp_path: Path) -> None:
    plain = receipt(held)
    change(held, tmp_path, journal="Another Journal")
    check = held.check_receipt(plain)
    assert (check.checked[0].state, check.checked[0].record_changed, check.ok) == ("exact", True, True)


def test_an_altered_receipt_is_refused(filled: Library) -> None:
    plain = receipt(filled)
    plain["citations"][0]["text"] = "Lit parks held no beetles at all."
    with pytest.raises(QAError, match="was altered"):
        filled.check_receipt(plain)


@pytest.mark.parametrize(
    "damage",
    [
        {"citations": [{}]},
        {"citations": 5},
        {"citations": [5]},
        {
            "citations": [
                {"number": 1, "text": 5, "sha256": "", "record": "", "record_sha256": "", "field": "", "start": 0}
            ]
        },
        {"library": None},
        {"receipt": "x"},
        {"receipt": None},
    ],
)
def test_a_damaged_receipt_is_refused(filled: Library, damage: dict[str, object]) -> None:
    with pytest.raises(QAError, match="damaged"):
        filled.check_receipt({**receipt(filled), **damage})


@pytest.mark.parametrize("numbers", [{"start": -5}, {"end": -1}, {"start": "a"}, {"start": 10**9, "end": 10**9}])
def test_places_that_are_none(filled: Library, numbers: dict[str, object]) -> None:
    plain = receipt(filled)
    plain["citations"][0] |= numbers
    if numbers.get("start") == 10**9:
        assert filled.check_receipt(plain).checked[0].state == "moved"
    else:
        with pytest.raises(QAError, match="damaged"):
            filled.check_receipt(plain)


def test_a_later_layout_is_refused_with_what_to_do(filled: Library) -> None:
    with pytest.raises(QAError, match="pip install"):
        filled.check_receipt({**receipt(filled), "receipt": 2})


def test_an_empty_answer_has_a_receipt(library: Library) -> None:
    plain = library.receipt(library.ask("Anything?"))
    check = library.check_receipt(plain)
    assert (check.checked, check.ok) == ((), True)
    assert "empty" in str(check)
