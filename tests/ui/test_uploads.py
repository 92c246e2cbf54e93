"""What came through the page leaves nothing behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qa.ui import uploads


def test_a_copy_goes_with_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    file = uploads.pasted("Smith A. Honey. 2020.")
    assert file.read_text(encoding="utf-8") == "Smith A. Honey. 2020."
    uploads.discard([file])
    assert not file.parent.exists()
    twice = tmp_path / "hash"
    twice.mkdir()
    for name in ("one", "other"):
        (twice / name).touch()
    uploads.discard([twice / "one"])
    assert [path.name for path in twice.iterdir()] == ["other"]
    uploads.discard([twice / "other"])
    uploads.discard([twice / "other"])
    assert not twice.exists()


def test_forgotten_empty_files_go_and_no_others(tmp_path: Path) -> None:
    for name, content in (("tmpold", b""), ("tmpyoung", b""), ("tmpfull", b"x"), ("other", b"")):
        (tmp_path / name).write_bytes(content)
    for name in ("tmpold", "tmpfull", "other"):
        os.utime(tmp_path / name, (0, 0))
    uploads.sweep(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"tmpyoung", "tmpfull", "other"}
