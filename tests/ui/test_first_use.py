"""What somebody finds who has never seen the page: a sentence opens, what to add is said, files may be dropped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qa import Library
from qa.ui import words
from tests.conftest import write_jsonl
from tests.ui.conftest import NEEDS_BROWSER, Visit, ask, served

pytestmark = NEEDS_BROWSER

RECORDS = [
    {
        "id": "pmid:900001",
        "pmid": "900001",
        "title": "Honey for cough in children: a randomised trial",
        "abstract": "We randomised 120 children to honey or syrup. Honey shortened night cough by 1.5 days.",
        "authors": ["Adler, Ruth"],
        "journal": "Journal of Home Remedies",
        "year": 2020,
    },
    {
        "id": "pmid:900002",
        "pmid": "900002",
        "title": "Seagrass meadows store carbon",
        "abstract": "Seagrass buries carbon in the sea floor. It does so faster than forests on land.",
        "year": 2016,
    },
]

DROPPED = "PMID- 77\nTI  - Thyme for cough\nAB  - Thyme eased cough in adults.\n"

DROP = """([text, name]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], name));
  for (const type of ["dragover", "drop"])
    document.querySelector("#conversation").dispatchEvent(
      new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("first-use")
    with Library.open(folder / "library") as library:
        library.add(write_jsonl(folder / "records.jsonl", RECORDS))
    with served(folder / "library", folder) as address:
        yield address


def heights(page: Page) -> list[float]:
    """Where the buttons below the first sentence stand."""
    found: list[float] = page.eval_on_selector_all(
        ".qa-citation:first-child .qa-tools :is(button, summary)",
        "nodes => nodes.map(node => node.getBoundingClientRect().y)",
    )
    return found


def test_a_button_says_that_a_sentence_opens(visit: Visit) -> None:
    page = visit()
    ask(page, "Does honey shorten cough?")
    citation = page.locator(".qa-citation").first
    sentence = citation.locator(".qa-open").text_content() or ""
    button = citation.get_by_role("button", name=words.REVEAL_LABEL.format(n=1))
    expect(button).to_have_text(words.REVEAL)
    button.click()
    expect(page.locator("#qa-panel mark")).to_have_text(sentence)
    page.keyboard.press("Escape")
    expect(citation.locator(".qa-open")).to_be_focused()
    citation.get_by_role("button", name=words.CITE_LABEL.format(n=1)).click()
    expect(page.locator("#qa-panel .qa-cite summary")).to_be_focused()
    expect(page.locator("#qa-panel .qa-cite pre").first).to_be_in_viewport()


def test_what_unfolds_below_a_sentence_moves_nothing_in_its_row(visit: Visit) -> None:
    page = visit()
    ask(page, "Does honey shorten cough?")
    before = heights(page)
    page.locator(".qa-why summary").first.click()
    expect(page.locator(".qa-why ul").first).to_be_visible()
    assert heights(page) == before
    below = page.locator(".qa-why ul").first.bounding_box()
    assert below
    assert below["y"] > max(before)


def test_without_an_answer_the_page_says_what_to_add(visit: Visit) -> None:
    page = visit()
    ask(page, "How do I boil an egg & <b>peel</b> it?")
    hint = page.locator(".qa-turn .qa-hint")
    expect(hint).to_contain_text(words.ADD_MORE)
    link = hint.get_by_role("link", name=words.SEARCH_PUBMED)
    address = "https://pubmed.ncbi.nlm.nih.gov/?term=How+do+I+boil+an+egg+%26+%3Cb%3Epeel%3C%2Fb%3E+it%3F"
    expect(link).to_have_attribute("href", address)
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    with page.expect_file_chooser() as chosen:
        hint.get_by_role("button", name=words.CHOOSE_FILES).click()
    assert chosen.value.is_multiple()
    hint.get_by_role("button", name=words.OTHER_WORDS).click()
    expect(page.get_by_label("Your question")).to_have_value("How do I boil an egg & <b>peel</b> it?")


def test_a_file_that_misses_the_zone_is_added(visit: Visit) -> None:
    page = visit()
    page.evaluate(DROP, [DROPPED, "thyme.nbib"])
    expect(page.locator("#ledger")).to_contain_text("1 added", timeout=60_000)
    expect(page.locator("body.qa-dragging")).to_have_count(0)
    page.get_by_role("tab", name=words.LIBRARY_TAB).click()
    page.evaluate(DROP, [DROPPED.replace("77", "78").replace("Thyme", "Sage"), "sage.nbib"])
    expect(page.locator("#shelf-ledger")).to_contain_text("1 added", timeout=60_000)


def test_an_empty_library_begins_with_a_button(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    page.get_by_role("tab", name=words.LIBRARY_TAB).click()
    page.get_by_role("button", name="New library").click()
    page.get_by_label("Name of the new library").fill("Empty")
    page.get_by_role("button", name="Create").click()
    expect(page.locator("#shelf-created")).to_contain_text("is made", timeout=60_000)
    page.get_by_role("tab", name=words.ASK_TAB).click()
    with page.expect_file_chooser() as chosen:
        page.locator("#invitation").get_by_role("button", name=words.CHOOSE_FILES).click()
    file = tmp_path / "thyme.nbib"
    file.write_text(DROPPED, encoding="utf-8")
    chosen.value.set_files(file)
    expect(page.locator("#ledger")).to_contain_text("1 added", timeout=60_000)
    expect(page.locator(".qa-invite")).to_have_count(0, timeout=30_000)
