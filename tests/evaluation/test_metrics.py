"""Every measure against an oracle that is written another way: slower, and plainly the definition."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.evaluation import metrics
from qa.evaluation.metrics import Decision

RECORDS = st.sampled_from("abcdefgh")
RANKINGS = st.lists(RECORDS, unique=True, max_size=8)
GRADES = st.dictionaries(RECORDS, st.integers(-1, 3), min_size=1, max_size=5)
SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4)
VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=12)
DECISIONS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=12)


@given(RANKINGS, GRADES, st.integers(1, 4))
def test_ndcg_is_the_gain_over_the_best_gain_of_any_order(found: list[str], grades: dict[str, int], k: int) -> None:
    def gain(order: tuple[str, ...] | list[str]) -> float:
        return sum(max(0, grades.get(order[i], 0)) / math.log2(i + 2) for i in range(min(k, len(order))))

    best = max(gain(order) for order in itertools.permutations(grades))
    assert metrics.ndcg(found, grades, k) == pytest.approx(gain(found) / best if best else 0)


def test_ndcg_by_hand() -> None:
    # Gains 0, 2, 1 against the ideal 2, 1: (2/log2 3 + 1/log2 4) / (2 + 1/log2 3)
    assert metrics.ndcg(["x", "a", "b"], {"a": 2, "b": 1}) == pytest.approx(0.66967, abs=1e-5)
    assert metrics.ndcg([], {"a": 1}) == 0
    assert metrics.ndcg(["a"], {"a": 0}) == 0


@given(RANKINGS, GRADES, st.integers(1, 8))
def test_recall_counts_the_relevant_that_were_found(found: list[str], grades: dict[str, int], k: int) -> None:
    relevant = [record for record in grades if grades[record] >= 1]
    hits = sum(found.index(record) < k for record in relevant if record in found)
    assert metrics.recall(found, grades, k) == (hits / len(relevant) if relevant else 0)


@given(st.integers(0, 30), st.integers(0, 30), SPANS)
def test_a_sentence_is_right_by_its_characters(start: int, end: int, gold: list[tuple[int, int]]) -> None:
    own = set(range(start, end))
    expected = any(len(own & set(range(*span))) >= len(own) / 2 for span in gold) if own else False
    assert metrics.is_right(start, end, gold) == expected


@given(st.lists(st.booleans(), max_size=14))
def test_reciprocal_rank(right: list[bool]) -> None:
    expected = 1 / (right.index(True) + 1) if True in right[:10] else 0
    assert metrics.reciprocal_rank(right) == expected


@given(DECISIONS)
def test_abstention_is_precision_and_recall_of_declining(made: list[tuple[bool, bool]]) -> None:
    codes = np.array([Decision.of(answerable=a, declined=d) for a, d in made], dtype=np.float64)
    declined = [answerable for answerable, declined in made if declined]
    unanswerable = [declined for answerable, declined in made if not answerable]
    precision = declined.count(False) / len(declined) if declined else math.nan
    recall = unanswerable.count(True) / len(unanswerable) if unanswerable else math.nan
    assert float(metrics.abstention_precision(codes)) == pytest.approx(precision, nan_ok=True)
    assert float(metrics.abstention_recall(codes)) == pytest.approx(recall, nan_ok=True)
    if precision and recall and not math.isnan(precision + recall):
        expected = 2 * precision * recall / (precision + recall)
        assert float(metrics.abstention_f1(codes)) == pytest.approx(expected)


@pytest.mark.parametrize("statistic", [metrics.mean, metrics.p50, metrics.p95, metrics.abstention_f1])
def test_a_statistic_of_many_samples_is_that_of_each(statistic: metrics.Statistic) -> None:
    samples = np.random.default_rng(1).integers(0, 4, (5, 7)).astype(np.float64)
    assert statistic(samples).tolist() == pytest.approx([float(statistic(one)) for one in samples], nan_ok=True)


def test_percentiles() -> None:
    values = np.arange(101, dtype=np.float64)
    assert (float(metrics.p50(values)), float(metrics.p95(values))) == (50, 95)


# -- the bootstrap -------------------------------------------------------------------------------------------------


@given(VALUES)
@settings(max_examples=25, deadline=None)
def test_an_interval_holds_the_mean_of_its_sample_and_is_repeatable(values: list[float]) -> None:
    sample = np.array(values)
    low, high = metrics.interval(sample)
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9
    assert (low, high) == metrics.interval(sample)


def test_an_interval_is_that_of_all_resamples_there_are() -> None:
    """Of three values there are 27 resamples: the bootstrap's quantiles are theirs."""
    values = [0.0, 0.5, 1.0]
    means = sorted(sum(draw) / 3 for draw in itertools.product(values, repeat=3))
    low, high = metrics.interval(np.array(values))
    assert (low, high) == pytest.approx((np.quantile(means, 0.025), np.quantile(means, 0.975)), abs=0.17)
    drawn = np.concatenate([np.array(values)[block].mean(axis=-1) for block in metrics._draws(3)])
    assert [(drawn < x).mean() for x in (0.4, 0.6)] == pytest.approx(
        [sum(m < x for m in means) / 27 for x in (0.4, 0.6)], abs=0.04
    )


def test_an_interval_of_a_share_is_as_wide_as_the_binomial_says() -> None:
    values = np.array([1.0] * 120 + [0.0] * 80)
    low, high = metrics.interval(values)
    spread = 1.96 * math.sqrt(0.6 * 0.4 / 200)
    assert (low, high) == pytest.approx((0.6 - spread, 0.6 + spread), abs=0.01)


def test_what_is_undefined_stays_undefined() -> None:
    never_declined = np.array([Decision.ANSWERED, Decision.ANSWERED_WRONGLY], dtype=np.float64)
    assert all(map(math.isnan, metrics.interval(never_declined, metrics.abstention_precision)))
    changed = metrics.difference(never_declined, never_declined, metrics.abstention_precision)
    assert math.isnan(changed.value)
    assert math.isnan(changed.p)
    with pytest.raises(ValueError, match="no questions"):
        metrics.interval(np.array([]))


def test_a_run_does_not_differ_from_itself() -> None:
    values = np.random.default_rng(2).random(40)
    same = metrics.difference(values, values)
    assert (same.value, same.low, same.high, same.p, same.n) == (0, 0, 0, 1, 40)


def test_a_small_gain_on_every_question_is_told_from_none() -> None:
    """Questions differ much more than runs do: only pairing sees the gain."""
    random = np.random.default_rng(3)
    first = random.random(60)
    better = metrics.difference(first, first + random.normal(0.02, 0.02, 60))
    assert better.low > 0
    assert better.p < 0.01
    noise = metrics.difference(first, first + np.tile([0.02, -0.02], 30))
    assert noise.low < 0 < noise.high
    assert noise.p > 0.5


@given(VALUES, st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_a_difference_turns_its_sign_with_the_order(values: list[float], random: object) -> None:
    first = np.array(values)
    second = first[::-1].copy()
    there, back = metrics.difference(first, second), metrics.difference(second, first)
    assert there.value == pytest.approx(-back.value)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert there.p == pytest.approx(back.p)


def test_runs_on_other_questions_cannot_be_paired() -> None:
    with pytest.raises(ValueError, match="not the same questions"):
        metrics.difference(np.zeros(3), np.zeros(4))
