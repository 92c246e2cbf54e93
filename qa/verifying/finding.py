"""What is found out about a quotation, as types: frozen, and as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from qa.schema import Field

#: Word for word to the last sign; but for typography; with other words; not at all.
Verdict = Literal["exact", "typography", "almost", "absent"]

WORDS: dict[Verdict, str] = {
    "exact": "word for word",
    "typography": "word for word, but for typography",
    "almost": "almost",
    "absent": "not there",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: ``text == getattr(record, field)[start:end]``."""

    record_id: str
    field: Field
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of the text that was checked, and the words that stand in the library in their place; one may be empty."""

    given: str
    stands: str

    def __str__(self) -> str:
        if not self.given:
            return f"leaves out “{self.stands}”"
        return f"“{self.given}” for “{self.stands}”" if self.stands else f"adds “{self.given}”"


@dataclass(frozen=True, slots=True)
class Finding:
    """A quotation or a sentence of a text (its ``text[start:end]``), and whether it stands in the library.

    ``typography`` names in which signs it differs; ``notes`` what else there is to know (an ellipsis, a span over two
    sentences); ``also`` are other records in which it stands as well.
    """

    text: str
    start: int
    end: int
    kind: Literal["quotation", "sentence"]
    verdict: Verdict
    place: Place | None = None
    differences: tuple[Difference, ...] = ()
    typography: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether it stands there word for word, typography aside."""
        return self.verdict in ("exact", "typography")


@dataclass(frozen=True, slots=True)
class Verification:
    """A text checked, piece by piece in its order.

    ``unchecked`` counts the sentences that were not looked at, for the text has quotations and they are outside;
    ``left_out`` the pieces of less than three words; ``sources`` the lines that only name where a quotation is from.
    """

    findings: tuple[Finding, ...] = ()
    unchecked: int = 0
    left_out: int = 0
    sources: int = 0

    @property
    def ok(self) -> bool:
        """Whether everything that was checked stands there word for word, and something was."""
        return bool(self.findings) and all(finding.stands for finding in self.findings)

    def count(self, verdict: Verdict) -> int:
        return sum(finding.verdict == verdict for finding in self.findings)

    def __str__(self) -> str:
        """The figures in one line."""
        if not self.findings:
            return "Nothing to check: no quotation and no sentence of three words or more."
        counts = [f"{number} {WORDS[verdict]}" for verdict in WORDS if (number := self.count(verdict))]
        outside = f"; {self.unchecked} outside quotation marks not checked (--all)" if self.unchecked else ""
        return f"{len(self.findings)} checked: {', '.join(counts)}{outside}"

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {"ok": self.ok, **asdict(self)}
