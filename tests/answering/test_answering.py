from __future__ import annotations

import numpy as np
import pytest

from qa import Library
from qa.answering import rank, retrieve, understand
from qa.answering.answer import NOTHING, compose, hits
from qa.answering.question import LONGEST, check
from qa.answering.ranking import Ranked, overlap
from qa.answering.retrieval import standardize
from qa.embedding import Embedder
from qa.errors import QuestionError
from qa.schema import Record, Sentence


def test_a_question_keeps_its_words_and_loses_its_edges() -> None:
    assert check("  Why?\n") == "Why?"
    assert check("x" * LONGEST)
    for bad in ("", " ", "...", "x" * (LONGEST + 1)):
        with pytest.raises(QuestionError):
            check(bad)


def test_rare_words_weigh_more(filled: Library, embedder: Embedder) -> None:
    question = understand("Do beetles sleep in the rats' parks?", filled._store, embedder)
    words = question.words
    assert "the" not in words
    assert words["beetl"] > 0
    assert words == {word: words[word] for word in filled._store.words("Do beetles sleep in the rats' parks?")}
    common = understand("it did", filled._store, embedder)
    assert all(weight > 0 for weight in common.words.values())
    assert overlap(question, ["beetl", "rat"]) == pytest.approx((words["beetl"] + words["rat"]) / sum(words.values()))
    assert overlap(question, []) == 0


def test_candidates_are_a_union_with_all_evidence(filled: Library, embedder: Embedder) -> None:
    store = filled._store
    question = understand("insomnia impairs tissue repair", store, embedder)
    found = retrieve(question, store)
    assert len(found.rows) == 5
    assert not found.lexical.any()  # no word in common, and found all the same
    assert store.stored(found.rows[:1])[found.rows[0]].record.id == "pmid:900003"
    assert list(found.scores) == sorted(found.scores, reverse=True)
    for row, whole, best, sentences in zip(found.rows, found.whole, found.best, found.sentences, strict=True):
        own, of_sentences = store.database.vectors_of(store.stored([row])[row])
        assert whole == pytest.approx(float(own @ question.vector), abs=1e-5)
        assert list(sentences.values()) == pytest.approx((of_sentences @ question.vector).tolist(), abs=1e-5)
        assert best == max(sentences.values())


def test_a_title_answers_only_where_there_is_no_abstract(filled: Library, embedder: Embedder) -> None:
    question = understand("museum tickets and beetles", filled._store, embedder)
    ranked = rank(question, retrieve(question, filled._store), filled._store, 10)
    assert {item.sentence.record_id for item in ranked if item.sentence.field == "title"} == {"pmid:900004"}


def test_standardize() -> None:
    assert standardize(np.array([1.0, 1.0])).tolist() == [0, 0]
    scores = standardize(np.array([1.0, 2.0, 6.0]))
    assert scores.mean() == pytest.approx(0)
    assert scores.std() == pytest.approx(1)


def ranked(text: str, name: str = "x", similarity: float = 0.5, words: float = 0.5) -> Ranked:
    return Ranked(1.0, Sentence(name, "abstract", 0, len(text), text), Record(name, "T", text), similarity, words)


def test_the_same_words_are_shown_once() -> None:
    found = hits([ranked("It is so.", "a"), ranked("It  is SO.", "b"), ranked("It is not.", "c")], 5)
    assert [(hit.rank, hit.record.id) for hit in found] == [(1, "a"), (2, "c")]


def test_nothing_alike_is_no_answer() -> None:
    assert compose("q", [], 5).reason == NOTHING
    assert compose("q", [ranked("A.", similarity=0.1, words=0.0)], 5).reason == NOTHING
    assert compose("q", [ranked("A.", similarity=0.1, words=0.2)], 5)
    assert compose("q", [ranked("A.", similarity=0.3, words=0.0)], 5)
