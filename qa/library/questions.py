"""What a library answers: questions, tables of them, and whether quotations stand in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qa.errors import NotFound
from qa.library.filling import Filling
from qa.schema import (
    Answer,
    Appraisal,
    Comparison,
    Filters,
    Hit,
    Progress,
    ProgressCallback,
    RecordHit,
    Standing,
    Turn,
)

if TYPE_CHECKING:
    from qa.answering import Found
    from qa.storage.conversations import Conversations
    from qa.verifying.finding import Verification
    from qa.verifying.receipt import ReceiptCheck


class Questions(Filling):
    """Asking, and what is kept of answers; an answer says how much still waits to be embedded."""

    # -- answers -----------------------------------------------------------------------------------------------

    def search(self, question: str, k: int = 10, *, filters: Filters | None = None) -> list[Hit]:
        """The k sentences that answer best, best first. QuestionError for a question that is none."""
        from qa.answering.answer import appraised, hits

        with self._reading(appraised=True):
            found = self._find(question, k, filters)
            return appraised(hits(found.question, found.ranked, found.considered, k), self._store) if found else []

    def search_records(self, question: str, k: int = 10, *, filters: Filters | None = None) -> list[RecordHit]:
        """The k records that answer best, best first; fewer only where fewer pass the filters."""
        with self._reading(appraised=True):
            found = self._find(question, k, filters)
            best = found.records(k) if found else []
            stored = self._store.stored([row for row, _ in best])
            known = self._store.appraisals([one.record.id for one in stored.values()])
            return [
                RecordHit(rank, score, record := stored[row].record, known.get(record.id, Appraisal()))
                for rank, (row, score) in enumerate(best, 1)
            ]

    def ask(
        self,
        question: str,
        k: int = 5,
        *,
        filters: Filters | None = None,
        turns: Sequence[Turn] = (),
        progress: ProgressCallback | None = None,
    ) -> Answer:
        """An answer of up to k numbered citations; an empty one says why.

        ``turns`` are those of the answers before in a conversation, oldest first: a follow-up ("And in children?") is
        understood with them, and ``answer.asked`` is the question that it stands for. ``progress`` is told of each
        stage before it begins; what it raises ends the search, and nothing has changed then.
        """
        from qa.answering import answer
        from qa.answering.abstention import THRESHOLD
        from qa.answering.conversation import stand_alone
        from qa.answering.question import check

        filters = filters or Filters()
        meant = stand_alone(check(question), turns, filters)
        with self._reading(appraised=True):
            found = self._find(meant.question, meant.offset + k, meant.filters, progress)
            if found is None:
                given = Answer(question, reason=answer.EMPTY)
            else:
                confidence = self._curve().probability(found.evidence)
                given = answer.compose(found, k, confidence, THRESHOLD, meant.filters, meant.offset)
                given = replace(
                    given,
                    citations=tuple(answer.appraised(given.citations, self._store)),
                    closest=tuple(answer.appraised(given.closest, self._store)),
                )
            awaiting = self.awaiting()
        turn = Turn(
            meant.question,
            meant.filters,
            given.citations[-1].number if given.citations else meant.offset,
            tuple(dict.fromkeys(hit.record.id for hit in given.citations)),
            filters,
        )
        return replace(
            given, question=question, asked=meant.question, filters=meant.filters, turn=turn, awaiting=awaiting
        )

    def compare(
        self,
        questions: Sequence[str],
        records: Sequence[str] | None = None,
        *,
        filters: Filters | None = None,
        progress: ProgressCallback | None = None,
    ) -> Comparison:
        """A question × record table: in each cell the sentence that answers best, or None where none is likely to.

        ``records`` are ids (NotFound for one that is not there); without them, the ten best for each question. Only
        those that pass the filters are in the table. QuestionError for no question, or for far too many cells.
        """
        from qa.answering import comparison
        from qa.answering.judge import open_judge
        from qa.appraisal import resolve

        asked, filters = comparison.asked(questions), resolve(filters or Filters())
        with self._reading(appraised=True):
            if records is not None:
                known = self._store.database.contents(records)
                if missing := [record_id for record_id in records if record_id not in known]:
                    raise NotFound(f"There is no record {missing[0]} in the library. `qa list` shows the ids.")
            if not len(self):
                return Comparison(tuple(asked), (), tuple(() for _ in asked), filters)
            store, embedder, judge = self._store, self._load(), open_judge()
            if records is None:
                records = comparison.choose(asked, store, embedder, judge, filters)
            return comparison.compare(asked, records, store, embedder, judge, self._curve(), filters, progress)

    def _find(
        self, question: str, k: int, filters: Filters | None, progress: ProgressCallback | None = None
    ) -> Found | None:
        """What a question finds, or None where there is nothing to search in."""
        from qa.answering import find
        from qa.answering.judge import open_judge
        from qa.answering.question import check
        from qa.appraisal import resolve

        check(question)
        filters = resolve(filters or Filters())
        if not len(self):
            return None
        if progress and self._embedder is None:
            progress(Progress("Loading the model", 0, 0))
        return find(question, self._store, self._load(), open_judge(), k, filters, progress)

    # -- what stands in it, and what is kept -------------------------------------------------------------------

    def verify(self, text: str, *, everything: bool = False, progress: ProgressCallback | None = None) -> Verification:
        """Whether the quotations of a text stand here word for word; see :func:`qa.verifying.text.verify_text`."""
        from qa.verifying.text import verify_text

        with self._reading():
            return verify_text(text, self._store, everything=everything, progress=progress)

    def receipt(self, answer: Answer, k: int = 5) -> dict[str, Any]:
        """An answer of this library as JSON that can be checked later; ``k`` is what it was asked with."""
        from qa.verifying.receipt import make_receipt

        with self._reading():
            return make_receipt(answer, k, self._store)

    def check_receipt(self, receipt: Mapping[str, Any]) -> ReceiptCheck:
        """Whether every quotation of a receipt still stands here. QAError where the receipt is damaged or altered."""
        from qa.verifying.receipt import check_receipt

        with self._reading():
            return check_receipt(receipt, self._store)

    def standing(self, answer: Answer) -> tuple[Standing, ...]:
        """For each citation of an answer, whether it still stands in the library as it was quoted."""
        from qa.answering.standing import standing

        with self._reading():
            stored = self._store.database.by_id([hit.record.id for hit in answer.citations])
        now = {record_id: one.record for record_id, one in stored.items()}
        return tuple(standing(hit, now.get(hit.record.id)) for hit in answer.citations)

    def conversations(self, owner: str | None = "") -> Conversations:
        """The conversations kept in the library's folder; ``owner`` says whose (None: everybody's)."""
        from qa.storage.conversations import Conversations

        return Conversations(self.folder, owner)
