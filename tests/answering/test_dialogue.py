"""A conversation of five turns with a real library: each turn finds what it refers to, and the last is declined."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa import Library
from qa.schema import Record, Turn
from tests.conftest import write_jsonl

CALCINOSIS = Record(
    id="pmid:910001",
    title="Calcium deposits in the skin of people with systemic sclerosis: a short overview",
    abstract=(
        "Calcinosis cutis is the deposition of insoluble calcium salts in the skin and the tissue below it. "
        "This overview gathers what is known of its frequency, its recognition and its care. "
        "Calcinosis cutis occurs in 18% to 49% of people with systemic sclerosis. "
        "Calcinosis is diagnosed by palpation and plain radiographs, and ultrasound shows smaller deposits. "
        "Surgical removal of the deposits is the most effective treatment, and diltiazem and laser therapy help some "
        "patients."
    ),
)
OTHERS = (
    Record(
        id="pmid:910002",
        title="Drought and the flowering of alpine meadows",
        abstract=(
            "Dry springs delay flowering in alpine meadows. We watered forty plots for three years. "
            "Watered plots flowered nine days earlier than dry plots. Early flowering follows soil moisture."
        ),
    ),
    Record(
        id="pmid:910003",
        title="Compression stockings after deep vein thrombosis",
        abstract=(
            "Stockings are worn to prevent the post-thrombotic syndrome. We followed 240 patients for two years. "
            "The post-thrombotic syndrome arose in 26% with stockings and in 27% without. "
            "Stockings did not prevent the syndrome."
        ),
    ),
    Record(
        id="pmid:910004",
        title="Raynaud phenomenon in outdoor workers",
        abstract=(
            "Raynaud phenomenon is a spasm of the small arteries of the fingers in the cold. "
            "Of 812 outdoor workers 11% reported attacks. Attacks were treated with nifedipine in 31 of them."
        ),
    ),
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder: Path = tmp_path_factory.mktemp("dialogue")
    with Library.open(folder / "library") as library:
        library.add(write_jsonl(folder / "records.jsonl", [record.to_dict() for record in (CALCINOSIS, *OTHERS)]))
        yield library


def test_five_turns(library: Library) -> None:
    turns: list[Turn] = []
    firsts = []
    for text in (
        "What is calcinosis cutis?",
        "How often does it occur in systemic sclerosis?",
        "And how is it diagnosed?",
        "treatment?",
        "What is the capital of France?",
    ):
        answer = library.ask(text, turns=turns)
        assert answer.turn is not None
        turns.append(answer.turn)
        firsts.append((answer.asked, answer.citations[0].sentence.text if answer else ""))
    asked, first = zip(*firsts, strict=True)
    assert asked[0] == "What is calcinosis cutis?"
    assert all("calcinosis cutis" in question for question in asked[1:4])
    assert asked[4] == "What is the capital of France?"
    assert "is the deposition" in first[0]
    assert "18% to 49%" in first[1]
    assert "diagnosed by palpation" in first[2]
    assert "most effective treatment" in first[3]
    assert first[4] == ""
