"""Which records are taken for one work, and which are not: a row for each case that real exports hold."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.merging import Variant, cluster, content_hash
from qa.schema import Record, record_id

ABSTRACT = (
    "Calcium deposits under the skin are common in this disease. We followed forty patients for two years and measured "
    "every deposit with ultrasound. Deposits grew in half of the patients and vanished in three."
)
ARTICLE: dict[str, Any] = {
    "title": "Growth of skin deposits over two years",
    "authors": ("Berg, Ada", "Lind, Jo"),
    "journal": "Annals of Skin",
    "year": 2019,
    "volume": "12",
    "pages": "101-9",
    "abstract": ABSTRACT,
}


def record(**fields: Any) -> Record:
    said = {name: value for name, value in ARTICLE.items() if name != "abstract"} | fields
    plain = {name: value for name, value in said.items() if value not in ("", None, ())}
    own = {name: plain[name] for name in ("pmid", "doi") if name in plain}
    content = hashlib.sha256(repr(sorted(plain.items())).encode()).hexdigest()
    return Record(id=record_id(**own) if own else f"sha256:{content}", **plain)


def variant(one: Record) -> Variant:
    return Variant(content_hash(one), one)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        # Identifiers.
        ({"pmid": "11"}, {"pmid": "11", "title": "Growth of Skin Deposits over Two Years."}, True),
        ({"doi": "10.1000/A.1"}, {"doi": "10.1000/a.1", "journal": "Ann Skin"}, True),
        ({"pmid": "11"}, {"pmid": "12"}, False),
        ({"doi": "10.1000/a.1"}, {"doi": "10.1000/a.2"}, False),
        ({"pmid": "11", "doi": "10.1000/a.1"}, {"doi": "10.1000/a.1", "pages": ""}, True),
        # A supplement's DOI stands on all its abstracts.
        (
            {"doi": "10.1000/suppl", "title": "Itch in winter and what helps", "pages": "S1"},
            {"doi": "10.1000/suppl", "title": "Nail fungus among swimmers", "pages": "S2", "authors": ("Ode, Ben",)},
            False,
        ),
        # Title, first author, year.
        ({}, {"title": "GROWTH OF SKIN DEPOSITS OVER TWO YEARS", "authors": ("A. Berg",)}, True),
        ({}, {"year": 2020}, True),  # in print a year later
        ({}, {"year": 2014}, False),
        ({}, {"authors": ("Quist, Ulf",)}, False),
        ({"pmid": "11"}, {"doi": "10.1000/a.1"}, True),  # each database knows its own number
        # Notices are not the article, whatever they share.
        (
            {"doi": "10.1000/a.1"},
            {"doi": "10.1000/a.1", "title": "Erratum: Growth of skin deposits over two years"},
            False,
        ),
        ({}, {"title": "Correction to: Growth of skin deposits over two years", "pages": "300"}, False),
        # Parts of a series.
        ({"title": "Skin deposits in mice. Part I"}, {"title": "Skin deposits in mice. Part II"}, False),
        # The same title every year.
        (
            {"title": "Annual report", "authors": (), "volume": "1", "pages": "1"},
            {"title": "Annual report", "authors": (), "volume": "2", "pages": "4"},
            False,
        ),
    ],
)
def test_pairs(one: dict[str, Any], other: dict[str, Any], same: bool) -> None:
    found, _ = cluster([variant(record(**one)), variant(record(**other))])
    assert (len(found) == 1) is same


def test_a_preprint_and_its_article_stay_two() -> None:
    preprint = record(doi="10.1101/1", journal="medRxiv", publication_types=("Preprint",), abstract=ABSTRACT, pages="")
    found, refused = cluster([variant(preprint), variant(record(doi="10.1000/a.1", abstract=ABSTRACT))])
    assert len(found) == 2
    assert [one.reason for one in refused] == ["their DOIs differ"]


def test_by_hand_two_are_one_and_two_are_apart() -> None:
    one, other = (variant(record(doi=doi)) for doi in ("10.1000/a.1", "10.1000/a.2"))
    joined = [replace(found, together=frozenset({3})) for found in (one, other)]
    third = variant(record(doi="10.1000/a.2", abstract=ABSTRACT))
    found, refused = cluster([*joined, third])
    assert (len(found), refused) == (1, [])
    assert {link.ground for link in found[0].links} == {"doi", "hand"}
    found, refused = cluster([replace(one, apart=frozenset({4})) for one in joined])
    assert len(found) == 2
    assert [refusal.reason for refusal in refused] == ["they were set apart by hand"]


def test_a_record_without_identifier_does_not_join_two_with_different_ones() -> None:
    ones = [record(doi="10.1000/a.1"), record(doi="10.1000/a.2"), record(abstract=ABSTRACT)]
    found, refused = cluster(map(variant, ones))
    assert sorted(len(one.variants) for one in found) == [1, 2]
    assert refused


def test_a_key_that_everybody_shares_tells_nothing() -> None:
    many = [record(doi="10.1000/suppl", title=f"Talk number {number} on itch", pages="") for number in range(201)]
    found, _ = cluster(map(variant, many))
    assert len(found) == 201


MIXED = [
    record(pmid="11"),
    record(doi="10.1000/a.1"),
    record(pmid="11", doi="10.1000/a.1", abstract=ABSTRACT),
    record(title="Growth of skin deposits", doi="10.1000/a.1"),
    record(abstract=ABSTRACT),
    record(year=2020, authors=("Berg A",)),
    record(title="Erratum: Growth of skin deposits over two years", doi="10.1000/a.1"),
    record(pmid="12"),
    record(title="Nail fungus among swimmers", doi="10.1000/a.9"),
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(range(len(MIXED))), unique=True), st.integers())
def test_the_order_makes_no_difference(chosen: list[int], seed: int) -> None:
    variants = [variant(MIXED[number]) for number in chosen]
    mixed = list(variants)
    random.Random(seed).shuffle(mixed)
    assert cluster(variants) == cluster(mixed)
