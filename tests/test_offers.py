"""Questions to begin with: made of a library's own words, and answered by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa import Library
from qa.offers import OFFERED, candidates, find_offers, of_record
from qa.schema import Record
from tests.conftest import write_jsonl

CONCLUDES = (
    "We wanted to see what calms a cough. In conclusion, honey in the evening reduced the coughing of children at "
    "night, compared with nothing."
)


@pytest.mark.parametrize(
    ("title", "question"),
    [
        ("Does honey calm a cough? A randomised trial.", "Does honey calm a cough?"),
        ("Wound care: What keeps wounds of wombats clean?", "What keeps wounds of wombats clean?"),
        ("Prevalence of burrows in loose soil: a survey", "What is the prevalence of burrows in loose soil?"),
        ("The effects of shade on quokkas", "What are the effects of shade on quokkas?"),
        ("Management of torn seagrass meadows.", "What is known about the management of torn seagrass meadows?"),
        ("Burrows in loose soil: a review", "What is known about Burrows in loose soil?"),
        ("Shade improves the sleep of quokkas", None),  # a claim
        ("To dig or not to dig?", None),  # asks nothing that could be answered
        ("What supports our new burrow today?", None),
        ("Effects of shade are small in quokkas", None),  # a sentence
        ("Honey?", None),
        ("", None),
    ],
)
def test_a_title_as_a_question(title: str, question: str | None) -> None:
    assert [asked for _, asked in of_record(Record("test:1", title=title))] == ([question] if question else [])


def test_a_conclusion_as_a_question() -> None:
    made = [asked for _, asked in of_record(Record.from_dict({"id": "test:1", "title": "T", "abstract": CONCLUDES}))]
    assert made == ["What reduces the coughing of children at night?"]


def test_only_what_the_library_answers_is_offered(library: Library, tmp_path: Path) -> None:
    records = [
        {"id": "test:1", "title": "Prevalence of mange in wombats of Tasmania",
         "abstract": "We visited burrows. The prevalence of mange in wombats of Tasmania was 31 per cent."},
        {"id": "test:2", "title": "Does seagrass store more carbon than forests?",
         "abstract": "Carbon was weighed. Seagrass stores more carbon than forests of the same area."},
        {"id": "test:3", "title": "Does the moon make people sleep badly?", "abstract": ""},
    ]  # fmt: skip
    library.add(write_jsonl(tmp_path / "mine.jsonl", records))
    offered = find_offers(library)
    assert 1 <= len(offered) <= OFFERED
    assert offered == find_offers(library)
    made = dict(candidates(library))
    assert len(made) == 3
    for question in offered:
        assert made[question] in {hit.record.id for hit in library.ask(question).citations}


def test_an_empty_library_offers_nothing(library: Library) -> None:
    assert find_offers(library) == ()
