"""Questions as people ask them: in their own words, about abstracts that happen to be there.

    python -m benchmarks.natural LIBRARY

LIBRARY is that of the page and 500 of PubMed's abstracts which ``benchmarks.seed`` makes (DIR/seed-500). The questions
in ``benchmarks/data/natural.json`` were written after reading an abstract, each with words of the sentences that answer
it: "seen" and "unseen" by hand (all of them have been looked at by now, see ``docs/experiments.md``), "later" by a
language model, as those in ``benchmarks/training/written.py``, from abstracts that none of these is about. Others are
near to what some record is about, and none answers them.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import keep
from qa import Library
from qa.evaluation.metrics import interval

QUESTIONS = Path(__file__).parent / "data" / "natural.json"
PARTS = ("seen", "unseen", "later")


def ask(library: Library, question: str, answers: list[str], record: str = "") -> dict[str, Any]:
    """What became of a question: whether it was declined, and the rank of the first sentence that answers.

    That is one with any of these words; of the ``record``, where one is named.
    """
    answer = library.ask(question, k=10)
    shown = [hit for hit in answer.citations or answer.closest if record in ("", hit.record.id)]
    ranks = (hit.rank for hit in shown if any(words in hit.sentence.text for words in answers))
    return {
        "question": question,
        "declined": not answer,
        "confidence": round(answer.confidence or 0.0, 3),
        "rank": next(ranks, None),
    }


def share(values: list[bool]) -> dict[str, float]:
    """The share of those that are true, with its bootstrap interval."""
    rows = np.array(values, dtype=np.float64)
    low, high = interval(rows)
    return {"share": float(rows.mean()), "low": low, "high": high, "n": len(values)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", type=Path)
    parser.add_argument("--parts", nargs="+", default=PARTS, choices=PARTS)
    options = parser.parse_args()
    suites = json.loads(QUESTIONS.read_text(encoding="utf-8"))
    kept: dict[str, Any] = {}
    with Library.open(options.library) as library:
        for part in options.parts:
            asked = [ask(library, one["question"], one["answers"], one.get("record", "")) for one in suites[part]]
            foreign = [ask(library, question, []) for question in suites[f"not held, {part}"]]
            kept[part] = {
                "right first": share([one["rank"] == 1 for one in asked]),
                "right among three": share([one["rank"] is not None and one["rank"] <= 3 for one in asked]),
                "answered": share([not one["declined"] for one in asked]),
                "declined where nothing is held": share([one["declined"] for one in foreign]),
                "questions": asked + foreign,
            }
            for name, value in kept[part].items():
                if name != "questions":
                    told = "{share:.2f} ({low:.2f}-{high:.2f}), n {n}".format(**value)
                    print(f"{part}: {name} {told}")
        keep("natural", {"records": len(library), "parts": kept})


if __name__ == "__main__":
    main()
