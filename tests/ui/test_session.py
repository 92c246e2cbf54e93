"""A page that is kept open all day: the server is started again, the library goes away, files come in meanwhile."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from qa import Library
from tests.conftest import write_jsonl
from tests.ui.conftest import NEEDS_BROWSER, Visit, ask, free_port, served, texts

pytestmark = NEEDS_BROWSER

RECORDS = [
    {"id": "test:1", "title": "Does seagrass store more carbon than forests?", "year": 2011,
     "abstract": "Carbon was weighed in both. Seagrass stores more carbon than forests of the same area."},
    {"id": "test:2", "title": "Prevalence of mange in wombats of Tasmania", "year": 2018,
     "abstract": "We visited burrows. The prevalence of mange in wombats of Tasmania was 31 per cent."},
    {"id": "test:3", "title": "Mange in the wombats of the mainland", "year": 2020,
     "abstract": "The prevalence of mange in wombats of the mainland was 12 per cent in wet years."},
]  # fmt: skip

MANGE = "How prevalent is mange in wombats?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of three records."""
    place = tmp_path_factory.mktemp("session")
    with Library.open(place / "library") as library:
        library.add(write_jsonl(place / "mine.jsonl", RECORDS))
    return place / "library"


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with served(folder, folder.parent) as address:
        yield address


def test_the_first_questions_are_made_of_the_library_and_have_answers(visit: Visit) -> None:
    page = visit()
    expect(page.locator("#chips button").first).to_be_visible(timeout=60_000)
    offered = texts(page, "#chips button")
    assert offered
    assert {question.strip() for question in offered} <= {
        "Does seagrass store more carbon than forests?",
        "What is the prevalence of mange in wombats of Tasmania?",
        "What is known about Mange in the wombats of the mainland?",
    }
    page.locator("#chips button").first.click()
    expect(page.locator(".qa-citation").first).to_be_visible(timeout=60_000)
    expect(page.locator("#chips")).to_be_hidden()
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#chips button").first).to_be_visible()


def test_only_the_records_that_were_chosen_are_asked(visit: Visit) -> None:
    page = visit()
    page.get_by_role("tab", name="Library").click()
    page.get_by_label("Choose Mange in the wombats of the mainland").check()
    page.get_by_role("button", name="Ask only this record").click()
    expect(page.get_by_label("Your question")).to_be_visible()
    expect(page.locator("#limits")).to_contain_text("1 chosen record")
    ask(page, MANGE)
    assert set(texts(page, ".qa-byline")) == {"2020"} or all(
        "Tasmania" not in one for one in texts(page, ".qa-sentence")
    )
    expect(page.locator(".qa-turn")).to_contain_text("Only: 1 chosen record")
    page.get_by_role("button", name="Remove the limit 1 chosen record").click()
    expect(page.locator(".qa-limit")).to_have_count(0)
    ask(page, MANGE)
    assert any("Tasmania" in one for one in texts(page, ".qa-turn:last-child .qa-sentence"))


def test_files_can_be_asked_as_soon_as_they_are_read(visit: Visit, folder: Path, tmp_path: Path) -> None:
    many = [
        {"id": f"test:many:{n}", "title": f"Lichen of rock {n}", "abstract": f"Rock {n} bears lichen. It grows slowly."}
        for n in range(1500)
    ]
    page = visit()
    page.locator("#drop input[type=file]").set_input_files([write_jsonl(tmp_path / "many.jsonl", many)])
    expect(page.locator("#ledger progress")).to_be_visible(timeout=30_000)
    ask(page, MANGE)  # while they are read, or just after
    assert "mange" in texts(page, ".qa-sentence")[0].lower()
    expect(page.locator("#ledger")).to_contain_text("1,500 added", timeout=60_000)
    expect(page.locator("#status")).to_contain_text("not embedded yet", timeout=10_000)
    expect(page.locator("#status")).to_contain_text("You can ask already")
    ask(page, "What does rock 1234 bear?")
    last = page.locator(".qa-turn").last
    expect(last.locator(".qa-sentence").first).to_contain_text("Rock 1234 bears lichen.")
    expect(last).to_contain_text(re.compile(r"When this was asked, [\d,]+ of 1,503 records were not embedded yet"))
    expect(page.locator("#status")).not_to_contain_text("not embedded yet", timeout=180_000)
    with Library.open(folder) as library:
        assert len(library) == 1503
        assert not library.awaiting()


def opened(browser: Browser, address: str) -> Page:
    page = browser.new_context().new_page()
    page.goto(address)
    expect(page.locator("#chips button").first).to_be_visible(timeout=60_000)
    return page


def test_a_file_dropped_while_another_is_read_is_read_after_it(browser: Browser, tmp_path: Path) -> None:
    many = [{"id": f"test:moss:{n}", "title": f"Moss of wall {n}", "abstract": "It grows."} for n in range(1500)]
    late = {"id": "test:late", "title": "Late moss", "abstract": "It grows late."}
    with served(tmp_path / "library", tmp_path) as address:
        page = browser.new_context().new_page()
        page.goto(address)
        for name, entries in ("many", many), ("late", [late]):
            page.locator("#drop input[type=file]").set_input_files([write_jsonl(tmp_path / f"{name}.jsonl", entries)])
            expect(page.locator("#ledger")).to_contain_text(name, timeout=30_000)
        expect(page.locator("#ledger")).to_contain_text("1,501 entries = 1,501 taken in + 0 skipped", timeout=60_000)
        assert texts(page, "#ledger .qa-file-name") == ["many.jsonl", "late.jsonl"]
        page.context.close()


def test_the_server_is_started_again(browser: Browser, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "library")
    port = free_port()
    with served(tmp_path / "library", tmp_path, port) as address:
        page = opened(browser, address)
        ask(page, MANGE)
        shown = texts(page, ".qa-sentence")
    page.evaluate("window.before = true")
    box = page.get_by_label("Your question")
    box.fill("And on the mainland?")
    box.press("Enter")
    expect(page.get_by_test_id("toast-body").first).to_contain_text("Connection to the server was lost", timeout=20_000)
    expect(box).to_have_value("And on the mainland?")
    assert texts(page, ".qa-sentence") == shown
    with served(tmp_path / "library", tmp_path, port):
        page.wait_for_function("!window.before", timeout=30_000)  # the page has noticed, and loads itself anew
        expect(page.locator(".qa-turn")).to_have_count(1, timeout=30_000)
        assert texts(page, ".qa-sentence") == shown
        expect(box).to_have_value("And on the mainland?")
        box.press("Enter")
        expect(page.locator(".qa-turn")).to_have_count(2, timeout=60_000)
    page.context.close()


def test_the_library_goes_away_and_comes_back(browser: Browser, folder: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    shutil.copytree(folder, library)
    with served(library, tmp_path) as address:
        page = opened(browser, address)
        ask(page, MANGE)
        shown = texts(page, ".qa-sentence")
        library.rename(tmp_path / "elsewhere")
        box = page.get_by_label("Your question")
        box.fill("And on the mainland?")
        box.press("Enter")
        expect(page.locator("#now")).to_contain_text("is not there any more: it was moved, renamed or deleted")
        expect(box).to_have_value("And on the mainland?")
        assert texts(page, ".qa-sentence") == shown
        page.locator(".qa-citation .qa-open").first.click()
        expect(page.locator("#qa-told")).to_contain_text("is not there any more")
        for tab, place in (("Library", "#shelf-summary"), ("Look", "#look-years")):
            page.get_by_role("tab", name=tab).click()
            expect(page.locator(place)).to_contain_text("is not there any more")
        page.get_by_role("tab", name="Ask").click()
        assert not library.exists()  # nothing was made in its place
        (tmp_path / "elsewhere").rename(library)
        box.press("Enter")
        expect(page.locator(".qa-turn")).to_have_count(2, timeout=60_000)
        expect(page.locator("#now")).to_have_text(re.compile(r"^\s*$"))
        page.context.close()
