"""The judge: reads a question and an abstract together, and says of each sentence whether it answers.

A small transformer (MiniLM, six layers, int8, 23 MB) sees ``question · title · sentence · sentence …`` at once, so a
sentence is judged with all that stands around it: "It affects …" knows what "it" is, and a restated aim is told from
a finding. ``benchmarks/training/judge.py`` trains it; ``docs/judge.md`` is its model card.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import EmbeddingError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MODEL = Path(__file__).with_name("judge.onnx")

#: Tokens: of a whole window; and at most of a question, a title, a sentence.
WINDOW, QUESTION, TITLE, SENTENCE = 384, 64, 48, 160


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of an abstract that is read at once: tokens, and for each the sentence it belongs to (or -1)."""

    ids: list[int]
    segments: list[int]
    question: int  # how many tokens at the start are the question's

    @property
    def types(self) -> list[int]:
        return [0] * self.question + [1] * (len(self.ids) - self.question)


def windows(
    question: Sequence[int], title: Sequence[int], sentences: Sequence[Sequence[int]], start: int, end: int
) -> list[Window]:
    """Lay out token numbers as ``[start] question [end] title [end] sentence [end] …``, in as few windows as fit."""
    head = [start, *question[:QUESTION], end]
    front = [*head, *title[:TITLE], end] if title else head
    found: list[Window] = []
    current = Window(list(front), [-1] * len(front), len(head))
    for number, sentence in enumerate(sentences):
        tokens = [*sentence[:SENTENCE], end]
        if len(current.ids) + len(tokens) > WINDOW and len(current.ids) > len(front):
            found.append(current)
            current = Window(list(front), [-1] * len(front), len(head))
        current.ids.extend(tokens)
        current.segments.extend([number] * len(tokens))
    return [*found, current]


class Judge:
    """Scores sentences as answers. Use from one thread at a time."""

    def __init__(self, tokenizer: Path, model: Path = MODEL) -> None:
        """``tokenizer`` is the default model's tokenizer.json, whose vocabulary the judge shares."""
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = min(8, os.cpu_count() or 1)
        options.log_severity_level = 3
        # Threads that wait by spinning win little here, and starve whatever else the machine does.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session: Any = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
            self._tokenizer: Any = Tokenizer.from_file(str(tokenizer))
        except Exception as error:  # both libraries raise nothing narrower
            raise EmbeddingError(
                f"The judge's model could not be loaded ({error}). Install again: pip install -e . in the checkout."
            ) from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._start, self._end = (_number(self._tokenizer, mark) for mark in ("[CLS]", "[SEP]"))

    def scores(self, question: str, title: str, sentences: Sequence[str]) -> list[float]:
        """The log-odds that each sentence of one abstract answers, in order."""
        import numpy as np

        if not sentences:
            return []
        parts = self._tokenizer.encode_batch([question, title, *sentences], add_special_tokens=False)
        asked, named, *said = (part.ids for part in parts)
        scores = [0.0] * len(sentences)
        for window in windows(asked, named, said, self._start, self._end):
            numbers = sorted({number for number in window.segments if number >= 0})
            # One window at a time: what is read beside it must not move a score, and there is nothing to pad.
            inputs = {
                "ids": np.array([window.ids]),
                "mask": np.ones((1, len(window.ids)), dtype=np.int64),
                "types": np.array([window.types]),
                "pool": pooling(window.segments, numbers)[None],
            }
            for number, score in zip(numbers, self._session.run(["scores"], inputs)[0][0], strict=True):
                scores[number] = float(score)
        return scores


def pooling(segments: Sequence[int], numbers: Sequence[int]) -> NDArray[np.float32]:
    """The matrix float32[sentences, tokens] that averages each sentence's tokens."""
    import numpy as np

    belongs = np.array(numbers)[:, None] == np.array(segments)[None, :]
    return np.asarray(belongs / belongs.sum(axis=1, keepdims=True), dtype=np.float32)


def _number(tokenizer: Any, mark: str) -> int:
    return int(tokenizer.token_to_id(mark))


@cache
def open_judge() -> Judge:
    """The judge that comes with the program, loaded once."""
    from qa.embedding import tokenizer_file

    return Judge(tokenizer_file())
