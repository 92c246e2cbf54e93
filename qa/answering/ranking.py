"""Which sentences answer: those of the best records, read by the judge and weighed with all other evidence.

A title is a name, not a statement; it stands for its record only where there is no abstract.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import mul
from typing import NamedTuple

from qa.answering.abbreviations import abbreviations, asked_for, expanded
from qa.answering.judge import Judge, Text
from qa.answering.phrases import subject
from qa.answering.question import Question
from qa.answering.retrieval import NO_FILTERS, Candidates
from qa.answering.wants import Kind, announces, gives, wanted
from qa.schema import Filters, Record, Role, Sentence
from qa.storage import Store

#: How many of the candidate records have their sentences ranked, how many of these the judge reads, and how many of
#: those for the promise of a single sentence.
DEPTH, READ, PROMISING = 24, 3, 2

#: How many instead where a question tells no record from another: there, one sentence may speak for a record far down.
WIDE = 40

#: What the judge is taken to say of a sentence it has not read: a little less than of most it has.
UNREAD = -3.0


class Signs(NamedTuple):
    """What speaks for a sentence as an answer, each in the order that WEIGHTS has them, too.

    The log-odds of the ``judge``; the ``similarity`` to the question (cosine); the shares of the question's words that
    stand in the ``sentence``, in it or its ``title``, and in it ``apart`` from its neighbours (where nothing special is
    wanted); the standardized score of its ``record`` (where the question tells records apart); whether it gives what is
    ``wanted``, and whether it ``announces`` instead of telling.
    """

    judge: float
    similarity: float
    sentence: float
    title: float
    apart: float
    record: float
    wanted: float
    announces: float


#: A sentence's score is a weighted sum of the evidence, in log-odds that it is the best of those at hand: a conditional
#: logit (McFadden 1974), fitted by benchmarks/training/evidence.py on questions kept for it (see docs/experiments.md).
WEIGHTS = Signs(judge=0.6, similarity=1.0, sentence=1.0, title=0.5, apart=1.9, record=2.3, wanted=4.5, announces=-2.0)
ROLE: dict[Role, float] = {
    "": 0.0,
    "background": 0.0,
    "objective": 0.0,
    "methods": -0.5,
    "results": 0.0,
    "conclusions": 0.5,
}

#: Sentences of a full text that may be quoted in answer to one question, at most: as many as an abstract has.
OF_BODY = 10

#: The weight (idf) of a word that stands in at most one record of fifty.
RARE = 3.9

#: What the judge's best sentence is worth to a record, beside its standardized score; where it has not been read, the
#: judge is taken to find little there.
BEST_JUDGED, RECORD_UNREAD = 0.15, -5.0


@dataclass(frozen=True, slots=True)
class Considered:
    """A candidate record with the sentences that may be quoted from it.

    ``score`` is its standardized score, ``rank`` its place by that (from 1). For each sentence, in order: the row it is
    stored under (``rows``), its analyzed ``words`` (those among them that its abbreviations stand for), its
    ``similarity`` (cosine), its ``promise`` (how well it matches, before anybody reads it), and the log-odds that the
    judge gave it (``judged``, None where it was not read; empty where nothing of the record was).
    """

    row: int
    record: Record
    score: float
    rank: int
    rows: tuple[int, ...]
    sentences: tuple[Sentence, ...]
    words: tuple[frozenset[str], ...]
    similarity: tuple[float, ...]
    promise: tuple[float, ...]
    judged: tuple[float | None, ...]

    @property
    def best(self) -> float | None:
        """The judge's log-odds for the best sentence that it has read; None where it has read none."""
        return max((log_odds for log_odds in self.judged if log_odds is not None), default=None)

    @property
    def worth(self) -> float:
        """The record's score with what the judge found in it."""
        return self.score + BEST_JUDGED * (RECORD_UNREAD if self.best is None else self.best)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A sentence with its score and the evidence: see :class:`qa.schema.Why`; ``words`` are analyzed words."""

    score: float
    signs: Signs
    sentence: Sentence
    record: Record
    words: tuple[str, ...]
    record_rank: int
    judged: float | None


def consider(
    question: Question, candidates: Candidates, store: Store, judge: Judge, k: int, hide: str = "", read: int = READ
) -> list[Considered]:
    """The best candidate records, at least k where there are as many, ``read`` of them read by the judge.

    It reads the first, and of the others those PROMISING with the most promising sentences. A title that is to
    ``hide`` is not shown to it.
    """
    depth = min(max(DEPTH if _tells(question) else WIDE, k), len(candidates.sentences))
    stored = store.stored(candidates.rows[:depth])
    found = []
    for rank, row in enumerate(candidates.rows[:depth], 1):
        record = stored[row].record
        quotable = _quotable(store.database.sentences(stored[row]), record, candidates.sentences[rank - 1])
        similarity = tuple(candidates.sentences[rank - 1][number] for number in quotable)
        known = asked_for(question.words, abbreviations(f"{record.title}\n{record.abstract}"))
        words = tuple(expanded((sentence.text for sentence in quotable.values()), known, store.words))
        promise = tuple(cosine + overlap(question, said) for cosine, said in zip(similarity, words, strict=True))
        score = float(candidates.scores[rank - 1])
        rows, sentences = tuple(quotable), tuple(quotable.values())
        found.append(Considered(row, record, score, rank, rows, sentences, words, similarity, promise, ()))
    # A record may be about something else, and one sentence of it to the point.
    first = read - PROMISING
    chosen = {record.rank for record in found[:first]}
    chosen |= {r.rank for r in sorted(found[first:], key=lambda r: -max(r.promise, default=0.0))[:PROMISING]}
    to_read = [record for record in found if record.rank in chosen]
    shown = [
        Text(_title(record.record, hide), [s.text for s in record.sentences], record.promise, whole=record.rank == 1)
        for record in to_read
    ]
    judged = dict(zip((record.rank for record in to_read), judge.scores(question.text, shown), strict=True))
    return [replace(record, judged=tuple(judged.get(record.rank, ()))) for record in found]


def _quotable(sentences: Mapping[int, Sentence], record: Record, cosines: Mapping[int, float]) -> dict[int, Sentence]:
    """Of a record's sentences by row, those that may be quoted: of its abstract, else of its title; and of a full text
    the most similar, so that by their mere number they push nothing out."""
    field = "abstract" if record.abstract else "title"
    body = sorted((row for row, one in sentences.items() if one.field == "body"), key=lambda row: (-cosines[row], row))
    chosen = {row for row, one in sentences.items() if one.field == field} | {*body[:OF_BODY]}
    return {row: one for row, one in sentences.items() if row in chosen}


def _title(record: Record, hide: str) -> str:
    """The title beside which the judge reads the abstract; without one, the title is what is read."""
    return record.title if record.abstract and record.title != hide else ""


def rank(
    question: Question, considered: Collection[Considered], store: Store, filters: Filters = NO_FILTERS
) -> list[Ranked]:
    """The sentences of these records that pass the filters; best first, ties by record and place."""
    kinds, tells = wanted(question.text), _tells(question)
    ranked = [item for record in considered for item in _weigh(question, record, store, kinds, tells)]
    if filters.roles:
        ranked = [item for item in ranked if item.sentence.role in filters.roles]
    return sorted(ranked, key=lambda r: (-r.score, r.sentence.record_id, r.sentence.field, r.sentence.start))


def rank_records(considered: Collection[Considered]) -> list[Considered]:
    """The records by their worth; ties by their place before."""
    return sorted(considered, key=lambda record: (-record.worth, record.rank))


def _weigh(
    question: Question, record: Considered, store: Store, kinds: tuple[Kind, ...], tells: bool
) -> Iterator[Ranked]:
    """A record's sentences with their scores; ``kinds`` are what is wanted, ``tells``: see :func:`_tells`."""
    in_title = set(store.words(record.record.title))
    judged = record.judged or (None,) * len(record.sentences)
    rarity = {} if kinds else {word: 1 - _share_with(word, record.words) for word in question.words}
    for sentence, words, similarity, log_odds in zip(
        record.sentences, record.words, record.similarity, judged, strict=True
    ):
        signs = Signs(
            judge=UNREAD if log_odds is None else log_odds,
            similarity=similarity,
            sentence=overlap(question, words),
            title=overlap(question, words | in_title),
            apart=overlap(question, words, rarity),
            record=record.score if tells else 0.0,
            wanted=gives(kinds, sentence.text),
            announces=announces(sentence.text),
        )
        matched = tuple(word for word in question.words if word in words or word in in_title)
        yield Ranked(weighed(signs, sentence.role), signs, sentence, record.record, matched, record.rank, log_odds)


def weighed(signs: Signs, role: Role) -> float:
    """The score of a sentence with these signs and this role."""
    return float(sum(map(mul, WEIGHTS, signs))) + ROLE[role]


def _tells(question: Question) -> bool:
    """Whether a question tells one record from another: "Which mechanisms have been proposed?" does not.

    It does if it names a subject, or has a rare word.
    """
    return any(subject(question.text)) or max(question.words.values(), default=0.0) >= RARE


def overlap(question: Question, words: Collection[str], counts: Mapping[str, float] | None = None) -> float:
    """The share of the question's words, by weight, that stand among these words: 0 to 1.

    ``counts`` says how much of a word counts (None: all of each; none of one that it does not name).
    """
    total = sum(question.words.values())
    said = ((word, weight) for word, weight in question.words.items() if word in words)
    found = sum(weight * (1.0 if counts is None else counts.get(word, 0.0)) for word, weight in said)
    return found / total if total > 0 else 0.0


def _share_with(word: str, sentences: Sequence[Collection[str]]) -> float:
    """The share of these sentences, by their words, that have a word."""
    return sum(word in words for words in sentences) / len(sentences) if sentences else 0.0
