"""Ask the scientific literature you hold; the answer is its own sentences, word for word, with their sources."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.errors import QAError
    from qa.library import Info, Library
    from qa.schema import Answer, Hit, Record, RecordHit, Report, Section, Sentence, Skip

__version__ = "0.1.0"

_HOMES = {
    "QAError": "qa.errors",
    "Library": "qa.library",
    "Info": "qa.library",
    **dict.fromkeys(("Answer", "Hit", "Record", "RecordHit", "Report", "Section", "Sentence", "Skip"), "qa.schema"),
}

__all__ = [
    "Answer",
    "Hit",
    "Info",
    "Library",
    "QAError",
    "Record",
    "RecordHit",
    "Report",
    "Section",
    "Sentence",
    "Skip",
    "__version__",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
