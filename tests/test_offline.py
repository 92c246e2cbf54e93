"""Only `qa fetch` touches the network."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

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


def guarded(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("HF_HUB_OFFLINE",)}
    command = [sys.executable, "-c", GUARDED, "--library", str(folder / "library"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=QA.parent)


def test_no_other_command_touches_the_network(tmp_path: Path, records_file: Path) -> None:
    for arguments in (
        ["add", str(records_file)],
        ["ask", "Does honey shorten cough?"],
        ["search", "beetles"],
        ["search", "--records", "beetles"],
        ["list"],
        ["show", "pmid:900001"],
        ["info"],
        ["remove", "pmid:900001"],
    ):
        done = guarded(tmp_path, *arguments)
        assert "touched the network" not in done.stderr, arguments
        assert done.returncode == 0, (arguments, done.stderr)


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
