"""Readings as the judge's network sees them: cut, laid out in windows of tokens, and scored in batches."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import torch
from tokenizers import Tokenizer

from benchmarks.training.instances import Reading
from benchmarks.training.model import Model
from qa.answering import judge
from qa.embedding import tokenizer_file

#: How many windows go through the network at once.
WINDOWS = 8


class Reader:
    """Readings → windows of tokens, each text tokenized once."""

    def __init__(self) -> None:
        self._tokenizer: Any = Tokenizer.from_file(str(tokenizer_file()))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._known: dict[str, list[int]] = {}
        marks: Any = [self._tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]")]
        self._start, self._end = marks

    def tokens(self, text: str) -> list[int]:
        if text not in self._known:
            self._known[text] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return self._known[text]

    def windows(self, question: str, reading: Reading, title: bool) -> list[judge.Window]:
        sentences = [self.tokens(sentence) for sentence in reading.sentences]
        named = self.tokens(reading.title) if title else []
        asked = self.tokens(question)
        room = judge.WINDOW - min(len(asked), judge.QUESTION) - min(len(named), judge.TITLE) - 3
        portions: list[list[list[int]]] = [[]]
        for sentence in sentences:
            taken = sum(min(len(one), judge.SENTENCE) + 1 for one in (*portions[-1], sentence))
            if taken > room and portions[-1]:
                portions.append([])
            portions[-1].append(sentence)
        return [judge.lay_out(asked, named, portion, self._start, self._end) for portion in portions]

    def cut(self, question: str, reading: Reading, room: int, rng: random.Random) -> Reading:
        """Fewer sentences of a record: those that answer come first, or those with most of the question's tokens."""
        asked = set(self.tokens(question))
        sentences = [self.tokens(sentence) for sentence in reading.sentences]
        promise = [len(asked & set(tokens)) + rng.random() for tokens in sentences]
        if any(reading.answers):
            order = sorted(range(len(sentences)), key=lambda i: (not reading.answers[i], rng.random()))
            promise = [-float(order.index(i)) for i in range(len(sentences))]
        lengths = {i: min(len(tokens), judge.SENTENCE) + 1 for i, tokens in enumerate(sentences)}
        kept = judge.choose(lengths, promise, room) or [promise.index(max(promise))]
        return Reading(
            reading.title,
            tuple(reading.sentences[i] for i in kept),
            tuple(reading.answers[i] for i in kept),
            reading.gold,
        )


def score(model: Model, windows: Sequence[judge.Window]) -> list[Any]:
    """The log-odds of the sentences of each window, computed in batches of like length."""
    order = sorted(range(len(windows)), key=lambda i: -len(windows[i].ids))
    found: list[Any] = [None] * len(windows)
    for start in range(0, len(order), WINDOWS):
        part = [windows[i] for i in order[start : start + WINDOWS]]
        length = max(len(window.ids) for window in part)
        ids, mask, types = (torch.zeros(len(part), length, dtype=torch.long) for _ in range(3))
        counts = [len({n for n in window.segments if n >= 0}) for window in part]
        pool = torch.zeros(len(part), max(counts), length)
        for row, window in enumerate(part):
            size = len(window.ids)
            ids[row, :size], types[row, :size], mask[row, :size] = (
                torch.tensor(window.ids),
                torch.tensor(window.types),
                1,
            )
            numbers = sorted({n for n in window.segments if n >= 0})
            pool[row, : len(numbers), :size] = torch.from_numpy(judge.pooling(window.segments, numbers))
        scores = model(ids, mask, types, pool)
        for row, i in enumerate(order[start : start + WINDOWS]):
            found[i] = scores[row, : counts[row]]
    return found
