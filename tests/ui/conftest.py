"""A server and a browser for the tests of the page: what would leave the machine is stopped, and a failure."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect, sync_playwright

REPOSITORY = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
             "--disable-sync"]  # fmt: skip

#: Marks for a module of tests that need the browser.
NEEDS_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and os.environ.get("QA_REQUIRE_BROWSER") != "1",
        reason="no Chromium on this machine (QA_REQUIRE_BROWSER=1 makes this a failure)",
    ),
]

#: Opens the page at a path of the server, in a browser's window of its own.
Visit = Callable[..., Page]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(library: Path, work: Path, port: int | None = None) -> Iterator[str]:
    """The address of a server of our own over the library in a folder."""
    port = port or free_port()
    with running(["app.py", "--library", str(library), "--port", str(port)], work, port) as address:
        yield address


@contextmanager
def running(arguments: Sequence[str], work: Path, port: int) -> Iterator[str]:
    """The address of a server that Python is started with these arguments for, once it answers; it leaves no error."""
    log = work / "log.txt"
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "GRADIO_TEMP_DIR": str(work / "uploads")}
    environment.pop("GRADIO_SERVER_NAME", None)
    command = [sys.executable, *arguments]
    with (
        log.open("wb") as out,
        subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=out, stderr=subprocess.STDOUT) as server,
    ):
        try:
            until = time.monotonic() + 60
            while True:
                try:
                    urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
                    break
                except OSError:
                    assert server.poll() is None, log.read_text()
                    assert time.monotonic() < until, log.read_text()
                    time.sleep(0.2)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(20)
    assert "Traceback" not in log.read_text(), log.read_text()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """The page, opened as often as a test likes; at its end nothing may have run, left the machine, or broken."""
    opened: list[Page] = []
    left: list[str] = []
    broken: list[str] = []

    def stays(request: Request) -> bool:
        return request.url.startswith((f"{address}/", "data:", "blob:"))

    def guard(route: Route, request: Request) -> None:
        if stays(request):
            route.continue_()
        else:
            route.abort()

    def note(request: Request) -> None:
        if not stays(request):
            left.append(request.url)

    def visit(path: str = "/", width: int = 1280, height: int = 860, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.route("**/*", guard)
        page = context.new_page()
        page.on(
            "request",
            lambda request: None if request.url.startswith((address, "data:", "blob:")) else left.append(request.url),
        )
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.goto(address + path)
        expect(page.get_by_label("Your question")).to_be_visible(timeout=30_000)
        expect(page.locator(".qa-holds")).to_contain_text("holds", timeout=60_000)
        opened.append(page)
        return page

    yield visit
    for page in opened:
        assert page.evaluate("window.pwned") is None
        page.context.close()
    assert left == []
    assert broken == []


def ask(page: Page, question: str) -> None:
    """Type a question, press Enter, and wait for what is said to it."""
    before = page.locator(".qa-turn").count()
    box = page.get_by_label("Your question")
    box.fill(question)
    box.press("Enter")
    expect(page.locator(".qa-turn")).to_have_count(before + 1, timeout=60_000)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(box).to_have_value("")


def texts(page: Page, selector: str) -> list[str]:
    found: list[str] = page.eval_on_selector_all(selector, "nodes => nodes.map(node => node.textContent)")
    return found
