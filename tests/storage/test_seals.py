"""The seal of a file: whatever was changed in it is noticed, as far as is promised."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.storage import seals


@given(st.binary(max_size=200), st.data())
def test_any_changed_byte_breaks_it(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("seal") / "file"
    path.write_bytes(content)
    assert not seals.holds(path)
    seals.seal(path)
    sealed = path.read_bytes()
    assert sealed.startswith(content)
    assert seals.holds(path)
    at = data.draw(st.integers(0, len(sealed) - 1))
    path.write_bytes(sealed[:at] + bytes([sealed[at] ^ data.draw(st.integers(1, 255))]) + sealed[at + 1 :])
    assert not seals.holds(path)
    path.write_bytes(sealed[:at])
    assert not seals.holds(path)
    path.write_bytes(sealed + b"\0")
    assert not seals.holds(path)


def test_of_a_large_file_opening_reads_the_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("BLOCK", 16), ("WHOLE", 64), ("ENDS", 32)):
        monkeypatch.setattr(seals, name, value)
    path = tmp_path / "file"
    path.write_bytes(bytes(range(200)))
    seals.seal(path)
    sealed = path.read_bytes()
    for at, noticed in ((0, True), (31, True), (32, False), (100, False), (175, False), (176, True), (199, True)):
        path.write_bytes(sealed[:at] + b"\xff" + sealed[at + 1 :])
        assert seals.holds(path) is not noticed
        assert not seals.holds(path, whole=True)
