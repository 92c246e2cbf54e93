"""HTML: one file that works offline, without scripts, in light and dark and on paper."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from qa.export.document import Block, Entry, Grid, Heading, Note, Quote, Reference, References, blocks
from qa.export.escaping import html, web_address
from qa.export.subject import EMPTY, ROLE_WORDS, Subject, marks, place, repeated, source, title
from qa.schema import Comparison, Hit, Record, Sentence

#: Nothing may be fetched and nothing may run, even if something slipped through the escaping.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def write(subject: Subject) -> str:
    """The subject as one HTML file."""
    body = "\n".join(_block(block) for block in blocks(subject))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{html(title(subject)) or 'Untitled'}</title>\n<style>\n{_style()}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


@cache
def _style() -> str:
    return Path(__file__).with_name("export.css").read_text(encoding="utf-8")


def _block(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f'<h{level} dir="auto">{html(text)}</h{level}>'
        case Note(text):
            return f'<p class="note" dir="auto">{html(text)}</p>'
        case Quote():
            return _quote(block)
        case References(items):
            return f'<ul class="references">{"".join(f"<li>{_reference(item)}</li>" for item in items)}</ul>'
        case Grid(comparison):
            return _grid(comparison)
        case Entry(record, item):
            abstract = _abstract(record, None)
            return f'<article class="record"><p class="reference">{_reference(item)}</p>{abstract}</article>'


def _quote(quote: Quote) -> str:
    hit = quote.hit
    number = f'<span class="number">{quote.number}</span>' if quote.number is not None else ""
    anchor = f' id="q-{html(hit.sentence.sha256[:12])}"'
    context = ""
    if hit.context is not None:
        label = "In" if hit.context.field == "title" else "Before it"
        context = f'<p class="context">{label}: <span dir="auto">{html(hit.context.text)}</span></p>'
    return (
        f'<section class="citation{" best" if quote.best else ""}"{anchor}>{number}{context}'
        f'<blockquote dir="auto">{html(hit.sentence.text)}</blockquote>{_source(hit)}'
        f"<details><summary>In its abstract</summary>{_whole(hit)}</details></section>"
    )


def _source(hit: Hit) -> str:
    said = [f'<strong class="mark">{html(mark)}</strong>' for mark in marks(hit)]
    if word := ROLE_WORDS[hit.sentence.role]:
        said.append(f'<span class="role {word}">{word}</span>')
    said.append(f"<cite><bdi>{html(source(hit))}</bdi></cite>")
    said.append(f'<span class="place">{html(place(hit))}</span>')
    if link := web_address(hit.record.link):
        said.append(_link(link, _name(hit.record)))
    also = f'<p class="place" dir="auto">{html(words)}</p>' if (words := repeated(hit)) else ""
    return f'<p class="source">{" ".join(said)}</p>{also}'


def _name(record: Record) -> str:
    """What a record's link is called."""
    return f"doi:{record.doi}" if record.doi else f"PMID {record.pmid}" if record.pmid else "web page"


def _link(address: str, name: str) -> str:
    return f'<a href="{html(address)}" rel="noopener noreferrer"><bdi>{html(name)}</bdi></a>'


def _reference(item: Reference) -> str:
    link = f" {_link(item.link, 'open')}" if item.link else ""
    return f'<span class="number">{html(item.label)}</span> <bdi>{html(item.text)}</bdi>{link}'


def _whole(hit: Hit) -> str:
    """The record, with the sentence marked in its place."""
    at = hit.sentence
    name = _marked(hit.record.title, 0, len(hit.record.title), at if at.field == "title" else None)
    full = hit.record.body
    body = f'<div class="abstract" dir="auto">{_marked(full, 0, len(full), at)}</div>' if at.field == "body" else ""
    return f'<div class="record"><p class="title" dir="auto">{name}</p>{_abstract(hit.record, at)}{body}</div>'


def _abstract(record: Record, at: Sentence | None) -> str:
    """The abstract, every character of it in order, sections apart."""
    if not record.abstract:
        return '<p class="note">No abstract in the library.</p>'
    inside = at if at is not None and at.field == "abstract" else None
    parts, done = list[str](), 0
    for section in record.sections:
        gap = _marked(record.abstract, done, section.start, inside)
        if record.abstract[done : section.start].strip():
            parts.append(f'<span class="heading">{gap}</span>')
        elif section.label:
            parts.append(f'<span class="heading">{html(section.label)}</span>')
        parts.append(f'<span class="section">{_marked(record.abstract, section.start, section.end, inside)}</span>')
        done = section.end
    parts.append(_marked(record.abstract, done, len(record.abstract), inside))
    return f'<div class="abstract" dir="auto">{"".join(parts)}</div>'


def _marked(whole: str, start: int, end: int, at: Sentence | None) -> str:
    """``whole[start:end]``, with what of it lies in the sentence marked."""
    if at is None or at.end <= start or end <= at.start:
        return html(whole[start:end])
    first, last = max(start, at.start), min(end, at.end)
    return f"{html(whole[start:first])}<mark>{html(whole[first:last])}</mark>{html(whole[last:end])}"


def _grid(comparison: Comparison) -> str:
    head = "".join(f'<th scope="col" dir="auto">{html(question)}</th>' for question in comparison.questions)
    rows = []
    for at, record in enumerate(comparison.records):
        name = html(record.byline or record.title or record.id)
        cells = "".join(_cell(row[at]) for row in comparison.cells)
        rows.append(
            f'<tr><th scope="row"><span class="number">[{at + 1}]</span> <bdi>{name}</bdi>'
            f'<div class="title" dir="auto">{html(record.title)}</div></th>{cells}</tr>'
        )
    return (
        '<div class="grid" tabindex="0" role="region" aria-label="Questions by record"><table>'
        f'<thead><tr><th scope="col">Record</th>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    )


def _cell(hit: Hit | None) -> str:
    if hit is None:
        return f'<td class="empty">{EMPTY}</td>'
    noted = "".join(f'<strong class="mark">{html(mark)}</strong> ' for mark in marks(hit))
    said = f'<blockquote dir="auto">{noted}{html(hit.sentence.text)}</blockquote>'
    return f'<td>{said}<p class="place">{html(place(hit))}</p></td>'
