"""What people said of sentences, as a suite for ``qa eval``: see ``qa.evaluation.suite`` for the layout.

A sentence that was called right makes its record relevant (grade 1), and its characters, where it stands in the
abstract, an answer. One that was called no answer makes its record not relevant (grade 0), unless another of its
sentences was called right. Of two people who say different things of the same sentence, the last one counts.
``judgements.jsonl`` holds all that was said; the suite's reader passes over it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence

from qa.export.escaping import utf8
from qa.schema import Judgement, Record


def write(judgements: Iterable[Judgement], records: Sequence[Record]) -> dict[str, bytes]:
    """The suite's files by name. ``records`` become its corpus; a judgement on any other record is left out of it.

    Left out too is one on a sentence that no longer stands in its record: its offsets would point at other words.
    """
    given = list(judgements)
    held = {record.id: record for record in records}
    last = {
        (_question_id(one.question), one.record_id, one.field, one.start, one.end): one
        for one in given
        if _stands(one, held.get(one.record_id))
    }
    questions = {known: one.question for (known, *_), one in last.items()}
    grades: dict[tuple[str, str], int] = {}
    spans = []
    for (known, record_id, field, start, end), one in last.items():
        right = one.verdict == "right"
        grades[known, record_id] = max(grades.get((known, record_id), 0), int(right))
        if right and field == "abstract":
            spans.append((known, record_id, start, end))
    return {
        "corpus.jsonl": _lines(_corpus(record) for record in records),
        "queries.jsonl": _lines({"_id": known, "text": text} for known, text in questions.items()),
        "qrels.tsv": _table(("query-id", "corpus-id", "score"), ((*pair, grade) for pair, grade in grades.items())),
        "spans.tsv": _table(("query-id", "corpus-id", "start", "end"), spans),
        "judgements.jsonl": _lines(_said(one) for one in given),
    }


def _stands(one: Judgement, record: Record | None) -> bool:
    return record is not None and getattr(record, one.field)[one.start : one.end] == one.text


def _question_id(question: str) -> str:
    """The same question has the same id, whoever asked it and when."""
    return "q" + hashlib.sha256(" ".join(question.casefold().split()).encode("utf-8", "replace")).hexdigest()[:12]


def _corpus(record: Record) -> dict[str, object]:
    # Sections are written even when there are none, or reading would look for headings in the text.
    sections = record.to_dict().get("sections", [])
    return {"_id": record.id, "title": record.title, "text": record.abstract, "sections": sections}


def _said(one: Judgement) -> dict[str, object]:
    names = ("answer_id", "question", "record_id", "field", "start", "end", "text", "verdict", "owner")
    return {**{name: getattr(one, name) for name in names}, "at": one.at.isoformat()}


def _lines(rows: Iterable[dict[str, object]]) -> bytes:
    return utf8("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    return utf8("".join("\t".join(map(str, row)) + "\n" for row in (columns, *rows)))
