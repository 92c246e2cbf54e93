from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa.answering.judge import SENTENCE, WINDOW, Judge, open_judge, pooling, windows
from qa.embedding import tokenizer_file
from qa.errors import EmbeddingError

QUESTION = "Do street lamps reduce the number of beetles?"
SENTENCES = [
    "Artificial light is spreading.",
    "The aim of this study was to find out whether street lamps reduce the number of beetles.",
    "We set traps in twelve parks.",
    "Parks with lamps held forty percent fewer beetles than dark parks.",
]


def test_what_answers_is_preferred_to_what_only_belongs_to_the_subject() -> None:
    background, _, methods, finding = open_judge().scores(QUESTION, "Lamps and beetles", SENTENCES)
    assert finding > background
    assert finding > methods


def test_another_question_gets_lower_scores() -> None:
    judge = open_judge()
    right = max(judge.scores(QUESTION, "Lamps and beetles", SENTENCES))
    assert right > 1 + max(judge.scores("Who painted the Mona Lisa?", "Lamps and beetles", SENTENCES))


def test_scores_do_not_depend_on_what_was_asked_before() -> None:
    judge = open_judge()
    before = judge.scores(QUESTION, "", SENTENCES)
    judge.scores("Something else?", "T", ["A."])
    assert judge.scores(QUESTION, "", SENTENCES) == before
    assert judge.scores(QUESTION, "", []) == []


def test_a_long_abstract_is_read_in_windows_and_every_sentence_is_scored() -> None:
    sentences = [f"Sentence number {n} says that the {n}th park was dark and quiet at night." for n in range(60)]
    assert len(open_judge().scores(QUESTION, "Parks", sentences)) == 60


def test_windows_hold_each_sentence_once_and_fit() -> None:
    sentences = [[7] * length for length in (5, 300, 100, 160, 1, 90)]
    found = windows([1] * 100, [2] * 100, sentences, 101, 102)
    assert all(len(window.ids) == len(window.segments) == len(window.types) <= WINDOW for window in found)
    order = [number for window in found for number in dict.fromkeys(window.segments) if number >= 0]
    assert order == list(range(6))
    held = {n: sum(window.segments.count(n) for window in found) for n in range(6)}
    assert held == {n: min(len(s), SENTENCE) + 1 for n, s in enumerate(sentences)}
    assert all(window.ids[0] == 101 for window in found)


def test_pooling_averages_each_sentence() -> None:
    matrix = pooling([-1, 3, 3, 5, -1, 5], [3, 5])
    assert np.array_equal(matrix, np.array([[0, 0.5, 0.5, 0, 0, 0], [0, 0, 0, 0.5, 0, 0.5]], dtype=np.float32))


def test_a_damaged_model_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "judge.onnx").write_bytes(b"not a model")
    with pytest.raises(EmbeddingError, match="could not be loaded"):
        Judge(tokenizer_file(), tmp_path / "judge.onnx")
