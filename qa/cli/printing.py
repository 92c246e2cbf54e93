"""Sentences and records as the terminal shows them, and as the plain data that ``--json`` prints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qa.schema import Appraisal, Finding, Hit, Record


def lines(hit: Hit) -> str:
    """A citation: its number, its sentence and its source."""
    return f"[{hit.number}] {hit.sentence.text}\n    {source_line(hit.record, hit.appraisal)}{page(hit)}"


def page(hit: Hit) -> str:
    """Where in a PDF the sentence stands, if it does in one."""
    return f" · PDF p. {hit.page}" if hit.page else ""


def source_line(record: Record, appraisal: Appraisal) -> str:
    """Where a sentence is from, in a line."""
    parts = (*appraisal.badges, record.byline, appraisal.summary, record.link or record.id)
    return " · ".join(part for part in parts if part)


def finding_lines(appraisal: Appraisal) -> Iterator[str]:
    """What was found in a record, a line each, with the words it was told by."""
    for title, found in (
        ("status", appraisal.status),
        ("design", appraisal.designs),
        ("species", appraisal.species),
        ("language", appraisal.languages),
        ("registered", appraisal.registrations),
    ):
        for finding in found:
            yield _finding(title, finding)
    if appraisal.sample:
        yield _finding("sample", Finding(f"n = {appraisal.sample.size:,}", appraisal.sample.evidence))


def _finding(title: str, finding: Finding) -> str:
    said = finding.evidence
    return f"{title:<11}{finding.name:<24}{said.field.replace('_', ' ')}: “{said.text}”"


def plain_hit(hit: Hit) -> dict[str, Any]:
    """A sentence with its record."""
    sentence = hit.sentence
    return {
        "rank": hit.rank,
        "score": hit.score,
        "text": sentence.text,
        "field": sentence.field,
        "start": sentence.start,
        "end": sentence.end,
        "section": sentence.section,
        "record": plain_record(hit.record, hit.appraisal),
    }


def plain_record(record: Record, appraisal: Appraisal) -> dict[str, Any]:
    """A record with what was found in it."""
    return {**record.to_dict(), **({"appraisal": appraisal.to_dict()} if appraisal else {})}
