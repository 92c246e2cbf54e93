"""Where the time goes: flame graphs of ``qa add`` and ``qa ask``, each in a new process, of this checkout and others.

    python -m benchmarks.flames FILE QUESTION --out docs/flames [--against NAME=CHECKOUT …]

Needs py-spy. Every checkout adds FILE to a library of its own and is asked QUESTION of it. Writes add-NAME.svg and
ask-NAME.svg: width is time on the clock, callers stand below what they call, what takes under half a per cent is left
out, and so are the frames of importing itself.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent.parent
RATE = 200  # samples a second
LEAST = 0.005
DEEPEST = 24


@dataclass(slots=True)
class Frame:
    """A function, how many samples fell into it or what it called, and what it called."""

    count: int = 0
    calls: dict[str, Frame] = field(default_factory=dict)

    def add(self, stack: list[str], count: int) -> None:
        self.count += count
        if stack:
            self.calls.setdefault(stack[0], Frame()).add(stack[1:], count)


def sample(checkout: Path, *arguments: str) -> Frame:
    """The calls of one command of a checkout."""
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "stacks.txt"
        command = ["py-spy", "record", "--rate", str(RATE), "--format", "raw", "--output", str(out)]
        command += ["--", sys.executable, "-m", "qa", *arguments]
        subprocess.run(command, check=True, capture_output=True, env=environment(checkout), cwd=checkout)
        root = Frame()
        for line in out.read_text(encoding="utf-8").splitlines():
            stack, _, count = line.rpartition(" ")
            names = [name(frame) for frame in stack.split(";") if "importlib" not in frame]
            root.add(names[:DEEPEST], int(count))
    return root


def environment(checkout: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(checkout), "HF_HUB_OFFLINE": "1"}


def name(frame: str) -> str:
    """``function (package/module)`` of py-spy's ``function (path/package/module.py:line)``."""
    match = re.fullmatch(r"(.*) \((?:.*?site-packages/|.*?lib/python[\d.]+/)?(.*?)(?:\.py)?(?::\d+)?\)", frame)
    return f"{match[1]} ({match[2]})" if match else frame


def draw(root: Frame, title: str, path: Path) -> None:
    """The flame graph as SVG, with the same bytes each time."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams |= {"svg.hashsalt": "qa", "font.family": "sans-serif", "font.size": 6, "svg.fonttype": "none"}
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(11, 5))

    def place(frame: Frame, left: float, level: int) -> None:
        for label, call in sorted(frame.calls.items()):
            share = call.count / root.count
            if share >= LEAST:
                colour = "#e8a15b" if "(qa/" in label or label.startswith("<module> (qa") else "#b9c6d2"
                axes.barh(level, share, 0.92, left, color=colour, edgecolor="white", linewidth=0.3)
                if share > 0.02:
                    text = label[: int(share * 190)]
                    axes.text(left + 0.002, level, text, va="center", clip_on=True)
                place(call, left, level + 1)
            left += share

    place(root, 0.0, 0)
    axes.set(
        xlim=(0, 1),
        yticks=[],
        xlabel=f"share of {root.count / RATE:.1f} s (orange: this program's own code)",
        title=title,
    )
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("question")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--against", nargs="*", default=[], metavar="NAME=CHECKOUT")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    others = (one.split("=", 1) for one in options.against)
    for version, checkout in {"now": HERE, **{one: Path(path) for one, path in others}}.items():
        with tempfile.TemporaryDirectory() as place:
            library = ["--library", f"{place}/library"]
            # What is made once, the first time, is made before: the export of the model, the library's own upkeep.
            warm = [sys.executable, "-m", "qa", *library, "add", str(HERE / "examples" / "digests.jsonl")]
            subprocess.run(warm, check=True, capture_output=True, env=environment(checkout), cwd=checkout)
            added = sample(checkout, *library, "add", str(options.file.resolve()))
            asked = sample(checkout, *library, "ask", options.question)
        draw(added, f"qa add, {version}", options.out / f"add-{version}.svg")
        draw(asked, f"qa ask, {version}", options.out / f"ask-{version}.svg")
        print(version, "done", flush=True)


if __name__ == "__main__":
    main()
