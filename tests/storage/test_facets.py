"""Facets count what a filter by them would leave."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa import Library
from qa.answering import search
from qa.schema import Facets, Filters, Progress


def test_an_empty_library_has_no_facets(tmp_path: Path) -> None:
    assert Library.open(tmp_path / "none").facets() == Facets()


def test_each_count_is_what_its_filter_leaves(filled: Library) -> None:
    found = filled.facets()
    assert found.designs
    assert found.journals
    assert found.roles
    for name, count in found.designs:
        assert len(filled.records(Filters(designs=(name,)))) == count
    for name, count in found.journals:
        assert len(filled.records(Filters(journals=(name,)))) == count
    years = [record.year for record in filled.records() if record.year]
    assert found.years == (min(years), max(years))
    assert found.retracted == len(filled) - len(filled.records(Filters(not_retracted=True)))
    for counts in (found.designs, found.journals, found.roles):
        assert list(counts) == sorted(counts, key=lambda pair: (-pair[1], pair[0]))


def test_the_stages_of_a_question_are_told_in_order_and_can_end_it(filled: Library) -> None:
    told: list[Progress] = []
    filled.ask("Does honey shorten cough?", progress=told.append)
    stages = [step.stage for step in told if step.stage != "Loading the model"]
    assert stages == [search.SEARCHING, search.READING, search.CHOOSING]
    assert all(step.done for step in told if step.stage in (search.READING, search.CHOOSING))

    def stop(step: Progress) -> None:
        if step.stage == search.READING:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        filled.ask("Does honey shorten cough?", progress=stop)
    assert filled.ask("Does honey shorten cough?")
