"""Ways to hold many vectors for a search: how many of the true hundred nearest each finds, in how many bytes.

    python -m benchmarks.codes LIBRARY QUESTIONS [--count 1000000] [--lists 2048] [--share 16]

The vectors are those of ``benchmarks.grown``. Each way lies in the same clusters, of which a question looks into one
of ``--share``; what it finds among its first 100, 200 and 400 candidates is compared with an exact search. Milliseconds
are of one thread. Beside them, exact searches through all vectors, in four bytes a number and in two.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import faiss as _faiss
import numpy as np

from benchmarks.grown import moved
from benchmarks.machine import keep
from qa.embedding import open_embedder
from qa.storage import Store

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

faiss: Any = _faiss  # it has no types
INNER = faiss.METRIC_INNER_PRODUCT
DEPTHS = (100, 200, 400)

#: What each way is called, and how its index is made: of the clusters' means, the dimension, how many clusters.
WAYS: dict[str, Callable[[Any, int, int], Any]] = {
    "8 bits": lambda q, d, n: faiss.IndexIVFScalarQuantizer(q, d, n, faiss.ScalarQuantizer.QT_8bit, INNER),
    "4 bits": lambda q, d, n: faiss.IndexIVFScalarQuantizer(q, d, n, faiss.ScalarQuantizer.QT_4bit, INNER),
    "product quantizer": lambda q, d, n: faiss.IndexIVFPQ(q, d, n, d // 4, 8, INNER),
    "RaBitQ, 1 bit": lambda q, d, n: faiss.IndexIVFRaBitQ(q, d, n, INNER, True, 1),
    "RaBitQ, 2 bits": lambda q, d, n: faiss.IndexIVFRaBitQ(q, d, n, INNER, True, 2),
    "RaBitQ, 4 bits": lambda q, d, n: faiss.IndexIVFRaBitQ(q, d, n, INNER, True, 4),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", type=Path)
    parser.add_argument("questions_file", type=Path, metavar="QUESTIONS")
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--lists", type=int, default=2048)
    parser.add_argument("--share", type=int, default=16)
    options = parser.parse_args()
    lines = options.questions_file.read_text(encoding="utf-8").splitlines()[:100]
    queries = open_embedder().queries([json.loads(line)["text"] for line in lines])
    store = Store(options.library)
    base = np.concatenate([vectors for _, vectors in store.database.vectors_since("sentences", 0)])
    rng = np.random.default_rng(0)
    vectors = np.concatenate(
        [moved(base[rng.integers(len(base), size=100_000)], base, rng) for _ in range(options.count // 100_000)]
    )
    exact = faiss.IndexFlatIP(vectors.shape[1])
    exact.add(vectors)
    true = [set(rows) for rows in exact.search(queries, 100)[1].tolist()]
    half = faiss.IndexScalarQuantizer(vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, INNER)
    half.add(vectors)
    found = {name: measured(index, queries, true) for name, index in (("exact", exact), ("exact, half", half))}
    means = faiss.Kmeans(vectors.shape[1], options.lists, niter=8, spherical=True, max_points_per_centroid=64)
    means.train(vectors[: 64 * options.lists])
    nearest = faiss.IndexFlatIP(vectors.shape[1])
    nearest.add(means.centroids)
    for name, make in WAYS.items():
        index = make(nearest, vectors.shape[1], options.lists)
        index.train(vectors[:60_000])
        index.add(vectors)
        index.nprobe = options.lists // options.share
        found[name] = measured(index, queries, true)
    keep("codes", {"vectors": len(vectors), "lists": options.lists, "share": options.share, "ways": found})


def measured(index: Any, queries: Vectors, true: list[set[int]]) -> dict[str, Any]:
    faiss.omp_set_num_threads(1)
    start = time.perf_counter()
    rows = [index.search(query[None], max(DEPTHS))[1][0].tolist() for query in queries]
    spent = time.perf_counter() - start
    faiss.omp_set_num_threads(2)
    shares = {
        depth: round(
            float(np.mean([len(one & {*some[:depth]}) / 100 for one, some in zip(true, rows, strict=True)])), 3
        )
        for depth in DEPTHS
    }
    return {"bytes": int(index.code_size), "ms": round(1000 * spent / len(queries), 1), "recall@100 within": shares}


if __name__ == "__main__":
    main()
