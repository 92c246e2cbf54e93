"""Which sentences answer: those of the best records, read by the judge and weighed with all other evidence.

A title is a name, not a statement; it stands for its record only where there is no abstract.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from qa.answering.judge import Judge
from qa.answering.question import Question
from qa.answering.retrieval import NO_FILTERS, Candidates
from qa.schema import Filters, Record, Role, Sentence
from qa.storage import Store

#: How many of the candidate records have their sentences ranked, and how many of these the judge reads.
DEPTH, READ = 40, 5

#: What the judge is taken to say of a sentence it has not read: a little less than of most it has.
UNREAD = -3.0

#: A ranked sentence's score: cosine + the terms below. Chosen on questions kept for it (see docs/experiments.md).
JUDGED, IN_SENTENCE, IN_TITLE = 0.02, 0.25, 0.3
ROLE: dict[Role, float] = {
    "": -0.1,
    "background": -0.1,
    "objective": -0.4,  # what restates the question is most like it, and answers nothing
    "methods": -0.1,
    "results": 0.1,
    "conclusions": 0.15,
}

#: What the judge's best sentence is worth to a record, beside its standardized score.
BEST_JUDGED = 0.1


@dataclass(frozen=True, slots=True)
class Considered:
    """A candidate record with the sentences that may be quoted from it.

    ``score`` is its standardized score, ``rank`` its place by that (from 1). ``judged`` holds the judge's log-odds for
    each sentence, in order; it is empty where the record was not read.
    """

    row: int
    record: Record
    score: float
    rank: int
    sentences: tuple[Sentence, ...]
    similarity: tuple[float, ...]
    judged: tuple[float, ...]

    @property
    def worth(self) -> float:
        """The record's score with what the judge found in it."""
        return self.score + BEST_JUDGED * max(self.judged, default=UNREAD)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A sentence with its score and the evidence: see :class:`qa.schema.Why`; ``words`` are analyzed words."""

    score: float
    sentence: Sentence
    record: Record
    similarity: float
    words: tuple[str, ...]
    share: float
    record_rank: int
    judged: float | None


def consider(
    question: Question, candidates: Candidates, store: Store, judge: Judge, k: int, hide: str = ""
) -> list[Considered]:
    """The best candidate records, at least k where there are as many, the first of them read by the judge.

    A title that is to ``hide`` is not shown to it.
    """
    depth = max(DEPTH, k)
    stored = store.stored(candidates.rows[:depth])
    found = []
    for rank, row in enumerate(candidates.rows[:depth], 1):
        record = stored[row].record
        quotable = {
            number: sentence
            for number, sentence in store.database.sentences(stored[row]).items()
            if (sentence.field == "abstract") == bool(record.abstract)
        }
        judged: list[float] = []
        if rank <= READ:
            title = record.title if record.abstract and record.title != hide else ""
            judged = judge.scores(question.text, title, [sentence.text for sentence in quotable.values()])
        similarity = [candidates.sentences[rank - 1][number] for number in quotable]
        score = float(candidates.scores[rank - 1])
        found.append(Considered(row, record, score, rank, tuple(quotable.values()), tuple(similarity), tuple(judged)))
    return found


def rank(
    question: Question, considered: Collection[Considered], store: Store, filters: Filters = NO_FILTERS
) -> list[Ranked]:
    """The sentences of these records that pass the filters; best first, ties by record and place."""
    ranked = [item for record in considered for item in _weigh(question, record, store)]
    if filters.roles:
        ranked = [item for item in ranked if item.sentence.role in filters.roles]
    return sorted(ranked, key=lambda r: (-r.score, r.sentence.record_id, r.sentence.field, r.sentence.start))


def rank_records(considered: Collection[Considered]) -> list[Considered]:
    """The records by their worth; ties by their place before."""
    return sorted(considered, key=lambda record: (-record.worth, record.rank))


def _weigh(question: Question, record: Considered, store: Store) -> Iterator[Ranked]:
    in_title = set(store.words(record.record.title))
    judged = record.judged or (None,) * len(record.sentences)
    for sentence, similarity, log_odds in zip(record.sentences, record.similarity, judged, strict=True):
        words = set(store.words(sentence.text))
        share = overlap(question, words)
        score = (
            similarity
            + JUDGED * (UNREAD if log_odds is None else log_odds)
            + IN_SENTENCE * share
            + IN_TITLE * overlap(question, words | in_title)
            + ROLE[sentence.role]
        )
        matched = tuple(word for word in question.words if word in words or word in in_title)
        yield Ranked(score, sentence, record.record, similarity, matched, share, record.rank, log_odds)


def overlap(question: Question, words: Collection[str]) -> float:
    """The share of the question's words, by weight, that stand among these words: 0 to 1."""
    total = sum(question.words.values())
    return sum(weight for word, weight in question.words.items() if word in words) / total if total > 0 else 0.0
