"""DOCX: headings, quotations and lists in Word's own styles, so that they take on the reader's template."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from qa.export.archive import EPOCH, with_fixed_dates
from qa.export.document import Block, Entry, Grid, Heading, Note, Quote, Reference, References, blocks
from qa.export.escaping import web_address, xml
from qa.export.names import abstract_with_headings
from qa.export.subject import EMPTY, ROLE_WORDS, Subject, marks, place, repeated, source, title
from qa.schema import Comparison, Hit

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

#: Word refuses longer titles in a document's properties.
_LONGEST_TITLE = 255


def write(subject: Subject) -> bytes:
    """The subject as a Word document."""
    from docx import Document

    document = Document()
    properties = document.core_properties
    properties.author, properties.title = "literature-qa", xml(title(subject))[:_LONGEST_TITLE]
    properties.created = properties.modified = EPOCH
    properties.comments = ""
    for block in blocks(subject):
        _add(document, block)
    out = io.BytesIO()
    document.save(out)
    return with_fixed_dates(out.getvalue())


def _add(document: Document, block: Block) -> None:
    match block:
        case Heading(text, level):
            document.add_heading(xml(text), level - 1)
        case Note(text):
            document.add_paragraph().add_run(xml(text)).italic = True
        case Quote():
            _quote(document, block)
        case References(items):
            for item in items:
                _reference(document.add_paragraph(), item)
        case Grid(comparison):
            _grid(document, comparison)
        case Entry(record, item):
            _reference(document.add_paragraph(), item)
            if record.abstract:
                document.add_paragraph(xml(abstract_with_headings(record)), style="Quote")


def _quote(document: Document, quote: Quote) -> None:
    from docx.shared import Pt

    hit = quote.hit
    if hit.context is not None:
        label = "In" if hit.context.field == "title" else "Before it"
        before = document.add_paragraph(xml(f"{label}: {hit.context.text}"))
        before.runs[0].font.size = Pt(9)
        before.paragraph_format.keep_with_next = True
    said = document.add_paragraph(style="Quote")
    said.paragraph_format.keep_with_next = True
    if quote.number is not None:
        number = said.add_run(f"[{quote.number}] ")
        number.bold, number.italic = True, False
    said.add_run(xml(hit.sentence.text))
    _source(document.add_paragraph(), hit)


def _source(paragraph: Paragraph, hit: Hit) -> None:
    from docx.shared import Pt

    for mark in marks(hit):
        paragraph.add_run(f"{xml(mark)} · ").bold = True
    said = (ROLE_WORDS[hit.sentence.role], source(hit), place(hit), repeated(hit))
    paragraph.add_run(xml(" · ".join(part for part in said if part)))
    if link := web_address(hit.record.link):
        paragraph.add_run(" · ")
        _link(paragraph, link, hit.record.doi or link)
    for run in paragraph.runs:
        run.font.size = Pt(9)


def _reference(paragraph: Paragraph, item: Reference) -> None:
    paragraph.add_run(f"{xml(item.label)} ").bold = True
    paragraph.add_run(xml(item.text))
    if item.link:
        paragraph.add_run(" ")
        _link(paragraph, item.link, "Open")


def _link(paragraph: Paragraph, address: str, name: str) -> None:
    """A hyperlink, which python-docx can read and not yet write."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made: Any = OxmlElement("w:hyperlink")
    made.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(xml(name))
    run.font.underline = True
    paragraph._p.remove(run._r)
    made.append(run._r)
    paragraph._p.append(made)


def _grid(document: Document, comparison: Comparison) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Pt

    page = document.sections[-1]
    page.orientation = WD_ORIENT.LANDSCAPE
    if page.page_width is not None and page.page_height is not None and page.page_width < page.page_height:
        page.page_width, page.page_height = page.page_height, page.page_width
    table = document.add_table(1, len(comparison.questions) + 1, style="Table Grid")
    for cell, text in zip(table.rows[0].cells, ("Record", *comparison.questions), strict=True):
        cell.paragraphs[0].add_run(xml(text)).bold = True
    for at, record in enumerate(comparison.records):
        texts = [f"[{at + 1}] {record.byline or record.title or record.id}"]
        for row in comparison.cells:
            hit = row[at]
            texts.append(EMPTY if hit is None else " ".join((*(f"[{mark}]" for mark in marks(hit)), hit.sentence.text)))
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.paragraphs[0].add_run(xml(text)).font.size = Pt(9)
