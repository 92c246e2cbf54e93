"""How much of a question a record speaks of: words said, and words meant."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import Library
from qa.answering.coverage import AKIN, akin, covered, frames
from qa.answering.question import MEANT, Question, understand
from qa.embedding import open_embedder
from tests.conftest import write_jsonl

EMBEDDER = open_embedder()
ABOUT = "Tophi form where urate crystals settle around the joints of people with gout."


def ask(*words: str) -> Question:
    """A question whose words all weigh the same."""
    spelled = {word: word for word in words}
    return Question(" ".join(words), dict.fromkeys(words, 1.0), EMBEDDER.queries(["x"])[0], spelled, EMBEDDER)


def test_what_is_said_counts_in_full() -> None:
    nothing = np.empty((0, 384), dtype=np.float32)
    assert covered(ask("gout", "tophi"), {"gout", "tophi", "joint"}, nothing) == 1
    assert covered(ask("gout", "tophi"), {"gout"}, nothing) == 0.5
    assert covered(ask("gout", "tophi"), set(), nothing) == 0


def test_what_is_meant_counts_in_part_and_what_is_foreign_not_at_all() -> None:
    sentences = EMBEDDER.passages([ABOUT])
    near, foreign = (covered(ask(word), set(), sentences) for word in ("arthritis", "volcano"))
    assert 0 < near <= 1
    assert foreign == 0
    assert covered(ask("arthritis", "gout"), {"gout"}, sentences) == pytest.approx((1 + near) / 2)


@pytest.mark.parametrize(
    ("word", "other", "expected"),
    [
        ("autoantibodi", "antibodi", True),
        ("antibodi", "autoantibodi", True),
        ("mechan", "pathomechan", True),
        ("mechan", "mechan", True),
        ("lipid", "phospholipid", False),  # five letters: too short to say much
        ("arthriti", "arthrosi", False),
        ("hypertens", "hypotens", False),  # the opposite
    ],
)
def test_a_compound_is_akin_to_its_last_part(word: str, other: str, expected: bool) -> None:
    assert akin(word, {"gout", other}) is expected


def test_what_is_akin_counts_for_most_of_a_word() -> None:
    sentences = EMBEDDER.passages(["Volcanoes erupt."])
    assert covered(ask("autoantibodi"), {"antibodi"}, sentences) == pytest.approx(AKIN)


@given(st.lists(st.sampled_from(["gout", "volcano", "urate", "arthritis", "tax"]), unique=True, max_size=5))
def test_it_is_a_share_and_more_words_said_never_lower_it(said: list[str]) -> None:
    question = ask("gout", "volcano", "arthritis")
    sentences = EMBEDDER.passages([ABOUT])
    shares = [covered(question, set(said[:count]), sentences) for count in range(len(said) + 1)]
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)


def test_of_a_long_question_only_the_heaviest_words_are_looked_at(filled: Library) -> None:
    question = understand(" ".join(f"word{number}" for number in range(3 * MEANT)), filled._store, filled._load())
    assert len(question.words) == 3 * MEANT
    assert len(question.heaviest) == MEANT


def test_what_asks_is_no_word_of_the_question_but_a_name_in_capitals_is(filled: Library) -> None:
    def words(text: str) -> list[str]:
        return list(understand(text, filled._store, filled._load()).words)

    assert words("What share of adults does gout affect?") == words("adults gout affect")
    assert words("HOW COMMON IS GOUT?") == words("gout")
    assert "who" in words("Which WHO criteria are used?")
    assert words("How often?")  # where nothing else is left, what asks has to do


def test_what_frames_a_question_need_not_be_said_where_what_it_wants_is_given(filled: Library) -> None:
    question = understand("What works best against tophi?", filled._store, filled._load())
    (subject,) = filled._store.words("tophi")
    assert [word for word in question.words if not frames(question, word)] == [subject]
    sentences = EMBEDDER.passages(["Allopurinol at a dose of 300 mg dissolves tophi."])
    shares = [covered(question, {subject}, sentences, given) for given in (0.0, 0.5, 1.0)]
    assert shares == sorted(set(shares))
    assert shares[-1] == pytest.approx(1)
    assert covered(question, set(), EMBEDDER.passages(["Volcanoes erupt."]), 1.0) == 0  # nothing of a foreign subject


#: A library of one page, asked in the page's words, in others, and about what is foreign to it.
PAGE = {
    "id": "page",
    "title": "Tophi in gout",
    "abstract": "Tophi are deposits of urate crystals beneath the skin of people with gout. "
    "They occur in almost a third of patients with untreated disease. "
    "Low temperature and poor blood flow have been proposed as potential mechanisms. "
    "Ultrasonography is the best test for small deposits. "
    "The mainstay of treatment is allopurinol, which dissolves tophi within two years.",
}


@pytest.fixture(scope="module")
def one_page(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("one")
    library = Library.open(folder / "index")
    library.add(write_jsonl(folder / "page.jsonl", [PAGE]))
    return library


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("What are tophi?", "Tophi are deposits"),
        ("How common are tophi?", "almost a third"),
        ("How many people with gout get tophi?", "almost a third"),
        ("What causes tophi?", "potential mechanisms"),
        ("How are urate deposits detected?", "Ultrasonography"),
        ("What works best against tophi?", "mainstay of treatment"),
        ("How should urate deposits be treated?", "mainstay of treatment"),
        ("How common is asthma in children?", ""),
        ("What helps against migraine?", ""),
        ("What did the moon landing cost?", ""),
        ("Which mechanisms have been proposed?", "potential mechanisms"),
        ("How are you?", ""),
        ("What can you do?", ""),
    ],
)
def test_a_library_of_one_page_answers_what_stands_in_it_and_nothing_else(
    one_page: Library, question: str, quoted: str
) -> None:
    answer = one_page.ask(question)
    assert bool(answer) is bool(quoted)
    assert not quoted or quoted in answer.citations[0].sentence.text
