"""The README's table: this program beside BM25 and plain cosine, on the same questions, with intervals.

    python -m benchmarks.table SUITES --work DIR [--limit 150] [--save benchmarks/results/table.json]

SUITES is a folder of suites, such as ``benchmarks.held_out`` writes; DIR keeps their libraries. Baselines:

- BM25: records by BM25 over title and abstract; sentences by BM25 over the suite's sentences.
- sentences: records and sentences by the cosine of the best sentence, embedded with its title, as stored.
- abstracts: records by the cosine of title and abstract; it has no sentences to show.

The table says what each reaches, and by how much this program differs from the best of the three, paired.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qa import Library
from qa.answering.question import understand
from qa.evaluation import metrics
from qa.evaluation.run import build, chosen
from qa.evaluation.suite import Suite, load
from qa.schema import Sentence
from qa.storage import Store
from qa.storage.derived import State
from qa.storage.lexical import LexicalIndex

Ranking = tuple[list[str], list[Sentence]]
COLUMNS = ("nDCG@10", "recall@100", "sentence P@1", "sentence MRR@10", "sentence hit@10")


@dataclass(frozen=True, slots=True)
class Baselines:
    """The three plain rankings over one library; each gives record ids and sentences, best first."""

    library: Library
    store: Store
    sentences: LexicalIndex
    owners: dict[int, int]

    @classmethod
    def over(cls, library: Library) -> Baselines:
        store = library._store
        store.catch_up()
        index, owners = LexicalIndex(None), {}
        texts: list[tuple[int, str]] = []
        for row in store.database.rows():
            stored = store.stored([row])[row]
            for number, sentence in store.database.sentences(stored).items():
                if sentence.field == "abstract":
                    owners[number] = row
                    texts.append((number, sentence.text))
        index.add(texts, State(1, ""))
        return cls(library, store, index, owners)

    def bm25(self, text: str) -> Ranking:
        words = list(dict.fromkeys(self.store.words(text)))
        records = [row for row, _ in self.store.lexical(words, 100)]
        return self._ids(records), self._sentences([row for row, _ in self.sentences.search(words, 10)])

    def best_sentence(self, text: str) -> Ranking:
        question = understand(text, self.store, self.library._load())
        near = [row for row, _ in self.store.near_sentences(question.vector, 1500)]
        owners = self.store.database.owners(near)
        records = list(dict.fromkeys(owners[row] for row in near))[:100]
        return self._ids(records), self._sentences([row for row in near if row in self.owners][:10])

    def whole_abstract(self, text: str) -> Ranking:
        question = understand(text, self.store, self.library._load())
        return self._ids([row for row, _ in self.store.near_records(question.vector, 100)]), []

    def ours(self, text: str) -> Ranking:
        hits = self.library.search(text, k=10)
        return [hit.record.id for hit in self.library.search_records(text, k=100)], [hit.sentence for hit in hits]

    def _ids(self, rows: Sequence[int]) -> list[str]:
        stored = self.store.stored(list(rows))
        return [stored[row].record.id for row in rows]

    def _sentences(self, rows: Sequence[int]) -> list[Sentence]:
        found = []
        for row in rows:
            stored = self.store.stored([self.owners[row]])[self.owners[row]]
            found.append(self.store.database.sentences(stored)[row])
        return found


SYSTEMS: dict[str, Callable[[Baselines, str], Ranking]] = {
    "BM25": Baselines.bm25,
    "cosine, sentences": Baselines.best_sentence,
    "cosine, abstracts": Baselines.whole_abstract,
    "this program": Baselines.ours,
}


def values(system: str, baselines: Baselines, suite: Suite, asked: Sequence[str]) -> dict[str, list[float]]:
    """Each measure's value for every question asked, in their order."""
    found: dict[str, list[float]] = {}
    for number in asked:
        records, sentences = SYSTEMS[system](baselines, suite.questions[number])
        for name, value in measured(suite, number, records, sentences):
            found.setdefault(name, []).append(float(value))
    return found


def measured(
    suite: Suite, number: str, records: list[str], sentences: list[Sentence]
) -> Iterator[tuple[str, float | bool]]:
    if grades := suite.judgements.get(number):
        yield "nDCG@10", metrics.ndcg(records, grades)
        yield "recall@100", metrics.recall(records, grades)
    if spans := suite.spans.get(number):
        right = [
            s.field == "abstract"
            and metrics.is_right(s.start, s.end, [(g.start, g.end) for g in spans if g.record_id == s.record_id])
            for s in sentences
        ]
        yield "sentence P@1", any(right[:1])
        yield "sentence MRR@10", metrics.reciprocal_rank(right)
        yield "sentence hit@10", any(right[:10])


def rows_of(suite: Suite, baselines: Baselines, asked: Sequence[str]) -> list[dict[str, Any]]:
    """One row a system: each measure with its interval; this program's also with the difference to the best other."""
    measured = {system: values(system, baselines, suite, asked) for system in SYSTEMS}
    rows = []
    for system, columns in measured.items():
        row: dict[str, Any] = {"suite": suite.name, "system": system}
        for name in COLUMNS:
            own = np.array(columns.get(name, []))
            if not len(own) or (name.startswith("sentence") and system == "cosine, abstracts"):
                continue
            low, high = metrics.interval(own)
            row[name] = {"value": float(own.mean()), "low": low, "high": high, "n": len(own)}
            if system == "this program":
                best = max((measured[other][name] for other in list(SYSTEMS)[:-1]), key=lambda v: float(np.mean(v)))
                change = metrics.difference(np.array(best), own)
                row[name]["over the best other"] = {"value": change.value, "low": change.low, "high": change.high}
        rows.append(row)
    return rows


def markdown(rows: Sequence[dict[str, Any]]) -> str:
    shown = ("nDCG@10", "sentence P@1", "sentence MRR@10")
    lines = ["| suite | system | n | " + " | ".join(shown) + " |", "|---|---|--:|" + "--:|" * len(shown)]
    for row in rows:
        cells = []
        for name in shown:
            cell = row.get(name)
            cells.append(f"{cell['value']:.2f} ({cell['low']:.2f}–{cell['high']:.2f})" if cell else "–")
        count = max(row[name]["n"] for name in COLUMNS if name in row)
        lines.append(f"| {row['suite']} | {row['system']} | {count} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", type=Path)
    parser.add_argument("--work", type=Path, required=True, help="a folder for the suites' libraries")
    parser.add_argument("--limit", type=int, default=None, help="questions of each suite at most")
    parser.add_argument("--save", type=Path, help="write the rows as JSON")
    options = parser.parse_args()
    rows: list[dict[str, Any]] = []
    for folder in sorted(path for path in options.suites.iterdir() if (path / "queries.jsonl").exists()):
        suite = load(folder)
        baselines = Baselines.over(build(suite, options.work / suite.name))
        rows += rows_of(suite, baselines, chosen(suite.judged, options.limit))
        print(markdown(rows[-len(SYSTEMS) :]), flush=True)
    if options.save:
        versions = {name: importlib.metadata.version(name) for name in ("torch", "faiss-cpu", "tantivy", "onnxruntime")}
        about = {"python": platform.python_version(), "versions": versions, "limit": options.limit}
        options.save.write_text(json.dumps({"about": about, "rows": rows}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
