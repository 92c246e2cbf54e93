"""What a question wants, and which sentences give it, as tables."""

import pytest

from qa.answering.wants import LIKELY, gives, wanted


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("How common is gout in adults?", ["how common"]),
        ("What share of miners have silicosis?", ["how common"]),
        ("how often does it recur", ["how common"]),
        ("Why do crystals form in the joints?", ["why"]),
        ("What is the cause of gout?", ["why"]),
        ("Which mechanisms have been proposed?", ["why"]),
        ("How is gout diagnosed?", ["how diagnosed"]),
        ("Which imaging shows crystals?", ["how diagnosed"]),
        ("How can small stones be detected?", ["how diagnosed"]),
        ("What is the mainstay of treatment?", ["how treated"]),
        ("Which drugs are used for gout?", ["how treated"]),
        ("What is gout?", ["what is"]),
        ("What are tophi?", ["what is"]),
        ("What are the advantages of ultrasound?", []),
        ("What is allopurinol used for?", []),
        ("What is meant by pseudogout?", ["what is"]),
        ("How long do people with gout live?", ["how dangerous"]),
        ("What are the risk factors for gout?", ["who is at risk"]),
        ("Which antibodies go with gout?", ["which antibodies"]),
        ("Colchicine prevents flares of gout.", []),
        ("Is gout associated with hypertension?", []),
        ("Does treatment with colchicine reduce flares in adults with gout?", []),
        ("prevalence of gout among adults in rural areas", ["how common"]),
        ("gout prevalence", ["how common"]),
        ("How many people get gout?", ["how common"]),
        ("How many people with gout were studied?", ["how many studied"]),
        ("How large are tophi?", ["how much"]),
    ],
)
def test_what_a_question_wants(question: str, names: list[str]) -> None:
    assert [kind.name for kind in wanted(question)] == names


@pytest.mark.parametrize(
    ("question", "yes", "no"),
    [
        ("How common is gout?", "Gout affects 3.9% of adults.", "Gout is an arthritis caused by crystals."),
        ("How common is gout?", "It was found in 12 of 80 miners.", "Gout is painful."),
        ("How common is gout?", "About one quarter of them had gout.", "They were asked about gout."),
        ("Why does gout arise?", "Crystals form because urate exceeds its solubility.", "Gout is a painful arthritis."),
        ("How is gout diagnosed?", "Ultrasound shows the crystals.", "Gout affects 3.9% of adults."),
        ("How is gout treated?", "Allopurinol at a dose of 300 mg lowers urate.", "Gout affects the big toe."),
        ("What is gout?", "Gout is a painful arthritis.", "Of 80 miners, 12 had gout."),
        ("What are tophi?", "Tophi are deposits of urate.", "Tophi were found in 12 of 80 miners."),
        ("How many miners were studied?", "We examined 80 silver miners.", "Gout affects 3.9% of adults."),
        ("How many trials were included?", "This review included 19 trials.", "This review included trials of gout."),
        ("How many trials were included?", "A total of 19 trials met our criteria.", "Gout is a painful arthritis."),
        ("What is a tophus?", "A tophus (plural: tophi) is a deposit of urate.", "Urate fell by half within a year."),
        ("How much does urate fall?", "Urate fell by 40%.", "Urate fell in all of them."),
        ("Where do tophi form?", "Tophi are found in the ear, above the joints.", "Tophi hurt."),
        ("How does allopurinol work?", "It inhibits xanthine oxidase.", "It was given to 80 miners."),
        ("How large are tophi?", "Tophi measured 4.5 mm on average.", "Tophi are deposits of urate."),
    ],
)
def test_which_sentences_give_it(question: str, yes: str, no: str) -> None:
    kinds = wanted(question)
    assert gives(kinds, yes) >= LIKELY
    assert gives(kinds, no) == 0


@pytest.mark.parametrize(
    ("question", "sentences"),
    [
        (
            "How common is gout?",
            [
                "Gout was observed in 3.9% of adults.",
                "Gout had risen by 2%.",
                "Gout is a frequent arthritis.",
                "The correlation with urate (34%) was strong.",
                "Gout is painful.",
            ],
        ),
        (
            "Why do crystals form?",
            [
                "Trauma and cold have been proposed as potential pathomechanisms.",
                "Cold promotes their growth through lower solubility.",
                "The pathogenesis of the crystals remains unclear.",
                "Crystals form in the joints.",
            ],
        ),
        (
            "How is gout diagnosed?",
            [
                "The diagnosis is made by looking at the joint's fluid.",
                "A test of urate was normal in a third of them.",
                "Gout is painful.",
            ],
        ),
    ],
)
def test_surer_signs_count_for_more(question: str, sentences: list[str]) -> None:
    found = [gives(wanted(question), sentence) for sentence in sentences]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(found)
    assert (found[0], found[-1]) == (1, 0)


def test_a_claim_asks_for_nothing_special() -> None:
    assert gives(wanted("Colchicine prevents flares."), "Gout affects 3.9% of adults because of purines.") == 0
