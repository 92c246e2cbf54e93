"""Records that are stored and not embedded yet: they answer, and whatever stops embedding, it goes on."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from qa import Library, backlog
from qa.answering import ahead
from qa.embedding import Embedder
from qa.errors import Cancelled, Corrupt
from qa.schema import Answer, Awaiting, Progress
from tests.conftest import RECORDS, write_jsonl

HONEY = "How much does honey shorten cough?"


@pytest.fixture
def stored(library: Library, records_file: Path) -> Library:
    """RECORDS, of which none is embedded."""
    report = library.add(records_file, embed=False)
    assert report.added == len(RECORDS)
    return library


def bare(answer: Answer) -> dict[str, Any]:
    return {key: value for key, value in answer.to_dict().items() if key not in ("awaiting", "seconds")}


def test_what_is_not_embedded_answers_by_its_words(
    stored: Library, filled: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.answering.retrieval.AT_ONCE", 1)
    assert stored.awaiting() == Awaiting(5, 5)
    answer = stored.ask(HONEY)
    assert answer.citations[0].sentence.text == filled.ask(HONEY).citations[0].sentence.text
    assert answer.awaiting == Awaiting(5, 5)
    assert stored.awaiting() == Awaiting(4, 5)
    assert "not embedded yet" in str(answer.awaiting)
    assert Answer.from_dict(answer.to_dict()) == answer
    assert stored.search("carbon forests")[0].record.id == filled.search("carbon forests")[0].record.id


def test_what_waits_stands_where_its_words_put_it(stored: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """And not behind everything that is embedded."""
    question = "Do bright street lamps reduce beetles in parks?"
    monkeypatch.setattr("qa.answering.retrieval.AT_ONCE", 0)
    about = stored.search_records(question, 5)[0].record.id
    others = [record.id for record in stored.records() if record.id != about]
    rows = [one.row for one in stored._store.database.by_id(others).values()]
    texts = {one.row: one for one in stored._store.database.by_row(rows).values()}
    items = [(row, one.record, list(stored._store.database.sentences(one).values())) for row, one in texts.items()]
    stored._store.database.embed(ahead.vectors_for(items, stored._load()))
    found = [hit.record.id for hit in stored.search_records(question, 5)]
    assert sorted(found) == sorted([about, *others])
    assert found.index(about) < len(others)


def test_what_a_question_needs_is_embedded_once_and_kept(stored: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    whole = ahead.vectors_for

    def counted(items: Any, *given: Any) -> Any:
        made.append(len(items))
        return whole(items, *given)

    monkeypatch.setattr(ahead, "vectors_for", counted)
    first = stored.ask(HONEY)
    assert sum(made) > 0
    assert stored.awaiting().records == 5 - sum(made)
    stored.close()
    again = Library.open(stored.folder)
    again._embedder = stored._embedder
    made.clear()
    assert bare(again.ask(HONEY)) == bare(first)
    assert made in ([], [0])


def test_nobody_waits_for_a_writer(stored: Library) -> None:
    """What cannot be kept serves all the same."""
    writer = sqlite3.connect(stored.folder / "library.sqlite", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    assert stored.ask(HONEY)
    assert stored.awaiting().records == 5
    writer.execute("ROLLBACK")
    writer.close()
    assert stored.ask(HONEY)
    assert stored.awaiting().records < 5


def test_what_is_lent_is_let_go_in_time_but_not_while_a_question_needs_it(
    stored: Library, filled: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by asking a thousand questions of a library that nobody could write to."""
    monkeypatch.setattr("qa.storage.lent.MOST", 0)
    monkeypatch.setattr("qa.answering.retrieval.AT_ONCE", 2)
    writer = sqlite3.connect(stored.folder / "library.sqlite", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    for question in (
        HONEY,
        "Does seagrass bury carbon?",
        HONEY,
        "Do street lamps and honey and seagrass change sleep?",
    ):
        assert stored.search(question)[0].sentence.text == filled.search(question)[0].sentence.text
        assert len(stored._store._lent.records) <= len(RECORDS)
    assert stored.awaiting().records == len(RECORDS)
    writer.execute("ROLLBACK")
    writer.close()


def test_embedded_behind_it_is_the_library_that_was_embedded_at_once(stored: Library, filled: Library) -> None:
    stored.ask(HONEY)
    steps: list[Progress] = []
    assert stored.embed(steps.append) == 5 - steps[0].done - (5 - steps[0].total)
    assert (steps[-1].done, steps[-1].total) == (steps[0].total, steps[0].total)
    assert all(step.done <= step.total for step in steps)
    assert not stored.awaiting()
    assert stored.embed() == 0
    for question in (HONEY, "insomnia impairs tissue repair", "What is the capital of France?"):
        # Further down, near ties change places: the last bits of a vector depend on what is embedded beside it.
        assert [hit.sentence.text for hit in stored.search(question, k=4)] == [
            hit.sentence.text for hit in filled.search(question, k=4)
        ]
    assert stored.examine().ok


def test_what_stops_it_costs_a_portion(stored: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "PORTION", 2)

    def stop(step: Progress) -> None:
        if step.done > 2:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        stored.embed(stop)
    assert stored.awaiting().records == 3
    assert stored.embed() == 3


def test_two_threads_do_not_embed_the_same(stored: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a file is dropped while the examples are embedded: all of it was done twice, and questions waited."""
    made: list[int] = []
    begun, whole = threading.Event(), ahead.vectors_for

    def slowly(items: Any, *given: Any) -> Any:
        made.extend(row for row, _, _ in items)
        begun.set()
        time.sleep(0.5)
        return whole(items, *given)

    monkeypatch.setattr(backlog, "vectors_for", slowly)
    monkeypatch.setattr(backlog, "PORTION", 2)
    first = threading.Thread(target=stored.embed)
    first.start()
    assert begun.wait(60)

    def stop(step: Progress) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):  # who waits can be stopped
        stored.embed(stop)
    assert first.is_alive()
    assert stored.embed() == 0
    first.join()
    assert len(made) == len(set(made)) == len(RECORDS)


def test_what_questions_wanted_comes_first(stored: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.answering.retrieval.AT_ONCE", 0)
    stored.ask("Does seagrass bury carbon?")
    store = stored._store
    first = store.database.late.next(1)
    assert store.stored(first)[first[0]].record.title.startswith("Seagrass")


def test_waiting_records_change_and_go(stored: Library, tmp_path: Path) -> None:
    ids = [record.id for record in stored.records()]
    stored.remove(ids[0])
    changed = [{**RECORDS[1], "abstract": "Honey does not shorten cough."}, *RECORDS[2:]]
    stored.add(write_jsonl(tmp_path / "records.jsonl", changed), embed=False)
    assert len(stored) == stored.awaiting().records
    assert stored.embed() == len(stored)
    assert stored.examine().ok


def test_what_waits_and_is_not_there_is_damage(stored: Library) -> None:
    stored.close()
    with closing(sqlite3.connect(stored.folder / "library.sqlite", isolation_level=None)) as connection:
        connection.execute("INSERT INTO late (record, sentences) VALUES (999, 3)")
    with pytest.raises(Corrupt, match="qa doctor --repair"):
        stored.embed()
    assert any("1 rows" in line for line in stored.repair())
    stored.embed()
    assert not stored.behind.running
    assert stored.examine().ok


def test_behind_a_library_that_answers(stored: Library) -> None:
    asked = threading.Event()
    stored.behind.start()
    stored.behind.start()
    for _ in range(3):
        assert stored.ask(HONEY)
        asked.set()
    deadline = time.monotonic() + 60
    while stored.behind.running and time.monotonic() < deadline:
        time.sleep(0.05)
    assert stored.behind.failure == ""
    assert not stored.awaiting()


def test_closing_ends_what_goes_on_behind(stored: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "PORTION", 1)
    stored.behind.start()
    stored.close()
    assert not stored.behind.running
    waited = stored.awaiting().records
    assert stored.embed() == waited
    assert not stored.awaiting()


def test_a_command_that_was_killed_leaves_a_library_that_answers(tmp_path: Path, embedder: Embedder) -> None:
    rows = [
        {
            "id": f"q:{n}",
            "title": f"Quokka {n}",
            "abstract": f"Quokka number {n} sleeps on hill {n * 7}. It eats leaves.",
        }
        for n in range(3000)
    ]
    file = write_jsonl(tmp_path / "many.jsonl", rows)
    command = [sys.executable, "-m", "qa", "--library", str(tmp_path / "library")]
    with subprocess.Popen(
        [*command, "add", str(file)], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as add:
        assert add.stderr is not None
        for line in add.stderr:
            if "You can ask now" in line:
                break
        add.kill()
    with Library.open(tmp_path / "library") as library:
        library._embedder = embedder
        assert len(library) == 3000
        assert 0 < library.awaiting().records <= 3000
        answer = library.ask("Where does quokka number 1234 sleep?")
        assert answer.citations[0].record.id == "q:1234"
        assert answer.awaiting
    done = subprocess.run([*command, "ask", "Does quokka number 77 sleep?"], capture_output=True, text=True, check=True)
    assert "not embedded yet: they are found by their words" in done.stderr
    told = subprocess.run(
        [*command, "ask", "--json", "Does quokka 8 sleep?"], capture_output=True, text=True, check=True
    )
    assert json.loads(told.stdout)["awaiting"]["of"] == 3000


def test_a_later_command_goes_on(tmp_path: Path, library: Library) -> None:
    """Whatever adds next embeds what waits, too; and qa embed does nothing else."""
    rows = [{"id": f"q:{n}", "title": f"Quokka {n}", "abstract": "It sleeps."} for n in range(8)]
    library.add(write_jsonl(tmp_path / "first.jsonl", rows[:5]), embed=False)
    library.close()
    command = [sys.executable, "-m", "qa", "--library", str(library.folder)]
    done = subprocess.run([*command, "embed"], capture_output=True, text=True, check=True)
    assert done.stdout == "5 records embedded. Every record is embedded.\n"
    library.add(write_jsonl(tmp_path / "more.jsonl", rows[5:7]), embed=False)
    assert library.awaiting() == Awaiting(2, 7)
    library.add(write_jsonl(tmp_path / "last.jsonl", rows[7:]))
    assert not library.awaiting()


def test_a_library_that_cannot_be_written_answers(stored: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    stored.close()
    monkeypatch.setattr("qa.storage.local.os.access", lambda *_: False)
    with Library.open(stored.folder) as library:
        library._embedder = stored._embedder
        assert library.ask(HONEY).citations
        assert library.awaiting().records == 5
