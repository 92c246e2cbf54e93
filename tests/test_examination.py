"""What the doctor finds, and mends: each kind of damage is done to a real library."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from qa import Library
from qa.cli import main
from qa.errors import Corrupt
from qa.examination import Examination
from qa.storage.conversations import FILE as CONVERSATIONS
from qa.storage.local import DERIVED, FILE

QUESTION = "Are there fewer beetles in lit parks?"


@pytest.fixture
def held(library: Library, records_file: Path) -> Library:
    library.add(records_file)
    library.ask(QUESTION)
    return library


def change(library: Library, *statements: str) -> None:
    """Change the database behind the library's back."""
    library.close()
    connection = sqlite3.connect(library.folder / FILE)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def states(examination: Examination) -> dict[str, str]:
    return {check.name: check.state for check in examination.checks}


def found(examination: Examination, name: str) -> str:
    return next(check.found for check in examination.checks if check.name == name)


def test_a_whole_library_is_fine(held: Library) -> None:
    held.conversations().start("A title")
    examination = held.examine()
    assert examination.ok
    names = ["database", "texts", "sentences", "vectors", "appraisals", "embedding", "leftovers", "search files"]
    names += ["model", "questions", "conversations", "disk"]
    assert list(states(examination)) == names
    assert "5 records" in found(examination, "database")


def test_no_library_is_nothing_bad_and_nothing_is_written(tmp_path: Path) -> None:
    library = Library.open(tmp_path / "library")
    assert library.examine().ok
    assert not library.folder.exists()


@pytest.mark.parametrize(
    ("statement", "name", "words"),
    [
        ("UPDATE records SET json = replace(json, 'forty', 'fifty')", "texts", "doi:10.1000/beetle"),
        ("UPDATE sentences SET end = 9999 WHERE row = {second}", "sentences", "pmid:900002"),
        ("UPDATE sentences SET start = end WHERE row = {second}", "sentences", "pmid:900002"),
        ("UPDATE records SET sentences = sentences + 1 WHERE id = 'pmid:900002'", "sentences", "pmid:900002"),
        ("UPDATE sentence_vectors SET vector = zeroblob(768) WHERE row = {second}", "vectors", "pmid:900002"),
        ("UPDATE sentence_vectors SET vector = x'00' WHERE row = {second}", "vectors", "pmid:900002"),
        ("DELETE FROM sentence_vectors WHERE row = {second}", "vectors", "pmid:900002"),
    ],
)
def test_damage_is_named_with_its_record(held: Library, statement: str, name: str, words: str) -> None:
    second = "(SELECT first_sentence + 1 FROM records WHERE id = 'pmid:900002')"
    change(held, statement.format(second=second))
    examination = held.examine()
    assert not examination.ok
    assert states(examination)[name] == "damaged"
    assert words in found(examination, name)
    assert "records.jsonl" in found(examination, name)


def test_search_files_that_differ_are_made_again_without_embedding(
    held: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = held.ask(QUESTION)
    swap = (
        "DELETE FROM checksums",
        "UPDATE sentence_vectors SET vector = (SELECT vector FROM sentence_vectors WHERE row = 1) WHERE row = 5",
    )
    change(held, *swap)
    assert states(held.examine())["search files"] == "mendable"
    change(held, *swap)
    monkeypatch.setattr(type(held._load()), "passages", lambda *_: pytest.fail("embedded"))
    assert "The search files are made again from the stored vectors." in held.repair()
    assert held.examine().ok
    assert held.ask(QUESTION).citations[0].sentence == answer.citations[0].sentence


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE appraisals SET json = replace(json, 'animal study', 'cohort study')",
        "UPDATE appraisals SET json = replace(json, '\"name\": ', '\"nome\": ')",
        "UPDATE appraisals SET json = '7'",
        "UPDATE appraisals SET json = ''",
        "UPDATE appraisals SET sample_size = 77",
        "DELETE FROM findings WHERE kind = 'design'",
        "INSERT INTO findings VALUES (2, 'status', 'retracted')",
    ],
)
def test_altered_appraisals_are_told_and_made_again(held: Library, statement: str) -> None:
    before = held.appraisals()
    assert any(one.designs for one in before.values())
    change(held, statement)
    if "SET json" in statement:
        with pytest.raises(Corrupt, match="--repair"):
            held.appraisals()
    assert states(held.examine())["appraisals"] == "mendable"
    assert any("looked through again" in line for line in held.repair())
    assert held.appraisals() == before
    assert held.examine().ok


def test_what_nothing_refers_to_is_removed(held: Library) -> None:
    change(
        held,
        "PRAGMA foreign_keys = OFF",
        "INSERT INTO sentence_vectors VALUES (999, zeroblob(768))",
        "INSERT INTO sentences VALUES (998, 77, 'title', 0, 0, 1, '', '')",
    )
    (held.folder / DERIVED / "sentences-000000009.new").write_bytes(b"cut off")
    examination = held.examine()
    assert states(examination)["leftovers"] == "mendable"
    assert "1 sentences, 1 vectors, sentences-000000009.new" in found(examination, "leftovers")
    done = held.repair()
    assert any("2 rows" in line for line in done)
    assert held.examine().ok


def test_a_database_that_sqlite_cannot_read_is_said(held: Library) -> None:
    held.close()
    path = held.folder / FILE
    for name in (f"{FILE}-wal", f"{FILE}-shm"):
        (held.folder / name).unlink(missing_ok=True)
    content = bytearray(path.read_bytes())
    content[4096 : 4096 * 6] = bytes(4096 * 5)
    path.write_bytes(content)
    examination = held.examine()
    assert not examination.ok
    assert "qa restore" in json.dumps(examination.to_dict())
    with pytest.raises(Corrupt, match="qa restore"):
        Library.open(held.folder).ask(QUESTION)


def test_damaged_conversations_are_told_apart_from_the_library(held: Library) -> None:
    (held.folder / CONVERSATIONS).write_bytes(b"no database at all, but long enough to be looked at" * 40)
    examination = held.examine()
    assert states(examination)["conversations"] == "damaged"
    assert [name for name, state in states(examination).items() if state == "damaged"] == ["conversations"]


def test_lost_search_files_are_no_damage(held: Library) -> None:
    held.close()
    shutil.rmtree(held.folder / DERIVED)
    assert held.examine().ok


def test_the_command(held: Library, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--library", str(held.folder), "doctor"]
    assert main(arguments) == 0
    assert "ok   texts: Every record is what was added." in capsys.readouterr().out
    change(held, "UPDATE records SET json = replace(json, 'forty', 'fifty')")
    assert main([*arguments, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False
    assert main([*arguments, "--repair"]) == 1  # what is lost is not made up
    assert "BAD  texts" in capsys.readouterr().out
