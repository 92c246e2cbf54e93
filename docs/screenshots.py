"""Makes docs/screenshots/*.png: python docs/screenshots.py [FILE …]. Needs Chromium; the files are uploaded."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, expect, sync_playwright

REPOSITORY = Path(__file__).parents[1]
FOLDER = Path(__file__).parent / "screenshots"
QUESTION = "How common is calcinosis in systemic sclerosis?"

# What a person drops in when the command line names no file: one good export, and one that is none.
EXPORT = """PMID- 11111111
TI  - A record of somebody's own.
AB  - This abstract stands for one that you hold. It was written for this picture.
FAU - Doe, Jo
JT  - Journal of examples
DP  - 2020 May
"""


def main() -> None:
    """Serve a new library, visit it, and take the pictures."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [Path(file) for file in sys.argv[1:]] or drops(folder)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "app.py", "--library", str(folder / "library"), "--port", str(port)]
        environment = {**os.environ, "GRADIO_TEMP_DIR": str(folder / "uploads")}
        with subprocess.Popen(command, cwd=REPOSITORY, env=environment) as server:  # noqa: S603 (our own program)
            try:
                wait(port)
                with sync_playwright() as playwright:
                    browser = playwright.chromium.launch(
                        executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
                    )
                    visit(browser, f"http://127.0.0.1:{port}", files)
                    first_visit(browser, f"http://127.0.0.1:{port}", review(folder))
            finally:
                server.terminate()


def drops(folder: Path) -> list[Path]:
    """The files that are dropped in."""
    good, bad = folder / "export.nbib", folder / "article.pdf"
    good.write_text(EXPORT, encoding="utf-8")
    bad.write_bytes(b"%PDF-1.7\n")
    return [good, bad]


def review(folder: Path) -> Path:
    """A file of records such as somebody might have collected for a review: the digests, under names of their own."""
    file = folder / "calcinosis and search.jsonl"
    lines = (REPOSITORY / "examples" / "digests.jsonl").read_text(encoding="utf-8").splitlines()
    with file.open("w", encoding="utf-8") as out:
        for number, line in enumerate(lines):
            title = json.loads(line)["title"].removeprefix("Digest: ").removeprefix("Digest of: ")
            record = {
                **json.loads(line),
                "id": f"review:{number}",
                "publication_types": [],
                "title": title[:1].upper() + title[1:],
            }
            out.write(json.dumps(record) + "\n")
    return file


def wait(port: int) -> None:
    """Until the page is served."""
    for _ in range(300):
        try:
            urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return


def opened(browser: Browser, address: str, width: int = 1280, height: int = 860, dark: bool = False) -> Page:
    """The page, with the examples read."""
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", device_scale_factor=1.5
    )
    page.goto(address)
    expect(page.locator("#chips button").first).to_be_visible(timeout=60_000)
    expect(page.locator("#status")).not_to_contain_text(
        re.compile("Reading the examples|not embedded yet"), timeout=60_000
    )
    return page


def ask(page: Page, question: str = QUESTION) -> None:
    """A question, and its answer on the screen."""
    box = page.get_by_label("Your question")
    box.fill(question)
    box.press("Enter")
    expect(page.locator(".qa-citation").last).to_be_visible(timeout=60_000)
    page.wait_for_timeout(600)


def visit(browser: Browser, address: str, files: list[Path]) -> None:
    """Every view, once."""
    page = opened(browser, address)
    page.screenshot(path=FOLDER / "start.png")
    ask(page)
    page.screenshot(path=FOLDER / "answer.png")
    page.locator(".qa-citation .qa-open").first.click()
    expect(page.get_by_role("heading", name="Similar sentences")).to_be_visible(timeout=20_000)
    page.wait_for_timeout(200)
    page.screenshot(path=FOLDER / "abstract.png")
    page.close()

    page = opened(browser, address, dark=True)
    ask(page, "How does reciprocal rank fusion combine rankings?")
    page.locator(".qa-citation .qa-open").first.click()
    expect(page.get_by_role("heading", name="Similar sentences")).to_be_visible(timeout=20_000)
    page.wait_for_timeout(200)
    page.screenshot(path=FOLDER / "dark.png")
    page.close()

    page = opened(browser, address, 390, 844)
    ask(page)
    page.screenshot(path=FOLDER / "phone.png")
    page.close()

    page = opened(browser, address)
    page.get_by_role("tab", name="Look").click()
    expect(page.locator("#look-map svg").first).to_be_visible(timeout=60_000)
    page.locator("#look-question textarea, #look-question input").first.fill(QUESTION)
    page.locator("#look-go").click()
    expect(page.locator("#look-hits svg").first).to_be_visible(timeout=60_000)
    page.wait_for_timeout(600)
    page.screenshot(path=FOLDER / "look.png", full_page=True)
    page.get_by_role("tab", name="Compare").click()
    page.locator("#grid-questions textarea").fill(
        "How is calcinosis treated?\nHow common is calcinosis?\nWhat is BM25?"
    )
    page.locator("#grid-go").click()
    expect(page.locator("#grid-table table")).to_be_visible(timeout=120_000)
    page.wait_for_timeout(600)
    page.screenshot(path=FOLDER / "compare.png")
    page.get_by_role("tab", name="Library").click()
    expect(page.locator("#shelf-table table")).to_be_visible(timeout=60_000)
    page.wait_for_timeout(600)
    page.screenshot(path=FOLDER / "library.png", full_page=True)
    page.close()

    page = opened(browser, address)
    page.locator("#drop input[type=file]").set_input_files(files)
    expect(page.locator("#ledger .qa-counts")).to_be_visible(timeout=600_000)
    expect(page.get_by_role("button", name="Remove the examples")).to_be_visible(timeout=20_000)
    ask(page)
    page.screenshot(path=FOLDER / "upload.png")
    page.close()


def first_visit(browser: Browser, address: str, file: Path) -> None:
    """From an empty library to an answer in a file: visit-1.png … visit-6.png."""
    page = opened(browser, address, 1100, 760)
    page.get_by_role("tab", name="Library").click()
    page.get_by_role("button", name="New library").click()
    page.get_by_label("Name of the new library").fill("My review")
    page.get_by_role("button", name="Create").click()
    expect(page.locator("#shelf-created")).to_contain_text("is made", timeout=60_000)
    page.get_by_role("tab", name="Ask").click()
    expect(page.locator(".qa-invite")).to_be_visible(timeout=60_000)
    page.wait_for_timeout(400)
    page.screenshot(path=FOLDER / "visit-1.png")
    page.locator("#drop input[type=file]").set_input_files([file])
    expect(page.locator("#ledger .qa-counts")).to_be_visible(timeout=120_000)
    expect(page.locator("#status")).to_contain_text("24 records", timeout=60_000)
    expect(page.locator("#status")).not_to_contain_text("not embedded yet", timeout=120_000)
    expect(page.locator("#chips button").first).to_be_visible(timeout=60_000)
    page.wait_for_timeout(400)
    page.screenshot(path=FOLDER / "visit-2.png")
    ask(page)
    page.screenshot(path=FOLDER / "visit-3.png")
    ask(page, "How is it treated?")
    page.screenshot(path=FOLDER / "visit-4.png")
    page.locator(".qa-turn").last.locator(".qa-open").first.click()
    expect(page.get_by_role("heading", name="Similar sentences")).to_be_visible(timeout=60_000)
    page.wait_for_timeout(400)
    page.screenshot(path=FOLDER / "visit-5.png")
    page.keyboard.press("Escape")
    page.locator(".qa-turn").last.get_by_text("Export", exact=True).click()
    page.wait_for_timeout(400)
    page.screenshot(path=FOLDER / "visit-6.png")
    page.close()


if __name__ == "__main__":
    main()
