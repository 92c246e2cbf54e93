"""Only `qa fetch` touches the network."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qa import Library

QA = Path(__file__).parent.parent / "qa"

#: What opens connections, and the rooms that may: one fetches, one serves the page on this machine.
NETWORK = {"socket", "ssl", "http", "urllib", "ftplib", "smtplib", "httpx", "requests", "aiohttp", "Bio"}
ROOMS = {"fetching", "ui"}

#: Runs a command with every look-up and every internet socket refused, by the interpreter itself.
GUARDED = """
import socket, sys

def refuse(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto") or (
        event == "socket.__new__" and arguments[1] in (socket.AF_INET, socket.AF_INET6)
    ):
        raise RuntimeError(f"touched the network: {event} {arguments}")

sys.addaudithook(refuse)
from qa.cli import main
sys.exit(main(sys.argv[1:]))
"""


#: Serves the page and asks it over the loopback interface; every other address, and every look-up, is refused.
SERVED = """
import json, socket, sys, threading, urllib.request

def own(address):
    return address in ("", None, "localhost", "0.0.0.0") or str(address).startswith("127.") or address == "::1"

def refuse(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname") and not own(arguments[0]):
        raise RuntimeError(f"touched the network: {event} {arguments}")
    if event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple) and not own(arguments[1][0]):
        raise RuntimeError(f"touched the network: {event} {arguments}")

sys.addaudithook(refuse)
from qa import Library
from qa.ui.server import serve

with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
library = Library.open(sys.argv[1])
page = serve(library, port=port, block=False)
home = f"http://127.0.0.1:{port}/"
text = urllib.request.urlopen(home).read().decode()
urllib.request.urlopen(home + "config").read()
answer = library.ask("Does honey shorten cough?")
print(json.dumps({"page": len(text), "citations": len(answer.citations)}))
page.close()
for thread in threading.enumerate():  # what is cut off within ONNX Runtime ends the process with a signal
    if thread.name == "warm":
        thread.join(60)
"""


def guarded(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("HF_HUB_OFFLINE",)}
    command = [sys.executable, "-c", GUARDED, "--library", str(folder / "library"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=QA.parent)


def test_no_other_command_touches_the_network(tmp_path: Path, records_file: Path) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text("“Honey shortened night cough by 1.5 days (p < 0.05).”", encoding="utf-8")
    for arguments in (
        ["add", str(records_file)],
        ["ask", "Does honey shorten cough?"],
        ["search", "beetles"],
        ["search", "--records", "beetles"],
        ["list"],
        ["show", "pmid:900001"],
        ["info"],
        ["verify", str(draft)],
        ["ask", "Does honey shorten cough?", "--receipt", str(tmp_path / "receipt.json")],
        ["verify", str(tmp_path / "receipt.json")],
        ["compare", "--question", "Does honey shorten cough?"],
        ["cite", "pmid:900001"],
        ["export", str(tmp_path / "all.ris"), "--all"],
        ["duplicates"],
        ["ledger"],
        ["doctor"],
        ["backup", str(tmp_path / "backup.zip")],
        ["reindex"],
        ["remove", "pmid:900001"],
        ["restore", str(tmp_path / "backup.zip"), "--force"],
    ):
        done = guarded(tmp_path, *arguments)
        assert "touched the network" not in done.stderr, arguments
        assert done.returncode == 0, (arguments, done.stderr)


def test_the_page_touches_no_other_machine(tmp_path: Path, filled: Library) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("HF_HUB_OFFLINE",)}
    command = [sys.executable, "-c", SERVED, str(filled.folder)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=QA.parent)
    assert "touched the network" not in done.stdout + done.stderr
    assert done.returncode == 0, done.stderr
    told = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("{")))
    assert told["page"] > 1000
    assert told["citations"]


def test_the_guard_guards(tmp_path: Path) -> None:
    assert "touched the network" in guarded(tmp_path, "fetch", "calcinosis").stderr


@pytest.mark.parametrize("path", sorted(QA.rglob("*.py")), ids=lambda path: str(path.relative_to(QA)))
def test_no_other_room_knows_how_to(path: Path) -> None:
    if path.relative_to(QA).parts[0] in ROOMS:
        return
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    assert not {name.split(".")[0] for name in names} & NETWORK - {"urllib"} | names & {"urllib.request"}
