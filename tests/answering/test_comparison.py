"""The table of questions and records: which cells are filled."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa import Library
from qa.answering import comparison

DIGESTS = Path(__file__).parents[2] / "examples" / "digests.jsonl"


@pytest.fixture(scope="module")
def digests(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The digests that the program comes with: four are about calcinosis, each about something else of it."""
    library = Library.open(tmp_path_factory.mktemp("digests") / "library")
    library.add(DIGESTS)
    return library


def filled_cells(library: Library, question: str) -> set[str]:
    """The titles of the records that have a sentence for the question."""
    table = library.compare([question])
    return {cell.record.title for (cell,) in zip(*table.cells, strict=True) if cell is not None}


@pytest.mark.parametrize(
    ("question", "answers", "other"),
    [
        ("How common is calcinosis?", "how common", "what may cause"),
        ("How is calcinosis treated?", "is treated", "what may cause"),
        ("What causes calcinosis?", "what may cause", "is diagnosed"),
    ],
)
def test_a_cell_gives_what_its_question_wants(digests: Library, question: str, answers: str, other: str) -> None:
    found = filled_cells(digests, question)
    assert any(answers in title for title in found)
    assert not any(other in title for title in found)


def test_a_likely_record_that_gives_nothing_of_the_kind_stays_empty(
    digests: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = filled_cells(digests, "How common is calcinosis?")
    monkeypatch.setattr(comparison, "gives", lambda *_: 1.0)
    assert before < filled_cells(digests, "How common is calcinosis?")
