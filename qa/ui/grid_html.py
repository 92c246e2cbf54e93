"""The question × record table as HTML; pure functions."""

from __future__ import annotations

from qa.schema import Comparison, Hit, Progress, Record
from qa.ui import tab_words
from qa.ui.render import flags, opener, source, text


def table(comparison: Comparison) -> str:
    """A row a record, a column a question; a cell is the sentence, which opens where it stands, or "–"."""
    if not comparison.records:
        return f'<p class="qa-none">{tab_words.NOTHING_TO_COMPARE}</p>'
    heads = "".join(
        f'<th scope="col" class="qa-asked" dir="auto"><span class="qa-q" aria-hidden="true">{number}</span>'
        f"{text(question)}</th>"
        for number, question in enumerate(comparison.questions, 1)
    )
    rows = "".join(
        f'<tr><th scope="row" dir="auto">{_named(record)}</th>'
        + "".join(_cell(row[at]) for row in comparison.cells)
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


def _cell(hit: Hit | None) -> str:
    if hit is None:
        return (
            '<td class="qa-none-found"><span aria-hidden="true">–</span><span class="qa-hidden">no answer</span></td>'
        )
    return f"<td>{flags(hit.appraisal)}{opener(hit.sentence, source(hit.record))}</td>"


def working(step: Progress, *, stopping: bool = False) -> str:
    """How far the comparison is, in words and as a bar."""
    value = f' max="{step.total}" value="{step.done}"' if step.total else ""
    count = f" question {min(step.done + 1, step.total)} of {step.total}" if step.total else ""
    words = tab_words.STOPPING_COMPARISON if stopping else f"{step.stage} …{count}"
    return (
        f'<div class="qa-progress" role="status"><p>{text(words)}</p>'
        f'<progress{value} aria-label="Progress of the comparison"></progress></div>'
    )
