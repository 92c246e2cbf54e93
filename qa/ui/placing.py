"""Where the names on the map stand: near their topics, not on each other, and on as few dots as can be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Dots = npt.NDArray[np.float64]

#: What a name costs that lies on another one, on a hit, and by the line of its distance from its topic. A dot costs 1,
#: and less where there are more than so many: in a crowd a name cannot help lying on some, and is to stay with its own.
ON_A_NAME, ON_A_HIT, PER_LINE, CROWD = 1_000.0, 6.0, 0.6, 400

#: How far a name may go, in lines up and down and in its own breadths sideways.
UP_AND_DOWN, SIDEWAYS = 6, (0.0, -0.3, 0.3, -0.6, 0.6)


def placed(
    topics: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    dots: Dots,
    hits: Dots,
    whole: tuple[float, float],
) -> list[tuple[float, float]]:
    """The middle of each name, for topics in the order of their weight; all lengths in one unit.

    ``sizes`` are the names' breadths and heights, ``dots`` and ``hits`` float64[n, 2], ``whole`` the map's size.
    """
    on_a_dot = min(1.0, CROWD / max(1, len(dots)))
    done: list[tuple[float, float, float, float]] = []
    for (x, y), (broad, tall) in zip(topics, sizes, strict=True):
        best, least = (x, y), float("inf")
        for up in sorted(range(-2 * UP_AND_DOWN, 2 * UP_AND_DOWN + 1), key=lambda step: (abs(step), step)):
            for side in SIDEWAYS:
                at = (
                    min(max(x + side * broad, broad / 2), max(whole[0] - broad / 2, broad / 2)),
                    min(max(y + up * tall / 2, tall / 2), max(whole[1] - tall / 2, tall / 2)),
                )
                away = ((at[0] - x) ** 2 + (at[1] - y) ** 2) ** 0.5 / tall
                cost = PER_LINE * away
                if cost >= least:
                    continue
                cost += ON_A_NAME * sum(_meet(at, (broad, tall), other) for other in done)
                cost += on_a_dot * _covered(at, (broad, tall), dots) + ON_A_HIT * _covered(at, (broad, tall), hits)
                if cost < least:
                    best, least = at, cost
        done.append((*best, broad, tall))
    return [(x, y) for x, y, _, _ in done]


def _covered(at: tuple[float, float], size: tuple[float, float], dots: Dots) -> int:
    """How many dots lie under a name."""
    inside = (abs(dots[:, 0] - at[0]) < size[0] / 2) & (abs(dots[:, 1] - at[1]) < size[1] / 2)
    return int(inside.sum())


def _meet(at: tuple[float, float], size: tuple[float, float], other: tuple[float, float, float, float]) -> bool:
    x, y, broad, tall = other
    return abs(at[0] - x) < (size[0] + broad) / 2 and abs(at[1] - y) < (size[1] + tall) / 2
