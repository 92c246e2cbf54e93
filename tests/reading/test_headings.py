"""A table of abstracts and their sections: each fault that is found adds a row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.headings import find_sections, is_heading

FOUND = [
    ("BACKGROUND: One. METHODS: Two.", "BACKGROUND=One.|METHODS=Two."),
    ("Background: One.\nResults:Two.", "Background=One.|Results=Two."),
    ("Before it. AIMS: One. RESULTS: Two.", "=Before it.|AIMS=One.|RESULTS=Two."),
    ("OBJECTIVE: One., DESIGN AND METHODS: Two., RESULTS: 3.", "OBJECTIVE=One.,|DESIGN AND METHODS=Two.,|RESULTS=3."),
    ("Main outcome measure(s): One. Patient(s): Two.", "Main outcome measure(s)=One.|Patient(s)=Two."),
    ("AIM.– One. RESULTS.– Two.", "AIM=One.|RESULTS=Two."),
    ("PRINCIPAL FINDINGS/RESULTS: One. SIGNIFICANCE: Two.", "PRINCIPAL FINDINGS/RESULTS=One.|SIGNIFICANCE=Two."),
    ("METHODS: One. ZEBRAFISH HUSBANDRY: Two.", "METHODS=One.|ZEBRAFISH HUSBANDRY=Two."),
    ("Purpose of review This is one.\n\nSummary It is two.", "Purpose of review=This is one.|Summary=It is two."),
    ("Introduction\nOne.\nPatients and methods\nTwo.", "Introduction=One.|Patients and methods=Two."),
    ("Methods Patients were seen.\nResults Most were well.", "Methods=Patients were seen.|Results=Most were well."),
    ("Background. One. Methods. Two.", "Background=One.|Methods=Two."),
    ("OBJETIVO: Uno. MÉTODOS: Dos.", "OBJETIVO=Uno.|MÉTODOS=Dos."),
    ("AIMS: RESULTS: Two. CONCLUSION: Three.", "RESULTS=Two.|CONCLUSION=Three."),
]

NOT_FOUND = [
    "",
    "RESULTS: One lone heading is none.",
    "Results of the trial were clear.\nMethods were poor.",
    "Summary statistics are given. Results vary.",
    "We saw three things: one, two, three. The ratio was 1:2. Here: there.",
    "Results Were seen, as in background noise.",
    "The conclusion: it works. The method: none.",
    "DNA: a molecule. RNA: another.",
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_found(text: str, expected: str) -> None:
    assert "|".join(f"{one.label}={text[one.start : one.end]}" for one in find_sections(text)) == expected


@pytest.mark.parametrize("text", NOT_FOUND)
def test_not_found(text: str) -> None:
    assert find_sections(text) == ()


def test_colon_only() -> None:
    assert find_sections("Methods Patients were seen.\nResults Most were well.", colon_only=True) == ()
    assert len(find_sections("METHODS: One. ZEBRAFISH: Two. RESULTS: Three.", colon_only=True)) == 2


@pytest.mark.parametrize(
    "label", ["Results", "PATIENTS AND METHODS", "Setting and participants", "Clinical relevance", "Trial registration"]
)
def test_is_heading(label: str) -> None:
    assert is_heading(label)


@pytest.mark.parametrize("label", ["", "of results", "Results of", "Owls", "Results in owls", "and"])
def test_is_no_heading(label: str) -> None:
    assert not is_heading(label)


WORDS = ("BACKGROUND:", "Methods", "Results:", "CONCLUSIONS", "Summary", "UNKNOWN LABEL:", "It was so.", "We saw")
PIECES = st.sampled_from((*WORDS, " ", "\n", "\n\n", ".", "é", "\u2003"))


@given(st.lists(PIECES, max_size=30).map(" ".join) | st.text(max_size=200), st.booleans())
def test_sections_are_slices_in_order(text: str, colon_only: bool) -> None:
    sections = find_sections(text, colon_only=colon_only)
    last = 0
    for section in sections:
        assert last <= section.start < section.end <= len(text)
        body = text[section.start : section.end]
        assert body == body.strip()
        assert section.label in text
        last = section.end
