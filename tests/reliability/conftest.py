"""The trials let a process commit a few records at a time; in this one that ends with the test."""

from __future__ import annotations

import pytest

from qa import indexing, intake, reindexing


@pytest.fixture(autouse=True)
def batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (intake, reindexing):
        monkeypatch.setattr(module, "BATCH", indexing.BATCH)
