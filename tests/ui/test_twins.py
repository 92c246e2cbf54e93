"""Duplicates in the Library tab: shown with their reasons, kept apart and made one again."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from qa import Library
from qa.ui.twins import html
from tests.conftest import RECORDS, write_jsonl
from tests.ui.viewing import HOSTILE, needs_browser, opened, served

pytestmark = needs_browser

BEETLES = RECORDS[0]
OTHER = {**BEETLES, "id": "doi:10.1000/other", "doi": "10.1000/other", "abstract": ""}
AGAIN = {**{name: BEETLES[name] for name in ("title", "authors", "year", "doi")}, "id": "pmid:900010", "pmid": "900010"}


def test_nothing_twice_is_said(filled: Library) -> None:
    assert "No two entries" in html(filled.duplicates(), filled.near_duplicates())


def test_titles_are_shown_as_text(library: Library, tmp_path: Path) -> None:
    library.add(write_jsonl(tmp_path / "a.jsonl", [{**BEETLES, "title": HOSTILE}]))
    library.add(write_jsonl(tmp_path / "b.jsonl", [{**AGAIN, "title": HOSTILE}]))
    shown = html(library.duplicates(), library.near_duplicates())
    assert "<img" not in shown
    assert "onerror" in shown


def test_a_visit(browser: Browser, library: Library, tmp_path: Path) -> None:
    library.add(write_jsonl(tmp_path / "a.jsonl", [BEETLES]))
    library.add(write_jsonl(tmp_path / "b.jsonl", [AGAIN]))
    with served("shelf", library, tmp_path) as address, opened(browser, address) as page:
        page.get_by_role("button", name="The same work twice").click()
        expect(page.locator("#twins-list")).to_contain_text("the same DOI", timeout=20_000)
        page.get_by_role("button", name="Keep the entries of").click()
        expect(page.locator("#twins-said")).to_contain_text("Kept apart from now on: 2 records", timeout=60_000)
        expect(page.locator("#shelf-summary")).to_contain_text("2 records", timeout=20_000)
        expect(page.locator("#twins-list")).to_contain_text("set apart by hand")
        page.get_by_role("button", name="Make one: Night lighting").click()
        expect(page.locator("#twins-said")).to_contain_text("One record now.", timeout=60_000)
        expect(page.locator("#shelf-summary")).to_contain_text("1 record", timeout=20_000)


def test_what_is_alike_is_decided_in_a_visit(browser: Browser, library: Library, tmp_path: Path) -> None:
    library.add(write_jsonl(tmp_path / "a.jsonl", [BEETLES]))
    library.add(write_jsonl(tmp_path / "b.jsonl", [OTHER]))
    with served("shelf", library, tmp_path) as address, opened(browser, address) as page:
        page.get_by_role("button", name="The same work twice").click()
        expect(page.locator("#twins-list")).to_contain_text("Perhaps the same work (1)", timeout=20_000)
        expect(page.locator("#twins-list")).to_contain_text("their DOIs differ")
        page.get_by_role("button", name="Different works: Night lighting").click()
        expect(page.locator("#twins-said")).to_contain_text("Noted: different works.", timeout=60_000)
        expect(page.locator("#twins-list")).to_contain_text("Kept apart by hand (1)")
        expect(page.locator("#twins-list")).not_to_contain_text("Perhaps")
        page.get_by_role("button", name="Make one: Night lighting").click()
        expect(page.locator("#twins-said")).to_contain_text("One record now.", timeout=60_000)
        expect(page.locator("#twins-list")).to_contain_text("a person said so")
        expect(page.locator("#shelf-summary")).to_contain_text("1 record", timeout=20_000)


def test_many_pairs_are_settled_at_once(browser: Browser, library: Library, tmp_path: Path) -> None:
    third = {**OTHER, "id": "doi:10.1000/third", "doi": "10.1000/third"}
    library.add(write_jsonl(tmp_path / "a.jsonl", [BEETLES, OTHER, third]))
    with served("shelf", library, tmp_path) as address, opened(browser, address) as page:
        page.get_by_role("button", name="The same work twice").click()
        page.get_by_role("button", name="All 3 pairs below are different works").click(timeout=20_000)
        expect(page.locator("#twins-said")).to_contain_text("Noted: 3 pairs are different works.", timeout=60_000)
        expect(page.locator("#shelf-summary")).to_contain_text("3 records", timeout=20_000)
    assert all(pair.settled for pair in library.near_duplicates())
