"""Markdown (CommonMark, with GitHub's tables) in which stored text is only ever text."""

from __future__ import annotations

from qa.export.document import Block, Entry, Grid, Heading, Note, Quote, Reference, References, blocks
from qa.export.escaping import markdown, web_address
from qa.export.names import abstract_with_headings
from qa.export.subject import EMPTY, ROLE_WORDS, Subject, marks, place, repeated, source
from qa.schema import Comparison, Hit


def write(subject: Subject) -> str:
    """The subject as a Markdown document."""
    return "\n\n".join(_block(block) for block in blocks(subject)) + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * level} {markdown(text)}"
        case Note(text):
            return f"*{markdown(text)}*"
        case Quote():
            return _quote(block)
        case References(items):
            return "\n".join(f"- {_reference(item)}" for item in items)
        case Grid(comparison):
            return _grid(comparison)
        case Entry(record, item):
            abstract = markdown(abstract_with_headings(record))
            return f"{_reference(item)}" + (f"\n\n> {abstract}" if abstract else "")


def _quote(quote: Quote) -> str:
    hit = quote.hit
    number = f"**\\[{quote.number}\\]** " if quote.number is not None else ""
    lines = [f"> {number}{markdown(hit.sentence.text)}", f"> {_source(hit)}"]
    if words := repeated(hit):
        lines.append(f"> {markdown(words)}")
    if hit.context is not None:
        label = "In" if hit.context.field == "title" else "Before it"
        lines.insert(0, f"> *{label}:* {markdown(hit.context.text)}")
    return "\n>\n".join(lines)


def _source(hit: Hit) -> str:
    said = [*(f"**{markdown(mark)}**" for mark in marks(hit)), ROLE_WORDS[hit.sentence.role]]
    said.append(markdown(source(hit)))
    said.append(markdown(place(hit)))
    if link := web_address(hit.record.link):
        said.append(f"<{link}>")
    return "— " + " · ".join(part for part in said if part)


def _reference(item: Reference) -> str:
    link = f" [Open]({item.link})" if item.link else ""
    return f"{markdown(item.label)} {markdown(item.text)}{link}"


def _grid(comparison: Comparison) -> str:
    head = ["Record", *comparison.questions]
    lines = [_row([markdown(name) for name in head]), _row(["---"] * len(head))]
    for at, record in enumerate(comparison.records):
        name = f"\\[{at + 1}\\] {markdown(record.byline or record.title or record.id)}"
        found = [row[at] for row in comparison.cells]
        lines.append(_row([name, *(EMPTY if hit is None else markdown(hit.sentence.text) for hit in found)]))
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
