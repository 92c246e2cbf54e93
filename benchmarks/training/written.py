"""Questions and claims written for this project about single abstracts, each with the sentences that answer it.

    python -m benchmarks.training.written PUBMED.xml.gz --suite DIR

``benchmarks/data/written.jsonl`` has a line for each: the record, the question, the numbers of the sentences that
answer (of the abstract's, as this program splits it into ``sentences``), of those that ``also`` might, and the kind. Of
kind "near" are questions that the abstract comes near to and does not answer. A language model wrote them after reading
the abstract, to instructions to ask as people do, in other words than the sentence that answers; nobody has gone
through them one by one.

The command writes those about PubMed's abstracts as a suite, with other abstracts of the file beside them.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks.training.instances import Instance, Reading, part, reading_of
from qa.reading import read
from qa.schema import Record, Sentence
from qa.sentences.splitter import boundaries
from qa.storage.derived import State
from qa.storage.lexical import LexicalIndex, analyzer

FILE = Path(__file__).parents[1] / "data" / "written.jsonl"

#: The suites that instances are told by: questions as people ask them, claims, and questions that nothing answers.
ASKED, CLAIMED, NEAR = "written", "written claims", "near"

#: BM25's best others that are read beside the record that answers: some of the first few, and of those further down.
HARDEST, AMONG, FURTHER = 2, 6, 2

#: The first abstracts of the file, which ``benchmarks.natural`` asks about, and others that only fill the suite.
NATURAL, OTHERS = 500, 800


@dataclass(frozen=True, slots=True)
class Written:
    """A question about a record; ``answers`` and ``also`` are numbers of the ``sentences`` of its abstract, from 0."""

    record: str
    question: str
    answers: tuple[int, ...]
    also: tuple[int, ...]
    sentences: int
    kind: str


def written(path: Path = FILE) -> list[Written]:
    """All of them, in the file's order."""
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [Written(**{**one, "answers": tuple(one["answers"]), "also": tuple(one["also"])}) for one in lines]


def sentences_of(record: Record, one: Written) -> list[Sentence]:
    """The sentences of the abstract that the question is about; ValueError where it is split otherwise by now."""
    found = [sentence for sentence in boundaries(record) if sentence.field == "abstract"]
    if len(found) != one.sentences:
        raise ValueError(f"{record.id} has {len(found)} sentences; the question was written for {one.sentences}.")
    return found


def of_written(records: Iterable[Record], asked: Iterable[Written] | None = None) -> Iterator[Instance]:
    """Instances of those about these records; what is kept for tuning and reports is no negative of another."""
    rng, analyze = random.Random(0), analyzer()
    usable = [record for record in records if record.abstract and record.language in ("", "en", "eng")]
    by_id = {record.id: record for record in usable}
    index = LexicalIndex(None)
    index.add(((row, f"{record.title}\n{record.abstract}") for row, record in enumerate(usable)), State(1, ""))
    for number, one in enumerate(written() if asked is None else asked):
        if one.record not in by_id:
            continue
        words = list(dict.fromkeys(analyze.analyze(one.question)))
        found = [usable[row] for row, _ in index.search(words, 40)]
        others = [record for record in found if record.id != one.record and part(record.id) == "learn"]
        chosen = rng.sample(others[:AMONG], min(HARDEST, len(others[:AMONG])))
        chosen += rng.sample(others[AMONG:], min(FURTHER, len(others[AMONG:])))
        readings = (_own(by_id[one.record], one), *(reading_of(record) for record in chosen))
        suite = NEAR if one.kind == "near" else CLAIMED if one.record[:5] != "pmid:" else ASKED
        yield Instance(suite, f"{number}", one.question, part(one.record) != "learn", readings)


def _own(record: Record, one: Written) -> Reading:
    """The abstract without what might answer, too."""
    kept = [(n, s.text) for n, s in enumerate(sentences_of(record, one)) if n not in one.also]
    answers = tuple(n in one.answers for n, _ in kept)
    return Reading(record.title, tuple(text for _, text in kept), answers, any(answers))


def write_suite(folder: Path, records: Mapping[str, Record], asked: Iterable[Written]) -> None:
    """A suite of these records with the questions about them; where nothing answers, a question has no judgement."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps({"_id": r.id, "title": r.title, "text": r.abstract}) for r in records.values())
    (folder / "corpus.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    queries, judged, spans = [], ["query-id\tcorpus-id\tscore"], ["query-id\tcorpus-id\tstart\tend"]
    for number, one in enumerate(asked):
        if one.record not in records:
            continue
        queries.append(json.dumps({"_id": f"{number}", "text": one.question}))
        if one.answers:
            judged.append(f"{number}\t{one.record}\t1")
        found = sentences_of(records[one.record], one)
        spans += [f"{number}\t{one.record}\t{found[n].start}\t{found[n].end}" for n in one.answers]
    for name, rows in (("queries.jsonl", queries), ("qrels.tsv", judged), ("spans.tsv", spans)):
        (folder / name).write_text("\n".join(rows) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pubmed", type=Path)
    parser.add_argument("--suite", type=Path, required=True)
    options = parser.parse_args()
    abstracts = (record for record in read(options.pubmed) if isinstance(record, Record) and record.abstract)
    later = list(islice(abstracts, NATURAL, None))
    named = {one.record for one in written()}
    chosen = [record for record in later if record.id in named]
    chosen += islice((record for record in later if record.id not in named), OTHERS)
    write_suite(options.suite, {record.id: record for record in chosen}, written())


if __name__ == "__main__":
    main()
