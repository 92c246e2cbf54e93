from __future__ import annotations

import gzip
import threading
from pathlib import Path

import numpy as np
import pytest

from qa import Library, QAError
from qa.embedding import Embedder
from qa.errors import LibraryError, Mismatch, NotFound, QuestionError, ReadingError
from qa.schema import Progress
from tests.conftest import RECORDS, write_jsonl


def test_a_library_that_is_not_there_is_empty_and_nothing_is_written(tmp_path: Path) -> None:
    library = Library.open(tmp_path / "library")
    assert len(library) == 0
    assert library.records() == []
    assert library.search("anything") == []
    assert library.search_records("anything") == []
    assert not library.ask("anything")
    assert "empty" in library.ask("anything").reason
    assert library.info().records == 0
    assert not library.exists
    assert list(tmp_path.iterdir()) == []


def test_every_hit_is_its_slice_and_results_are_ordered(filled: Library) -> None:
    for question in ("How does light affect beetles?", "honey", "carbon in the sea", "museum tickets", "sleep"):
        hits = filled.search(question, k=20)
        assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        for hit in hits:
            sentence = hit.sentence
            assert sentence.text == getattr(hit.record, sentence.field)[sentence.start : sentence.end]
            assert sentence.record_id == hit.record.id


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Are there fewer beetles in lit parks?", "Lit parks held forty percent fewer beetles"),
        ("How much does honey shorten cough?", "Honey shortened night cough by 1.5 days"),
        ("How fast does seagrass bury carbon?", "It does so faster than forests on land."),
        ("museum tickets", "A letter on the price of museum tickets"),
    ],
)
def test_the_answer_is_among_the_first_citations(filled: Library, question: str, expected: str) -> None:
    answer = filled.ask(question)
    assert answer
    assert any(hit.sentence.text.startswith(expected) for hit in answer.citations[:3])
    assert [hit.number for hit in answer.citations] == list(range(1, len(answer.citations) + 1))


def test_a_paraphrase_without_a_common_word_is_found(filled: Library) -> None:
    assert filled.search_records("insomnia impairs tissue repair", k=1)[0].record.id == "pmid:900003"


def test_records_are_all_reachable(filled: Library) -> None:
    found = filled.search_records("beetles", k=100)
    assert {hit.record.id for hit in found} == {record["id"] for record in RECORDS}
    assert found[0].record.id == "doi:10.1000/beetle"
    assert len(filled.search_records("beetles", k=2)) == 2


def test_two_runs_and_two_openings_are_equal(filled: Library, records_file: Path, tmp_path: Path) -> None:
    other = Library.open(tmp_path / "other")
    other.add(records_file)
    assert other.search("honey or lamps", k=20) == filled.search("honey or lamps", k=20)
    assert Library.open(filled.folder).search("honey or lamps", k=20) == filled.search("honey or lamps", k=20)


def test_adding_again_changes_nothing_and_embeds_nothing(
    library: Library, records_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = library.add(records_file)
    assert (first.read, first.added) == (5, 5)
    embedded = count_embedded(library, monkeypatch)
    again = library.add(records_file)
    assert (again.read, again.unchanged) == (5, 5)
    assert embedded == []


def test_a_changed_record_replaces_the_old_one_and_only_what_changed_is_embedded(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_jsonl(tmp_path / "records.jsonl", RECORDS)
    library.add(path)
    changed = dict(RECORDS[2], abstract=str(RECORDS[2]["abstract"]).replace("faster", "slower"))
    embedded = count_embedded(library, monkeypatch)
    report = library.add(write_jsonl(path, [changed]))
    assert (report.read, report.updated) == (1, 1)
    assert len(embedded) == 2  # the abstract, and the one sentence
    assert len(library) == 5
    texts = [hit.sentence.text for hit in library.search("carbon", k=50)]
    assert "It does so slower than forests on land." in texts
    assert "It does so faster than forests on land." not in texts


def count_embedded(library: Library, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    embedder = library._embedder
    assert embedder is not None
    embedded: list[str] = []
    passages = embedder.passages

    def counting(texts: list[str], **options: object) -> object:
        embedded.extend(texts)
        return passages(texts, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(embedder, "passages", counting)
    return embedded


def test_the_same_record_twice_in_a_file_is_one_record(library: Library, tmp_path: Path) -> None:
    twice = [RECORDS[0], dict(RECORDS[0], title="Another title"), dict(RECORDS[0], title="Another title")]
    report = library.add(write_jsonl(tmp_path / "twice.jsonl", twice))
    assert (report.added, report.merged, report.unchanged) == (1, 1, 1)
    assert len(library) == 1


def test_removing(library: Library, records_file: Path) -> None:
    library.add(records_file)
    assert library.remove("pmid:900001", "pmid:900002") == 2
    assert len(library) == 3
    assert all(hit.record.id not in ("pmid:900001", "pmid:900002") for hit in library.search("honey carbon", k=50))
    with pytest.raises(NotFound, match="pmid:900001"):
        library.remove("pmid:900003", "pmid:900001")
    assert len(library) == 3
    with pytest.raises(NotFound):
        library.get("pmid:900001")


def test_pubmed_deletions_remove(library: Library, records_file: Path, tmp_path: Path) -> None:
    library.add(records_file)
    update = tmp_path / "update.xml.gz"
    update.write_bytes(
        gzip.compress(
            b"<?xml version='1.0'?><PubmedArticleSet><DeleteCitation><PMID>900001</PMID><PMID>123</PMID>"
            b"</DeleteCitation></PubmedArticleSet>"
        )
    )
    report = library.add(update)
    assert (report.read, report.removed, report.unchanged) == (2, 1, 1)
    assert len(library) == 4


def test_skips_are_counted_and_the_rest_is_added(library: Library, tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "some.jsonl", [RECORDS[0], RECORDS[1]])
    with path.open("a", encoding="utf-8") as file:
        file.write("{broken\n")
    report = library.add(path)
    assert (report.read, report.added) == (3, 2)
    assert [(skip.path, skip.line) for skip in report.skipped] == [(str(path), 3)]


def test_a_bad_file_does_not_cost_the_others(library: Library, records_file: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.bin"
    bad.write_bytes(bytes(range(256)) * 20)
    report = library.add(bad, records_file)
    assert (report.read, report.added) == (6, 5)
    assert [(skip.path, skip.line) for skip in report.skipped] == [(str(bad), 0)]
    assert report.failed == (str(bad),)


def test_a_lone_bad_file_is_an_error_and_leaves_no_trace(library: Library, tmp_path: Path) -> None:
    good = gzip.compress("".join(f'{{"_id": "{n}", "text": "Sentence {n}."}}\n' for n in range(2000)).encode())
    bad = {
        "empty.nbib": b"",
        "paper.pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        "binary": bytes(range(256)) * 20,
        "cut.jsonl.gz": good[: len(good) // 2],
    }
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
    for name in [*bad, "missing.nbib"]:
        with pytest.raises(ReadingError) as caught:
            library.add(tmp_path / name)
        assert "\n" not in str(caught.value)
    assert not library.exists


@pytest.mark.parametrize("question", ["", "   \n", "?!", "x" * 50_000])
def test_a_question_that_is_none_is_refused(filled: Library, question: str) -> None:
    for ask in (filled.ask, filled.search, filled.search_records):
        with pytest.raises(QuestionError):
            ask(question)


def test_a_file_in_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(LibraryError):
        Library.open(tmp_path / "file")


def test_a_folder_that_cannot_be_made_is_an_error(records_file: Path, tmp_path: Path, embedder: Embedder) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    library = Library.open(tmp_path / "file" / "library")
    library._embedder = embedder
    with pytest.raises(QAError, match="Cannot write"):
        library.add(records_file)


def test_another_model_is_refused(filled: Library, embedder: Embedder, tmp_path: Path) -> None:
    with pytest.raises(Mismatch, match="all-MiniLM"):
        Library.open(filled.folder, model="another/model")
    library = Library.open(filled.folder)
    library._embedder = Reversed(embedder)
    other = write_jsonl(tmp_path / "other.jsonl", [{"_id": "1", "text": "Another one."}])
    for use in (lambda: library.search("honey"), lambda: library.add(other)):
        with pytest.raises(Mismatch, match="other weights"):
            use()


class Reversed:
    """An embedder of the right name with other weights."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder, self.name, self.dim = embedder, embedder.name, embedder.dim
        self.fingerprint = np.ascontiguousarray(embedder.fingerprint[::-1])
        self.queries, self.passages = embedder.queries, embedder.passages


def test_progress_is_told_and_ends_at_its_total(library: Library, records_file: Path) -> None:
    told: list[Progress] = []
    library.add(records_file, progress=told.append)
    assert told[-1].done == told[-1].total == 5
    assert all(progress.stage for progress in told)


def test_questions_are_answered_while_files_are_added(library: Library, records_file: Path, tmp_path: Path) -> None:
    library.add(records_file)
    more = [{"_id": str(n), "title": f"Title {n}", "text": f"About item {n}. Another one."} for n in range(300)]
    path = write_jsonl(tmp_path / "more.jsonl", more)
    adding = threading.Thread(target=library.add, args=[path])
    adding.start()
    while adding.is_alive():
        assert library.search("Does honey shorten cough?")[0].record.id == "pmid:900001"
    assert len(library) == 305
    assert library.get("17").title == "Title 17"
