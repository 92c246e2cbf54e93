"""Texts against a small library, made by the real model."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa import Library
from qa.schema import Sentence
from qa.verifying.finding import Difference, Finding, Verification
from qa.verifying.tokens import tokens
from tests.conftest import RECORDS, write_jsonl
from tests.verifying.conftest import Check

LIT = "Lit parks held forty percent fewer beetles than dark parks."


def sentences(library: Library) -> list[Sentence]:
    database = library._store.database
    return [s for stored in database.by_row(database.rows()).values() for s in database.sentences(stored).values()]


def of_three_words(sentence: Sentence) -> bool:
    return sum(token.is_word for token in tokens(sentence.text)) >= 3


quick = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


def test_every_sentence_of_the_library_stands_there(filled: Library) -> None:
    for sentence in filter(of_three_words, sentences(filled)):
        for text in (sentence.text, f"He wrote: “{sentence.text}”", f"> {sentence.text}"):
            (finding,) = filled.verify(text).findings
            assert finding.verdict == "exact", text
            assert finding.place is not None
            assert (finding.place.record_id, finding.place.text) == (sentence.record_id, sentence.text)
            assert text[finding.start : finding.end] == sentence.text


@quick
@given(st.data())
def test_a_changed_word_is_the_difference(filled: Library, data: st.DataObject) -> None:
    sentence = data.draw(st.sampled_from(list(filter(of_three_words, sentences(filled)))))
    # A sentence of few words is recognised by its rarer ones; one of them must be left.
    words = [token for token in tokens(sentence.text) if token.is_word]
    word = data.draw(st.sampled_from(words))
    other = data.draw(st.sampled_from(["zebra", "Quince", "quux"]))
    changed = sentence.text[: word.start] + other + sentence.text[word.end :]
    (finding,) = filled.verify(changed).findings
    assert finding.verdict == "almost", changed
    assert finding.differences == (Difference(other, sentence.text[word.start : word.end]),)
    assert finding.place is not None
    assert finding.place.record_id == sentence.record_id
    assert not filled.verify(changed).ok


@quick
@given(st.data())
def test_any_run_of_words_stands_there(filled: Library, data: st.DataObject) -> None:
    record = data.draw(st.sampled_from([record for record in filled.records() if record.abstract]))
    words = tokens(record.abstract)
    first = data.draw(st.integers(0, len(words) - 6))
    last = data.draw(st.integers(first + 5, len(words) - 1))
    quoted = record.abstract[words[first].start : words[last].end]
    findings = filled.verify(f"“{quoted}”").findings
    if sum(token.is_word for token in tokens(quoted)) >= 3:
        assert [one.verdict for one in findings] == ["exact"]


@pytest.mark.parametrize(
    ("given_text", "kinds"),
    [
        ("LIT PARKS HELD forty percent", {"case"}),
        ("Lit\u00a0parks held  forty percent", {"white space"}),
        ("Honey shortened night cough by 1.5 days (p<0.05).", {"white space"}),
        ("Honey shortened night cough by 1·5 days (p < 0.05).", {"signs"}),
    ],
)
def test_typography_is_said_and_is_no_fault(check: Check, given_text: str, kinds: set[str]) -> None:
    finding = check(f"“{given_text}”")
    assert (finding.verdict, set(finding.typography), finding.stands) == ("typography", kinds, True)


def test_quotation_marks_and_dashes(library: Library, tmp_path: Path) -> None:
    text = "We call it “slow” – or ‘deep’ – sleep. It lasted 2–3 hours in each of the twelve."
    library.add(write_jsonl(tmp_path / "one.jsonl", [{"_id": "1", "title": "Sleep", "text": text}]))
    (finding,) = library.verify("We call it 'slow' - or \"deep\" — sleep.", everything=True).findings
    assert set(finding.typography) == {"quotation marks", "dashes"}
    (finding,) = library.verify("«It lasted 2-3 hours»").findings
    assert finding.typography == ("dashes",)


@pytest.mark.parametrize(
    ("text", "differences", "note"),
    [
        ("“Lit parks held fifty percent fewer beetles”", ["“fifty” for “forty”"], ""),
        ("“Lit parks held almost forty percent fewer beetles”", ["adds “almost”"], ""),
        ("“Lit parks held percent fewer beetles”", ["leaves out “forty”"], ""),
        ("“Honey shortened night cough by 2.5 days”", ["“2.5” for “1.5”"], "a number differs"),
        ("“Honey is not a simple first choice”", ["adds “not”"], "a negation differs"),
        ("“Honey is [not] a simple first choice”", ["adds “[not]”"], "a negation differs"),
        ("“Lit gardens held forty percent fewer moths”", ["“gardens” for “parks”", "“moths” for “beetles”"], ""),
    ],
)
def test_almost(check: Check, text: str, differences: list[str], note: str) -> None:
    finding = check(text)
    assert finding.verdict == "almost"
    assert [str(one) for one in finding.differences] == differences
    assert note in "; ".join(finding.notes)


@pytest.mark.parametrize(
    "text",
    [
        "Vitamin C cures the common cold in adults.",
        "Honey did not change anything about nightly coughing in the children.",
        "“forests beetles honey carbon”",
        "It was not so.",
        "这是一个不存在的句子 在 图书馆 里",
    ],
)
def test_not_there(check: Check, text: str) -> None:
    finding = check(text)
    assert (finding.verdict, finding.place, finding.differences) == ("absent", None, ())


@pytest.mark.parametrize(
    ("text", "verdict", "note"),
    [
        ("“Lit parks held […] fewer beetles”", "exact", "ellipsis"),
        ("“Lit parks held ... fewer beetles (...) dark parks.”", "exact", "ellipsis"),
        ("“… counted beetles in twelve parks …”", "exact", ""),
        ("“Artificial light changes the night. […] Switching lamps off”", "exact", "ellipsis"),
        ("“fewer beetles […] Lit parks held”", "almost", "not one after the other"),
        ("“[L]it parks held forty percent”", "exact", "“[L]” is the writer's"),
        ("“[l]it parks held forty percent”", "typography", "“[l]” is the writer's"),
        ("“[These gardens] held forty percent fewer beetles”", "exact", "“[These gardens]” is the writer's own"),
        ("“Lit parks held [only] forty percent fewer beetles [sic]”", "exact", "“[only]” is the writer's own"),
        ("“Artificial light [much left out here] may help.”", "absent", ""),  # more is left out than was put in
        ("“Lit parks held *forty percent* fewer beetles [3, 5–7]”", "exact", "the emphasis is the writer's"),
        ("“Lit parks held forty percent fewer beetles,” they write.", "exact", ""),
        ("“Skin tensile strength fell by a third. Corticosterone was higher”", "exact", "spans 2 sentences"),
        ("“Cough keeps families awake. We randomised 120 children”", "exact", "a heading between is left out"),
        ("“Cough keeps families awake. Methods: We randomised 120 children”", "exact", "spans 2 sentences"),
        (f"“Artificial light changes the night. {LIT}”", "almost", "not one after the other (doi:10.1000/beetle)"),
        (f"“Seagrass buries carbon in the sea floor. {LIT}”", "almost", "(pmid:900002, doi:10.1000/beetle)"),
        (f"“Seagrass is a very fine thing to have. {LIT}”", "absent", "of its 2 sentences, 1 in the library"),
    ],
)
def test_what_writers_do_to_quotations_is_named(check: Check, text: str, verdict: str, note: str) -> None:
    finding = check(text)
    assert finding.verdict == verdict
    assert note in "; ".join(finding.notes)


def test_what_stands_in_several_records_names_them(library: Library, tmp_path: Path) -> None:
    records = [
        {"_id": str(n), "title": f"Study {n}", "text": f"We did {n}. Further research is needed."} for n in range(9)
    ]
    library.add(write_jsonl(tmp_path / "nine.jsonl", records))
    finding = library.verify("Further research is needed.").findings[0]
    assert finding.place is not None
    assert {finding.place.record_id, *finding.also} == {record.id for record in library.records()}
    assert library.verify("Further research is needed.").findings[0] == finding


def test_brackets_of_the_library_are_its_own(library: Library, tmp_path: Path) -> None:
    text = "The odds were higher (OR 1.7 [95% CI 1.2-2.4]) in *both* groups… and so on [sic]."
    library.add(write_jsonl(tmp_path / "one.jsonl", [{"_id": "1", "title": "Odds", "text": text}]))
    (finding,) = library.verify(f"“{text}”").findings
    assert (finding.verdict, finding.notes) == ("exact", ())
    (finding,) = library.verify("“The odds were higher (OR 1.7 [95% CI 1.2-2.8])”").findings
    assert [str(one) for one in finding.differences] == ["“2.8” for “2.4”"]


def test_our_own_answers_stand(filled: Library) -> None:
    answer = filled.ask("Are there fewer beetles in lit parks?")
    verification = filled.verify(answer.text)
    assert verification.ok
    assert [one.verdict for one in verification.findings] == ["exact"] * len(answer.citations)
    assert verification.sources == len(answer.citations)
    # A line that names a source of ours and adds to it is no line of sources.
    forged = answer.text.replace("Moreau et al.", "Honey cures cancer, as said by Moreau et al.", 1)
    assert not filled.verify(forged).ok


def test_a_whole_draft(filled: Library) -> None:
    draft = (
        "# Light\n\nOur own words come first. Moreau et al. found that “lit parks held forty percent fewer beetles” "
        "and advise that “switching lamps off at midnight may help” [1].\n\n"
        "> It does so faster than forests\n> on land.\n\n"
        "Others say “all beetles love lamps without end”.\n"
    )
    verification = filled.verify(draft)
    assert [one.verdict for one in verification.findings] == ["typography", "almost", "typography", "absent"]
    assert [str(one) for one in verification.findings[1].differences] == ["“at” for “after”"]
    assert str(verification) == (
        "4 checked: 2 word for word, but for typography, 1 almost, 1 not there; "
        "1 outside quotation marks not checked (--all)"
    )
    assert verification.to_dict()["ok"] is False


def test_nothing_to_check_is_not_all_right(filled: Library) -> None:
    for text in ("", "Yes."):
        assert filled.verify(text) == Verification(left_out=bool(text))
        assert not filled.verify(text).ok


def test_an_empty_library_holds_nothing(library: Library) -> None:
    assert [one.verdict for one in library.verify(LIT).findings] == ["absent"]
    assert not library.exists


@quick
@given(st.text(alphabet=st.sampled_from(list('lit parks held […] “” " [1] * . … \n > beetles ’')), max_size=200))
def test_any_text_is_answered(filled: Library, text: str) -> None:
    for finding in filled.verify(text, everything=True).findings:
        assert isinstance(finding, Finding)
        if finding.place:
            record = filled.get(finding.place.record_id)
            assert finding.place.text == getattr(record, finding.place.field)[finding.place.start : finding.place.end]


def test_the_records_of_these_tests_are_those(filled: Library) -> None:
    assert len(filled) == len(RECORDS)
