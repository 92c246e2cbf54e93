"""PDFs of our own making: one column and two, with and without what documents say of themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from fpdf import FPDF

from qa.errors import ReadingError
from qa.reading import detect, read
from qa.schema import Record
from tests.reading.samples import bodies, write

TITLE = "Kelp and calm water: a survey of twelve bays along the northern coast"
SENTENCES = (
    "Background: Kelp slows waves. Methods: We measured the height of waves in twelve bays for one year and compared "
    "bays with kelp and bays without it. Results: Waves were forty percent lower in bays with kelp. Conclusions: Kelp "
    "calms the water, and this is good for swimmers."
)


def article(path: Path, *, columns: int = 1, titled: bool = False, heading: str = "Abstract") -> Path:
    pdf = FPDF()
    pdf.set_font("Helvetica", size=9)
    pdf.add_page()
    pdf.cell(0, 5, "Journal of Calm Water 14 (2022) 201-209", new_x="LMARGIN", new_y="NEXT")
    pdf.cell(0, 5, "https://doi.org/10.1234/kelp.2022.7", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Helvetica", "B", size=18)
    pdf.multi_cell(0, 9, TITLE, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Helvetica", size=10)
    pdf.multi_cell(0, 5, "Marta Tang, Jan de Vries", new_x="LMARGIN", new_y="NEXT")
    with pdf.text_columns(ncols=columns, gutter=8) as text:
        text.write(f"{heading}\n{SENTENCES}\n\nKeywords: kelp, waves\n\n1. Introduction\n")
        text.write("The sea is large, and nobody knows all of it. " * 30)
    if titled:
        pdf.set_title(TITLE)
        pdf.set_author("Marta Tang; Jan de Vries")
    pdf.output(str(path))
    return path


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("titled", [True, False])
def test_title_and_abstract(columns: int, titled: bool, tmp_path: Path) -> None:
    path = article(tmp_path / "article.pdf", columns=columns, titled=titled)
    assert detect(path).name == "pdf"
    (record,) = read(path)
    assert isinstance(record, Record)
    assert record.title == TITLE
    assert record.abstract == SENTENCES
    assert [label for label, _ in bodies(record)] == ["Background", "Methods", "Results", "Conclusions"]
    assert record.doi == "10.1234/kelp.2022.7"
    assert record.authors == (("Tang, Marta", "de Vries, Jan") if titled else ())


def test_a_scan_a_locked_and_a_damaged_file(tmp_path: Path) -> None:
    empty = FPDF()
    empty.add_page()
    empty.output(str(tmp_path / "scan.pdf"))
    with pytest.raises(ReadingError, match="without text"):
        list(read(tmp_path / "scan.pdf"))
    locked = FPDF()
    locked.set_encryption("owner", "user")
    locked.set_font("Helvetica")
    locked.add_page()
    locked.write(5, SENTENCES)
    locked.output(str(tmp_path / "locked.pdf"))
    with pytest.raises(ReadingError, match="password"):
        list(read(tmp_path / "locked.pdf"))
    data = article(tmp_path / "whole.pdf").read_bytes()
    with pytest.raises(ReadingError):
        list(read(write(tmp_path, "cut.pdf", data[:200])))
