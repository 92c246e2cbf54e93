"""The tab where questions are asked: the conversation, its limits, and the list of conversations kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa.errors import QAError
from qa.library import Library
from qa.schema import Answer, Conversation, Filters, Progress, ProgressCallback, Turn
from qa.ui import answers, browser, frame, render, words
from qa.ui.ask_parts import Shown
from qa.ui.asking import steps
from qa.ui.browser import Seat
from qa.ui.rules import owner
from qa.ui.shelf import View
from qa.ui.talks import Talks
from qa.ui.wiring import DO, SHOW

if TYPE_CHECKING:
    from qa.library import Conversations

#: What is said until a stage has lasted for a moment.
_FIRST = Progress("Searching the library", 0, 0)


class Ask(Talks):
    """The components of the tab and the functions behind them. What it knows is the library's or the browser's."""

    def wire(self, page: gr.Blocks, library: gr.State) -> None:
        """Say which component calls what; ``library`` holds the name of the one that the session has chosen.

        Each output costs Gradio time whenever a handler says anything, also where it leaves that output as it is, so a
        question names none that it does not need.
        """
        limits = [self.narrow.limits, *self.narrow.inputs]
        shown = [self.turns, self.now, self.seat, self.talks]
        everything = [*shown, self.invitation, *limits]
        given = [self.seat, self.now, *self.narrow.inputs]
        told = [*shown, self.question, self.adopted]
        gr.on([self.question.submit, self.ask_button.click], self.ask, [self.question, *given], told, **DO)
        for chip in self.chips:
            chip.click(self.ask, [chip, *given], told, **DO)
        self.stop_button.click(self.stop, None, None, **DO)
        self.adopted.change(self.adopt, [self.adopted], limits, **SHOW)

        for shown_anew in (
            page.load(self.load, None, everything, **DO),
            library.change(self.enter, [library], everything, **SHOW),
            self.new_button.click(self.start, [self.seat], everything, **DO),
        ):
            shown_anew.then(self.offer, [self.seat], self.chips, **SHOW)
        self.frame.reopen(self.reopen, [self.seat], everything, **DO)
        self.frame.retitle(self.retitle, [self.seat], [self.turns, self.talks], **DO)
        self.frame.discard(self.discard, [self.seat], everything, **DO)
        self.wanted.change(self.search, [self.wanted, self.seat], [self.talks], **SHOW)

        changed = [one.input for one in self.narrow.chosen]
        gr.on(changed, self.narrowed, self.narrow.inputs, [self.narrow.limits], **SHOW)
        self.frame.loosen(self.loosen, self.narrow.inputs, limits, **DO)
        self.narrow.accordion.expand(self.count, [self.seat, *self.narrow.inputs], self.narrow.inputs, **SHOW)

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
