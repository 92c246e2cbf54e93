"""Running a suite: every question is asked as a person would ask it, of a library that holds the suite's records."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from qa.errors import LibraryError, QuestionError, ReadingError
from qa.evaluation import metrics
from qa.evaluation.metrics import SEED, Decision
from qa.evaluation.result import Result
from qa.evaluation.suite import Suite
from qa.library import Library
from qa.schema import Hit, Progress, ProgressCallback

#: Questions of each kind, answerable and not, that abstention is measured on at most: each costs one more answer.
MOST_ASKED = 200


def build(
    suite: Suite,
    folder: str | os.PathLike[str],
    *,
    model: str | None = None,
    say: Callable[[str], None] | None = None,
    progress: ProgressCallback | None = None,
) -> Library:
    """The library of a suite's records in a folder; what is already there is not embedded again."""
    library = Library.open(folder, model=model, say=say)
    library.add(suite.corpus, progress=progress)
    if len(library) != len(suite.records):
        raise LibraryError(
            f"The library in {folder} holds {len(library):,} records, the suite {suite.name} {len(suite.records):,}. "
            "Remove the folder, or name another one."
        )
    return library


def run(
    library: Library,
    suite: Suite,
    *,
    unanswerable: Mapping[str, str] | None = None,
    limit: int | None = None,
    progress: ProgressCallback | None = None,
) -> Result:
    """Ask a library the questions of a suite, and keep the value of each.

    Only ``search`` is timed, from the typed question to the ranked sentences, and not on its first call, which loads
    the model. Whether ``ask`` declines is measured where there are questions that the records cannot answer (the
    suite's own and ``unanswerable``), on an even mix of these and of the suite's. ``limit`` takes so many of the
    questions, chosen at random but always the same, so that a smaller limit takes a part of what a larger one takes.
    """
    tell = progress or (lambda _: None)
    asked = chosen(suite.judged, limit)
    strangers = {f"unanswerable/{key}": text for key, text in {**suite.unanswerable, **(unanswerable or {})}.items()}
    declinable = chosen(list(strangers), min(len(asked), MOST_ASKED))
    answerable = asked[: len(declinable)]
    total = len(asked) + len(declinable) + len(answerable)
    values: dict[str, dict[str, float]] = {}

    def keep(column: str, question: str, value: float) -> None:
        values.setdefault(column, {})[question] = float(value)

    texts = {**suite.questions, **strangers}
    try:
        for done, question in enumerate(asked):
            tell(Progress(f"{suite.name}: searching", done, total))
            if not done:
                library.search(texts[question], k=10)
            begin = time.perf_counter()
            hits = library.search(texts[question], k=10)
            keep("seconds", question, time.perf_counter() - begin)
            if question in suite.judgements:
                found = [hit.record.id for hit in library.search_records(texts[question], k=100)]
                keep("nDCG@10", question, metrics.ndcg(found, suite.judgements[question]))
                keep("recall@100", question, metrics.recall(found, suite.judgements[question]))
            if question in suite.spans:
                right = judge(hits, suite, question)
                keep("sentence P@1", question, any(right[:1]))
                keep("sentence MRR@10", question, metrics.reciprocal_rank(right))
                keep("sentence hit@10", question, any(right[:10]))
        for done, question in enumerate((*answerable, *declinable), len(asked)):
            tell(Progress(f"{suite.name}: asking", done, total))
            declined = not library.ask(texts[question])
            keep("decision", question, Decision.of(answerable=question not in strangers, declined=declined))
    except QuestionError as error:
        raise ReadingError(suite.corpus.with_name("queries.jsonl"), f'the question "{question}": {error}') from error
    tell(Progress(f"{suite.name}: asking", total, total))
    return Result(suite.name, suite.fingerprint, settings(library, limit), values)


def judge(hits: Sequence[Hit], suite: Suite, question: str) -> list[bool]:
    """Which of the hits are right: sentences of an abstract, half of which lies in a gold span of that record."""
    gold: dict[str, list[tuple[int, int]]] = {}
    for span in suite.spans[question]:
        gold.setdefault(span.record_id, []).append((span.start, span.end))
    return [
        hit.sentence.field == "abstract"
        and metrics.is_right(hit.sentence.start, hit.sentence.end, gold.get(hit.sentence.record_id, ()))
        for hit in hits
    ]


def chosen(items: Iterable[str], most: int | None) -> list[str]:
    """At most so many of the items, at random but always the same ones, whatever order they come in."""
    ordered = sorted(items)
    drawn = [ordered[i] for i in np.random.default_rng(SEED).permutation(len(ordered))]
    return drawn if most is None else drawn[:most]


def settings(library: Library, limit: int | None) -> dict[str, Any]:
    """What a result was measured with, to be told beside it."""
    info = library.info()
    return {
        "model": info.embedder,
        "records": info.records,
        "sentences": info.sentences,
        "version": info.version,
        "processors": os.cpu_count() or 0,
        "limit": limit,
    }


def folder_of(suite: Suite, work: Path, model: str | None) -> Path:
    """Where the library of a suite is kept below a working folder: one for each model."""
    plain = "".join(c if c.isalnum() or c in "-_." else "-" for c in model or "")
    return work / (f"{suite.name}--{plain}" if plain else suite.name)
