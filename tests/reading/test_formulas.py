"""MathML as a line of text, as tables of (formula, text)."""

from __future__ import annotations

import pytest
from lxml import etree

from qa.reading.formulas import formula


@pytest.mark.parametrize(
    ("mathml", "text"),
    [
        ("<mi>p</mi><mo>&lt;</mo><mn>0.05</mn>", "p < 0.05"),
        ("<msup><mi>x</mi><mn>2</mn></msup>", "x2"),
        ("<msup><mn>10</mn><mn>3</mn></msup>", "10³"),
        ("<msup><mi>x</mi><mrow><mi>n</mi><mo>+</mo><mn>1</mn></mrow></msup>", "x^(n+1)"),
        ("<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mi>c</mi></mrow></mfrac>", "a/(b + c)"),
        ("<msqrt><mi>x</mi></msqrt>", "√x"),
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "(a, b)"),
        ("<mfenced separators=''><mi>a</mi><mi>b</mi></mfenced>", "(ab)"),
        ("<mfenced/>", "()"),
        ("<mfenced open='[' close=']'><mi>a</mi></mfenced>", "[a]"),
        ("<msup/><msub><mi>x</mi></msub><mfrac/>", "x"),
    ],
)
def test_formulas(mathml: str, text: str) -> None:
    assert formula(etree.fromstring(f"<math>{mathml}</math>")).strip() == text


def test_depth_is_no_matter() -> None:
    deep = "<mrow>" * 200 + "<mi>x</mi>" + "</mrow>" * 200
    assert formula(etree.fromstring(f"<math>{deep}</math>")) == "x"
