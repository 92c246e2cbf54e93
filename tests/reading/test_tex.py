"""TeX and what passes for it, by table; and that nothing that is no TeX is touched."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.tex import formula_to_text, to_address, to_text


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"G{\"o}del, G\"odel, G{\"{o}}del, {G\"odel}", "Gödel, Gödel, Gödel, Gödel"),
        (r"{\'E}cole, \`a, \^{\i}le, na{\"\i}ve, {\~n}", "École, à, île, naïve, ñ"),
        (
            r"{\v{S}}kvor, {\c c}a, \c{S}, \k{a}, \H{o}, \u{g}, \r{a}, \.{Z}, \={a}, \d{h}",
            "Škvor, ça, Ş, ą, ő, ğ, å, Ż, ā, ḥ",
        ),
        (r"{\o}re, {\AA}rhus, stra{\ss}e, {\L}\'od\'z, \ae on", "øre, Århus, straße, Łódź, æon"),
        ("{DNA} and {{RNA}}", "DNA and RNA"),
        (r"p {\textless} 0.05, p \textless{} 0.05, p \textless 0.05", "p < 0.05, p < 0.05, p < 0.05"),
        (r"100\% of \$5 \& more \#1 a\_b \{x y\}", "100% of $5 & more #1 a_b {x y}"),
        (r"\{AI\} for \{PDDL2\}", "AI for PDDL2"),
        (r"\emph{not} {\bf so} \textit{bold}", "not so bold"),
        (r"$\alpha$-synuclein, CO$_2$, 10$^{15}$, $\beta = 0.3$, $n$", "α-synuclein, CO2, 1015, β = 0.3, n"),
        (r"$\mu$g, 37$^{\circ}$C, $p<0.05$, $\frac{1}{2}$, $a \pm b$", "μg, 37°C, p<0.05, 1/2, a ± b"),
        ("``quoted'' 'single' 5'' long", "“quoted” 'single' 5'' long"),
        ("1999--2001 --- then", "1999–2001 — then"),
        (r"Fig.~1, Smith~et~al.", "Fig. 1, Smith et al."),
        (r"co\-operate, e.g.\ this, a\\b", "cooperate, e.g. this, a b"),
        (r"\href{https://x.example}{the page} \url{https://y.example/a}", "the page https://y.example/a"),
    ],
)
def test_tex(tex: str, text: str) -> None:
    assert to_text(tex) == text


@pytest.mark.parametrize(
    "text",
    [
        "100% of patients & 5 more",
        "between $5 and $10, or US$300",
        "costs $5-$10",
        "about ~40 of them",
        r"C:\Users\name",
        r"an \unknowncommand stays",
        "a_b^c",
        "it's 5' and 6\" long",
    ],
)
def test_what_is_no_tex(text: str) -> None:
    assert to_text(text) == text


@pytest.mark.parametrize(
    ("given", "address"),
    [
        (r"10.1234/a\_b{\_}c\%20", "10.1234/a_b_c%20"),
        (r"https://x.example/{\textasciitilde}me", "https://x.example/~me"),
        (r"{https://x.example/\~{}me}", "https://x.example/~me"),
    ],
)
def test_addresses(given: str, address: str) -> None:
    assert to_address(given) == address


@given(st.text(st.characters(exclude_characters="\\{}$~-`", exclude_categories=["Cs"])))
def test_plain_text_is_left_alone(text: str) -> None:
    assert to_text(text) == text


@given(st.text(), st.text(st.sampled_from("\\{}$~-`'^\"ab %_")))
def test_nothing_breaks_it(one: str, other: str) -> None:
    to_text(one + other)
    to_text(other)


_ACCENTED = [c for c in map(chr, range(0xC0, 0x180)) if len(unicodedata.normalize("NFD", c)) == 2]
_MARKS = dict(
    zip("\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327\u0328", "`'^~=u.\"rHvck", strict=True)
)


@given(st.text(st.sampled_from(_ACCENTED)))
def test_accents_come_back(text: str) -> None:
    parted = [tuple(unicodedata.normalize("NFD", character)) for character in text]
    tex = "".join(rf"{{\{_MARKS[mark]}{{{base}}}}}" for base, mark in parted)
    assert to_text(tex) == text


@pytest.mark.parametrize(
    ("formula", "text"),
    [(r"p \leq 0.05", "p ≤ 0.05"), (r"x_{1}^2 + \mu", "x12 + μ"), (r"\frac{a}{b}", "a/b"), (r"{\rm CO}_2", "CO2")],
)
def test_formulas(formula: str, text: str) -> None:
    assert formula_to_text(formula) == text
