"""The page looks the same everywhere, and nothing in it moves that nobody moved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from qa import Library
from qa.ui import look, tab_words, words
from qa.ui.page import STYLES
from tests.conftest import write_jsonl
from tests.ui.conftest import NEEDS_BROWSER, Visit, ask, served
from tests.ui.viewing import opened

pytestmark = NEEDS_BROWSER

TABS = [words.ASK_TAB, words.LIBRARY_TAB, words.LOOK_TAB, words.COMPARE_TAB]

TYPES = (
    *("Randomized Controlled Trial", "Meta-Analysis", "Systematic Review", "Scoping Review", "Review", "Case Reports"),
    *("Observational Study", "Practice Guideline", "Letter", "Clinical Trial Protocol", "Controlled Clinical Trial"),
)
RECORDS = [
    {
        "id": f"test:{number}",
        "title": f"Honey and cough, part {number}",
        "abstract": "Honey eased cough.",
        "year": 2020,
        "publication_types": [TYPES[number % len(TYPES)]],
    }
    for number in range(12)
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("design")
    with Library.open(folder / "library") as library:
        library.add(write_jsonl(folder / "records.jsonl", RECORDS))
    with served(folder / "library", folder) as address:
        yield address


def test_fields_stand_on_the_pages_own_ground(visit: Visit) -> None:
    page = visit()
    for name in TABS:
        page.get_by_role("tab", name=name).click()
        page.wait_for_timeout(300)
        grounds = page.eval_on_selector_all(
            ".form, .gr-group, .gr-group > .styler",
            "nodes => nodes.filter(node => node.checkVisibility()).map(node => getComputedStyle(node).backgroundColor)",
        )
        assert grounds, name
        assert set(grounds) == {"rgba(0, 0, 0, 0)"}, name


def test_the_tabs_stay_where_they_are(visit: Visit) -> None:
    page = visit()
    places = []
    for name in TABS:
        page.get_by_role("tab", name=name).click()
        page.wait_for_timeout(300)
        places.append([page.get_by_role("tab", name=one).bounding_box() for one in TABS])
    assert all(one == places[0] for one in places)


def test_all_tabs_fit_on_a_small_phone(visit: Visit) -> None:
    page = visit(width=320, height=640)
    for name in TABS:
        expect(page.get_by_role("tab", name=name)).to_be_visible()


def test_a_dark_page_has_dark_scroll_bars(visit: Visit) -> None:
    page = visit(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.querySelector('#conversation')).colorScheme") == "dark"


def test_the_drop_zones_say_our_words(visit: Visit) -> None:
    said = visit().eval_on_selector(
        "#drop [data-testid=upload-text]", "node => getComputedStyle(node, '::after').content"
    )
    assert said == f'"{words.DROP}"'


@pytest.mark.parametrize("size", [(1280, 800), (1366, 640), (900, 600)], ids=str)
def test_limits_that_unfold_leave_the_conversation_and_the_question_where_they_are(
    visit: Visit, size: tuple[int, int]
) -> None:
    page = visit(width=size[0], height=size[1])
    ask(page, "Does honey ease cough?")
    before = page.locator("#question").bounding_box()
    page.locator("#narrow > button").click()
    expect(page.locator("#designs label")).to_have_count(len(TYPES))
    page.wait_for_timeout(300)
    talk, box = page.locator("#conversation").bounding_box(), page.locator("#question").bounding_box()
    assert before is not None
    assert talk is not None
    assert box is not None
    assert box == pytest.approx(before, abs=1.5)
    assert talk["height"] > 120
    assert talk["y"] + talk["height"] <= box["y"]
    page.locator("#designs label").last.click()  # scrolled to within the limits
    expect(page.locator("#limits")).to_contain_text("Only")


def test_a_year_that_nobody_gave_is_empty(visit: Visit) -> None:
    page = visit()
    page.get_by_role("tab", name=words.COMPARE_TAB).click()
    page.get_by_text("Those that I describe").click()
    for name in ("From year", "To year"):
        expect(page.locator("#grid-view").get_by_label(name)).to_have_value("")


def test_the_keys_are_shown_in_every_tab_and_a_question_can_be_written_from_each(visit: Visit) -> None:
    page = visit()
    for name in TABS:
        page.get_by_role("tab", name=name).click()
        page.locator("h1").click()
        page.keyboard.press("?")
        expect(page.locator("#qa-help")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#qa-help")).to_be_hidden()
        page.keyboard.press("/")
        expect(page.get_by_label("Your question")).to_be_focused()


def test_a_record_that_is_lit_up_opens(visit: Visit) -> None:
    page = visit()
    page.get_by_role("tab", name=words.LOOK_TAB).click()
    page.get_by_label(tab_words.LOOK_QUESTION).fill("Does honey ease cough?")
    page.keyboard.press("Enter")
    first = page.locator('#look-map [data-hit="1"] .qa-open')
    title = first.text_content(timeout=60_000) or ""
    page.locator('#look-map .qa-plot-wide [data-dot="1"]').dispatch_event("click")
    expect(page.locator("#qa-panel mark")).to_have_text(title)
    expect(page.locator("#qa-panel .qa-abstract")).to_have_text("Honey eased cough.")
    page.keyboard.press("Escape")
    expect(page.locator("#qa-panel")).to_be_hidden()
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    second = page.locator('#look-map [data-hit="2"] .qa-open')
    expect(second).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#qa-panel mark")).to_have_text(second.text_content() or "")


def test_the_command_that_fetches_is_copied(visit: Visit) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("tab", name=words.LIBRARY_TAB).click()
    page.locator("#shelf-paste textarea").fill("PMID: 33301246")
    page.get_by_role("button", name=tab_words.ADD_TEXT).click()
    page.get_by_role("button", name=tab_words.COPY_COMMAND).click()
    expect(page.locator("#qa-told")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()").startswith("qa fetch --library ")


def test_no_rule_for_narrow_pages_begins_with_what_gradio_puts_before_it() -> None:
    for sheet in STYLES:
        style = (Path(look.__file__).with_name(sheet)).read_text(encoding="utf-8")
        for media in re.findall(r"@media[^{]*\{(.*?\})\s*\}", style, re.DOTALL):
            assert not re.search(r"\.gradio-container|\.qa-with-panel|(?<![-\w])body[ :.]|:root", media), (sheet, media)


def test_on_a_phone_nothing_lies_under_the_question_box_and_tables_fit(visit: Visit) -> None:
    page = visit(width=390, height=844)
    page.wait_for_function(  # the example questions come a little later, and move the foot
        """() => {
          scrollTo(0, document.documentElement.scrollHeight);
          const [foot, box] = ["#shelf .qa-formats", "#ask-row"].map(
            one => document.querySelector(one).getBoundingClientRect());
          return foot.bottom <= box.top;
        }""",
        timeout=15_000,
    )
    page.get_by_role("tab", name=words.LIBRARY_TAB).click()
    expect(page.locator("#shelf-table table")).to_have_css("display", "block", timeout=30_000)
    page.get_by_role("tab", name=words.COMPARE_TAB).click()
    page.get_by_label("Questions, one a line").fill("Does honey ease cough?")
    page.locator("#grid-go").click()
    first = page.locator(".qa-grid tbody th").first
    expect(first).to_be_visible(timeout=60_000)
    box = first.bounding_box()
    assert box
    assert box["width"] < 150


def test_on_a_phone_the_page_stays_as_it_is_under_the_panel(visit: Visit) -> None:
    page = visit(width=390, height=844)
    ask(page, "Does honey ease cough?")
    opener = page.locator(".qa-turn .qa-open").last
    opener.scroll_into_view_if_needed()
    before = opener.bounding_box()
    opener.click()
    expect(page.locator("#qa-panel mark").first).to_be_visible(timeout=30_000)
    page.get_by_role("button", name=words.CLOSE).click()
    expect(page.locator("#qa-panel")).to_be_hidden()
    assert opener.bounding_box() == before


def test_what_went_wrong_is_in_view_and_nothing_seems_open(tmp_path: Path, browser: Browser) -> None:
    folder = tmp_path / "library"
    with Library.open(folder) as library:
        library.add(write_jsonl(tmp_path / "records.jsonl", RECORDS))
    with served(folder, tmp_path) as address, opened(browser, address) as page:
        expect(page.locator(".qa-holds")).to_contain_text("holds", timeout=60_000)
        ask(page, "Does honey ease cough?")
        ask(page, "What else does honey ease?")
        page.locator("#conversation").evaluate("node => node.scrollTo(0, 0)")
        folder.rename(tmp_path / "elsewhere")
        box = page.get_by_label("Your question")
        box.fill("Does honey help?")
        box.press("Enter")
        expect(page.locator("#now .qa-note")).to_be_in_viewport(timeout=30_000)
        expect(page.locator("#now .qa-note")).to_contain_text("not there any more")
        page.locator(".qa-turn .qa-open").first.click()
        expect(page.locator("#qa-told")).to_contain_text("not there any more")
        expect(page.locator(".qa-open[aria-expanded]")).to_have_count(0)
        (tmp_path / "elsewhere").rename(folder)
