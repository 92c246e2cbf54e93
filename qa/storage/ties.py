"""The k best of a search, with ties broken by row number wherever they fall."""

from __future__ import annotations

from collections.abc import Callable

Pairs = list[tuple[int, float]]


def best(search: Callable[[int], Pairs], k: int, most: int) -> Pairs:
    """The k best (row, score), best first, ties by row; ``search(n)`` gives n of ``most``, best first.

    Which of several equal ones an index gives when it is asked for fewer is its own affair, and changes with how it
    came about. So more are asked for until all that equal the last one are there.
    """
    wanted = k + 1
    while True:
        pairs = search(min(wanted, most)) if k and most else []
        if len(pairs) < wanted or wanted >= most or pairs[-1][1] < pairs[k - 1][1]:
            return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:k]
        wanted *= 2
