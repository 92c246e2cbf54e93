"""The tab where questions are asked: the conversation, its limits, and the list of conversations kept."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa.errors import NotFound, QAError
from qa.library import Library
from qa.schema import Answer, Conversation, Filters, KeptAnswer, Progress, ProgressCallback, Turn
from qa.ui import answers, browser, examples, frame, render, words
from qa.ui.asking import steps
from qa.ui.browser import Seat
from qa.ui.calls import calls
from qa.ui.examples import Filling
from qa.ui.firsts import Firsts
from qa.ui.libraries import Libraries
from qa.ui.narrow import Narrow
from qa.ui.rules import owner
from qa.ui.shelf import View

if TYPE_CHECKING:
    from qa.library import Conversations

SCRIPT = Path(__file__).with_name("page.js")

#: What a handler gives: the components that change, and what they show then.
Shown = dict[Any, Any]

#: What is said until a stage has lasted for a moment.
_FIRST = Progress("Searching the library", 0, 0)


class Ask:
    """The components of the tab and the functions behind them. What it knows is the library's or the browser's."""

    def __init__(self, libraries: Libraries, filling: Filling | None = None, firsts: Firsts | None = None) -> None:
        """``filling`` is what reads the examples meanwhile, if anything does; ``firsts`` are shared with the server."""
        self._libraries = libraries
        self._filling = filling
        self._firsts = firsts or Firsts()
        self._running: dict[str | None, threading.Event] = {}  # what ends the search, by the browser's session
        with gr.Column(elem_id="conversation"):
            # Apart from the turns: it is drawn when the library changes, and an answer may have come meanwhile.
            self.invitation = gr.HTML(
                answers.invitation(), elem_id="invitation", apply_default_css=False, js_on_load=None
            )
            self.turns = gr.HTML(answers.empty(), elem_id="turns", apply_default_css=False, js_on_load=None)
            self.now = gr.HTML("", elem_id="now", apply_default_css=False, js_on_load=None)
        with gr.Row(elem_id="chips"):  # its place is kept while the questions are looked for
            self.chips = [gr.Button("", size="sm", elem_classes="chip", visible=False) for _ in examples.QUESTIONS]
        self.narrow = Narrow()
        with gr.Row(elem_id="ask-row", equal_height=True):
            self.question = gr.Textbox(
                label=words.QUESTION,
                placeholder=words.QUESTION_HINT,
                lines=1,
                max_lines=5,
                autofocus=True,
                scale=5,
                min_width=180,
                elem_id="question",
                html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="send"),
            )
            self.ask_button = gr.Button(words.ASK, variant="primary", scale=0, min_width=88, elem_id="ask")
            self.stop_button = gr.Button(words.STOP, scale=0, min_width=88, elem_id="stop")  # shown while one is needed
        self.seat = gr.JSON({}, visible=False)
        self.adopted = gr.State(None)  # the limits that the last question spoke of, for the components to show
        self.frame = gr.HTML(
            frame.frame(),
            elem_id="frame",
            apply_default_css=False,
            js_on_load=f"const words = {json.dumps(words.SCRIPT)};\n{SCRIPT.read_text(encoding='utf-8')}",
            server_functions=calls(libraries),
        )

    def list_talks(self) -> None:
        """Lay out the list of conversations, where the page wants it."""
        with gr.Row(elem_id="talks-head"):
            gr.HTML(f'<h2 class="qa-h2">{words.CONVERSATIONS}</h2>')
            self.new_button = gr.Button(words.NEW, size="sm", scale=0, min_width=90, elem_id="new")
        self.wanted = gr.Textbox(
            label=words.SEARCH_TALKS, placeholder=words.SEARCH_TALKS, show_label=False, elem_id="search-talks"
        )
        self.talks = gr.HTML("", elem_id="talks", apply_default_css=False, js_on_load=None)

    def wire(self, page: gr.Blocks, library: gr.State, quiet: dict[str, Any]) -> None:
        """Say which component calls what; ``library`` holds the name of the one that the session has chosen.

        Each output costs Gradio time whenever a handler says anything, also where it leaves that output as it is, so a
        question names none that it does not need.
        """
        limits = [self.narrow.limits, *self.narrow.inputs]
        shown = [self.turns, self.now, self.seat, self.talks]
        everything = [*shown, self.invitation, *limits]
        given = [self.seat, self.now, *self.narrow.inputs]
        told = [*shown, self.question, self.adopted]
        gr.on([self.question.submit, self.ask_button.click], self.ask, [self.question, *given], told, **quiet)
        for chip in self.chips:
            chip.click(self.ask, [chip, *given], told, **quiet)
        self.stop_button.click(self.stop, None, None, **quiet)
        self.adopted.change(self.adopt, [self.adopted], limits, **quiet)

        for shown_anew in (
            page.load(self.load, None, everything, **quiet),
            library.change(self.enter, [library], everything, **quiet),
            self.new_button.click(self.start, [self.seat], everything, **quiet),
        ):
            shown_anew.then(self.offer, [self.seat], self.chips, **quiet)
        self.frame.reopen(self.reopen, [self.seat], everything, **quiet)
        self.frame.retitle(self.retitle, [self.seat], [self.turns, self.talks], **quiet)
        self.frame.discard(self.discard, [self.seat], everything, **quiet)
        self.wanted.change(self.search, [self.wanted, self.seat], [self.talks], **quiet)

        changed = [one.input for one in self.narrow.chosen]
        gr.on(changed, self.narrowed, self.narrow.inputs, [self.narrow.limits], trigger_mode="always_last", **quiet)
        self.frame.loosen(self.loosen, self.narrow.inputs, limits, **quiet)
        self.narrow.accordion.expand(self.count, [self.seat, *self.narrow.inputs], self.narrow.inputs, **quiet)

    # -- asking --------------------------------------------------------------------------------------------------------

    def ask(self, request: gr.Request, question: str, seat: Seat, now: str, *values: Any) -> Iterator[Shown]:
        """What is being done, stage by stage; then the conversation with the answer, or why there is none."""
        seat, question, now = browser.seat(seat), browser.text(question), browser.text(now)
        try:
            self._libraries.rules.ask(request)
            library = self._of(seat)
            kept = library.conversations(owner(request))
            conversation = self._conversation(kept, seat)
        except QAError as error:  # nothing is asked, and the question stays in the box
            yield {self.now: (now if seat.get("turns") else "") + render.note(str(error)), self.question: question}
            return
        unkept = browser.turns(seat)
        turns = [*(conversation.turns if conversation else ()), *unkept]
        filters = self.narrow.filters(values)
        head = (now if unkept else "") + (answers.question(question) if question.strip() else "")
        answer, shown = None, _pending(_FIRST)
        latest = shown
        self._running[request.session_hash] = stop = threading.Event()
        yield {
            self.now: head + shown,
            self.question: "",
        }
        try:
            for step in steps(partial(self._answer, library, question, filters, turns)):
                answer = step if isinstance(step, Answer) else None
                if answer is None and stop.is_set():
                    said = (now if unkept else "") + render.note(words.STOPPED)
                    yield {self.now: said, self.question: question}
                    return
                if isinstance(step, Progress):
                    latest = _pending(step)
                elif step is None and latest != shown:  # it lasts; what is gone sooner nobody reads
                    shown = latest
                    yield {self.now: head + shown}
        except QAError as error:
            yield {self.now: head + render.note(str(error))}
            return
        except Exception:
            yield {self.now: head + render.note(words.BUG)}
            raise
        finally:
            self._running.pop(request.session_hash, None)
        if answer is not None:
            yield self._keep(kept, conversation, answer, filters, seat, head)

    def _answer(
        self, library: Library, question: str, filters: Filters, turns: Sequence[Turn], tell: ProgressCallback
    ) -> Answer:
        with self._libraries.spare(library, tell) as handle:
            return handle.ask(question, filters=filters, turns=turns, progress=tell)

    def _keep(
        self,
        kept: Conversations,
        conversation: Conversation | None,
        answer: Answer,
        filters: Filters,
        seat: Seat,
        head: str,
    ) -> Shown:
        """Keep an answer in its conversation, and show it; limits that were typed are on from now."""
        adopted = replace(answer.filters, records=filters.records)
        if answer.turn:  # they are switched on, so that switching them off is noticed by the next question
            answer = replace(answer, turn=replace(answer.turn, switched=adopted))
        limits = {self.adopted: (adopted.to_dict(), time.monotonic())} if adopted != filters else {}
        try:
            known = conversation.id if conversation else kept.start()
            kept.append(known, answer)
            return {**limits, **self._show(kept, seat, known), self.now: ""}
        except QAError as error:
            turn = [answer.turn.to_dict()] if answer.turn else []
            said = answers.body(answer, {}) + render.note(words.UNKEPT.format(why=error))
            return {
                **limits,
                self.now: head + answers.understood(answer) + said,
                self.seat: {**seat, "turns": [*seat.get("turns", []), *turn]},
            }

    def adopt(self, adopted: tuple[dict[str, Any], float] | None) -> Shown:
        """Switch on the limits that a question spoke of, if one did."""
        return self.narrow.updates(browser.filters(adopted[0])) if adopted else {}

    def stop(self, request: gr.Request) -> None:
        """End the search that this browser waits for."""
        if running := self._running.get(request.session_hash):
            running.set()

    # -- conversations -------------------------------------------------------------------------------------------------

    def load(self, request: gr.Request) -> Shown:
        """What the page's address names: an answer (``?a=``), a conversation (``?c=``), or nothing yet."""
        asked: Mapping[str, str] = request.query_params
        answer, conversation = asked.get("a", ""), asked.get("c", "")
        if not answer and not conversation:
            return self.start(request, {})
        try:
            for name in self._libraries.names():
                kept = self._libraries.get(name).conversations(owner(request))
                with suppress(NotFound):
                    known = kept.conversation_of(answer) if answer else conversation
                    return self._open(kept, {"library": name}, known, answer)
        except QAError as error:
            return {self.now: render.problem(str(error))}
        return {**self.start(request, {}), self.now: render.note(words.GONE)}

    def reopen(self, event: gr.EventData, seat: Seat, request: gr.Request) -> Shown:
        """A conversation of the list."""
        seat, told = browser.seat(seat), browser.told(event)
        try:
            kept = self._of(seat).conversations(owner(request))
            return self._open(kept, seat, str(told.get("id")))
        except QAError as error:
            return {self.now: render.problem(str(error)), self.talks: self._talks(request, seat)}

    def enter(self, library: str, request: gr.Request) -> Shown:
        """Another library: an empty conversation with it."""
        return self.start(request, {"library": library})

    def start(self, request: gr.Request, seat: Seat) -> Shown:
        """An empty conversation without limits; it is kept once something is asked."""
        seat = {"library": browser.seat(seat).get("library", "")}
        return {
            self.invitation: self.invite(seat),
            self.turns: answers.empty(seat["library"]),
            self.now: "",
            self.seat: seat,
            self.talks: self._talks(request, seat),
            **self.narrow.updates(Filters()),
        }

    def retitle(self, event: gr.EventData, seat: Seat, request: gr.Request) -> Shown:
        """Give a conversation another title."""
        seat, told = browser.seat(seat), browser.told(event)
        here = seat.get("conversation", "")
        try:
            kept = self._of(seat).conversations(owner(request))
            kept.rename(str(told.get("id")), str(told.get("title", "")))
            shown = {self.turns: self._show(kept, seat, here)[self.turns]} if told.get("id") == here else {}
            return {**shown, self.talks: self._list(kept, here)}
        except QAError as error:
            return {self.talks: render.problem(str(error))}

    def discard(self, event: gr.EventData, seat: Seat, request: gr.Request) -> Shown:
        """Delete a conversation; where it is the one that is shown, begin another."""
        seat, told = browser.seat(seat), browser.told(event)
        here = seat.get("conversation", "")
        try:
            kept = self._of(seat).conversations(owner(request))
            with suppress(NotFound):  # somebody was faster
                kept.delete(str(told.get("id")))
        except QAError as error:
            return {self.talks: render.problem(str(error))}
        return self.start(request, seat) if told.get("id") == here else {self.talks: self._list(kept, here)}

    def search(self, wanted: str, seat: Seat, request: gr.Request) -> str:
        """The conversations in which these words are found."""
        return self._talks(request, browser.seat(seat), browser.text(wanted))

    def invite(self, seat: Seat) -> str:
        """What is shown before the first question; the page hides it beside one."""
        try:
            library = self._of(browser.seat(seat))
            holds = bool(len(library)) or (self._filling is not None and self._filling.running)
        except QAError:  # what is wrong is said beside, where the library's state is
            holds = True
        return answers.invitation(holds=holds, may_add=not self._libraries.rules.read_only)

    def offer(self, seat: Seat) -> list[dict[str, Any]]:
        """Questions to begin with, which the library answers.

        Looking for them takes seconds, once. Somebody may have asked by then, so nothing but they are shown; the page
        hides them beside a conversation.
        """
        try:
            asked = self._firsts.of(self._of(browser.seat(seat)))
        except QAError:  # what is wrong is said beside, where the library's state is
            asked = ()
        shown = [gr.update(value=question, visible=True) for question in asked]
        return [*shown, *[gr.update(visible=False)] * (len(self.chips) - len(shown))]

    def cited(self, seat: Seat, request: gr.Request) -> tuple[str, ...]:
        """The ids of the records that the conversation's last answer cites, each once."""
        seat = browser.seat(seat)
        try:
            conversation = self._conversation(self._of(seat).conversations(owner(request)), seat)
        except QAError:
            return ()
        last = conversation.answers[-1:] if conversation else ()
        return tuple(dict.fromkeys(hit.record.id for one in last for hit in one.answer.citations))

    def _of(self, seat: Seat) -> Library:
        return self._libraries.get(str(seat.get("library") or self._libraries.first))

    def _conversation(self, kept: Conversations, seat: Seat) -> Conversation | None:
        """The conversation that the browser is in; None where it has none, or it was deleted meanwhile."""
        try:
            return kept.load(seat["conversation"]) if seat.get("conversation") else None
        except NotFound:
            return None

    def _open(self, kept: Conversations, seat: Seat, known: str, show: str = "") -> Shown:
        turns = kept.load(known).turns
        return {
            self.now: "",
            **self._show(kept, seat, known, show),
            **self.narrow.updates(turns[-1].switched if turns else Filters()),
        }

    def _show(self, kept: Conversations, seat: Seat, known: str, show: str = "") -> Shown:
        conversation = kept.load(known)
        library = self._of(seat)
        shown = [self._turn(library, kept, one) for one in conversation.answers]
        return {
            self.turns: answers.turns(conversation, shown, show, seat.get("library", "")),
            self.seat: {"library": seat.get("library", ""), "conversation": known},
            self.talks: self._list(kept, known),
        }

    @staticmethod
    def _turn(library: Library, kept: Conversations, one: KeptAnswer) -> answers.Turn:
        return answers.Turn(one, library.standing(one.answer), answers.verdicts(kept.judgements(one.id)))

    def _talks(self, request: gr.Request, seat: Seat, wanted: str = "") -> str:
        """The list of conversations, or why there is none."""
        try:
            kept = self._of(seat).conversations(owner(request))
        except QAError as error:
            return render.problem(str(error))
        return self._list(kept, seat.get("conversation", ""), wanted)

    @staticmethod
    def _list(kept: Conversations, current: str, wanted: str = "") -> str:
        try:
            return frame.talks(kept.search(wanted), current, bool(wanted.strip()))
        except QAError as error:
            return render.problem(str(error))

    # -- limits --------------------------------------------------------------------------------------------------------

    def narrowed(self, *values: Any) -> str:
        """The limits that are on, as the components say."""
        return frame.limits(self.narrow.filters(values))

    def loosen(self, event: gr.EventData, *values: Any) -> Shown:
        """Take one limit off."""
        told = browser.told(event)
        return self.narrow.updates(
            frame.without(self.narrow.filters(values), str(told.get("field")), told.get("value"))
        )

    def limit_to(self, view: View, *values: Any) -> Shown:
        """Ask only the records that are chosen in the library's table, within the limits that are on already."""
        return self.narrow.updates(replace(self.narrow.filters(values), records=tuple(sorted(view.chosen))))

    def count(self, seat: Seat, *values: Any) -> Shown:
        """The choices with how many each leaves."""
        try:
            return self.narrow.counted(self._of(browser.seat(seat)).facets(), values)
        except QAError as error:
            raise gr.Error(str(error), print_exception=False) from error


def _pending(step: Progress) -> str:
    return render.pending(words.STAGES.get(step.stage, step.stage).format(n=step.done))
