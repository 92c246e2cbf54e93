"""Who may use the page: hashed passwords, each person's own conversations, nobody else let in."""

from __future__ import annotations

import io
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.cli import main
from qa.errors import QAError
from qa.ui import passwords
from qa.ui.server import is_own


@settings(max_examples=10, deadline=None)
@given(st.text(min_size=8, max_size=80), st.text(max_size=80))
def test_only_the_password_that_was_hashed_is_right(password: str, other: str) -> None:
    name, _, hashed = passwords.line("ada", password).partition(":")
    assert name == "ada"
    assert password not in hashed
    assert passwords.matches(hashed, password)
    assert passwords.matches(hashed, other) is (other == password)


def test_the_same_password_twice_looks_different() -> None:
    assert passwords.line("ada", "long enough") != passwords.line("ada", "long enough")


@pytest.mark.parametrize(("name", "password"), [("", "long enough"), ("a b", "long enough"), ("a:b", "long enough"),
                                                ("#x", "long enough"), ("ada", "short")])  # fmt: skip
def test_what_is_no_name_and_no_password(name: str, password: str) -> None:
    with pytest.raises(QAError):
        passwords.line(name, password)


def test_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "DELAY", 0.0)
    path = tmp_path / "people"
    path.write_text(
        f"# who may come in\n\n{passwords.line('ada', 'first secret')}\n{passwords.line('ben', 'second one')}\n"
    )
    check = passwords.checker(passwords.read(path))
    assert check("ada", "first secret")
    assert check("ben", "second one")
    for name, password in (("ada", "second one"), ("cyd", "first secret"), ("", ""), ("ada", "")):
        assert not check(name, password)


@pytest.mark.parametrize("text", ["", "# nobody\n", "ada:secret\n", "ada\n", "a b:scrypt$1$1$1$aa$aa\n"])
def test_what_is_no_such_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "people"
    path.write_text(text)
    with pytest.raises(QAError, match="people"):
        passwords.read(path)
    with pytest.raises(QAError, match="cannot be read"):
        passwords.read(tmp_path / "nowhere")


def test_the_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("first secret\n"))
    assert main(["password", "ada"]) == 0
    made = capsys.readouterr().out
    (tmp_path / "people").write_text(made)
    assert passwords.matches(passwords.read(tmp_path / "people")["ada"], "first secret")


OWN = ("127.0.0.1", "::1", "localhost", "127.9.9.9")
OTHERS = ("0.0.0.0", "::", "192.168.1.4", "example.org")


@pytest.mark.parametrize(("host", "own"), [*((one, True) for one in OWN), *((one, False) for one in OTHERS)])
def test_which_addresses_are_this_machine_s(host: str, own: bool) -> None:
    assert is_own(host) is own


def test_nobody_comes_in_without_a_password(tmp_path: Path) -> None:
    (tmp_path / "people").write_text(passwords.line("ada", "first secret") + "\n")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "qa", "--library", str(tmp_path / "library"), "chat", "--host", "0.0.0.0"]
    command += ["--port", str(port), "--auth", str(tmp_path / "people"), "--max-upload", "1"]
    environment = {**os.environ, "GRADIO_TEMP_DIR": str(tmp_path / "uploads")}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                wait(client)
                page = client.get("/")
                assert "Your question" not in page.text
                for path in ("/config", "/gradio_api/info", "/gradio_api/queue/status"):
                    assert client.get(path).status_code == 401
                assert client.post("/login", data={"username": "ada", "password": "wrong"}).status_code == 400
                assert client.post("/login", data={"username": "ada", "password": "first secret"}).status_code == 200
                assert client.get("/config").status_code == 200
                upload = client.post("/gradio_api/upload", files={"files": ("big.ris", b"x" * 1_500_000)})
                assert upload.status_code == 413
        finally:
            server.terminate()
            _, said = server.communicate(timeout=30)
    assert "there is no password" not in said


def wait(client: httpx.Client) -> None:
    for _ in range(240):
        try:
            client.get("/")
        except httpx.TransportError:
            time.sleep(0.25)
        else:
            return
    pytest.fail("the page never came up")


def test_an_open_door_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:  # so that it stops before anything is served
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [
            sys.executable,
            "-m",
            "qa",
            "--library",
            str(tmp_path / "l"),
            "chat",
            "--host",
            "0.0.0.0",
            "--port",
            port,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert re.search("there is no password: whoever reaches it", done.stderr)
