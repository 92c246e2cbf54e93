"""The Look tab: counts, topics and charts, and a visit in a real browser."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from lxml import etree
from playwright.sync_api import Browser, expect

from qa import Library
from qa.schema import DESIGNS, Holding, Record, RecordHit, Topic, TopicMap
from qa.topics import TOPICS, _Layout, _spread_out
from qa.ui import charts, look_html
from qa.ui.look import STYLE
from qa.ui.placing import placed
from tests.conftest import write_jsonl
from tests.ui.test_shelf import shown
from tests.ui.viewing import HOSTILE, needs_browser, opened, served

HELD = [
    Holding(2001, "cohort study", "J", 3),
    Holding(2001, "", "J", 1),
    Holding(2003, "randomised trial", "K", 5),
    Holding(None, "case report", "", 2),
]

SUBJECTS = {"seagrass": "Seagrass meadows bury carbon in the sea floor", "honey": "Honey shortens cough in children"}


def parsed(html: str) -> list[etree._Element]:
    """The drawings in it, which have to be well-formed."""
    return [etree.fromstring(svg.replace("xlink:", "")) for svg in re.findall(r"<svg.*?</svg>", html, re.DOTALL)]


def tips(svg: etree._Element) -> list[str]:
    return [str(node.text) for node in svg.iter("{http://www.w3.org/2000/svg}title")]


def test_every_design_has_a_kind() -> None:
    assert set(charts.KIND_OF) == {*DESIGNS, ""}


@pytest.mark.parametrize(
    ("years", "step"), [({2001}, 1), ({1972, 2021}, 1), ({1950, 2021}, 2), ({1850, 2021}, 5), ({0, 2021}, 100)]
)
def test_bars_stand_for_as_many_years_as_fit(years: set[int], step: int) -> None:
    assert charts.step_of(years) == step


def test_a_chart_by_year_has_its_numbers_and_its_finding() -> None:
    html = look_html.by_year(HELD)
    wide, narrow = parsed(html)
    finding = (
        "9 records from 2001 to 2003, most of them in 2003 (5). Of the designs told, most are trials (5). "
        "2 more do not say their year."
    )
    assert wide.get("aria-label") == narrow.get("aria-label") == finding
    assert tips(wide) == ["2003 · trials: 5", "2001 · observational: 3", "2001 · not told: 1"]
    rows = [shown(row) for row in re.findall(r"<tr>.*?</tr>", html)]
    assert rows == ["YearTrialsObservationalNot toldAll", "20035005", "20010314"]


def test_the_same_numbers_give_the_same_drawing() -> None:
    assert look_html.by_year(HELD) == look_html.by_year(HELD)


def test_a_drawing_loads_nothing_and_takes_its_colours_from_the_page() -> None:
    html = look_html.by_year(HELD)
    assert not re.search(r'(?:href|src)="(?!#)', html)
    assert "@import" not in html
    assert "var(--qa-kind-2)" in html
    used = set(re.findall(r"var\((--[\w-]+)\)", html))
    style = STYLE.read_text() + STYLE.with_name("style.css").read_text()
    assert all(f"{name}:" in style for name in used)


def test_counts_without_a_year_are_said() -> None:
    assert "None of these 2 records says its year" in shown(look_html.by_year(HELD[3:]))


def test_shares_put_the_many_first_and_the_nameless_last() -> None:
    html = look_html.by_name({"b": 2, "a": 5, "": 9, "c": 1}, "Design", "not told", most=2)
    assert [shown(row) for row in re.findall(r"<tr class.*?</tr>", html)] == ["a5", "b2", "1 other1", "not told9"]


# -- the map --------------------------------------------------------------------------------------------------------


def test_points_are_laid_out_at_the_distances_they_have() -> None:
    rng = np.random.default_rng(1)
    given = rng.normal(size=(7, 2))
    distances = ((given[:, None] - given[None]) ** 2).sum(-1)
    found = _spread_out(distances.astype(np.float32))
    ratio = np.linalg.norm(found[:, None] - found[None], axis=-1)[np.triu_indices(7, 1)] / np.sqrt(
        distances[np.triu_indices(7, 1)]
    )
    assert ratio.max() / ratio.min() < 1.01


def test_groups_of_vectors_become_topics_that_lie_apart() -> None:
    rng = np.random.default_rng(2)
    centres = np.eye(8, dtype=np.float32)[:3]
    truth = rng.integers(0, 3, 300)
    vectors = centres[truth] + rng.normal(scale=0.05, size=(300, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    layout = _Layout(vectors)
    places, own = layout.place(vectors)
    assert 2 <= len(layout.centres) <= TOPICS
    for topic in set(own.tolist()):
        assert len(set(truth[own == topic].tolist())) == 1  # no topic mixes two groups
    middles = np.array([places[truth == group].mean(axis=0) for group in range(3)])
    spread = max(np.linalg.norm(places[truth == group] - middles[group], axis=1).mean() for group in range(3))
    assert min(np.linalg.norm(middles[a] - middles[b]) for a, b in ((0, 1), (0, 2), (1, 2))) > 2 * spread
    again, _ = _Layout(vectors).place(vectors)
    assert np.array_equal(places, again)


def mixed(path: Path, each: int) -> Path:
    rows = [
        {
            "id": f"test:{word}{n}",
            "title": f"{title}, part {n}",
            "abstract": f"{title}. This is part {n}.",
            "year": 2000 + n,
        }
        for word, title in SUBJECTS.items()
        for n in range(each)
    ]
    rows[0]["title"] = HOSTILE
    return write_jsonl(path, rows)


def test_a_library_is_mapped_by_what_it_is_about(library: Library, tmp_path: Path) -> None:
    assert library.topic_map() == TopicMap((), (), 0)
    library.add(mixed(tmp_path / "mixed.jsonl", 12))
    found = library.topic_map()
    assert [one for one, *_ in found.points] == [record.id for record in library.records()]
    assert sum(topic.records for topic in found.topics) == found.fitted == 24
    subjects = [(topic, "seagrass" in one) for one, topic, _, _ in found.points]
    assert all(len({about for topic, about in subjects if topic == at}) == 1 for at in range(len(found.topics)))
    for about in SUBJECTS.values():
        assert any(topic.words and set(topic.words) <= set(about.split()) for topic in found.topics)
    assert library.topic_map() is found
    library.remove("test:honey1")
    assert len(library.topic_map().points) == 23


def test_hits_are_lit_up_and_counted_by_topic() -> None:
    points = tuple((f"test:{n}", n % 2, float(n), float(n % 2)) for n in range(20))
    found = TopicMap((Topic(("even",), 10, 0, 0), Topic(("odd", "numbers"), 10, 1, 1)), points, 20)
    hits = [RecordHit(rank, 1.0, Record(f"test:{n}", title=HOSTILE)) for rank, n in enumerate((1, 3, 2, 99), 1)]
    html = look_html.library_map(found, hits, HOSTILE)
    wide, narrow = parsed(html)
    assert Counter(tips(wide)) == Counter(tips(narrow)) == Counter(f"{n}. {HOSTILE}" for n in (1, 2, 3))
    assert sorted(re.findall(r'class="qa-tip" data-dot="(\d+)"', html)) == ["1", "1", "2", "2", "3", "3"]
    assert re.findall(r'data-hit="(\d+)"', html) == ["1", "2", "3", "4"]  # the last is listed, though it has no dot
    assert f'data-field="title" data-start="0" data-end="{len(HOSTILE)}"' in html
    assert f"Of 3 hits of “{HOSTILE}”, 2 lie in odd, numbers." in str(wide.get("aria-label"))
    assert "odd, numbers102even101" in shown(html)
    assert "<img" not in html
    assert "${" not in html


def test_of_many_records_some_are_drawn_and_every_hit() -> None:
    count = 3 * charts.DRAWN
    points = tuple((f"test:{n}", 0, n % 97 / 97, n % 89 / 89) for n in range(count))
    found = TopicMap((Topic(("one",), count, 0.5, 0.5),), points, 100)
    html = look_html.library_map(found, [RecordHit(1, 1.0, Record("test:1", title="Here"))], "where")
    assert tips(parsed(html)[0]) == ["1. Here"]
    assert html.count("<use ") < 2.2 * charts.DRAWN + 10
    assert "Of 12,000 records some 4,000 are drawn, and every hit. The topics were found from a sample of 100" in shown(
        html
    )


def test_names_stand_by_their_topics_and_on_nothing() -> None:
    dots = np.array([(x / 4, y / 4) for x in range(12, 20) for y in range(8, 12)])
    hits = np.array([(1.0, 3.9), (1.0, 4.0)])
    topics, sizes = [(4.0, 2.5), (4.0, 2.5), (1.0, 4.0), (1.0, 1.0)], [(1.5, 0.2)] * 4
    names = placed(topics, sizes, dots, hits, (9.0, 5.0))
    assert names[3] == (1.0, 1.0)  # nothing is in the way
    assert placed(topics, sizes, dots, hits, (9.0, 5.0)) == names
    for at, (x, y) in enumerate(names):
        for points in (dots, hits):
            assert not ((abs(points[:, 0] - x) < 0.75) & (abs(points[:, 1] - y) < 0.1)).any()
        assert all(abs(x - other) >= 1.5 or abs(y - its) >= 0.2 for other, its in names[:at])
        assert 0.75 <= x <= 8.25


def test_in_a_crowd_a_name_stays_with_its_own() -> None:
    dots = np.array([(x / 20, y / 20) for x in range(180) for y in range(60)])
    ((x, y),) = placed([(4.5, 1.5)], [(1.5, 0.2)], dots, dots[:0], (9.0, 5.0))
    assert abs(y - 1.5) < 0.4
    assert abs(x - 4.5) < 1.0


# -- in a browser ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "scheme"),
    [pytest.param(1280, "light", marks=needs_browser), pytest.param(390, "dark", marks=needs_browser)],
)
def test_a_visit(browser: Browser, library: Library, tmp_path: Path, width: int, scheme: str) -> None:
    library.add(mixed(tmp_path / "mixed.jsonl", 12))
    with served("look", library, tmp_path) as address, opened(browser, address, width=width, scheme=scheme) as page:
        drawing = page.get_by_role("img", name=re.compile("24 records from 2000 to 2011"))
        expect(drawing).to_have_count(1, timeout=30_000)  # the other width's is not displayed
        expect(page.get_by_role("img", name=re.compile("24 records in"))).to_be_visible(timeout=30_000)
        page.get_by_label("Light up what a question finds").fill("Does honey shorten cough?")
        page.keyboard.press("Enter")
        expect(page.locator("#look-hits figcaption")).to_contain_text("nearest records", timeout=60_000)
        expect(page.locator("#look-map figcaption")).to_contain_text("hits of “Does honey shorten cough?”")
        assert page.locator("#look-map .qa-tip").count() > 0
        numbers = page.locator("#look-years details")
        numbers.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(numbers.locator("table")).to_be_visible()
        box = drawing.bounding_box()
        assert box is not None
        assert box["width"] > 0.8 * min(width, 1100)
        ink = page.locator(".qa-topic text").first.evaluate("node => getComputedStyle(node).fill")
        light = sum(map(int, re.findall(r"\d+", ink)[:3])) / 3
        assert (light > 180) == (scheme == "dark")
