"""When to say that the library holds no answer: a probability, calibrated on the library itself.

The evidence for an answer is a weighted sum (fitted once, on judged questions) of what the judge says of the best
sentence, of how much of the question the first record speaks of (``coverage.py``), and of how near the nearest sentence
is. What sum a question reaches that a library *cannot* answer depends on the library: so questions from other fields
are asked of it, and questions that it can answer are made of its own records (their titles, which are then hidden). A
logistic curve through the two (Platt 1999), held near the general one by a prior, turns the sum into a probability.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: The general curve: log-odds that the question has an answer (how it was fitted: docs/experiments.md).
INTERCEPT, JUDGED, COVERED, SIMILAR = -8.2, 0.2, 6.5, 6.8

#: Goes up when the evidence is summed otherwise: a curve that was fitted to other sums says nothing of these.
EVIDENCE = 7

#: What the judge is taken to say where it has read nothing.
SILENT = -10.0

#: An answer is given from this probability on: the operating point. A wrong refusal hides what the person came for, a
#: wrong answer shows by itself that it is none; so the first has to be the rarer.
THRESHOLD = 0.28

#: How many known and foreign questions a library is calibrated on, and after what growth again.
SAMPLE, GROWTH = 24, 1.5

#: The weight of the prior that holds a library's curve near the general one, in questions.
PRIOR = 8.0

#: Questions that a library of medical or scientific abstracts cannot answer.
FOREIGN = (
    "How do I change a flat bicycle tyre?",
    "Who painted the ceiling of the Sistine Chapel?",
    "What is the best time to visit Lisbon?",
    "How long should bread dough rise?",
    "Which team won the first football world cup?",
    "What does a rental contract have to say?",
    "How are guitar strings tuned?",
    "Why did the Roman Empire fall?",
    "How do I renew a passport?",
    "What is the boiling point of lead?",
    "Which river flows through Vienna?",
    "How does a suspension bridge carry its load?",
    "What are the rules of castling in chess?",
    "How do I remove red wine from a carpet?",
    "Who wrote the first detective novel?",
    "What is the exchange rate of the Swiss franc?",
    "How far away is the Andromeda galaxy?",
    "Which wood is used for violins?",
    "How do I start a company?",
    "What is the tallest building in Asia?",
    "When was the printing press invented?",
    "How do I train a puppy to sit?",
    "What does a bowline knot look like?",
    "How is parmesan cheese made?",
)


@dataclass(frozen=True, slots=True)
class Curve:
    """Probability = logistic(slope × evidence + shift); ``records`` is the size of the library it was fitted on.

    ``evidence`` is the version of the sums it was fitted to, as in :data:`EVIDENCE`.
    """

    slope: float = 1.0
    shift: float = 0.0
    records: int = 0
    evidence: int = 1

    def probability(self, evidence: float) -> float:
        return logistic(self.slope * evidence + self.shift)

    def outgrown(self, records: int) -> bool:
        """Whether a library of this size wants a new fit."""
        return not self.records / GROWTH < records < self.records * GROWTH


def evidence(judged: float, covered: float, similar: float) -> float:
    """Log-odds, before calibration, that there is an answer.

    ``judged`` is the judge's best log-odds, ``covered`` the share of the question that the record speaks of whose
    sentence ranks first, ``similar`` the highest cosine of the question with a sentence.
    """
    return INTERCEPT + JUDGED * judged + COVERED * covered + SIMILAR * similar


def fit(known: Sequence[float], foreign: Sequence[float], records: int) -> Curve:
    """The most likely curve through the evidence of known and of foreign questions, with a prior at the general one."""
    import numpy as np
    from scipy.optimize import minimize

    values = np.array([*known, *foreign], dtype=np.float64)
    signs = np.array([1.0] * len(known) + [-1.0] * len(foreign))

    def cost(curve: NDArray[np.float64]) -> float:
        slope, shift = curve
        misfit = np.logaddexp(0, -signs * (slope * values + shift)).sum()
        return float(misfit + PRIOR / 2 * (slope - 1) ** 2 + PRIOR / 8 * shift**2)

    slope, shift = minimize(cost, (1.0, 0.0), method="Nelder-Mead", options={"xatol": 1e-5, "fatol": 1e-7}).x
    return Curve(max(0.1, float(slope)), float(shift), records, EVIDENCE)


def logistic(x: float) -> float:
    """1 / (1 + exp(-x)), without overflow."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
