"""The Compare tab: its pure parts, and a visit in a real browser."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from qa import Library
from qa.errors import NotFound, QuestionError
from qa.schema import Comparison, Filters, Hit, Record, Sentence
from qa.ui import grid, grid_html
from qa.ui.comparing import Comparing
from qa.ui.grid import BEST, CITED, LISTED
from tests.ui.conftest import served
from tests.ui.test_shelf import shown
from tests.ui.viewing import HOSTILE, needs_browser, opened
from tests.ui.viewing import served as view_served

QUESTIONS = ["Does honey shorten cough?", "Does sleep loss slow healing?"]


def hit(text: str, title: str = "A title") -> Hit:
    abstract = f"Before. {text} After."
    record = Record("test:1", title=title, abstract=abstract, year=2001, journal=title)
    return Hit(1, 0.5, Sentence("test:1", "abstract", 8, 8 + len(text), text, 1), record)


def test_questions_are_lines_each_once() -> None:
    assert grid.questions_of(" One? \n\nTwo?\nOne?\n") == ["One?", "Two?"]
    with pytest.raises(QuestionError, match="no question"):
        grid.questions_of(" \n ")
    with pytest.raises(QuestionError, match="13 questions are too many"):
        grid.questions_of("\n".join(f"Is it {n}?" for n in range(13)))


def test_which_records_are_compared(filled: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    none = Filters()
    assert grid.records_of(filled, BEST, "", none, ()) is None
    assert grid.records_of(filled, CITED, "", none, ("pmid:900002",)) == ["pmid:900002"]
    assert grid.records_of(filled, LISTED, "honey", none, ()) == ["pmid:900001"]
    with pytest.raises(NotFound, match="Ask a question first"):
        grid.records_of(filled, CITED, "", none, ())
    with pytest.raises(NotFound, match="is like that"):
        grid.records_of(filled, LISTED, "wombat", none, ())
    monkeypatch.setattr(grid, "RECORDS", 4)
    with pytest.raises(QuestionError, match="5 records"):
        grid.records_of(filled, LISTED, "", none, ())


def test_the_fullest_rows_come_first_and_cells_stay_with_their_records() -> None:
    one, two, three = (Record(f"test:{n}") for n in range(3))
    full = hit("x")
    comparison = Comparison(("a", "b"), (one, two, three), ((None, full, None), (None, full, full)))
    ordered = grid.fullest_first(comparison)
    assert [record.id for record in ordered.records] == ["test:1", "test:2", "test:0"]
    assert ordered.cells == ((full, None, None), (full, full, None))


def test_a_cell_is_a_button_or_a_dash() -> None:
    found = hit("Honey helps.")
    comparison = Comparison(("Does it?", "Is it?"), (found.record,), ((found,), (None,)))
    html = grid_html.table(comparison)
    assert html.count('role="button"') == 1
    assert 'data-record="test&#58;1" data-field="abstract" data-start="8" data-end="20"' in html
    assert "no answer" in html
    assert "2 questions × 1 record: 1 of 2 cells" in shown(html)
    assert "No record" in grid_html.table(Comparison(("Does it?",), (), ((),)))


def test_hostile_text_is_shown_as_text() -> None:
    found = hit(HOSTILE, HOSTILE)
    html = grid_html.table(Comparison((HOSTILE,), (found.record,), ((found,),)))
    assert "<img" not in html
    assert "</script" not in html
    assert "${" not in html
    assert shown(html).count(HOSTILE) >= 4


def test_a_comparison_can_be_stopped(filled: Library) -> None:
    work = Comparing(filled, QUESTIONS, None, Filters())
    work.cancel()
    work.start()
    while work.running:
        work.wait()
    assert work.comparison is None
    assert work.problem.startswith("Stopped")


def test_the_files_hold_the_sentences(filled: Library, tmp_path: Path) -> None:
    comparison = filled.compare(QUESTIONS)
    paths = [Path(path) for path in grid.written(replace(comparison), tmp_path)]
    rows = list(csv.reader(io.StringIO(paths[0].read_text(encoding="utf-8-sig"))))
    assert rows[0][3:] == QUESTIONS
    sheet = load_workbook(paths[1]).worksheets[0]
    assert [cell.value for cell in sheet[1]][3:] == QUESTIONS
    quoted = {found.sentence.text for row in comparison.cells for found in row if found}
    assert quoted
    assert quoted <= {cell for row in rows for cell in row}


@pytest.mark.parametrize("width", [pytest.param(1280, marks=needs_browser), pytest.param(390, marks=needs_browser)])
def test_a_visit(
    browser: Browser, filled: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    with served(filled.folder, tmp_path) as address, opened(browser, address, width=width) as page:
        page.get_by_role("tab", name="Compare").click(timeout=30_000)
        view = page.locator("#grid-view")
        view.get_by_role("button", name="Compare").click()
        expect(page.locator("#grid-said")).to_contain_text("no question to compare by")
        page.get_by_label("Questions, one a line").fill("\n".join(QUESTIONS))
        view.get_by_role("button", name="Compare").click()
        cell = page.locator(".qa-grid td .qa-open").first
        expect(cell).to_be_visible(timeout=60_000)
        text = cell.text_content() or ""
        cell.focus()
        page.keyboard.press("Enter")
        panel = page.locator("#qa-panel")
        expect(panel.locator("mark")).to_have_text(text)
        expect(page.locator("#qa-panel-body")).to_be_focused()
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        expect(cell).to_be_focused()
        with page.expect_download() as download:
            page.locator("#grid-csv").click()
        assert text
        assert text in Path(download.value.path()).read_text(encoding="utf-8-sig").replace('""', '"')
        assert not list(scratch.rglob("*.csv"))  # nothing of ours is left; what can be saved is Gradio's copy
        page.get_by_label("Those of the last answer").check()
        view.get_by_role("button", name="Compare").click()
        expect(page.locator("#grid-said")).to_contain_text("Ask a question first")
    assert not list(tmp_path.glob("uploads/**/*.csv")), "a copy outlives the server"


@pytest.mark.parametrize("_", [pytest.param(0, marks=needs_browser)])
def test_of_an_empty_library_there_is_no_table_to_save(
    browser: Browser, library: Library, tmp_path: Path, _: int
) -> None:
    with view_served("grid", library, tmp_path) as address, opened(browser, address) as page:
        page.get_by_label("Questions, one a line").fill("Does honey help?")
        page.get_by_role("button", name="Compare").click()
        expect(page.locator("#grid-table")).to_contain_text("No record is left to compare", timeout=60_000)
        expect(page.locator("#grid-csv")).to_have_count(0)
