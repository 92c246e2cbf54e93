"""The Compare tab: questions across, records down, and in each cell the sentence that answers best."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from qa.errors import NotFound, QAError, QuestionError
from qa.export import find_format
from qa.library import Library
from qa.schema import DESIGNS, Comparison, Filters
from qa.ui import browser, grid_html, render, tab_words, words
from qa.ui.comparing import Comparing
from qa.ui.libraries import Libraries
from qa.ui.wiring import DO, SHOW

STYLE = Path(__file__).with_name("grid.css")

#: The most questions of a table, and the most records: the judge reads some twenty records a second for each question.
QUESTIONS = 12
RECORDS = 60

BEST, LISTED, CITED = tab_words.BEST, tab_words.LISTED, tab_words.CITED


class Compare:
    """The components of the Compare tab and the functions behind them.

    ``library`` is the session's choice among the libraries; ``cited``, where there is one, holds the ids of the
    records that the last answer cites.
    """

    def __init__(self, libraries: Libraries, library: gr.State, cited: gr.State | None = None) -> None:
        self._libraries = libraries
        self.library = library
        self._cited = cited

    def layout(self) -> None:
        """Lay out the components; within a tab or a page."""
        self.work = gr.State(None)
        self.cited = self._cited or gr.State(())
        with gr.Column(elem_id="grid-view", elem_classes="qa-view"):
            gr.HTML(f'<p class="qa-aside">{tab_words.COMPARE_HINT}</p>')
            with gr.Row(elem_id="grid-ask"):
                self.questions = gr.Textbox(
                    label=tab_words.QUESTIONS.format(most=QUESTIONS),
                    placeholder=tab_words.QUESTIONS_HINT,
                    lines=4,
                    max_lines=QUESTIONS,
                    elem_id="grid-questions",
                    scale=3,
                )
                with gr.Column(scale=2, min_width=280, elem_id="grid-which"):
                    self.which = gr.Radio(
                        [BEST, LISTED, CITED], value=BEST, label=tab_words.WHICH, elem_id="grid-radio"
                    )
                    with gr.Group(visible=False) as self.described:
                        self.words = gr.Textbox(label=tab_words.WORDS, placeholder=tab_words.SEARCH_HINT)
                        self.designs = gr.Dropdown(
                            label=tab_words.STUDY_DESIGN, choices=list(DESIGNS), multiselect=True
                        )
                        with gr.Row():
                            self.since = gr.Number(
                                label=tab_words.FROM_YEAR, placeholder=tab_words.ANY_YEAR, precision=0, min_width=90
                            )
                            self.until = gr.Number(
                                label=tab_words.TO_YEAR, placeholder=tab_words.ANY_YEAR, precision=0, min_width=90
                            )
            with gr.Row(elem_id="grid-do"):
                self.go = gr.Button(tab_words.COMPARE, variant="primary", elem_id="grid-go", scale=0, min_width=130)
                self.cancel = gr.Button(words.CANCEL, visible=False, elem_id="grid-cancel", scale=0, min_width=90)
                self.csv = gr.DownloadButton(tab_words.AS_CSV, visible=False, elem_id="grid-csv", scale=0, min_width=80)
                self.xlsx = gr.DownloadButton(
                    tab_words.AS_EXCEL, visible=False, elem_id="grid-xlsx", scale=0, min_width=80
                )
            self.said = gr.HTML(elem_id="grid-said")
            self.table = gr.HTML(elem_id="grid-table")

    def wire(self, opened: Callable[..., Any]) -> None:  # noqa: ARG002  # there is nothing to look into yet
        """Wire the components, within the page's context; ``opened`` listens to the view being opened."""
        years = [self.since, self.until]
        self.which.change(self.describe, [self.which, *years], [self.described, *years], **SHOW)
        asked: list[Any] = [
            self.library,
            self.questions,
            self.which,
            self.words,
            self.designs,
            self.since,
            self.until,
            self.cited,
        ]
        begun = self.go.click(self.begin, asked, [self.work, self.said, self.cancel, self.go], **DO)
        shown = [self.said, self.table, self.csv, self.xlsx, self.cancel, self.go]
        begun.then(self.follow, [self.work], shown, **SHOW)
        self.cancel.click(self.stop, [self.work], [self.cancel], **DO)
        self.library.change(self.clear, None, [self.said, self.table, self.csv, self.xlsx], **SHOW)

    @staticmethod
    def describe(which: str, since: float | None, until: float | None) -> tuple[Any, ...]:
        """Show where records are described, if they are to be; Gradio shows a year that nobody gave as 0."""
        return gr.update(visible=which == LISTED), since or None, until or None

    def begin(
        self,
        name: str,
        typed: str,
        which: str,
        words: str,
        designs: list[str] | None,
        since: float | None,
        until: float | None,
        cited: tuple[str, ...],
        request: gr.Request,
    ) -> tuple[Any, ...]:
        """Start to compare, or say why not."""
        typed, words = browser.text(typed), browser.text(words)
        try:
            library = self._libraries.get(name or self._libraries.first)
            years = (int(since) if since else None, int(until) if until else None)
            filters = Filters(years=years, designs=tuple(designs or ())) if which == LISTED else Filters()
            questions = questions_of(typed)
            self._libraries.rules.ask(request, len(questions))
            work = Comparing(library, questions, records_of(library, which, words, filters, cited), filters)
        except QAError as error:
            return None, render.problem(str(error)), gr.skip(), gr.skip()
        work.start()
        return (
            work,
            grid_html.working(work.progress),
            gr.update(visible=True, interactive=True),
            gr.update(interactive=False),
        )

    def follow(self, work: Comparing | None) -> Iterator[tuple[Any, ...]]:
        """How far it is; then the table, and its files."""
        if work is None:
            yield (gr.skip(),) * 6
            return
        while work.running:
            yield grid_html.working(work.progress, stopping=work.stopping), *(gr.skip(),) * 5
            work.wait()
        over = gr.update(visible=False), gr.update(interactive=True)
        if work.comparison is None:
            yield render.problem(work.problem), *(gr.skip(),) * 3, *over
            return
        comparison = fullest_first(work.comparison)
        table = grid_html.table(comparison)
        if not comparison.records:  # there is no table to save
            yield "", table, *[gr.update(visible=False)] * 2, *over
            return
        with tempfile.TemporaryDirectory(prefix="qa-comparison-") as folder:  # Gradio has made its own copies by then
            files = [gr.update(value=path, visible=True) for path in written(comparison, Path(folder))]
            yield "", table, *files, *over

    def stop(self, work: Comparing | None) -> Any:
        if work is not None:
            work.cancel()
        return gr.update(interactive=False)

    def clear(self) -> tuple[Any, ...]:
        """Nothing is compared yet in this library."""
        return "", "", gr.update(visible=False), gr.update(visible=False)


def questions_of(typed: str) -> list[str]:
    """The questions that were typed, one a line, each once; QuestionError for none, or for too many."""
    found = list(dict.fromkeys(line.strip() for line in typed.splitlines() if line.strip()))
    if not found:
        raise QuestionError(tab_words.NO_QUESTION)
    if len(found) > QUESTIONS:
        raise QuestionError(tab_words.TOO_MANY_QUESTIONS.format(count=len(found), most=QUESTIONS))
    return found


def records_of(library: Library, which: str, words: str, filters: Filters, cited: tuple[str, ...]) -> list[str] | None:
    """The ids of the records to compare; None for the best. NotFound for none, QuestionError for too many."""
    if which == BEST:
        return None
    if which == CITED:
        if not cited:
            raise NotFound(tab_words.NO_ANSWER_YET)
        return list(cited)[:RECORDS]
    found = library.listing(words, filters=filters, count=RECORDS)
    if not found.total:
        raise NotFound(tab_words.NONE_LIKE_THAT)
    if found.total > RECORDS:
        raise QuestionError(tab_words.TOO_MANY_RECORDS.format(count=found.total, most=RECORDS))
    return [record.id for record in found.records]


def fullest_first(comparison: Comparison) -> Comparison:
    """The records with the most answers first, those with equally many in their order."""
    filled = [sum(row[at] is not None for row in comparison.cells) for at in range(len(comparison.records))]
    order = sorted(range(len(filled)), key=lambda at: -filled[at])
    return replace(
        comparison,
        records=tuple(comparison.records[at] for at in order),
        cells=tuple(tuple(row[at] for at in order) for row in comparison.cells),
    )


def written(comparison: Comparison, folder: Path) -> list[str]:
    """The comparison as a CSV and an Excel file in this folder, to download."""
    files = []
    for name in ("csv", "xlsx"):
        file = folder / f"{tab_words.COMPARISON_FILE}.{name}"
        file.write_bytes(find_format(name).write(comparison))
        files.append(str(file))
    return files
