"""The same article, written in ten formats, is the same record, but for what a format cannot say."""

import pytest

from qa.schema import Record
from tests.reading.samples import DATA, bodies, records, skips

FILES = (
    "sample.bib",
    "sample.ciw",
    "sample.enw",
    "sample.ovid.txt",
    "sample.endnote.xml",
    "sample.nxml",
    "sample.json",
    "sample.csv",
    "sample.xlsx",
)
SECTIONS = [
    ("BACKGROUND", "Kelp slows waves."),
    ("METHODS", "We measured 12 bays at 5 °C; 50% were kept free of kelp."),
    ("RESULTS", "Bays with kelp were calmer (p < 0.05)."),
    ("CONCLUSIONS", "Kelp calms the water & the swimmers."),
]


@pytest.fixture(params=FILES)
def two(request: pytest.FixtureRequest) -> list[Record]:
    return records(DATA / request.param)


def test_the_article(two: list[Record]) -> None:
    kelp = two[0]
    assert kelp.title.rstrip(".") == "Kelp and calm water: a survey of 12 bays"
    assert bodies(kelp) == SECTIONS
    assert kelp.authors == ("Tång, Märta", "de Vries, Jan", "Bay Watch Group")
    assert (kelp.journal, kelp.year, kelp.volume, kelp.issue, kelp.pages) == (
        "Journal of Calm Water",
        2022,
        "14",
        "3",
        "201-209",
    )
    assert kelp.doi == "10.1234/kelp_2022.7"
    assert kelp.pmid in ("90000041", "")
    assert kelp.keywords == ("kelp", "waves")


def test_the_title_without_an_abstract(two: list[Record]) -> None:
    note = two[1]
    assert (note.title, note.abstract, note.year) == ("A note on driftwood", "", 2019)
    assert note.authors in (("Holz, A.",), ("Holz, A",))


def test_where_nothing_is_named_is_told() -> None:
    """The line on which the entry without a title begins, where the format has lines."""
    lines = {name: skips(DATA / name)[0].line for name in FILES}
    assert lines == {
        "sample.bib": 24,
        "sample.ciw": 35,
        "sample.enw": 22,
        "sample.ovid.txt": 30,
        "sample.endnote.xml": 14,
        "sample.nxml": 29,
        "sample.json": 52,
        "sample.csv": 9,
        "sample.xlsx": 5,
    }


def test_a_broken_entry_costs_no_other() -> None:
    *_, unclosed, last = records(DATA / "sample.bib")
    assert unclosed.title.startswith("An entry that is never closed")
    assert (last.title, last.year) == ("The last one is read all the same", 2003)


def test_software() -> None:
    tools, note = records(DATA / "sample.cff")
    assert (tools.title, tools.year, tools.doi) == ("kelptools: waves and bays in Python", 2022, "10.1234/kelptools")
    assert tools.abstract == "A library that counts kelp. It is small."
    assert tools.authors == ("Tång, Märta", "Bay Watch Group")
    assert (note.title, note.authors) == ("A note on driftwood", ("van Holz, A.",))
