"""Library: the façade that ties the rooms together; it holds no logic of its own."""

from __future__ import annotations

from qa.library.care import Care
from qa.library.contents import Contents
from qa.library.questions import Questions


class Library(Contents, Questions, Care):
    """All records in one folder, and what can be asked of them. Safe to use from several threads."""
