"""The door to the server, against a real one on this machine that fails in every way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from qa.errors import FetchError
from qa.fetching.client import Client, Limits, Refused
from tests.fetching.eutils import Fault, Server, cut_off, cut_off_quietly, dripping, silent, status, web_page


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def client(server: Server, clock: Clock, key: str = "", **limits: float) -> Client:
    return Client(server.url, key=key, limits=Limits(**limits), clock=clock, sleep=clock.sleep)  # type: ignore[arg-type]


def test_it_says_who_asks(server: Server) -> None:
    with Client(server.url, email="me@example.org", key="k3y") as asking:
        asking.ask("esearch", term="chalk")
    _, _, asked = server.requests[0]
    assert {name: asked[name] for name in ("tool", "email", "api_key")} == {
        "tool": "literature-qa",
        "email": "me@example.org",
        "api_key": "k3y",
    }


@pytest.mark.parametrize(("key", "allowed"), [("", 3), ("k3y", 10)])
def test_the_rate_is_kept(server: Server, key: str, allowed: int) -> None:
    clock = Clock()
    sent = []
    with client(server, clock, key) as asking:
        for _ in range(2 * allowed + 2):
            asking.ask("esearch", term="chalk")
            sent.append(clock.now)
    for start in sent:  # no window of a second holds more than NCBI allows
        assert sum(start <= moment < start + 1 for moment in sent) <= allowed
    assert sent[-1] < 3  # nor is it waited for longer than that takes


@pytest.mark.parametrize(
    "faults",
    [
        [status(500), status(500)],
        [status(502), status(503)],
        [status(429, b'{"error":"API rate limit exceeded","count":"11"}')],
        [status(200, b'{"error":"API rate limit exceeded","count":"11"}')],
        [status(400, b"<eSearchResult><ERROR>Search Backend failed: timed out</ERROR></eSearchResult>")],
        [cut_off],
        [cut_off_quietly],
        [web_page],
        [status(200, b"")],
        [status(200, b"<html><body>well formed</body></html>")],
        [status(200, b"\x1f\x8bno gzip", Content_Encoding="gzip")],
    ],
    ids=lambda faults: str(len(faults)),
)
def test_passing_trouble_is_outlasted(server: Server, faults: list[Fault]) -> None:
    server.faults.extend(faults)
    clock = Clock()
    with client(server, clock) as asking:
        assert asking.ask("esearch", term="chalk").findtext("Count") == "450"
    assert len(server.requests) == len(faults) + 1
    assert [wait for wait in clock.slept if wait >= 1] == [1.0, 2.0][: len(faults)]


def test_a_silent_server_and_one_that_drips_are_not_waited_for(server: Server) -> None:
    server.faults.extend([silent(1), dripping(3)])
    said: list[str] = []
    limits = Limits(silence=0.2, answer=0.3, first_wait=0.01)
    with Client(server.url, limits=limits, say=said.append) as asking:
        assert asking.ask("esearch", term="lime").findtext("Count") == "50"
    assert ["in time" in said[0], "too slowly" in said[1]] == [True, True]


def test_retry_after_is_honoured(server: Server) -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=50), usegmt=True)
    server.faults.extend([status(429, Retry_After="7"), status(503, Retry_After=at), status(429, Retry_After="soon")])
    clock = Clock()
    with client(server, clock) as asking:
        asking.ask("esearch", term="chalk")
    first, second, third = (wait for wait in clock.slept if wait >= 1)
    assert (first, third) == (7.0, 4.0)
    assert 45 < second <= 50


def test_a_server_that_asks_for_an_hour_is_left_alone(server: Server) -> None:
    server.faults.append(status(429, Retry_After="3600"))
    clock = Clock()
    with client(server, clock) as asking, pytest.raises(FetchError, match=r"3600 s.*what was fetched is kept"):
        asking.ask("esearch", term="chalk")
    assert len(server.requests) == 1
    assert clock.slept == []


def test_lasting_trouble_is_an_error_in_words(server: Server) -> None:
    server.faults.extend([status(500)] * 5)
    with client(server, Clock()) as asking, pytest.raises(FetchError, match=r"HTTP 500\) \(5 times in a row\)"):
        asking.ask("esearch", term="chalk")
    assert len(server.requests) == 5


@pytest.mark.parametrize(
    ("fault", "words", "about_the_question"),
    [
        (None, "Empty term", True),
        (status(400, b'{"error":"API key invalid","api-key":"k3y"}'), "API key invalid", False),
        (status(403, b"<html>blocked</html>"), "HTTP 403", False),
    ],
)
def test_a_refusal_is_not_tried_again(
    server: Server, fault: Fault | None, words: str, about_the_question: bool
) -> None:
    server.faults.append(fault)
    with client(server, Clock(), "k3y") as asking, pytest.raises(Refused, match=words) as caught:
        asking.ask("esearch", term="")
    assert caught.value.about_the_question == about_the_question
    assert "k3y" not in str(caught.value)
    assert len(server.requests) == 1


def test_a_redirection_is_not_followed(server: Server) -> None:
    server.faults.append(status(302, Location="http://127.0.0.1:9/"))
    with client(server, Clock()) as asking, pytest.raises(FetchError, match="points elsewhere"):
        asking.ask("esearch", term="chalk")


def test_an_endless_answer_is_cut(server: Server) -> None:
    with client(server, Clock(), size=100) as asking, pytest.raises(FetchError, match="at once"):
        asking.ask("esearch", term="chalk")


def test_entities_are_not_expanded(server: Server) -> None:
    bomb = (
        b"<!DOCTYPE e [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;'>]><eSearchResult><Count>&b;</Count></eSearchResult>"
    )
    server.faults.append(status(200, bomb))
    with client(server, Clock()) as asking:
        assert not asking.ask("esearch", term="chalk").findtext("Count")


def test_nobody_at_the_address(server: Server) -> None:
    clock = Clock()
    with (
        Client("http://127.0.0.1:9/", clock=clock, sleep=clock.sleep) as asking,
        pytest.raises(FetchError, match="cannot be reached"),
    ):
        asking.ask("esearch", term="chalk")


@pytest.mark.parametrize(
    "address", ["", "eutils.ncbi.nlm.nih.gov", "file:///etc/passwd", "http://", "http://x:port/", "ftp://x/"]
)
def test_what_is_no_address_is_said(address: str) -> None:
    with pytest.raises(FetchError, match="no address"):
        Client(address)
