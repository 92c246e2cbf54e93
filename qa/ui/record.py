"""A whole record as HTML, for the side panel: where the sentence stands, what the record is, and how to cite it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from qa.export import STYLES, cite
from qa.schema import STANDINGS, Appraisal, Hit, Record, Sentence, Standing
from qa.ui import words
from qa.ui.render import abstract, badge, flags, marked, note, opener, reference, source, study, text


def panel(record: Record, sentence: Sentence | None, appraisal: Appraisal, standing: Standing = "unchanged") -> str:
    """The record, with the sentence marked in its place; ``standing`` is what has become of it since it was quoted."""
    span = (sentence.start, sentence.end) if sentence else None
    in_title = span if sentence and sentence.field == "title" else None
    in_abstract = span if sentence and sentence.field == "abstract" else None
    title = marked(record.title, 0, len(record.title), in_title) or words.UNTITLED
    parts = [
        f'<p class="qa-marks">{flags(appraisal)}{study(appraisal)}{badge(record)}</p>',
        f'<h2 class="qa-title" id="qa-panel-title" dir="auto">{title}</h2>',
        f'<p class="qa-reference" dir="auto">{text(reference(record))}</p>' if reference(record) else "",
        identifiers(record),
        note(words.NOW.format(what=STANDINGS[standing])) if standing != "unchanged" else "",
        abstract(record, in_abstract) or f'<p class="qa-reference">{words.NO_ABSTRACT}</p>',
        full_text(record, span if sentence and sentence.field == "body" else None),
        citations(record),
        f'<p class="qa-origin" dir="auto">{text(words.FROM_FILE.format(file=record.source))}</p>'
        if record.source
        else "",
        f'<div class="qa-around" role="status">{words.LOOKING}</div>',
    ]
    return f'<article class="qa-record">{"".join(parts)}</article>'


def full_text(record: Record, span: tuple[int, int] | None) -> str:
    """The full text page by page, open where a sentence of it is marked; '' where there is none."""
    if not record.body:
        return ""
    ends = [*record.leaves[1:], len(record.body)]
    pages = "".join(
        f'<h4 class="qa-h3">{text(words.PDF_PAGE.format(page=number))}</h4>'
        f'<div class="qa-abstract" dir="auto">{marked(record.body, start, end, span)}</div>'
        for number, (start, end) in enumerate(zip(record.leaves, ends, strict=True), 1)
        if record.body[start:end].strip()
    )
    shown = " open" if span else ""
    return f'<details class="qa-details"{shown}><summary>{words.FULL_TEXT}</summary>{pages}</details>'


def identifiers(record: Record) -> str:
    """The record's numbers as links, only ever to http or https."""
    pairs = [
        (words.DOI.format(doi=record.doi), f"https://doi.org/{record.doi}") if record.doi else None,
        (words.PMID.format(pmid=record.pmid), f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/")
        if record.pmid
        else None,
        (record.pmcid, f"https://pmc.ncbi.nlm.nih.gov/articles/{record.pmcid}/") if record.pmcid else None,
        (_host(record.url), record.url) if _host(record.url) else None,
    ]
    links = "".join(
        f'<li><a class="qa-link" href="{text(address)}" target="_blank" rel="noopener noreferrer">'
        f"{text(label)}</a></li>"
        for label, address in filter(None, pairs)
    )
    return f'<ul class="qa-ids">{links}</ul>' if links else ""


def _host(address: str) -> str:
    """The host of a web address; '' for what is none, such as "javascript:" or "http://["."""
    if not address.startswith(("http://", "https://")):
        return ""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def citations(record: Record) -> str:
    """The record in each style, with a button that copies it; folded away."""
    rows = []
    for name, (title, _) in STYLES.items():
        rows.append(
            f'<div class="qa-style"><p><strong>{text(title)}</strong>'
            f'<button type="button" class="qa-quiet" data-copy '
            f'aria-label="{text(words.COPY_STYLE.format(style=title))}">{words.COPY}</button></p>'
            f'<pre dir="auto" tabindex="0" aria-label="{text(title)}">'
            f"{text(cite(record, name).strip())}</pre></div>"
        )
    return f'<details class="qa-details qa-cite"><summary>{words.CITE}</summary>{"".join(rows)}</details>'


def around(same: Sequence[Hit], similar: Sequence[Hit]) -> str:
    """What else the record says on the question, and what other records say that is like the sentence."""
    return _group(words.MORE_OF_RECORD, same, words.NOTHING_MORE, named=False) + _group(
        words.SIMILAR, similar, words.NOTHING_SIMILAR, named=True
    )


def _group(title: str, hits: Sequence[Hit], none: str, *, named: bool) -> str:
    items = "".join(
        f"<li>{opener(hit.sentence, source(hit.record))}"
        + (
            f'<p class="qa-source">{flags(hit.appraisal)}<cite class="qa-byline" dir="auto">'
            f"{text(source(hit.record))}</cite>{study(hit.appraisal)}</p>"
            if named
            else ""
        )
        + "</li>"
        for hit in hits
    )
    return f'<h3 class="qa-h3">{title}</h3>' + (f'<ul class="qa-list">{items}</ul>' if items else f"<p>{none}</p>")
