"""The conversations kept: opened, begun, listed, given another title, deleted; and what is shown before the first."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa.errors import NotFound, QAError
from qa.library import Library
from qa.schema import Filters, KeptAnswer
from qa.ui import answers, browser, frame, render, words
from qa.ui.ask_parts import AskParts, Shown
from qa.ui.browser import Seat
from qa.ui.rules import owner

if TYPE_CHECKING:
    from qa.library import Conversations


class Talks(AskParts):
    """What the page shows of the conversations in a library."""

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

    def cited(self, seat: Seat, request: gr.Request) -> tuple[str, ...]:
        """The ids of the records that the conversation's last answer cites, each once."""
        seat = browser.seat(seat)
        try:
            conversation = self._conversation(self._of(seat).conversations(owner(request)), seat)
        except QAError:
            return ()
        last = conversation.answers[-1:] if conversation else ()
        return tuple(dict.fromkeys(hit.record.id for one in last for hit in one.answer.citations))

    # -- before the first question -------------------------------------------------------------------------------------

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

    # -- inside --------------------------------------------------------------------------------------------------------

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
