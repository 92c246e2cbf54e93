"""What anybody can send to the page or give to `qa verify`: an answer or a sentence, and nothing that is another's.

A sample here; `python -m benchmarks.reliability.hostile_page` and `hostile_texts` send many.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.reliability import hostile_page, hostile_texts


def test_the_page_gives_nothing_away_and_goes_on(tmp_path: Path) -> None:
    result = hostile_page.run(1, 3, tmp_path)
    assert result["failures"] == []
    assert result["requests"]["event"] > 60


def test_what_is_verified_gets_a_result_or_a_sentence(tmp_path: Path) -> None:
    result = hostile_texts.run(150, 3, tmp_path, longest=100_000)
    assert result["failures"] == []
    assert set(result["came of it"]) == {"receipt", "said", "text"}
