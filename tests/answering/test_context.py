from __future__ import annotations

import pytest

from qa.answering.context import context, leans
from qa.schema import Record
from qa.sentences import split

LEANING = [
    "It affects almost one quarter of patients.",
    "They were older.",
    "These drugs are expensive.",
    "This treatment failed.",
    "However, pain was rare.",
    "Its cause is unknown.",
    "The latter was rare.",
    "Such patients need care.",
]
STANDING = [
    "Lit parks held fewer beetles.",
    "It is unclear whether lamps matter.",
    "It was likely that lamps matter.",
    "These results suggest that lamps matter.",
    "In this study, we counted beetles.",
    "This systematic review covers lamps.",
    "Italian parks are dark.",
    "Thistles grew.",
]


@pytest.mark.parametrize("text", LEANING)
def test_leaning(text: str) -> None:
    assert leans(text)


@pytest.mark.parametrize("text", STANDING)
def test_standing(text: str) -> None:
    assert not leans(text)


def test_the_context_is_the_sentence_before_or_the_title() -> None:
    record = Record("x", "Lamps and beetles", "They die. Lamps burn. It hurts them.")
    title, first, second, third = split(record)
    siblings = (first, second, third)
    assert context(first, siblings, record) == title
    assert context(second, siblings, record) is None
    assert context(third, siblings, record) == second
    assert context(title, (title,), record) is None
