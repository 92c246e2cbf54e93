"""What is embedded for a sentence and for an abstract: more than what is quoted, never less.

"It affects almost one quarter of patients" says what it affects only together with its title, so a sentence is
embedded behind the title of its record. What is quoted is always the bare slice.
"""

from __future__ import annotations

from qa.schema import Record, Sentence


def sentence_passage(record: Record, sentence: Sentence) -> str:
    """The text to embed for a sentence: the title, then the sentence; a title's own sentence stands alone."""
    if sentence.field == "title" or not record.title:
        return sentence.text
    return f"{_closed(record.title)} {sentence.text}"


def abstract_passage(record: Record) -> str:
    """The text to embed for a whole record: title and abstract (the embedder cuts what is too long for it)."""
    if not record.abstract:
        return record.title
    return f"{_closed(record.title)} {record.abstract}" if record.title else record.abstract


def _closed(title: str) -> str:
    """The title with a mark at its end, so that it does not run into what follows."""
    return title if title.endswith((".", "?", "!")) else f"{title}."
