"""Known vulnerabilities: one fails, none passes, a service that is not there is said; against a server of our own."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

ROOT = Path(__file__).parent.parent

#: One package, as the lock file has them; its hash is looked at by nobody here.
LOCK = f"lxml==6.0.0 \\\n    --hash=sha256:{'0' * 64}\nrich==14.0.0 \\\n    --hash=sha256:{'1' * 64}\n"

KNOWN = {
    "id": "PYSEC-2099-1", "summary": "Reads what it should not.",
    "modified": "2099-01-01T00:00:00Z", "published": "2099-01-01T00:00:00Z",
    "affected": [{"package": {"name": "lxml", "ecosystem": "PyPI"},
                  "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "6.0.1"}]}]}],
}  # fmt: skip


class Service(BaseHTTPRequestHandler):
    """OSV's API, as far as it is asked: POST of a package and a version."""

    known: dict[str, Any] | None = None
    status = 200
    asked: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        question = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.asked.append(question)
        hit = self.known is not None and question["package"]["name"] == "lxml"
        body = json.dumps({"vulns": [self.known]} if hit else {}).encode()
        self.send_response(self.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    Service.known, Service.status = None, 200
    Service.asked.clear()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1/query"
    server.shutdown()
    thread.join()
    server.server_close()


def audit(tmp_path: Path, url: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "lock").write_text(LOCK)
    command = [sys.executable, str(ROOT / ".ci" / "audit.py"), "--url", url, "--lock", str(tmp_path / "lock")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_no_known_vulnerability_passes(tmp_path: Path, service: str) -> None:
    done = audit(tmp_path, service)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 of 2 packages looked up: 0 known" in done.stdout
    assert {one["package"]["name"] for one in Service.asked} == {"lxml", "rich"}


def test_a_known_vulnerability_fails(tmp_path: Path, service: str) -> None:
    Service.known = KNOWN
    done = audit(tmp_path, service)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "lxml 6.0.0: PYSEC-2099-1 (mended in 6.0.1)" in done.stdout


def test_a_service_that_refuses_is_said(tmp_path: Path, service: str) -> None:
    Service.status = 503
    done = audit(tmp_path, service)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "cannot be reached; nothing was looked up" in done.stdout


def test_a_service_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = audit(tmp_path, "http://127.0.0.1:9/v1/query")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "cannot be reached; nothing was looked up" in done.stdout


def test_what_is_no_lock_file_fails(tmp_path: Path, service: str) -> None:
    command = [sys.executable, str(ROOT / ".ci" / "audit.py"), "--url", service, "--lock", str(tmp_path / "nowhere")]
    assert subprocess.run(command, capture_output=True, text=True, check=False).returncode == 2
