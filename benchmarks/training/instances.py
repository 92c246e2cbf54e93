"""What the judge learns from: questions, each with records that answer (their sentences marked) and some that do not.

An eighth of every suite's questions is kept to fit weights on, and an eighth for the report, by a hash of the record
that answers, so that two claims about one record never fall on different sides. Negatives are the best candidates of
the hybrid retrieval that no judgement names.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from qa import Library, reading
from qa.answering.question import understand
from qa.answering.retrieval import retrieve
from qa.evaluation.metrics import is_right
from qa.evaluation.suite import Suite, load
from qa.schema import Record, Sentence
from qa.sentences.splitter import boundaries
from qa.storage.derived import State
from qa.storage.lexical import LexicalIndex, analyzer

#: Negatives kept for a question, by suite.
NEGATIVES = {"scifact-train": 5, "pubmedqa-unlabelled": 4, "bioasq-abstracts": 6, "evidence-inference": 3, "bioasq": 5}


@dataclass(frozen=True, slots=True)
class Reading:
    """One record read for a question: its sentences, and which of them answer."""

    title: str
    sentences: tuple[str, ...]
    answers: tuple[bool, ...]
    gold: bool


@dataclass(frozen=True, slots=True)
class Instance:
    """A question with what is read for it.

    In a ``loose`` one the record is known that answers, the sentences are not: marked are those that may.
    """

    suite: str
    id: str
    question: str
    held_out: bool
    readings: tuple[Reading, ...]
    loose: bool = False


def part(record_id: str) -> Literal["learn", "tune", "report"]:
    """What questions answered by this record serve for: three quarters train the judge, an eighth fits the weights."""
    number = int(hashlib.sha256(record_id.encode()).hexdigest(), 16) % 8
    return "tune" if number == 0 else "report" if number == 4 else "learn"


def of_suite(folder: Path, work: Path) -> Iterator[Instance]:
    """The instances of a suite with evidence spans; its library is built in (or reused from) ``work``."""
    suite = load(folder)
    library = Library.open(work / suite.name)
    if not library.exists:
        library.add(folder / "corpus.jsonl")
    store, embedder, rng = library._store, library._load(), random.Random(0)
    for number, text in suite.questions.items():
        gold = sorted(record for record, grade in suite.judgements.get(number, {}).items() if grade > 0)
        if not gold:
            continue
        loose = not suite.spans.get(number)
        kept = part(gold[0]) != "learn"
        question = understand(text, store, embedder)
        rows = retrieve(question, store, 30).rows[:30]
        stored = store.stored(rows)
        negatives = [stored[row].record for row in rows if stored[row].record.id not in suite.judgements[number]]
        count = NEGATIVES[suite.name]
        if not kept:  # the hardest two, and others from further down
            negatives = negatives[:2] + rng.sample(negatives[2:], min(count - 2, max(0, len(negatives) - 2)))
        positives = [found.record for found in store.database.by_id(gold).values()]
        positives = positives if kept else positives[:4]
        readings = [reading_of(one, gold=True) if loose else _read(one, suite, number) for one in positives]
        readings = [reading for reading in readings if any(reading.answers)]
        if readings:
            readings += [reading_of(record) for record in negatives[:count]]
            yield Instance(suite.name, number, text, kept, tuple(r for r in readings if r.sentences), loose)


def _read(record: Record, suite: Suite, question: str) -> Reading:
    sentences = _quotable(record)
    spans = [(span.start, span.end) for span in suite.spans.get(question, []) if span.record_id == record.id]
    answers = tuple(is_right(sentence.start, sentence.end, spans) for sentence in sentences)
    return Reading(record.title, tuple(sentence.text for sentence in sentences), answers, True)


def reading_of(record: Record, *, gold: bool = False) -> Reading:
    """All of a record's abstract, none of which answers; or, of a ``gold`` one, any sentence of it may."""
    texts = tuple(sentence.text for sentence in _quotable(record))
    return Reading(record.title, texts, (gold,) * len(texts), gold)


def _quotable(record: Record) -> list[Sentence]:
    return [sentence for sentence in boundaries(record) if sentence.field == "abstract"]


def of_snippets(folder: Path, without: Sequence[str]) -> Iterator[Instance]:
    """BioASQ's questions over articles that hold only their gold snippets; negatives are BM25's best. All train.

    ``without`` are questions that must not be trained on.
    """
    suite, rng, analyze = load(folder), random.Random(0), analyzer()
    records = [record for record in reading.read(suite.corpus) if isinstance(record, Record)]
    index = LexicalIndex(None)
    index.add(((row, f"{record.title}\n{record.abstract}") for row, record in enumerate(records)), State(1, ""))
    by_id = {record.id: record for record in records}
    for number, text in suite.questions.items():
        if text in without:
            continue
        gold = set(suite.judgements.get(number, {}))
        found = [row for row, _ in index.search(list(dict.fromkeys(analyze.analyze(text))), 40)]
        others = [records[row] for row in found if records[row].id not in gold]
        others = others[:3] + rng.sample(others[3:], min(2, max(0, len(others) - 3)))
        chosen = rng.sample(sorted(gold), min(3, len(gold)))
        pairs = [(by_id[name], True) for name in chosen] + [(record, False) for record in others]
        readings = []
        for record, right in pairs:
            texts = tuple(sentence.text for sentence in _quotable(record))
            if texts:
                readings.append(Reading(record.title, texts, (right,) * len(texts), right))
        if any(reading.gold for reading in readings):
            yield Instance(suite.name, number, text, False, tuple(readings))


_CLAIM = re.compile(
    r"(?i)\b(is|are|was|were|reduces?|increases?|improves?|predicts?|promotes?|inhibits?|regulates?|affects?|"
    r"causes?|attenuates?|enhances?|mediates?|suppresses?|associated with|correlates?|contributes?|prevents?|"
    r"decreases?|induces?|does not|do not|has|have)\b"
)
_DESIGN = re.compile(r"(?i):[^:?]*(trial|study|review|analysis|meta-analysis|cohort)[^:]*$")


def of_titles(records: Iterable[Record], most: int = 1200) -> Iterator[Instance]:
    """Titles that ask or claim something, as questions whose answer is their own abstract's conclusion. All train."""
    rng = random.Random(0)
    records = [record for record in records if record.abstract and record.language in ("", "en", "eng")]
    concluded = [record for record in records if any(s.category.upper() == "CONCLUSIONS" for s in record.sections)]
    asking = [record for record in concluded if record.title.rstrip().endswith("?")]
    claiming = [r for r in concluded if r not in asking and _CLAIM.search(r.title) and len(r.title) < 180]
    for record in asking + rng.sample(claiming, min(most, len(claiming))):
        category = {section.label: section.category.upper() for section in record.sections}
        own = _quotable(record)
        answers = tuple(category.get(sentence.section) == "CONCLUSIONS" for sentence in own)
        readings = [Reading("", tuple(sentence.text for sentence in own), answers, True)]
        for other in rng.choices(records, k=2):
            texts = tuple(sentence.text for sentence in _quotable(other))
            readings.append(Reading(other.title, texts, (False,) * len(texts), False))
        if any(answers):
            question = _DESIGN.sub("", record.title.rstrip("."))
            yield Instance("titles", record.id, question, False, tuple(readings))
