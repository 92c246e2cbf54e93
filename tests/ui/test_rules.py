"""What the people of a page may do: rates, reading only, and that the server's endpoints hold to both."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import Library
from qa.errors import Forbidden, NotFound
from qa.ui import Group, serve, server, words
from qa.ui.libraries import Libraries
from qa.ui.rules import REMEMBERED, Rate, Rules
from tests.conftest import write_jsonl
from tests.ui.conftest import free_port

RECORDS = [
    {"id": "test:1", "title": "Wombats at night", "abstract": "Wombats dig their burrows at night in loose soil."},
    {"id": "test:2", "title": "Quokkas by day", "abstract": "Quokkas sleep by day under dense shrubs."},
]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@given(st.integers(1, 20), st.lists(st.tuples(st.floats(0, 90), st.integers(1, 5)), max_size=40))
def test_no_minute_has_more_than_its_rate_and_what_the_start_gave(
    per_minute: int, steps: list[tuple[float, int]]
) -> None:
    clock = Clock()
    rate = Rate(per_minute, clock)
    taken = 0
    for seconds, count in steps:
        clock.now += seconds
        wait = rate.take("ada", count)
        if wait == 0.0:
            taken += min(count, per_minute)
        assert taken <= per_minute * (1 + clock.now / 60) + 1e-6
        if wait:
            clock.now += wait + 1e-6
            assert rate.take("ada", count) == 0.0  # what was said is true
            taken += min(count, per_minute)


def test_each_person_has_a_rate_of_their_own_and_is_forgotten() -> None:
    clock = Clock()
    rate = Rate(2, clock)
    assert [rate.take("ada") > 0 for _ in range(3)] == [False, False, True]
    assert rate.take("ben") == 0.0
    clock.now = 120
    for number in range(REMEMBERED + 1):
        rate.take(f"address {number}")
    assert len(rate._left) <= REMEMBERED + 1
    assert "ben" not in rate._left


@pytest.mark.parametrize(
    ("group", "host", "asked"),
    [
        (Group(), "127.0.0.1", None),
        (Group(), "0.0.0.0", 30),
        (Group(root="/qa"), "127.0.0.1", 30),
        (Group(people=Path("people")), "localhost", 30),
        (Group(questions=0), "0.0.0.0", None),
        (Group(questions=7), "127.0.0.1", 7),
    ],
)
def test_one_person_at_their_own_machine_has_no_limits(group: Group, host: str, asked: int | None) -> None:
    rules = group.rules(host)
    assert (rules.questions.per_minute if rules.questions else None) == asked


def test_nothing_is_created_where_there_is_only_reading(library: Library) -> None:
    with pytest.raises(Forbidden):
        Libraries(library, Rules(read_only=True)).create("second")
    with pytest.raises(NotFound, match="without --read-only"):
        serve(library, port=free_port(), group=Group(read_only=True), block=False)


def test_free_memory_is_given_back_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "GIVEN_BACK", 0.001)
    given: list[int] = []

    def trim(kept: int) -> int:
        given.append(kept)
        if len(given) == 3:
            raise StopIteration
        return 1

    with pytest.raises(StopIteration):
        server._give_back(trim)
    assert given == [0, 0, 0]


SERVED = """
import sys, threading
from qa import Library
from qa.ui import serve
page = serve(Library.open(sys.argv[1]), port=int(sys.argv[2]), block=False)
print([thread.name for thread in threading.enumerate()].count("memory"), page._queue.ANALYTICS_MAX_EVENTS)
page.close()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="told to glibc alone")
def test_a_server_gives_memory_back_and_keeps_no_long_list_of_events(library: Library, tmp_path: Path) -> None:
    library.add(write_jsonl(tmp_path / "mine.jsonl", RECORDS))
    command = [sys.executable, "-c", SERVED, str(library.folder), str(free_port())]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "GRADIO_TEMP_DIR": str(tmp_path / "uploads")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert f"1 {server.EVENTS}" in done.stdout.splitlines(), done.stdout + done.stderr


# -- the endpoints --------------------------------------------------------------------------------------------------


class Visitor:
    """Somebody who talks to the server's endpoints, with no page between that would hold them back."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.config: dict[str, Any] = client.get("/config").json()

    def call(self, name: str, *given: Any, event: Any = None, session: str = "visitor") -> str:
        """All that the handler of this name told, as one text; ``given`` are its first inputs, the rest as they are."""
        (one, *_) = [one for one in self.config["dependencies"] if one["api_name"] == name]
        components = {part["id"]: part for part in self.config["components"]}
        held = [components[part]["props"].get("value") for part in one["inputs"]]
        body = {"data": [*given, *held[len(given) :]], "event_data": event, "fn_index": one["id"],
                "trigger_id": None, "session_hash": session}  # fmt: skip
        self.client.post("/gradio_api/queue/join", json=body).raise_for_status()
        told = []
        with self.client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
            for line in stream.iter_lines():
                message = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                if message.get("msg") in ("process_generating", "process_completed"):
                    told.append(json.dumps(message["output"], ensure_ascii=False))
                if message.get("msg") in ("process_completed", "close_stream"):
                    break
        return "\n".join(told)

    def upload(self, name: str, content: bytes) -> httpx.Response:
        return self.client.post("/gradio_api/upload", files={"files": (name, content)})

    def drop(self, uploaded: httpx.Response) -> list[dict[str, Any]]:
        """What a drop zone sends of a file that was uploaded."""
        return [{"path": path, "meta": {"_type": "gradio.FileData"}} for path in uploaded.json()]


@contextmanager
def visiting(folder: Path, scratch: Path, *options: str) -> Iterator[Visitor]:
    """A visitor of a server with these options."""
    port = free_port()
    command = [sys.executable, "-m", "qa", "--library", str(folder), "chat", "--port", str(port), *options]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "GRADIO_TEMP_DIR": str(scratch / "uploads")}
    log = scratch / "log.txt"
    with (
        log.open("wb") as out,
        subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT) as server,
    ):
        try:
            until = time.monotonic() + 60
            while "The chat is at" not in log.read_text():  # before that, not everything is as it will be
                assert server.poll() is None, log.read_text()
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.2)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                yield Visitor(client)
        finally:
            server.terminate()
            server.wait(20)
    assert "Traceback" not in log.read_text(), log.read_text()


def test_reading_only(library: Library, tmp_path: Path) -> None:
    library.add(write_jsonl(tmp_path / "mine.jsonl", RECORDS))
    before = [record.id for record in library.records()], library.info().records, library.ledger()
    with visiting(library.folder, tmp_path, "--read-only") as visitor:
        assert "Wombats dig their burrows at night" in visitor.call("ask", "What do wombats dig?")
        assert visitor.upload("more.ris", b"TY  - JOUR\nTI  - More\nER  - \n").status_code == 403
        pasted = "TY  - JOUR\nTI  - Pasted\nAB  - Pasted wombats.\nER  - \n"
        for name, given, event in (
            ("begin_text", ["", None, pasted], None),
            ("remove", [""], None),
            ("make", ["", "second"], None),
            ("take_out", [], None),
            ("act_1", [""], {"split": "test:1"}),
            ("act_1", [""], {"join": ["test:1", "test:2"]}),
        ):
            told = visitor.call(name, *given, event=event)
            assert "is for reading only" in told, (name, told)
        shown = visitor.config["components"]
        hidden = {part["props"].get("elem_id") for part in shown if part["props"].get("visible") is False}
        assert hidden >= {"drop", "shelf-in", "shelf-new", "shelf-remove", "shelf-undo"}
        assert words.READ_ONLY in json.dumps(shown, ensure_ascii=False)
    assert before == ([record.id for record in library.records()], library.info().records, library.ledger())
    assert len(library.conversations().entries()) == 1  # a person's own, and kept
    assert not (library.folder.parent / "second").exists()


def test_a_connection_stays_open_while_an_answer_is_read(library: Library, tmp_path: Path) -> None:
    library.add(write_jsonl(tmp_path / "mine.jsonl", RECORDS))
    with visiting(library.folder, tmp_path) as visitor:
        base = visitor.client.base_url
        with closing(http.client.HTTPConnection(base.host, base.port)) as connection:
            connection.request("GET", "/config")
            connection.getresponse().read()
            opened = connection.sock
            time.sleep(6)  # uvicorn's own five seconds are over
            connection.request("GET", "/config")
            assert connection.getresponse().read()
            assert connection.sock is opened


def test_so_many_a_minute(library: Library, tmp_path: Path) -> None:
    library.add(write_jsonl(tmp_path / "mine.jsonl", RECORDS))
    limits = ("--questions", "2", "--uploads", "1")
    with visiting(library.folder, tmp_path, *limits) as visitor:
        for question in ("What do wombats dig?", "Where do quokkas sleep?"):
            assert "limited to" not in visitor.call("ask", question)
        refused = visitor.call("ask", "And why?")
        assert "limited to 2 a minute" in refused
        assert "And why?" in refused  # it is in the box again
        assert "limited to 2 a minute" in visitor.call("ask", "And why?", session="another")
        assert "limited to 2 a minute" in visitor.call("light_up", "", "wombats")
        first, second = (visitor.upload(f"{n}.ris", f"TY  - JOUR\nTI  - No {n}\nER  - \n".encode()) for n in (1, 2))
        visitor.call("begin", "", None, visitor.drop(first))
        assert "1 added" in visitor.call("follow")
        assert "uploads are limited to 1 a minute" in visitor.call("begin", "", None, visitor.drop(second))
        assert not any(Path(path).exists() for path in second.json())
        codes = [visitor.upload(f"{n}.ris", b"TY  - JOUR\n").status_code for n in range(20)]
        assert codes[:5] == [200] * 5
        assert 429 in codes  # an address has ten times what a person has
    assert len(library) == 3
    assert len(library.conversations().entries()) == 2
