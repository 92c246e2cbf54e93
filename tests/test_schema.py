from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from qa.schema import Answer, Hit, Record, Relation, Report, Section, Sentence, Skip, record_id

WORDS = st.tuples(st.text(max_size=8)) | st.just(())
RECORDS = st.builds(
    Record,
    id=st.text(min_size=1),
    title=st.text(),
    abstract=st.text(),
    sections=st.tuples(st.builds(Section, st.text(), st.integers(0, 9), st.integers(0, 9), st.text())) | st.just(()),
    authors=WORDS,
    year=st.none() | st.integers(1500, 2100),
    doi=st.text(),
    keywords=WORDS,
    relations=st.tuples(st.builds(Relation, st.text(), st.text(), st.text())) | st.just(()),
    accessions=WORDS,
)


@given(RECORDS)
def test_a_record_survives_json(record: Record) -> None:
    assert Record.from_dict(json.loads(json.dumps(record.to_dict()))) == record


def test_ids() -> None:
    assert record_id(pmid="1", doi="10.1/X") == "pmid:1"
    assert record_id(doi="10.1/X") == "doi:10.1/x"
    assert record_id(content=("a", "b")) == record_id(content=("a", "b")) != record_id(content=("ab", ""))


def test_links_are_only_ever_web_links() -> None:
    assert Record("x", doi="10.1/a", pmid="1").link == "https://doi.org/10.1/a"
    assert Record("x", pmid="1").link == "https://pubmed.ncbi.nlm.nih.gov/1/"
    assert Record("x", url="javascript:alert(1)").link == ""


def test_bylines() -> None:
    assert Record("x", authors=("Moreau, Ines",), year=2018).byline == "Moreau, 2018"
    assert Record("x", authors=("A, B", "C, D"), journal="J").byline == "A & C, J"
    assert Record("x", authors=("A, B", "C, D", "E, F")).byline == "A et al."


def test_a_report_accounts_for_every_entry() -> None:
    report = Report(3, 1, 2, 1, (Skip("f", 4, "no title"),))
    assert report.read == 8
    assert str(report) == "8 entries read: 3 added, 1 updated, 2 unchanged, 1 removed, 1 skipped"
    assert str(Skip("f", 4, "no title")) == "f:4: no title"


def test_an_answer_reads_as_text() -> None:
    record = Record("x", "T", "It is so.", authors=("Moreau, Ines",), year=2018, doi="10.1/a")
    hit = Hit(1, 1.0, Sentence("x", "abstract", 0, 9, "It is so."), record)
    assert Answer("q", (hit,)).text == "[1] It is so.\n\n[1] Moreau, 2018 https://doi.org/10.1/a"
    assert not Answer("q", reason="Nothing.")
    assert Answer("q", reason="Nothing.").text == "Nothing."
