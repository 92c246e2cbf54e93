"""How far the probability of abstention can be believed: the calibration curve, and what each operating point does.

    python -m benchmarks.calibration SUITES --work DIR [--most 60] [--save benchmarks/results/calibration.json]
                                     [--plot docs/calibration.svg]

Each suite's library is asked as many questions that it can answer (its own, held out: see ``benchmarks.held_out``) as
questions that it cannot: half from the next suite, which is also about medicine, and half from everyday life.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from qa.answering.abstention import THRESHOLD
from qa.evaluation import metrics
from qa.evaluation.everyday import QUESTIONS
from qa.evaluation.metrics import Decision
from qa.evaluation.run import build, chosen
from qa.evaluation.suite import load

BINS = 8
POINTS = (0.1, 0.25, THRESHOLD, 0.5, 0.6, 0.75, 0.9)


def bins(told: Sequence[float], true: Sequence[bool]) -> list[dict[str, float]]:
    """Questions in equal bins of probability: the mean told, the share that has an answer, Wilson's 95 % interval."""
    found = []
    for low in range(BINS):
        chosen = [i for i, p in enumerate(told) if low / BINS <= p < (low + 1) / BINS or (p == 1 and low == BINS - 1)]
        if chosen:
            n, share = len(chosen), sum(true[i] for i in chosen) / len(chosen)
            middle, spread = (share + 1.92 / n) / (1 + 3.84 / n), 1.96 / (1 + 3.84 / n)
            spread *= math.sqrt(share * (1 - share) / n + 0.96 / n**2)
            mean = sum(told[i] for i in chosen) / n
            found.append({"told": mean, "true": share, "low": middle - spread, "high": middle + spread, "n": n})
    return found


def at(threshold: float, told: Sequence[float], true: Sequence[bool]) -> dict[str, float]:
    """Precision and recall of declining below a threshold, with their intervals."""
    decisions = np.array(
        [Decision.of(answerable=t, declined=p < threshold) for p, t in zip(told, true, strict=True)], dtype=np.float64
    )
    row = {"threshold": threshold}
    for name, statistic in (("precision", metrics.abstention_precision), ("recall", metrics.abstention_recall)):
        low, high = metrics.interval(decisions, statistic)
        row |= {name: float(statistic(decisions)), f"{name} low": low, f"{name} high": high}
    return row


def draw(curves: dict[str, list[dict[str, float]]], points: list[dict[str, float]], path: Path) -> None:
    """The curve beside the diagonal, and precision and recall by threshold, as SVG with the same bytes each time."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams |= {"svg.hashsalt": "qa", "font.family": "sans-serif", "font.size": 9}
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.6))
    left.plot([0, 1], [0, 1], color="#999", linewidth=1, linestyle="--", label="as told")
    together = curves["all"]
    spans = [[b["true"] - b["low"] for b in together], [b["high"] - b["true"] for b in together]]
    left.errorbar([b["told"] for b in together], [b["true"] for b in together], spans, marker="o", label="all suites")
    left.set(xlabel="probability told", ylabel="share that has an answer", xlim=(0, 1), ylim=(0, 1))
    left.legend(frameon=False)
    for name, style in (("precision", "o-"), ("recall", "s--")):
        right.plot([p["threshold"] for p in points], [p[name] for p in points], style, label=f"{name} of declining")
    right.axvline(THRESHOLD, color="#999", linewidth=1)
    right.set(xlabel="answers from this probability on", ylim=(0, 1.02))
    right.legend(frameon=False, loc="lower center")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", type=Path)
    parser.add_argument("--work", type=Path, required=True, help="the folder with the suites' libraries")
    parser.add_argument("--most", type=int, default=60, help="answerable questions of each suite")
    parser.add_argument("--save", type=Path)
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    suites = [load(path) for path in sorted(options.suites.iterdir()) if (path / "queries.jsonl").exists()]
    told: dict[str, list[float]] = {}
    true: dict[str, list[bool]] = {}
    for number, suite in enumerate(suites):
        library = build(suite, options.work / suite.name)
        own = chosen(suite.judged, options.most)
        other = suites[(number + 1) % len(suites)]
        if other.name.split("-")[0] == suite.name.split("-")[0]:
            other = suites[(number + 2) % len(suites)]
        half = len(own) // 2
        everyday = chosen(QUESTIONS, len(own) - half)
        strangers = [other.questions[key] for key in chosen(other.judged, len(own) - len(everyday))]
        asked = [suite.questions[key] for key in own] + strangers + everyday
        told[suite.name] = [library.ask(text).confidence or 0.0 for text in asked]
        true[suite.name] = [place < len(own) for place in range(len(asked))]
        print(suite.name, json.dumps(at(THRESHOLD, told[suite.name], true[suite.name])), flush=True)
    told["all"] = [value for values in told.values() for value in values]
    true["all"] = [value for values in true.values() for value in values]
    curves = {name: bins(told[name], true[name]) for name in told}
    points = [at(point, told["all"], true["all"]) for point in POINTS]
    brier = float(np.mean([(p - t) ** 2 for p, t in zip(told["all"], true["all"], strict=True)]))
    for point in points:
        print(json.dumps(point))
    print("Brier score", round(brier, 4), "n =", len(told["all"]))
    result: dict[str, Any] = {"operating point": THRESHOLD, "brier": brier, "points": points, "curves": curves}
    result["by suite"] = {name: {"n": len(told[name]), **at(THRESHOLD, told[name], true[name])} for name in told}
    if options.save:
        options.save.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if options.plot:
        draw(curves, points, options.plot)


if __name__ == "__main__":
    main()
