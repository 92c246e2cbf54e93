"""The parts of the page that stand apart from the answers, and files' names."""

from __future__ import annotations

import gc
import html
import json
import threading

import gradio as gr
import pytest
from selectolax.lexbor import LexborHTMLParser

from qa import Library
from qa.schema import Answer, Filters, Progress, ProgressCallback
from qa.ui import frame, words
from qa.ui.ask import Ask
from qa.ui.asking import steps
from qa.ui.calls import file_name
from qa.ui.libraries import Libraries

FULL = Filters(
    years=(2010, None), journals=("<b>A</b>", "B"), roles=("results",), designs=("cohort study",), min_sample_size=5,
    not_retracted=True, records=("x", "y"),
)  # fmt: skip


def test_each_limit_is_a_button_that_takes_it_off() -> None:
    nodes = LexborHTMLParser(frame.limits(FULL)).css(".qa-limit")
    shown = [node.text() for node in nodes]
    assert shown == [
        "since 2010×", "<b>A</b>×", "B×", "results×", "2 chosen records×", "cohort study×", "n ≥ 5×", "not retracted×"
    ]  # fmt: skip
    left = FULL
    for node in nodes:
        sent = json.loads(node.attributes["data-loosen"] or "")
        assert frame.without(left, sent["field"], sent["value"]) != left
        left = frame.without(left, sent["field"], sent["value"])
    assert left == Filters()
    assert frame.limits(Filters()) == ""


@pytest.mark.parametrize(
    ("title", "name"),
    [("Does it work?", "does-it-work"), ("../../etc/passwd", "etc-passwd"), ("???", "answer"), ("Ärzte", "ärzte")],
)
def test_a_file_is_named_by_letters_and_hyphens(title: str, name: str) -> None:
    assert file_name(title) == name


def test_the_stages_come_in_order_and_the_answer_last() -> None:
    def ask(tell: ProgressCallback) -> Answer:
        tell(Progress("one", 0, 0))
        tell(Progress("two", 5, 0))
        return Answer("q", reason="none")

    told = [step for step in steps(ask) if step is not None]
    assert told == [Progress("one", 0, 0), Progress("two", 5, 0), Answer("q", reason="none")]


def test_what_the_search_raises_is_raised_where_it_is_waited_for() -> None:
    def ask(tell: ProgressCallback) -> Answer:
        raise KeyError("x")

    with pytest.raises(KeyError):
        list(steps(ask))


def test_who_stops_waiting_ends_the_search_at_the_next_stage() -> None:
    go, ended = threading.Event(), threading.Event()

    def ask(tell: ProgressCallback) -> Answer:
        tell(Progress("one", 0, 0))
        go.wait(10)
        try:
            tell(Progress("two", 0, 0))
        finally:
            ended.set()
        raise AssertionError("not reached")

    waiting = steps(ask)
    assert next(waiting) == Progress("one", 0, 0)
    assert next(waiting) is None  # a moment in which nothing was told
    waiting.close()  # type: ignore[attr-defined]  # it is a generator
    go.set()
    assert ended.wait(10)


@pytest.mark.filterwarnings("ignore")  # Gradio leaves a loop open, in Python too
def test_a_question_can_be_stopped_and_is_in_the_box_again(filled: Library) -> None:
    """Without a browser: an answer from a small library is there before anybody can press a button."""
    with gr.Blocks():
        asking = Ask(Libraries(filled))
    request = gr.Request(session_hash="a session")
    values = [component.value for component in asking.narrow.inputs]
    shown = asking.ask(request, "Does honey help against cough?", {}, "", *values)
    assert "qa-pending" in next(shown)[asking.now]  # it shows the button that stops
    asking.stop(request)
    last = list(shown)[-1]
    assert words.STOPPED in html.unescape(last[asking.now])
    assert last[asking.question] == "Does honey help against cough?"
    assert "qa-pending" not in last[asking.now]
    assert filled.conversations().entries() == []
    del asking, shown, last, values
    gc.collect()
