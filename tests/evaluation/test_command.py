from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

import pytest

from qa import Library
from qa.errors import QAError, ReadingError
from qa.evaluation.command import configure, run_eval
from qa.schema import Progress
from tests.evaluation.conftest import WriteSuite


def options(*arguments: object) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    configure(parser)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--library", default="index")
    return parser.parse_args([str(argument) for argument in arguments])


@pytest.mark.usefixtures("few_questions", "one_model")
def test_a_suite_is_measured_saved_and_compared(write_suite: WriteSuite, tmp_path: Path) -> None:
    folder, work, saved = write_suite(), tmp_path / "work", tmp_path / "saved.json"
    told: list[Progress] = []
    text = run_eval(options(folder, "--work", work, "--save", saved, "--unanswerable", "everyday"), told.append)
    lines = text.splitlines()
    assert lines[0] == "small: 5 records, model all-MiniLM-L6-v2"
    assert lines[2].split() == ["nDCG@10", "1.000", "1.000", "to", "1.000", "4"]
    assert [line.split("  ")[1] for line in lines[2:]] == [
        "nDCG@10", "recall@100", "sentence P@1", "sentence MRR@10", "sentence hit@10",
        "abstention precision", "abstention recall", "abstention F1", "latency p50", "latency p95",
    ]  # fmt: skip
    assert any(progress.stage == "small: searching" for progress in told)

    again = run_eval(options(folder, "--work", work, "--compare", saved))
    assert "abstention: not measured" in again
    (row,) = [line for line in again.split("compared")[1].splitlines() if "nDCG@10" in line]
    assert row.split() == ["nDCG@10", "1.000", "1.000", "+0.000", "+0.000", "to", "+0.000", "1.000", "4"]
    plain = json.loads(run_eval(options(folder, "--work", work, "--compare", saved, "--json", "--limit", 2)))
    (one,) = plain["results"]
    assert one["suite"] == "small"
    assert one["measures"][0]["metric"] == one["compared"][0]["metric"] == "nDCG@10"
    assert one["compared"][0]["n"] == 2


@pytest.mark.usefixtures("one_model")
def test_several_suites_lend_each_other_questions(write_suite: WriteSuite, tmp_path: Path) -> None:
    other = write_suite(
        "other",
        corpus='{"_id": "x", "title": "Chess", "text": "A knight jumps over other pieces."}\n',
        queries='{"_id": "q", "text": "How does a knight move in chess?"}\n',
        qrels="query-id\tcorpus-id\tscore\nq\tx\t1\n",
        spans=None,
    )
    saved = tmp_path / "saved.json"
    assert "other: 1 records" in run_eval(options(write_suite(), other, "--save", saved))
    small, _ = json.loads(saved.read_text(encoding="utf-8"))["results"]
    assert [key for key in small["values"]["decision"] if key.startswith("unanswerable")] == ["unanswerable/other/q"]


@pytest.mark.usefixtures("few_questions", "one_model")
def test_own(filled: Library, tmp_path: Path) -> None:
    saved = tmp_path / "saved.json"
    text = run_eval(options("--own", "--library", filled.folder, "--save", saved))
    assert text.startswith("own library: 5 records")
    assert "Titles find their record first in 5 of 5 cases" in text
    again = options("--own", "--library", filled.folder, "--json", "--compare", saved, "--limit", 1)
    plain = json.loads(run_eval(again))
    assert plain["own"]["works"] in {"well", "partly", "poorly"}
    assert plain["results"][0]["compared"]
    changed = json.loads(saved.read_text(encoding="utf-8"))
    changed["results"][0]["fingerprint"] = "other"
    saved.write_text(json.dumps(changed), encoding="utf-8")
    assert "not compared" in json.loads(run_eval(again))["own"]["words"]
    assert "no records" in run_eval(options("--own", "--library", tmp_path / "none"))


def test_what_cannot_be_run_is_said_before_anything_runs(write_suite: WriteSuite, tmp_path: Path) -> None:
    folder, saved = write_suite(), tmp_path / "saved.json"
    with pytest.raises(SystemExit):
        run_eval(options())
    saved.write_text('{"results": [{"suite": "small", "fingerprint": "x", "settings": {}, "values": {}}]}')
    with pytest.raises(QAError, match="another state of small"):
        run_eval(options(folder, "--compare", saved))
    with pytest.raises(QAError, match="holds small, and nothing"):
        run_eval(options("--own", "--compare", saved))
    (tmp_path / "b").mkdir()
    folder.rename(tmp_path / "b" / "small")
    with pytest.raises(QAError, match="Two suites are called small"):
        run_eval(options(tmp_path / "b" / "small", write_suite()))
    with pytest.raises(ReadingError, match="no such file"):
        run_eval(options(tmp_path / "b" / "small", "--unanswerable", "nowhere.txt"))


def test_the_options_load_nothing_heavy() -> None:
    code = (
        "import sys, argparse; from qa.evaluation.command import configure; configure(argparse.ArgumentParser());"
        "print([m for m in ('numpy', 'torch', 'lxml', 'faiss', 'rich') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
