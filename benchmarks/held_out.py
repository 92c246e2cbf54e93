"""Cut suites down to the questions that nothing was trained on.

    python -m benchmarks.held_out SUITES OUT

Writes OUT/<suite> for every suite with evidence spans, with the questions that
``benchmarks/training/instances.py`` keeps for the report.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.training.instances import part
from qa.evaluation.suite import load

SUITES = ("scifact-train", "pubmedqa-unlabelled", "pubmedqa", "bioasq-abstracts", "evidence-inference", "written")


def cut(source: Path, target: Path) -> int:
    """Write a suite with the held-out questions only; returns how many they are."""
    suite = load(source)
    kept = set()
    for number, grades in suite.judgements.items():
        gold = sorted(record for record, grade in grades.items() if grade > 0)
        if gold and part(gold[0]) == "report":
            kept.add(number)
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source / "corpus.jsonl", target / "corpus.jsonl")
    _filter(source / "queries.jsonl", target / "queries.jsonl", lambda line: json.loads(line)["_id"] in kept)
    for name in ("qrels.tsv", "spans.tsv"):
        _filter(source / name, target / name, lambda line: line.startswith("query-id") or line.split("\t")[0] in kept)
    return len(kept)


def _filter(source: Path, target: Path, keep: Callable[[str], bool]) -> None:
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    target.write_text("".join(line for line in lines if keep(line)), encoding="utf-8")


if __name__ == "__main__":
    for name in (name for name in SUITES if (Path(sys.argv[1]) / name).is_dir()):
        print(name, cut(Path(sys.argv[1]) / name, Path(sys.argv[2]) / name))
