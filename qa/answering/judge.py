"""The judge: reads a question and an abstract together, and says of each sentence whether it answers.

A small transformer (MiniLM, six layers, int8, 23 MB) sees ``question · title · sentence · sentence …`` at once, so a
sentence is judged with all that stands around it: "It affects …" knows what "it" is, and a restated aim is told from
a finding. ``benchmarks/training/judge.py`` trains it; ``docs/judge.md`` is its model card.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
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


def lay_out(
    question: Sequence[int], title: Sequence[int], sentences: Sequence[Sequence[int]], start: int, end: int
) -> Window:
    """Token numbers as ``[start] question [end] title [end] sentence [end] …``."""
    head = [start, *question[:QUESTION], end]
    front = [*head, *title[:TITLE], end] if title else head
    window = Window(list(front), [-1] * len(front), len(head))
    for number, sentence in enumerate(sentences):
        tokens = [*sentence[:SENTENCE], end]
        window.ids.extend(tokens)
        window.segments.extend([number] * len(tokens))
    return window


@dataclass(frozen=True, slots=True)
class Text:
    """An abstract to be read: its title, its sentences, and how promising each of these is.

    It is read ``whole``, in as many windows as it takes, or in one, with the most promising of its sentences.
    """

    title: str
    sentences: Sequence[str]
    promise: Sequence[float]
    whole: bool


def choose(lengths: Mapping[int, int], promise: Sequence[float], room: int) -> list[int]:
    """As many of the most promising sentences (number → tokens) as ``room`` tokens hold, in order."""
    chosen = []
    for number in sorted(lengths, key=lambda one: (-promise[one], one)):
        if lengths[number] <= room:
            chosen.append(number)
            room -= lengths[number]
    return sorted(chosen)


class Judge:
    """Scores sentences as answers. Safe to use from several threads."""

    def __init__(self, tokenizer: Path, model: Path = MODEL) -> None:
        """``tokenizer`` is the default model's tokenizer.json, whose vocabulary the judge shares."""
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # a window a thread is faster than two threads on one window
        options.enable_mem_pattern = False  # it keeps a plan for every length it has met, and gains nothing
        options.log_severity_level = 3
        try:
            # Fused, this step is several times slower on a processor than its two parts.
            self._session: Any = onnxruntime.InferenceSession(
                str(model), options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
            )
            self._tokenizer: Any = Tokenizer.from_file(str(tokenizer))
        except Exception as error:  # both libraries raise nothing narrower
            raise EmbeddingError(
                f"The judge's model could not be loaded ({error}). Install again: pip install -e . in the checkout."
            ) from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._start, self._end = (_number(self._tokenizer, mark) for mark in ("[CLS]", "[SEP]"))
        self._threads = ThreadPoolExecutor(min(8, os.cpu_count() or 1), thread_name_prefix="judge")

    def scores(self, question: str, texts: Sequence[Text]) -> list[list[float | None]]:
        """For each text the log-odds that each of its sentences answers, in order; None where one was not read."""
        asked = self._tokens([question])[0]
        todo = [(number, *one) for number, text in enumerate(texts) for one in self._windows(asked, text)]
        found: list[list[float | None]] = [[None] * len(text.sentences) for text in texts]
        read = self._threads.map(self._read, (window for _, _, window in todo))
        for (number, chosen, _), scores in zip(todo, read, strict=True):
            for sentence, score in zip(chosen, scores, strict=True):
                found[number][sentence] = score
        return found

    def _windows(self, asked: list[int], text: Text) -> Iterator[tuple[list[int], Window]]:
        """What of a text is read at once: the numbers of its sentences, and these laid out."""
        title, *sentences = self._tokens([text.title, *text.sentences])
        room = WINDOW - min(len(asked), QUESTION) - min(len(title), TITLE) - 3  # the marks around both
        left = list(range(len(sentences)))
        while left:
            chosen = choose({one: min(len(sentences[one]), SENTENCE) + 1 for one in left}, text.promise, room)
            yield chosen, lay_out(asked, title, [sentences[one] for one in chosen], self._start, self._end)
            left = [one for one in left if one not in chosen] if text.whole else []

    def _tokens(self, texts: Sequence[str]) -> list[list[int]]:
        return [part.ids for part in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    def _read(self, window: Window) -> list[float]:
        """The scores of the sentences in a window, which is read alone: what stands beside it must not move them."""
        import numpy as np

        inputs = {
            "ids": np.array([window.ids]),
            "types": np.array([window.types]),
            "pool": pooling(window.segments, range(max(window.segments) + 1))[None],
        }
        return [float(score) for score in self._session.run(["scores"], inputs)[0][0]]


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
