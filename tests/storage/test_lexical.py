"""The BM25 index in its folder, while other processes put later ones in place."""

from __future__ import annotations

from pathlib import Path

import pytest
import tantivy

from qa.storage.derived import State
from qa.storage.lexical import LexicalIndex

TEXTS = [(1, "Calcinosis in scleroderma"), (2, "Gout in adults")]


@pytest.mark.parametrize("ending", ["pos", "idx", "term", "fast", "fieldnorm", "store"])
def test_an_index_that_is_let_go_of_while_it_is_opened_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    LexicalIndex(tmp_path).add(TEXTS, State(1, "a"))

    class Late:
        @staticmethod
        def open(path: str) -> tantivy.Index:
            (file,) = Path(path).glob(f"*.{ending}")
            file.unlink()
            return real.open(path)

    real = tantivy.Index
    monkeypatch.setattr(tantivy, "Index", Late)
    reader = LexicalIndex(tmp_path)
    reader.load(lambda state: True)
    assert reader.generation == 0
    assert reader.search(["gout"], 1) == []
    assert reader.frequency("gout") == 0
