"""A table of what scientific text does to full stops; and the promises that hold for any text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.schema import Record, Section
from qa.sentences import split
from qa.sentences.splitter import spans

#: One sentence a piece; joined by a space they must come apart again just there.
TABLE = [
    ["It goes with positive anti-PM/Scl antibody.", "Local trauma is common."],
    ["Drugs, e.g. colchicine, were tried vs. placebo.", "None helped."],
    ["The difference was small (p < 0.05).", "It held for p = 0.04."],
    ["As Fig. 2 shows, growth stopped.", "See Table 1."],
    ["Baker et al. found that E. coli grew.", "S. aureus did not."],
    ["Doses rose from 0.5 to 1.25 mg/kg/d.", "J. R. Baker measured them."],
    ["It activates protein kinase C.", "However, the effect is brief."],
    ["All peaked at 24 h.", "The second peak came later."],
    ["Blood was drawn after 30 min.", "Plasma was frozen."],
    ["It worked.", "2. Nothing else did."],
    ["We grew the strain.", "anti-E. chaffeensis serum was added."],
    ["It was published in Redox Signal. 34, 1420-1427.", "We repeat it here."],
    ["Bleeding was rarer with drains (p = 0.01).", "Pain was not."],
    ["Is it safe?", "Yes!", "We think so."],
    ["About 3.4% (95% CI 1.2-5.6) relapsed.", "mRNA levels rose ca. 3-fold."],
]


@pytest.mark.parametrize("sentences", TABLE, ids=lambda sentences: sentences[0][:30])
def test_table(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[start:end] for start, end in spans(text)] == sentences


def test_a_missing_space_does_not_hide_a_boundary() -> None:
    text = "There was a high risk of bias in many studies.In very few it was low."
    assert [text[a:b] for a, b in spans(text)] == [
        "There was a high risk of bias in many studies.",
        "In very few it was low.",
    ]


def test_a_remark_in_brackets_belongs_to_its_sentence() -> None:
    text = "Healing was slower. (P = 0.02). No rat died."
    assert [text[a:b] for a, b in spans(text)] == ["Healing was slower. (P = 0.02).", "No rat died."]


def test_sections_are_never_crossed_and_headings_never_quoted() -> None:
    abstract = "Aim: to see whether\n\nit works Results: It does. It does well"
    sections = (Section("Aim", 5, 29), Section("Results", 39, len(abstract)))
    record = Record("x", "A title", abstract, sections)
    found = [(s.field, s.text, s.section, s.index) for s in split(record)]
    assert found == [
        ("title", "A title", "", 0),
        ("abstract", "to see whether", "Aim", 0),
        ("abstract", "it works", "Aim", 1),
        ("abstract", "It does.", "Results", 2),
        ("abstract", "It does well", "Results", 3),
    ]


TEXT = st.text(st.sampled_from("ABCabc 123..,;()[]?!\n\t%'\"-=<μé "), max_size=200)


@given(TEXT)
def test_spans_are_ordered_trimmed_and_lose_nothing_but_space(text: str) -> None:
    found = spans(text)
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in found)
    assert all(first[1] <= second[0] for first, second in pairwise(found))
    assert "".join("".join(text[a:b].split()) for a, b in found) == "".join(text.split())


@given(TEXT, TEXT)
def test_a_sentence_is_its_slice(title: str, abstract: str) -> None:
    record = Record("x", title, abstract)
    assert all(s.text == getattr(record, s.field)[s.start : s.end] for s in split(record))
