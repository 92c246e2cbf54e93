"""A suite: a folder of records, questions, and judgements which records and which characters answer them.

    corpus.jsonl        {"_id", "title", "text"[, "sections"]}   the records (this and the next two in BEIR's layout)
    queries.jsonl       {"_id", "text"}                          the questions
    qrels.tsv           query-id, corpus-id, score               which records answer
    spans.tsv           query-id, corpus-id, start, end          which characters of "text" answer (may be left out)
    unanswerable.jsonl  {"_id", "text"}                          what the records cannot answer (may be left out)

A mistake in any of them is a ReadingError with file and line: a number measured on half a suite is worse than none.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from qa import reading
from qa.errors import Broken, ReadingError, UnknownFormat
from qa.reading.source import Source
from qa.schema import Record, Skip

_NUMBER = re.compile(r"-?[0-9]{1,9}")  # int() would take "1_0" and other scripts' digits as well


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` of a record's abstract that answer a question."""

    record_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Suite:
    """What is in a suite's folder. ``judgements`` and ``spans`` are by question id; grades above 0 are relevant.

    ``records`` gives the number of characters of each record's text; ``fingerprint`` changes when any file does.
    """

    name: str
    corpus: Path
    records: dict[str, int]
    questions: dict[str, str]
    judgements: dict[str, dict[str, int]]
    spans: dict[str, list[Span]]
    fingerprint: str
    unanswerable: dict[str, str] = field(default_factory=dict)

    @property
    def judged(self) -> list[str]:
        """The ids of the questions that something is known about, in the suite's order."""
        return [question for question in self.questions if question in self.judgements or question in self.spans]

    def stranger(self, other: Suite) -> dict[str, str]:
        """The questions of another suite that this one's records cannot be expected to answer.

        None where the two share records to speak of (such as two versions of one suite) or questions.
        """
        shared = self.records.keys() & other.records.keys()
        if 10 * len(shared) > min(len(self.records), len(other.records)):
            return {}
        asked = {text.casefold() for text in self.questions.values()}
        if any(text.casefold() in asked for text in other.questions.values()):
            return {}
        return {f"{other.name}/{question}": other.questions[question] for question in other.judged}


def load(folder: str | os.PathLike[str]) -> Suite:
    """The suite in a folder; ReadingError with file and line for anything in it that cannot be right."""
    where = Path(folder)
    if not where.is_dir():
        what = "is a file; name the suite's folder" if where.exists() else "there is no such folder. Check the name"
        raise ReadingError(where, f"{what}.")
    corpus, queries = where / "corpus.jsonl", where / "queries.jsonl"
    qrels, spans, unanswerable = where / "qrels.tsv", where / "spans.tsv", where / "unanswerable.jsonl"
    records = _records(corpus)
    questions = _questions(queries)
    suite = Suite(
        name=where.resolve().name,
        corpus=corpus,
        records=records,
        questions=questions,
        judgements=_judgements(qrels, questions, records),
        spans=_spans(spans, questions, records) if spans.exists() else {},
        fingerprint=_fingerprint(path for path in (corpus, queries, qrels, spans) if path.exists()),
        unanswerable=_questions(unanswerable) if unanswerable.exists() else {},
    )
    if not any(suite.judgements.values()) and not suite.spans:
        raise ReadingError(qrels, "holds no judgement. Without one there is nothing to measure.")
    return suite


def load_questions(path: str | os.PathLike[str]) -> dict[str, str]:
    """The questions of a file: JSON Lines as in ``queries.jsonl``, or plain text with one question a line."""
    if Source(path).head.lstrip().startswith("{"):
        return _questions(Path(path))
    found = {}
    for number, line in Source(path).lines():
        if line.strip():
            found[str(number)] = _asked(line, Path(path), number)
    return found


def _records(path: Path) -> dict[str, int]:
    """The records' ids and how long their texts are."""
    try:
        known = reading.detect(path).name == "jsonl"
    except UnknownFormat:
        known = False
    if not known:
        raise Broken(path, "the first line is no JSON object of a record. Is the file whole?", _line_of(path, 0))
    lengths: dict[str, int] = {}
    for number, entry in enumerate(reading.read(path)):
        if isinstance(entry, Skip):
            raise Broken(path, f"{entry.reason}.", entry.line)
        if entry.id in lengths:
            raise ReadingError(path, f'the record "{entry.id}" stands in the file twice.', _line_of(path, number))
        lengths[entry.id] = len(entry.abstract) if isinstance(entry, Record) else 0
    return lengths


def _line_of(path: Path, entry: int) -> int:
    """The line of an entry, counted from 0: entries are the lines that are not blank."""
    return [number for number, line in Source(path).lines() if line.strip()][entry]


def _questions(path: Path) -> dict[str, str]:
    questions: dict[str, str] = {}
    for number, line in Source(path).lines():
        if not line.strip():
            continue
        try:
            plain = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Broken(path, "the line is not JSON. Is the file whole?", number) from error
        known = plain.get("_id") if isinstance(plain, dict) else None
        if not isinstance(plain, dict) or not isinstance(known, str | int) or isinstance(known, bool) or known == "":
            raise Broken(path, 'the line is no object with an "_id" and a "text".', number)
        if str(known) in questions:
            raise ReadingError(path, f'the question "{known}" stands in the file twice.', number)
        questions[str(known)] = _asked(plain.get("text"), path, number)
    return questions


def _asked(text: object, path: Path, line: int) -> str:
    if not isinstance(text, str) or not any(character.isalnum() for character in text):
        raise ReadingError(path, "the question has no words.", line)
    return text.strip()


def _judgements(path: Path, questions: Collection[str], records: Collection[str]) -> dict[str, dict[str, int]]:
    judgements: dict[str, dict[str, int]] = {}
    for line, question, record, (grade,) in _rows(path, ("query-id", "corpus-id", "score"), questions, records):
        grades = judgements.setdefault(question, {})
        if record in grades:
            raise ReadingError(path, f'the record "{record}" is judged twice for the question "{question}".', line)
        grades[record] = grade
    return judgements


def _spans(path: Path, questions: Collection[str], records: dict[str, int]) -> dict[str, list[Span]]:
    spans: dict[str, list[Span]] = {}
    columns = ("query-id", "corpus-id", "start", "end")
    for line, question, record, (start, end) in _rows(path, columns, questions, records):
        if not 0 <= start < end <= records[record]:
            raise ReadingError(
                path,
                f'the span {start} to {end} is empty or lies outside the text of "{record}", '
                f"which has {records[record]} characters.",
                line,
            )
        spans.setdefault(question, []).append(Span(record, start, end))
    return spans


def _rows(
    path: Path, columns: tuple[str, ...], questions: Collection[str], records: Collection[str]
) -> Iterator[tuple[int, str, str, list[int]]]:
    """The lines of a table (line, question, record, numbers), each checked for what can be wrong with it."""
    # The header is asked for: a file without it would silently lose its first line.
    expected = True
    for number, line in Source(path).lines():
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if expected:
            if [cell.lower() for cell in cells] != list(columns):
                raise ReadingError(path, f"the first line must name the columns: {', '.join(columns)} (tabs).", number)
            expected = False
            continue
        if len(cells) != len(columns):
            raise Broken(path, f"the line has {len(cells)} columns instead of {len(columns)}.", number)
        question, record, *rest = cells
        for name, cell in zip(columns[2:], rest, strict=True):
            if not _NUMBER.fullmatch(cell):
                raise Broken(path, f'the {name} "{cell}" is not a whole number.', number)
        if question not in questions:
            raise ReadingError(path, f'there is no question "{question}" in queries.jsonl.', number)
        if record not in records:
            raise ReadingError(path, f'there is no record "{record}" in corpus.jsonl.', number)
        yield number, question, record, [int(cell) for cell in rest]


def _fingerprint(paths: Iterator[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode())
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()[:32]
