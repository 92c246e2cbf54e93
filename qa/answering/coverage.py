"""How much of a question a record speaks of: its words, or something near to them.

"Scleroderma" is not foreign to a record on systemic sclerosis, though it does not stand there: a word counts in part
where a sentence is near to it in meaning, and where it ends in a word of the record, or the other way round
("autoantibodies", "antibodies"; "mechanisms", "pathomechanisms"). And what merely says what is wanted of the subject
("What works best against …?", "How many people get …?") need not stand in a record that speaks of the subject and
gives just that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qa.answering import phrases
from qa.answering.question import Question

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

#: Cosines of a word with the nearest sentence: up to the first it is foreign to the record, from the second on at home.
FOREIGN, HOME = 0.25, 0.6

#: How much a compound counts for its last part, and the other way round; and how many letters they must share.
AKIN, LETTERS = 0.75, 6


def covered(question: Question, words: Collection[str], sentences: Vectors, given: float = 0.0) -> float:
    """The share of the question's words, by weight, that a record speaks of: 0 to 1.

    ``words`` are the record's analyzed words; ``sentences`` the vectors of its sentences, float32[n, d]. ``given`` is
    how sure the signs are that what is shown of it gives the kind of thing asked for
    (:func:`qa.answering.wants.gives`).
    """
    shares = {word: float(word in words) for word in question.words}
    unsaid = [word for word in question.heaviest if word not in words]
    if unsaid and len(sentences):
        meanings = np.stack([question.meaning(word) for word in unsaid])
        cosines = np.einsum("wd,sd->ws", meanings, sentences).max(axis=1)
        near = np.clip((cosines - FOREIGN) / (HOME - FOREIGN), 0.0, 1.0)
        for word, share in zip(unsaid, near, strict=True):
            shares[word] = max(float(share), AKIN * akin(word, words))
    if given:
        subject = {word for word in question.words if not frames(question, word)}
        known = _weighed(question, {word: shares[word] for word in subject})
        shares = {word: share if word in subject else max(share, given * known) for word, share in shares.items()}
    return _weighed(question, shares)


def _weighed(question: Question, shares: Mapping[str, float]) -> float:
    """The mean of the shares by the words' weights; 0 of none."""
    total = sum(question.words[word] for word in shares)
    return sum(share * question.words[word] for word, share in shares.items()) / total if total > 0 else 0.0


def frames(question: Question, word: str) -> bool:
    """Whether a word of the question says what is wanted of its subject, and not what that is."""
    return all(typed.kind != "content" for typed in phrases.words(question.spelling.get(word, word)))


def akin(word: str, words: Collection[str]) -> bool:
    """Whether a word ends in one of these, or one of these in it: six letters at least, the ending of the shorter."""
    return any(
        min(len(word), len(other)) >= LETTERS and (word.endswith(other) or other.endswith(word)) for other in words
    )
