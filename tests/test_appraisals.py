"""Appraisals in the library: stored with the records, filtered by, filled in, and marked by a list of retractions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa import Library
from qa.cli import main
from qa.embedding import Embedder
from qa.errors import NotFound, QuestionError, UnknownFormat
from qa.schema import Filters
from tests.conftest import write_jsonl

RECORDS: list[dict[str, Any]] = [
    {"id": "pmid:1", "pmid": "1", "doi": "10.1000/one", "year": 2020, "language": "eng", "journal": "Cough",
     "title": "Honey shortens cough: a randomised trial",
     "abstract": "We randomised 120 children to honey or syrup (NCT01234567). Honey shortened cough by two days.",
     "publication_types": ["Journal Article"]},
    {"id": "pmid:2", "pmid": "2", "doi": "10.1000/two", "year": 2015, "language": "ger",
     "title": "Honey and cough: a cohort study",
     "abstract": "In a cohort of 4,000 adults, honey eaters coughed less. Honey may protect from cough.",
     "publication_types": ["Journal Article", "Retracted Publication"]},
    {"id": "pmid:3", "pmid": "3", "year": 2018, "title": "Honey calms coughing rats",
     "abstract": "Forty male rats were fed honey. Honey calmed their cough."},
    {"id": "pmid:4", "pmid": "4", "doi": "10.1000/notice", "title": "Notice about honey and cough"},
]  # fmt: skip

LIST = (
    "RetractionNature,OriginalPaperDOI,OriginalPaperPubMedID,RetractionDOI,RetractionPubMedID,RetractionDate,Reason\n"
    "Retraction,10.1000/ONE,0,10.1000/notice,0,1/2/2022 0:00,+Data;\n"
    "Retraction,10.1000/elsewhere,0,,0,1/2/2022 0:00,+Data;\n"
    "Expression of concern,,3,,0,1/2/2022 0:00,+Data;\n"
)


@pytest.fixture
def honey(library: Library, tmp_path: Path) -> Library:
    library.add(write_jsonl(tmp_path / "honey.jsonl", RECORDS))
    return library


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "retraction_watch.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


FILTERS = [
    (Filters(designs=("rct",)), "1"),
    (Filters(designs=("randomised trial", "cohort study")), "12"),
    (Filters(designs=("case report",)), ""),
    (Filters(not_retracted=True), "134"),
    (Filters(min_sample_size=100), "12"),
    (Filters(min_sample_size=121), "2"),
    (Filters(languages=("English",)), "1"),
    (Filters(languages=("de", "en")), "12"),
    (Filters(species=("animals",)), "3"),
    (Filters(species=("humans",)), "12"),
    (Filters(registrations=("nct 01234567",)), "1"),
    (Filters(designs=("cohort",), not_retracted=True), ""),
    (Filters(years=(2016, None), species=("animals", "humans")), "13"),
]


@pytest.mark.parametrize(("filters", "expected"), FILTERS, ids=str)
def test_filters_hold_in_every_way_of_asking(honey: Library, filters: Filters, expected: str) -> None:
    ids = {f"pmid:{number}" for number in expected}
    assert {record.id for record in honey.records(filters)} == ids
    assert {hit.record.id for hit in honey.search_records("honey", k=50, filters=filters)} == ids
    assert {hit.record.id for hit in honey.search("honey cough", k=50, filters=filters)} == ids
    answer = honey.ask("Does honey shorten cough?", filters=filters)
    assert {hit.record.id for hit in (*answer.citations, *answer.closest)} <= ids
    if not expected:
        assert str(answer.filters) in answer.reason


def test_a_follow_up_asks_by_design(honey: Library) -> None:
    first = honey.ask("Does honey shorten cough?")
    assert first.turn is not None
    second = honey.ask("Which of these were randomised?", turns=[first.turn])
    assert {hit.record.id for hit in second.citations} == {"pmid:1"}


def test_an_unknown_design_is_said(honey: Library) -> None:
    for ask in (honey.ask, honey.search, honey.search_records):
        with pytest.raises(QuestionError, match="no study design 'astrology'"):
            ask("honey", filters=Filters(designs=("astrology",)))
    with pytest.raises(QuestionError, match="astrology"):
        honey.records(Filters(designs=("astrology",)))


def test_hits_and_answers_carry_what_was_found(honey: Library) -> None:
    hits = {hit.record.id: hit for hit in honey.search("honey cough", k=50)}
    assert hits["pmid:1"].appraisal.summary == "randomised trial · n = 120"
    assert hits["pmid:2"].source.startswith("RETRACTED · 2015 · cohort study · n = 4,000")
    assert honey.appraisal("pmid:1") == hits["pmid:1"].appraisal
    assert honey.search_records("honey")[0].appraisal
    answer = honey.ask("Do honey eaters cough less?")
    assert any(hit.record.id == "pmid:2" for hit in (*answer.citations, *answer.closest))
    if answer.citations:
        assert all(hit.source in answer.text for hit in answer.citations)
    with pytest.raises(NotFound):
        honey.appraisal("pmid:99")


def test_a_changed_record_is_appraised_anew_and_a_removed_one_forgotten(honey: Library, tmp_path: Path) -> None:
    changed = dict(RECORDS[0], title="Honey and cough: a case report", abstract="Honey was eaten.")
    honey.add(write_jsonl(tmp_path / "honey.jsonl", [changed, *RECORDS[1:]]))
    assert honey.appraisal("pmid:1").design == "case report"
    assert honey.records(Filters(designs=("rct",))) == []
    honey.remove("pmid:2")
    assert honey.records(Filters(designs=("cohort",))) == []
    connection = sqlite3.connect(honey.folder / "library.sqlite")
    assert connection.execute("SELECT count(*) FROM findings WHERE name = 'cohort study'").fetchone() == (0,)
    connection.close()


# -- libraries made before -------------------------------------------------------------------------------------------


def forget(folder: Path) -> None:
    """Make the library one of a version that knew no appraisals."""
    connection = sqlite3.connect(folder / "library.sqlite")
    for table in ("appraisals", "findings", "retractions"):
        connection.execute(f"DROP TABLE {table}")
    connection.commit()
    connection.close()


def outdate(folder: Path) -> None:
    """Make the library one whose appraisals other rules made."""
    connection = sqlite3.connect(folder / "library.sqlite")
    connection.execute("UPDATE appraisals SET version = '0', json = '{}'")
    connection.execute("DELETE FROM findings")
    connection.commit()
    connection.close()


def reopened(library: Library, embedder: Embedder) -> Library:
    library.close()
    again = Library.open(library.folder)
    again._embedder = embedder
    return again


@pytest.mark.parametrize("change", [forget, outdate])
def test_an_older_library_is_filled_in_when_first_asked(
    honey: Library, embedder: Embedder, change: Callable[[Path], None]
) -> None:
    honey.close()
    change(honey.folder)
    again = reopened(honey, embedder)
    assert [record.id for record in again.records(Filters(designs=("rct",)))] == ["pmid:1"]
    again.close()
    connection = sqlite3.connect(honey.folder / "library.sqlite")
    assert connection.execute("SELECT count(*) FROM appraisals WHERE json LIKE '%name%'").fetchone() == (3,)
    connection.close()


@pytest.mark.parametrize("change", [forget, outdate, lambda _: None])
def test_a_library_that_cannot_be_written_is_filled_in_for_now(
    honey: Library, embedder: Embedder, change: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.storage.sqlite_file.os.access", lambda *_: False)  # as for all but the superuser
    honey.close()
    connection = sqlite3.connect(honey.folder / "library.sqlite")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    change(honey.folder)
    connection = sqlite3.connect(honey.folder / "library.sqlite")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    before = (honey.folder / "library.sqlite").read_bytes()
    honey.folder.chmod(0o555)
    try:
        again = reopened(honey, embedder)
        assert [record.id for record in again.records(Filters(designs=("rct",)))] == ["pmid:1"]
        assert again.appraisal("pmid:2").is_retracted
        again.close()
        assert again.appraisal("pmid:2").is_retracted  # what was made for now is made again
        again.close()
    finally:
        honey.folder.chmod(0o755)
    assert (honey.folder / "library.sqlite").read_bytes() == before


# -- a list of retractions -------------------------------------------------------------------------------------------


def test_a_list_marks_papers_and_notices(honey: Library, listed: Path, tmp_path: Path) -> None:
    marked = honey.mark_retractions(listed)
    assert (marked.read, marked.skipped) == (3, ())
    assert {status: ids for status, ids in marked.records.items() if ids} == {
        "retracted": ("pmid:1",),
        "expression of concern": ("pmid:3",),
        "retraction notice": ("pmid:4",),
    }
    assert "1 RETRACTED" in str(marked)
    assert honey.appraisal("pmid:1").badges == ("RETRACTED",)
    assert honey.appraisal("pmid:1").status[0].evidence.text == "retraction, 2022-01-02, Data, 10.1000/notice"
    assert honey.appraisal("pmid:4").badges == ("retraction notice",)
    assert {record.id for record in honey.records(Filters(not_retracted=True))} == {"pmid:3", "pmid:4"}
    # what is added later is marked as well
    later = {"id": "doi:10.1000/elsewhere", "doi": "10.1000/elsewhere", "title": "Honey elsewhere"}
    honey.add(write_jsonl(tmp_path / "later.jsonl", [later]))
    assert honey.appraisal("doi:10.1000/elsewhere").is_retracted


def test_a_new_list_replaces_the_old_one_and_not_what_records_say(honey: Library, listed: Path) -> None:
    honey.mark_retractions(listed)
    listed.write_text(LIST.split("\n")[0] + "\nRetraction,10.1000/nothing,0,,0,,\n", encoding="utf-8")
    honey.mark_retractions(listed)
    assert not honey.appraisal("pmid:1").is_retracted
    assert honey.appraisal("pmid:2").is_retracted


def test_another_file_changes_nothing(honey: Library, listed: Path, tmp_path: Path) -> None:
    honey.mark_retractions(listed)
    listed.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UnknownFormat):
        honey.mark_retractions(listed)
    assert honey.appraisal("pmid:1").is_retracted
    with pytest.raises(NotFound, match="qa add"):
        Library.open(tmp_path / "nowhere").mark_retractions(listed)


def test_the_list_outlives_a_change_of_rules(honey: Library, listed: Path, embedder: Embedder) -> None:
    honey.mark_retractions(listed)
    honey.close()
    outdate(honey.folder)
    assert reopened(honey, embedder).appraisal("pmid:1").is_retracted


# -- the command line ------------------------------------------------------------------------------------------------


def run(honey: Library, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["--library", str(honey.folder), *arguments]) == 0
    return capsys.readouterr().out


def ids(output: str) -> set[str]:
    return {item["record"]["id"] for item in json.loads(output)}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--year", "2018-"], {"pmid:1", "pmid:3"}),
        (["--year", "-2018"], {"pmid:2", "pmid:3"}),
        (["--year", "2016–2019"], {"pmid:3"}),
        (["--year", "2015"], {"pmid:2"}),
        (["--journal", "cough"], {"pmid:1"}),
        (["--type", "retracted publication"], {"pmid:2"}),
        (["--design", "RCT", "--design", "cohort"], {"pmid:1", "pmid:2"}),
        (["--not-retracted", "--year", "2010-"], {"pmid:1", "pmid:3"}),
        (["--min-sample", "1,000"], {"pmid:2"}),
        (["--species", "animals"], {"pmid:3"}),
        (["--language", "en"], {"pmid:1"}),
        (["--registration", "NCT01234567"], {"pmid:1"}),
        (["--record", "pmid:1", "--record", "pmid:3"], {"pmid:1", "pmid:3"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_limits_as_options(
    honey: Library, capsys: pytest.CaptureFixture[str], options: list[str], expected: set[str]
) -> None:
    assert ids(run(honey, capsys, "search", "honey cough", "-k", "50", "--json", *options)) == expected
    assert ids(run(honey, capsys, "search", "honey cough", "--records", "--json", *options)) == expected
    asked = json.loads(run(honey, capsys, "ask", "Does honey shorten cough?", "--json", *options))
    assert {citation["record"]["id"] for citation in asked["citations"]} <= expected
    assert {record["id"] for record in json.loads(run(honey, capsys, "list", "--json", *options))} == expected


def test_roles_limit_sentences(honey: Library, capsys: pytest.CaptureFixture[str]) -> None:
    every = run(honey, capsys, "search", "honey", "-k", "50")
    some = run(honey, capsys, "search", "honey", "-k", "50", "--role", "methods")
    assert 0 < some.count("\n") < every.count("\n")


@pytest.mark.parametrize(
    "options",
    [["--year", "soon"], ["--year", "2020-2010"], ["--year", "-"], ["--role", "hero"], ["--min-sample", "many"],
     ["--species", "plants"]],
)  # fmt: skip
def test_wrong_limits_are_wrong_usage(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["ask", "honey", *options])
    assert caught.value.code == 2
    assert options[0] in capsys.readouterr().err


def test_an_unknown_design_is_one_line(honey: Library, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--library", str(honey.folder), "ask", "honey", "--design", "astrology"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("qa: There is no study design 'astrology'. Known are: ")
    assert error.count("\n") == 1


@pytest.mark.parametrize("command", ["ask", "search", "list"])
def test_help_names_the_limits(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    shown = capsys.readouterr().out
    for option in ("--year", "--journal", "--design", "--type", "--not-retracted", "--min-sample", "--record "):
        assert option in shown
    assert ("--role" in shown) == (command != "list")
    assert "randomised trial" in shown


def test_badges_design_and_size_are_shown(honey: Library, listed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "RETRACTED · 2015 · cohort study · n = 4,000" in run(honey, capsys, "search", "honey eaters", "-k", "50")
    assert "RETRACTED · 2015 · cohort study" in run(honey, capsys, "search", "honey eaters", "--records")
    assert "pmid:2\t2015\tHoney and cough: a cohort study\tRETRACTED · cohort study · n = 4,000\n" in run(
        honey, capsys, "list"
    )
    shown = run(honey, capsys, "show", "pmid:2")
    for words in ("RETRACTED", "publication types: “Retracted Publication”", "n = 4,000", "title: “cohort study”"):
        assert words in shown
    assert json.loads(run(honey, capsys, "show", "pmid:1", "--json"))["appraisal"]["sample"]["size"] == 120
    assert "1 RETRACTED" in run(honey, capsys, "retractions", str(listed))
    assert json.loads(run(honey, capsys, "retractions", str(listed), "--json"))["records"]["retracted"] == ["pmid:1"]
