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
from qa.ui.render import text

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

    Tip = Callable[[Artist, str], None]

#: The study designs by kind, in the order in which they are stacked; the last kind is what no design is known of.
KINDS: dict[str, tuple[str, ...]] = {
    "Syntheses": ("meta-analysis", "systematic review", "scoping review", "guideline"),
    "Trials": ("randomised trial", "non-randomised trial", "protocol"),
    "Observational": ("cohort study", "case-control study", "cross-sectional study", "observational study"),
    "Case reports": ("case report",),
    "Reviews and opinion": ("narrative review", "editorial or letter"),
    "Laboratory": ("animal study", "in vitro study"),
    "Not told": ("",),
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
_MAP_SIZES = {"wide": (12.0, 7.4), "narrow": (5.2, 6.2)}

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
                tip(bar.patches[0], f"{span} · {kind.lower()}: {count:,}")
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


def topic_map(found: TopicMap, hits: Mapping[str, str], label: str, name: str) -> str:
    """The records as points, the topics by their words, and ``hits`` (what to say of them by id) lit up."""
    every = -(-len(found.points) // DRAWN)
    drawn = [point for number, point in enumerate(found.points) if number % every == 0 or point[0] in hits]

    def draw(figure: Figure, width: str, tip: Tip) -> None:
        axes = figure.add_axes((0.01, 0.01, 0.98, 0.98))
        axes.set_axis_off()
        plain = [(x, y) for one, _, x, y in drawn if one not in hits]
        size = 7 if len(drawn) > 1500 else 14
        if plain:
            axes.scatter([x for x, _ in plain], [y for _, y in plain], s=size, color=_DOT, linewidths=0)
        for one, _, x, y in drawn:
            if one in hits:
                point = axes.scatter([x], [y], s=64, color=_LIT, edgecolors=_PAPER, linewidths=1, zorder=3)
                tip(point, hits[one])
        letter = (0.0088, 0.04) if width == "wide" else (0.019, 0.068)  # of the map's breadth and height
        names = ["\n".join(topic.words[:2]) if width == "narrow" else ", ".join(topic.words) for topic in found.topics]
        for words, (x, y) in zip(names, _apart(found, names, *letter), strict=True):
            axes.text(
                x, y, words, ha="center", va="center", size=10.5 if width == "wide" else 9.5, color=_INK,
                gid="name", zorder=4, parse_math=False,
            )  # fmt: skip
        axes.margins(0.1, 0.05)

    return _figure(draw, _MAP_SIZES, label, name)


def _apart(found: TopicMap, names: Sequence[str], broad: float, tall: float) -> list[tuple[float, float]]:
    """Where the names of the topics stand: at their topic, moved down where they would lie on one above."""
    xs, ys = [x for _, _, x, _ in found.points], [y for _, _, _, y in found.points]
    across, up = (max(xs) - min(xs)) or 1.0, (max(ys) - min(ys)) or 1.0
    widths = [max(map(len, name.split("\n"))) * broad * across for name in names]
    places: dict[int, tuple[float, float]] = {}
    for at in sorted(range(len(names)), key=lambda at: (-found.topics[at].y, at)):
        x, y = found.topics[at].x, found.topics[at].y
        for other, (its_x, its_y) in sorted(places.items(), key=lambda item: -item[1][1]):
            if abs(x - its_x) < (widths[at] + widths[other]) / 2 and abs(y - its_y) < tall * up:
                y = its_y - tall * up
        places[at] = (x, y)
    return [places[at] for at in range(len(names))]


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
    """``draw(figure, width, tip)`` for each width; ``tip(artist, words)`` says what the artist stands for."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    parts = []
    for width, size in sizes.items():
        settings: Any = {"svg.fonttype": "none", "svg.hashsalt": f"{name}-{width}", "text.parse_math": False}
        with rc_context(settings):
            figure, out = Figure(figsize=size, dpi=72), io.StringIO()
            tips: list[str] = []

            def tip(artist: Artist, words: str, tips: list[str] = tips) -> None:
                artist.set_gid(f"tip-{len(tips)}")
                tips.append(words)

            draw(figure, width, tip)
            figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
        parts.append(f'<div class="qa-plot qa-plot-{width}">{_inline(out.getvalue(), label, tips)}</div>')
    return f'<div class="qa-plots">{"".join(parts)}</div>'


def _inline(svg: str, label: str, tips: Sequence[str]) -> str:
    """Matplotlib's file as a part of a page: its colours ours, its tips titles, and its meaning in words."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"#[0-9a-f]{6}", lambda colour: _coloured(colour[0]), svg)
    svg = re.sub(r'(<svg [^>]*?)height="[^"]*" ', r"\1", svg, count=1)
    svg = re.sub(r"\s*\n\s*", " ", svg).replace('<g id="name">', '<g class="qa-topic">')
    svg = re.sub(r'<svg ([^>]*?)width="[^"]*" ', rf'<svg role="img" aria-label="{text(label)}" \1', svg, count=1)
    return re.sub(
        r'<(g|path) id="tip-(\d+)"( [^>]*?)?(/?)>',
        lambda found: _tipped(found, tips[int(found[2])]),
        svg,
    )


def _tipped(found: re.Match[str], words: str) -> str:
    """What is drawn, with what it stands for as its title."""
    name, _, rest, empty = found.groups(default="")
    title = f"<title>{text(words)}</title>"
    return f'<{name} class="qa-tip"{rest}>{title}</{name}>' if empty else f'<{name} class="qa-tip"{rest}>{title}'


def _coloured(colour: str) -> str:
    return f"var({_VARIABLES[colour]})" if colour in _VARIABLES else colour


def legend(kinds: Sequence[str]) -> str:
    """Which colour stands for what."""
    items = "".join(
        f'<li><span class="qa-swatch qa-swatch-{list(KINDS).index(kind) + 1}"></span>{text(kind)}</li>'
        for kind in kinds
    )
    return f'<ul class="qa-legend">{items}</ul>'
