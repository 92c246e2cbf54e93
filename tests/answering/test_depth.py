"""How far down the sentences of records are weighed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qa import Library
from qa.answering import ranking
from tests.conftest import write_jsonl


@pytest.mark.parametrize(("tells", "most"), [(True, ranking.DEPTH), (False, ranking.WIDE)])
def test_more_records_are_weighed_where_a_question_tells_no_record_from_another(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tells: bool, most: int
) -> None:
    records = [
        {"id": f"test:{n}", "title": f"Wombats {n}", "abstract": f"Causes of mange were proposed {n} times."}
        for n in range(60)
    ]
    library.add(write_jsonl(tmp_path / "many.jsonl", records))
    weighed: list[int] = []
    rank = ranking.rank

    def counted(question: Any, considered: Any, *rest: Any) -> Any:
        weighed.append(len(considered))
        return rank(question, considered, *rest)

    monkeypatch.setattr("qa.answering.search.rank", counted)
    monkeypatch.setattr(ranking, "_tells", lambda _: tells)
    library.ask("Which causes of mange have been proposed?")
    assert weighed == [most]
