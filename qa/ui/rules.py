"""What the people whom a page is served to may do: change the library or only read it, and how much a minute."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from qa.errors import Forbidden
from qa.ui import words

if TYPE_CHECKING:
    import gradio as gr
    from starlette.types import ASGIApp, Receive, Scope, Send

#: How many people a rate remembers before it forgets those who have been away.
REMEMBERED = 4096

#: Records that somebody may open for each question.
LOOKS = 4

#: Uploads from one address for each that a person has: an office is often behind one.
BEHIND_ONE_ADDRESS = 10


class Rate:
    """So many a minute for each person: all at once, or spread over it (a token bucket for each)."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}  # what a person had left, and when that was
        self._lock = threading.Lock()

    def take(self, person: str, count: int = 1) -> float:
        """0.0 where ``count`` more are within the rate, which are then taken; else the seconds until they would be."""
        now, each = self._clock(), self.per_minute / 60
        with self._lock:
            left, then = self._left.get(person, (float(self.per_minute), now))
            left = min(self.per_minute, left + (now - then) * each)
            wanted = min(count, self.per_minute)  # what is more than a minute's is not refused for ever
            taken = left >= wanted
            self._left[person] = (left - wanted if taken else left, now)
            if len(self._left) > REMEMBERED:
                self._forget(now, each)
        return 0.0 if taken else (wanted - left) / each

    def _forget(self, now: float, each: float) -> None:
        """Those who have their whole minute again are as if they had never been here."""
        whole = self.per_minute
        self._left = {who: had for who, had in self._left.items() if had[0] + (now - had[1]) * each < whole}


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a page; none of them on for a single person on their own machine.

    ``read_only`` keeps records and libraries as they are (conversations are a person's own, and go on).
    ``questions``, ``uploads`` and ``looks`` (records opened, which searches for what is like them) are rates; None is
    no limit.
    """

    read_only: bool = False
    questions: Rate | None = None
    uploads: Rate | None = None
    looks: Rate | None = None

    @classmethod
    def limited(cls, questions: int, uploads: int, *, read_only: bool = False) -> Self:
        """Rules with so many questions and uploads a minute for each person (0: as many as they like)."""
        return cls(
            read_only,
            Rate(questions) if questions else None,
            Rate(uploads) if uploads else None,
            Rate(questions * LOOKS) if questions else None,
        )

    def change(self) -> None:
        """Forbidden where the page is for reading only."""
        if self.read_only:
            raise Forbidden(words.READ_ONLY_REFUSED)

    def upload(self, request: gr.Request) -> None:
        """Forbidden where nothing may be added, or not yet again."""
        self.change()
        _take(self.uploads, request, 1, words.TOO_MANY_UPLOADS)

    def ask(self, request: gr.Request, count: int = 1) -> None:
        """Forbidden where somebody has asked too much in the last minute."""
        _take(self.questions, request, count, words.TOO_MANY_QUESTIONS)

    def look(self, request: gr.Request) -> None:
        """Forbidden where somebody has opened too many records in the last minute: several for each question."""
        _take(self.looks, request, 1, words.TOO_MANY_LOOKS)


def _take(rate: Rate | None, request: gr.Request, count: int, said: str) -> None:
    if rate and (wait := rate.take(person(request), count)):
        raise Forbidden(said.format(limit=rate.per_minute, seconds=max(1, round(wait + 0.5))))


def owner(request: gr.Request) -> str:
    """Whose conversations these are: the name somebody is logged in by, or '' where nobody has to."""
    return getattr(request, "username", None) or ""


def person(request: gr.Request) -> str:
    """Who asks, for counting: the name, or the address where there are no names. (A name has no point or colon.)"""
    client = getattr(request, "client", None)
    return owner(request) or (f"address {client.host}" if client else "")


class Door:
    """Stands before the page, and sends back files that it does not take, before they are on the disk."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self._app = app
        self._rules = rules
        rate = rules.uploads
        self._rate = Rate(rate.per_minute * BEHIND_ONE_ADDRESS) if rate else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = self._refused(scope)
        if refused is None:
            await self._app(scope, receive, send)
            return
        from starlette.responses import PlainTextResponse

        status, said = refused
        await PlainTextResponse(said, status)(scope, receive, send)

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        path = scope.get("path", "").rstrip("/")
        if scope["type"] != "http" or scope["method"] != "POST" or not path.endswith("/upload"):
            return None
        if self._rules.read_only:
            return 403, words.READ_ONLY_REFUSED
        address = (scope.get("client") or ("",))[0]
        if self._rate and (wait := self._rate.take(address)):
            seconds = max(1, round(wait + 0.5))
            return 429, words.TOO_MANY_UPLOADS.format(limit=self._rate.per_minute, seconds=seconds)
        return None
