from __future__ import annotations

from collections.abc import Callable

import pytest

from qa import Library
from qa.verifying.finding import Finding

Check = Callable[[str], Finding]


@pytest.fixture
def check(filled: Library) -> Check:
    """What is found of a text that is one piece."""

    def check(text: str) -> Finding:
        (finding,) = filled.verify(text).findings
        return finding

    return check
