"""The answer: which of the ranked sentences are shown, and when none is."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answering.ranking import Ranked
from qa.schema import Answer, Hit

#: Below this cosine, and without a word in common, the best sentence has nothing to do with the question.
NOTHING_LIKE_IT = 0.2

EMPTY = "The library is empty. Add some abstracts first."
NOTHING = "Nothing in the library resembles this question."


def hits(ranked: Sequence[Ranked], k: int) -> list[Hit]:
    """The k best as numbered hits; a sentence that stands in several records word for word is shown once."""
    shown: dict[str, Ranked] = {}
    for item in ranked:
        shown.setdefault(" ".join(item.sentence.text.casefold().split()), item)
    return [Hit(n, item.score, item.sentence, item.record) for n, item in enumerate(list(shown.values())[:k], 1)]


def compose(question: str, ranked: Sequence[Ranked], k: int) -> Answer:
    """The k best sentences as numbered citations, or an empty answer with its reason."""
    if not ranked:
        return Answer(question, reason=NOTHING)
    best = max(ranked, key=lambda item: item.similarity)
    if best.similarity < NOTHING_LIKE_IT and not any(item.words for item in ranked):
        return Answer(question, reason=NOTHING)
    return Answer(question, tuple(hits(ranked, k)))
