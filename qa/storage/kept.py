"""An answer as it is kept: JSON with a checksum, the words it is found by, and back again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qa.errors import Corrupt
from qa.schema import Answer, KeptAnswer
from qa.storage import checksums

_SUM = "crc32"


def sealed(answer: Answer) -> str:
    """An answer as JSON, with the CRC-32 of what it is without that."""
    plain = answer.to_dict()
    return json.dumps({**plain, _SUM: checksums.of_text(json.dumps(plain))})


def opened(path: Path, known: str, at: str, text: str) -> KeptAnswer:
    """An answer as it was kept; Corrupt where it is no longer what it was."""
    try:
        plain = _unsealed(text)
        answer = Answer.from_dict(plain)
        shown = zip((*plain["citations"], *plain["closest"]), (*answer.citations, *answer.closest), strict=True)
        whole = all(
            hit.sentence.sha256 == stored["sha256"]
            and getattr(hit.record, hit.sentence.field)[hit.sentence.start : hit.sentence.end] == hit.sentence.text
            for stored, hit in shown
        )
        time = read_time(at)
    except (ValueError, KeyError, TypeError, AttributeError) as error:  # no JSON, or none of ours
        raise _changed(known, path) from error
    if not whole:
        raise _changed(known, path)
    return KeptAnswer(known, time, answer)


def _changed(known: str, path: Path) -> Corrupt:
    return Corrupt(f"The answer {known} in {path} was changed from outside. Restore it from a copy.")


def _unsealed(text: str) -> dict[str, Any]:
    """What was sealed; ValueError where it is something else. Answers of earlier versions have no checksum."""
    plain: dict[str, Any] = json.loads(text)
    found = plain.pop(_SUM, None)
    if found is not None and found != checksums.of_text(json.dumps(plain)):
        raise ValueError("another checksum")
    return plain


def words_of(answer: Answer) -> str:
    """What an answer is found by: its question, and what it quotes."""
    texts = (answer.question, answer.asked, *(hit.sentence.text for hit in answer.citations))
    return "\n".join(texts).encode("utf-8", "replace").decode().casefold()


def read_time(time: str) -> datetime:
    """A time as it was kept; one that was damaged where nothing else was is the beginning of time."""
    try:
        return datetime.fromisoformat(time)
    except (ValueError, TypeError):
        return datetime.min.replace(tzinfo=UTC)
