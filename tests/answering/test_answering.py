from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from qa import Library
from qa.answering.answer import NOT_HELD, _folded, _in_turn
from qa.answering.question import LONGEST, check, understand
from qa.answering.ranking import Ranked, Signs, overlap
from qa.answering.retrieval import FURTHER, completed, retrieve, standardize
from qa.embedding import Embedder
from qa.errors import QuestionError
from qa.schema import Filters, Record, Sentence


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
    assert words == {word: words[word] for word in filled._store.words("beetles sleep in the rats' parks")}
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


def test_only_the_most_promising_are_compared_sentence_by_sentence(
    filled: Library, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = filled._store
    read: list[int] = []
    question = understand("insomnia impairs tissue repair", store, embedder)
    everything = retrieve(question, store, 3)
    whole = store.sentence_vectors

    def noted(rows: Sequence[int]) -> Any:
        read.extend(rows)
        return whole(rows)

    monkeypatch.setattr(store, "sentence_vectors", noted)
    monkeypatch.setattr("qa.answering.retrieval.CLOSER", 2)
    closer = retrieve(question, store, 1)
    assert closer.rows == everything.rows[:2]
    assert sorted(read) == sorted(row for near in everything.sentences[:2] for row in near)
    assert len(retrieve(question, store, 3).rows) == 3  # as many as are asked for


def test_a_record_found_by_its_words_alone_is_taken_to_be_further_than_the_nearest() -> None:
    assert completed([1, 2, 3], {2: 0.9, 3: 0.5}).tolist() == pytest.approx([0.5 - FURTHER, 0.9, 0.5])
    assert completed([1, 2], {}).tolist() == [-FURTHER, -FURTHER]


@pytest.mark.parametrize(
    ("filters", "records"),
    [
        (Filters(years=(2017, None)), {"doi:10.1000/beetle", "pmid:900001"}),
        (Filters(roles=("methods",), years=(2017, None)), {"doi:10.1000/beetle", "pmid:900001"}),
        (Filters(journals=("journal of home remedies",)), {"pmid:900001"}),
        (Filters(years=(2030, None)), set()),
    ],
    ids=str,
)
def test_filters_act_inside_retrieval(filled: Library, filters: Filters, records: set[str]) -> None:
    hits = filled.search("carbon in sea grass", k=50, filters=filters)
    assert {hit.record.id for hit in hits} == records
    assert all(hit.sentence.role in filters.roles for hit in hits if filters.roles)
    assert {hit.record.id for hit in filled.search_records("carbon", k=50, filters=filters)} == records


def test_a_filter_that_nothing_passes_is_said(filled: Library) -> None:
    answer = filled.ask("Does honey help?", filters=Filters(years=(2030, None)))
    assert not answer
    assert "since 2030" in answer.reason


def test_a_title_answers_only_where_there_is_no_abstract(filled: Library) -> None:
    hits = filled.search("museum tickets and beetles", k=50)
    assert {hit.record.id for hit in hits if hit.sentence.field == "title"} == {"pmid:900004"}


def test_a_hit_explains_itself(filled: Library) -> None:
    hit = filled.search("Did honey shorten the cough?")[0]
    assert hit.why is not None
    assert hit.why.words == ("honey", "shorten", "cough")
    assert hit.why.record_rank == 1
    assert hit.why.judged is not None
    assert hit.why.similarity > 0.3


def test_standardize() -> None:
    assert standardize(np.array([1.0, 1.0])).tolist() == [0, 0]
    scores = standardize(np.array([1.0, 2.0, 6.0]))
    assert scores.mean() == pytest.approx(0)
    assert scores.std() == pytest.approx(1)


def item(text: str, name: str) -> Ranked:
    sentence = Sentence(name, "abstract", 0, len(text), text)
    signs = Signs(*[0.0] * len(Signs._fields))
    return Ranked(1.0, signs, sentence, Record(name, "T", text), (), 1, None)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("Honey  SHORTENED the cough of 40 children with a cold, compared with syrup.", True),
        ("Honey shortened the cough of 40 children with a cold as compared with syrup.", True),
        ("Honey shortened the cough of 400 children with a cold, compared with syrup.", False),
        ("Honey never shortened the cough of 40 children with a cold, compared with syrup.", False),
        ("Honey didn't shorten the cough of 40 children with a cold, compared with syrup.", False),
        ("Syrup shortened the stay of 40 adults with a fracture, compared with honey.", False),
    ],
)
def test_what_says_the_same_is_folded_and_named(other: str, same: bool) -> None:
    said = "Honey shortened the cough of 40 children with a cold, compared with syrup."
    folds = _folded([item(said, "a"), item("A third.", "c"), item(other, "b")], 2)
    assert [fold.item.record.id for fold in folds] == ["a", "c"]
    assert list(folds[0].also) == (["b"] if same else [])


def test_folding_counts_what_is_shown() -> None:
    ranked = [item(text, name) for text, name in [("It is so.", "a"), ("It is so.", "a"), ("One 1.", "b"), ("2.", "c")]]
    folds = _folded(ranked, 2)
    assert [(fold.item.record.id, list(fold.also)) for fold in folds] == [("a", []), ("b", [])]


def test_one_record_does_not_fill_the_page() -> None:
    ranked = [item(f"Sentence {n}.", "a") for n in range(6)] + [item("Other.", "b")]
    assert [found.record.id for found in _in_turn(ranked)] == ["a", "a", "a", "a", "b", "a", "a"]


def test_what_is_foreign_is_declined_with_what_is_closest(filled: Library) -> None:
    answer = filled.ask("How do I tie a bow tie?")
    assert not answer
    assert answer.reason == NOT_HELD
    assert answer.confidence is not None
    assert answer.confidence < 0.5
    assert answer.closest


def test_more_continues_where_the_answer_ended(filled: Library) -> None:
    first = filled.ask("How does night lighting affect ground beetles in parks?", k=2)
    assert first.turn is not None
    more = filled.ask("more", k=2, turns=[first.turn])
    assert more.asked == first.asked
    assert [hit.number for hit in more.citations] == [3, 4]
    assert not {hit.sentence for hit in more.citations} & {hit.sentence for hit in first.citations}
