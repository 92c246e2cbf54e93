from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.verifying.tokens import tokens, typography


def folded(text: str) -> list[str]:
    return [token.folded for token in tokens(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“best”", '"best"'),
        ("patients’ skin", "patients' skin"),
        ("don’t", "don't"),
        ("2010–2019", "2010-2019"),
        ("beetles — and moths", "beetles – and moths"),
        ("p<0.05", "p < 0.05"),
        ("1·5 mm", "1.5 mm"),
        ("CO₂", "CO2"),
        ("µm", "μm"),
        ("ﬁve", "five"),
        ("caf\u00e9", "cafe\u0301"),
        ("treat\u00adment", "treatment"),
        ("a\u00a0b\u2009c", "a b c"),
        ("and so on…", "and so on..."),
        ("LIT Parks", "lit parks"),
    ],
)
def test_typography_makes_no_difference(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.5", "15"),
        ("1.5", "1,5"),
        ("10²", "102"),
        ("-5", "5"),
        ("p < 0.05", "p > 0.05"),
        ("its", "it's"),
        ("a b", "ab"),
    ],
)
def test_what_means_something_else_is_kept_apart(one: str, other: str) -> None:
    assert folded(one) != folded(other)


def test_kinds_of_typography_are_named() -> None:
    given_text, text = "LIT  parks – the “best” of 1·5", 'Lit parks - the "best" of 1.5'
    kinds = typography(given_text, tokens(given_text), text, tokens(text))
    assert kinds == ("case", "dashes", "quotation marks", "signs", "white space")
    assert typography(text, tokens(text), text, tokens(text)) == ()


@given(st.text())
def test_tokens_are_slices_in_order_and_lose_nothing_but_white_space_and_the_unseen(text: str) -> None:
    found = tokens(text)
    end = 0
    for token in found:
        assert end <= token.start < token.end
        end = token.end
        assert token.folded
    covered = "".join(text[token.start : token.end] for token in found)
    unseen = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
    assert [c for c in covered if c not in unseen] == [c for c in text if not c.isspace() and c not in unseen]
