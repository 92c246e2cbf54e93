"""A suite of our own, small enough to be judged by eye."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import RECORDS

if TYPE_CHECKING:
    from qa.embedding import Embedder

#: Question, the record that answers, and the words in it that do.
ASKED = {
    "beetles": ("How many fewer beetles live in lit parks?", "doi:10.1000/beetle", "Lit parks held forty percent"),
    "honey": ("Does honey shorten cough in children?", "pmid:900001", "Honey shortened night cough"),
    "carbon": ("Where does seagrass bury carbon?", "pmid:900002", "Seagrass buries carbon in the sea floor."),
    "healing": ("How much weaker was the skin of sleepless rats?", "pmid:900003", "Skin tensile strength fell"),
}

WriteSuite = Callable[..., Path]


@pytest.fixture
def one_model(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Libraries that are opened anew share the loaded model."""
    monkeypatch.setattr("qa.embedding.open_embedder", lambda *_, **__: embedder)


@pytest.fixture
def few_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four off-topic questions do where it is not their number that matters."""
    from qa.evaluation import everyday, own

    monkeypatch.setattr(own, "QUESTIONS", everyday.QUESTIONS[:4])
    monkeypatch.setattr(everyday, "QUESTIONS", everyday.QUESTIONS[:4])


@pytest.fixture
def write_suite(tmp_path: Path) -> WriteSuite:
    """Writes the suite; a file's text can be replaced, or left out (None), by its stem."""

    def write(name: str = "small", **replaced: str | None) -> Path:
        texts: dict[str, Any] = {record["id"]: record.get("abstract", "") for record in RECORDS}
        files: dict[str, str | None] = {
            "corpus.jsonl": _lines(
                {"_id": r["id"], "title": r["title"], "text": texts[r["id"]]} | _sections(r) for r in RECORDS
            ),
            "queries.jsonl": _lines({"_id": key, "text": question} for key, (question, _, _) in ASKED.items()),
            "qrels.tsv": "query-id\tcorpus-id\tscore\n"
            + "".join(f"{key}\t{record}\t1\n" for key, (_, record, _) in ASKED.items()),
            "spans.tsv": "query-id\tcorpus-id\tstart\tend\n"
            + "".join(
                f"{key}\t{record}\t{(start := texts[record].index(words))}\t{texts[record].index('.', start) + 1}\n"
                for key, (_, record, words) in ASKED.items()
            ),
        }
        folder = tmp_path / name
        folder.mkdir()
        for stem, text in replaced.items():
            known = [file for file in files if file.startswith(f"{stem}.")]
            files[known[0] if known else f"{stem}.jsonl"] = text
        for file, text in files.items():
            if text is not None:
                (folder / file).write_text(text, encoding="utf-8", newline="")
        return folder

    return write


def _sections(record: dict[str, Any]) -> dict[str, Any]:
    return {"sections": record["sections"]} if "sections" in record else {}


def _lines(objects: Any) -> str:
    return "".join(json.dumps(one) + "\n" for one in objects)
