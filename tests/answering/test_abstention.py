from __future__ import annotations

import json
import math
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import Library
from qa.answering.abstention import EVIDENCE, Curve, fit, logistic


def test_the_curve_parts_the_known_from_the_foreign() -> None:
    curve = fit([4, 5, 6, 7] * 6, [0, 1, 2, 3] * 6, 100)
    assert curve.probability(1) < 0.3
    assert curve.probability(6) > 0.7
    assert 2 < -curve.shift / curve.slope < 5
    assert curve.records == 100


def test_without_data_the_general_curve_stays() -> None:
    assert fit([], [], 3) == Curve(1.0, 0.0, 3, EVIDENCE)


VALUES = st.lists(st.floats(-30, 30), max_size=24)


@given(VALUES, VALUES)
def test_any_data_gives_a_rising_curve(known: list[float], foreign: list[float]) -> None:
    curve = fit(known, foreign, 10)
    assert math.isfinite(curve.slope)
    assert math.isfinite(curve.shift)
    assert 0 <= curve.probability(-5) < curve.probability(5) <= 1


@given(st.floats(-1e4, 1e4))
def test_logistic(x: float) -> None:
    assert 0 <= logistic(x) <= 1
    assert logistic(x) + logistic(-x) == pytest.approx(1)


def test_a_library_is_calibrated_when_it_has_outgrown_its_curve(filled: Library) -> None:
    assert filled._curve().records == 5
    assert Curve(records=0).outgrown(1)
    assert not Curve(records=100).outgrown(149)
    assert Curve(records=100).outgrown(150)
    assert Curve(records=100).outgrown(60)


def test_a_curve_fitted_to_other_sums_is_not_used(filled: Library) -> None:
    stale = Curve(5.0, 5.0, 5, EVIDENCE - 1)
    filled._store.database.note("abstention", json.dumps(asdict(stale)))
    assert filled._curve() == Curve()
    assert filled._curve().outgrown(len(filled))
