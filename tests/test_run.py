"""What CI says of a run that was slower than the last one kept."""

from __future__ import annotations

from benchmarks.run import copies, cost, slower


def test_only_what_takes_longer_by_the_limit_is_told() -> None:
    before = {"read": 1.0, "split": 2.0, "add": 10.0}
    now = {"read": 1.9, "split": 4.0, "add": 9.0, "new": 99.0}
    assert slower(now, before, 2) == ["split takes 2.0 times what it took in the last run kept."]
    assert slower(now, {}, 2) == []


def test_the_least_of_several_rounds_counts() -> None:
    rounds = iter([400_000, 4_000, 400_000])
    assert 0 <= cost(lambda: sum(range(next(rounds))), 3) <= cost(lambda: sum(range(4_000_000)), 1)


def test_copies_are_records_of_their_own() -> None:
    made = copies(50)
    assert len({record.id for record in made}) == len({record.abstract for record in made}) == 50
