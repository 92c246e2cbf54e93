"""A server of our own, and somebody who uses its page without a browser: as page.js and Gradio's script do."""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

REPOSITORY = Path(__file__).parents[2]

#: Seconds after which an answer is not waited for any longer.
PATIENCE = 120.0


@dataclass(frozen=True)
class Server:
    """A server that runs: its address, its process, and the folders of its uploads and of what else it writes."""

    address: str
    process: subprocess.Popen[bytes]
    work: Path

    @property
    def temporary(self) -> Path:
        return self.work / "temporary"

    @property
    def log(self) -> str:
        return (self.work / "log.txt").read_text(encoding="utf-8", errors="replace")


@contextmanager
def serving(library: Path, work: Path, *options: str) -> Iterator[Server]:
    """Serve a library's page on a free port, with the options of `qa chat`, until the end of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    temporary = work / "temporary"
    temporary.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "TMPDIR": str(temporary),
        "GRADIO_TEMP_DIR": str(temporary / "uploads"),
    }
    environment.pop("GRADIO_SERVER_NAME", None)
    command = [sys.executable, "-m", "qa", "--library", str(library), "chat", "--port", str(port), *options]
    with (work / "log.txt").open("wb") as out:
        process = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=out, stderr=subprocess.STDOUT)
        server = Server(f"http://127.0.0.1:{port}", process, work)
        try:
            until = time.monotonic() + PATIENCE
            while not _answers(server.address):
                if process.poll() is not None or time.monotonic() > until:
                    raise AssertionError(f"the server does not start: {server.log}")
                time.sleep(0.2)
            yield server
        finally:
            process.terminate()
            process.wait(30)


def _answers(address: str) -> bool:
    try:
        httpx.get(address, timeout=5)
    except httpx.TransportError:
        return False
    return True


@dataclass(frozen=True)
class Reply:
    """What an event ended with: whether it succeeded, and the values of its outputs by component."""

    success: bool
    values: dict[int, Any]
    said: str = ""

    @property
    def text(self) -> str:
        return json.dumps(list(self.values.values()), ensure_ascii=False, default=str) + self.said


class Visitor:
    """A browser's session with the page. Use as a context: while it is open, the server keeps its state."""

    def __init__(self, address: str, login: tuple[str, str] | None = None, query: str = "") -> None:
        self.address = address
        self.http = httpx.Client(base_url=address, timeout=PATIENCE, headers={"referer": f"{address}/{query}"})
        self.session = secrets.token_hex(6)
        if login:
            self.http.post("/login", data={"username": login[0], "password": login[1]}).raise_for_status()
        self.config: dict[str, Any] = self.http.get("/config").raise_for_status().json()
        self.events: list[dict[str, Any]] = self.config["dependencies"]
        self.seat: dict[str, Any] = {}

    def __enter__(self) -> Visitor:
        ready = threading.Event()
        self._leaving = threading.Event()
        self._heart = threading.Thread(target=self._beat, args=(ready,), daemon=True)
        self._heart.start()
        ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving.set()  # which the heart notices at its next beat
        self.http.close()

    def _beat(self, ready: threading.Event) -> None:
        path = f"/gradio_api/heartbeat/{self.session}"
        options: dict[str, Any] = {"cookies": self.http.cookies, "timeout": PATIENCE}
        with suppress(httpx.HTTPError), httpx.stream("GET", f"{self.address}{path}", **options) as beats:
            for _ in beats.iter_lines():
                ready.set()
                if self._leaving.is_set():
                    return

    # -- events --------------------------------------------------------------------------------------------------------

    def event(self, name: str) -> dict[str, Any]:
        """An event of the page by its name: what it is given, and what it changes."""
        return next(one for one in self.events if one["api_name"] == name)

    def after(self, event: dict[str, Any]) -> dict[str, Any]:
        """The event that runs after another."""
        return next(one for one in self.events if one["trigger_after"] == event["id"])

    def fire(self, event: dict[str, Any], data: Sequence[Any], told: Any = None) -> Reply:
        """Fire an event and wait for its end; HTTPStatusError where the server refuses it."""
        body = {"data": list(data), "event_data": told, "fn_index": event["id"], "session_hash": self.session}
        joined = self.http.post("/gradio_api/queue/join", json={**body, "trigger_id": event["targets"][0][0]})
        joined.raise_for_status()
        reply = Reply(False, {}, "the stream ended")
        with self.http.stream("GET", "/gradio_api/queue/data", params={"session_hash": self.session}) as messages:
            # To its end, as Gradio's script does: of a stream that is left, Gradio keeps a task for ever.
            for line in messages.iter_lines():
                message = json.loads(line[5:]) if line.startswith("data:") else {}
                if message.get("msg") == "process_completed":
                    output = message["output"]
                    values = dict(zip(event["outputs"], output.get("data") or [], strict=False))
                    reply = Reply(message["success"], values, str(output.get("error") or ""))
                elif message.get("msg") == "unexpected_error":
                    reply = Reply(False, {}, str(message.get("message")))
                if message.get("msg") in ("unexpected_error", "close_stream"):
                    break
        return reply

    def call(self, name: str, given: Any) -> httpx.Response:
        """One of the functions that page.js calls."""
        frame = next(one["id"] for one in self.config["components"] if one["props"].get("elem_id") == "frame")
        body = {"session_hash": self.session, "component_id": frame, "fn_name": name, "data": given}
        return self.http.post("/gradio_api/component_server", json=body)

    def upload(self, *paths: Path) -> list[dict[str, Any]]:
        """Files as the page's drop zones upload them; returns what an event is given of them."""
        files = [("files", (path.name, path.read_bytes())) for path in paths]
        places = self.http.post("/gradio_api/upload", files=files).raise_for_status().json()
        return [{"path": place, "orig_name": path.name, "meta": {"_type": "gradio.FileData"}}
                for place, path in zip(places, paths, strict=True)]  # fmt: skip

    # -- what a person does --------------------------------------------------------------------------------------------

    def ask(self, question: str) -> Reply:
        """Ask in the conversation that this visitor is in."""
        event = self.event("ask")
        reply = self.fire(event, [question, self.seat, "", None, None, [], [], [], False, {}])
        seat = reply.values.get(event["inputs"][1])
        if isinstance(seat, dict) and "conversation" in seat:
            self.seat = seat
        return reply

    def add(self, *paths: Path) -> Reply:
        """Drop files in, and follow them until they are read."""
        begun = self.event("begin")
        self.fire(begun, [None, None, self.upload(*paths), False])
        return self.fire(self.after(begun), [None])

    def discard(self) -> Reply:
        """Delete the conversation."""
        reply = self.fire(self.event("discard"), [self.seat], {"id": self.seat.get("conversation", "")})
        self.seat = {}
        return reply


def answers(reply: Reply) -> list[str]:
    """The ids of the answers shown."""
    return list(dict.fromkeys(re.findall(r'data-answer=\\?"([\w-]+)', reply.text)))


def places(reply: Reply) -> list[dict[str, Any]]:
    """The places of the sentences shown, as the page names them."""
    found = re.findall(
        r'data-record=\\"(.*?)\\" data-field=\\"(\w+)\\" data-start=\\"(\d+)\\" data-end=\\"(\d+)\\"', reply.text
    )
    return [
        {"record": unescape(one), "field": field, "start": int(start), "end": int(end)}
        for one, field, start, end in found
    ]
