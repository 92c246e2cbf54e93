from __future__ import annotations

import pytest

from qa import Library
from qa.evaluation import own
from qa.evaluation.everyday import QUESTIONS
from qa.schema import Answer, Progress, Record, Section
from tests.conftest import RECORDS, write_jsonl


@pytest.mark.usefixtures("few_questions")
def test_the_library_of_the_tests_works(filled: Library) -> None:
    told: list[Progress] = []
    verdict = own.run(filled, progress=told.append)
    assert verdict.result is not None
    values = verdict.result.values
    assert set(values["title first"].values()) == set(values["conclusion first"].values()) == {1.0}
    assert len(values["title first"]) == 5
    assert len(values["conclusion first"]) == 4, "one record has no abstract"
    assert len(values["off-topic declined"]) == 4
    assert "Titles find their record first in 5 of 5 cases" in verdict.words
    assert "With 5 records this is a rough picture." in verdict.words
    assert told[-1].done == told[-1].total == 5 + 4 + 4
    assert verdict.result.measures()


@pytest.mark.usefixtures("few_questions")
def test_a_library_that_answers_everything_is_found_out(filled: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    hits = tuple(filled.search(RECORDS[0]["title"]))
    monkeypatch.setattr(filled, "ask", lambda question, **_: Answer(question, hits))
    verdict = own.run(filled, limit=2)
    assert verdict.works == "poorly"
    assert "declined in 0 of 4 cases" in verdict.words
    assert f"“{QUESTIONS[0]}”" in verdict.words


@pytest.mark.usefixtures("few_questions")
def test_a_library_that_answers_nothing_is_found_out(filled: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filled, "ask", lambda question, **_: Answer(question, reason="no"))
    verdict = own.run(filled, limit=3)
    assert verdict.works == "poorly"
    assert "Off-topic questions are declined in 4 of 4 cases." in verdict.words
    assert "Too many questions are declined" in verdict.words


def test_a_tiny_library_cannot_be_judged(library: Library, tmp_path: object) -> None:
    assert own.run(library).works == "unknown"
    library.add(write_jsonl(library.folder.with_name("four.jsonl"), RECORDS[:4]))
    verdict = own.run(library)
    assert (verdict.works, verdict.result) == ("unknown", None)
    assert "4 records of your own; from 5 on" in verdict.words


@pytest.mark.parametrize(
    ("shares", "works"),
    [
        ({"title first": 0.9, "off-topic declined": 0.85}, "well"),
        ({"title first": 0.89, "off-topic declined": 1.0}, "partly"),
        ({"title first": 0.69, "off-topic declined": 1.0}, "poorly"),
        ({"off-topic declined": 0.59}, "poorly"),
    ],
)
def test_the_verdict_follows_the_thresholds(shares: dict[str, float], works: str) -> None:
    assert own.grade({check: {"q": share} for check, share in shares.items()}) == works


def test_the_conclusion_is_told_by_label_or_place() -> None:
    text = "We saw it. It was red. Trial 7."
    labelled = Record("a", "t", text, sections=(Section("Conclusions", 0, 10), Section("Registration", 11, 31)))
    found = own.conclusion(labelled)
    assert found is not None
    assert found.text == "We saw it."
    assert own.conclusion(Record("b", "only a title")) is None


def test_everyday_questions_are_forty_different_ones() -> None:
    assert len(QUESTIONS) == len({question.casefold() for question in QUESTIONS}) == 40


def test_the_questions_that_calibrate_are_not_those_that_measure() -> None:
    from qa.answering.abstention import FOREIGN
    from qa.evaluation.everyday import QUESTIONS

    assert not set(QUESTIONS) & set(FOREIGN)
