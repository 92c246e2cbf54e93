"""The trials let a process commit a few records at a time; in this one that ends with the test."""

from __future__ import annotations

import pytest

from qa import indexing


@pytest.fixture(autouse=True)
def batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("qa.intake.batches", "qa.reindexing"):
        monkeypatch.setattr(f"{module}.BATCH", indexing.BATCH)
