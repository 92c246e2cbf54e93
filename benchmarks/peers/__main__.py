"""Ask this program and its peers the same questions of the same sentences, with the same model, and compare.

    python -m benchmarks.peers SUITE --work DIR --python PEERS/bin/python [--systems …] [--questions 100] [--rounds 3]
                               [--limit RECORDS] [--keep SYSTEM …] [--save benchmarks/results/peers.json]

Each system indexes the suite's sentences with their titles (this program: the corpus as it comes, which it parses,
splits and appraises besides), and answers questions in new processes, in turn, ``rounds`` times. PEERS is an
environment with requirements.txt of this folder. Times are ratios to this program's, medians over rounds with their
range; what is found is measured by the suite's judgements: sentences as they are ranked, records by their best one.

With ``--libraries`` every system is given the first ``--sentences`` of these libraries, of which the first holds the
suite's records, and the vectors that are stored with them: nothing is embedded, this program indexes the records of a
library, and nobody's first answer is waited for.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import conditions
from benchmarks.peers.passages import Passage, write
from benchmarks.peers.passages import load as load_passages
from benchmarks.peers.stored import export
from benchmarks.peers.systems import SYSTEMS
from benchmarks.training.instances import part
from qa.evaluation.metrics import interval, is_right, ndcg
from qa.evaluation.suite import Suite, load
from qa.reading import read
from qa.schema import Record
from qa.sentences import split

OURS = "this program"


def passages(records: Sequence[Record]) -> Iterator[Passage]:
    for record in records:
        for sentence in split(record):
            if sentence.field == "abstract":
                yield Passage(record.id, sentence.start, sentence.end, f"{record.title}: {sentence.text}")


def run(python: str, *arguments: str | Path) -> dict[str, Any]:
    """A worker's answer: its last line."""
    ours = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "ALLOW_RESOLVE_TRANSFORM": "True"}  # txtai's
    command = [python, "-m", "benchmarks.peers.worker", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **ours}, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


def size(folder: Path) -> float:
    """MB on disk."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def quality(found: Sequence[dict[str, Any]], numbers: Sequence[str], suite: Suite) -> dict[str, Any]:
    """nDCG@10 over the questions, and P@1 over those with spans, each with its interval."""
    gains, right = [], []
    for one, number in zip(found, numbers, strict=True):
        gains.append(ndcg(one["records"], suite.judgements[number]))
        if gold := suite.spans.get(number):
            record, start, end = one["sentences"][0]
            right.append(is_right(start, end, [(g.start, g.end) for g in gold if g.record_id == record]))
    return {
        name: {
            "value": float(np.mean(values)),
            "interval": interval(np.array(values, dtype=np.float64)),
            "n": len(values),
        }
        for name, values in (("nDCG@10", gains), ("sentence P@1", right))
    }


def middle(values: Sequence[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "low": min(values), "high": max(values)}


def compare(suite: Suite, numbers: Sequence[str], options: argparse.Namespace) -> dict[str, Any]:
    work: Path = options.work
    work.mkdir(parents=True, exist_ok=True)
    sentences, asked = work / "passages.jsonl", work / "questions.json"
    if options.libraries:
        corpus, vectors = work / "library", [work / "vectors.npy"]
        if not sentences.exists():
            write(export(options.libraries, options.sentences, corpus, vectors[0]), sentences)
    else:
        corpus, vectors = work / "corpus.jsonl", []
        judged = {record for number in numbers for record in suite.judgements[number]}
        lines = suite.corpus.read_text(encoding="utf-8").splitlines(keepends=True)
        lines.sort(key=lambda line: json.loads(line)["_id"] not in judged)
        corpus.write_text("".join(islice(lines, options.limit)), encoding="utf-8")
        write(passages([entry for entry in read(corpus) if isinstance(entry, Record)]), sentences)
    held = [passage.record for passage in load_passages(sentences)]
    asked.write_text(json.dumps([suite.questions[number] for number in numbers]), encoding="utf-8")
    rows: dict[str, dict[str, Any]] = {name: {"rounds": []} for name in options.systems}
    for name, row in rows.items():
        built = work / f"{name}.json"
        if name in options.keep:
            row |= json.loads(built.read_text(encoding="utf-8"))
            continue
        python, given = (sys.executable, corpus) if name == OURS else (options.python, sentences)
        shutil.rmtree(work / name, ignore_errors=True)
        row["build"] = run(python, name, "build", given, work / name, *vectors)
        row["MB on disk"] = size(work / name)
        if not vectors:
            shutil.rmtree(work / "first", ignore_errors=True)
            row["first"] = run(python, name, "first", given, work / "first", asked)
        print(name, row, flush=True)
        built.write_text(json.dumps(row), encoding="utf-8")
    for _ in range(options.rounds):
        for name, row in rows.items():
            python = sys.executable if name == OURS else options.python
            told = run(python, name, "ask", sentences, work / name, asked)
            row["quality"] = quality(told["found"], numbers, suite)
            warm = sorted(told["seconds"][1:])
            row["rounds"].append(
                {
                    "cold": told["cold"],
                    "p50": statistics.median(warm),
                    "p95": float(np.quantile(warm, 0.95)),
                    "peak MB": told["peak MB"],
                }
            )
    for row in rows.values():
        row["asking"] = {key: middle([one[key] for one in row["rounds"]]) for key in row["rounds"][0]}
    return {"records": len(set(held)), "sentences": len(held), "questions": len(numbers), "systems": rows}


def table(result: dict[str, Any]) -> str:
    """The README's table: figures of this program, and the others' as multiples of them."""
    ours = result["systems"][OURS]
    columns = (
        "first sentence right",
        "nDCG@10",
        "index",
        "first answer",
        "cold answer",
        "warm p50",
        "warm p95",
        "memory",
    )
    head = f"| | {' | '.join(columns)} | disk |\n|---|" + "--:|" * (len(columns) + 1)
    rows = [head]
    for name, row in result["systems"].items():

        def told(value: float, own: float, unit: str, name: str = name) -> str:
            return f"{own:.3g} {unit}" if name == OURS else f"{value / own:.1f}×"

        found = row["quality"]
        cells = [f"{found[key]['value']:.2f}" for key in ("sentence P@1", "nDCG@10")]
        cells.append(told(row["build"]["seconds"], ours["build"]["seconds"], "s"))
        cells.append(told(row["first"]["seconds"], ours["first"]["seconds"], "s") if "first" in row else "")
        cells += [told(row["asking"][k]["median"], ours["asking"][k]["median"], "s") for k in ("cold", "p50", "p95")]
        cells.append(told(row["asking"]["peak MB"]["median"], ours["asking"]["peak MB"]["median"], "MB"))
        cells.append(told(row["MB on disk"], ours["MB on disk"], "MB"))
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--python", required=True, help="the interpreter of the peers' environment")
    parser.add_argument("--systems", nargs="+", default=[OURS, *SYSTEMS], choices=[OURS, *SYSTEMS])
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=int, help="only so many records: those judged, and others")
    parser.add_argument("--libraries", type=Path, nargs="+", help="embedded already; the suite's records first")
    parser.add_argument("--sentences", type=int, default=100_000)
    parser.add_argument("--keep", nargs="+", default=[], choices=[OURS, *SYSTEMS], help="what the last run has built")
    parser.add_argument("--save", type=Path)
    options = parser.parse_args()
    suite = load(options.suite)
    gold = {n: sorted(r for r, grade in suite.judgements.get(n, {}).items() if grade > 0) for n in suite.questions}
    # Questions that nothing of this program was trained on, those for the report first.
    kept = [n for n, records in gold.items() if records and part(records[0]) != "learn"]
    kept.sort(key=lambda n: part(gold[n][0]) != "report")
    result = compare(suite, kept[: options.questions], options)
    print(table(result))
    if options.save:
        text = json.dumps({"conditions": conditions(), **result}, indent=1)
        options.save.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
