"""Where a run of tokens stands in another: as it is, or as nearly as can be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.verifying.tokens import Token

#: What a change costs. Replacing is cheaper than leaving out, so that a word changed at an end is found to be changed.
_WORD, _SIGN = 4, 2
_EXTRA = 1

#: Joins tokens to search for them; it is in none.
_JOINT = "\x1f"


class Run:
    """Tokens that can be searched for a run of others."""

    def __init__(self, found: Sequence[Token]) -> None:
        self.tokens = found
        self._joined = _JOINT + _JOINT.join(token.folded for token in found) + _JOINT
        self._counts = Counter(token.folded for token in found)

    def lacks(self, wanted: Sequence[Token]) -> int:
        """What an alignment of ``wanted`` costs at least, by the tokens that are not here at all."""
        missing = Counter(token.folded for token in wanted) - self._counts
        return sum(number * (_WORD if folded[0].isalnum() else _SIGN) for folded, number in missing.items())

    def find(self, wanted: Sequence[Token], start: int = 0) -> int:
        """Where ``wanted`` stands word for word, at or after token ``start``; -1 where it does not."""
        return next(self.all(wanted, start), -1)

    def all(self, wanted: Sequence[Token], start: int = 0) -> Iterator[int]:
        """All places where ``wanted`` stands word for word, at or after token ``start``."""
        needle = _JOINT + _JOINT.join(token.folded for token in wanted) + _JOINT
        at, number = self._joined.find(needle), 0
        seen = 0
        while at >= 0 and wanted:
            number += self._joined.count(_JOINT, seen, at)
            seen = at
            if number >= start:
                yield number
            at = self._joined.find(needle, at + 1)


@dataclass(frozen=True, slots=True)
class Alignment:
    """The likeliest place of a run of tokens in another, ``[start:end]``.

    ``cost`` is 4 for a word replaced and 5 for one more or less (half of it for signs). ``pairs`` are positions in
    both, in order, with -1 for none: what was changed, left out or added.
    """

    cost: int
    start: int
    end: int
    pairs: tuple[tuple[int, int], ...]

    def moved(self, by: int) -> Alignment:
        """The same, in a run that begins ``by`` tokens earlier."""
        pairs = tuple((i, j + by if j >= 0 else j) for i, j in self.pairs)
        return Alignment(self.cost, self.start + by, self.end + by, pairs)


def align(ours: Sequence[Token], theirs: Sequence[Token]) -> Alignment:
    """Where ``ours`` stands in ``theirs``, as nearly as can be (Sellers 1980), within the part that shares most words.

    The time is the square of ``ours`` and linear in ``theirs``.
    """
    first, last = _window(ours, theirs)
    part = theirs[first:last]
    width = len(part) + 1
    costs = [0] * width  # nothing of ours costs nothing, wherever it stands
    moves: list[bytearray] = []  # per token of ours: 0 both, 1 ours only, 2 theirs only
    for mine in ours:
        own = _WORD if mine.is_word else _SIGN
        row, move = [costs[0] + own + _EXTRA], bytearray(width)
        move[0] = 1
        for j in range(1, width):
            other = part[j - 1]
            theirs_cost = _WORD if other.is_word else _SIGN
            same = mine.folded == other.folded
            change = 0 if same else own if own == theirs_cost else _WORD + _SIGN
            best, how = costs[j - 1] + change, 0
            if (less := costs[j] + own + _EXTRA) < best:
                best, how = less, 1
            if (more := row[j - 1] + theirs_cost + _EXTRA) < best:
                best, how = more, 2
            row.append(best)
            move[j] = how
        costs = row
        moves.append(move)
    end = min(range(width), key=lambda j: (costs[j], j))
    i, j = len(ours), end
    pairs = []
    while i:
        how = moves[i - 1][j]
        pairs.append((i - 1 if how != 2 else -1, first + j - 1 if how != 1 else -1))
        i -= how != 2
        j -= how != 1
    return Alignment(costs[end], first + j, first + end, tuple(reversed(pairs)))


def _window(ours: Sequence[Token], theirs: Sequence[Token]) -> tuple[int, int]:
    """The part of ``theirs`` that shares most tokens with ``ours``, with room on both sides."""
    size = len(ours) + len(ours) // 2 + 10
    if len(theirs) <= size:
        return 0, len(theirs)
    wanted = Counter(token.folded for token in ours)
    best, best_at, shared = -1, 0, 0
    held: Counter[str] = Counter()
    for at, token in enumerate(theirs):
        held[token.folded] += 1
        shared += held[token.folded] <= wanted[token.folded]
        if at >= size:
            gone = theirs[at - size].folded
            shared -= held[gone] <= wanted[gone]
            held[gone] -= 1
        if shared > best:
            best, best_at = shared, at
    room = len(ours) // 4 + 5
    return max(0, best_at - size + 1 - room), min(len(theirs), best_at + 1 + room)
