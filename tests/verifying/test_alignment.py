from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.verifying.alignment import Run, align
from qa.verifying.tokens import Token, tokens

WORDS = st.lists(st.sampled_from(["a", "b", "c", "d", ","]), max_size=12)


def run(words: list[str]) -> list[Token]:
    return tokens(" ".join(words))


@given(WORDS, WORDS.filter(bool))
def test_finding_equals_a_plain_search(there: list[str], wanted: list[str]) -> None:
    plain = [at for at in range(len(there)) if there[at : at + len(wanted)] == wanted]
    assert list(Run(run(there)).all(run(wanted))) == plain
    assert list(Run(run(there)).all(run(wanted), 3)) == [at for at in plain if at >= 3]


@given(WORDS, WORDS.filter(bool))
def test_the_cost_is_the_least_there_is(there: list[str], wanted: list[str]) -> None:
    found = align(run(wanted), run(there))
    assert found.cost == min(
        distance(wanted, there[a:b]) for a in range(len(there) + 1) for b in range(a, len(there) + 1)
    )
    assert distance(wanted, there[found.start : found.end]) == found.cost
    assert Run(run(there)).lacks(run(wanted)) <= found.cost
    assert [i for i, _ in found.pairs if i >= 0] == list(range(len(wanted)))
    assert [j for _, j in found.pairs if j >= 0] == list(range(found.start, found.end))


def distance(one: list[str], other: list[str]) -> int:
    """The cost of turning one list into another, by the plainest of programs."""
    costs = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            ways = [0] if not i and not j else []
            if i:
                ways.append(costs[i - 1][j] + weight(one[i - 1]) + 1)
            if j:
                ways.append(costs[i][j - 1] + weight(other[j - 1]) + 1)
            if i and j:
                a, b = one[i - 1], other[j - 1]
                ways.append(costs[i - 1][j - 1] + (0 if a == b else weight(a) if weight(a) == weight(b) else 6))
            costs[i][j] = min(ways)
    return costs[-1][-1]


def weight(word: str) -> int:
    return 2 if word == "," else 4


def test_a_changed_word_at_an_end_is_a_changed_word() -> None:
    there = tokens("We counted beetles in twelve parks with and without lamps.")
    for changed in ("They counted beetles in", "twelve parks with or"):
        found = align(tokens(changed), there)
        assert found.cost == 4
        assert all(i >= 0 and j >= 0 for i, j in found.pairs)


def test_a_long_text_is_looked_at_where_it_matters() -> None:
    there = tokens("word " * 50_000 + "lit parks held forty percent fewer beetles " + "word " * 50_000)
    found = align(tokens("parks held fifty percent fewer"), there)
    assert (found.start, found.end, found.cost) == (50_001, 50_006, 4)
