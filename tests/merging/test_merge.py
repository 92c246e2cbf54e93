"""The one record made of several: nothing lost, every field from somebody, word for word."""

from __future__ import annotations

from dataclasses import replace

from qa.merging import cluster, distinct, merge
from qa.schema import Record, Relation, Section
from tests.merging.test_works import ABSTRACT, record, variant

PUBMED = replace(
    record(pmid="11", abstract=ABSTRACT),
    sections=(Section("Background", 0, 58),),
    mesh=("Calcinosis", "Humans"),
    publication_types=("Journal Article",),
    relations=(Relation("erratum in", "Ann Skin 2020", "pmid:19"),),
)
SCOPUS = record(
    pmid="11",
    doi="10.1000/a.1",
    title="GROWTH OF SKIN DEPOSITS OVER TWO YEARS",
    authors=("Berg, Ada", "Lind, Jo", "Moe, Kari"),
    abstract=ABSTRACT[:60],
    keywords=("deposits", "skin"),
    volume="",
    pages="",
)
THIRD = record(doi="10.1000/a.1", keywords=("Skin", "ultrasound"), language="eng")


def merged(*records: Record) -> Record:
    (found,), _ = cluster(map(variant, records))
    return merge(found).record


def test_each_field_is_from_who_says_it_best() -> None:
    one = merged(SCOPUS, PUBMED, THIRD)
    assert one.id == "pmid:11"
    assert (one.pmid, one.doi) == ("11", "10.1000/a.1")
    assert one.title == "Growth of skin deposits over two years"  # not the shouted one
    assert (one.abstract, one.sections) == (ABSTRACT, PUBMED.sections)
    assert one.authors == SCOPUS.authors
    assert (one.volume, one.pages) == ("12", "101-9")
    assert one.language == "eng"
    assert set(map(str.lower, one.keywords)) == {"deposits", "skin", "ultrasound"}
    assert (one.mesh, one.relations) == (PUBMED.mesh, PUBMED.relations)


def test_of_a_single_entry_it_is_that_entry() -> None:
    assert merged(PUBMED) == PUBMED


def test_the_origins_name_who_gave_a_field() -> None:
    (found,), _ = cluster(map(variant, (PUBMED, SCOPUS)))
    origins = merge(found).origins
    assert origins["abstract"] == (variant(PUBMED).content,)
    assert origins["doi"] == (variant(SCOPUS).content,)


def test_works_that_would_have_one_id_get_marks() -> None:
    erratum = record(doi="10.1000/a.1", title="Erratum: Growth of skin deposits over two years")
    works, _ = cluster([variant(record(doi="10.1000/a.1")), variant(erratum)])
    ids = [one.record.id for one in distinct([merge(work) for work in works])]
    assert len(set(ids)) == 2
    assert all(one.startswith("doi:10.1000/a.1~") for one in ids)
