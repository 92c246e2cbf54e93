"""The rhetorical role of each sentence: from its section's label where there is one that tells, else learned.

The model is linear: hashed words and word pairs of the sentence, the words of its neighbours, and its place in the
abstract; the most likely sequence of roles is then found with learned transitions (Viterbi 1967). It needs no
embedding and takes a fraction of a millisecond a sentence. ``benchmarks/training/roles.py`` trains it, and
``docs/roles.md`` says on what, and how often it errs.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from qa.schema import ROLES, Record, Role, Section, Sentence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

MODEL = Path(__file__).with_name("roles.npz")

#: Buckets for the words of the sentence, and for those of each neighbour; then the features of place.
OWN, NEIGHBOUR, PLACE = 1 << 15, 1 << 13, 40
SIZE = OWN + 2 * NEIGHBOUR + PLACE

#: How far the learned evidence, and the learned transitions, are trusted (chosen on held-out abstracts).
EVIDENCE, TRANSITIONS = 0.5, 0.6

_CATEGORIES: dict[str, Role] = {role.upper(): role for role in ROLES}

#: Labels by their words, the first match wins; the empty role is for sections that argue nothing.
_LABELS: tuple[tuple[Role, str], ...] = (
    (
        "",
        r"regist|funding|sponsor|supplement|availab|level of evidence|type of study|keyword|ethics|copyright|abstract$",
    ),
    (
        "results",
        r"\b(main|key|recent|principal|clinical)? ?(results?|findings?)\b|data synthesis|^outcomes?$|areas covered",
    ),
    (
        "conclusions",
        r"conclu|interpret|implicat|significan|discuss|summary$|relevance|lesson|impact|opinion|key message",
    ),
    ("conclusions", r"limitation|take.?home|perspective|recommend"),
    ("objective", r"objective|\baims?\b|purpose|\bgoals?\b|hypothes|question"),
    ("background", r"background|backgroud|introduct|context|rationale|importance|motivation|ethnopharm|problem"),
    ("methods", r"method|design|setting|particip|patient|subject|interven|measure|material|data|analy|procedure"),
    ("methods", r"sample|selection|search|exposure|experiment|case|animal|population|outcome|diagnos|criteria|review"),
)

#: A label that names two of these parts leaves the choice between them to the learned model.
_MIXED = tuple(re.compile(pattern) for pattern in (r"method|design", r"result|finding", r"conclu|discuss|interpret"))

_TOKEN = re.compile(r"[a-z]+|\d+|[%=<>±]")


def with_roles(record: Record, sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The sentences of a record, those of the abstract with their roles; a title and a full text have none."""
    abstract = [sentence for sentence in sentences if sentence.field == "abstract"]
    known = {(section.start, section.end): label_role(section) for section in record.sections}
    given = [next((role for (start, end), role in known.items() if start <= s.start < end), None) for s in abstract]
    told = [role for role in given if role is not None]
    roles = iter(told if len(told) == len(given) else _predict([sentence.text for sentence in abstract], given))
    return tuple(
        replace(sentence, role=next(roles)) if sentence.field == "abstract" else sentence for sentence in sentences
    )


def label_role(section: Section) -> Role | None:
    """The role that a section's label tells, by the source's category or by its words; None where it tells none."""
    if section.category:
        return _CATEGORIES.get(section.category.upper())
    label = section.label.casefold().strip(" :.")
    if not label or sum(bool(part.search(label)) for part in _MIXED) > 1:
        return None
    for role, pattern in _LABELS:
        if re.search(pattern, label):
            return role
    return None


def features(texts: Sequence[str]) -> list[list[int]]:
    """The features of each sentence of one abstract: distinct bucket numbers below SIZE, in order."""
    tokens = [["0" if token[0].isdigit() else token for token in _TOKEN.findall(text.casefold())] for text in texts]
    count = len(tokens)
    found = []
    for i, own in enumerate(tokens):
        start = ["^" + " ".join(own[:n]) for n in (1, 2, 3)]
        pairs = [f"{a} {b}" for a, b in pairwise(own)]
        buckets = {_bucket(word, OWN) for word in (*own, *pairs, *start)}
        for offset, j in ((OWN, i - 1), (OWN + NEIGHBOUR, i + 1)):
            if 0 <= j < count:
                buckets |= {offset + _bucket(word, NEIGHBOUR) for word in tokens[j]}
        places = (10 * i // count, 10 + min(i, 5), 16 + min(count - 1 - i, 5), 22 + min(count // 3, 7))
        buckets |= {OWN + 2 * NEIGHBOUR + place for place in (*places, 30 + min(len(own) // 8, 7))}
        found.append(sorted(buckets))
    return found


def _bucket(word: str, size: int) -> int:
    return zlib.crc32(word.encode()) % size


def _predict(texts: Sequence[str], given: Sequence[Role | None]) -> list[Role]:
    """The most likely roles of an abstract's sentences; roles that are given stay as they are."""
    import numpy as np

    weights, bias, first, transitions = _model()
    scores = np.stack([weights[row].sum(axis=0) * (4 / len(row) ** 0.5) + bias for row in features(texts)])
    scores = EVIDENCE * (scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))
    for i, role in enumerate(given):
        if role:
            scores[i] = np.where(np.arange(len(ROLES)) == ROLES.index(role), 0, -1e6)
    best = TRANSITIONS * first + scores[0]
    back = []
    for score in scores[1:]:
        reach = best[:, None] + TRANSITIONS * transitions
        back.append(reach.argmax(axis=0))
        best = reach.max(axis=0) + score
    path = [int(best.argmax())]
    for step in reversed(back):
        path.append(int(step[path[-1]]))
    return ["" if role == "" else ROLES[i] for i, role in zip(reversed(path), given, strict=True)]


@cache
def _model() -> tuple[Floats, Floats, Floats, Floats]:
    """Weights float32[SIZE, roles], bias and first [roles], transitions [from, to]; the last two are log-odds."""
    import numpy as np

    with np.load(MODEL, allow_pickle=False) as kept:
        weights = kept["weights"].astype(np.float32) * kept["scale"]
        return weights, kept["bias"], kept["first"], kept["transitions"]
