"""Conversation as a table: (turns so far, what was typed, the question it stands for). Each bug adds a row."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.conversation import Standalone, stand_alone
from qa.answering.phrases import subject, topic_of
from qa.schema import Filters, Turn

NONE: tuple[str, ...] = ()
DISEASE = ("What is calcinosis cutis?",)
OFTEN = (*DISEASE, "How often does calcinosis cutis occur in systemic sclerosis?")
TREATED = ("How is calcinosis cutis treated?",)
CHILDREN = ("Does honey shorten cough in children?",)
DRUG = ("What is metformin?",)
FRANCE = (*OFTEN, "What is the capital of France?")


def turns(asked: tuple[str, ...]) -> list[Turn]:
    return [Turn(question, shown=5, records=("pmid:1", "pmid:2")) for question in asked]


FOLLOW_UPS = [
    # pronouns
    (DISEASE, "How often does it occur in systemic sclerosis?", OFTEN[1]),
    (OFTEN, "And how is it diagnosed?", "How is calcinosis cutis diagnosed?"),
    (OFTEN, "and how is it treated", "how is calcinosis cutis treated"),
    (OFTEN, "ok, so how is it treated??", "how is calcinosis cutis treated?"),
    (OFTEN, "  HOW IS IT TREATED ?  ", "HOW IS calcinosis cutis TREATED?"),
    (OFTEN, "Is it inherited? 🙂", "Is calcinosis cutis inherited?"),
    (OFTEN, "How is this treated?", "How is calcinosis cutis treated?"),
    (OFTEN, "What causes this?", "What causes calcinosis cutis?"),
    (OFTEN, "Would that cause pain?", "Would calcinosis cutis cause pain?"),
    (OFTEN, "Does ultrasound detect it?", "Does ultrasound detect calcinosis cutis?"),
    (OFTEN, "Is it possible to treat it with surgery?", "Is it possible to treat calcinosis cutis with surgery?"),
    (OFTEN, "treatment for it?", "treatment for calcinosis cutis?"),
    (("Are aspirin and ibuprofen safe?",), "Do they interact?", "Do aspirin and ibuprofen interact?"),
    (CHILDREN, "Is it safe in infants?", "Is honey safe in infants?"),
    # possessives
    (OFTEN, "its prevalence", "prevalence of calcinosis cutis"),
    (OFTEN, "What is its prevalence?", "What is the prevalence of calcinosis cutis?"),
    (OFTEN, "What’s its prognosis?", "What’s the prognosis of calcinosis cutis?"),
    (OFTEN, "What are its main symptoms in children?", "What are the main symptoms of calcinosis cutis in children?"),
    (DRUG, "What is its mechanism of action?", "What is the mechanism of action of metformin?"),
    (OFTEN, "What is the mainstay of treatment?", "What is the mainstay of treatment of calcinosis cutis?"),
    (OFTEN, "What are the main goals of treatment?", "What are the main goals of treatment of calcinosis cutis?"),
    (OFTEN, "What is the risk of recurrence?", "What is the risk of recurrence of calcinosis cutis?"),
    (DRUG, "mechanism of action?", "mechanism of action of metformin?"),
    (DRUG, "What is its half-life?", "What is the half-life of metformin?"),
    (DRUG, "Do its metabolites accumulate in fat?", "Do metformin's metabolites accumulate in fat?"),
    (DRUG, "Does its use increase mortality?", "Does the use of metformin increase mortality?"),
    # demonstratives
    (OFTEN, "Is that disease contagious?", "Is calcinosis cutis contagious?"),
    (OFTEN, "Is this rare condition hereditary?", "Is calcinosis cutis hereditary?"),
    (OFTEN, "What causes the condition?", "What causes calcinosis cutis?"),
    (OFTEN, "How does the disease progress?", "How does calcinosis cutis progress?"),
    (OFTEN, "What is the prognosis of these patients?", "What is the prognosis of patients with systemic sclerosis?"),
    (DISEASE, "How old are these patients?", "How old are patients with calcinosis cutis?"),
    (CHILDREN, "Is this treatment safe?", "Is honey safe?"),
    (DRUG, "How safe is this drug?", "How safe is metformin?"),
    (TREATED, "How do these drugs work?", "How do drugs for calcinosis cutis work?"),
    (TREATED, "Does this treatment help?", "Does treatment of calcinosis cutis help?"),
    (OFTEN, "Which of these treatments work best?", "Which treatments of calcinosis cutis work best?"),
    (OFTEN, "Are these symptoms reversible?", "Are symptoms of calcinosis cutis reversible?"),
    # an aspect, and not of what
    (OFTEN, "treatment?", "treatment of calcinosis cutis?"),
    (OFTEN, "Diagnosis", "Diagnosis of calcinosis cutis"),
    (OFTEN, "side effects", "side effects of calcinosis cutis"),
    (OFTEN, "causes and risk factors?", "causes and risk factors of calcinosis cutis?"),
    (OFTEN, "prevalence in children?", "prevalence of calcinosis cutis in children?"),
    (OFTEN, "surgical treatment?", "surgical treatment of calcinosis cutis?"),
    (OFTEN, "treatment with diltiazem?", "treatment of calcinosis cutis with diltiazem?"),
    (OFTEN, "aetiology", "aetiology of calcinosis cutis"),
    (OFTEN, "etiology?", "etiology of calcinosis cutis?"),
    (OFTEN, "What are the symptoms?", "What are the symptoms of calcinosis cutis?"),
    (OFTEN, "Is there a cure?", "Is there a cure for calcinosis cutis?"),
    (OFTEN, "Which treatments work?", "Which treatments of calcinosis cutis work?"),
    (OFTEN, "What is the prevalence in children?", "What is the prevalence of calcinosis cutis in children?"),
    (OFTEN, "Who is at risk?", "Who is at risk of calcinosis cutis?"),
    (OFTEN, "contagious?", "Is calcinosis cutis contagious?"),
    # a place, a population, another thing
    (TREATED, "And in children?", "How is calcinosis cutis treated in children?"),
    (TREATED, "What about children?", "How is calcinosis cutis treated in children?"),
    (TREATED, "how about older adults", "How is calcinosis cutis treated in older adults?"),
    (TREATED, "in women over 50?", "How is calcinosis cutis treated in women over 50?"),
    (TREATED, "during pregnancy?", "How is calcinosis cutis treated during pregnancy?"),
    (TREATED, "what about pregnancy?", "How is calcinosis cutis treated in pregnancy?"),
    (TREATED, "only in children", "How is calcinosis cutis treated in children?"),
    (CHILDREN, "What about adults?", "Does honey shorten cough in adults?"),
    (CHILDREN, "adults?", "Does honey shorten cough in adults?"),
    (OFTEN, "what about ultrasound?", "ultrasound in calcinosis cutis?"),
    (OFTEN, "And ultrasound?", "Ultrasound in calcinosis cutis?"),
    (OFTEN, "what about its prognosis?", "prognosis of calcinosis cutis?"),
    (OFTEN, "What about treatment of gout?", "Treatment of gout?"),
    ((*OFTEN, "Ultrasound in calcinosis cutis?"), "treatment?", "treatment of calcinosis cutis?"),
    # question words
    (OFTEN, "Why?", "What causes calcinosis cutis?"),
    (OFTEN, "How many?", "How many cases of calcinosis cutis are there?"),
    (DISEASE, "how often?", "How often does calcinosis cutis occur?"),
    (OFTEN, "Since when?", "Since when is calcinosis cutis known?"),
    (OFTEN, "How dangerous?", "How dangerous is calcinosis cutis?"),
    (OFTEN, "How to treat?", "How to treat calcinosis cutis?"),
    # the topic moves with the conversation
    (FRANCE, "How large is it?", "How large is capital of France?"),
    ((*DISEASE, "How common is calcinosis in systemic sclerosis?"), "treatment?", "treatment of calcinosis?"),
    ((*DISEASE, "Who is at risk?"), "treatment?", "treatment of calcinosis cutis?"),
]

UNCHANGED = [
    (NONE, "What is calcinosis cutis?"),
    (NONE, "treatment?"),
    (NONE, "How is it treated?"),
    (NONE, "only since 2018"),
    (NONE, "more"),
    (OFTEN, "What is the capital of France?"),
    (OFTEN, "Does honey shorten cough in children?"),
    (OFTEN, "And what is the capital of France?"),
    # "it" for nothing said before, or for what the question itself names
    (OFTEN, "Is it true that vaccines cause autism?"),
    (OFTEN, "Is it safe to eat honey?"),
    (OFTEN, "Is it possible for children to outgrow asthma?"),
    (OFTEN, "Is it still necessary to fast before surgery?"),
    (OFTEN, "Would it be better to wait?"),
    (OFTEN, "How long does it take?"),
    (OFTEN, "How long does it usually take for a fracture to heal?"),
    (OFTEN, "Is it smoking that causes cancer?"),
    (OFTEN, "What is lupus and how is it treated?"),
    (OFTEN, "Double balloon enteroscopy: is it efficacious and safe in a community setting?"),
    (OFTEN, "Juvenile ankylosing spondylitis--is it the same disease as adult ankylosing spondylitis?"),
    (OFTEN, "Does metformin exert its effect through AMPK?"),
    (OFTEN, "Do nurses think they should take part in prevention?"),
    (OFTEN, "Do people with gout stop their medication when they feel better?"),
    (OFTEN, "How do they treat gout in Japan?"),
    (OFTEN, "If it is strep, should I take antibiotics?"),
    (OFTEN, "Do you think its contagious?"),
    # "that", "this", "those", "the disease"
    (OFTEN, "Which studies show that honey helps?"),
    (OFTEN, "Which drugs that lower lipids are safe?"),
    (OFTEN, "Is there evidence that treatment of gout helps?"),
    (OFTEN, "Are those with diabetes at higher risk of stroke?"),
    (OFTEN, "Is the disease course of asthma milder in men?"),
    (OFTEN, "What happened this year in virology?"),
    # general words, and complete all the same
    (OFTEN, "What is a risk factor?"),
    (OFTEN, "What are systematic reviews?"),
    (OFTEN, "What is a randomized controlled trial?"),
    (OFTEN, "What is the difference between prevalence and incidence?"),
    (OFTEN, "How is prevalence measured?"),
    # words to search for
    (OFTEN, "gout"),
    (OFTEN, "gout treatment"),
    (OFTEN, "Diagnosis of gout"),
    (OFTEN, "risk factors for stroke"),
    (OFTEN, "honey for cough"),
    (OFTEN, "elderly patients with gout"),
    (OFTEN, "In twin-twin transfusion syndrome, are the twins identical?"),
    (OFTEN, "more about gout"),
    (OFTEN, "ok thanks"),
    # clock-dependent, so not understood
    (OFTEN, "the last five years"),
]


def test_a_conversation_of_five_turns() -> None:
    so_far: list[Turn] = []
    for typed, asked in (
        ("What is calcinosis cutis?", "What is calcinosis cutis?"),
        (
            "How often does it occur in systemic sclerosis?",
            "How often does calcinosis cutis occur in systemic sclerosis?",
        ),
        ("And how is it diagnosed?", "How is calcinosis cutis diagnosed?"),
        ("treatment?", "treatment of calcinosis cutis?"),
        ("What is the capital of France?", "What is the capital of France?"),
    ):
        standalone = stand_alone(typed, so_far)
        assert standalone == Standalone(asked, Filters())
        so_far.append(Turn(standalone.question, standalone.filters, shown=5))


@pytest.mark.parametrize(("asked", "typed", "expected"), FOLLOW_UPS)
def test_a_follow_up_finds_what_it_refers_to(asked: tuple[str, ...], typed: str, expected: str) -> None:
    assert stand_alone(typed, turns(asked)) == Standalone(expected, Filters())


@pytest.mark.parametrize(("asked", "typed"), UNCHANGED)
def test_a_complete_question_is_left_alone(asked: tuple[str, ...], typed: str) -> None:
    so_far = [Turn(question, Filters(years=(2018, None)), 5, ("pmid:1",)) for question in asked]
    assert stand_alone(f" {typed}\n", so_far, Filters(roles=("results",))).question == typed
    if asked:
        assert stand_alone(typed, so_far) == Standalone(typed, Filters())


RCT = ("randomised trial",)
REVIEW = ("narrative review", "systematic review", "scoping review")
OBSERVED = ("observational study", "cohort study", "case-control study", "cross-sectional study")
SHOWN = ("pmid:1", "pmid:2")


@pytest.mark.parametrize(
    ("typed", "filters"),
    [
        ("only since 2018", {"years": (2018, None)}),
        ("Since 2018?", {"years": (2018, None)}),
        ("what about since 2018?", {"years": (2018, None)}),
        ("2018 or later", {"years": (2018, None)}),
        ("after 2015", {"years": (2016, None)}),
        ("newer than 2019", {"years": (2020, None)}),
        ("only studies published before 2010, please", {"years": (None, 2009)}),
        ("until 2010", {"years": (None, 2010)}),
        ("from 2010 to 2015", {"years": (2010, 2015)}),
        ("between 2015 and 2010", {"years": (2010, 2015)}),
        ("2010–2015", {"years": (2010, 2015)}),
        ("in 2020", {"years": (2020, 2020)}),
        ("only reviews", {"designs": REVIEW}),
        ("just systematic reviews", {"designs": ("systematic review",)}),
        ("Only randomised", {"designs": RCT}),
        ("only RCTs!", {"designs": RCT}),
        ("any randomized, controlled trials?", {"designs": RCT}),
        ("only meta-analyses", {"designs": ("meta-analysis",)}),
        ("are there guidelines?", {"designs": ("guideline",)}),
        ("only case reports", {"designs": ("case report",)}),
        ("only observational studies", {"designs": OBSERVED}),
        ("only cohort studies", {"designs": ("cohort study",)}),
        ("only non-randomised trials", {"designs": ("non-randomised trial",)}),
        ("only multicentre studies", {"publication_types": ("Multicenter Study",)}),
        ("only human studies", {"species": ("humans",)}),
        ("without the retracted ones", {"not_retracted": True}),
        ("only RCTs, not retracted", {"designs": RCT, "not_retracted": True}),
        ("reviews since 2018", {"designs": REVIEW, "years": (2018, None)}),
        ("only meta-analyses or RCTs", {"designs": ("meta-analysis", *RCT)}),
        ("Which of these were randomised?", {"designs": RCT, "records": SHOWN}),
        ("Which of those are reviews?", {"designs": REVIEW, "records": SHOWN}),
        ("Were these studies randomized?", {"designs": RCT, "records": SHOWN}),
        ("Which of these were published since 2018?", {"years": (2018, None), "records": SHOWN}),
        ("how many of them are meta-analyses?", {"designs": ("meta-analysis",), "records": SHOWN}),
    ],
)
def test_a_limit_asks_the_last_question_again(typed: str, filters: dict[str, Any]) -> None:
    assert stand_alone(typed, turns(OFTEN)) == Standalone(OFTEN[-1], Filters(**filters))


def test_trials_are_trials_of_every_kind() -> None:
    found = stand_alone("any trials among them?", turns(OFTEN))
    assert found.question == OFTEN[-1]
    assert found.filters.records == SHOWN
    assert found.filters.designs == ("randomised trial", "non-randomised trial")


def test_what_else_is_asked_of_the_studies_shown() -> None:
    assert stand_alone("Which of these used ultrasound?", turns(OFTEN)) == Standalone(
        "Which studies of calcinosis cutis used ultrasound?", Filters(records=SHOWN)
    )
    assert stand_alone("How large were these trials?", turns(OFTEN)).filters.records == SHOWN


@pytest.mark.parametrize("typed", ["more", "More please!", "next", "show more", "Show me more results", "what else?", "anything else?", "go on"])  # fmt: skip # noqa: E501
def test_more_continues(typed: str) -> None:
    filters = Filters(years=(2018, None), records=("pmid:1",))
    assert stand_alone(typed, [Turn("What is gout?", filters, 7)]) == Standalone("What is gout?", filters, 7)


def test_a_limit_at_the_end_of_a_question_becomes_a_filter() -> None:
    since = Filters(years=(2018, None))
    assert stand_alone("Is honey effective, only since 2018?", turns(OFTEN)) == Standalone("Is honey effective?", since)
    assert stand_alone("Is it rare (only since 2018)?", turns(OFTEN)) == Standalone("Is calcinosis cutis rare?", since)
    typed = "Is honey effective, only since 2018?"
    assert stand_alone(typed, []) == Standalone(typed, since)
    for whole in ("Did incidence of measles rise since 2018?", "Is honey effective, or only sweet?"):
        assert stand_alone(whole, turns(OFTEN)) == Standalone(whole, Filters())


def test_filters_carry_over_to_follow_ups_only() -> None:
    so_far = turns(DISEASE)
    limited = stand_alone("which of these were published since 2018?", so_far)
    so_far.append(Turn(limited.question, limited.filters, 5, ("pmid:1",)))
    # The records belong to that one question; the years go on.
    assert stand_alone("treatment?", so_far).filters == Filters(years=(2018, None))
    assert stand_alone("only reviews", so_far).filters == Filters((2018, None), designs=REVIEW, records=SHOWN)
    assert stand_alone("before 2020", so_far).filters.years == (None, 2019)
    assert stand_alone("What is gout?", so_far).filters == Filters()
    page = Filters(journals=("Lancet",))
    assert stand_alone("treatment?", so_far, page).filters == Filters((2018, None), ("Lancet",))
    assert stand_alone("What is gout?", so_far, page).filters == page


def test_what_is_switched_off_in_the_page_is_off() -> None:
    page, both = Filters(journals=("Lancet",)), Filters((2018, None), ("Lancet",))
    turn = Turn("What is gout?", both, 5, switched=page)
    assert stand_alone("treatment?", [turn], page).filters == both
    assert stand_alone("treatment?", [turn]).filters == Filters((2018, None))
    assert stand_alone("more", [turn], page) == Standalone("What is gout?", both, 5)
    # Other filters give another list: nothing of it was shown yet.
    assert stand_alone("more", [turn]) == Standalone("What is gout?", Filters((2018, None)), 0)


@pytest.mark.parametrize(
    ("question", "topic", "setting"),
    [
        ("What is calcinosis cutis?", "calcinosis cutis", ""),
        (OFTEN[1], "calcinosis cutis", "patients with systemic sclerosis"),
        ("How common is calcinosis in systemic sclerosis?", "calcinosis", "patients with systemic sclerosis"),
        ("Does honey shorten cough in children?", "honey", "children"),
        ("In children, does honey help?", "honey", ""),
        ("What is the role of TNF in asthma?", "TNF", "patients with asthma"),
        ("Is vitamin D associated with depression?", "vitamin D", ""),
        ("Which drugs are used to treat malaria?", "malaria", ""),
        ("What is the capital of France?", "capital of France", ""),
        ("What is nerve growth factor?", "nerve growth factor", ""),
        ("What is cognitive behavioral therapy?", "cognitive behavioral therapy", ""),
        ("How is severe asthma treated?", "severe asthma", ""),
        ("What are the most common symptoms of the common cold?", "common cold", ""),
        ("heart failure with preserved ejection fraction", "heart failure with preserved ejection fraction", ""),
        ("What are the symptoms?", "", ""),
    ],
)
def test_the_topic_is_the_subject(question: str, topic: str, setting: str) -> None:
    assert subject(question) == (topic, setting)
    assert topic_of([Turn(question)]) == (topic, setting)


WORDS = """and it its this these of in children more only since 2018 2010 which were randomised treatment is the what
about how , ? ( - disease that reviews why calcinosis cutis for if 🙂 it's"""
ANY = st.text() | st.lists(st.sampled_from(WORDS.split()), max_size=40).map(" ".join)


@given(ANY, st.lists(st.builds(Turn, ANY, st.just(Filters((2018, None))), st.integers(0, 50)), max_size=3))
def test_any_text_gives_a_question(text: str, so_far: list[Turn]) -> None:
    found = stand_alone(text, so_far)
    assert any(map(str.isalnum, found.question)) >= any(map(str.isalnum, text))
    assert found == stand_alone(text, so_far)
    assert stand_alone(text, []).question == text.strip()


@pytest.mark.parametrize(
    "piece", ["it ", "and ", "and, ", ", only 2018", "which of these ", " ", "a-", "it is good for a ", "of ", "-"]
)
def test_long_texts_take_no_time(piece: str) -> None:
    so_far = [Turn(("x " + piece * 4000)[:4000])] * 30
    start = time.process_time()
    for length in (299, 4000, 100_000):
        stand_alone("x" + (piece * length)[:length], so_far)
    assert time.process_time() - start < 1
