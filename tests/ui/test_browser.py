"""What a browser sends is made what it should be, whatever it is."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from qa.schema import Filters, Turn
from qa.ui import browser

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["library", "conversation", "turns", "years", "records", "asked", "shown"]), inner
        )
    ),
)


@given(ANYTHING)
def test_anything(value: object) -> None:
    seat = browser.seat(value)
    assert all(isinstance(seat.get(name, ""), str) for name in ("library", "conversation"))
    assert all(isinstance(turn, Turn) for turn in browser.turns(seat))
    found = browser.filters(value)
    assert browser.filters(json.loads(json.dumps(found.to_dict()))) == found
    str(found)
    json.dumps(browser.given(value))
    assert browser.text(value).encode() is not None


def test_what_is_ours_stays_as_it_is() -> None:
    limits = Filters(years=(2001, None), journals=("A", "B"), records=("x",), min_sample_size=9, not_retracted=True)
    assert browser.filters(limits.to_dict()) == limits
    turn = Turn("Does honey help?", limits, 3, ("x",), Filters())
    seat = {"library": "one", "conversation": "c", "turns": [turn.to_dict()]}
    assert browser.seat(json.loads(json.dumps(seat))) == json.loads(json.dumps(seat))
    assert browser.turns(browser.seat(json.loads(json.dumps(seat)))) == [turn]


def test_halves_of_characters_are_replaced() -> None:
    assert browser.text("a\ud800b") == "a?b"
    assert browser.text(5) == browser.text(None) == ""
