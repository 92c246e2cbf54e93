"""JSON: everything there is to know, with each quotation's offsets and hash, so that anybody can check it.

``record[field][start:end] == text``, counted in Unicode code points, and ``sha256`` is that of the text in UTF-8.
"""

from __future__ import annotations

import json
import re
from typing import Any

from qa.export.subject import Subject
from qa.schema import Answer, Comparison, Conversation

#: Raised when a key changes its meaning or goes.
VERSION = 1

_SURROGATES = re.compile("[\ud800-\udfff]")


def write(subject: Subject) -> str:
    """The subject as JSON: ``kind`` says which of the four it is."""
    head = {"format": "literature-qa", "version": VERSION}
    return dumps({**head, **_plain(subject)})


def dumps(value: Any) -> str:
    """JSON for people and programs alike; halves of surrogate pairs, which UTF-8 cannot hold, are escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return _SURROGATES.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def _plain(subject: Subject) -> dict[str, Any]:
    if isinstance(subject, Answer):
        return {"kind": "answer", **subject.to_dict()}
    if isinstance(subject, Comparison):
        return {"kind": "comparison", **subject.to_dict()}
    if isinstance(subject, Conversation):
        return {
            "kind": "conversation",
            "id": subject.id,
            "title": subject.title,
            "created": subject.created.isoformat(),
            "changed": subject.changed.isoformat(),
            "answers": [
                {"id": kept.id, "at": kept.at.isoformat(), **kept.answer.to_dict()} for kept in subject.answers
            ],
        }
    return {"kind": "records", "records": [record.to_dict() for record in subject]}
