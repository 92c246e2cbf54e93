"""Short forms, and the sentences that use them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import Library
from qa.answering.abbreviations import abbreviations, expanded
from tests.conftest import write_jsonl


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Vitamin C (VC), an antioxidant", {"VC": "Vitamin C"}),
        ("patients with SSc (systemic sclerosis) and", {"SSc": "systemic sclerosis"}),
        ("deep vein thrombosis [DVT]", {"DVT": "deep vein thrombosis"}),
        ("magnetic resonance imaging (MRI, 3 T)", {"MRI": "magnetic resonance imaging"}),
        ("chronic occlusion (CO) of a coronary artery (CA)", {"CO": "chronic occlusion", "CA": "coronary artery"}),
        ("tumor necrosis factor-α (TNF-α)", {"TNF-α": "tumor necrosis factor-α"}),
        ("randomised controlled trials (RCTs) were", {"RCTs": "randomised controlled trials"}),
        ("Gout. Uric acid (UA) and the unusual arthritis (UA)", {"UA": "Uric acid"}),  # the first counts
        ("It fell (p < 0.05) in 12 (30%) of them (n = 40), as a rule (so)", {}),
        ("of the World (see Fig. 2) and of rats (Rattus rattus)", {}),
        ("nothing ends here (ABC", {}),
    ],
)
def test_what_a_text_introduces(text: str, found: dict[str, str]) -> None:
    assert dict(abbreviations(text)) == found


@given(st.text(alphabet="abcABC ()[]-,.;1αß", max_size=200))
def test_a_long_form_stands_in_the_text_and_holds_the_letters_in_order(text: str) -> None:
    for short, long in abbreviations(text).items():
        assert short in text
        assert long in re.sub(r"\s+", " ", text)
        letters = iter(long.casefold())
        assert all(letter in letters for letter in short.casefold() if letter.isalnum())


def test_the_words_of_either_form_are_those_of_both() -> None:
    texts = ["VC helps.", "Vitamin C helps.", "VCs help.", "VCX helps."]
    said = expanded(texts, {"VC": "vitamin C"}, lambda text: text.casefold().replace(".", "").split())
    assert [bool({"vitamin", "c"} <= words) for words in said] == [True, True, True, False]
    assert [("vc" in words) for words in said] == [True, True, False, False]


def test_a_question_finds_the_sentence_that_says_the_short_form(library: Library, tmp_path: Path) -> None:
    record = {
        "id": "test:1",
        "title": "Tophi and treatment",
        "abstract": "Pegylated uricase (PU) was given to forty people. Allopurinol was given to forty others. "
        "Under PU nearly all tophi had gone after a year. Allopurinol left half of them as they were.",
    }
    library.add(write_jsonl(tmp_path / "one.jsonl", [record]))
    answer = library.ask("Does pegylated uricase make tophi go away?")
    assert answer.citations[0].sentence.text == "Under PU nearly all tophi had gone after a year."
