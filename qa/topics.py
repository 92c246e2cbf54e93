"""A map of a library: its records in two dimensions, those that say alike near each other, with named topics.

The topics are clusters of the abstracts' vectors. Their centres are laid out so that near ones are alike (metric
scaling of the cosine distances), and a record lies among the centres by how much it is like each, set apart within its
topic by the two directions in which that topic's records differ most. Nothing is random but with a fixed seed, so that
the same library gives the same map.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from math import log, sqrt
from typing import TYPE_CHECKING

import numpy as np

from qa.schema import Topic, TopicMap
from qa.storage.database import Database

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

#: The most records that the topics are found from; of more, a sample with this seed.
SAMPLE, SEED = 20_000, 0

#: The most topics, and the fewest records of which there is something to map.
TOPICS, FEWEST = 16, 12

#: How sharply a record belongs to the topics it is like, and how far its own topic spreads.
_SHARP, _SPREAD = 14.0, 0.05

#: Words that name no topic, beside the usual ones.
_SAY_LITTLE = frozenset(
    ("analysis", "approach", "based", "case", "clinical", "effect", "effects", "evaluation", "impact", "new", "novel",
     "patient", "patients", "report", "results", "review", "role", "studies", "study", "trial", "use", "using")
)  # fmt: skip

_WORD = re.compile(r"[^\W\d_][\w-]{2,}")


def draw_map(database: Database) -> TopicMap:
    """The map of all records; without topics where there are too few."""
    ids, titles = _texts(database)
    if len(ids) < FEWEST:
        return TopicMap((), (), 0)
    chosen = _sample(len(ids))
    fitted = np.concatenate(list(_picked(database, chosen)))
    layout = _Layout(fitted)
    parts = [layout.place(vectors) for _, vectors in database.vectors_since("records", 0)]
    places, labels = np.concatenate([place for place, _ in parts]), np.concatenate([label for _, label in parts])
    names = _names(titles, labels.tolist(), len(layout.centres))
    topics = tuple(
        Topic(words, int((labels == number).sum()), *map(float, np.median(places[labels == number], axis=0)))
        for number, words in enumerate(names)
    )
    points = zip(ids, labels.tolist(), places.tolist(), strict=True)
    return TopicMap(topics, tuple((one, label, x, y) for one, label, (x, y) in points), len(chosen))


def _texts(database: Database) -> tuple[list[str], list[str]]:
    """Ids, and titles (where there is none, how the abstract begins), in the order of the rows; of what is embedded."""
    waiting = database.late.waiting() if database.exists else set()
    found = [
        (record.id, record.title or record.abstract[:200])
        for row, record in zip(database.rows(), database.records(), strict=True)
        if row not in waiting
    ]
    return [one for one, _ in found], [title for _, title in found]


def _sample(count: int) -> list[int]:
    """The numbers of the records that the topics are found from, in order."""
    if count <= SAMPLE:
        return list(range(count))
    picked: list[int] = np.random.default_rng(SEED).choice(count, SAMPLE, replace=False).tolist()
    return sorted(picked)


def _picked(database: Database, chosen: Sequence[int]) -> Iterable[Matrix]:
    """The vectors of these records, in portions."""
    numbers, before = np.asarray(chosen), 0
    for rows, vectors in database.vectors_since("records", 0):
        within = numbers[(numbers >= before) & (numbers < before + len(rows))] - before
        yield vectors[within]
        before += len(rows)


class _Layout:
    """Topics found in float32[n, dim], and where they lie; ``centres`` float32[topics, dim] are unit vectors."""

    def __init__(self, vectors: Matrix) -> None:
        from sklearn.cluster import KMeans

        count = int(np.clip(round(sqrt(len(vectors) / 8)), 2, TOPICS))
        clusters = KMeans(count, n_init=2, max_iter=30, random_state=SEED).fit(vectors)
        labels = np.unique(clusters.labels_)  # fewer than asked for where many records are the same
        centres = clusters.cluster_centers_[labels]
        self.centres = centres / np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
        self._places = _spread_out(1 - self.centres @ self.centres.T)
        own = self._nearest(vectors)
        self._local = [self._directions(vectors[own == number]) for number in range(len(self.centres))]

    def _nearest(self, vectors: Matrix) -> NDArray[np.int64]:
        return np.asarray((vectors @ self.centres.T).argmax(axis=1))

    @staticmethod
    def _directions(vectors: Matrix) -> tuple[Matrix, Matrix]:
        """The mean of a topic's vectors and the two directions, float32[dim, 2], in which they differ most."""
        if len(vectors) < 3:
            return np.zeros(vectors.shape[1], np.float32), np.zeros((vectors.shape[1], 2), np.float32)
        mean = vectors.mean(axis=0)
        _, found = np.linalg.eigh(np.cov((vectors - mean).T))
        axes = found[:, -1:-3:-1]
        axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])  # which way is up is nobody's choice
        spread = np.abs((vectors - mean) @ axes).std() or 1.0
        return mean, (axes * _SPREAD / spread).astype(np.float32)

    def place(self, vectors: Matrix) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Where float32[n, dim] lie, float64[n, 2], and which topics they belong to, int64[n]."""
        likeness = vectors @ self.centres.T
        own = np.asarray(likeness.argmax(axis=1))
        weights = np.exp((likeness - likeness.max(axis=1, keepdims=True)) * _SHARP)
        places = (weights / weights.sum(axis=1, keepdims=True)) @ self._places
        for number, (mean, axes) in enumerate(self._local):
            places[own == number] += (vectors[own == number] - mean) @ axes
        return places, own


def _spread_out(distances: Matrix) -> NDArray[np.float64]:
    """Points float64[n, 2] whose distances are as near to these as can be: classical scaling, then majorisation."""
    wanted = np.sqrt(np.maximum(distances.astype(np.float64), 0))
    n = len(wanted)
    centring = np.eye(n) - 1 / n
    values, found = np.linalg.eigh(-0.5 * centring @ wanted**2 @ centring)
    axes = found[:, -1:-3:-1] * np.sign(found[np.abs(found[:, -1:-3:-1]).argmax(axis=0), [-1, -2]])
    points = axes * np.sqrt(np.maximum(values[-1:-3:-1], 1e-12))
    for _ in range(300):
        apart = np.linalg.norm(points[:, None] - points[None], axis=-1)
        ratio = np.divide(wanted, apart, out=np.zeros_like(wanted), where=apart > 1e-9)
        points = (np.diag(ratio.sum(axis=1)) - ratio) @ points / n
    return np.asarray(points / (np.abs(points).max() or 1.0))


def _names(titles: Sequence[str], labels: Sequence[int], count: int) -> list[tuple[str, ...]]:
    """Three words for each topic: those that stand in many of its titles and in few of the others."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    inside = [Counter[str]() for _ in range(count)]
    forms: dict[str, Counter[str]] = {}
    for title, label in zip(titles, labels, strict=True):
        words = {word.casefold(): word for word in _WORD.findall(title)}
        for word in words.keys() - ENGLISH_STOP_WORDS - _SAY_LITTLE:
            inside[label][word] += 1
            forms.setdefault(word, Counter())[words[word]] += 1
    everywhere = sum(inside, Counter[str]())
    sizes = Counter(labels)
    names = []
    for number, counts in enumerate(inside):
        here, there = sizes[number], len(titles) - sizes[number]
        scored = {
            word: found / here * log(((found + 0.5) / here) / ((everywhere[word] - found + 0.5) / max(1, there)))
            for word, found in counts.items()
            if found > 1 or here < 5
        }
        chosen: list[str] = []
        for word in sorted(scored, key=lambda word: (-scored[word], word)):
            if not any(word[:5] == other[:5] for other in chosen):
                chosen.append(word)
            if len(chosen) == 3:
                break
        names.append(tuple(max(sorted(forms[word]), key=forms[word].__getitem__) for word in chosen))
    return names
