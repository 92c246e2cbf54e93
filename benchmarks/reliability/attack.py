"""One person's attacks on a server that another uses: on its events, functions, bodies, addresses and uploads."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks.reliability.hostile_inputs import BEFORE_PATHS, FITTING, HEADERS, PATHS, ROUTES, VALUES
from benchmarks.reliability.visitor import Reply, Server, Visitor, answers, places

#: What stands in a file beside the library, and a word of what the other person asked: neither may come back.
SECRET, ASKED_ALONE = "the nightingale of Ankh-9f31 sings at dusk", "quinquereme-77"


class Attack:
    """One person's attacks on a server that another uses."""

    def __init__(self, server: Server, victim: Visitor, attacker: Visitor, theirs: Reply, rng: random.Random) -> None:
        self._server, self._attacker, self._rng = server, attacker, rng
        self._ids = [victim.session, victim.seat["conversation"], *answers(theirs)]
        self._places = places(theirs)
        self._kinds = {one["id"]: one["type"] for one in attacker.config["components"]}
        self._filled = {
            "secret": str(server.work / "secret.txt"),
            "library": str(server.work / "library"),
            "people": str(server.work / "people"),
            "log": str(server.work / "log.txt"),
            "uploads": str(server.temporary / "uploads"),
        }
        self.requests: Counter[str] = Counter()
        self.bare = 0
        self.failures: list[str] = []

    # -- what is sent --------------------------------------------------------------------------------------------------

    def path(self) -> str:
        path = self._rng.choice(PATHS)
        for name, value in self._filled.items():
            path = path.replace(f"{{{name}}}", value)
        return path

    def value(self, depth: int = 0) -> Any:
        kind = self._rng.random()
        if kind < 0.1:
            return self.path()
        if kind < 0.25:
            return self._rng.choice(self._ids)
        if kind < 0.4 and depth < 3:
            names = (
                "library",
                "conversation",
                "turns",
                "answer",
                "record",
                "field",
                "start",
                "end",
                "format",
                "id",
                "path",
                "verdict",
                "title",
                "action",
                "key",
                "shown",
                "chosen",
                "url",
                "meta",
                "orig_name",
                "value",
                "_type",
                "records",
                "years",
                "roles",
                "pair",
                "name",
                "question",
            )
            return {name: self.value(depth + 1) for name in self._rng.sample(names, self._rng.randint(1, 6))}
        if kind < 0.45:
            file: dict[str, Any] = {"path": self.path(), "orig_name": self.path(), "meta": {"_type": "gradio.FileData"}}
            elsewhere: dict[str, Any] = {**file, "url": "http://127.0.0.1:1/x", "path": None}
            return self._rng.choice([file, [file], elsewhere])
        return self._rng.choice(VALUES)

    # -- how it is sent ------------------------------------------------------------------------------------------------

    def events(self) -> None:
        """Every event of the page, with any arguments; those that name another's conversation among them."""
        for event in self._attacker.events:
            kinds = [self._kinds[one] for one in event["inputs"]]
            data = [self.value() for _ in kinds]
            if self._rng.random() < 0.7:
                data = [FITTING.get(kind, value) for kind, value in zip(kinds, data, strict=True)]
            if self._rng.random() < 0.3:
                seat = {"conversation": self._rng.choice(self._ids)}
                own = {"json": seat, "textbox": "honey?"}
                data = [own.get(kind, value) for kind, value in zip(kinds, data, strict=True)]
            if self._rng.random() < 0.1:
                data = data[:-1] or [1, 2]
            told = self._rng.choice([None, {"id": self._rng.choice(self._ids), "title": self.value()}, self.value()])
            with self._allowed("event", event["api_name"], data, told):
                reply = self._attacker.fire(event, data, told)
                self._look("event", reply.text, event["api_name"], data, told)

    def calls(self) -> None:
        """The functions that page.js calls."""
        for name in ("show", "around", "judge", "export", "__init__", "preprocess", "_kind", "", "get_config"):
            given = self.value()
            if self._rng.random() < 0.5:
                given = {
                    "answer": self._rng.choice(self._ids),
                    "conversation": self._rng.choice(self._ids),
                    "format": self._rng.choice(["markdown", "json", self.path()]),
                    "verdict": "right",
                    **self._rng.choice(self._places),
                }
            if self._rng.random() < 0.3:
                given = {"conversation": "", "answer": self._rng.choice(self._ids), "format": "json"}
            with self._allowed("call", name, given):
                self._take("call", self._attacker.call(name, given), name, given)

    def bodies(self) -> None:
        """Bodies that are none of what the routes expect."""
        event = self._rng.choice(self._attacker.events)
        for path in (
            "queue/join",
            "component_server",
            "reset",
            "cancel",
            "upload",
            "run/ask",
            "call/ask",
            "stream/x",
            "api/load",
            "process_recording",
            "run-history/connect",
            "vibe-edit",
            "call/v2/ask",
        ):
            body = {
                "data": self.value(),
                "fn_index": self._rng.choice([event["id"], -1, 10**6, "x", None]),
                "session_hash": self._rng.choice([*self._ids, None, "", "x" * 999, "../.."]),
                "event_data": self.value(),
                "trigger_id": self.value(),
                "simple_format": True,
                "event_id": self._rng.choice(self._ids),
                "component_id": self._rng.choice([1, -1, 10**6, "x", None]),
                "fn_name": self.value(),
            }
            content = self._rng.choice(
                [
                    json.dumps(body).encode(),
                    b"",
                    b"{",
                    b"[" * 50_000,
                    b"null",
                    b"\xff\xfe",
                    json.dumps(self.value()).encode(),
                ]
            )
            headers = {"content-type": "application/json", **self._rng.choice([{}, {}, *HEADERS])}
            headers.pop("content-length", None)
            with self._allowed("body", path, content[:300], headers):
                self._take(
                    "body", self._send("POST", f"/gradio_api/{path}", content=content, headers=headers), path, content
                )

    def addresses(self) -> None:
        """Files outside, odd methods, odd headers."""
        for before in BEFORE_PATHS:
            path = self.path()
            method = self._rng.choice(["GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
            with self._allowed("address", method, before + path):
                self._take("address", self._send(method, before + path), before + path)
        for route in ROUTES:
            headers = self._rng.choice(HEADERS)
            with self._allowed("address", route, headers):
                self._take("address", self._send("GET", route, headers=headers), route, headers)

    def uploads(self) -> None:
        """Files with names that lead elsewhere, and what came of them."""
        for _ in range(4):
            name = self.path().replace("\0", "%00")
            parts = [("files", (name, b"TY  - JOUR\nTI  - a\nER  - \n"))] * self._rng.randint(1, 3)
            with self._allowed("upload", name):
                answer = self._attacker.http.post("/gradio_api/upload", files=parts)
                self._take("upload", answer, name)
                for place in answer.json() if answer.status_code == 200 else ():
                    if not Path(place).resolve().is_relative_to((self._server.temporary / "uploads").resolve()):
                        self.failures.append(f"an upload lies at {place}")

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send a request and read the beginning of the answer; some never end."""
        url = httpx.URL(self._attacker.address, raw_path=path.encode("utf-8", "replace").replace(b" ", b"%20"))
        with self._attacker.http.stream(method, url, **options) as answer:
            if answer.headers.get("content-type", "").startswith("text/event-stream"):
                return httpx.Response(answer.status_code)
            content = answer.read()
        return httpx.Response(answer.status_code, content=content)

    # -- what comes of it ----------------------------------------------------------------------------------------------

    @contextmanager
    def _allowed(self, *sent: object) -> Iterator[None]:
        """What is refused before it is sent, or by the server in its own words, is no failure; a 5xx is."""
        self.requests[str(sent[0])] += 1
        try:
            yield
        except httpx.HTTPStatusError as error:
            self._take(str(sent[0]), error.response, *sent[1:])
        except (UnicodeEncodeError, httpx.InvalidURL, httpx.LocalProtocolError):
            pass
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
            pass  # the server hung up on what is no HTTP; whether it lives is seen at the end
        except httpx.HTTPError as error:
            self.failures.append(f"{_short(sent)}: {type(error).__name__}: {error}")

    def _take(self, kind: str, answer: httpx.Response, *sent: object) -> None:
        if answer.status_code >= 500 and answer.text == "Internal Server Error":
            self.bare += 1  # an error of Gradio's; ours are in the log
        elif answer.status_code >= 500:
            self.failures.append(f"{answer.status_code} for {kind} {_short(sent)}: {answer.text[:200]}")
        self._look(kind, answer.text, *sent)

    def _look(self, kind: str, text: str, *sent: object) -> None:
        """Nothing that is secret may come back, unless it was sent."""
        for secret in (SECRET, ASKED_ALONE, "scrypt$", "root:x:0", "Traceback (most recent call last)"):
            if secret in text and secret not in str(sent):
                self.failures.append(f"“{secret}” in the answer to {kind} {_short(sent)}")


def _short(sent: object) -> str:
    return repr(sent)[:400]
