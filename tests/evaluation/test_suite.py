from __future__ import annotations

import pytest

from qa.errors import ReadingError
from qa.evaluation.suite import Span, load, load_questions
from tests.conftest import RECORDS
from tests.evaluation.conftest import ASKED, WriteSuite


def test_a_suite_is_read(write_suite: WriteSuite) -> None:
    suite = load(write_suite(unanswerable='{"_id": "moon", "text": "What did the moon landing cost?"}\n'))
    assert (suite.name, list(suite.questions), suite.judged) == ("small", list(ASKED), list(ASKED))
    assert suite.judgements["honey"] == {"pmid:900001": 1}
    assert suite.spans["carbon"] == [Span("pmid:900002", 0, 40)]
    assert suite.records == {record["id"]: len(record.get("abstract", "")) for record in RECORDS}
    assert suite.unanswerable == {"moon": "What did the moon landing cost?"}


def test_line_ends_marks_and_blank_lines_do_not_matter(write_suite: WriteSuite) -> None:
    plain = load(write_suite())
    folder = write_suite("crlf")
    for file in folder.iterdir():
        file.write_text("\ufeff" + file.read_text(encoding="utf-8") + "\n", encoding="utf-8", newline="\r\n")
    other = load(folder)
    assert (other.questions, other.judgements, other.spans) == (plain.questions, plain.judgements, plain.spans)


def test_spans_may_be_left_out(write_suite: WriteSuite) -> None:
    assert load(write_suite(spans=None)).spans == {}


def test_the_fingerprint_follows_the_files(write_suite: WriteSuite) -> None:
    first, second = load(write_suite()), load(write_suite("same"))
    other = load(write_suite("other", qrels="query-id\tcorpus-id\tscore\nhoney\tpmid:900001\t2\n"))
    assert first.fingerprint == second.fingerprint != other.fingerprint


QRELS = "query-id\tcorpus-id\tscore\n"
SPANS = "query-id\tcorpus-id\tstart\tend\n"
WRONG = {
    "a judgement without its question": ("qrels", QRELS + "nobody\tpmid:900001\t1\n", 2, '"nobody"'),
    "a judgement of an unknown record": ("qrels", QRELS + "\nhoney\tpmid:1\t1\n", 3, '"pmid:1"'),
    "judged twice": ("qrels", QRELS + "honey\tpmid:900001\t1\nhoney\tpmid:900001\t2\n", 3, "twice"),
    "a half-written line": ("qrels", QRELS + "honey\tpmid:900001\t1\nhoney\tpmid:9", 3, "2 columns"),
    "a number left out": ("qrels", QRELS + "honey\tpmid:900001\t", 2, "not a whole number"),
    "no number": ("qrels", QRELS + "honey\tpmid:900001\thigh\n", 2, '"high"'),
    "no header": ("qrels", "honey\tpmid:900001\t1\n", 1, "query-id"),
    "an empty file": ("qrels", "", 0, "empty"),
    "no file": ("qrels", None, 0, "no such file"),
    "a span without its question": ("spans", SPANS + "nobody\tpmid:900001\t0\t5\n", 2, '"nobody"'),
    "a span in an unknown record": ("spans", SPANS + "honey\tpmid:1\t0\t5\n", 2, '"pmid:1"'),
    "a span beyond the text": ("spans", SPANS + "honey\tpmid:900001\t0\t5000\n", 2, "outside the text"),
    "a span before the text": ("spans", SPANS + "honey\tpmid:900001\t-1\t5\n", 2, "outside the text"),
    "an empty span": ("spans", SPANS + "honey\tpmid:900001\t5\t5\n", 2, "empty"),
    "a span that is no number": ("spans", SPANS + "honey\tpmid:900001\t0\t5.5\n", 2, '"5.5"'),
    "a span without its end": ("spans", SPANS + "honey\tpmid:900001\t0\n", 2, "3 columns"),
    "half a question": ("queries", '{"_id": "honey", "text": "Is it?"}\n{"_id": "car', 2, "not JSON"),
    "a question with no id": ("queries", '{"text": "Is it?"}\n', 1, '"_id"'),
    "a question with no words": ("queries", '{"_id": 1, "text": " ?"}\n', 1, "no words"),
    "a question twice": ("queries", '{"_id": 1, "text": "a"}\n{"_id": "1", "text": "b"}\n', 2, "twice"),
    "a question in a list": ("queries", "[1]\n", 1, "no object"),
    "half a record": ("corpus", '{"_id": "1", "title": "a"}\n{"_id": "2", "ti', 2, "not JSON"),
    "a record cut off in the first line": ("corpus", '{"_i', 1, "whole"),
    "no records at all": ("corpus", "These are my records.\n", 1, "JSON"),
    "a record twice": ("corpus", '{"_id": 1, "title": "a"}\n\n{"_id": 1, "title": "b"}\n', 3, "twice"),
    "a record with nothing in it": ("corpus", '{"_id": 1, "title": ""}\n', 1, "neither"),
    "half an unanswerable question": ("unanswerable", '{"_id": 1', 1, "not JSON"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_named_with_file_and_line(write_suite: WriteSuite, wrong: str) -> None:
    stem, text, line, words = WRONG[wrong]
    folder = write_suite(**{stem: text})
    with pytest.raises(ReadingError, match=words) as caught:
        load(folder)
    assert caught.value.path.startswith(str(folder / stem))
    assert caught.value.line == line


def test_a_suite_that_judges_nothing_is_refused(write_suite: WriteSuite) -> None:
    with pytest.raises(ReadingError, match="no judgement"):
        load(write_suite(qrels=QRELS, spans=None))


def test_a_folder_that_is_none(write_suite: WriteSuite) -> None:
    folder = write_suite()
    with pytest.raises(ReadingError, match="no such folder"):
        load(folder / "nowhere")
    with pytest.raises(ReadingError, match="is a file"):
        load(folder / "qrels.tsv")


def test_questions_of_another_field(write_suite: WriteSuite) -> None:
    folder = write_suite()
    (folder / "text.txt").write_text("Who won?\n\n Why me? \n")
    assert load_questions(folder / "text.txt") == {"1": "Who won?", "3": "Why me?"}
    assert load_questions(folder / "queries.jsonl") == load(folder).questions


def test_another_suite_lends_its_questions_only_where_it_shares_nothing(write_suite: WriteSuite) -> None:
    suite, same = load(write_suite()), load(write_suite("same"))
    assert suite.stranger(same) == {}
    other = load(
        write_suite(
            "other",
            corpus='{"_id": "x", "title": "Chess", "text": "A knight jumps."}\n',
            queries='{"_id": "q", "text": "How does a knight move?"}\n{"_id": "unjudged", "text": "Why?"}\n',
            qrels=QRELS + "q\tx\t1\n",
            spans=None,
        )
    )
    assert suite.stranger(other) == {"other/q": "How does a knight move?"}
