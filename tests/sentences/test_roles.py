from __future__ import annotations

import pytest

from qa.schema import Record, Role, Section
from qa.sentences import split
from qa.sentences.roles import SIZE, features, label_role

#: Labels as printed, and what they tell.
LABELS: list[tuple[str, Role | None]] = [
    ("BACKGROUND", "background"),
    ("Introduction", "background"),
    ("Importance", "background"),
    ("AIMS", "objective"),
    ("Background and aims", "objective"),
    ("Purpose of review", "objective"),
    ("Research question", "objective"),
    ("Patients and methods", "methods"),
    ("DESIGN, SETTING, AND PARTICIPANTS", "methods"),
    ("Main outcome measures", "methods"),
    ("Search methods", "methods"),
    ("RESULTS", "results"),
    ("Recent findings", "results"),
    ("Main results", "results"),
    ("Conclusions and relevance", "conclusions"),
    ("Summary", "conclusions"),
    ("Discussion", "conclusions"),
    ("Interpretation", "conclusions"),
    ("Authors' conclusions", "conclusions"),
    ("Trial registration", ""),
    ("Funding", ""),
    ("Methods and results", None),
    ("Results and discussion", None),
    ("", None),
    ("Cats", None),
]


@pytest.mark.parametrize(("label", "role"), LABELS)
def test_labels(label: str, role: Role | None) -> None:
    assert label_role(Section(label, 0, 1)) == role


def test_the_source_knows_best() -> None:
    assert label_role(Section("Background", 0, 1, "OBJECTIVE")) == "objective"
    assert label_role(Section("Results", 0, 1, "UNASSIGNED")) is None


UNLABELLED = Record(
    "x",
    "Night lighting and beetles",
    "Artificial light is spreading worldwide. The aim of this study was to determine whether lamps affect beetles. "
    "We counted beetles in 12 parks using pitfall traps. Beetles were 40% fewer in lit parks (p < 0.01). "
    "These findings suggest that lamps should be switched off at night.",
)


def test_an_unlabelled_abstract_is_read_for_its_roles() -> None:
    roles = [sentence.role for sentence in split(UNLABELLED)]
    assert roles == ["", "background", "objective", "methods", "results", "conclusions"]


def test_given_roles_stay_and_help_the_others() -> None:
    text = "We did it. Beetles were fewer. It was sold."
    record = Record("x", "", text, (Section("Funding", 0, 10), Section("Methods and results", 11, len(text))))
    roles = [sentence.role for sentence in split(record)]
    assert roles[0] == ""
    assert roles[1] in ("methods", "results")


def test_features_are_buckets_and_depend_on_neighbours_and_place() -> None:
    rows = features(["It is so.", "It is so.", "It is so.", "42 rats."])
    assert all(0 <= bucket < SIZE for row in rows for bucket in row)
    assert all(row == sorted(set(row)) for row in rows)
    assert rows[0] != rows[1]
    assert features(["7 rats."]) == features(["42 rats."])
