from __future__ import annotations

from qa.schema import Record, Sentence
from qa.sentences import abstract_passage, sentence_passage

RECORD = Record("x", "Light and beetles", "It harms them. A lot.")


def test_a_sentence_is_embedded_behind_its_title() -> None:
    assert (
        sentence_passage(RECORD, Sentence("x", "abstract", 0, 14, "It harms them."))
        == "Light and beetles. It harms them."
    )


def test_a_title_stands_alone_and_so_does_a_sentence_without_one() -> None:
    assert sentence_passage(RECORD, Sentence("x", "title", 0, 17, "Light and beetles")) == "Light and beetles"
    assert sentence_passage(Record("x", "", "It."), Sentence("x", "abstract", 0, 3, "It.")) == "It."


def test_a_record_is_embedded_as_title_and_abstract() -> None:
    assert abstract_passage(RECORD) == "Light and beetles. It harms them. A lot."
    assert abstract_passage(Record("x", "Why?", "So.")) == "Why? So."
    assert abstract_passage(Record("x", "Only a title")) == "Only a title"
    assert abstract_passage(Record("x", "", "Only text.")) == "Only text."
