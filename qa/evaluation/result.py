"""What a run measured: the value of every question, kept so that two runs can be compared question by question."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from qa.errors import QAError, ReadingError
from qa.evaluation import metrics
from qa.evaluation.metrics import Difference, Statistic


@dataclass(frozen=True, slots=True)
class Metric:
    """A measure: a statistic of a column of values, one for each question."""

    name: str
    column: str
    statistic: Statistic
    unit: Literal["share", "seconds"] = "share"


#: Every measure that can be shown, in the order it is shown in.
METRICS: tuple[Metric, ...] = (
    Metric("nDCG@10", "nDCG@10", metrics.mean),
    Metric("recall@100", "recall@100", metrics.mean),
    Metric("sentence P@1", "sentence P@1", metrics.mean),
    Metric("sentence MRR@10", "sentence MRR@10", metrics.mean),
    Metric("sentence hit@10", "sentence hit@10", metrics.mean),
    Metric("title first", "title first", metrics.mean),
    Metric("title in ten", "title in ten", metrics.mean),
    Metric("conclusion first", "conclusion first", metrics.mean),
    Metric("conclusion in ten", "conclusion in ten", metrics.mean),
    Metric("known answered", "known answered", metrics.mean),
    Metric("off-topic declined", "off-topic declined", metrics.mean),
    Metric("abstention precision", "decision", metrics.abstention_precision),
    Metric("abstention recall", "decision", metrics.abstention_recall),
    Metric("abstention F1", "decision", metrics.abstention_f1),
    Metric("latency p50", "seconds", metrics.p50, "seconds"),
    Metric("latency p95", "seconds", metrics.p95, "seconds"),
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric's value over n questions with its 95 % interval; NaN where it is undefined."""

    metric: Metric
    value: float
    low: float
    high: float
    n: int

    def to_dict(self) -> dict[str, Any]:
        numbers = {"value": self.value, "low": self.low, "high": self.high}
        return {"metric": self.metric.name, "unit": self.metric.unit, **_plain(numbers), "n": self.n}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A metric on the questions that two runs share: the earlier value, the later one, and their difference."""

    metric: Metric
    before: float
    after: float
    difference: Difference

    def to_dict(self) -> dict[str, Any]:
        d = self.difference
        numbers = {"before": self.before, "after": self.after, "difference": d.value}
        return {
            "metric": self.metric.name,
            "unit": self.metric.unit,
            **_plain(numbers | {"low": d.low, "high": d.high, "p": d.p}),
            "n": d.n,
        }


@dataclass(frozen=True, slots=True)
class Result:
    """``values[column][question]``, and what they were measured with.

    ``fingerprint`` tells whether two results were measured on the same questions and records.
    """

    suite: str
    fingerprint: str
    settings: dict[str, Any]
    values: dict[str, dict[str, float]]

    def measures(self) -> list[Measure]:
        """Every metric that there are values for."""
        found = []
        for metric in METRICS:
            if column := self.values.get(metric.column):
                values = np.array(list(column.values()), dtype=np.float64)
                low, high = metrics.interval(values, metric.statistic)
                found.append(Measure(metric, float(metric.statistic(values)), low, high, len(values)))
        return found

    def to_dict(self) -> dict[str, Any]:
        """Everything, as JSON holds it; :meth:`from_dict` is the inverse."""
        return {
            "suite": self.suite,
            "fingerprint": self.fingerprint,
            "settings": self.settings,
            "values": self.values,
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Result:
        """The result that :meth:`to_dict` was called on; ValueError for anything else."""
        match plain:
            case {
                "suite": str(suite),
                "fingerprint": str(fingerprint),
                "settings": dict(settings),
                "values": dict(values),
            }:
                numbers = [n for column in values.values() if isinstance(column, dict) for n in column.values()]
                if all(isinstance(column, dict) for column in values.values()) and all(map(_is_number, numbers)):
                    return cls(suite, fingerprint, settings, values)
        raise ValueError("not a result")


def compare(before: Result, after: Result) -> list[Comparison]:
    """Two runs on the questions that both answered; QAError where they have none in common, or other records."""
    if (before.suite, before.fingerprint) != (after.suite, after.fingerprint):
        raise QAError(
            f"The saved run on {before.suite} was made on other questions or records than are now in {after.suite}. "
            "Run and save it again."
        )
    found = []
    for metric in METRICS:
        one, two = before.values.get(metric.column, {}), after.values.get(metric.column, {})
        if shared := [question for question in two if question in one]:
            first, second = (np.array([run[q] for q in shared], dtype=np.float64) for run in (one, two))
            change = metrics.difference(first, second, metric.statistic)
            found.append(Comparison(metric, float(metric.statistic(first)), float(metric.statistic(second)), change))
    if not found:
        raise QAError(f"The two runs on {after.suite} have no question in common. Give both the same --limit.")
    return found


def save(path: str | os.PathLike[str], results: Sequence[Result]) -> None:
    """Write results to a file, whole or not at all."""
    where = Path(path)
    text = json.dumps({"results": [result.to_dict() for result in results]}, ensure_ascii=False, indent=1)
    part = where.with_name(where.name + ".part")
    try:
        part.write_text(text + "\n", encoding="utf-8")
        part.replace(where)
    except OSError as error:
        raise QAError(f"The results cannot be saved to {where} ({error.strerror}). Name another file.") from error


def load(path: str | os.PathLike[str]) -> dict[str, Result]:
    """The results of a file that :func:`save` wrote, by their suite; ReadingError for any other file."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise ReadingError(path, f"cannot be read ({error.strerror}). Check the name.") from error
    except UnicodeDecodeError as error:
        raise ReadingError(path, "is not a file that `qa eval --save` wrote.") from error
    try:
        results = [Result.from_dict(one) for one in json.loads(text)["results"]]
    except json.JSONDecodeError as error:
        raise ReadingError(path, "is not JSON. Was it saved whole?", error.lineno) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ReadingError(path, "is not a file that `qa eval --save` wrote.") from error
    return {result.suite: result for result in results}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _plain(numbers: dict[str, float]) -> dict[str, float | None]:
    """JSON has no NaN."""
    return {name: None if math.isnan(value) else value for name, value in numbers.items()}
