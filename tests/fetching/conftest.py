from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fetching.eutils import Server, serving


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("NCBI_EMAIL", "NCBI_API_KEY", "NCBI_EUTILS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as server:
        yield server
