"""The store against an exact oracle: whatever happened to it, it finds what plain numpy finds."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import Corrupt, LibraryError, Locked
from qa.schema import Filters, Record, Section
from qa.sentences import split
from qa.storage import Indexed, Store, bases
from qa.storage import vectors as vectors_module

DIM = 8
META = {"embedder": "test", "dim": str(DIM)}


def made(name: str, text: str, seed: int) -> Indexed:
    record = Record(name, f"Title of {name}", text)
    sentences = split(record)
    return Indexed(record, sentences, *vectors(len(sentences), seed))


def vectors(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors that half precision holds exactly: a record's, and its sentences'."""
    values = np.random.default_rng(seed).normal(size=(count + 1, DIM))
    made = (values / np.linalg.norm(values, axis=1, keepdims=True)).astype(np.float16).astype(np.float32)
    return made[0], made[1:]


def fresh(folder: Path) -> Store:
    store = Store(folder)
    store.database.create(META)
    return store


def check(store: Store, expected: dict[str, Indexed]) -> None:
    """The store holds exactly these records, and finds among them what an exact search finds."""
    store.catch_up()
    assert {record.id: record for record in store.database.records()} == {k: v.record for k, v in expected.items()}
    stored = store.database.by_id(list(expected))
    rows = {stored[name].row: name for name in expected}
    query = np.random.default_rng(99).normal(size=DIM).astype(np.float32)

    exact = sorted(((-float(item.vector @ query), stored[name].row) for name, item in expected.items()))
    found = store.near_records(query, len(expected) + 5)
    assert [row for row, _ in found] == [row for _, row in exact]
    assert np.allclose([score for _, score in found], [-score for score, _ in exact], atol=1e-5)

    sentences: dict[int, np.ndarray] = {}
    owners: dict[int, int] = {}
    for name, item in expected.items():
        got = store.database.sentences(stored[name])
        assert tuple(got.values()) == item.sentences
        sentences.update(zip(got, item.sentence_vectors, strict=True))
        first = min(got, default=0)
        assert store.database.layout([stored[name].row]) == {stored[name].row: range(first, first + len(got))}
        owners |= dict.fromkeys(got, stored[name].row)
    assert store.database.owners(range(max(owners, default=0) + 9)) == owners
    exact = sorted((-float(vector @ query), row) for row, vector in sentences.items())
    assert [row for row, _ in store.near_sentences(query, len(sentences) + 5)] == [row for _, row in exact]
    if sentences:
        assert np.array_equal(store.sentence_vectors(list(sentences)), np.stack(list(sentences.values())))

    for word in ("alpha", "beta", "gamma"):
        holding = {row for row, name in rows.items() if word in store.words(expected[name].record.abstract)}
        assert {row for row, _ in store.lexical([word], 100)} == holding


STEP = st.tuples(
    st.sampled_from(["write", "remove", "reopen", "lose", "catch up"]),
    st.sampled_from("abcde"),
    st.sampled_from(["Alpha one. Beta two.", "Beta.", "Gamma one! Gamma two? Alpha three.", ""]),
)


@pytest.fixture(scope="module", params=["small", "large"])
def size(request: pytest.FixtureRequest) -> Iterator[str]:
    """Libraries as they are here; and as if a handful of vectors were many, with every cluster looked into."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "large":
            patch.setattr(bases, "EXACT_UP_TO", 3)
            patch.setattr(bases, "PROBED", 1.0)
            patch.setattr(vectors_module, "FEW", 1)
        yield request.param


@pytest.mark.usefixtures("size")
@settings(max_examples=25, deadline=None)
@given(st.lists(STEP, max_size=12))
def test_any_history_gives_what_an_exact_search_gives(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("store") / "library"
    store = fresh(folder)
    expected: dict[str, Indexed] = {}
    for seed, (what, name, text) in enumerate(steps):
        if what == "write":
            expected.pop(name, None)
            expected[name] = made(name, text, seed)
            store.write([expected[name]])
        elif what == "remove":
            assert store.remove([name]) == (expected.pop(name, None) is not None)
        elif what == "catch up":
            store.catch_up()
        else:
            store.close()
            if what == "lose":
                shutil.rmtree(folder / "derived", ignore_errors=True)
            store = Store(folder)
    check(store, expected)
    store.close()
    check(Store(folder), expected)


@pytest.mark.usefixtures("size")
@pytest.mark.parametrize("damage", ["records", "sentences", "bm25"])
def test_damaged_files_are_made_again(tmp_path: Path, damage: str) -> None:
    store = fresh(tmp_path)
    expected = {name: made(name, "Alpha. Beta.", n) for n, name in enumerate("abc")}
    store.write(expected.values())
    store.catch_up()
    store.close()
    found = [path for path in (tmp_path / "derived").rglob("*") if damage in str(path) and path.is_file()]
    assert found
    for path in found:
        path.write_bytes(b"not what it was")
    check(Store(tmp_path), expected)


def test_a_file_from_a_later_state_is_not_believed(tmp_path: Path) -> None:
    """As after the database was restored from an older copy."""
    store = fresh(tmp_path / "now")
    store.write([made("a", "Alpha.", 1)])
    store.close()
    shutil.copytree(tmp_path / "now", tmp_path / "then")
    store = Store(tmp_path / "now")
    store.write([made("b", "Beta.", 2)])
    store.catch_up()
    store.close()
    shutil.copytree(tmp_path / "now" / "derived", tmp_path / "then" / "derived")
    check(Store(tmp_path / "then"), {"a": made("a", "Alpha.", 1)})


def test_a_file_from_another_history_is_not_believed(tmp_path: Path) -> None:
    """As after an older copy of the database was put back and added to: the same generation, other records."""
    store = fresh(tmp_path / "now")
    store.write([made("a", "Alpha.", 1)])
    store.close()
    shutil.copytree(tmp_path / "now", tmp_path / "then")
    for folder, other in (("now", made("b", "Beta.", 2)), ("then", made("c", "Gamma. Alpha.", 3))):
        store = Store(tmp_path / folder)
        store.write([other])
        store.catch_up()
        store.close()
    shutil.rmtree(tmp_path / "then" / "derived")
    shutil.copytree(tmp_path / "now" / "derived", tmp_path / "then" / "derived")
    check(Store(tmp_path / "then"), {"a": made("a", "Alpha.", 1), "c": made("c", "Gamma. Alpha.", 3)})


def test_scores_depend_on_what_is_held_not_on_its_history(tmp_path: Path) -> None:
    texts = {name: f"Alpha {'beta ' * n}gamma." for n, name in enumerate("abcdef")}
    often, once = fresh(tmp_path / "often"), fresh(tmp_path / "once")
    for name in "xyzabcdef":
        often.write([made(name, texts.get(name, "Alpha alpha beta."), 1)])
        often.catch_up()
    often.remove("xyz")
    once.write([made(name, text, 1) for name, text in texts.items()])
    found = []
    for store in (often, once):
        store.catch_up()
        names = {stored.row: name for name, stored in store.database.by_id(list(texts)).items()}
        found.append([(names[row], score) for row, score in store.lexical(["alpha", "beta"], 10)])
    assert found[0] == found[1]


@pytest.mark.parametrize("k", [1, 2, 5, 30])
def test_of_equal_ones_the_first_are_found(tmp_path: Path, k: int) -> None:
    store = fresh(tmp_path)
    same = made("a", "Alpha.", 1)
    number = 0
    for size in (1, 3, 9, 2, 15):  # tantivy's segments, which it does not search in their order
        records = [Record(f"r:{number + n}", "Title", "Alpha.") for n in range(size)]
        store.write([Indexed(record, same.sentences, same.vector, same.sentence_vectors) for record in records])
        store.catch_up()
        number += size
    rows = store.database.rows()
    assert [row for row, _ in store.near_records(same.vector, k)] == rows[:k]
    assert [row for row, _ in store.near_records(same.vector, k, rows[2:])] == rows[2:][:k]
    assert [row for row, _ in store.lexical(["alpha"], k)] == rows[:k]


def test_readers_stay_with_what_they_began_with(tmp_path: Path) -> None:
    store = fresh(tmp_path)
    store.write([made("a", "Alpha.", 1)])
    reader = Store(tmp_path)
    with reader.database.snapshot():
        assert reader.database.counts() == (1, 2)
        store.write([made("b", "Beta.", 2)])
        store.remove(["a"])
        store.catch_up()
        check(reader, {"a": made("a", "Alpha.", 1)})
    check(reader, {"b": made("b", "Beta.", 2)})


@pytest.mark.parametrize("what", ["json", "vector"])
def test_what_was_altered_is_not_given_out(tmp_path: Path, what: str) -> None:
    store = fresh(tmp_path)
    store.write([made("a", "Alpha. Beta.", 1), made("b", "Gamma.", 2)])
    changed = "replace(json, 'Alpha', 'Alphb')" if what == "json" else "(SELECT vector FROM records WHERE id = 'b')"
    store.database._open().execute(f"UPDATE records SET {what} = {changed} WHERE id = 'a'")
    with pytest.raises(Corrupt, match="qa doctor"):
        check(store, {"a": made("a", "Alpha. Beta.", 1), "b": made("b", "Gamma.", 2)})
    store.remove(["a"])  # what the doctor says to do
    check(store, {"b": made("b", "Gamma.", 2)})


def test_a_library_of_an_earlier_version_gets_its_indexes_with_its_next_change(tmp_path: Path) -> None:
    store = fresh(tmp_path)
    store.write([made("a", "Alpha one. Beta two.", 1), made("b", "", 2), made("c", "Gamma.", 3)])
    rows = range(9)
    found, places = store.database.owners(rows), store.database.layout(rows)
    with closing(sqlite3.connect(store.database.path)) as connection:
        for name in ("records_spans", "records_layout"):
            connection.execute(f"DROP INDEX {name}")
    store.close()
    store = Store(tmp_path)
    assert (store.database.owners(rows), store.database.layout(rows)) == (found, places)
    store.write([made("d", "Beta.", 4)])
    with closing(sqlite3.connect(store.database.path)) as connection:
        held = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'index'")}
    assert {"records_spans", "records_layout"} <= held
    assert store.database.owners(rows) == {**found, 7: 4, 8: 4}


def test_a_batch_is_stored_whole_or_not_at_all(tmp_path: Path) -> None:
    store = fresh(tmp_path)
    good = made("a", "Alpha.", 1)
    bad = Indexed(Record("b", "B"), split(Record("b", "B")), good.vector, np.empty((0, DIM), np.float32))
    with pytest.raises(ValueError, match="zip"):
        store.write([good, bad])
    assert store.database.counts() == (0, 0)
    assert store.database.generation() == 0


def test_opening_writes_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "nowhere")
    store.catch_up()
    assert store.database.counts() == (0, 0)
    assert not (tmp_path / "nowhere").exists()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("hello", encoding="utf-8")
    with pytest.raises(LibraryError, match="is a file"):
        Store(tmp_path / "file")


@pytest.mark.parametrize("content", [b"hello, this is no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_something_else_in_the_folder_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "library.sqlite").write_bytes(content)
    with pytest.raises(Corrupt, match="not a library of ours"):
        Store(tmp_path).database.counts()


def test_a_later_version_is_refused(tmp_path: Path) -> None:
    store = fresh(tmp_path)
    store.database._open().execute("UPDATE meta SET value = '99' WHERE key = 'format'")
    store.close()
    with pytest.raises(LibraryError, match="later version"):
        Store(tmp_path).database.counts()


def test_a_second_writer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = fresh(tmp_path), Store(tmp_path)
    second.database._open().execute("PRAGMA busy_timeout = 50")
    first.database._open().execute("BEGIN IMMEDIATE")
    with pytest.raises(Locked, match="Cannot write"):
        second.write([made("a", "Alpha.", 1)])
    first.database._open().execute("ROLLBACK")
    second.write([made("a", "Alpha.", 1)])
    check(first, {"a": made("a", "Alpha.", 1)})


FILTERED = [
    Record("a", "A", "Alpha.", year=2010, journal="Gut", publication_types=("Review", "Journal Article")),
    Record("b", "B", "Alpha. Beta.", year=2020, journal="Gut", publication_types=("Journal Article",)),
    Record("c", "C", "Alpha.", journal="The Lancet"),
]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), None),
        (Filters(roles=("results",)), None),
        (Filters(years=(2015, None)), "b"),
        (Filters(years=(None, 2010)), "a"),
        (Filters(years=(2010, 2020)), "ab"),
        (Filters(journals=("gut",)), "ab"),
        (Filters(journals=("gut", "the lancet")), "abc"),
        (Filters(publication_types=("review",)), "a"),
        (Filters(publication_types=("journal article",), years=(2011, None)), "b"),
        (Filters(records=("a", "c", "z")), "ac"),
        (Filters(journals=("Nature",)), ""),
    ],
    ids=str,
)
def test_filters_search_only_among_what_passes(tmp_path: Path, filters: Filters, expected: str | None) -> None:
    store = fresh(tmp_path)
    items = [Indexed(record, split(record), *vectors(len(split(record)), n)) for n, record in enumerate(FILTERED)]
    store.write(items)
    store.catch_up()
    rows, passing = store.database.matching(filters), store.passing(filters)
    if expected is None:
        assert rows is None
        assert (passing is None) == (not filters.roles)
        return
    assert rows is not None
    assert passing is not None
    assert passing.records.tolist() == rows
    names = {stored.row: name for name, stored in store.database.by_id("abc").items()}
    assert "".join(names[row] for row in rows) == expected
    query = items[0].vector
    assert sorted(row for row, _ in store.near_records(query, 10, rows)) == rows
    assert sorted(row for row, _ in store.lexical(["alpha"], 10, rows)) == rows
    sentences = passing.sentences.tolist()
    assert sorted(row for row, _ in store.near_sentences(query, 10, sentences)) == sentences
    assert set(store.database.owners(sentences).values()) == set(rows)


def test_of_what_passes_filters_roles_choose_sentences(tmp_path: Path) -> None:
    store = fresh(tmp_path)
    records = [
        Record(
            "a",
            "A",
            "Aim: one. Two.\nResults: three.",
            year=2010,
            sections=(Section("Aim", 5, 14), Section("Results", 24, 30)),
        ),
        Record("b", "B", "Alpha.", year=2020),
    ]
    store.write([Indexed(record, split(record), *vectors(len(split(record)), n)) for n, record in enumerate(records)])
    known = [one for stored in store.database.by_id("ab").values() for one in store.database.sentences(stored).items()]
    for filters in (Filters(roles=("results",)), Filters(roles=("results", "objective"), years=(2000, 2015))):
        passing = store.passing(filters)
        assert passing is not None
        assert store.passing(filters) is passing
        rows = [row for row, sentence in known if sentence.role in filters.roles]
        assert passing.sentences.tolist() == rows
        assert rows
    store.remove(["a"])
    passing = store.passing(Filters(years=(2000, 2015)))
    assert passing is not None
    assert (len(passing.records), len(passing.sentences)) == (0, 0)


def test_bm25_among_many_rows_is_the_same_as_among_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = fresh(tmp_path)
    words = ["alpha", "beta", "gamma"]
    same = made("a", "Alpha.", 1)
    records = [Record(f"r:{n}", "Title", " ".join(words[i % 3] for i in range(n % 7 + 1))) for n in range(300)]
    store.write([Indexed(one, (), same.vector, same.sentence_vectors[:0]) for one in records])
    store.catch_up()
    rows = store.database.rows()
    for among in (rows[:3], rows[5:200:3], rows[100:], rows):
        for k in (1, 10, 400):
            few = store.lexical(["beta", "gamma"], k, among)
            with monkeypatch.context() as patch:
                patch.setattr("qa.storage.lexical._NAMED", 0)
                assert store.lexical(["beta", "gamma"], k, np.asarray(among)) == few
