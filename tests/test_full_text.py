"""Articles with their full text: every page is quoted word for word, with its number."""

from __future__ import annotations

from pathlib import Path

import pytest
from fpdf import FPDF

from qa import Library
from qa.export import find_format
from qa.reading import read
from qa.schema import Answer, Record

TITLE = "Kelp forests and the height of waves near the shore"
ABSTRACT = (
    "Background: Kelp grows in cold water. Methods: We measured waves at nine beaches over two winters. "
    "Results: Waves behind kelp were 18 percent lower. Conclusions: Kelp calms the water near the shore."
)
PAGES = (
    "1. Introduction\nKelp has been harvested for centuries, and nobody asked what the waves would do without it. "
    "Fishers tell that boats lie calmer behind a forest of kelp.",
    "2. Methods\nPressure gauges of the type Otter 5 were bolted to the rock at a depth of seven metres. "
    "They recorded four values a second for two winters.",
    "3. Results\nSea urchins had eaten the kelp at two of the nine beaches, and the waves there were as high as "
    "before. Storms tore out a third of the plants.\n\nReferences\nTang M. Waves and weeds of the north. 2019.",
)


def article(path: Path) -> Path:
    pdf = FPDF()
    for number, page in enumerate(PAGES, 1):
        pdf.add_page()
        pdf.set_font("Helvetica", size=9)
        pdf.cell(0, 5, "Journal of Calm Water 14 (2022) 201-209", new_x="LMARGIN", new_y="NEXT")
        if number == 1:
            pdf.set_font("Helvetica", "B", size=18)
            pdf.multi_cell(0, 9, TITLE, new_x="LMARGIN", new_y="NEXT")
            pdf.set_font("Helvetica", size=10)
            pdf.multi_cell(0, 5, "Marta Tang, Jan de Vries", new_x="LMARGIN", new_y="NEXT")
            pdf.multi_cell(0, 5, f"Abstract\n{ABSTRACT}\n\n", new_x="LMARGIN", new_y="NEXT")
        pdf.set_font("Helvetica", size=10)
        pdf.multi_cell(0, 5, page, new_x="LMARGIN", new_y="NEXT")
    pdf.output(str(path))
    return path


@pytest.fixture
def kelp(tmp_path: Path) -> Path:
    return article(tmp_path / "kelp.pdf")


def test_the_full_text_is_read_when_it_is_asked_for(kelp: Path) -> None:
    (plain,) = read(kelp)
    (whole,) = read(kelp, full_text=True)
    assert isinstance(plain, Record)
    assert isinstance(whole, Record)
    assert (plain.body, plain.leaves) == ("", ())
    assert (whole.title, whole.abstract, whole.authors) == (plain.title, plain.abstract, plain.authors)
    assert len(whole.leaves) == 3
    for number, words in enumerate(("nobody asked what", "bolted to the rock", "Storms tore out"), 1):
        assert whole.page(whole.body.index(words)) == number
    for absent in ("Marta", "18 percent lower", "Waves and weeds", "Calm Water 14", TITLE):
        assert absent not in whole.body
    assert Record.from_dict(whole.to_dict()) == whole


def test_a_sentence_of_the_full_text_answers_with_its_page(library: Library, kelp: Path) -> None:
    assert library.add(kelp, full_text=True).added == 1
    answer = library.ask("At how many beaches had sea urchins eaten the kelp?")
    hit = answer.citations[0]
    assert hit.sentence.text.startswith("Sea urchins had eaten the kelp at two of the nine beaches")
    assert (hit.sentence.field, hit.page) == ("body", 3)
    assert hit.record.body[hit.sentence.start : hit.sentence.end] == hit.sentence.text
    assert hit.source.endswith("PDF p. 3")
    for name in ("markdown", "html"):
        assert b"PDF p. 3" in find_format(name).write(answer)
    assert Answer.from_dict(answer.to_dict()) == answer
    lower = library.ask("How much lower were waves behind kelp?").citations[0]
    assert (lower.sentence.field, lower.page) == ("abstract", None)
    assert library.examine().ok


def test_what_was_added_without_is_read_again_and_never_the_other_way(library: Library, kelp: Path) -> None:
    assert library.add(kelp).added == 1
    assert library.add(kelp, full_text=True).updated == 1
    (record,) = library.records()
    assert record.body
    for full_text in (False, True):
        assert library.add(kelp, full_text=full_text).unchanged == 1
        assert library.records() == [record]


def test_a_draft_is_checked_against_the_full_text(library: Library, kelp: Path) -> None:
    library.add(kelp, full_text=True)
    checked = library.verify('As they write, "Storms tore out a third of the plants."')
    (finding,) = checked.findings
    assert finding.verdict == "exact"
    assert finding.place is not None
    assert finding.place.field == "body"
