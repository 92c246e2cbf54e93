"""Train the role model on structured abstracts, whose sections say what each sentence is; report on held-out ones.

    python -m benchmarks.training.roles PUBMED.xml.gz… CORPUS.jsonl… [--write]

A fifth of the abstracts is held out for the report; the model that is written is the one the report is about.
"""

from __future__ import annotations

import argparse
import random
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score

from benchmarks.machine import keep
from qa import reading
from qa.schema import ROLES, Record, Role
from qa.sentences import roles
from qa.sentences.splitter import boundaries

SEED = 0
Abstract = tuple[list[str], list[Role | None]]


def labelled(path: Path) -> list[Abstract]:
    """The structured abstracts of a file: sentences, and the role that each one's section tells."""
    found = []
    for record in reading.read(path):
        if not isinstance(record, Record) or len(record.sections) < 3 or record.language not in ("", "eng", "en"):
            continue
        told = [(section.start, section.end, roles.label_role(section)) for section in record.sections]
        sentences = [sentence for sentence in boundaries(record) if sentence.field == "abstract"]
        labels = [next(role for start, end, role in told if start <= s.start < end) for s in sentences]
        if len(labels) >= 4 and sum(bool(label) for label in labels) > 0.8 * len(labels):
            found.append(([sentence.text for sentence in sentences], labels))
    return found


def matrix(abstracts: list[Abstract]) -> tuple[csr_matrix, np.ndarray]:
    """Features and labels (-1 where the section tells none) of all sentences."""
    rows = [row for texts, _ in abstracts for row in roles.features(texts)]
    labels = [ROLES.index(label) if label else -1 for _, told in abstracts for label in told]
    values = np.concatenate([np.full(len(row), 4 / len(row) ** 0.5) for row in rows])
    starts = np.cumsum([0, *(len(row) for row in rows)])
    return csr_matrix((values, np.concatenate(rows), starts), shape=(len(rows), roles.SIZE)), np.array(labels)


def train(abstracts: list[Abstract], path: Path) -> None:
    found, labels = matrix(abstracts)
    known = labels >= 0
    model = SGDClassifier(loss="log_loss", alpha=1e-5, max_iter=15, average=True, random_state=SEED)
    model.fit(found[known], labels[known])
    first, transitions = np.ones(len(ROLES)), np.ones((len(ROLES), len(ROLES)))
    for _, told in abstracts:
        numbers = [ROLES.index(role) if role else -1 for role in told]
        if numbers[0] >= 0:
            first[numbers[0]] += 1
        for a, b in pairwise(numbers):
            if a >= 0 and b >= 0:
                transitions[a, b] += 1
    weights = model.coef_.T
    scale = np.abs(weights).max(axis=0) / 127
    np.savez_compressed(
        path,
        weights=np.round(weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=model.intercept_.astype(np.float32),
        first=np.log(first / first.sum()).astype(np.float32),
        transitions=np.log(transitions / transitions.sum(axis=1, keepdims=True)).astype(np.float32),
    )


def report(abstracts: list[Abstract]) -> dict[str, object]:
    truth, guess = [], []
    for texts, told in abstracts:
        predicted = roles._predict(texts, [None] * len(texts))
        pairs = [(a, b) for a, b in zip(told, predicted, strict=True) if a]
        truth += [a for a, _ in pairs]
        guess += [b for _, b in pairs]
    return {
        "held-out abstracts": len(abstracts),
        "held-out sentences": len(truth),
        "accuracy": round(float(accuracy_score(truth, guess)), 4),
        "macro F1": round(float(f1_score(truth, guess, average="macro")), 4),
        "F1": dict(zip(ROLES, f1_score(truth, guess, average=None, labels=list(ROLES)).round(3).tolist(), strict=True)),
        "confusion (rows: told, columns: predicted)": confusion_matrix(truth, guess, labels=list(ROLES)).tolist(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    options = parser.parse_args()
    abstracts = [abstract for path in options.files for abstract in labelled(path)]
    random.Random(SEED).shuffle(abstracts)
    cut = len(abstracts) * 4 // 5
    train(abstracts[:cut], roles.MODEL)
    roles._model.cache_clear()
    keep(
        "roles",
        {
            "trained on": [path.name for path in options.files],
            "abstracts": cut,
            "bytes": roles.MODEL.stat().st_size,
            **report(abstracts[cut:]),
        },
    )


if __name__ == "__main__":
    main()
