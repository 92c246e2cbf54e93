"""The Library tab: its pure parts, and a visit in a real browser."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from qa import Library
from qa.errors import Cancelled, LibraryError
from qa.schema import Appraisal, Filters, Listing, Progress, Record, Report, Skip
from qa.ui import shelf_html
from qa.ui.adding import Adding, Step, fetch_command, identifiers
from qa.ui.libraries import Libraries, memory_in_use
from tests.conftest import RECORDS, write_jsonl
from tests.ui.viewing import HOSTILE, needs_browser, opened, served


def shown(html: str) -> str:
    """What a reader sees of HTML made with ``render.text``."""
    return re.sub(r"&#(\d+);", lambda match: chr(int(match[1])), re.sub(r"<[^>]*>", "", html))


# -- removal and undo -----------------------------------------------------------------------------------------------


def test_what_is_taken_out_is_put_back_as_it_was(library: Library, tmp_path: Path) -> None:
    library.add(write_jsonl(tmp_path / "records.jsonl", RECORDS))
    other = {**RECORDS[1], "id": "pmid:900001", "abstract": RECORDS[1]["abstract"], "keywords": ["honey"]}
    library.add(write_jsonl(tmp_path / "again.jsonl", [other]))
    before = {record.id: record for record in library.records()}
    appraisals, duplicates = library.appraisals(), library.duplicates()
    best = library.search("Does honey help against cough?")[0].sentence
    removed = library.take_out("pmid:900001", "pmid:900004")
    assert len(removed) == 2
    assert len(library) == len(before) - 2
    assert library.put_back(removed) == 2
    assert {record.id: record for record in library.records()} == before
    assert library.appraisals() == appraisals
    assert library.duplicates() == duplicates
    assert library.search("Does honey help against cough?")[0].sentence == best
    assert library.add(tmp_path / "records.jsonl").files[0].state == "known"  # the file is whole again


def test_what_has_come_back_meanwhile_stays_as_it_is(library: Library, tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "records.jsonl", RECORDS)
    library.add(path)
    removed = library.take_out("pmid:900002", "pmid:900003")
    library.add(write_jsonl(tmp_path / "one.jsonl", [{**RECORDS[2], "year": 2017}]))
    assert library.put_back(removed) == 1
    assert library.get("pmid:900002").year == 2017
    assert library.get("pmid:900003").title == RECORDS[3]["title"]


# -- lists ----------------------------------------------------------------------------------------------------------


def test_listing_searches_sorts_and_filters(filled: Library) -> None:
    def ids(**asked: object) -> list[str]:
        return [record.id for record in filled.listing(**asked).records]  # type: ignore[arg-type]

    everything = [record.id for record in filled.records()]
    assert ids() == everything
    assert ids(descending=True) == everything[::-1]
    assert ids(words="MOREAU ecology") == ["doi:10.1000/beetle"]
    assert ids(words="moreau honey") == []
    assert ids(words="2016") == ["pmid:900002"]
    assert ids(words="100%_") == []
    by_year = [filled.get(one).year for one in ids(sort="year", descending=True)]
    assert by_year == [2020, 2018, 2016, 1999, None]
    assert [filled.get(one).year for one in ids(sort="year")] == [1999, 2016, 2018, 2020, None]
    assert ids(sort="title") == sorted(everything, key=lambda one: filled.get(one).title.casefold())
    assert ids(filters=Filters(designs=("randomised trial",))) == ["pmid:900001"]
    part = filled.listing(start=1, count=2)
    assert (part.total, [record.id for record in part.records]) == (5, everything[1:3])
    assert filled.listing(words="honey").appraisals["pmid:900001"].design == "randomised trial"
    assert Library.open(filled.folder.parent / "none").listing() == Listing(0, (), {})


def test_holdings_count_every_record_once(filled: Library) -> None:
    held = filled.holdings()
    assert sum(one.records for one in held) == len(filled)
    assert ("randomised trial", "Journal of Home Remedies", 2020, 1) in [
        (one.design, one.journal, one.year, one.records) for one in held
    ]
    assert sum(one.records for one in filled.holdings(Filters(years=(2017, None)))) == 2


# -- adding ---------------------------------------------------------------------------------------------------------


def many(path: Path, count: int) -> Path:
    rows = [{"id": f"test:{n}", "title": f"Quokka {n}", "abstract": f"Quokka number {n} sleeps."} for n in range(count)]
    return write_jsonl(path, rows)


def test_a_cancelled_add_leaves_the_library_whole_and_goes_on_later(library: Library, tmp_path: Path) -> None:
    path = many(tmp_path / "many.jsonl", 700)

    def stop(step: Progress) -> None:
        if step.total and step.done > 300:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        library.add(path, progress=stop)
    held = len(library)
    assert 0 < held < 700
    (page,) = library.ledger()[-1].files
    assert (page.state, page.entries) == ("unfinished", held)
    assert library.search("Does quokka number 17 sleep?")
    report = library.add(path)
    assert (report.added, report.unchanged) == (700 - held, held)
    assert len(library) == 700


def test_adding_tells_of_each_file_and_can_be_stopped(library: Library, tmp_path: Path) -> None:
    files = [many(tmp_path / "many.jsonl", 700), many(tmp_path / "later.jsonl", 3)]
    adding = Adding(library, files)
    tell = adding._tell

    def stopping(number: int, step: Progress) -> None:
        if step.total and step.done > 300:
            adding.cancel()
        tell(number, step)

    adding._tell = stopping  # type: ignore[method-assign]
    adding.start()
    adding.join()
    first, second = adding.steps
    assert (first.state, second.state) == ("stopped", "stopped")
    assert f"{len(library):,} of 700 entries are in the library" in first.problem
    assert not any(file.exists() for file in files)


def test_adding_accounts_for_files_that_cannot_be_read(library: Library, tmp_path: Path) -> None:
    bad, good = tmp_path / "noise.bin", many(tmp_path / "good.jsonl", 2)
    bad.write_bytes(bytes(range(256)) * 40)
    adding = Adding(library, [bad, good])
    adding.start()
    adding.join()
    assert [step.state for step in adding.steps] == ["failed", "done"]
    html = shown(shelf_html.steps(adding.steps))
    assert "3 entries = 2 taken in + 1 skipped" in html
    assert "noise.bin" in html


def test_more_files_go_behind_those_that_are_being_added(library: Library, tmp_path: Path) -> None:
    first, second, third = (many(tmp_path / f"{name}.jsonl", 3) for name in ("first", "second", "third"))
    adding = Adding(library, [first])
    assert adding.more(library, [second])
    with Library.open(tmp_path / "other") as other:
        assert not adding.more(other, [third])
    adding.start()
    adding.join()
    assert [(step.name, step.state) for step in adding.steps] == [("first.jsonl", "done"), ("second.jsonl", "done")]
    assert not adding.more(library, [third])
    assert [first.exists(), second.exists(), third.exists()] == [False, False, True]


@pytest.mark.parametrize(
    ("pasted", "ids"),
    [
        ("26230506", ["26230506"]),
        ("PMID: 26230506\nhttps://doi.org/10.1097/BOR.0000000000000220\n",
         ["26230506", "10.1097/BOR.0000000000000220"]),
        ("26230506, 11111111;26230506", ["26230506", "11111111"]),
        ("doi:10.1000/a(b);c", ["10.1000/a(b);c"]),
        ("Seagrass buries carbon in the sea floor.", []),
        ("26230506 is the paper that I mean", []),
        ("", []),
    ],
)  # fmt: skip
def test_identifiers_are_told_from_text(pasted: str, ids: list[str]) -> None:
    assert identifiers(pasted) == ids


def test_the_command_to_fetch_is_safe_to_paste() -> None:
    command = fetch_command(["10.1000/a;rm$(x)"], Path("/my library"))
    assert command == "qa fetch --library '/my library' '10.1000/a;rm$(x)'"


# -- libraries ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "  ", "..", ".", "../x", "a/b", "a\\b", ".hidden", "x.", "CON", "a" * 65, "a\nb"])
def test_a_name_that_is_none_makes_no_library(tmp_path: Path, name: str) -> None:
    libraries = Libraries(Library.open(tmp_path / "library"))
    with pytest.raises(LibraryError, match=r"cannot be called"):
        libraries.create(name)
    assert list(tmp_path.iterdir()) == []


def test_libraries_beside_the_first_can_be_chosen_and_no_others(filled: Library, tmp_path: Path) -> None:
    libraries = Libraries(filled)
    (filled.folder.parent / "notes").mkdir(exist_ok=True)
    assert libraries.names() == ["library"]
    assert libraries.create("Second one") == "Second one"
    assert libraries.names() == ["library", "Second one"]
    assert len(libraries.get("Second one")) == 0
    assert libraries.get("library") is filled
    for taken in ("LIBRARY", "second one", "notes"):
        with pytest.raises(LibraryError, match="already"):
            libraries.create(taken)
    for other in ("notes", "../x", str(tmp_path)):
        with pytest.raises(LibraryError, match="no library"):
            libraries.get(other)


def test_memory_is_a_plausible_number() -> None:
    memory = memory_in_use()
    assert memory is None or 10_000_000 < memory < 1_000_000_000_000


# -- HTML -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3, "a few seconds left"), (31, "about 30 seconds left"), (62, "about 1 minute left"),
     (600, "about 10 minutes left"), (7300, "about 2 hours left")],
)  # fmt: skip
def test_time_left_in_words(seconds: float, words: str) -> None:
    assert shelf_html.left(seconds) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (28_234_361, "28 MB"), (999_700_000, "1.0 GB"),
     (3_400_000_000_000, "3,400 GB")],
)  # fmt: skip
def test_sizes_in_words(count: int, words: str) -> None:
    assert shelf_html.size(count) == words


def test_hostile_text_is_shown_as_text() -> None:
    record = Record(HOSTILE, title=HOSTILE, abstract=HOSTILE, journal=HOSTILE, authors=(HOSTILE,), source=HOSTILE)
    listing = Listing(1, (record,), {HOSTILE: Appraisal()})
    html = shelf_html.table(listing, sort="title", descending=False, start=0, chosen={HOSTILE}, words="")
    skips = Report(skipped=(Skip(HOSTILE, 3, HOSTILE),))
    html += shelf_html.steps([Step(HOSTILE, "failed", report=skips), Step(HOSTILE, "stopped", problem=HOSTILE)])
    html += shelf_html.fetch_hint(1, HOSTILE)
    assert "<img" not in html
    assert "</script" not in html
    assert "${" not in html
    assert "{{" not in html
    assert shown(html).count(HOSTILE) >= 8


# -- in a browser ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("_", [pytest.param(0, marks=needs_browser)], ids=[""])
def test_a_visit(browser: Browser, library: Library, tmp_path: Path, _: int) -> None:
    nasty = {"id": "test:nasty", "title": HOSTILE, "abstract": f"Zymurgase {HOSTILE}.", "journal": HOSTILE}
    file = write_jsonl(tmp_path / "mine.jsonl", [*RECORDS, nasty])
    rows = "td.qa-pick input"
    with served("shelf", library, tmp_path) as address, opened(browser, address) as page:
        expect(page.locator("#shelf-summary")).to_contain_text("empty", timeout=30_000)
        page.locator("#shelf-drop input[type=file]").set_input_files([file])
        expect(page.locator("#shelf-ledger")).to_contain_text("6 entries = 6 taken in + 0 skipped", timeout=60_000)
        expect(page.locator(rows)).to_have_count(6)
        expect(page.locator("#shelf-summary")).to_contain_text("6 records")
        expect(page.locator("#shelf-table summary", has_text="Seagrass")).to_be_visible()
        assert HOSTILE in page.locator("#shelf-table summary").all_text_contents()

        page.get_by_label("Search").fill("honey")
        expect(page.locator(rows)).to_have_count(1)
        page.get_by_label("Search").fill("")
        expect(page.locator(rows)).to_have_count(6)

        year = page.get_by_role("button", name="Year")
        year.focus()
        page.keyboard.press("Enter")
        expect(page.locator("th.qa-col-year")).to_have_attribute("aria-sort", "descending")
        assert page.locator("td.qa-col-year").first.text_content() == "2020"

        page.locator(rows).nth(0).check()
        expect(page.get_by_role("button", name="Remove 1 record")).to_be_visible()
        page.locator(rows).nth(1).check()
        page.get_by_role("button", name="Remove 2 records").click()
        expect(page.locator(rows)).to_have_count(4)
        expect(page.locator("#shelf-said")).to_contain_text("2 records removed")
        page.get_by_role("button", name="Undo").click()
        expect(page.locator(rows)).to_have_count(6)
        expect(page.locator(rows).nth(0)).not_to_be_checked()

        page.get_by_label("Or paste here").fill("26230506\n10.1097/BOR.0000000000000220")
        page.get_by_role("button", name="Add the text").click()
        expect(page.locator(".qa-command")).to_contain_text("qa fetch --library")
        ris = "TY  - JOUR\nTI  - Pasted wombats dig\nAB  - Wombats dig at night.\nER  - \n"
        page.get_by_label("Or paste here").fill(ris)
        page.get_by_role("button", name="Add the text").click()
        expect(page.locator(rows)).to_have_count(7, timeout=20_000)

        page.get_by_role("button", name="New library").click()
        page.get_by_label("Name of the new library").fill("../elsewhere")
        page.get_by_role("button", name="Create").click()
        expect(page.locator("#shelf-created")).to_contain_text("cannot be called")
        page.get_by_label("Name of the new library").fill("Second")
        page.get_by_role("button", name="Create").click()
        expect(page.locator("#shelf-summary")).to_contain_text("empty")
    assert json.loads(json.dumps([record.title for record in library.records()])).count(HOSTILE) == 1


@pytest.mark.parametrize("_", [pytest.param(0, marks=needs_browser)], ids=[""])
def test_a_huge_upload_is_cancelled(browser: Browser, library: Library, tmp_path: Path, _: int) -> None:
    file = many(tmp_path / "huge.jsonl", 40_000)
    with served("shelf", library, tmp_path) as address, opened(browser, address, width=390) as page:
        page.locator("#shelf-drop input[type=file]").set_input_files([file])
        expect(page.locator("#shelf-ledger")).to_contain_text(re.compile(r"Reading.*of 40,000"), timeout=60_000)
        page.get_by_role("button", name="Cancel").click()
        expect(page.locator("#shelf-ledger")).to_contain_text("Stopped:", timeout=120_000)
        expect(page.get_by_role("button", name="Cancel")).to_be_hidden()
    assert len(library) < 40_000
    assert sum(one.entries for run in library.ledger() for one in run.files) == len(library)
