"""People who use a server for an hour: questions, follow-ups, records opened, files added, exports, comings and goings.

    python -m benchmarks.reliability.soak [--seconds 3600] [--people 4]

What the library holds stays the same in number: files come again and again with other texts, and conversations are
deleted. So whatever grows in the second half of the time – memory, open files, threads, temporary files – is a leak.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from benchmarks.machine import keep
from benchmarks.reliability.visitor import Server, Visitor, answers, places, serving
from qa.ui import uploads

RECORDS = 20
FILES = 3

_SUBJECTS = ("honey", "seagrass", "street lamps", "sleep", "museum tickets", "salt", "noise", "daylight")
_QUESTIONS = (
    "What does {one} do to {other}?",
    "Is {one} better than {other}?",
    "How much {one} was found in the parks?",
    "What about {one}?",
    "How common is calcinosis in systemic sclerosis?",
    "zxqv wkjh plmn",
)

#: What may be gained between the second quarter of the time and the last, in megabytes and in numbers.
ALLOWED = {"memory, MB": 40.0, "open files": 12.0, "threads": 12.0, "temporary files": 12.0}


def write(path: Path, version: int) -> None:
    """A version of the records of a file."""
    rng = random.Random(f"{path.stem} {version}")
    lines = []
    for number in range(RECORDS):
        one, other = rng.sample(_SUBJECTS, 2)
        abstract = (
            f"We looked at {one} in {rng.randint(10, 900)} parks. {one.capitalize()} changed {other} by "
            f"{rng.randint(2, 90)} percent. No harm of {one} was seen in version {version}."
        )
        plain = {"id": f"{path.stem}:{number}", "title": f"{one} and {other}, study {number}", "abstract": abstract}
        lines.append(json.dumps(plain) + "\n")
    path.write_text("".join(lines), encoding="utf-8")


class Person:
    """Somebody who comes, does a few things, and leaves; again and again until the time is over."""

    def __init__(self, server: Server, number: int, until: float) -> None:
        self._server, self._until = server, until
        self._rng = random.Random(number)
        self._file = server.work / f"person {number % FILES}.jsonl"
        self._number = number
        self.done: Counter[str] = Counter()
        self.failures: list[str] = []
        self.seconds: list[float] = []
        self.thread = threading.Thread(target=self._live, daemon=True)

    def _live(self) -> None:
        while time.monotonic() < self._until:
            try:
                with Visitor(self._server.address) as visitor:
                    visitor.fire(visitor.event("load"), [])
                    for _ in range(self._rng.randint(3, 12)):
                        if time.monotonic() > self._until:
                            break
                        kind = self._rng.choices(("ask", "open", "export", "add", "look", "paste"), (6, 3, 1, 2, 1, 1))
                        self._do(visitor, kind[0])
                        time.sleep(self._rng.uniform(0.1, 0.6))
                    if visitor.seat:
                        self._expect(visitor.discard().success, "a conversation could not be deleted")
            except (httpx.HTTPError, StopIteration, ValueError) as error:  # told, and the next visit begins
                self.failures.append(f"{type(error).__name__}: {error}")

    def _do(self, visitor: Visitor, kind: str) -> None:
        if kind in ("open", "export") and not visitor.seat:
            kind = "ask"
        self.done[kind] += 1
        one, other = self._rng.sample(_SUBJECTS, 2)
        if kind == "ask":
            started = time.monotonic()
            reply = visitor.ask(self._rng.choice(_QUESTIONS).format(one=one, other=other))
            self.seconds.append(time.monotonic() - started)
            self._expect(reply.success and bool(answers(reply)), f"no answer: {reply.text[:300]}")
        elif kind == "open":
            reply = visitor.fire(visitor.event("reopen"), [visitor.seat], {"id": visitor.seat["conversation"]})
            for place in places(reply)[-2:]:
                given = {**place, "answer": answers(reply)[-1]}
                for name in ("show", "around"):
                    said = visitor.call(name, given).json()
                    self._expect("html" in said or "There is no record" in str(said), f"{name}: {said}")
        elif kind == "export":
            form = self._rng.choice(("markdown", "docx", "csv", "json", "ris", "html"))
            said = visitor.call("export", {"conversation": visitor.seat["conversation"], "format": form}).json()
            self._expect("data" in said or "no citations" in str(said), f"export: {said}")
        elif kind == "add":
            file = self._server.work / f"{self._file.stem} {self._number}.jsonl"
            write(self._file, self.done[kind])
            self._file.replace(file)
            reply = visitor.add(file)
            self._expect(f"{RECORDS} entries read" in reply.text, f"add: {reply.text[:300]}")
        elif kind == "look":
            self._expect(visitor.fire(visitor.event("show_head"), [None]).success, "the library is not shown")
            self._expect(visitor.fire(visitor.event("show_table"), [None, None]).success, "the table is not shown")
        else:
            paste = visitor.event("begin_text")
            begun = visitor.fire(paste, [None, None, f"Smith A. {one} and {other}. J Parks. 2020;1:2."])
            self._expect(begun.success, f"paste: {begun.text[:300]}")
            self._expect(visitor.fire(visitor.after(paste), [None]).success, "what was pasted is not followed")

    def _expect(self, true: bool, words: str) -> None:
        if not true:
            self.failures.append(words)


def sample(server: Server) -> dict[str, float]:
    """What the server holds now."""
    place = Path(f"/proc/{server.process.pid}")
    status = dict(line.split(":", 1) for line in (place / "status").read_text(encoding="ascii").splitlines())
    return {
        "memory, MB": int(status["RssAnon"].split()[0]) / 1000,
        "open files": len(list((place / "fd").iterdir())),
        "threads": int(status["Threads"]),
        "temporary files": sum(
            len(folders) + sum(not _swept_later(Path(folder) / file) for file in files)
            for folder, folders, files in os.walk(server.temporary)
        ),
    }


def _swept_later(file: Path) -> bool:
    """Whether a file is one of the empty ones that Gradio leaves of every upload, and too young to be swept up yet."""
    try:
        found = file.stat()
    except OSError:  # it is gone meanwhile
        return True
    return not found.st_size and time.time() - found.st_mtime < uploads.YOUNG


def gained(samples: Sequence[dict[str, float]]) -> dict[str, dict[str, float]]:
    """The median of the second quarter of the samples, that of the last, and the most there ever was."""
    quarter = max(1, len(samples) // 4)
    early, late = samples[quarter : 2 * quarter] or samples, samples[-quarter:]
    return {
        name: {
            "early": round(statistics.median(one[name] for one in early), 1),
            "late": round(statistics.median(one[name] for one in late), 1),
            "most": round(max(one[name] for one in samples), 1),
        }
        for name in ALLOWED
    }


def run(seconds: float, people: int, place: Path) -> dict[str, Any]:
    """Let so many people use a server for so long."""
    with serving(place / "library", place) as server:
        until = time.monotonic() + seconds
        persons = [Person(server, number, until) for number in range(people)]
        for person in persons:
            person.thread.start()
        samples = []
        while time.monotonic() < until:
            time.sleep(max(0.5, seconds / 720))
            samples.append(sample(server))
        for person in persons:
            person.thread.join(120)
        log = server.log
    counts = sum((person.done for person in persons), Counter[str]())
    took = sorted(second for person in persons for second in person.seconds)
    found = gained(samples)
    failures = [one for person in persons for one in person.failures]
    failures += ["an error in the server's log:\n" + log[-3000:]] if "Traceback" in log else []
    failures += [
        f"{name} grew from {one['early']} to {one['late']}"
        for name, one in found.items()
        if one["late"] - one["early"] > ALLOWED[name]
    ]
    return {
        "seconds": seconds,
        "people": people,
        "done": dict(sorted(counts.items())),
        "seconds to an answer": {
            "median": round(statistics.median(took), 2) if took else None,
            "p95": round(took[int(len(took) * 0.95)], 2) if took else None,
        },
        "held": found,
        "course": [
            {name: round(value, 1) for name, value in one.items()} for one in samples[:: max(1, len(samples) // 24)]
        ],
        "failures": failures[:20],
        "failed": len(failures),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--people", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qa-soak-") as folder:
        keep("soak", run(options.seconds, options.people, Path(folder)))


if __name__ == "__main__":
    main()
