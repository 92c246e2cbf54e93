from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa import Library
from qa.errors import LibraryError, QAError, ReadingError
from qa.evaluation import result
from qa.evaluation.metrics import Decision
from qa.evaluation.result import Result, compare
from qa.evaluation.run import build, chosen, folder_of, judge, run
from qa.evaluation.suite import load
from qa.schema import Answer, Hit, Progress, Record, RecordHit, Sentence
from tests.conftest import RECORDS
from tests.evaluation.conftest import ASKED, WriteSuite


class Oracle(Library):
    """A library whose answers are known: the right sentence second, the right record first; it declines the moon."""

    def __init__(self, library: Library) -> None:
        super().__init__(library._store)
        self.calls: list[str] = []

    def _right(self, question: str) -> tuple[Record, int]:
        for text, record_id, words in ASKED.values():
            if text == question:
                record = self.get(record_id)
                return record, record.abstract.index(words)
        return self.get("pmid:900004"), 0

    def search(self, question: str, k: int = 10) -> list[Hit]:  # type: ignore[override]
        self.calls.append(question)
        record, start = self._right(question)
        title = Sentence(record.id, "title", 0, len(record.title), record.title)
        right = Sentence(record.id, "abstract", start, start + 20, record.abstract[start : start + 20])
        return [Hit(n, -n, sentence, record) for n, sentence in enumerate((title, right), 1)]

    def search_records(self, question: str, k: int = 10) -> list[RecordHit]:  # type: ignore[override]
        return [RecordHit(1, 1.0, self._right(question)[0])]

    def ask(self, question: str, k: int = 5) -> Answer:  # type: ignore[override]
        if "moon" in question or "cough" in question:
            return Answer(question, reason="no")
        return Answer(question, tuple(self.search(question)))


@pytest.fixture
def oracle(filled: Library) -> Oracle:
    return Oracle(filled)


def test_every_measure_is_what_the_answers_deserve(write_suite: WriteSuite, oracle: Oracle) -> None:
    suite = load(write_suite(unanswerable='{"_id": "moon", "text": "What did the moon landing cost?"}\n'))
    told: list[Progress] = []
    made = run(oracle, suite, unanswerable={"sun": "When does the sun set?"}, progress=told.append)
    found = {measure.metric.name: measure.value for measure in made.measures()}
    assert {name: value for name, value in found.items() if "latency" not in name and "abstention" not in name} == {
        "nDCG@10": 1,
        "recall@100": 1,
        "sentence P@1": 0,
        "sentence MRR@10": 0.5,
        "sentence hit@10": 1,
    }
    decisions = made.values["decision"]
    assert decisions["unanswerable/moon"] == Decision.DECLINED
    assert decisions["unanswerable/sun"] == Decision.ANSWERED_WRONGLY
    assert len(decisions) == 4, "an even mix"
    assert made.values["seconds"].keys() == ASKED.keys()
    assert [(p.done, p.total) for p in told] == [(n, 8) for n in range(9)]
    assert made.settings["records"] == len(RECORDS)


def test_without_unanswerable_questions_nothing_is_asked(write_suite: WriteSuite, oracle: Oracle) -> None:
    made = run(oracle, load(write_suite()))
    assert "decision" not in made.values
    assert not any("abstention" in measure.metric.name for measure in made.measures())
    assert len(oracle.calls) == len(ASKED) + 1, "one call to warm up"


def test_questions_that_find_nothing_count_zero(write_suite: WriteSuite, library: Library) -> None:
    made = run(library, load(write_suite()))
    assert set(made.values["nDCG@10"].values()) == set(made.values["sentence P@1"].values()) == {0}


def test_the_real_library(write_suite: WriteSuite, library: Library) -> None:
    suite = load(write_suite())
    library.add(suite.corpus)
    found = {measure.metric.name: measure for measure in run(library, suite).measures()}
    assert found["nDCG@10"].value == found["recall@100"].value == 1
    assert found["sentence hit@10"].value == 1
    assert found["latency p50"].n == 4
    assert 0 < found["latency p50"].value <= found["latency p95"].value


def test_only_a_sentence_of_the_right_abstract_is_right(write_suite: WriteSuite) -> None:
    suite = load(write_suite())
    (span,) = suite.spans["carbon"]

    def hit(field: str, record_id: str, start: int, end: int) -> Hit:
        return Hit(1, 1.0, Sentence(record_id, field, start, end, ""), Record(record_id))  # type: ignore[arg-type]

    right = span.record_id
    hits = [
        hit("abstract", right, 0, 80),
        hit("abstract", right, 0, 81),
        hit("title", right, 0, 20),
        hit("abstract", "pmid:900003", 0, 20),
    ]
    assert judge(hits, suite, "carbon") == [True, False, False, False]


def test_a_smaller_limit_takes_a_part_of_a_larger_one(write_suite: WriteSuite, oracle: Oracle) -> None:
    items = [f"q{n}" for n in range(50)]
    assert chosen(items, 10) == chosen(reversed(items), 20)[:10]
    assert sorted(chosen(items, None)) == sorted(items)
    assert len(run(oracle, load(write_suite()), limit=2).values["seconds"]) == 2


def test_a_question_that_cannot_be_asked_is_named(write_suite: WriteSuite, filled: Library) -> None:
    queries = json.dumps({"_id": "honey", "text": "honey " * 5000}) + "\n"
    table = "query-id\tcorpus-id\tscore\nhoney\tpmid:900001\t1\n"
    folder = write_suite(queries=queries, qrels=table, spans=None)
    with pytest.raises(ReadingError, match=r'queries\.jsonl.*"honey"'):
        run(filled, load(folder))


@pytest.mark.usefixtures("one_model")
def test_a_library_is_built_once_and_only_for_its_suite(write_suite: WriteSuite, tmp_path: Path) -> None:
    suite = load(write_suite())
    work = tmp_path / "work"
    assert folder_of(suite, work, None) == work / "small"
    assert folder_of(suite, work, "org/model") == work / "small--org-model"
    first = build(suite, work)
    assert len(first) == len(RECORDS)
    first.close()
    again = build(suite, work)
    again.remove("pmid:900004")
    again.close()
    other = load(write_suite("other", corpus='{"_id": "x", "title": "Chess"}\n', queries='{"_id": 1, "text": "a"}\n',
                             qrels="query-id\tcorpus-id\tscore\n1\tx\t1\n", spans=None))  # fmt: skip
    with pytest.raises(LibraryError, match="holds 5 records, the suite other 1"):
        build(other, work)


# -- results -------------------------------------------------------------------------------------------------------


def made(values: dict[str, dict[str, float]], fingerprint: str = "f") -> Result:
    return Result("small", fingerprint, {"model": "m"}, values)


def test_a_result_survives_its_file(tmp_path: Path) -> None:
    one = made({"seconds": {"a": 0.25, "b": 0.125}, "decision": {"a": 0.0}})
    result.save(tmp_path / "saved.json", [one])
    assert result.load(tmp_path / "saved.json") == {"small": one}
    assert [path.name for path in tmp_path.iterdir()] == ["saved.json"]
    with pytest.raises(QAError, match="cannot be saved"):
        result.save(tmp_path / "nowhere" / "saved.json", [one])


@pytest.mark.parametrize(
    "text",
    ['{"results": [', "[]", "{}", '{"results": [{}]}', '{"results": 3}', "\x00",
     '{"results": [{"suite": "a", "fingerprint": "b", "settings": {}, "values": {"x": {"q": "high"}}}]}',
     '{"results": [{"suite": "a", "fingerprint": "b", "settings": {}, "values": {"x": {"q": NaN}}}]}',
     '{"results": [{"suite": "a", "fingerprint": "b", "settings": {}, "values": {"x": 1}}]}'],
)  # fmt: skip
def test_any_other_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "saved.json"
    path.write_text(text)
    with pytest.raises(ReadingError, match=r"saved\.json"):
        result.load(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ReadingError):
        result.load(path)
    with pytest.raises(ReadingError, match="cannot be read"):
        result.load(tmp_path)


def test_two_runs_are_compared_on_what_they_share() -> None:
    before = made({"nDCG@10": {"a": 0.0, "b": 0.5, "c": 1.0}})
    (change,) = compare(before, made({"nDCG@10": {"c": 1.0, "a": 1.0, "new": 0.0}}))
    assert (change.before, change.after, change.difference.value, change.difference.n) == (0.5, 1.0, 0.5, 2)
    with pytest.raises(QAError, match="no question in common"):
        compare(before, made({"nDCG@10": {"d": 1.0}}))
    with pytest.raises(QAError, match="other questions or records"):
        compare(before, made({"nDCG@10": {"a": 1.0}}, "g"))


def test_what_is_undefined_is_null_in_json() -> None:
    measures = made({"decision": {"a": 0.0, "b": 2.0}}).measures()
    precision = next(m.to_dict() for m in measures if m.metric.name == "abstention precision")
    assert (precision["value"], precision["low"], precision["n"]) == (None, None, 2)
    json.dumps([m.to_dict() for m in measures], allow_nan=False)
