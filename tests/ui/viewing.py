"""What the tests of single views share: a page with just that view, served to a browser that may go nowhere else."""

from __future__ import annotations

import gc
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import gradio as gr
import pytest
from playwright.sync_api import Page, Request, Route, sync_playwright

from qa.ui.page import launch_options

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
             "--disable-sync"]  # fmt: skip

needs_browser = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore"),  # those of Gradio, which is served from this process
    pytest.mark.skipif(
        CHROMIUM is None and os.environ.get("QA_REQUIRE_BROWSER") != "1",
        reason="no Chromium on this machine (QA_REQUIRE_BROWSER=1 makes this a failure)",
    ),
]

HOSTILE = "<img src=x onerror=window.pwned=1> *stars* ${1+1} {{value}} </script>"


class View(Protocol):
    """What a tab's class looks like."""

    def layout(self) -> None: ...
    def wire(self, page: gr.Blocks) -> None: ...


@contextmanager
def served(view: View, state: gr.State, style: Path) -> Iterator[str]:
    """The address of a page that shows nothing but this view."""
    with gr.Blocks(analytics_enabled=False, fill_width=True) as page:
        state.render()  # type: ignore[no-untyped-call]
        view.layout()
        view.wire(page)
    page.queue(default_concurrency_limit=8, api_open=False)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = launch_options()
    options["css"] += style.read_text(encoding="utf-8")
    page.launch(server_name="127.0.0.1", server_port=port, prevent_thread_lock=True, quiet=True, **options)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        page.close(verbose=False)
        del page
        gc.collect()  # Gradio leaves loops and sockets to the collector; here their warnings are expected


@contextmanager
def opened(address: str, *, width: int = 1280, scheme: str = "light") -> Iterator[Page]:
    """The page in a browser; what would leave the machine is stopped, noted, and a failure, as is a broken script."""
    left: list[str] = []
    broken: list[str] = []

    def guard(route: Route, request: Request) -> None:
        if request.url.startswith((f"{address}/", "data:", "blob:")):
            route.continue_()
        else:
            left.append(request.url)
            route.abort()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        dark = scheme == "dark"
        context = browser.new_context(
            viewport={"width": width, "height": 860}, color_scheme="dark" if dark else "light", accept_downloads=True
        )
        context.route("**/*", guard)
        page = context.new_page()
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.goto(address)
        yield page
        assert page.evaluate("window.pwned") is None
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert left == []
        assert broken == []
        browser.close()
