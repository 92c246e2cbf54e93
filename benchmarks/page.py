"""How fast the page is, in a real browser and for many people at once.

    python -m benchmarks.page LIBRARY QUESTIONS [--starts 5] [--answers 20] [--people 20] [--rounds 3]

LIBRARY is copied first, and nothing is written into it. QUESTIONS is a suite's queries.jsonl. Measured are: from the
moment the server answers, how long until the browser has painted the page and somebody can type (the model is not
loaded yet); from Enter to the answer being on screen, warm; and how long it takes until each of many people who ask at
the same moment has their answer, told by the server. Medians with the least and the most, and what else ran meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.machine import keep

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
             "--disable-sync"]  # fmt: skip

#: Resolves two frames after a new answer has been drawn.
ANSWERED = """count => new Promise(done => {
  const look = () => document.querySelectorAll('.qa-turn').length >= count
    ? requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))) : setTimeout(look, 5);
  look();
})"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", type=Path)
    parser.add_argument("questions_file", type=Path, metavar="QUESTIONS")
    for name, count in (("starts", 5), ("answers", 20), ("people", 20), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=count)
    options = parser.parse_args()
    lines = options.questions_file.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["text"] for line in lines]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "library"
        shutil.copytree(options.library, folder)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
            starts = [start(browser, folder) for _ in range(options.starts)]
            with served(folder) as address:
                warm = answers(browser, address, questions[: options.answers])
                size = options.people
                rounds = [crowd(address, questions[size * n : size * (n + 1)]) for n in range(options.rounds)]
            chromium = browser.version
            browser.close()
    keep(
        "page",
        {
            "library": facts(options.library),
            "gradio": version("gradio"),
            "chromium": chromium,
            "others worked on this machine": True,
            "start, seconds": {name: spread([one[name] for one in starts]) for name in starts[0]},
            "warm answer on screen, seconds after Enter": spread(warm),
            f"{options.people} people asking at once": rounds,
        },
    )


def facts(folder: Path) -> dict[str, int]:
    from qa import Library

    with Library.open(folder) as library:
        info = library.info()
        return {"records": info.records, "sentences": info.sentences}


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """The median, with the least and the most, of a number of times."""
    shown = {"n": len(seconds), "median": statistics.median(seconds), "least": min(seconds), "most": max(seconds)}
    return {name: round(value, 3) for name, value in shown.items()}


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server over the library, as soon as it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "qa", "--library", str(folder), "chat", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            while True:
                try:
                    urlopen(f"http://127.0.0.1:{port}/", timeout=30).close()
                    break
                except OSError:
                    assert server.poll() is None
                    time.sleep(0.01)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def start(browser: Browser, folder: Path) -> dict[str, float]:
    """Seconds until a fresh browser has painted the page of a fresh server, and until somebody can type."""
    with served(folder) as address:
        begun = time.perf_counter()
        page = browser.new_context().new_page()
        page.goto(address, wait_until="commit")
        page.get_by_label("Your question").wait_for()
        usable = time.perf_counter() - begun
        paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
        page.wait_for_function(paint)
        painted = page.evaluate(paint) / 1000
        page.context.close()
    return {"first paint": painted, "usable": usable}


def answers(browser: Browser, address: str, questions: Sequence[str]) -> list[float]:
    """Seconds from Enter to each answer on the screen, each in a conversation of its own; the first is not counted."""
    page = browser.new_context(viewport={"width": 1280, "height": 860}).new_page()
    page.goto(address)
    page.get_by_label("Your question").wait_for()
    took = [timed(page, question) for question in [questions[0], *questions]]
    page.context.close()
    return took[1:]


def timed(page: Page, question: str) -> float:
    box = page.get_by_label("Your question")
    page.get_by_role("button", name="New conversation").click()
    page.wait_for_function("() => !document.querySelector('.qa-turn')")
    page.wait_for_timeout(500)
    box.fill(question)
    page.evaluate(
        "() => document.querySelector('#question textarea').addEventListener('keydown',"
        " () => { window.entered = performance.now(); }, {once: true, capture: true})"
    )
    box.press("Enter")
    shown: float = page.evaluate(ANSWERED, 1)
    entered: float = page.evaluate("window.entered")
    return (shown - entered) / 1000


def crowd(address: str, questions: Sequence[str]) -> dict[str, Any]:
    """As many people as questions, each with the page open, asking one, all at the same moment."""
    config = httpx.get(f"{address}/config", timeout=60).json()
    (ask, *_) = [one for one in config["dependencies"] if one["api_name"] == "ask"]
    opening = [one for one in config["dependencies"] if any(event == "load" for _, event in one["targets"])]
    held = {part["id"]: part["props"].get("value") for part in config["components"]}
    gate = threading.Barrier(len(questions))
    took: list[float] = []
    failed: list[str] = []

    def call(client: httpx.Client, session: str, what: dict[str, Any], data: list[Any]) -> str:
        """Have a handler called as the page does; its last two messages."""
        body = {"data": data, "fn_index": what["id"], "session_hash": session}
        client.post("/gradio_api/queue/join", json=body).raise_for_status()
        with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
            last = ""
            for line in stream.iter_lines():
                last = line if "process_generating" in line else last
                if "process_completed" in line:
                    return last + line
        return ""

    def one(number: int, question: str) -> None:
        session = f"crowd{number}{time.monotonic_ns()}"
        with httpx.Client(base_url=address, timeout=120) as client:
            for what in opening:
                call(client, session, what, [held[part] for part in what["inputs"]])
            gate.wait()
            begun = time.perf_counter()
            said = call(client, session, ask, [question, *(held[part] for part in ask["inputs"][1:])])
            took.append(time.perf_counter() - begun)
        if '"success":true' not in said or "qa-turn" not in said:
            failed.append(said[:300])

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(questions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cuts = statistics.quantiles(took, n=20, method="inclusive")
    return {
        "p50": round(statistics.median(took), 3),
        "p95": round(cuts[-1], 3),
        "failed": len(failed),
        "load": round(os.getloadavg()[0], 2),
    }


if __name__ == "__main__":
    main()
