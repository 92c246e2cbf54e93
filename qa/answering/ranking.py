"""Which sentences answer: those of the best records, by similarity and by the question's words in them.

A title is a name, not a statement; it stands for its record only where there is no abstract.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from qa.answering.question import Question
from qa.answering.retrieval import Candidates
from qa.schema import Record, Sentence
from qa.storage import Store

#: How many of the candidate records have their sentences ranked.
DEPTH = 40

#: What the question's words are worth beside a cosine: standing in the sentence, and in the sentence or its title.
#: Chosen on SciFact, PubMedQA and BioASQ (see docs/experiments.md).
IN_SENTENCE, IN_TITLE = 0.25, 0.3


@dataclass(frozen=True, slots=True)
class Ranked:
    """A sentence with its score, the cosine to the question, and the share of the question's words it holds."""

    score: float
    sentence: Sentence
    record: Record
    similarity: float
    words: float


def rank(question: Question, candidates: Candidates, store: Store, k: int) -> list[Ranked]:
    """At least k sentences of the best records where there are as many; best first, ties by record and place."""
    depth = max(DEPTH, k)
    stored = store.stored(candidates.rows[:depth])
    ranked: list[Ranked] = []
    for row, cosines in zip(candidates.rows[:depth], candidates.sentences, strict=False):
        record = stored[row].record
        in_title = set(store.words(record.title))
        for number, sentence in store.database.sentences(stored[row]).items():
            if (sentence.field == "abstract") == bool(record.abstract):
                words = set(store.words(sentence.text))
                share = overlap(question, words)
                score = cosines[number] + IN_SENTENCE * share + IN_TITLE * overlap(question, words | in_title)
                ranked.append(Ranked(score, sentence, record, cosines[number], share))
    return sorted(ranked, key=lambda r: (-r.score, r.sentence.record_id, r.sentence.field, r.sentence.start))


def overlap(question: Question, words: Collection[str]) -> float:
    """The share of the question's words, by weight, that stand among these words: 0 to 1."""
    total = sum(question.words.values())
    return sum(weight for word, weight in question.words.items() if word in words) / total if total > 0 else 0.0
