"""Adding and keeping in step: every entry accounted for, the same work once, nothing remembered that failed."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa import Library
from qa.cli import main
from qa.errors import LibraryError, NotFound, ReadingError
from qa.schema import Progress, Report
from tests.conftest import RECORDS, write_jsonl

BEETLES, HONEY, SEAGRASS, SLEEP, TICKETS = RECORDS

#: The beetles as another database would print them: its own number, fewer words, keywords.
BEETLES_AGAIN: dict[str, Any] = {
    **{name: BEETLES[name] for name in ("title", "authors", "year", "doi")},
    "id": "pmid:900010",
    "pmid": "900010",
    "keywords": ["light", "beetles"],
}


def save(path: Path, *records: Mapping[str, object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_jsonl(path, records)


def balanced(report: Report) -> bool:
    """Entries = what became of them, for the run and for each of its files."""
    whole = report.read == sum(file.entries for file in report.files)
    return whole and all(
        file.entries == file.added + file.updated + file.unchanged + file.merged + file.removed + file.skipped
        for file in report.files
    )


def ids(library: Library) -> list[str]:
    return sorted(record.id for record in library.records())


# -- the same work twice -----------------------------------------------------------------------------------------


def test_the_same_work_in_two_exports_is_one_record(library: Library, tmp_path: Path) -> None:
    assert library.add(save(tmp_path / "scopus.jsonl", BEETLES)).added == 1
    report = library.add(save(tmp_path / "pubmed.jsonl", BEETLES_AGAIN, HONEY))
    assert (report.merged, report.added) == (1, 1)
    assert balanced(report)
    one = library.get("pmid:900010")
    assert (one.doi, one.abstract, one.journal) == ("10.1000/beetle", BEETLES["abstract"], BEETLES["journal"])
    assert one.keywords == ("light", "beetles")
    assert one.sources == ("pubmed.jsonl", "scopus.jsonl")
    assert library.get("doi:10.1000/beetle") == one  # by the name it had before
    assert len(library) == 2
    assert library.ask("Are there fewer beetles in lit parks?").citations[0].record.id == "pmid:900010"


def test_what_was_merged_is_shown_and_undone_and_redone(library: Library, tmp_path: Path) -> None:
    library.add(save(tmp_path / "a.jsonl", BEETLES), save(tmp_path / "b.jsonl", BEETLES_AGAIN))
    (found,) = library.duplicates()
    assert [variant.source for variant in found.variants] == ["a.jsonl", "b.jsonl"]
    assert found.reasons == ((0, 1, "the same DOI"),)
    parts = library.split(found.record.id)
    assert {part.id for part in parts} == {"doi:10.1000/beetle", "pmid:900010"}
    assert library.duplicates() == []
    assert [pair.reason for pair in library.near_duplicates()] == ["they were set apart by hand"]
    library.add(tmp_path / "b.jsonl")
    assert len(library) == 2  # a decision stays
    (one,) = library.join(*(part.id for part in parts))
    assert one == found.record
    library.add(save(tmp_path / "c.jsonl", HONEY))
    with pytest.raises(NotFound, match="is not made of several entries"):
        library.split(HONEY["id"])


def test_a_person_outweighs_what_speaks_against_it(library: Library, tmp_path: Path) -> None:
    other = {**BEETLES, "id": "doi:10.1000/other", "doi": "10.1000/other"}
    library.add(save(tmp_path / "a.jsonl", BEETLES), save(tmp_path / "b.jsonl", other))
    (near,) = library.near_duplicates()
    assert (near.reason, near.settled) == ("their DOIs differ", False)
    (one,) = library.join(near.one.id, near.other.id)
    assert set(one.sources) == {"a.jsonl", "b.jsonl"}
    (found,) = library.duplicates()
    assert found.reasons == ((0, 1, "a person said so"),)
    library.add(save(tmp_path / "c.jsonl", {**BEETLES, "keywords": ["light"]}))
    assert len(library) == 1  # by the DOI of one of the two
    assert {part.doi for part in library.split(one.id)} == {BEETLES["doi"], "10.1000/other"}
    (settled,) = {pair.reason for pair in library.near_duplicates() if pair.settled}
    assert settled == "they were set apart by hand"


def test_pairs_that_are_two_works_are_noted_for_good(library: Library, tmp_path: Path) -> None:
    other = {**BEETLES, "id": "doi:10.1000/other", "doi": "10.1000/other"}
    library.add(save(tmp_path / "a.jsonl", BEETLES, other), save(tmp_path / "b.jsonl", BEETLES_AGAIN))
    before = ids(library)
    pairs = [(pair.one.id, pair.other.id) for pair in library.near_duplicates()]
    assert library.keep_apart(*pairs) == len(pairs) == 1
    assert ids(library) == before  # also the one that is made of two entries
    assert [pair.settled for pair in library.near_duplicates()] == [True]
    library.add(save(tmp_path / "a.jsonl", {**BEETLES, "year": 2020}, other))
    assert [pair.settled for pair in library.near_duplicates()] == [True]
    with pytest.raises(NotFound):
        library.keep_apart((pairs[0][0], "doi:10.1000/none"))


def test_keep_both(library: Library, tmp_path: Path) -> None:
    library.add(save(tmp_path / "a.jsonl", BEETLES))
    assert library.add(save(tmp_path / "b.jsonl", BEETLES_AGAIN), keep_both=True).added == 1
    assert ids(library) == ["doi:10.1000/beetle", "pmid:900010"]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations([(BEETLES,), (BEETLES_AGAIN, HONEY), (HONEY, SEAGRASS), (SEAGRASS, BEETLES)]))
def test_the_order_of_adding_makes_no_difference(
    tmp_path_factory: pytest.TempPathFactory, order: Sequence[Sequence[Mapping[str, object]]]
) -> None:
    folder = tmp_path_factory.mktemp("order")
    with Library.open(folder / "library") as library:
        for records in order:
            library.add(save(folder / f"{len(records)}{records[0]['id']}.jsonl".replace("/", "_"), *records))
        assert ids(library) == ["pmid:900001", "pmid:900002", "pmid:900010"]
        assert library.get("pmid:900010").keywords == ("light", "beetles")
        assert library.get("pmid:900010").abstract == BEETLES["abstract"]


# -- the ledger --------------------------------------------------------------------------------------------------


def test_the_ledger_is_kept_with_the_library(library: Library, tmp_path: Path) -> None:
    good = save(tmp_path / "good.jsonl", BEETLES, HONEY)
    with good.open("a", encoding="utf-8") as file:
        file.write("this is no record\n")
    broken = tmp_path / "song.mp3"
    broken.write_bytes(bytes(range(32)) * 9)
    report = library.add(good, broken)
    assert balanced(report)
    assert report.failed == (str(broken),)
    (run,) = library.ledger()
    assert (run.command, run.files) == ("add", report.files)
    assert sorted(run.skips, key=lambda skip: skip.line) == sorted(report.skipped, key=lambda skip: skip.line)
    fine, bad = run.files
    assert (fine.state, fine.entries, fine.added, fine.skipped, fine.format) == ("read", 3, 2, 1, "JSON Lines")
    assert len(fine.sha256) == 64
    assert (bad.state, bad.skipped) == ("failed", 1)
    assert sorted(skip.line for skip in run.skips) == [0, 3]
    with pytest.raises(NotFound, match="no run 9"):
        library.ledger(9)


def test_known_bytes_are_not_read_again_and_keep_their_account(library: Library, tmp_path: Path) -> None:
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("a.jsonl", json.dumps(BEETLES) + "\nnothing\n")
        packed.writestr("song.mp3", bytes(range(32)) * 9)
    first = library.add(archive)
    assert [Path(skip.path).name for skip in first.skipped] == ["a.jsonl", "song.mp3"]
    again = library.add(archive)
    assert again.files[0].state == "known"
    assert (again.unchanged, again.skipped, balanced(again)) == (1, first.skipped, True)


def test_what_failed_is_not_remembered_as_done(library: Library, tmp_path: Path) -> None:
    path = save(tmp_path / "a.jsonl", BEETLES, HONEY)
    whole = path.read_bytes()
    path.write_bytes(b"\x00\x01" * 40)
    with pytest.raises(ReadingError):
        library.add(path)
    path.write_bytes(whole)
    assert library.add(path).added == 2


def test_an_interrupted_add_goes_on_where_it_was(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.intake.batches.BATCH", 2)
    path = save(tmp_path / "a.jsonl", *RECORDS)

    def interrupt(step: Progress) -> None:
        if step.done >= 3 and step.stage == "Reading":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.add(path, progress=interrupt)
    assert 0 < len(library) < len(RECORDS)
    assert library.ledger()[0].files[0].state == "unfinished"
    report = library.add(path)
    assert report.added + report.unchanged == len(RECORDS)
    assert report.added > 0
    assert len(library) == len(RECORDS)


def test_a_copy_is_known_by_its_name(library: Library, tmp_path: Path) -> None:
    first, second = (
        save(tmp_path / "1" / "a.jsonl", BEETLES),
        save(tmp_path / "2" / "a.jsonl", {**BEETLES, "year": 2017}),
    )
    library.add(first, copies=[first])
    assert library.add(second, copies=[second]).updated == 1
    assert library.get("doi:10.1000/beetle").year == 2017
    assert library.get("doi:10.1000/beetle").sources == ()


# -- dry runs ----------------------------------------------------------------------------------------------------


def test_a_dry_run_says_the_same_and_keeps_nothing(library: Library, tmp_path: Path) -> None:
    a, b = save(tmp_path / "a.jsonl", BEETLES), save(tmp_path / "b.jsonl", BEETLES_AGAIN, HONEY)
    rehearsed = library.add(a, b, dry_run=True)
    assert not library.folder.exists()
    report = library.add(a)
    second = library.add(b, dry_run=True)
    assert (len(library), len(library.ledger())) == (1, 1)
    real = library.add(b)
    assert (second.merged, second.added) == (real.merged, real.added) == (1, 1)
    assert (rehearsed.added, rehearsed.merged) == (report.added + real.added, real.merged)


# -- sync --------------------------------------------------------------------------------------------------------


def test_a_library_is_kept_in_step_with_a_folder(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    save(folder / "a.jsonl", BEETLES, HONEY)
    save(folder / "deep" / "b.jsonl", HONEY, SEAGRASS)
    (folder / "notes.xyz").write_bytes(bytes(range(32)) * 9)
    library.add(save(tmp_path / "elsewhere.jsonl", TICKETS))
    report = library.sync(folder)
    assert (report.added, report.unchanged, len(report.skipped), report.failed) == (3, 1, 1, ())
    assert balanced(report)
    save(folder / "a.jsonl", BEETLES)  # honey is still in the other file
    (folder / "deep" / "b.jsonl").rename(folder / "c.jsonl")
    report = library.sync(folder)
    assert ids(library) == sorted(record["id"] for record in (BEETLES, HONEY, SEAGRASS, TICKETS))
    save(folder / "c.jsonl", {**SEAGRASS, "year": 2015})
    report = library.sync(folder)
    assert (report.updated, report.vanished) == (1, 1)
    assert ids(library) == sorted(record["id"] for record in (BEETLES, SEAGRASS, TICKETS))
    (folder / "a.jsonl").unlink()
    assert library.sync(folder, dry_run=True).vanished == 1
    assert library.sync(folder).vanished == 1
    assert ids(library) == sorted(record["id"] for record in (SEAGRASS, TICKETS))
    assert [run.command.split()[0] for run in library.ledger()] == ["add", "sync", "sync", "sync", "sync"]


def test_a_file_that_cannot_be_read_any_more_keeps_its_records(library: Library, tmp_path: Path) -> None:
    path = save(tmp_path / "exports" / "a.jsonl", BEETLES)
    save(tmp_path / "exports" / "b.jsonl", HONEY)
    library.sync(tmp_path / "exports")
    path.write_bytes(b'{"id": ')
    library.sync(tmp_path / "exports")
    assert len(library) >= 1
    path.write_bytes(bytes(range(32)) * 9)
    library.sync(tmp_path / "exports")
    assert HONEY["id"] in ids(library)


def test_a_folder_that_is_suddenly_empty_is_not_believed(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    path = save(folder / "a.jsonl", BEETLES)
    library.sync(folder)
    path.unlink()
    with pytest.raises(LibraryError, match="--allow-empty"):
        library.sync(folder)
    assert len(library) == 1
    assert library.sync(folder, allow_empty=True).vanished == 1
    assert len(library) == 0
    with pytest.raises(LibraryError, match="is not a folder"):
        library.sync(tmp_path / "nowhere")


# -- on the command line -----------------------------------------------------------------------------------------


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*arguments: str) -> str:
        assert main(["--library", str(tmp_path / "library"), *arguments]) == 0
        return capsys.readouterr().out

    a, b = save(tmp_path / "in" / "a.jsonl", BEETLES), save(tmp_path / "in" / "b.jsonl", BEETLES_AGAIN)
    assert "dry run, nothing is kept: 2 entries read: 1 added, 1 merged" in run("add", "--dry-run", str(a), str(b))
    assert "1 added, 1 merged" in run("sync", str(tmp_path / "in"))
    assert "sync" in run("ledger")
    assert "a.jsonl" in run("ledger", "--run", "1")
    assert [run_["command"].split()[0] for run_ in json.loads(run("ledger", "--json"))] == ["sync"]
    assert run("ledger", "--csv").splitlines()[0].startswith("run,at,version,command,path")
    shown = run("duplicates")
    assert "1 and 2: the same DOI" in shown
    assert "now 2 records" in run("duplicates", "--split", "pmid:900010")
    assert "set apart by hand" in run("duplicates", "--near")
    assert "now 1 record" in run("duplicates", "--join", "pmid:900010", "doi:10.1000/beetle")


def test_standard_input_is_known_by_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    library = str(tmp_path / "library")
    for _ in range(2):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(BEETLES).encode())))
        assert main(["--library", library, "add", "-"]) == 0
    capsys.readouterr()
    assert main(["--library", library, "ledger", "--json"]) == 0
    states = [run["files"][0]["state"] for run in json.loads(capsys.readouterr().out)]
    assert states == ["read", "known"]
