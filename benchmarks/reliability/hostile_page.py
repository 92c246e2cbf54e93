"""Whatever can be sent to the page's server, sent: to its events, its functions, its uploads, its files, its addresses.

    python -m benchmarks.reliability.hostile_page [--rounds 40] [--seed 0]

Two people are logged in, one of whom attacks the other. After each request the answer must be no error of ours (5xx)
and hold nothing of what is secret: a file beside the library's folder, the passwords, and what the other asked.
At the end the log has no traceback through our code (Gradio writes one for arguments that its components refuse), the
other's conversation is what it was, and questions are answered. Gradio answers some bodies that are none of its own
with a bare "Internal Server Error"; they are counted.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks.machine import keep
from benchmarks.reliability.soak import write
from benchmarks.reliability.visitor import REPOSITORY, Reply, Server, Visitor, answers, places, serving
from qa.ui import passwords

SECRET = "the nightingale of Ankh-9f31 sings at dusk"
ASKED = "Does honey shorten the quinquereme-77 of sleep?"
LOGINS = {"ada": "first secret", "eve": "second secret"}

#: Paths that lead out of a folder, in the ways that have worked elsewhere.
PATHS = (
    "../secret.txt",
    "..%2fsecret.txt",
    "..%252fsecret.txt",
    "....//secret.txt",
    "..\\secret.txt",
    "%2e%2e/secret.txt",
    "{secret}",
    "file://{secret}",
    "/proc/self/environ",
    "/proc/self/root{secret}",
    "/etc/passwd",
    "//etc/passwd",
    "{library}/library.sqlite",
    "{library}/conversations.sqlite3",
    "{people}",
    "C:\\Windows\\win.ini",
    "\0",
    "a\0b",
    "%00",
    "",
    ".",
    "/",
    "~",
    "a" * 5000,
    "http://127.0.0.1:1/",
    "http://169.254.169.254/",
    "{log}",
    "{uploads}",
)

#: What passes Gradio's own checks, by the component's type; what is not here is given anything.
FITTING: dict[str, Any] = {
    "number": None,
    "dropdown": [],
    "checkboxgroup": [],
    "checkbox": False,
    "radio": "protocol",
    "file": None,
}

#: Values of every type that JSON has, and what has broken programs before.
VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1 << 70,
    1.5,
    1e308,
    -0.0,
    "",
    " ",
    "\0",
    "é",
    "\ud800",
    "\u202e",
    "'; DROP TABLE x; --",
    "<script>window.pwned=1</script>",
    "x" * 70_000,
    "{{7*7}}",
    "${jndi:ldap://x}",
    "%s%n",
    "../..",
    [],
    [[]],
    [None],
    {},
    {"": None},
    {"__type__": "update", "value": 1},
    {"path": "/etc/passwd"},
    {"library": "../.."},
    ["a"] * 500,
    "NaN",
    {"conversation": {"a": 1}},
    {"turns": [1, None, {}]},
    {"turns": "x"},
    {"turns": {"a": 1}},
    {"library": ["x"]},
    {"library": None, "conversation": 5},
    {"records": 5, "years": "x", "roles": {}, "designs": [[1]]},
)

HEADERS = (
    {"host": "evil.example"},
    {"x-forwarded-host": "evil.example"},
    {"x-forwarded-proto": "javascript"},
    {"x-forwarded-prefix": "/../.."},
    {"origin": "null"},
    {"origin": "http://evil.example"},
    {"cookie": "access-token=x"},
    {"cookie": "\x01=\x02; access-token-unsecure-=.."},
    {"range": "bytes=0-9999999999999"},
    {"range": "bytes=-1,2-1,x"},
    {"content-type": "multipart/form-data"},
    {"content-type": "multipart/form-data; boundary="},
    {"referer": "\xff"},
    {"accept-language": "x" * 9000},
    {"x-gradio-user": "ada"},
    {"x-forwarded-for": "127.0.0.1"},
    {"referer": "http://x/?a=%00&c[]=1&c=../.."},
    {"content-encoding": "gzip"},
    {"x-remote-user": "ada"},
)

ROUTES = (
    "/",
    "/config",
    "/gradio_api/info",
    "/gradio_api/openapi.json",
    "/gradio_api/queue/status",
    "/gradio_api/app_id",
    "/gradio_api/startup-events",
    "/gradio_api/heartbeat",
    "/theme.css",
    "/robots.txt",
    "/manifest.json",
    "/monitoring",
    "/monitoring/summary",
    "/gradio_api/user",
    "/gradio_api/token",
    "/gradio_api/login_check",
    "/gradio_api/upload",
    "/gradio_api/runs",
    "/gradio_api/run-history/records",
    "/gradio_api/deep_link",
    "/gradio_api/dev/reload",
    "/gradio_api/vibe-code/",
    "/gradio_api/profiling/traces",
    "/docs",
    "/redoc",
    "/mcp",
    "/gradio_api/mcp/sse",
)

BEFORE_PATHS = (
    "/gradio_api/file=",
    "/gradio_api/file/",
    "/file=",
    "/static/",
    "/assets/",
    "/svelte/",
    "/gradio_api/proxy=",
    "/gradio_api/custom_component/",
    "/gradio_api/stream/",
    "/pwa_icon/",
    "/gradio_api/call/",
    "/monitoring/",
    "/",
    "/gradio_api/run/",
    "/gradio_api/api/",
    "/gradio_api/upload_progress?upload_id=",
    "/?a=",
    "/?c=",
    "/?__theme=",
)


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
        for secret in (SECRET, "quinquereme-77", "scrypt$", "root:x:0", "Traceback (most recent call last)"):
            if secret in text and secret not in str(sent):
                self.failures.append(f"“{secret}” in the answer to {kind} {_short(sent)}")


def _short(sent: object) -> str:
    return repr(sent)[:400]


def run(rounds: int, seed: int, place: Path) -> dict[str, Any]:
    """So many rounds of attacks of every kind."""
    (place / "secret.txt").write_text(SECRET, encoding="utf-8")
    people = "\n".join(passwords.line(name, password) for name, password in LOGINS.items())
    (place / "people").write_text(f"{people}\n", encoding="utf-8")
    with serving(place / "library", place, "--auth", str(place / "people")) as server:
        victim, attacker = (Visitor(server.address, login) for login in LOGINS.items())
        with victim, attacker:
            write(place / "known.jsonl", 1)
            victim.fire(victim.event("add"), [None, victim.upload(place / "known.jsonl")])
            theirs = victim.ask(ASKED)
            before = _export(victim)
            attack = Attack(server, victim, attacker, theirs, random.Random(seed))
            for _ in range(rounds):
                for send in (attack.events, attack.calls, attack.bodies, attack.addresses, attack.uploads):
                    send()
            failures = attack.failures
            if server.process.poll() is not None:
                failures.append("the server ended")
            elif not places(attacker.ask("What does honey do to sleep?")):
                failures.append("questions are not answered any more")
            elif _export(victim) != before:
                failures.append("the other's conversation is another")
        outside = {path.name for path in place.iterdir()} - {
            "secret.txt",
            "people",
            "library",
            "temporary",
            "log.txt",
            "known.jsonl",
        }
        failures += [f"{name} was written beside the library" for name in sorted(outside)]
        log = server.log
    own = f"{REPOSITORY}/qa/"
    through = f'{own}ui/rules.py", line'  # every request passes through it: a frame of it alone is none of ours
    traces = log.split("Traceback (most recent call last)")[1:]
    ours = [one for one in traces if one.count(own) > one.count(through)]
    failures += [f"an error of ours in the log: {one[:4000]}" for one in ours]
    return {
        "rounds": rounds,
        "requests": dict(sorted(attack.requests.items())),
        "bare 500s of Gradio": attack.bare,
        "failures": failures,
    }


def _export(visitor: Visitor) -> str:
    return str(
        visitor.call("export", {"conversation": visitor.seat["conversation"], "format": "json"}).json().get("data")
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qa-hostile-") as folder:
        keep("hostile_page", {**run(options.rounds, options.seed, Path(folder)), "seed": options.seed})


if __name__ == "__main__":
    main()
