from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.judge import SENTENCE, WINDOW, Judge, Text, Window, choose, lay_out, open_judge, pooling
from qa.embedding import tokenizer_file
from qa.errors import EmbeddingError

QUESTION = "Do street lamps reduce the number of beetles?"
SENTENCES = [
    "Artificial light is spreading.",
    "The aim of this study was to find out whether street lamps reduce the number of beetles.",
    "We set traps in twelve parks.",
    "Parks with lamps held forty percent fewer beetles than dark parks.",
]


def score(sentences: Sequence[str], question: str = QUESTION, title: str = "Lamps and beetles") -> list[float | None]:
    return open_judge().scores(question, [Text(title, sentences, [0.0] * len(sentences), whole=True)])[0]


def best(scores: Sequence[float | None]) -> float:
    return max(score for score in scores if score is not None)


def test_what_answers_is_preferred_to_what_only_belongs_to_the_subject() -> None:
    abstract = [
        "Falls are a major cause of injury.",
        "We measured serum levels of vitamin D in 400 older adults.",
        "Low vitamin D was associated with a higher risk of falls (OR 1.6, 95% CI 1.2-2.1).",
    ]
    background, methods, finding = (
        one or 0.0 for one in score(abstract, "Is vitamin D associated with falls?", "Vitamin D in older adults")
    )
    assert finding > background + 1
    assert finding > methods + 1


def test_another_question_gets_lower_scores() -> None:
    assert best(score(SENTENCES)) > 1 + best(score(SENTENCES, "Who painted the Mona Lisa?"))


def test_scores_do_not_depend_on_what_is_read_beside_them() -> None:
    alone = score(SENTENCES, title="")
    text = Text("", SENTENCES, [0.0] * 4, whole=True)
    others = [Text("T", ["A."], [0.0], whole=False), text, Text("U", SENTENCES[:2], [0.0, 1.0], whole=False)]
    assert open_judge().scores(QUESTION, others)[1] == alone
    assert score([]) == []
    assert open_judge().scores(QUESTION, []) == []


def test_a_long_abstract_is_read_whole_or_as_far_as_it_promises_most() -> None:
    sentences = [f"Sentence number {n} says that the {n}th park was dark and quiet at night." for n in range(60)]
    assert None not in score(sentences)
    promise = [float(n % 7 == 3) for n in range(60)]
    (scores,) = open_judge().scores(QUESTION, [Text("Parks", sentences, promise, whole=False)])
    read = [n for n, one in enumerate(scores) if one is not None]
    assert set(range(3, 60, 7)) < set(read)
    assert len(read) < 60


def test_no_window_is_longer_than_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Window] = []

    def note(_: Judge, window: Window) -> list[float]:
        seen.append(window)
        return [0.0] * (max(window.segments) + 1)

    monkeypatch.setattr(Judge, "_read", note)
    words = "quiet " * 400
    score([words, "Short.", words, *(f"{words[:n]}end." for n in range(60, 600, 60))], f"Why {words}?", words)
    assert len(seen) > 2
    assert all(len(window.ids) == len(window.segments) == len(window.types) <= WINDOW for window in seen)


def test_sentences_are_laid_out_one_after_the_other() -> None:
    window = lay_out([1, 1], [2], [[7, 7], [8] * 500], 101, 102)
    assert window.ids[:9] == [101, 1, 1, 102, 2, 102, 7, 7, 102]
    assert window.segments == [-1] * 6 + [0] * 3 + [1] * (SENTENCE + 1)
    assert window.types == [0] * 4 + [1] * (len(window.ids) - 4)


@given(st.dictionaries(st.integers(0, 20), st.integers(1, 161)), st.integers(0, 384))
def test_the_most_promising_that_fit_are_chosen(lengths: dict[int, int], room: int) -> None:
    promise = [float(number % 5) for number in range(21)]
    chosen = choose(lengths, promise, room)
    left = room - sum(lengths[number] for number in chosen)
    assert left >= 0
    assert chosen == sorted(chosen)
    assert all(lengths[number] > left for number in lengths if number not in chosen)
    first = min(lengths, key=lambda one: (-promise[one], one), default=None)
    assert first is None or first in chosen or lengths[first] > room


def test_pooling_averages_each_sentence() -> None:
    matrix = pooling([-1, 3, 3, 5, -1, 5], [3, 5])
    assert np.array_equal(matrix, np.array([[0, 0.5, 0.5, 0, 0, 0], [0, 0, 0, 0.5, 0, 0.5]], dtype=np.float32))


def test_a_damaged_model_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "judge.onnx").write_bytes(b"not a model")
    with pytest.raises(EmbeddingError, match="could not be loaded"):
        Judge(tokenizer_file(), tmp_path / "judge.onnx")
