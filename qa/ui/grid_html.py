"""The question × record table as HTML; pure functions."""

from __future__ import annotations

from qa.schema import Comparison, Hit, Progress, Record
from qa.ui import tab_words, words
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
        f'<div class="qa-grid" role="region" tabindex="0" aria-label="{tab_words.COMPARISON}"><table>'
        f"<caption>{text(summary(comparison))}</caption>"
        f'<thead><tr><th scope="col" class="qa-corner">{tab_words.RECORD_COLUMN}</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def summary(comparison: Comparison) -> str:
    """The finding in words: how many cells are filled."""
    filled = sum(hit is not None for row in comparison.cells for hit in row)
    cells = len(comparison.questions) * len(comparison.records)
    said = tab_words.COMPARED_ONLY if comparison.filters else tab_words.COMPARED
    return said.format(
        questions=words.counted(len(comparison.questions), tab_words.QUESTIONS_ONE, tab_words.QUESTIONS_MANY),
        records=words.counted(len(comparison.records), words.RECORDS_ONE, words.RECORDS),
        filled=filled,
        cells=cells,
        filters=comparison.filters,
    )


def _named(record: Record) -> str:
    title = f'<span class="qa-grid-title">{text(record.title)}</span>' if record.byline and record.title else ""
    return f'<span class="qa-grid-source">{text(source(record))}</span>{title}'


def _cell(hit: Hit | None) -> str:
    if hit is None:
        none = f'<span class="qa-hidden">{tab_words.NO_CELL}</span>'
        return f'<td class="qa-none-found"><span aria-hidden="true">–</span>{none}</td>'
    return f"<td>{flags(hit.appraisal)}{opener(hit.sentence, source(hit.record))}</td>"


def working(step: Progress, *, stopping: bool = False) -> str:
    """How far the comparison is, in words and as a bar."""
    value = f' max="{step.total}" value="{step.done}"' if step.total else ""
    said = tab_words.STOPPING_COMPARISON
    if not stopping:
        said = tab_words.COMPARING_QUESTION if step.total else tab_words.COMPARING
        said = said.format(stage=step.stage, number=min(step.done + 1, step.total), count=step.total)
    return (
        f'<div class="qa-progress" role="status"><p>{text(said)}</p>'
        f'<progress{value} aria-label="{tab_words.COMPARISON_PROGRESS}"></progress></div>'
    )
