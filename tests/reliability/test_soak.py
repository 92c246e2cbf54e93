"""A server that is used by several people at once: nothing fails, and nothing is left behind.

Half a minute here; `python -m benchmarks.reliability.soak` takes an hour, and looks at memory, which has to warm up.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.reliability import soak


@pytest.mark.soak
def test_a_server_in_use_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(soak.ALLOWED, "memory, MB", 400.0)  # Gradio keeps the state of 256 tabs, which fills up first
    result = soak.run(30, 3, tmp_path)
    assert result["failures"] == []
    assert result["done"]["ask"] > 5
    assert result["done"]["add"] > 1


def test_a_leak_would_be_noticed() -> None:
    steady = dict.fromkeys(soak.ALLOWED, 10.0)
    found = soak.gained([{**steady, "threads": float(number)} for number in range(100)])
    assert found["threads"]["late"] - found["threads"]["early"] > soak.ALLOWED["threads"]
    assert found["open files"] == {"early": 10.0, "late": 10.0, "most": 10.0}
