"""A test made out of the person's own library: does the tool work on it?

Three things are known of any library without a judge. A record's title should find the record, and be taken for a
question that the library can answer. A sentence in which an abstract concludes should find that abstract. And
questions of everyday life should be declined. (Known-item search: Azzopardi, de Rijke & Balog 2007.)
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from qa.evaluation.everyday import QUESTIONS
from qa.evaluation.result import Result
from qa.evaluation.run import chosen, settings
from qa.library import Library
from qa.schema import Progress, ProgressCallback, Record, Sentence
from qa.sentences import split

#: Records taken from the library at most, and the least that a judgement can rest on.
MOST, LEAST = 100, 5

#: Each check with the share from which it goes well, and below which it fails. A title and a conclusion are the words
#: of the record, so nearly all must be found; declining is held to the project's own bar for abstention.
THRESHOLDS: dict[str, tuple[float, float]] = {
    "title first": (0.90, 0.70),
    "known answered": (0.85, 0.60),
    "conclusion first": (0.90, 0.70),
    "off-topic declined": (0.85, 0.60),
}

_ADVICE = {
    "title first": "Records are not found by their titles: the library may be in a language that the model does not "
    "read. Try another model (--model) in a new library.",
    "conclusion first": "Abstracts are not found by what they conclude: see whether their texts were read whole "
    "(qa show ID).",
    "known answered": "Too many questions are declined that the library can answer.",
    "off-topic declined": "Too many questions are answered that the library cannot answer: read the sentences with "
    "care.",
}

_LONGEST = 2000  # characters; a longer "title" is a mistake of the source, and no question


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out, in numbers and in words; ``result`` is None, and ``works`` unknown, for a tiny library."""

    works: Literal["well", "partly", "poorly", "unknown"]
    words: str
    result: Result | None = None


def run(library: Library, *, limit: int | None = None, progress: ProgressCallback | None = None) -> Verdict:
    """Test a library with its own records: at most ``limit`` of them (default: 100), the same ones every time."""
    tell = progress or (lambda _: None)
    # The examples that come with the program are not the person's.
    records = {record.id: record for record in library.records() if not record.is_example}
    if len(records) < LEAST:
        held = f"{len(records)} {'record' if len(records) == 1 else 'records'}" if records else "no records"
        return Verdict("unknown", f"The library holds {held} of your own; from {LEAST} on it can be tested.")
    sample = [records[key] for key in chosen(records, min(limit or MOST, MOST))]
    titles = [record for record in sample if _is_question(record.title)]
    conclusions = [(record, sentence) for record in sample if (sentence := conclusion(record))]
    total = len(titles) + len(conclusions) + len(QUESTIONS)
    values: dict[str, dict[str, float]] = {}
    done = 0

    def keep(question: str, **shares: bool) -> None:
        for column, value in shares.items():
            values.setdefault(column.replace("_", " "), {})[question] = float(value)

    def step(stage: str) -> None:
        nonlocal done
        tell(Progress(stage, done, total))
        done += 1

    for record in titles:
        step("Asking for titles")
        # Several records may bear the same title ("Editorial"): any of them is right.
        right = [_same(hit.record.title, record.title) for hit in library.search_records(record.title, k=10)]
        keep(record.id, title_first=any(right[:1]), title_in_ten=any(right))
        if record.abstract:
            keep(record.id, known_answered=bool(library.ask(record.title)))
    for record, sentence in conclusions:
        step("Asking for conclusions")
        hits = library.search(sentence.text, k=10)
        right = [hit.record.id == record.id or _same(hit.sentence.text, sentence.text) for hit in hits]
        keep(record.id, conclusion_first=any(right[:1]), conclusion_in_ten=any(right))
        if not _is_question(record.title):  # then nothing else tells whether it is answered
            keep(record.id, known_answered=bool(library.ask(sentence.text)))
    answered = []
    for number, question in enumerate(QUESTIONS, 1):
        step("Asking off-topic questions")
        declined = not library.ask(question)
        values.setdefault("off-topic declined", {})[f"everyday/{number}"] = float(declined)
        if not declined:
            answered.append(question)
    tell(Progress("Asking off-topic questions", total, total))
    digest = hashlib.sha256("\n".join(sorted(records)).encode()).hexdigest()[:32]
    result = Result("own library", digest, settings(library, limit), values)
    works = grade(values)
    return Verdict(works, _words(values, works, answered, len(records)), result)


def conclusion(record: Record) -> Sentence | None:
    """The last sentence in which an abstract concludes, by its label or its words; else its last sentence."""
    sentences = [s for s in split(record) if s.field == "abstract" and _is_question(s.text)]
    concluding = [sentence for sentence in sentences if sentence.role == "conclusions"]
    return next(reversed(concluding or sentences), None)


def grade(values: dict[str, dict[str, float]]) -> Literal["well", "partly", "poorly"]:
    """The verdict that the thresholds give: poorly where any check fails, well where all of them go well."""
    shares = {check: _share(values[check]) for check in THRESHOLDS if values.get(check)}
    if any(share < THRESHOLDS[check][1] for check, share in shares.items()):
        return "poorly"
    return "well" if all(share >= THRESHOLDS[check][0] for check, share in shares.items()) else "partly"


def _words(values: dict[str, dict[str, float]], works: str, answered: Sequence[str], records: int) -> str:
    def of(column: str) -> str:
        return f"{round(sum(values[column].values()))} of {len(values[column])}"

    lines = []
    if "title first" in values:
        lines.append(f"Titles find their record first in {of('title first')} cases, in the first ten in "
                     f"{of('title in ten')}.")  # fmt: skip
    if "conclusion first" in values:
        lines.append(f"Conclusions find their abstract first in {of('conclusion first')} cases.")
    else:
        lines.append("No record has an abstract, so there is nothing to quote but titles.")
    if "known answered" in values:
        lines.append(f"Asked for what it holds, it answers in {of('known answered')} cases.")
    lines.append(f"Off-topic questions are declined in {of('off-topic declined')} cases.")
    lines.append({
        "well": "It works well on this library.",
        "partly": "It works on this library, with weak spots.",
        "poorly": "It does not work well on this library.",
    }[works])  # fmt: skip
    lines += [
        _ADVICE[check] for check, (well, _) in THRESHOLDS.items() if values.get(check) and _share(values[check]) < well
    ]
    if answered:
        shown = ", ".join(f"“{question}”" for question in answered[:3])
        lines.append(f"Answered though off-topic (no fault if your library is about it): {shown}.")
    if records < 20:
        lines.append(f"With {records} records this is a rough picture.")
    return "\n".join(lines)


def _share(column: dict[str, float]) -> float:
    return sum(column.values()) / len(column)


def _is_question(text: str) -> bool:
    return len(text) <= _LONGEST and any(character.isalnum() for character in text)


def _same(one: str, other: str) -> bool:
    return one.casefold().split() == other.casefold().split()
