"""The page in a real browser: what a person does, and that nothing runs and nothing leaves the machine."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.ui.conftest import NEEDS_BROWSER, Visit, ask, served, texts

pytestmark = NEEDS_BROWSER

NASTY = {
    "id": "test:nasty",
    "title": "The zymurgase gene *TP53* in <b>bold</b> &alpha; $x$ ${1+1} {{value}}",
    "abstract": (
        "Zymurgase binds *TP53*, __BRCA1__ and <b>bold</b> &alpha; with $x^2$ and $$y$$ </script> "
        "<img src=x onerror=window.pwned=1> ![a](https://example.org/a.png) [b](javascript:alert(1)) "
        "`code` ${1+1} {{value}} \u05e9\u05dc\u05d5\u05dd in all yeasts.\n\n"
        "# Zymurgase was not found  in\tmoulds <script>window.pwned=1</script>."
    ),
    "authors": ["<i>Doe</i>, Jo"],
    "journal": "<img src=x onerror=window.pwned=1>",
    "year": 2001,
    "doi": '10.1/"><img src=x onerror=window.pwned=1>',
}

NBIB = """PMID- 11111111
TI  - Quokkas and the reading of abstracts.
AB  - Quokkas read abstracts in forty-one percent of the libraries that were visited. The rest
      of the quokkas preferred to sleep.
FAU - Doe, Jo
TA  - J Imaginary Stud
JT  - Journal of imaginary studies
DP  - 2020 May
PT  - Journal Article
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over a library that does not exist yet."""
    folder = tmp_path_factory.mktemp("page")
    with served(folder / "library", folder) as address:
        yield address


@pytest.fixture
def page(visit: Visit) -> Page:
    """The page, with the examples read."""
    page = visit()
    expect(page.locator(".qa-holds")).to_contain_text(re.compile(r"holds [1-9]"), timeout=60_000)
    expect(page.locator("#status")).not_to_contain_text(
        re.compile("Reading the examples|not embedded yet"), timeout=60_000
    )
    return page


def upload(page: Page, *files: Path) -> None:
    page.locator("#drop input[type=file]").set_input_files(list(files))
    expect(page.locator("#ledger .qa-counts")).to_be_visible(timeout=60_000)


def test_the_first_question_has_an_answer(page: Page) -> None:
    expect(page.locator("#status")).to_contain_text("These are examples")
    expect(page.get_by_role("button", name="Remove the examples")).to_have_count(0)
    ask(page, "How common is calcinosis in systemic sclerosis?")
    assert "one patient in four" in texts(page, ".qa-sentence")[0]
    assert texts(page, ".qa-number") == [str(n) for n in range(1, len(texts(page, ".qa-sentence")) + 1)]
    assert texts(page, ".qa-byline")[0] == "Valenzuela & Chung, Current Opinion in Rheumatology, 2015"
    link = page.get_by_role("link", name="doi:10.1097/BOR.0000000000000220").first
    expect(link).to_have_attribute("href", "https://doi.org/10.1097/BOR.0000000000000220")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(link).to_have_attribute("target", "_blank")


def test_an_example_question_asks_itself(page: Page) -> None:
    page.get_by_role("button", name="How is calcinosis treated?").click()
    expect(page.locator(".qa-citation").first).to_be_visible(timeout=60_000)
    assert texts(page, ".qa-question") == ["How is calcinosis treated?"]
    expect(page.locator("#chips")).to_be_hidden()


def test_the_button_asks_too_and_the_box_is_ready_to_type_in(page: Page) -> None:
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type("What is BM25?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".qa-citation").first).to_be_visible(timeout=60_000)


@pytest.mark.parametrize("question", ["   ", "why " * 12_500])
def test_no_question_and_a_huge_one_are_answered_in_words(page: Page, question: str) -> None:
    box = page.get_by_label("Your question")
    box.fill(question)
    box.press("Enter")
    expect(page.locator("#now .qa-note:not(.qa-pending)")).to_be_visible(timeout=30_000)
    (words,) = texts(page, ".qa-note")
    assert "question" in words.lower()
    assert len(words) < 300
    assert len("".join(texts(page, ".qa-question"))) < 1000


def test_an_upload_is_answered_from_and_the_examples_can_go(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "export.nbib"
    file.write_text(NBIB, encoding="utf-8")
    upload(page, file)
    expect(page.locator("#ledger")).to_contain_text("1 entry read: 1 added")
    ask(page, "How many quokkas read abstracts?")
    assert texts(page, ".qa-sentence")[0].startswith("Quokkas read abstracts in forty-one percent of the libraries")
    expect(page.get_by_role("link", name="PMID 11111111").first).to_be_visible()
    expect(page.locator("#status")).to_contain_text("examples")
    page.get_by_role("button", name="Remove the examples").click()
    expect(page.locator(".qa-holds")).to_contain_text("holds 1 record ·", timeout=20_000)
    expect(page.locator("#status")).not_to_contain_text("examples")
    expect(page.get_by_role("button", name="Remove the examples")).to_have_count(0)


def test_bad_files_are_reported_in_words(page: Page, tmp_path: Path) -> None:
    held = page.locator(".qa-holds").text_content() or ""
    files = [tmp_path / "paper.pdf", tmp_path / "empty.nbib", tmp_path / "noise.bin"]
    files[0].write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n")
    files[1].write_bytes(b"")
    files[2].write_bytes(bytes(range(256)) * 40)
    upload(page, *files)
    cells = texts(page, "#ledger td")
    assert cells[::3] == ["paper.pdf", "empty.nbib", "noise.bin"]
    assert "PDF" in cells[2]
    expect(page.locator("#ledger")).to_contain_text("3 entries = 0 taken in + 3 skipped")
    assert str(tmp_path) not in "".join(cells)
    assert "Traceback" not in "".join(cells)
    expect(page.locator(".qa-holds")).to_have_text(held)


def test_markup_in_a_record_reads_exactly_as_stored(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "nasty.jsonl"
    file.write_text(json.dumps(NASTY) + "\n", encoding="utf-8")
    upload(page, file)
    question = "What does zymurgase bind? <img src=x onerror=window.pwned=1> *a* $x$ &alpha; {{value}}"
    ask(page, question)
    assert texts(page, ".qa-question") == [question]
    for citation in page.locator(".qa-citation").all():
        if (citation.locator(".qa-open").get_attribute("data-record") or "") != NASTY["id"]:
            continue
        quoted = citation.locator(".qa-sentence").text_content() or ""
        assert quoted in f"{NASTY['title']}\0{NASTY['abstract']}"
        assert citation.locator("img, script, b, i, em, code, .katex, [onerror]").count() == 0
        citation.locator(".qa-open").click()
        panel = page.locator("#qa-panel")
        expect(panel.locator("mark")).to_be_visible()
        assert panel.locator(".qa-title").text_content() == NASTY["title"]
        assert panel.locator("mark").text_content() == quoted
        assert panel.locator(".qa-abstract").text_content() == NASTY["abstract"]
        expect(panel.get_by_role("heading", name="Similar sentences")).to_be_visible(timeout=20_000)
        assert panel.locator("img, script, b, i, em, code, .katex, [onerror]").count() == 0
        assert set(panel.locator("a").evaluate_all("nodes => nodes.map(n => n.protocol)")) == {"https:"}
        break
    else:
        pytest.fail("the record is not in the answer")


def test_a_new_conversation_starts_anew(page: Page) -> None:
    ask(page, "What is zymurgase?")
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".qa-question")).to_have_count(0)
    expect(page.locator(".qa-empty")).to_be_visible()
    assert "?" not in page.url
