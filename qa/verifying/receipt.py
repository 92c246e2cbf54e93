"""A receipt: an answer with all that is needed to check, later and elsewhere, that its quotations stand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from qa import __version__
from qa.errors import QAError
from qa.merging import content_hash
from qa.schema import Answer, Field, Hit
from qa.storage import Store
from qa.verifying.finding import Finding, Place
from qa.verifying.matching import Matcher
from qa.verifying.pieces import Piece

#: The layout of a receipt; one with a higher number was written by a later version of the program.
LAYOUT = 1

#: Where it was; elsewhere in its record or in another; there with other words; not there.
State = Literal["exact", "moved", "changed", "gone"]


@dataclass(frozen=True, slots=True)
class Checked:
    """A quotation of a receipt and what became of it. ``place`` is where it stands now, ``record_changed`` whether
    its record says anything else than it did."""

    number: int
    text: str
    record_id: str
    state: State
    place: Place | None = None
    record_changed: bool = False
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class ReceiptCheck:
    """A receipt checked, quotation by quotation; ``same_library`` is whether the library holds exactly what it did."""

    question: str
    checked: tuple[Checked, ...]
    same_library: bool

    @property
    def ok(self) -> bool:
        """Whether every quotation stands in the library word for word, where it was or elsewhere."""
        return all(one.state in ("exact", "moved") for one in self.checked)

    def __str__(self) -> str:
        """The figures in one line."""
        states: tuple[State, ...] = ("exact", "moved", "changed", "gone")
        counts = [f"{n} {state}" for state in states if (n := sum(one.state == state for one in self.checked))]
        library = "the library is the same" if self.same_library else "the library has changed since"
        quotations = "quotation" if len(self.checked) == 1 else "quotations"
        return f"{len(self.checked)} {quotations}: {', '.join(counts) or 'the answer was empty'}; {library}"

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {"ok": self.ok, **asdict(self)}


def make_receipt(answer: Answer, k: int, store: Store) -> dict[str, Any]:
    """An answer as JSON holds it. No date and no path is in it: the same answer gives the same receipt."""
    meta = store.database.meta()
    return {
        "receipt": LAYOUT,
        "version": __version__,
        "question": answer.question,
        "asked": answer.asked,
        "reason": answer.reason,
        "confidence": None if answer.confidence is None else round(answer.confidence, 3),
        "library": {
            "fingerprint": store.database.fingerprint(),
            "records": store.database.counts()[0],
            "embedder": meta.get("embedder", ""),
            "splitter": meta.get("splitter", ""),
        },
        "settings": {"k": k, "filters": _plain_filters(answer)},
        "citations": [_citation(hit) for hit in answer.citations],
    }


def is_receipt(plain: object) -> bool:
    """Whether a piece of JSON is a receipt."""
    return isinstance(plain, Mapping) and "receipt" in plain and "citations" in plain


def check_receipt(plain: Mapping[str, Any], store: Store) -> ReceiptCheck:
    """Look for every quotation of a receipt in the library. QAError where the receipt is damaged or was altered."""
    try:
        if int(plain["receipt"]) > LAYOUT:
            raise QAError("The receipt was written by a later version of qa. Update: pip install -U literature-qa")
        quoted = [_quoted(one) for one in plain["citations"]]
        question, fingerprint = str(plain["question"]), str(plain["library"]["fingerprint"])
    except (KeyError, TypeError, ValueError) as error:
        raise QAError("The receipt is damaged: something is missing in it. Ask again with --receipt.") from error
    for one in quoted:
        if _sha256(one.text) != one.sha256:
            raise QAError(
                f"Quotation {one.number} of the receipt is not what its checksum was made of: the receipt was altered. "
                "Ask again with --receipt."
            )
    store.catch_up()
    matcher = Matcher(store)
    checked = tuple(_check(one, store, matcher) for one in quoted)
    return ReceiptCheck(question, checked, fingerprint == store.database.fingerprint())


@dataclass(frozen=True, slots=True)
class _Quoted:
    """What is needed of a citation of a receipt."""

    number: int
    start: int
    end: int
    text: str
    sha256: str
    record: str
    record_sha256: str
    field: str


def _quoted(plain: Mapping[str, Any]) -> _Quoted:
    """A citation as it stands in a receipt; TypeError, KeyError or ValueError where it is none."""
    number, start, end = (int(plain[name]) for name in ("number", "start", "end"))
    texts = [plain[name] for name in ("text", "sha256", "record", "record_sha256", "field")]
    if not all(isinstance(text, str) for text in texts) or not 0 <= start <= end:
        raise TypeError("not a citation")
    return _Quoted(number, start, end, *texts)


def _check(quoted: _Quoted, store: Store, matcher: Matcher) -> Checked:
    stored = store.database.by_id([quoted.record]).get(quoted.record)
    changed = stored is not None and content_hash(stored.record) != quoted.record_sha256
    field = next((name for name in get_args(Field) if name == quoted.field), None)
    if stored is not None and field:
        whole: str = getattr(stored.record, field)
        start = quoted.start if whole[quoted.start : quoted.end] == quoted.text else whole.find(quoted.text)
        if start >= 0:
            place = Place(quoted.record, field, start, start + len(quoted.text), quoted.text)
            state: State = "exact" if start == quoted.start else "moved"
            return Checked(quoted.number, quoted.text, quoted.record, state, place, changed)
    finding = matcher.find(Piece(quoted.text, 0, len(quoted.text), "quotation"))
    state = "moved" if finding.verdict == "exact" else "changed" if finding.place else "gone"
    return Checked(quoted.number, quoted.text, quoted.record, state, finding.place, changed, finding)


def _citation(hit: Hit) -> dict[str, Any]:
    sentence, record = hit.sentence, hit.record
    return {
        "number": hit.number,
        "text": sentence.text,
        "sha256": _sha256(sentence.text),
        "record": record.id,
        "record_sha256": content_hash(record),
        "field": sentence.field,
        "start": sentence.start,
        "end": sentence.end,
        "section": sentence.section,
        "role": sentence.role,
        "source": " · ".join(part for part in (record.byline, record.link) if part),
    }


def _plain_filters(answer: Answer) -> dict[str, Any]:
    return {
        name: value for name, value in asdict(answer.filters).items() if value not in ((), (None, None), None, False)
    }


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
