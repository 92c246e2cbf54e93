"""How much of a question a record speaks of: its words, or something near to them.

"Scleroderma" is not foreign to a record on systemic sclerosis, though it does not stand there: a word counts in part
where a sentence is near to it in meaning, and where it ends in a word of the record, or the other way round
("autoantibodies", "antibodies"; "mechanisms", "pathomechanisms").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qa.answering.question import Question

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

#: Cosines of a word with the nearest sentence: up to the first it is foreign to the record, from the second on at home.
FOREIGN, HOME = 0.25, 0.6

#: How much a compound counts for its last part, and the other way round; and how many letters they must share.
AKIN, LETTERS = 0.75, 6


def covered(question: Question, words: Collection[str], sentences: Vectors) -> float:
    """The share of the question's words, by weight, that a record speaks of: 0 to 1.

    ``words`` are the record's analyzed words; ``sentences`` the vectors of its sentences, float32[n, d].
    """
    total = sum(question.words.values())
    if total <= 0:
        return 0.0
    said = sum(weight for word, weight in question.words.items() if word in words)
    unsaid = [word for word in question.heaviest if word not in words]
    if unsaid and len(sentences):
        meanings = np.stack([question.meaning(word) for word in unsaid])
        cosines = np.einsum("wd,sd->ws", meanings, sentences).max(axis=1)
        near = np.clip((cosines - FOREIGN) / (HOME - FOREIGN), 0.0, 1.0)
        shares = [max(float(share), AKIN * akin(word, words)) for word, share in zip(unsaid, near, strict=True)]
        said += sum(share * question.words[word] for word, share in zip(unsaid, shares, strict=True))
    return said / total


def akin(word: str, words: Collection[str]) -> bool:
    """Whether a word ends in one of these, or one of these in it: six letters at least, the ending of the shorter."""
    return any(
        min(len(word), len(other)) >= LETTERS and (word.endswith(other) or other.endswith(word)) for other in words
    )
