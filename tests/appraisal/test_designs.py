"""Study designs as a table: (title, abstract, designs). Each bug adds a row."""

from __future__ import annotations

import pytest

from qa.appraisal import appraise
from qa.schema import Record

RCT, TRIAL, COHORT, CASES = ("randomised trial",), ("non-randomised trial",), ("cohort study",), ("case report",)
NONE: tuple[str, ...] = ()

TEXTS = [
    # by title
    ("Honey for cough: a randomised controlled trial", "", RCT),
    ("Honey for cough: a randomized, double-blind, placebo-controlled, crossover study", "", RCT),
    ("Honey for cough: a non-randomised controlled trial", "", TRIAL),
    ("A phase II study of lampalizumab in tired eyes", "", TRIAL),
    ("Quality of life under honey: a randomized trial", "", RCT),
    ("Honey for cough: a systematic review", "", ("systematic review",)),
    ("Honey for cough: a systematic review and meta-analysis of randomised trials", "",
     ("meta-analysis", "systematic review")),
    ("Honey for cough: protocol for a randomised controlled trial", "", ("protocol",)),
    ("Honey for cough: rationale and design of the BEE trial", "", ("protocol",)),
    ("Honey for cough-a protocol for a feasibility trial", "", ("protocol",)),
    ("Honey for cough - study protocol.", "", ("protocol",)),
    ("A point-of-care lamp protocol for emergency teams", "", NONE),
    ("Repair of lamps: a 3-year follow up protocol.", "", NONE),
    ("Honey for cough: a scoping review", "We followed PRISMA guidelines.", ("scoping review",)),
    ("Lamps and sleep: a nationwide cohort study", "", COHORT),
    ("Lamps and sleep: a nested case–control study", "", ("case-control study",)),
    ("Knowledge of lamps among nurses: a cross-sectional survey", "", ("cross-sectional study",)),
    ("Hiccups after honey: a case report and review of the literature", "", CASES),
    ("An unusual case of hiccups", "", CASES),
    ("Hiccups in a 45-year-old woman", "", CASES),
    ("Honey in medicine: a narrative review", "", ("narrative review",)),
    ("Clinical practice guideline for cough", "", ("guideline",)),
    ("Management of cough: consensus statement of a working group", "", ("guideline",)),
    ("Adherence to clinical practice guidelines for cough", "", NONE),
    ("Challenging national guidelines on cough", "", NONE),
    ("Response to: Honey for cough: a systematic review", "", ("editorial or letter",)),
    ("A commentary on “Honey for cough: a meta-analysis”", "", NONE),
    ("Editorial Commentary: randomized trials of honey", "", ("editorial or letter",)),
    ("Effects of honey on wound closure: an in vitro study", "", ("in vitro study",)),
    ("Honey speeds wound closure in mice", "", ("animal study",)),
    ("Retrospective analysis of lamp injuries", "", ("observational study",)),
    ("Outcomes of lamp injuries: a single-centre retrospective review", "", ("observational study",)),
    ("Correction to: Honey for cough: a randomised controlled trial", "", NONE),
    ("Peer review: pitfalls", "", NONE),
    # by abstract: this work, not others
    ("Honey", "Methods: Patients were randomly assigned to honey or syrup.", RCT),
    ("Honey", "We conducted a double-blind, randomised, placebo-controlled trial in 40 adults.", RCT),
    ("Honey", "It is a cluster-randomized, controlled trial, involving 900 children.", RCT),
    ("Honey", "Women randomised to honey coughed less.", RCT),
    ("Honey", "Randomised trials have shown that honey helps. We discuss why.", NONE),
    ("Honey", "Honey soothes. A large, adequately powered, randomized controlled trial is needed.", NONE),
    ("Honey", "In conclusion, further randomised controlled trials are warranted.", NONE),
    ("Honey", "The 184 patients were randomly assigned to a training set or a validation set.", NONE),
    ("Honey", "Sixteen leeches were randomly divided into two groups.", NONE),
    ("Honey", "Mendelian randomization suggests that honey helps.", NONE),
    ("Honey", "Participants will be randomised to honey or syrup.", ("protocol",)),
    ("Cloning", "This protocol uses a cheap enzyme.", NONE),
    ("Lamps", "This was a prospective, multicentre cohort study of 900 drivers.", COHORT),
    ("Lamps", "Previous cohort studies found no harm.", NONE),
    ("Lamps", "In a cohort of 1,234 drivers, glare was common.", COHORT),
    ("Lamps", "A cross-sectional study was carried out among teachers.", ("cross-sectional study",)),
    ("Lamps", "The cross-sectional area of the lamp was measured.", NONE),
    ("Lamps", "A matched case-control study was conducted in three hospitals.", ("case-control study",)),
    ("Lamps", "The charts of 80 patients were retrospectively reviewed.", ("observational study",)),
    ("Hiccups", "We report the case of a 30-year-old man with hiccups.", CASES),
    ("Hiccups", "We report two cases of hiccups after honey.", CASES),
    ("Hiccups", "We describe the clinical picture in patients with hiccups.", NONE),
    ("Honey", "In this review, we summarise what is known of honey.", ("narrative review",)),
    ("Honey", "This article reviews the chemistry of honey.", ("narrative review",)),
    ("Honey", "We performed a systematic review following the PRISMA statement.", ("systematic review",)),
    ("Honey", "A meta-analysis was performed with random-effects models.", ("meta-analysis",)),
    ("Prisma", "The PRISMA satellite saw the fields.", NONE),
    ("Wound healing", "Male Wistar rats were randomly assigned to honey or water.", ("animal study",)),
    ("Readiness of youth", "Phase 2 was a prospective cohort study of 100 adolescents.", COHORT),
    ("Lamps", "We recommend a randomised clinical trial of lamps.", NONE),
    ("Lamps", "This needs confirmation, preferably in a randomised clinical trial.", NONE),
    ("Reporting of trials", "The study comprises a total of 113 RCT papers.", NONE),
    ("Glare: a cross-sectional study", "Glare was common in a cohort of 1137 drivers.", ("cross-sectional study",)),
    ("Response to chemotherapy and survival", "", NONE),
    ("Response to the letter by Moss et al.", "", ("editorial or letter",)),
    ("Drug release defined by Japanese guidelines for tablets", "", NONE),
    ("Quality of systematic reviews on honey", "", NONE),
    ("Honey for carers", "We included 26 studies in this review (2367 participants).", ("systematic review",)),
    ("Honey and tumours", "In this review, we discuss the clinical data on patient selection.", ("narrative review",)),
    # a title that is none
    ("", "", NONE),
    ("Carbon in seagrass meadows", "Seagrass buries carbon in the sea floor.", NONE),
]  # fmt: skip


@pytest.mark.parametrize(("title", "abstract", "expected"), TEXTS, ids=lambda value: str(value)[:50])
def test_designs_by_text(title: str, abstract: str, expected: tuple[str, ...]) -> None:
    found = appraise(Record("x", title, abstract))
    assert tuple(finding.name for finding in found.designs) == expected


SOURCES = [
    (("Randomized Controlled Trial", "Journal Article"), (), "Honey", RCT),
    (("Clinical Trial", "Randomized Controlled Trial"), (), "Honey", RCT),
    (("Clinical Trial, Phase II",), (), "Honey", TRIAL),
    (("Clinical Trial",), (), "Honey: a randomised trial", RCT),
    (("Review", "Systematic Review"), (), "Honey", ("systematic review",)),
    (("Review",), (), "Honey: a randomised trial against syrup", ("narrative review",)),
    (("Case Reports",), (), "Honey", CASES),
    (("Case Reports", "Review"), (), "Honey", ("case report", "narrative review")),
    (("Editorial", "Comment"), (), "Honey: a systematic review", ("editorial or letter",)),
    (("Letter",), (), "A case of hiccups", ("case report", "editorial or letter")),
    (("Practice Guideline",), (), "Honey", ("guideline",)),
    (("Clinical Trial Protocol",), (), "Honey", ("protocol",)),
    (("Retraction of Publication",), (), "Honey: a randomised trial", NONE),
    (("Journal Article",), ("Humans", "Case-Control Studies"), "Honey", ("case-control study",)),
    (("Journal Article",), ("Animals", "Mice"), "Honey", ("animal study",)),
    (("Journal Article",), ("Animals", "Humans"), "Honey", NONE),
    (("Journal Article",), ("Randomized Controlled Trials as Topic",), "Honey", NONE),
]


@pytest.mark.parametrize(("types", "mesh", "title", "expected"), SOURCES)
def test_designs_by_what_the_source_says(
    types: tuple[str, ...], mesh: tuple[str, ...], title: str, expected: tuple[str, ...]
) -> None:
    found = appraise(Record("x", title, publication_types=types, mesh=mesh))
    assert tuple(finding.name for finding in found.designs) == expected


def test_the_evidence_is_quoted() -> None:
    record = Record("x", "Honey", "Aim. Patients were randomly assigned to honey.", publication_types=("Case Reports",))
    trial, cases = appraise(record).designs
    assert (trial.evidence.field, trial.evidence.text) == ("abstract", "Patients were randomly assigned")
    assert record.abstract[trial.evidence.start : trial.evidence.end] == trial.evidence.text
    assert (cases.evidence.field, cases.evidence.text) == ("publication_types", "Case Reports")
