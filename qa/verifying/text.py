"""A whole text against the library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.schema import Appraisal, Progress, ProgressCallback, source_line
from qa.storage import Store
from qa.verifying.finding import Finding, Verification
from qa.verifying.matching import Matcher
from qa.verifying.pieces import take_apart
from qa.verifying.tokens import tokens


def verify_text(
    text: str, store: Store, *, everything: bool = False, progress: ProgressCallback | None = None
) -> Verification:
    """Say for each quotation of a text – in one without quotations, for each sentence – whether it stands there.

    With ``everything``, sentences outside quotation marks are checked in any text.
    """
    tell = progress or (lambda _: None)
    store.catch_up()
    matcher = Matcher(store)
    taken = take_apart(text, everything=everything)
    findings = []
    for number, piece in enumerate(taken.pieces):
        tell(Progress("Checking", number, len(taken.pieces)))
        findings.append(matcher.find(piece))
    tell(Progress("Checking", len(taken.pieces), len(taken.pieces)))
    kept = list(_without_sources(findings, store))
    return Verification(tuple(kept), taken.unchecked, taken.left_out, len(findings) - len(kept))


def _without_sources(findings: Sequence[Finding], store: Store) -> Iterator[Finding]:
    """The findings without those of lines that only name, as our answers do, a record that was found to be quoted."""
    quoted = sorted({one.place.record_id for one in findings if one.place})
    appraisals = store.appraisals(quoted)
    lines = {
        _words(line)
        for record in (stored.record for stored in store.database.by_id(quoted).values())
        for line in (
            source_line(record, appraisals.get(record.id, Appraisal())),
            *(record.byline, f"{record.byline} {record.link}", record.link, f"{record.byline} {record.id}"),
        )
    }
    for finding in findings:
        if finding.stands or _words(finding.text) not in lines:
            yield finding


def _words(text: str) -> tuple[str, ...]:
    return tuple(token.folded for token in tokens(text) if token.is_word)
