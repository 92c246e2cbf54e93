"""A question × record table: for each pair, the sentence that answers best, or none that is likely to.

A cell is filled where the library would answer the question if that record were all it had read: the judge's best
sentence of the record, and how much of the question the record covers, make a probability by the library's own curve
(see ``abstention``), which has to reach LIKELY; and where the question wants something that words tell (a share, a
cause: see ``wants``), the sentence has to give it. What stands in a cell depends on its question and its record alone,
not on what else is in the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.answering.abstention import Curve
from qa.answering.ahead import embed_ahead
from qa.answering.answer import appraised, hits
from qa.answering.judge import Judge
from qa.answering.question import check, understand
from qa.answering.ranking import consider, rank
from qa.answering.retrieval import retrieve
from qa.answering.search import evidence_for, find
from qa.answering.wants import gives, wanted
from qa.embedding import Embedder
from qa.errors import QuestionError
from qa.schema import Comparison, Filters, Hit, Progress, ProgressCallback
from qa.storage import Store

#: The probability from which on a cell is filled. Higher than the library's own operating point: of many records
#: asked, most hold no answer, and a reviewer who reads "–" still has the record to look at.
LIKELY = 0.5

#: The records compared where none are named: so many of the best for each question.
BEST = 10

#: The most cells of a table: the judge reads some twenty records a second.
MOST = 5000


def compare(
    questions: Sequence[str],
    records: Sequence[str],
    store: Store,
    embedder: Embedder,
    judge: Judge,
    curve: Curve,
    filters: Filters,
    progress: ProgressCallback | None = None,
) -> Comparison:
    """The table of these questions and of those of these records (ids) that pass the filters, in the order given."""
    if len(questions) * len(records) > MOST:
        raise QuestionError(
            f"A table of {len(questions):,} questions and {len(records):,} records has more than {MOST:,} cells. "
            "Choose fewer records (--records)."
        )
    chosen = replace(filters, records=tuple(records))
    rows = store.database.matching(chosen) or []
    known = {stored.record.id: stored.record for stored in store.stored(rows).values()}
    columns = [known[name] for name in dict.fromkeys(records) if name in known]
    cells = []
    for done, text in enumerate(questions):
        if progress:
            progress(Progress("Reading the records for each question", done, len(questions)))
        found = _column(text, chosen, len(rows), store, embedder, judge, curve) if rows else {}
        cells.append(tuple(found.get(record.id) for record in columns))
    return Comparison(tuple(questions), tuple(columns), tuple(cells), filters)


def choose(questions: Sequence[str], store: Store, embedder: Embedder, judge: Judge, filters: Filters) -> list[str]:
    """The ids of the records worth comparing: the best for each question in turn, in the order of the library."""
    rows = {row for text in questions for row, _ in find(text, store, embedder, judge, BEST, filters).records(BEST)}
    return [stored.record.id for _, stored in sorted(store.stored(sorted(rows)).items())]


def asked(questions: Sequence[str]) -> list[str]:
    """The questions without white space around them, each once; QuestionError where there is none, or one is none."""
    found = list(dict.fromkeys(check(text) for text in questions))
    if not found:
        raise QuestionError("There is no question to compare by. Give at least one.")
    return found


def _column(
    text: str, chosen: Filters, count: int, store: Store, embedder: Embedder, judge: Judge, curve: Curve
) -> dict[str, Hit]:
    """What each of the chosen records has to say to one question, by record id; those with nothing are left out."""
    question = understand(text, store, embedder)
    embed_ahead(store.database.matching(chosen) or [], store, embedder, count)
    candidates = retrieve(question, store, count, chosen, ahead=count)
    found: list[Hit] = []
    kinds = wanted(text)
    for record in consider(question, candidates, store, judge, count, read=count):
        # How a record compares with the others is nothing that a cell should depend on.
        alone = replace(record, rank=1, score=0.0)
        best = rank(question, [alone], store, chosen)
        if curve.probability(evidence_for(question, [alone], store, best)) >= LIKELY:
            if best and kinds and not gives(kinds, best[0].sentence.text):
                continue
            found += hits(question, best, [alone], 1)
    return {hit.record.id: hit for hit in appraised(found, store)}
