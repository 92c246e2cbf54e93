"""The door to an E-utilities server: requests are paced, answers bounded in time and size, passing trouble outlasted.

Biopython's Entrez is not used: it keeps e-mail, key and server in module globals, knows no time limit, ignores
Retry-After, and its reader fetches document types from the network. What is needed is this page over httpx, which the
chat brings along anyway.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self

import httpx

from qa import __version__
from qa.errors import FetchError

if TYPE_CHECKING:
    from lxml.etree import _Element

SERVER = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
TOOL = "literature-qa"

#: Requests a second that NCBI allows, without a key and with one; a little less is what it reliably takes.
RATE, RATE_WITH_KEY = 2.8, 9.5

#: The answers that we know; anything else is a page of a proxy or of a server in trouble.
_ROOTS = ("eSearchResult", "PubmedArticleSet", "eFetchResult", "ePostResult")

#: What the server says of itself when it is in trouble, as against what it says of the question.
_PASSING = re.compile(
    r"backend|temporar|timed? ?out|try again|unavailable|overload|rate limit|internal|connection", re.I
)


class Refused(FetchError):
    """The server understood and says no. ``about_the_question`` is false where it is about who asks, or how often."""

    def __init__(self, server: str, words: str, *, about_the_question: bool) -> None:
        self.about_the_question = about_the_question
        super().__init__(f"{server} refuses: {words}. Check what was asked, and --api-key and --server.")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how often the server is waited for; times in seconds, sizes in bytes."""

    tries: int = 5
    silence: float = 60  # between two pieces of an answer
    answer: float = 300  # for a whole answer
    first_wait: float = 1  # after a failure; it doubles with each
    longest_wait: float = 120  # a server that asks for more is left alone
    size: int = 256 * 1024 * 1024


class Client:
    """Asks one server, as one person. Use as a context manager, from one thread."""

    def __init__(
        self,
        server: str = SERVER,
        *,
        email: str = "",
        key: str = "",
        limits: Limits | None = None,
        say: Callable[[str], None] | None = None,
        clock: Callable[[], float] | None = None,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        """``say`` is told when something is tried again; ``clock`` and ``sleep`` are for tests. FetchError for a
        ``server`` that is no address."""
        self.server = _address(server)
        self._who = {"tool": TOOL, **({"email": email} if email else {}), **({"api_key": key} if key else {})}
        self._limits = limits or Limits()
        self._say = say or (lambda _: None)
        self._clock, self._sleep = clock or time.monotonic, sleep or time.sleep
        self._interval = 1 / (RATE_WITH_KEY if key else RATE)
        self._next = -float("inf")
        self._http = httpx.Client(
            base_url=self.server,
            timeout=httpx.Timeout(self._limits.silence, connect=min(self._limits.silence, 15)),
            headers={"User-Agent": f"{TOOL}/{__version__}"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def ask(self, service: str, **asked: str) -> _Element:
        """The root of the XML that a service (``esearch``, ``efetch`` …) of PubMed answers with.

        Parameters go in the body of a POST, so that a long question fits and a key stays out of logs. Raises Refused
        where the server says no, and FetchError where it stays in trouble or asks to be left alone.
        """
        for attempt in range(self._limits.tries):
            self._pace()
            try:
                return self._once(service, {"db": "pubmed", **asked, **self._who})
            except _Trouble as trouble:
                wait = max(trouble.wait, self._limits.first_wait * 2**attempt)
                if trouble.wait > self._limits.longest_wait:
                    raise FetchError(
                        f"{self.server} asks to be left alone for {trouble.wait:.0f} s. Run the same command again "
                        "after that; what was fetched is kept."
                    ) from trouble
                if attempt + 1 == self._limits.tries:
                    raise FetchError(
                        f"{self.server} {trouble} ({self._limits.tries} times in a row). Run the same command again "
                        "later; what was fetched is kept."
                    ) from trouble
                self._say(f"{self.server} {trouble}; trying again in {wait:.0f} s")
                self._sleep(wait)
        raise AssertionError("unreachable")

    def _pace(self) -> None:
        """Wait until the next request may go out."""
        wait = self._next - self._clock()
        if wait > 0:
            self._sleep(wait)
        self._next = max(self._next, self._clock()) + self._interval

    def _once(self, service: str, data: Mapping[str, str]) -> _Element:
        try:
            with self._http.stream("POST", f"{service}.fcgi", data=dict(data)) as response:
                return self._root(response, self._body(response))
        except httpx.TimeoutException as error:
            raise _Trouble("does not answer in time") from error
        except httpx.ConnectError as error:
            raise _Trouble(f"cannot be reached ({error})") from error
        except httpx.RequestError as error:  # cut off in the middle, a broken encoding, a lost connection
            raise _Trouble("broke off its answer") from error

    def _body(self, response: httpx.Response) -> bytes:
        parts: list[bytes] = []
        size, deadline = 0, self._clock() + self._limits.answer
        for part in response.iter_bytes():
            size += len(part)
            if size > self._limits.size:
                raise FetchError(f"{self.server} sends more than {self._limits.size >> 20} MB at once. Check --server.")
            if self._clock() > deadline:
                raise _Trouble("answers too slowly")
            parts.append(part)
        return b"".join(parts)

    def _root(self, response: httpx.Response, body: bytes) -> _Element:
        status = response.status_code
        if status == 429 or status >= 500:
            words = "asks for fewer requests" if status == 429 else f"is in trouble (HTTP {status})"
            raise _Trouble(words, _retry_after(response.headers.get("Retry-After", "")))
        if 300 <= status < 400:
            raise FetchError(f"{self.server} points elsewhere (HTTP {status}). Check --server.")
        root = _parse(body)
        words = _error_in(root, body)
        if words and _PASSING.search(words):
            raise _Trouble(f"is in trouble ({words})")
        if words or status >= 400:
            about = status in (200, 400) and not re.search(r"\bAPI.?key\b", words, re.I)
            raise Refused(self.server, words.rstrip(".") or f"HTTP {status}", about_the_question=about)
        if root is None:
            page = re.match(rb"\s*<(?:!doctype html|html)", body[:200], re.I)
            raise _Trouble("answers with a web page" if page else "answers with XML that is cut off or damaged")
        if root.tag not in _ROOTS:
            raise _Trouble(f"answers with <{str(root.tag)[:40]}>, not with what was asked")
        return root


class _Trouble(Exception):
    """What may be better in a while; ``wait`` is how many seconds the server asks for (0: it does not say)."""

    def __init__(self, words: str, wait: float = 0.0) -> None:
        super().__init__(words)
        self.wait = wait


def _address(server: str) -> str:
    try:
        url = httpx.URL(server)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host:
        raise FetchError(f"{server!r} is no address of a server. Give one such as {SERVER}")
    return server.rstrip("/") + "/"


def _parse(body: bytes) -> _Element | None:
    from lxml import etree

    # Nothing outside the answer is looked at, and nothing inside it is expanded.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        return None


def _error_in(root: _Element | None, body: bytes) -> str:
    """What an answer says went wrong: in an ERROR element, or in the JSON that the gateway before the server sends."""
    words = ""
    if root is not None:
        words = root.findtext("ERROR") or (root.text or "" if root.tag == "ERROR" else "")
    elif body[:1] == b"{":
        try:
            plain = json.loads(body)
        except ValueError:
            plain = None
        words = str(plain.get("error", "")) if isinstance(plain, dict) else ""
    return " ".join(words.split())[:200]


def _retry_after(value: str) -> float:
    """Seconds from a Retry-After, which is a number of them or a date; 0 where it is neither."""
    if value.strip().isdecimal():
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
