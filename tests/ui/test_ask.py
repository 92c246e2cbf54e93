"""Asking in a real browser: citations, limits, conversations, exports, keys, and everybody who uses the page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from qa import Library
from tests.conftest import write_jsonl
from tests.ui.conftest import NEEDS_BROWSER, Visit, ask, served, texts

pytestmark = NEEDS_BROWSER

TRIAL = "Honey shortened night cough by 1.5 days (p < 0.05)."
HOSTILE = (
    "Quokkane binds <img src=x onerror=window.pwned=1> and </script><script>window.pwned=1</script> in "
    "![call home](https://example.org/a.png) [click](javascript:alert(1)) \u202eesrever\u202c zero\u200bwidth mice."
)

RECORDS: list[dict[str, Any]] = [
    {
        "id": "pmid:900001",
        "pmid": "900001",
        "doi": "10.1000/honey",
        "title": "Honey for cough in children: a randomised trial",
        "abstract": f"Background: Cough keeps families awake. Methods: We randomised 120 children to honey or syrup. "
        f"Results: {TRIAL} Conclusions: Honey is a simple first choice for cough.",
        "sections": [
            {"label": "Background", "start": 12, "end": 39},
            {"label": "Methods", "start": 49, "end": 94},
            {"label": "Results", "start": 104, "end": 155},
            {"label": "Conclusions", "start": 169, "end": 210},
        ],
        "authors": ["Adler, Ruth"],
        "journal": "Journal of Home Remedies",
        "year": 2020,
        "publication_types": ["Randomized Controlled Trial"],
    },
    {
        "id": "pmid:900005",
        "pmid": "900005",
        "title": "Buckwheat honey for cough: a cohort study",
        "abstract": "We followed a cohort of 80 children with cough for a year. Buckwheat honey eased cough at night. "
        "Syrup did less for cough than honey did.",
        "authors": ["Brandt, Eva", "Sole, Ivo"],
        "journal": "Old Letters on Cough",
        "year": 2009,
    },
    {
        "id": "pmid:900002",
        "pmid": "900002",
        "title": "Seagrass meadows store carbon",
        "abstract": "Seagrass buries carbon in the sea floor. It does so faster than forests on land.",
        "journal": "Sea and Shore",
        "year": 2016,
    },
    {
        "id": "test:hostile",
        "title": "Quokkane </script><img src=x onerror=window.pwned=1>",
        "abstract": HOSTILE,
        "authors": ["<img src=x onerror=window.pwned=1>, J"],
        "journal": "\u202e<b>lanruoJ</b>",
        "year": 2001,
        "url": "javascript:alert(1)",
    },
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small library of our own texts."""
    folder = tmp_path_factory.mktemp("ask")
    with Library.open(folder / "library") as library:
        library.add(write_jsonl(folder / "records.jsonl", RECORDS))
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with served(folder / "library", folder) as address:
        yield address


def panel_of(page: Page) -> Any:
    panel = page.locator("#qa-panel")
    expect(panel.locator("mark").first).to_be_visible(timeout=10_000)
    return panel


def test_a_sentence_opens_where_it_stands(visit: Visit) -> None:
    page = visit()
    ask(page, "Does honey shorten cough?")
    sentence = page.locator(".qa-citation .qa-open").filter(has_text=TRIAL)
    sentence.click()
    panel = panel_of(page)
    assert panel.locator("mark").text_content() == TRIAL
    assert texts(page, "#qa-panel .qa-title") == [RECORDS[0]["title"]]
    assert panel.locator(".qa-abstract").text_content() == RECORDS[0]["abstract"]
    assert [words.strip() for words in texts(page, "#qa-panel .qa-heading")] == [
        "Background:", "Methods:", "Results:", "Conclusions:"
    ]  # fmt: skip
    for name, link in (
        ("doi:10.1000/honey", "https://doi.org/10.1000/honey"),
        ("PMID 900001", "https://pubmed.ncbi.nlm.nih.gov/900001/"),
    ):
        expect(panel.get_by_role("link", name=name)).to_have_attribute("href", link)
        expect(panel.get_by_role("link", name=name)).to_have_attribute("rel", "noopener noreferrer")
    panel.get_by_text("Cite", exact=True).click()
    cited = texts(page, "#qa-panel pre")
    assert cited[0].startswith("Adler, R. (2020). Honey for cough in children")
    assert cited[2].startswith("@article{")
    assert cited[3].startswith("TY  - JOUR")
    expect(panel.get_by_role("heading", name="Similar sentences")).to_be_visible(timeout=20_000)
    other = panel.locator(".qa-list").last.locator(".qa-open").first
    words = other.text_content()
    other.click()
    expect(panel.locator("mark")).to_have_text(words or "", timeout=10_000)
    panel.get_by_role("button", name="Back").click()
    expect(panel.locator("mark")).to_have_text(TRIAL)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(sentence).to_be_focused()


def test_citations_are_copied(visit: Visit) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    ask(page, "Does honey shorten cough?")
    page.locator(".qa-citation .qa-open").filter(has_text=TRIAL).click()
    panel = panel_of(page)
    panel.get_by_text("Cite", exact=True).click()
    for style, start in (("APA 7", "Adler, R. (2020)."), ("Vancouver", "Adler R."), ("RIS", "TY  - JOUR")):
        panel.get_by_role("button", name=f"Copy as {style}").click()
        expect(page.locator("#qa-told")).to_have_text("Copied.")
        assert page.evaluate("navigator.clipboard.readText()").startswith(start)


def test_what_was_understood_is_shown_and_can_be_edited(visit: Visit) -> None:
    page = visit()
    ask(page, "Does honey shorten cough?")
    ask(page, "And in adults?")
    understood = page.locator(".qa-understood")
    expect(understood).to_contain_text("Asked as: Does honey shorten cough in adults?")
    understood.get_by_role("button").click()
    box = page.get_by_label("Your question")
    expect(box).to_be_focused()
    expect(box).to_have_value("Does honey shorten cough in adults?")
    box.fill("Does honey shorten cough in children?")
    box.press("Enter")
    expect(page.locator(".qa-turn")).to_have_count(3, timeout=30_000)
    expect(page.locator(".qa-turn").last.locator(".qa-understood")).to_have_count(0)


def test_off_topic_is_declined_and_the_closest_are_one_click_away(visit: Visit) -> None:
    page = visit()
    ask(page, "Who won the football world cup in 1998?")
    expect(page.locator(".qa-note").first).to_contain_text("does not seem to hold an answer")
    expect(page.locator(".qa-citation")).to_have_count(0)
    near = page.locator(".qa-closest .qa-open").first
    expect(near).to_be_hidden()
    page.get_by_text("Closest sentences").click()
    expect(near).to_be_visible()
    quoted = near.text_content()
    near.click()
    assert panel_of(page).locator("mark").text_content() == quoted


def test_limits_count_hold_for_the_conversation_and_come_off(visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="Narrow").click()
    expect(page.get_by_label("randomised trial (1)")).to_be_visible(timeout=10_000)
    expect(page.get_by_label("cohort study (1)")).to_be_visible()
    page.get_by_label("From year").fill("2018")
    page.get_by_label("To year").fill("2025")
    expect(page.locator(".qa-limit")).to_have_text(["2018–2025×"])
    ask(page, "Does honey ease cough?")
    assert set(texts(page, ".qa-byline")) == {"Adler, Journal of Home Remedies, 2020"}
    page.reload()
    expect(page.locator(".qa-limit")).to_have_text(["2018–2025×"], timeout=20_000)
    page.get_by_role("button", name="Remove the limit 2018–2025").click()
    expect(page.locator(".qa-limit")).to_have_count(0)
    page.get_by_role("button", name="Narrow").click()
    expect(page.get_by_label("From year")).to_have_value("")
    page.get_by_label("cohort study (1)").check()
    page.get_by_label("Leave out what was retracted (0)").check()
    expect(page.locator(".qa-limit")).to_have_text(["cohort study×", "not retracted×"])
    ask(page, "Does honey ease cough?")
    last = page.locator(".qa-turn").last
    assert set(last.locator(".qa-byline").all_text_contents()) == {"Brandt & Sole, Old Letters on Cough, 2009"}
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".qa-limit")).to_have_count(0)


def test_a_limit_that_was_typed_is_on_and_comes_off(visit: Visit) -> None:
    page = visit()
    ask(page, "Does honey ease cough?")
    ask(page, "Only since 2018")
    expect(page.locator(".qa-limit")).to_have_text(["since 2018×"])
    ask(page, "What about syrup?")
    expect(page.locator(".qa-limit")).to_have_text(["since 2018×"])
    page.locator(".qa-limit").click()
    expect(page.locator(".qa-limit")).to_have_count(0)
    ask(page, "Why is that?")
    expect(page.locator(".qa-turn").last.locator(".qa-understood")).not_to_contain_text("since 2018")
    expect(page.locator(".qa-limit")).to_have_count(0)


def test_answers_and_conversations_are_exported(visit: Visit) -> None:
    page = visit()
    ask(page, "Does honey shorten cough?")
    ask(page, "Where does seagrass bury carbon?")
    for scope, suffix, needed in (
        (".qa-turn", ".md", "Honey is a simple first choice for cough"),
        (".qa-turn", ".html", "Honey is a simple first choice for cough"),
        (".qa-turn", ".ris", "TY  - JOUR"),
        (".qa-turn", ".bib", "@article{"),
        (".qa-bar", ".csv", "Seagrass buries carbon"),
        (".qa-bar", ".json", "sha256"),
        (".qa-bar", ".docx", ""),
    ):
        menu = page.locator(f"{scope} .qa-menu").first
        menu.locator("summary").click()
        with page.expect_download() as waiting:
            menu.get_by_role("button", name=re.compile(rf" \{suffix}$")).click()
        file = waiting.value
        assert file.suggested_filename == f"does-honey-shorten-cough{suffix}"
        data = Path(file.path()).read_bytes()
        assert needed.encode() in data
        assert data.startswith(b"PK") == (suffix == ".docx")


def test_a_conversation_is_found_again(visit: Visit) -> None:
    page = visit()
    ask(page, "Does honey shorten cough?")
    ask(page, "And in adults?")
    before = texts(page, ".qa-sentence")
    page.reload()
    expect(page.locator(".qa-turn")).to_have_count(2, timeout=20_000)
    assert texts(page, ".qa-sentence") == before
    ask(page, "And in children?")  # the turns before are known
    expect(page.locator(".qa-understood").last).to_contain_text("in children")

    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".qa-turn")).to_have_count(0)
    talk = page.locator("[data-talk]").first
    talk.get_by_role("button", name="Rename").click()
    page.get_by_label("New title").fill("Zebra <b>stripes</b>")
    page.keyboard.press("Enter")
    expect(talk.locator(".qa-talk-title")).to_have_text("Zebra <b>stripes</b>")
    page.get_by_label("Search conversations").fill("zebra")
    expect(page.locator("[data-talk]")).to_have_count(1)
    talk.locator("[data-reopen]").click()
    expect(page.locator(".qa-turn")).to_have_count(3)
    talk.get_by_role("button", name="Delete").click()
    expect(page.locator(".qa-turn")).to_have_count(3)
    talk.get_by_role("button", name="Delete").click()
    expect(page.locator(".qa-turn")).to_have_count(0)
    page.get_by_label("Search conversations").fill("zebra stripes")
    expect(page.locator("#talks")).to_contain_text("No conversation has these words")


def test_a_link_opens_an_answer_and_says_what_changed(visit: Visit, folder: Path) -> None:
    page = visit()
    ask(page, "Does honey shorten cough?")
    ask(page, "Where does seagrass bury carbon?")
    linked = page.locator(".qa-turn").last
    answer, quoted = linked.get_attribute("data-answer"), linked.locator(".qa-sentence").all_text_contents()
    other = visit(f"/?a={answer}")
    expect(other.locator(".qa-turn")).to_have_count(2, timeout=20_000)
    expect(other.locator(".qa-turn").last.locator(".qa-question")).to_be_in_viewport()
    assert other.locator(".qa-turn").last.locator(".qa-sentence").all_text_contents() == quoted
    expect(other.locator("#turns")).not_to_contain_text("has changed")
    with Library.open(folder / "library") as library:
        library.remove("pmid:900002")
        try:
            later = visit(f"/?a={answer}")
            expect(later.locator("#turns")).to_contain_text("the record is no longer in the library", timeout=20_000)
            later.locator(".qa-turn").last.locator(".qa-open").first.click()
            assert panel_of(later).locator("mark").text_content() == quoted[0]
            expect(later.locator("#qa-panel .qa-note")).to_contain_text("no longer in the library")
        finally:
            library.add(folder / "records.jsonl")
    lost = visit("/?a=000000000000")
    expect(lost.locator("#now")).to_contain_text("not here", timeout=20_000)


def test_verdicts_are_kept_and_taken_back(visit: Visit, folder: Path) -> None:
    page = visit()
    ask(page, "Does honey shorten cough?")
    thumb = page.get_by_role("button", name="Sentence 1 is right")
    thumb.click()
    expect(thumb).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Sentence 1 is not an answer").click()
    expect(thumb).to_have_attribute("aria-pressed", "false")
    page.reload()
    wrong = page.get_by_role("button", name="Sentence 1 is not an answer")
    expect(wrong).to_have_attribute("aria-pressed", "true", timeout=20_000)
    kept = Library.open(folder / "library").conversations()
    assert [one.verdict for one in kept.judgements()] == ["wrong"]
    wrong.click()
    expect(wrong).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#qa-told")).to_have_text("Taken back.")
    assert kept.judgements() == []


def test_the_keyboard_is_enough(visit: Visit) -> None:
    page = visit()
    page.locator("body").click(position={"x": 5, "y": 5})
    page.keyboard.press("?")
    expect(page.locator("#qa-help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#qa-help")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type("Does honey ease cough?")
    page.keyboard.press("Enter")
    expect(page.locator(".qa-citation").first).to_be_visible(timeout=30_000)
    page.keyboard.press("Tab")  # out of the box
    page.keyboard.press("ArrowDown")
    sentences = page.locator(".qa-citation .qa-open")
    expect(sentences.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(sentences.nth(1)).to_be_focused()
    width = sentences.nth(1).evaluate("node => parseFloat(getComputedStyle(node).outlineWidth)")
    assert width >= 2
    page.keyboard.press("Enter")
    panel = panel_of(page)
    assert panel.locator("mark").text_content() == sentences.nth(1).text_content()
    page.keyboard.press("Escape")
    expect(sentences.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(sentences.first).to_be_focused()


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_nothing_is_wider_than_the_screen(visit: Visit, width: int) -> None:
    page = visit(width=width, height=844)
    ask(page, "Does honey shorten cough?")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".qa-citation .qa-open").first.click()
    panel_of(page)
    box = page.locator("#qa-panel").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, width, 844)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("#qa-panel").get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Narrow").click()
    expect(page.get_by_label("From year")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(visit: Visit, scheme: str) -> None:
    page = visit(color_scheme=scheme)
    serious(page, "start")
    ask(page, "Does honey shorten cough?")
    ask(page, "Who won the football world cup in 1998?")
    page.get_by_text("Closest sentences").click()
    page.get_by_role("button", name="Narrow").click()
    page.get_by_label("cohort study (1)").check()
    expect(page.locator(".qa-limit")).to_have_count(1)
    serious(page, "answers")
    page.locator(".qa-citation .qa-open").first.click()
    panel_of(page).get_by_text("Cite", exact=True).click()
    expect(page.get_by_role("heading", name="Similar sentences")).to_be_visible(timeout=20_000)
    serious(page, "panel")


def serious(page: Page, view: str) -> None:
    """Fail on what axe-core calls serious or critical."""
    page.wait_for_timeout(300)  # transitions of colours
    found = [one for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == [], view


def test_hostile_text_is_shown_as_text(visit: Visit) -> None:
    page = visit()
    question = (
        "What binds quokkane? <img src=x onerror=window.pwned=1> </script> ![x](https://example.org/x.png) \u202e!"
    )
    ask(page, question)
    assert texts(page, ".qa-question") == [question]
    assert texts(page, ".qa-talk-title")[0] == " ".join(question.split())
    quoted = page.locator(".qa-citation .qa-open[data-record='test:hostile']").first
    assert (quoted.text_content() or "") in f"{HOSTILE}\0{RECORDS[3]['title']}"
    quoted.click()
    panel = panel_of(page)
    assert panel.locator(".qa-abstract").text_content() == HOSTILE
    assert panel.locator(".qa-title").text_content() == RECORDS[3]["title"]
    expect(panel.get_by_role("heading", name="Similar sentences")).to_be_visible(timeout=20_000)
    for selector in ("#conversation", "#qa-panel", "#talks"):
        assert page.locator(selector).locator("img, script, b, i, em, [onerror], a[href^=javascript]").count() == 0
    page.get_by_role("button", name="Narrow").click()
    expect(page.get_by_label("randomised trial (1)")).to_be_visible(timeout=10_000)
    page.keyboard.press("Escape")
    page.locator("#journals input").click()
    expect(page.get_by_role("option").first).to_be_visible()


def test_two_people_do_not_see_each_others_questions(visit: Visit) -> None:
    first, second = visit(), visit()
    for page, question in ((first, "Does honey shorten cough?"), (second, "Where does seagrass bury carbon?")):
        page.get_by_label("Your question").fill(question)
        page.get_by_label("Your question").press("Enter")
    for page, question in ((first, "Does honey shorten cough?"), (second, "Where does seagrass bury carbon?")):
        expect(page.locator(".qa-turn .qa-question")).to_have_text([question], timeout=30_000)
    assert first.url != second.url


def test_a_conversation_deleted_elsewhere_is_begun_anew(visit: Visit, folder: Path) -> None:
    page = visit()
    ask(page, "Does honey shorten cough?")
    kept = Library.open(folder / "library").conversations()
    known = page.url.partition("c=")[2]
    kept.delete(known)
    page.locator(".qa-open").first.click()  # the record is still there to be shown
    panel_of(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Sentence 1 is right").click()
    expect(page.locator("#qa-told")).to_contain_text("There is no such answer")
    box = page.get_by_label("Your question")
    box.fill("Where does seagrass bury carbon?")
    box.press("Enter")
    expect(page.locator(".qa-turn .qa-question")).to_have_text(["Where does seagrass bury carbon?"], timeout=30_000)
    assert json.dumps(known) not in page.content()
