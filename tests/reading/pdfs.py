"""PDFs of our own making, as journals set them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from datetime import UTC, datetime

from fpdf import FPDF

TITLE = "Owls in barns: who stays and who leaves after the winter"
PARTS = {
    "Background": "Owls live in barns, and some of them leave after a winter or two; nobody has counted them yet.",
    "Methods": "We followed 120 owls with small transmitters, in three counties, for two years, and compared those "
    "that lived with mice to those that lived without any mice at all (p < 0.05 was taken as significant).",
    "Results": "About one half left after the first winter (62 of 120), and very few returned to the barns.",
    "Conclusions": "Owls stay where the mice are, and leave where they are not.",
}
PLAIN = " ".join(PARTS.values())
AFTER = "Barns have been built for a long time, and owls have lived in them for as long as anybody remembers. " * 12


def _line(pdf: FPDF, text: str, size: float = 10, style: str = "") -> None:
    pdf.set_font("Times", style, size)
    pdf.multi_cell(0, size * 0.5, text, new_x="LMARGIN", new_y="NEXT")


def _opened(journal: str = "Quiet Birds, Volume 9, Issue 2, March 2014, Pages 88-95") -> FPDF:
    pdf = FPDF(format="A4")
    pdf.set_creation_date(datetime(2014, 3, 1, tzinfo=UTC))
    pdf.add_page()
    _line(pdf, journal, 8)
    _line(pdf, TITLE, 18, "B")
    return pdf


def one_column() -> FPDF:
    """A structured abstract with run-in headings, raised numbers behind the names, and a first heading below."""
    pdf = _opened()
    pdf.set_font("Times", size=11)
    for text, mark in (("Bruno Uhu", "1,2"), (", Claire de la Nuit", "1")):
        pdf.write(6, text)
        pdf.char_vpos = "SUP"
        pdf.write(6, mark)
        pdf.char_vpos = "LINE"
    pdf.ln(7)
    _line(pdf, "1 Department of Night Birds, Barn University, Eulenburg, Germany", 9)
    _line(pdf, "https://doi.org/10.1234/owl.99", 9)
    _line(pdf, "Abstract", 11, "B")
    for heading, text in PARTS.items():
        pdf.set_font("Times", "B", 11)
        pdf.write(6, f"{heading}: ")
        pdf.set_font("Times", size=11)
        pdf.write(6, text)
        pdf.ln(6)
    _line(pdf, "Keywords: barns; owls; winter", 11)
    _line(pdf, "1. Introduction", 13, "B")
    _line(pdf, AFTER, 11)
    return pdf


def two_columns() -> FPDF:
    """Column after column, the headings spaced out and in the type of the text."""
    pdf = _opened("QUIET BIRDS")
    _line(pdf, "Bruno Uhu and Claire de la Nuit", 11)
    pdf.set_font("Times", size=9.5)
    with pdf.text_columns(ncols=2, gutter=8, text_align="J") as columns:
        for text in ("A B S T R A C T", PLAIN, "1. Introduction", AFTER * 4):
            with columns.paragraph(bottom_margin=3) as paragraph:
                paragraph.write(text)
    return pdf


def row_by_row() -> FPDF:
    """Two columns that are written across the page, as some programs do, with words divided at the lines' ends."""
    pdf = _opened()
    _line(pdf, "Bruno Uhu and Claire de la Nuit", 11)
    pdf.set_font("Times", size=10)
    left = ["Abstract", *textwrap.wrap(PLAIN.replace("transmitters", "transmit-@ters"), 50)]
    left = "\n".join(left).replace("-@", "-\n").split("\n")
    for one, two in zip(left, ["Introduction", *textwrap.wrap(AFTER, 50)], strict=False):
        pdf.cell(95, 5, one)
        pdf.cell(95, 5, two)
        pdf.ln(5)
    return pdf


def run_in() -> FPDF:
    """No heading of its own: "Abstract" begins the paragraph, with a dash; "Index Terms" follows."""
    pdf = _opened()
    _line(pdf, "Bruno Uhu, Claire de la Nuit", 11)
    _line(pdf, f"Abstract - {PLAIN}", 10, "B")
    _line(pdf, "Index Terms - barns, owls", 10, "B")
    _line(pdf, "I. INTRODUCTION", 10)
    _line(pdf, AFTER, 10)
    return pdf


def scanned() -> FPDF:
    """A page with a picture and no text."""
    pdf = FPDF()
    pdf.add_page()
    pdf.rect(10, 10, 100, 100)
    return pdf


LAYOUTS: dict[str, Callable[[], FPDF]] = {
    "one column": one_column,
    "two columns": two_columns,
    "row by row": row_by_row,
    "run in": run_in,
}
