"""The measures, and how sure of them one can be. Pure functions of numbers.

A *statistic* takes float64[..., n], the values of n questions, and reduces the last axis; so it can be computed on the
sample itself and on thousands of resamples of it at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Statistic = Callable[[Floats], Floats]

#: Resamples of the bootstrap, the level of its intervals, and where its random numbers start.
RESAMPLES, LEVEL, SEED = 2000, 0.95, 20_150_701

_BLOCK = 2_000_000  # values resampled at once: 16 MB, however many questions there are


# -- of one question -------------------------------------------------------------------------------------------


def ndcg(found: Sequence[str], grades: Mapping[str, int], k: int = 10) -> float:
    """Normalised discounted cumulative gain of the first k (Järvelin & Kekäläinen 2002), as trec_eval's ndcg_cut.

    The gain is the grade itself (below 0 counts as 0), the discount log2(rank + 1); the ideal orders all judged
    records. 0 where nothing is relevant.
    """
    gains = [max(0, grades.get(record, 0)) for record in found[:k]]
    ideal = sorted((max(0, grade) for grade in grades.values()), reverse=True)[:k]
    best = _discounted(ideal)
    return _discounted(gains) / best if best else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return math.fsum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def recall(found: Sequence[str], grades: Mapping[str, int], k: int = 100) -> float:
    """The share of the relevant records (grade above 0) among the first k, as trec_eval's recall; 0 where none is."""
    relevant = {record for record, grade in grades.items() if grade > 0}
    return len(relevant.intersection(found[:k])) / len(relevant) if relevant else 0.0


def is_right(start: int, end: int, gold: Iterable[tuple[int, int]]) -> bool:
    """Whether at least half of the characters from start to end lie in one of the gold spans."""
    return any(2 * (min(end, last) - max(start, first)) >= end - start > 0 for first, last in gold)


def reciprocal_rank(right: Sequence[bool], k: int = 10) -> float:
    """One over the rank of the first right one among the first k, else 0 (Voorhees 1999)."""
    return next((1 / rank for rank, one in enumerate(right[:k], 1) if one), 0.0)


# -- of many questions -----------------------------------------------------------------------------------------


class Decision(IntEnum):
    """What became of a question that the library can answer, or cannot."""

    ANSWERED = 0
    DECLINED_WRONGLY = 1
    ANSWERED_WRONGLY = 2
    DECLINED = 3

    @classmethod
    def of(cls, *, answerable: bool, declined: bool) -> Decision:
        if answerable:
            return cls.DECLINED_WRONGLY if declined else cls.ANSWERED
        return cls.DECLINED if declined else cls.ANSWERED_WRONGLY


def mean(values: Floats) -> Floats:
    """The arithmetic mean."""
    return np.asarray(values.mean(axis=-1))


def p50(values: Floats) -> Floats:
    """The median."""
    return np.asarray(np.quantile(values, 0.5, axis=-1))


def p95(values: Floats) -> Floats:
    """The value that 95 % do not exceed, interpolated linearly (type 7 of Hyndman & Fan 1996)."""
    return np.asarray(np.quantile(values, 0.95, axis=-1))


def abstention_precision(decisions: Floats) -> Floats:
    """Of the questions declined, the share that could not be answered; NaN where none was declined."""
    right, wrong = _count(decisions, Decision.DECLINED), _count(decisions, Decision.DECLINED_WRONGLY)
    return _ratio(right, right + wrong)


def abstention_recall(decisions: Floats) -> Floats:
    """Of the questions that cannot be answered, the share that was declined; NaN where there are none."""
    right, missed = _count(decisions, Decision.DECLINED), _count(decisions, Decision.ANSWERED_WRONGLY)
    return _ratio(right, right + missed)


def abstention_f1(decisions: Floats) -> Floats:
    """The harmonic mean of the two (van Rijsbergen 1979); 0 where what was declined was declined wrongly."""
    right = _count(decisions, Decision.DECLINED)
    wrong = _count(decisions, Decision.DECLINED_WRONGLY) + _count(decisions, Decision.ANSWERED_WRONGLY)
    return _ratio(2 * right, 2 * right + wrong)


def _count(decisions: Floats, which: Decision) -> Floats:
    return np.asarray((decisions == which).sum(axis=-1), dtype=np.float64)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)


# -- how sure --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """How much higher the second of two runs is, on the same n questions, with its interval and two-sided p."""

    value: float
    low: float
    high: float
    p: float
    n: int


def interval(values: Floats, statistic: Statistic = mean) -> tuple[float, float]:
    """The percentile bootstrap's 95 % interval of a statistic over questions (Efron 1979; Efron & Tibshirani 1993, 13).

    Questions are drawn with replacement. Resamples on which the statistic is undefined are left out; NaN when it is
    undefined on all of them.
    """
    return _limits(np.concatenate([statistic(values[drawn]) for drawn in _draws(len(values))]))


def difference(first: Floats, second: Floats, statistic: Statistic = mean) -> Difference:
    """The paired difference of a statistic, second minus first; both hold the same questions in the same order.

    Each resample draws questions, and takes both runs on them: what is hard for both then cancels out. p is the share
    of resamples that lie as far from the observed difference as that lies from 0 (Efron & Tibshirani 1993, ch. 16;
    for retrieval: Sakai 2006), never 0, for no number of resamples can show that.
    """
    if first.shape != second.shape:
        raise ValueError(f"{first.shape} and {second.shape}: not the same questions")
    observed = float(statistic(second) - statistic(first))
    drawn = np.concatenate([statistic(second[draw]) - statistic(first[draw]) for draw in _draws(len(first))])
    known = drawn[~np.isnan(drawn)]
    low, high = _limits(drawn)
    if math.isnan(observed) or not len(known):
        return Difference(observed, low, high, math.nan, len(first))
    # Sums in another order differ in the last bits; a tie must not hang on them.
    further = np.abs(known - observed) >= abs(observed) - 1e-12
    return Difference(observed, low, high, (1 + int(further.sum())) / (1 + len(known)), len(first))


def _draws(n: int) -> Iterator[NDArray[np.int64]]:
    """Which questions each resample takes, int64[block, n], always the same for the same n."""
    if not n:
        raise ValueError("no questions")
    random = np.random.default_rng(SEED)
    rows = max(1, _BLOCK // n)
    for begin in range(0, RESAMPLES, rows):
        yield random.integers(0, n, (min(rows, RESAMPLES - begin), n))


def _limits(drawn: Floats) -> tuple[float, float]:
    known = drawn[~np.isnan(drawn)]
    if not len(known):
        return math.nan, math.nan
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
