"""A question as retrieval sees it: its text, its words, its vector."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from qa.embedding import Embedder
from qa.errors import QuestionError
from qa.storage import Store

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

#: What asks, and stands in no statement: it must not count as words that a record lacks.
_ASKING = re.compile(
    r"\b(?:(?:what|which) (?:share|part|fraction|proportion|percentage|percent|per cent) of|"
    r"how (?:often|common|many|much)|"
    r"(?:what|which|who|whom|whose|when|where|why|how)(?:['’]s)?|do|does|did)\b",
    re.I,
)

#: Characters. An abstract pasted as a question still fits; more than that is a mistake.
LONGEST = 4000


#: How many of the question's words have their meaning looked at: the heaviest.
MEANT = 16

#: Words are weighed as if a library had this many records at least. Of a page alone, every word that stands in it would
#: weigh next to nothing, and one synonym that does not would be most of the question.
FEWEST = 100


@dataclass(frozen=True)
class Question:
    """``words`` are the question's distinct words as the BM25 index holds them, with their weights (idf);

    ``spelling`` gives each of them as it was typed.
    """

    text: str
    words: dict[str, float]
    vector: Vectors
    spelling: dict[str, str]
    embedder: Embedder = field(repr=False, compare=False)

    @cached_property
    def heaviest(self) -> tuple[str, ...]:
        """The words whose meaning may be looked at, by weight."""
        return tuple(sorted(self.words, key=lambda word: (-self.words[word], word))[:MEANT])

    def meaning(self, word: str) -> Vectors:
        """float32[dim]: the vector of a word by itself, made when it is first asked for."""
        if word not in self._meanings:
            self._meanings[word] = self.embedder.queries([self.spelling.get(word, word)])[0]
        return self._meanings[word]

    @cached_property
    def _meanings(self) -> dict[str, Vectors]:
        return {}


def check(text: str) -> str:
    """The question without white space around it; QuestionError when there is none, or far too much of it."""
    text = text.strip()
    if not any(character.isalnum() for character in text):
        raise QuestionError("The question is empty. Type a few words.")
    if len(text) > LONGEST:
        raise QuestionError(
            f"The question is {len(text):,} characters long; at most {LONGEST:,} are possible. Ask one thing at a time."
        )
    return text


def understand(text: str, store: Store, embedder: Embedder) -> Question:
    """Analyze and embed a question. A word that no record holds weighs most, one in every record next to nothing."""
    text = check(text)
    store.catch_up()
    records = max(store.database.count(), FEWEST)
    words = {
        word: math.log(
            1 + (records - frequency + 0.5) / (frequency + 0.5)
        )  # idf as in BM25 (Robertson & Zaragoza 2009)
        for word in dict.fromkeys(store.words(_subject(text)) or store.words(text))
        for frequency in [store.frequency(word)]
    }
    spelling = {word: typed for typed in reversed(re.findall(r"\w+", text)) for word in store.words(typed)}
    return Question(text, words, embedder.queries([text])[0], spelling, embedder)


def _subject(text: str) -> str:
    """The question without what asks. In capitals a word is a name (WHO), unless the whole question is."""
    shouted = text.isupper()
    return _ASKING.sub(lambda asking: asking[0] if asking[0].isupper() and not shouted else " ", text)
