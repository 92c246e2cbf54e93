"""What the page shows is what is stored, and nothing in it runs."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from qa.schema import (
    Answer,
    Appraisal,
    Evidence,
    Field,
    Filters,
    Finding,
    Hit,
    KeptAnswer,
    Progress,
    Record,
    Report,
    Sample,
    Section,
    Sentence,
    Skip,
    Why,
)  # fmt: skip
from qa.ui import answers, render, shelf_html, words
from qa.ui import record as record_panel
from qa.ui.adding import Step

NASTY = [
    "*TP53* and __BRCA1__",
    "<b>bold</b>",
    "&alpha; &amp; &#955;",
    "$x^2$ $$y$$ \\(z\\)",
    "</script><script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "[link](javascript:alert(1)) ![image](https://example.org/a.png)",
    "${1+1} {{value}} `code`",
    "    four spaces, a\ttab,\n\na blank line\r\nand \u2028 others",
    '"quotes" and \'single\' ones, "><i>',
    "שלום مرحبا 日本語 🧪 e\u0301 \u200b\u202e",
    "https://example.org www.example.org a@example.org",
]

# What HTML cannot hold: NUL, and what is half of a character.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200)


def hit(record: Record, field: Field, start: int, end: int, rank: int = 1) -> Hit:
    return Hit(rank, 1.0, Sentence(record.id, field, start, end, getattr(record, field)[start:end]), record)


def shown(markup: str, selector: str) -> list[str]:
    return [node.text(strip=False) for node in LexborHTMLParser(f"<body>{markup}</body>").css(selector)]


@pytest.mark.parametrize("value", NASTY)
def test_nothing_but_letters_digits_and_spaces_is_left_for_markup(value: str) -> None:
    rest = render.text(value).replace("&#", "").replace(";", "")
    assert all(c.isalnum() or c == " " or ord(c) > 127 for c in rest)
    assert html.unescape(render.text(value)) == value


@given(texts)
def test_text_reads_exactly_as_stored(value: str) -> None:
    assert shown(f'<p class="x">a{render.text(value)}b</p>', ".x") == [f"a{value}b"]


@pytest.mark.parametrize("value", ["\0", "\ud800", "a\udfffb"])
def test_what_html_cannot_hold_is_shown_as_the_replacement_character(value: str) -> None:
    assert "\ufffd" in html.unescape(render.text(value))
    render.text(value).encode("utf-8")


@given(st.data(), texts.filter(bool), texts)
def test_the_marked_text_is_the_sentence_and_the_abstract_is_whole(data: st.DataObject, body: str, title: str) -> None:
    start = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(start + 1, len(body)))
    cut = data.draw(st.integers(0, start))  # a heading before the sentence
    record = Record("x:1", title=title, abstract=body, sections=(Section("", cut, len(body)),))
    found = hit(record, "abstract", start, end)
    assert shown(answers.citation(found), ".qa-sentence") == [found.sentence.text]
    markup = record_panel.panel(record, found.sentence, found.appraisal)
    assert shown(markup, "mark") == [found.sentence.text]
    assert shown(markup, ".qa-abstract") == [body]
    assert shown(markup, ".qa-title") == [title or words.UNTITLED]


def test_each_message_is_one_line_and_one_block() -> None:
    record = Record("x:1", title="\n\n".join(NASTY), abstract="\n\n".join(NASTY), authors=("A\n\nB, C",))
    answer = Answer("q", (hit(record, "abstract", 3, 40), hit(record, "title", 0, 12, 2)))
    for markup in (answers.body(answer, {}), answers.question("a\n\n# b"), render.note("a\n\nb"), render.pending("a")):
        assert len(markup.splitlines()) == 1
        assert markup.startswith(("<div", "<h3"))


def test_no_element_comes_from_a_record() -> None:
    record = Record("x:1", title=NASTY[4], abstract=NASTY[5], authors=(NASTY[1],), journal=NASTY[6], doi='10.1/"><img>')
    tree = LexborHTMLParser(answers.body(Answer("q", (hit(record, "abstract", 0, len(record.abstract)),)), {}))
    assert not tree.css("img, script, b, i")
    (link,) = tree.css("a")
    assert link.attributes["href"] == record.link
    assert link.attributes["rel"] == "noopener noreferrer"
    assert set(link.attributes) == {"class", "href", "target", "rel"}
    panel = LexborHTMLParser(record_panel.panel(record, None, Appraisal()))
    assert not panel.css("img, script, b, i")
    assert [node.attributes["href"] for node in panel.css("a")] == [record.link]


@pytest.mark.parametrize(
    ("record", "address", "label"),
    [
        (Record("a", doi="10.1/x", pmid="1"), "https://doi.org/10.1/x", "doi:10.1/x"),
        (Record("a", pmid="26230506"), "https://pubmed.ncbi.nlm.nih.gov/26230506/", "PMID 26230506"),
        (Record("a", url="http://example.org/p?q=1"), "http://example.org/p?q=1", "example.org"),
    ],
)
def test_a_record_is_linked(record: Record, address: str, label: str) -> None:
    (link,) = LexborHTMLParser(render.link(record)).css("a")
    assert (link.attributes["href"], link.text()) == (address, label)


def test_a_verdict_and_what_has_changed_are_shown() -> None:
    record = Record("a", title="T", abstract="One. Two.")
    quoted = hit(record, "abstract", 0, 4)
    kept = KeptAnswer("id", datetime(2026, 1, 2, tzinfo=UTC), Answer("q", (quoted,)))
    shown_turn = answers.Turn(kept, ("altered",), {("a", "abstract", 0, 4): "wrong"})
    markup = answers.turn(shown_turn)
    assert "no longer stands in the record" in shown(markup, ".qa-note")[0]
    pressed = [node.attributes["aria-pressed"] for node in LexborHTMLParser(markup).css("[data-verdict]")]
    assert pressed == ["false", "true"]


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://["])
def test_other_addresses_are_no_links(url: str) -> None:
    assert "<a" not in render.link(Record("a", url=url))


def test_sections_have_their_headings_set_apart() -> None:
    body = "Aim: To see. Results It was seen."
    sections = (Section("Aim", 5, 12), Section("Results", 21, len(body)))
    record = Record("a", abstract=body, sections=sections)
    markup = render.abstract(record, (21, len(body)))
    assert shown(markup, ".qa-heading") == ["Aim: ", " Results "]
    assert shown(markup, ".qa-section") == ["To see.", "It was seen."]
    assert shown(markup, "mark") == ["It was seen."]
    assert shown(markup, ".qa-abstract") == [body]


def test_a_heading_that_the_text_does_not_hold_comes_from_the_label() -> None:
    body = "To see.\nIt was seen."
    record = Record("a", abstract=body, sections=(Section("AIM", 0, 7), Section("RESULTS", 8, len(body))))
    nodes = LexborHTMLParser(render.abstract(record, None)).css(".qa-section")
    assert [node.attributes["data-label"] for node in nodes] == ["AIM", "RESULTS"]
    assert shown(render.abstract(record, None), ".qa-abstract") == [body]


def test_citations_are_numbered_and_carry_their_source() -> None:
    record = Record("a", title="T", abstract="One. Two.", authors=("Doe, Jo",), journal="J", year=2001, doi="10.1/x")
    markup = answers.body(Answer("q", (hit(record, "abstract", 0, 4, 1), hit(record, "abstract", 5, 9, 2))), {})
    assert shown(markup, ".qa-number") == ["1", "2"]
    assert shown(markup, ".qa-byline") == ["Doe, J, 2001"] * 2


def test_what_became_of_a_record_is_said_in_words_with_every_quotation() -> None:
    record = Record("a", title="T", abstract="One. Two.", authors=("Doe, Jo",), year=2001)
    said = Finding("retracted", Evidence("publication_types", "Retracted Publication"))
    trial = Finding("randomised trial", Evidence("title", "T", 0, 1))
    found = Appraisal((trial,), Sample(1204, Evidence("title", "T", 0, 1)), status=(said,))
    quoted = replace(hit(record, "abstract", 0, 4), appraisal=found)
    for answer in (Answer("q", (quoted,)), Answer("q", reason="Not held.", closest=(quoted,))):
        markup = answers.body(answer, {})
        assert shown(markup, ".qa-flag") == ["RETRACTED"]
        assert shown(markup, ".qa-study") == ["randomised trial · n = 1,204"]
        assert shown(markup, ".qa-sentence, .qa-near") == ["One."]
    assert "qa-flag" not in answers.body(Answer("q", (hit(record, "abstract", 0, 4),)), {})


@pytest.mark.parametrize(("theme", "paper"), [(":root", "--qa-paper"), (".dark", "--qa-paper"), (":root", "--qa-tint")])
def test_badges_can_be_read_in_light_and_dark(theme: str, paper: str) -> None:
    """WCAG AA: 4.5 to 1."""
    style = (Path(render.__file__).parent / "style.css").read_text(encoding="utf-8")
    block = style[style.index(theme + " {") :].split("}")[0]
    colours = dict(re.findall(r"(--qa-[a-z]+): (#[0-9a-f]{6});", block))
    for ink in (
        "--qa-bad",
        "--qa-ink",
        "--qa-soft",
        "--qa-accent",
        "--qa-objective",
        "--qa-methods",
        "--qa-conclusions",
    ):
        assert contrast(colours[ink], colours[paper]) >= 4.5


def contrast(first: str, second: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def test_an_empty_answer_says_why() -> None:
    assert shown(answers.body(Answer("q", (), "No <b>answer</b>."), {}), ".qa-note") == ["No <b>answer</b>."]


def test_a_long_question_is_cut_and_says_so() -> None:
    (words,) = shown(answers.question("x" * 50_000), ".qa-question")
    assert len(words) < 1000
    assert "50,000 characters" in words


def test_the_ledger_names_files_without_their_folders() -> None:
    skips = tuple(Skip("/tmp/secret/b<i>.ris", line, "No title & no abstract.") for line in (0, 7))
    markup = shelf_html.steps([Step("b<i>.ris", "done", report=Report(added=1, skipped=skips))])
    assert "secret" not in markup
    why = "No title & no abstract."
    assert shown(markup, "td") == ["b<i>.ris", "–", why, "b<i>.ris", "7", why]
    assert shown(markup, ".qa-counts") == ["3 entries = 1 taken in + 2 skipped"]


def test_a_long_ledger_says_how_many_it_leaves_out() -> None:
    skips = tuple(Skip("a.ris", line, "x") for line in range(1, 501))
    markup = render.skips(skips)
    assert len(shown(markup, "tbody tr")) == render.SKIPS_SHOWN
    assert "300" in shown(markup, ".qa-more")[0]


def test_progress_is_in_words() -> None:
    assert render.stage(Progress("Embedding", 20, 1000)) == "Embedding … 20 of 1,000"
    assert render.stage(Progress("Reading", 0, 0)) == "Reading …"


def test_the_status_counts() -> None:
    assert shown(render.status(1, 2300), ".qa-holds") == ["The library holds 1 record · 2,300 sentences."]
    assert shown(render.status(0, 0, ["a<b"]), "p") == ["The library is empty.", "a<b"]


LEANING = Record("x", "Lamps & beetles", "Lamps burn. They kill <b>beetles</b>.")
BEFORE = Sentence("x", "abstract", 0, 11, "Lamps burn.")
QUOTED = Sentence("x", "abstract", 12, 37, "They kill <b>beetles</b>.", 1, "", "results")
EXPLAINED = Hit(2, 1.0, QUOTED, LEANING, BEFORE, Why(("lamps", "<i>kill</i>"), 0.512, 3, 2.14))


def test_role_context_and_reasons_stand_outside_the_quotation() -> None:
    tree = LexborHTMLParser(answers.citation(EXPLAINED))
    assert one(tree, ".qa-sentence") == QUOTED.text
    assert one(tree, ".qa-role") == "result"
    assert one(tree, ".qa-context") == "Before it: Lamps burn."
    reasons = one(tree, ".qa-why")
    for reason in ("lamps, <i>kill</i>", "0.51", "came 3rd", "takes it for an answer (+2.1"):
        assert reason in reasons


def test_the_records_that_say_the_same_are_named_as_text() -> None:
    others = tuple(Record(f"x{n}", title=f"<b>{n}</b>", abstract="Lamps burn.") for n in (1, 2))
    tree = LexborHTMLParser(answers.citation(replace(EXPLAINED, also=others)))
    assert one(tree, ".qa-also summary") == "2 other records say the same"
    assert [node.text().strip() for node in tree.css(".qa-also li")] == ["<b>1</b>", "<b>2</b>"]
    assert not LexborHTMLParser(answers.citation(EXPLAINED)).css(".qa-also")


def test_what_was_understood_is_shown_only_where_it_differs() -> None:
    assert answers.understood(Answer("Why?", asked="Why?")) == ""
    shown = answers.understood(Answer("and it?", asked="Why <x>?", filters=Filters(years=(2018, None))))
    assert LexborHTMLParser(shown).body is not None
    assert one(LexborHTMLParser(shown), ".qa-understood") == "Asked as: Why <x>? Edit · Only: since 2018"


def test_the_closest_sentences_are_folded_away_and_no_citations() -> None:
    tree = LexborHTMLParser(answers.body(Answer("q", reason="Not held.", closest=(EXPLAINED,)), {}))
    assert "Not held." in one(tree, ".qa-note")
    assert QUOTED.text in one(tree, "details.qa-closest")
    assert tree.css_first(".qa-citation") is None


@pytest.mark.parametrize(
    ("number", "said"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (22, "22nd")]
)
def test_ordinals(number: int, said: str) -> None:
    assert words.ordinal(number) == said


def one(tree: LexborHTMLParser, selector: str) -> str:
    node = tree.css_first(selector)
    assert node is not None
    return str(node.text())
