"""Passages embedded per second, ways of doing it side by side, and what share of the processor's arithmetic they reach.

All is measured on one thread, in seconds of processor: on a shared machine the clock measures the neighbours.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from benchmarks.machine import keep
from qa import Library
from qa.embedding import packaged
from qa.embedding.original import OriginalEmbedder, load
from qa.sentences import abstract_passage, sentence_passage, split

LAYERS, WIDTH, INNER = 6, 384, 1536  # of all-MiniLM-L6-v2


def arithmetic(tokens: Sequence[int]) -> float:
    """The floating-point operations that the model needs for texts of these lengths, without padding."""
    each = [LAYERS * (n * 2 * (4 * WIDTH * WIDTH + 2 * WIDTH * INNER) + 4 * n * n * WIDTH) for n in tokens]
    return float(sum(each))


def peak(kind: Any) -> float:
    """The most operations per second that a plain product of matrices reaches here."""
    import torch

    size, best = 1536, 0.0
    one, other = torch.randn(size, size).to(kind), torch.randn(size, size).to(kind)
    for _ in range(12):
        start = time.process_time()
        one @ other
        best = max(best, 2 * size**3 / (time.process_time() - start))
    return best


def main() -> None:
    import torch

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", help="the passages of every so many-th of its records are embedded")
    parser.add_argument("--records", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(1)
    records = Library.open(options.library).records()
    texts: dict[str, None] = {}
    for record in records[:: max(1, len(records) // options.records)]:
        texts[abstract_passage(record)] = None
        texts.update((sentence_passage(record, sentence), None) for sentence in split(record))
    passages = list(texts)
    model = load(str(packaged.packaged_model()), local=True)
    embedder = OriginalEmbedder(packaged.NAME, model)
    tokens = [len(ids) for ids in model.tokenizer(passages, truncation=True, max_length=256)["input_ids"]]

    encode = partial(model.encode, show_progress_bar=False, normalize_embeddings=True)
    ways: dict[str, Callable[[], Any]] = {
        "as the program does": lambda: embedder.passages(passages),
        "sentence-transformers, as it comes": lambda: encode(passages),
        "sentence-transformers, one by one": lambda: np.stack([encode(text) for text in passages]),
    }
    exact = encode(passages)
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    cosine: dict[str, float] = {}
    for _ in range(options.rounds):
        for name, way in ways.items():
            start = time.process_time()
            vectors = way()
            seconds[name].append(time.process_time() - start)
            cosine[name] = float((vectors * exact).sum(axis=1).min())
    first = seconds["as the program does"]
    peaks = {"float32": peak(torch.float32), "bfloat16": peak(torch.bfloat16)}
    keep(
        "throughput",
        {
            "passages": len(passages),
            "tokens": sum(tokens),
            "rounds": options.rounds,
            "peak GFLOPS of a thread": {name: round(value / 1e9) for name, value in peaks.items()},
            "ways": {
                name: {
                    "passages per second": round(len(passages) / statistics.median(took), 1),
                    "most": round(len(passages) / min(took), 1),
                    "least": round(len(passages) / max(took), 1),
                    "times as long": round(statistics.median(a / b for a, b in zip(took, first, strict=True)), 2),
                    "GFLOPS": round(arithmetic(tokens) / statistics.median(took) / 1e9),
                    "share of peak": round(arithmetic(tokens) / statistics.median(took) / max(peaks.values()), 2),
                    "least cosine to float32": round(cosine[name], 5),
                }
                for name, took in seconds.items()
            },
        },
    )


if __name__ == "__main__":
    main()
