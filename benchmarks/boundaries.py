"""Sentence boundaries against gold ones; prints precision, recall, F1 and speed."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from benchmarks.machine import keep
from qa.sentences.splitter import VERSION, spans


def main(path: Path) -> None:
    documents = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    start = time.perf_counter()
    found = [{end for _, end in spans(document["text"])} for document in documents]
    seconds = time.perf_counter() - start
    gold = [{end for _, end in document["sentences"]} for document in documents]
    both = sum(len(a & b) for a, b in zip(found, gold, strict=True))
    precision, recall = both / sum(map(len, found)), both / sum(map(len, gold))
    keep(
        "boundaries",
        {
            "data": path.name,
            "splitter": VERSION,
            "documents": len(documents),
            "gold sentences": sum(map(len, gold)),
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "F1": round(2 * precision * recall / (precision + recall), 4),
            "sentences per second": round(sum(map(len, found)) / seconds),
        },
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
