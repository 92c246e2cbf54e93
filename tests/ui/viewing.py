"""What the tests of single views share: a page with just that view, served to a browser that may go nowhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import gradio as gr
from playwright.sync_api import Browser, Page, Request, Route

from qa import Library
from qa.ui.libraries import Libraries
from qa.ui.page import launch_options
from tests.ui.conftest import NEEDS_BROWSER, free_port, running

needs_browser = NEEDS_BROWSER

HOSTILE = "<img src=x onerror=window.pwned=1> *stars* ${1+1} {{value}} </script>"


#: The views by name: module and class.
VIEWS = {"shelf": "Shelf", "grid": "Compare", "look": "Look"}


def serve(name: str, folder: str, port: int) -> None:
    """Serve a page that shows nothing but one view of a library, until the process is ended."""
    module = import_module(f"qa.ui.{name}")
    library = gr.State("", render=False)
    view = getattr(module, VIEWS[name])(Libraries(Library.open(folder)), library)
    with gr.Blocks(analytics_enabled=False, fill_width=True) as page:
        library.render()  # type: ignore[no-untyped-call]
        view.layout()
        view.wire(page.load)
    page.queue(default_concurrency_limit=8, api_open=False)
    options = launch_options()
    page.launch(server_name="127.0.0.1", server_port=port, quiet=True, **options)


@contextmanager
def served(name: str, library: Library, scratch: Path) -> Iterator[str]:
    """The address of a view of a library, served by a process of its own."""
    port = free_port()
    with running(["-m", "tests.ui.viewing", name, str(library.folder), str(port)], scratch, port) as address:
        yield address


@contextmanager
def opened(browser: Browser, address: str, *, width: int = 1280, scheme: str = "light") -> Iterator[Page]:
    """The page in a browser; what would leave the machine is stopped, noted, and a failure, as is a broken script."""
    left: list[str] = []
    broken: list[str] = []

    def guard(route: Route, request: Request) -> None:
        if request.url.startswith((f"{address}/", "data:", "blob:")):
            route.continue_()
        else:
            left.append(request.url)
            route.abort()

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
    context.close()


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2], int(sys.argv[3]))
