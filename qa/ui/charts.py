"""Charts as SVG, drawn by Matplotlib on this machine; pure functions.

Colours are variables of the style sheet, so that one drawing serves light and dark; each chart is drawn for a wide and
for a narrow page, so that its letters keep their size.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qa.schema import TopicMap
from qa.ui import tab_words
from qa.ui.placing import placed
from qa.ui.render import text

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

    Tip = Callable[..., None]

#: The study designs by kind, in the order in which they are stacked; of the last kind no design is known.
#: ``tab_words.KINDS`` has their names.
KINDS: dict[str, tuple[str, ...]] = {
    "syntheses": ("meta-analysis", "systematic review", "scoping review", "guideline"),
    "trials": ("randomised trial", "non-randomised trial", "protocol"),
    "observational": ("cohort study", "case-control study", "cross-sectional study", "observational study"),
    "cases": ("case report",),
    "reviews": ("narrative review", "editorial or letter"),
    "laboratory": ("animal study", "in vitro study"),
    "untold": ("",),
}

KIND_OF = {design: kind for kind, designs in KINDS.items() for design in designs}

#: What is drawn in these colours is shown in the style sheet's.
_VARIABLES = {
    "#010101": "--qa-ink",
    "#020202": "--qa-soft",
    "#030303": "--qa-line",
    "#040404": "--qa-paper",
    "#050505": "--qa-dot",
    "#060606": "--qa-lit",
    **{f"#0707{number:02x}": f"--qa-kind-{number}" for number in range(1, len(KINDS) + 1)},
}
_INK, _SOFT, _LINE, _PAPER, _DOT, _LIT, *_KIND_COLOURS = _VARIABLES

#: The sizes in inches, at 72 units an inch: for a wide page and for a narrow one.
_SIZES = {"wide": (12.0, 3.4), "narrow": (5.2, 3.6)}
_MAP_SIZES = {"wide": (9.6, (4.0, 5.2, 6.4)), "narrow": (5.2, (4.0, 5.0, 6.2))}  # by how many records there are

#: How far the dots stay from the map's edge, in inches.
_EDGE = 0.35

#: The most records drawn as points; of more, every so many-th.
DRAWN = 4_000


def years(counts: Mapping[tuple[int, str], int], label: str, name: str) -> str:
    """Bars by year, stacked by kind of design: ``counts`` of (year, kind). '' where there is nothing to draw."""
    if not counts:
        return ""
    step = step_of({year for year, _ in counts})
    stacks: dict[str, dict[int, int]] = {kind: {} for kind in KINDS}
    for (year, kind), count in counts.items():
        start = year // step * step
        stacks[kind][start] = stacks[kind].get(start, 0) + count

    def draw(figure: Figure, width: str, tip: Tip) -> None:
        axes = figure.add_axes((0.055 if width == "wide" else 0.11, 0.12, 0.94 if width == "wide" else 0.88, 0.84))
        bottom: dict[int, int] = {}
        for colour, (kind, found) in zip(_KIND_COLOURS, stacks.items(), strict=True):
            for year, count in sorted(found.items()):
                span = str(year) if step == 1 else f"{year}–{year + step - 1}"
                bar = axes.bar(
                    year + (step - 1) / 2,
                    count,
                    step * 0.84,
                    bottom.get(year, 0),
                    color=colour,
                    edgecolor=_PAPER,
                    lw=0.6,
                )
                told = tab_words.BAR.format(years=span, kind=tab_words.KINDS_WITHIN[kind], count=count)
                tip(bar.patches[0], told)
                bottom[year] = bottom.get(year, 0) + count
        first, last = min(bottom), max(bottom) + step - 1
        around = max(0.7, 5 - (last - first) / step / 2) * step  # a single bar is no wall
        axes.set_xlim(first - around, last + around)
        _calm(axes)

    return _figure(draw, _SIZES, label, name)


def step_of(years: Collection[int]) -> int:
    """How many years one bar stands for, so that there are no more than some fifty."""
    span = max(years) - min(years) + 1
    return next((step for step in (1, 2, 5, 10, 25) if span / step <= 50), 100)


def topic_map(found: TopicMap, hits: Mapping[str, tuple[int, str]], label: str, name: str) -> str:
    """The records as points, the topics by their words, and ``hits`` (rank and what to say, by id) lit up."""
    import numpy as np

    every = -(-len(found.points) // DRAWN)
    drawn = [point for number, point in enumerate(found.points) if number % every == 0 or point[0] in hits]
    places = np.array([(x, y) for _, _, x, y in drawn], dtype=np.float64)
    lowest = places.min(axis=0)
    spread = np.maximum(places.max(axis=0) - lowest, 1e-9)
    is_hit = np.array([one in hits for one, *_ in drawn])
    step = _step(len(found.points))
    sizes = {width: (broad, tall[step]) for width, (broad, tall) in _MAP_SIZES.items()}

    def draw(figure: Figure, width: str, tip: Tip) -> None:
        broad, tall = sizes[width]
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, broad)
        axes.set_ylim(0, tall)

        def inches(points: Any) -> Any:
            return _EDGE + (points - lowest) / spread * (np.array([broad, tall]) - 2 * _EDGE)

        at = inches(places)
        if not is_hit.all():
            size = (36, 20, 14)[step] if len(drawn) <= 1500 else 7
            axes.scatter(at[~is_hit, 0], at[~is_hit, 1], s=size, color=_DOT, linewidths=0)
        for (one, *_), (x, y) in zip(drawn, at, strict=True):
            if one in hits:
                point = axes.scatter([x], [y], s=64, color=_LIT, edgecolors=_PAPER, linewidths=1, zorder=5)
                tip(point, *reversed(hits[one]))
        order = sorted(range(len(found.topics)), key=lambda number: (-found.topics[number].records, number))
        names = ["\n".join(topic.words[:2]) if width == "narrow" else ", ".join(topic.words) for topic in found.topics]
        letter = (0.088, 0.2) if width == "wide" else (0.08, 0.17)
        boxes = [
            (max(map(len, names[one].split("\n"))) * letter[0], (names[one].count("\n") + 1) * letter[1])
            for one in order
        ]
        topics = [tuple(inches(np.array([found.topics[one].x, found.topics[one].y]))) for one in order]
        middles = placed(topics, boxes, at[~is_hit], at[is_hit], (broad, tall))
        for number, (x, y) in zip(order, middles, strict=True):
            axes.text(
                x, y, names[number], ha="center", va="center", size=10.5 if width == "wide" else 9.5, color=_INK,
                gid="name", zorder=4, parse_math=False,
            )  # fmt: skip

    return _figure(draw, sizes, label, name)


def _step(count: int) -> int:
    """Which of a map's heights so many records need: a few on a large sheet are mostly sheet."""
    return 0 if count < 60 else 1 if count < 400 else 2


def _calm(axes: Any) -> None:
    """No frame; a base line, faint lines across, and few numbers."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_SOFT)
    axes.tick_params(length=0, labelsize=11, labelcolor=_SOFT, pad=6)
    axes.set_axisbelow(True)
    axes.grid(axis="y", color=_LINE, lw=0.8)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True, min_n_ticks=1))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))


def _figure(draw: Any, sizes: Mapping[str, tuple[float, float]], label: str, name: str) -> str:
    """``draw(figure, width, tip)`` for each width; ``tip(artist, words)`` says what the artist stands for, and with a
    hit's rank it becomes clickable."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    parts = []
    for width, size in sizes.items():
        settings: Any = {"svg.fonttype": "none", "svg.hashsalt": f"{name}-{width}", "text.parse_math": False}
        with rc_context(settings):
            figure, out = Figure(figsize=size, dpi=72), io.StringIO()
            tips: list[tuple[str, int]] = []

            def tip(artist: Artist, words: str, hit: int = 0, tips: list[tuple[str, int]] = tips) -> None:
                artist.set_gid(f"tip-{len(tips)}")
                tips.append((words, hit))

            draw(figure, width, tip)
            figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
        parts.append(f'<div class="qa-plot qa-plot-{width}">{_inline(out.getvalue(), label, tips)}</div>')
    return f'<div class="qa-plots">{"".join(parts)}</div>'


def _inline(svg: str, label: str, tips: Sequence[tuple[str, int]]) -> str:
    """Matplotlib's file as a part of a page: its colours ours, its tips titles, and its meaning in words."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"#[0-9a-f]{6}", lambda colour: _coloured(colour[0]), svg)
    svg = re.sub(r'(<svg [^>]*?)height="[^"]*" ', r"\1", svg, count=1)
    svg = re.sub(r"\s*\n\s*", " ", svg).replace('<g id="name">', '<g class="qa-topic">')
    svg = re.sub(r'<svg ([^>]*?)width="[^"]*" ', rf'<svg role="img" aria-label="{text(label)}" \1', svg, count=1)
    return re.sub(
        r'<(g|path) id="tip-(\d+)"( [^>]*?)?(/?)>',
        lambda found: _tipped(found, *tips[int(found[2])]),
        svg,
    )


def _tipped(found: re.Match[str], words: str, hit: int) -> str:
    """What is drawn, with what it stands for as its title; of a hit, with the place that it has in the list."""
    name, _, rest, empty = found.groups(default="")
    title = f"<title>{text(words)}</title>"
    dot = f' data-dot="{hit}"' if hit else ""
    return f'<{name} class="qa-tip"{dot}{rest}>{title}' + (f"</{name}>" if empty else "")


def _coloured(colour: str) -> str:
    return f"var({_VARIABLES[colour]})" if colour in _VARIABLES else colour


def legend(kinds: Sequence[str]) -> str:
    """Which colour stands for what."""
    items = "".join(
        f'<li><span class="qa-swatch qa-swatch-{list(KINDS).index(kind) + 1}"></span>{text(tab_words.KINDS[kind])}</li>'
        for kind in kinds
    )
    return f'<ul class="qa-legend">{items}</ul>'
