"""A Record → its Appraisal: design, sample size, species, language, registrations, status; by rules, with evidence."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.appraisal.appraiser import appraise, with_retractions
    from qa.appraisal.names import resolve

#: Raised whenever a rule changes what is found: stored appraisals of another version are made anew.
VERSION = "1"

_HOMES = {"appraise": "appraiser", "with_retractions": "appraiser", "resolve": "names"}

__all__ = ["VERSION", "appraise", "resolve", "with_retractions"]


def __getattr__(name: str) -> Any:
    """The rules take a moment to compile, and who asks a question needs none of them."""
    if name in _HOMES:
        return getattr(import_module(f"qa.appraisal.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
