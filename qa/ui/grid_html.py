"""The question × record table as HTML, and the source of one of its cells; pure functions."""

from __future__ import annotations

from qa.schema import Comparison, Hit, Progress, Record
from qa.ui import tab_words
from qa.ui.answers import context, role
from qa.ui.render import abstract, flags, link, marked, reference, source, study, text


def table(comparison: Comparison) -> str:
    """A row a record, a column a question; a cell is the sentence, as a button that shows its source, or "–"."""
    if not comparison.records:
        return f'<p class="qa-none">{tab_words.NOTHING_TO_COMPARE}</p>'
    heads = "".join(
        f'<th scope="col" class="qa-asked" dir="auto"><span class="qa-q" aria-hidden="true">{number}</span>'
        f"{text(question)}</th>"
        for number, question in enumerate(comparison.questions, 1)
    )
    rows = "".join(
        f'<tr><th scope="row" dir="auto">{_named(record)}</th>'
        + "".join(_cell(row[at], asked, at) for asked, row in enumerate(comparison.cells))
        + "</tr>"
        for at, record in enumerate(comparison.records)
    )
    return (
        '<div class="qa-grid" role="region" tabindex="0" aria-label="Comparison; scrolls both ways"><table>'
        f"<caption>{text(summary(comparison))}</caption>"
        f'<thead><tr><th scope="col" class="qa-corner">Record</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def summary(comparison: Comparison) -> str:
    """The finding in words: how many cells are filled."""
    filled = sum(hit is not None for row in comparison.cells for hit in row)
    cells = len(comparison.questions) * len(comparison.records)
    questions = f"{len(comparison.questions)} {'question' if len(comparison.questions) == 1 else 'questions'}"
    records = f"{len(comparison.records):,} {'record' if len(comparison.records) == 1 else 'records'}"
    limits = f" · only {comparison.filters}" if comparison.filters else ""
    return f"{questions} × {records}: {filled:,} of {cells:,} cells have a sentence that is likely to answer{limits}"


def _named(record: Record) -> str:
    title = f'<span class="qa-grid-title">{text(record.title)}</span>' if record.byline and record.title else ""
    return f'<span class="qa-grid-source">{text(source(record))}</span>{title}'


def _cell(hit: Hit | None, asked: int, at: int) -> str:
    if hit is None:
        return (
            '<td class="qa-none-found"><span aria-hidden="true">–</span><span class="qa-hidden">no answer</span></td>'
        )
    return (
        f'<td><button type="button" data-question="{asked}" data-record="{at}" dir="auto" aria-haspopup="dialog">'
        f"{flags(hit.appraisal)}{text(hit.sentence.text)}</button></td>"
    )


def panel(question: str, hit: Hit) -> str:
    """A cell's sentence in its record, with everything known of it."""
    record, sentence = hit.record, hit.sentence
    spans = {sentence.field: (sentence.start, sentence.end)}
    published = reference(record)
    return (
        '<div class="qa-panel" role="dialog" aria-label="Source of the sentence" tabindex="-1">'
        '<button type="button" class="qa-close">Close<span class="qa-hidden"> the source</span></button>'
        f'<p class="qa-panel-question" dir="auto">{text(question)}</p>{context(hit)}'
        f'<blockquote class="qa-sentence" dir="auto">{text(sentence.text)}</blockquote>'
        f'<p class="qa-source">{flags(hit.appraisal)}{role(hit)}{study(hit.appraisal)}{link(record)}</p>'
        f'<div class="qa-record"><p class="qa-title" dir="auto">'
        f"{marked(record.title, 0, len(record.title), spans.get('title'))}</p>"
        f'<p class="qa-reference" dir="auto">{text(published)}</p>'
        f"{abstract(record, spans.get('abstract'))}</div></div>"
    )


def working(step: Progress, *, stopping: bool = False) -> str:
    """How far the comparison is, in words and as a bar."""
    value = f' max="{step.total}" value="{step.done}"' if step.total else ""
    count = f" question {min(step.done + 1, step.total)} of {step.total}" if step.total else ""
    words = tab_words.STOPPING_COMPARISON if stopping else f"{step.stage} …{count}"
    return (
        f'<div class="qa-progress" role="status"><p>{text(words)}</p>'
        f'<progress{value} aria-label="Progress of the comparison"></progress></div>'
    )
