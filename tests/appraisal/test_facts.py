"""Sample size, registrations, species, language and status as tables; each bug adds a row."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.appraisal import appraise, resolve, with_retractions
from qa.appraisal.sample import number
from qa.errors import QuestionError
from qa.schema import Appraisal, Filters, Record, Relation, Retraction, Section

SAMPLES = [
    ("We randomised 120 children to honey or syrup.", 120),
    ("A total of 1,204 patients were included. Of these, 300 (25%) died.", 1204),
    ("One hundred and twenty-three women were enrolled.", 123),
    ("Honey soothes. 96 patients were randomly distributed into two groups.", 96),
    ("Sixty adults with cough were screened and 40 adults were randomised.", 40),
    ("A total of 574 patients with cough and no fever were randomised, after rest, to honey or syrup.", 574),
    ("Participants (N = 88) were randomised to honey (n = 44) or syrup (n = 44).", 88),
    ("Patients were randomised to honey (n = 30) or syrup (n = 29).", None),
    ("The study included 12 men and 10 women.", None),
    ("34 adult patients were randomised to two groups. One group, of 16 participants, received honey.", 34),
    ("Ninety patients aged 20 to 40 years were divided into three groups of 30 patients each.", 90),
    ("The sample size was 64.", 64),
    ("Of the 348 participants, 37% were male.", 348),
    ("We surveyed 2019 nurses in 2019.", 2019),
    ("Forty male Wistar rats were randomly divided into four groups.", 40),
    ("Cough affects 300 million people worldwide.", None),
    ("Twelve trials with 3,456 participants were included.", 3456),
    ("Patients took 20 mg for 12 weeks in 30 clinical sites.", None),
    ("Patients were 45 years old.", None),
    ("We treated 1\u202f250 outpatients.", 1250),
    ("The experiment was conducted on 72 ram-lambs divided into three groups.", 72),
    (
        "Consent was obtained from 46 adult patients. They were enrolled for a randomised trial with two groups, "
        "of 23 patients each.",
        46,
    ),
    ("After excluding 38 patients with fever, 121 patients were analyzed (62 in group A and 59 in group B).", 121),
    (
        "Patients (n = 40) with cough were selected. Among them, 20 patients were treated with honey. "
        "The other 20 patients were treated with syrup.",
        40,
    ),
    ("Microbes were analysed from 34 infants (15 with eczema and 19 healthy controls) selected from a study.", 34),
    ("Sixty eyes of 56 patients (67.9% females) were included.", 56),
    ("Prior to screening, 926 participants, 50-80 years old, completed the baseline assessment.", 926),
    ("Honey soothes.", None),
    ("", None),
]


@pytest.mark.parametrize(("abstract", "size"), SAMPLES)
def test_sample_sizes(abstract: str, size: int | None) -> None:
    assert appraise(Record("x", "Honey", abstract)).sample_size == size


def test_a_number_under_methods_counts_more_than_one_in_the_background() -> None:
    text = "A trial enrolled 900 patients. We enrolled 90 patients."
    sections = (Section("Background", 0, 30), Section("Methods", 31, len(text)))
    assert appraise(Record("x", "Honey", text, sections)).sample_size == 90


def test_reviews_and_letters_study_nobody() -> None:
    text = "In this review we discuss honey. A trial enrolled 900 patients."
    assert appraise(Record("x", "Honey", text)).sample is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,204", 1204), ("12", 12), ("twelve", 12), ("Ninety-six", 96), ("one hundred and five", 105),
        ("two thousand three hundred", 2300), ("hundred", 100), ("a dozen", None), ("1.5", None),
    ],
)  # fmt: skip
def test_numbers(text: str, value: int | None) -> None:
    assert number(text) == value


REGISTRATIONS = [
    ("Registered (NCT01234567).", ["NCT01234567"]),
    ("ClinicalTrials.gov NCT 01234567; also nct01234567.", ["NCT01234567"]),
    ("Trial registration: ISRCTN 12345678.", ["ISRCTN12345678"]),
    ("PROSPERO CRD 42020123456.", ["CRD42020123456"]),
    ("PROSPERO registration number 42018099999", ["CRD42018099999"]),
    ("EudraCT number: 2012-001234-56.", ["EudraCT 2012-001234-56"]),
    ("EUCTR2012-001234-56-DE", ["EudraCT 2012-001234-56"]),
    ("ChiCTR1900012345", ["ChiCTR1900012345"]),
    ("ChiCTR-IOR-17012345", ["ChiCTR-IOR-17012345"]),
    ("ACTRN12612000123456", ["ACTRN12612000123456"]),
    ("DRKS00012345 and UMIN000012345", ["DRKS00012345", "UMIN000012345"]),
    ("UMIN-CTR ID: 000012345", ["UMIN000012345"]),
    ("jRCTs031180123", ["jRCTs031180123"]),
    ("CTRI/2018/05/012345", ["CTRI/2018/05/012345"]),
    ("IRCT20180101012345N1", ["IRCT20180101012345N1"]),
    ("KCT0001234", ["KCT0001234"]),
    ("PACTR201801001234567", ["PACTR201801001234567"]),
    ("RBR-5abcde", ["RBR-5abcde"]),
    ("NTR 1234", ["NTR1234"]),
    ("NCT0123456 and NCT012345678 have a wrong length.", []),
    ("The date 2012-001234-56 alone says nothing.", []),
    ("CONTRAST 12345678", []),
]


@pytest.mark.parametrize(("abstract", "numbers"), REGISTRATIONS)
def test_registrations(abstract: str, numbers: list[str]) -> None:
    assert [finding.name for finding in appraise(Record("x", "Honey", abstract)).registrations] == numbers


def test_accessions_are_registrations_too_and_each_counts_once() -> None:
    record = Record(
        "x", "Honey", "NCT01234567.", accessions=("ClinicalTrials.gov/NCT01234567", "ISRCTN/ISRCTN12345678")
    )
    first, second = appraise(record).registrations
    assert (first.name, first.evidence.field) == ("NCT01234567", "abstract")
    assert (second.name, second.evidence.field) == ("ISRCTN12345678", "accessions")
    assert second.evidence.text in record.accessions


@pytest.mark.parametrize(
    ("title", "abstract", "mesh", "expected"),
    [
        ("Honey", "", ("Humans", "Adult"), ["humans"]),
        ("Honey", "", ("Animals", "Humans"), ["humans", "animals"]),
        ("Honey in children", "", (), ["humans"]),
        (
            "Honey in rats",
            "Patients who cough may benefit one day. Rats were fed honey. Rats coughed less.",
            (),
            ["animals"],
        ),
        ("Honey", "A rabbit anti-mouse antibody was used.", (), []),
        ("Honey", "Forty participants took honey.", (), ["humans"]),
        ("Honey", "Cells were grown.", (), []),
    ],
)
def test_species(title: str, abstract: str, mesh: tuple[str, ...], expected: list[str]) -> None:
    assert [finding.name for finding in appraise(Record("x", title, abstract, mesh=mesh)).species] == expected


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("eng", ["English"]), ("en-GB", ["English"]), ("English", ["English"]), ("ger; fre", ["German", "French"]),
        ("und", []), ("", []), ("Klingon", ["Klingon"]),
    ],
)  # fmt: skip
def test_languages(language: str, names: list[str]) -> None:
    assert [finding.name for finding in appraise(Record("x", "T", language=language)).languages] == names


STATUS = [
    (Record("x", "Honey", publication_types=("Retracted Publication",)), ["retracted"]),
    (Record("x", "Honey", relations=(Relation("RetractionIn", "1"),)), ["retracted"]),
    (Record("x", "RETRACTED: Honey for cough"), ["retracted"]),
    (Record("x", "Retraction: Honey", publication_types=("Retraction of Publication",)), ["retraction notice"]),
    (Record("x", "Honey", relations=(Relation("RetractionOf", "1"),)), ["retraction notice"]),
    (Record("x", "Retraction notice to “Honey for cough”"), ["retraction notice"]),
    (Record("x", "Retraction of the eyelid in thyroid disease"), []),
    (Record("x", "Withdrawal of honey in adults"), []),
    (Record("x", "Honey", publication_types=("Expression of Concern",)), ["notice of concern"]),
    (Record("x", "Honey", relations=(Relation("ExpressionOfConcernIn", "1"),)), ["expression of concern"]),
    (Record("x", "Honey", relations=(Relation("ErratumIn", "1"),)), ["corrected"]),
    (Record("x", "Erratum.", publication_types=("Published Erratum",)), ["correction notice"]),
    (Record("x", "Correction: Honey for cough"), ["correction notice"]),
    (Record("x", "Correction of astigmatism"), []),
    (Record("x", "Honey", publication_types=("Preprint",)), ["preprint"]),
    (Record("x", "Honey", journal="medRxiv : the preprint server for health sciences"), ["preprint"]),
    (Record("x", "Honey", doi="10.1101/2020.01.02.20012345"), ["preprint"]),
    (Record("x", "Honey", doi="10.1101/gad.123.4"), []),
    (Record("x", "Honey", relations=(Relation("UpdateIn", "1"),)), ["newer version"]),
    (Record("x", "Honey", relations=(Relation("CommentIn", "1"),)), []),
    (Record("x", "Honey", relations=(Relation("ErratumIn", "1"), Relation("RetractionIn", "2"))),
     ["retracted", "corrected"]),
]  # fmt: skip


@pytest.mark.parametrize(("record", "expected"), STATUS)
def test_status(record: Record, expected: list[str]) -> None:
    assert [finding.name for finding in appraise(record).status] == expected


PAPER = Record("x", "Honey", doi="10.1000/Paper", pmid="7")
RETRACTED = Retraction("retraction", "10.1000/paper", notice_doi="10.1000/notice", date="2020-01-02", reason="Data")


@pytest.mark.parametrize(
    ("record", "listed", "expected"),
    [
        (PAPER, (RETRACTED,), ["retracted"]),
        (PAPER, (Retraction("retraction", paper_pmid="7"),), ["retracted"]),
        (PAPER, (Retraction("expression of concern", paper_pmid="7"),), ["expression of concern"]),
        (PAPER, (Retraction("correction", paper_pmid="7"),), ["corrected"]),
        (PAPER, (RETRACTED, Retraction("reinstatement", "10.1000/paper", date="2021-01-01")), []),
        (PAPER, (Retraction("reinstatement", "10.1000/paper", date="2019-01-01"), RETRACTED), ["retracted"]),
        # a notice is another publication than the paper, unless the publisher put it in the paper's place
        (Record("x", "Notice", doi="10.1000/notice"), (RETRACTED,), ["retraction notice"]),
        (PAPER, (Retraction("retraction", "10.1000/paper", notice_doi="10.1000/paper"),), ["retracted"]),
        # what the record says itself, no list takes back
        (Record("x", "Honey", pmid="7", publication_types=("Retracted Publication",)),
         (Retraction("reinstatement", paper_pmid="7"),), ["retracted"]),
    ],
)  # fmt: skip
def test_a_list_of_retractions(record: Record, listed: tuple[Retraction, ...], expected: list[str]) -> None:
    found = appraise(record, listed)
    assert [finding.name for finding in found.status] == expected
    assert with_retractions(appraise(record), record, listed) == found
    assert [f.name for f in with_retractions(found, record, ()).status] == [f.name for f in appraise(record).status]


def test_badges_and_summary() -> None:
    found = appraise(
        Record("x", "RETRACTED: Honey: a randomised trial", "We randomised 1200 children.", journal="bioRxiv")
    )
    assert found.badges == ("RETRACTED", "preprint")
    assert found.summary == "randomised trial · n = 1,200"
    assert str(found) == "RETRACTED · preprint · randomised trial · n = 1,200"
    assert found.is_retracted


# -- properties ------------------------------------------------------------------------------------------------------

PIECES = """randomised trial patients were randomly assigned 120 children n = 40 (N=12) NCT01234567 mice in a cohort
study systematic review of we conducted a case report 45-year-old woman RETRACTED: . , : ; ( ) İ ß 🐁 one hundred
and will be protocol ISRCTN 12345678 this review summarises cross-sectional survey Wistar rats\u2009 \n"""
TEXT = st.text(max_size=80) | st.lists(st.sampled_from(PIECES.split(" ")), max_size=60).map(" ".join)
RECORDS = st.builds(
    Record,
    id=st.just("x"),
    title=TEXT,
    abstract=TEXT,
    publication_types=st.sampled_from([(), ("Review",), ("Letter", "Case Reports")]),
    mesh=st.sampled_from([(), ("Humans",), ("Animals",)]),
    accessions=st.sampled_from([(), ("ClinicalTrials.gov/NCT00000001",)]),
    relations=st.sampled_from([(), (Relation("RetractionIn", "1"),)]),
    language=st.sampled_from(["", "eng", "ger; fre"]),
)


@given(RECORDS)
def test_all_evidence_stands_where_it_says(record: Record) -> None:
    found = appraise(record)
    every = [*found.designs, *found.species, *found.languages, *found.registrations, *found.status]
    for evidence in [*(finding.evidence for finding in every), *([found.sample.evidence] if found.sample else [])]:
        value = getattr(record, evidence.field)
        if evidence.field in ("title", "abstract"):
            assert value[evidence.start : evidence.end] == evidence.text != ""
        elif evidence.field == "relations":
            assert evidence.text in [relation.kind for relation in value]
        else:
            assert evidence.text in (value if isinstance(value, tuple) else [value])
    assert found == appraise(record)
    assert Appraisal.from_dict(found.to_dict()) == found


@pytest.mark.parametrize(
    "piece",
    ["a", "a ", "1 ", "1 a ", "1, ", "one ", "one hundred and ", "randomised ", "randomised, ", "we ", "we conduct a ",
     "patients ", "n=1 ", "case ", "1-year-old ", "(", "( ", "-", "this ", "phase 1 a-", "cohort ", "in a ", "NCT ",
     "systematic ", "review ", "old ", "\u2009", "1 type 2 ", "of ", ": "],
)  # fmt: skip
def test_long_texts_take_no_time(piece: str) -> None:
    text = (piece * 1_000_000)[:1_000_000]
    start = time.process_time()
    appraise(Record("x", text, text))
    assert time.process_time() - start < 3


# -- names -----------------------------------------------------------------------------------------------------------


def test_filters_understand_the_names_people_use() -> None:
    asked = Filters(
        designs=("RCT", "Cohort", "meta-analyses", "randomized controlled trial", "Case-Control"),
        languages=("en", "German"),
        species=("Human",),
        registrations=("nct 01234567",),
    )
    assert resolve(asked) == Filters(
        designs=("randomised trial", "cohort study", "meta-analysis", "case-control study"),
        languages=("English", "German"),
        species=("humans",),
        registrations=("NCT01234567",),
    )


@pytest.mark.parametrize("filters", [Filters(designs=("astrology",)), Filters(species=("martians",))])
def test_what_there_is_none_of_is_said(filters: Filters) -> None:
    with pytest.raises(QuestionError, match="Known are"):
        resolve(filters)


def test_filters_read_as_words() -> None:
    asked = Filters((2018, None), designs=("cohort study",), languages=("English",), min_sample_size=1000)
    assert str(asked) == "since 2018, cohort study, English, n ≥ 1,000"
    assert str(Filters(not_retracted=True)) == "not retracted"
