"""The stages in a row: understand, retrieve, read, rank."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering import phrases
from qa.answering.abstention import FOREIGN, SAMPLE, SILENT, Curve, evidence, fit
from qa.answering.coverage import covered
from qa.answering.judge import Judge
from qa.answering.question import Question, understand
from qa.answering.ranking import BEST_JUDGED, RECORD_UNREAD, Considered, Ranked, consider, rank, rank_records
from qa.answering.retrieval import NO_FILTERS, Candidates, retrieve
from qa.answering.wants import gives, wanted
from qa.embedding import Embedder
from qa.schema import Filters, Progress, ProgressCallback
from qa.storage import Store

#: How near a question that names no subject ("Which mechanisms have been proposed?") is taken to be to a sentence that
#: gives what it wants: its vector says little, and its words have to do.
SUBJECTLESS = 0.4

#: What is being done, for whoever waits; the number that goes with the second is how many records are read.
SEARCHING, READING, CHOOSING = "Searching the library", "Reading records", "Choosing sentences"


@dataclass(frozen=True, slots=True)
class Found:
    """What a question found: candidates, the records considered, and their sentences ranked."""

    question: Question
    candidates: Candidates
    considered: list[Considered]
    ranked: list[Ranked]
    evidence: float  # log-odds, before calibration, that there is an answer among them

    def records(self, k: int) -> list[tuple[int, float]]:
        """The k best records' rows and scores: those considered by their worth, then the other candidates.

        Those that are not embedded yet stand among them where their words put them.
        """
        best = [(record.row, record.worth) for record in rank_records(self.considered)]
        floor = best[-1][1] if best else 0.0
        rest = zip(self.candidates.rows[len(best) :], self.candidates.scores[len(best) :], strict=True)
        embedded = [*best, *((row, min(floor, float(score))) for row, score in rest)]
        waiting = [(row, score + BEST_JUDGED * RECORD_UNREAD) for row, score in self.candidates.waiting]
        return sorted([*embedded, *waiting], key=lambda one: -one[1])[:k]


def find(
    text: str,
    store: Store,
    embedder: Embedder,
    judge: Judge,
    k: int,
    filters: Filters = NO_FILTERS,
    progress: ProgressCallback | None = None,
) -> Found:
    """Everything that a question finds, best first; k is how many records or sentences will be wanted.

    ``progress`` is told of each stage before it begins; what it raises ends the search.
    """
    tell = progress or (lambda _: None)
    tell(Progress(SEARCHING, 0, 0))
    question = understand(text, store, embedder)
    candidates = retrieve(question, store, k, filters)
    tell(Progress(READING, len(candidates.rows) + len(candidates.waiting), 0))
    considered = consider(question, candidates, store, judge, k)
    tell(Progress(CHOOSING, sum(len(record.sentences) for record in considered), 0))
    ranked = rank(question, considered, store, filters)
    return Found(question, candidates, considered, ranked, evidence_for(question, considered, store, ranked))


def calibrate(store: Store, embedder: Embedder, judge: Judge) -> Curve:
    """The curve of abstention for this library, from questions that it can answer and some that it cannot."""
    rows = store.database.rows()
    sample = random.Random(0).sample(rows, min(SAMPLE, len(rows)))  # noqa: S311 - a sample, not a secret
    titles = [s.record.title for s in store.stored(sorted(sample)).values() if s.record.title and s.record.abstract]
    known = [_known(title, store, embedder, judge) for title in titles]
    foreign = [find(text, store, embedder, judge, 1).evidence for text in FOREIGN]
    return fit(known, foreign, len(rows))


def _known(title: str, store: Store, embedder: Embedder, judge: Judge) -> float:
    """The evidence for a title as a question, with the title itself hidden."""
    question = understand(title, store, embedder)
    considered = consider(question, retrieve(question, store, 1), store, judge, 1, hide=title)
    return evidence_for(question, considered, store, rank(question, considered, store), hide=title)


def evidence_for(
    question: Question, considered: Sequence[Considered], store: Store, ranked: Sequence[Ranked], hide: str = ""
) -> float:
    """Log-odds, before calibration, that these records hold an answer; ``ranked`` are their sentences, best first."""
    return evidence(*signs(question, considered, store, ranked, hide))


def signs(
    question: Question, considered: Sequence[Considered], store: Store, ranked: Sequence[Ranked], hide: str = ""
) -> tuple[float, float, float]:
    """What tells that these records hold an answer: see :func:`qa.answering.abstention.evidence`."""
    judged = max((record.best for record in considered if record.best is not None), default=SILENT)
    similar = max((cosine for record in considered for cosine in record.similarity), default=0.0)
    if not ranked or all(word.kind in ("asking", "grammar") for word in phrases.words(question.text)):
        return judged, 0.0, similar  # "How are you?" is asked of nobody's abstracts
    first = ranked[0]
    record = next(record for record in considered if record.record.id == first.record.id)
    title = "" if record.record.title == hide else record.record.title
    words = set(store.words(f"{title} {record.record.abstract} {record.record.body}"))
    given = gives(wanted(question.text), first.sentence.text)
    if given and not any(phrases.subject(question.text)):
        similar = max(similar, SUBJECTLESS)
    return judged, covered(question, words, store.sentence_vectors(record.rows), given), similar
