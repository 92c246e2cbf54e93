from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.verifying.pieces import LONGEST, take_apart


def texts(text: str, *, everything: bool = False) -> list[str]:
    return [piece.text for piece in take_apart(text, everything=everything).pieces]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "“One two three” and «four five six» and „seven eight nine“.",
            ["One two three", "four five six", "seven eight nine"],
        ),
        ('He said "one two three." She: "four, five six!"', ["one two three.", "four, five six!"]),
        ('A 5" pipe and a 6" pipe are sold.', ['A 5" pipe and a 6" pipe are sold.']),
        ("They call it ‘one two three four’.", ["one two three four"]),
        ("“She said ‘one two’ to us”, and ‘this is nested elsewhere’", ["She said ‘one two’ to us"]),
        ("So-called “good responders” were many here.", ["So-called “good responders” were many here."]),
        ("``One two three''", ["One two three"]),
        ("> One two\n> three four.\n> — Moreau 2018\n\nNot this sentence here.", ["One two  three four."]),
        ("“One two\nthree” is broken.", ["One two three"]),
        ("“One two\n\nthree four” is not one quotation.", ["three four” is not one quotation."]),
    ],
)
def test_quotations(text: str, expected: list[str]) -> None:
    assert [" ".join(one.split()) for one in texts(text)] == [" ".join(one.split()) for one in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One two three. Four five six.", ["One two three.", "Four five six."]),
        ("# A heading that is long\n\nOne two three.\n", ["One two three."]),
        (
            "- One two three\n- Four five six\n  and seven\n1. Eight nine ten",
            ["One two three", "Four five six and seven", "Eight nine ten"],
        ),
        ("[1] One two three.\n[2] Four five six.", ["One two three.", "Four five six."]),
        ("Results\r\n\r\nOne two\r\nthree.", ["One two three."]),
        ("Yes. No.", []),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [" ".join(one.split()) for one in texts(text)] == expected


def test_what_is_not_looked_at_is_counted() -> None:
    text = "My own sentence is here. “One two three four.” Another one of mine. Yes."
    assert texts(text) == ["One two three four."]
    assert take_apart(text).unchecked == 2
    assert texts(text, everything=True) == ["My own sentence is here.", "One two three four.", "Another one of mine."]
    assert take_apart(text, everything=True).left_out == 1


def test_a_piece_without_an_end_is_cut() -> None:
    text = "word " * 5000
    parts = texts(text)
    assert "".join(parts).replace(" ", "") == text.replace(" ", "")
    assert all(len(part) <= LONGEST for part in parts)
    assert len(texts("x" * 20_000 + " a b c")) > 5


@given(st.text(alphabet=st.sampled_from('ab .\n\r>#-*“”"‘’«»[1]…')), st.booleans())
def test_pieces_are_slices_in_order(text: str, everything: bool) -> None:
    end = 0
    for piece in take_apart(text, everything=everything).pieces:
        assert end <= piece.start < piece.end <= len(text)
        end = piece.end
        for mine, theirs in zip(piece.text, text[piece.start : piece.end], strict=True):
            assert mine in (theirs, " ")
