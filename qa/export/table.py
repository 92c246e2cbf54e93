"""The rows and columns of a subject, for CSV and XLSX: one row a quotation, a record, or a record compared."""

from __future__ import annotations

from dataclasses import dataclass

from qa.export.names import abstract_with_headings
from qa.export.subject import EMPTY, Subject, marks
from qa.schema import Answer, Comparison, Conversation, Hit, Record

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """A named table; texts stand in it as they are, each format guards them in its own way.

    ``wide`` are the numbers (from 0) of the columns that hold sentences or abstracts.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    wide: frozenset[int] = frozenset()


_SOURCE = ("Record", "Title", "Authors", "Journal", "Year", "Volume", "Issue", "Pages", "DOI", "PMID", "PMCID", "Link")
_PLACE = ("Sentence", "Role", "Section", "Field", "Start", "End", "SHA-256", "Score")
_STUDY = ("Design", "Sample size", "Note", "Also in")
_MORE = ("Language", "Publication types", "Keywords", "MeSH", "Abstract")


def tables(subject: Subject) -> list[Table]:
    """The tables of a subject, the one that says most first."""
    if isinstance(subject, Answer):
        return [_quotations("Answer", [("", "", subject)])]
    if isinstance(subject, Conversation):
        kept = [(kept.at.isoformat(), kept.id, kept.answer) for kept in subject.answers]
        return [_quotations("Conversation", kept)]
    if isinstance(subject, Comparison):
        return [_compared(subject), _places(subject)]
    rows = tuple(_source(record) + _more(record) for record in subject)
    return [Table("Records", _SOURCE + _MORE, rows, frozenset({1, len(_SOURCE + _MORE) - 1}))]


def _quotations(name: str, answers: list[tuple[str, str, Answer]]) -> Table:
    """One row a sentence; a question without an answer has one row, which says why."""
    dated = any(time for time, _, _ in answers)
    head = (*(("Time", "Answer") if dated else ()), "Question", "Asked as", "Limits", "Number")
    rows: list[tuple[Cell, ...]] = []
    for time, known, answer in answers:
        front = (*((time, known) if dated else ()), answer.question, answer.asked, str(answer.filters))
        rows += [(*front, hit.number, *_place(hit), *_source(hit.record), *_study(hit), "") for hit in answer.citations]
        if not answer:
            rows.append((*front, None, *(None,) * len(_PLACE + _SOURCE + _STUDY), answer.reason))
    columns = (*head, *_PLACE, *_SOURCE, *_STUDY, "No answer because")
    return Table(name, columns, tuple(rows), frozenset({len(head) - 4, len(head)}))


def _compared(subject: Comparison) -> Table:
    """A row a record, a column a question, as reviewers lay out their evidence."""
    columns = ("Record", "Source", "Title", *subject.questions)
    rows = tuple(
        (record.id, record.byline, record.title, *(_cell(row[at]) for row in subject.cells))
        for at, record in enumerate(subject.records)
    )
    return Table("Comparison", columns, rows, frozenset(range(2, len(columns))))


def _cell(hit: Hit | None) -> str:
    return EMPTY if hit is None else hit.sentence.text


def _places(subject: Comparison) -> Table:
    """Where each sentence of a comparison stands."""
    rows = tuple(
        (question, *_place(hit), *_source(hit.record), *_study(hit))
        for question, row in zip(subject.questions, subject.cells, strict=True)
        for hit in row
        if hit is not None
    )
    return Table("Places", ("Question", *_PLACE, *_SOURCE, *_STUDY), rows, frozenset({0, 1}))


def _place(hit: Hit) -> tuple[Cell, ...]:
    s = hit.sentence
    return (s.text, s.role, s.section, s.field, s.start, s.end, s.sha256, round(hit.score, 4))


def _source(record: Record) -> tuple[Cell, ...]:
    people = "; ".join(record.authors)
    numbers = (record.volume, record.issue, record.pages, record.doi, record.pmid, record.pmcid)
    return (record.id, record.title, people, record.journal, record.year, *numbers, record.link)


def _more(record: Record) -> tuple[Cell, ...]:
    lists = ("; ".join(values) for values in (record.publication_types, record.keywords, record.mesh))
    return (record.language, *lists, abstract_with_headings(record))


def _study(hit: Hit) -> tuple[Cell, ...]:
    also = "; ".join(record.id for record in hit.also)
    return (hit.appraisal.design, hit.appraisal.sample_size, "; ".join(marks(hit)), also)
