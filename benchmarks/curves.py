"""The curves of what ``benchmarks.scale`` has kept, drawn: time, memory and disk against size.

python -m benchmarks.curves [--result benchmarks/results/scale.json] [--out docs/scale.svg]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

HERE = Path(__file__).parent
Size = dict[str, Any]

#: What each panel is called, and its lines: what they are called, and how a size's value is found.
PANELS: tuple[tuple[str, tuple[tuple[str, Callable[[Size], float]], ...]], ...] = (
    (
        "milliseconds",
        (
            ("nearest sentences and records, p95", lambda one: one["nearest"]["ms for both"]["p95"]),
            ("an answer, p95", lambda one: one["answers"]["ms"]["p95"]),
            ("an answer of some years, p95", lambda one: one["answers"]["ms, of some years"]["p95"]),
            ("first answer of a new process", lambda one: 1000 * one["seconds to a first answer of a new process"]),
        ),
    ),
    (
        "megabytes",
        (
            ("memory, nearest (files mapped)", lambda one: one["nearest"]["peak memory, MB"]),
            ("disk, database", lambda one: one["MB on disk"]["database"]),
            ("disk, vectors to search", lambda one: one["MB on disk"]["vectors"]),
            ("disk, words", lambda one: one["MB on disk"]["words"]),
        ),
    ),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--result", type=Path, default=HERE / "results" / "scale.json")
    parser.add_argument("--out", type=Path, default=HERE.parent / "docs" / "scale.svg")
    options = parser.parse_args()
    sizes = json.loads(options.result.read_text(encoding="utf-8"))["sizes"]
    with rc_context({"svg.hashsalt": "qa", "font.size": 9}):
        draw(sizes).savefig(options.out, format="svg", metadata={"Date": None})


def draw(sizes: list[Size]) -> Figure:
    figure = Figure(figsize=(9, 4), layout="constrained")
    for axes, (unit, lines) in zip(figure.subplots(1, len(PANELS)), PANELS, strict=True):
        for name, value in lines:
            axes.plot([one["sentences"] for one in sizes], [value(one) for one in sizes], marker="o", label=name)
        axes.set(xscale="log", yscale="log", xlabel="sentences", ylabel=unit)
        axes.grid(visible=True, which="major", alpha=0.3)
        axes.legend(fontsize=7)
    return figure


if __name__ == "__main__":
    main()
