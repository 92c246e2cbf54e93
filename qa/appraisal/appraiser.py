"""A record's appraisal: the rules of this room in a row."""

from __future__ import annotations

from dataclasses import replace

from qa.appraisal.designs import designs
from qa.appraisal.population import languages, species
from qa.appraisal.registers import registrations
from qa.appraisal.sample import sample
from qa.appraisal.status import marked, status
from qa.appraisal.text import Texts
from qa.schema import Appraisal, Record, Retraction

_NOTICES = {"retraction notice", "notice of concern", "correction notice"}
#: These study nobody themselves; numbers in them are those of others.
_STUDY_NOBODY = {"narrative review", "guideline", "editorial or letter", "in vitro study"}


def appraise(record: Record, listed: tuple[Retraction, ...] = ()) -> Appraisal:
    """What reviewers look for in a record; ``listed`` is what a list of retractions says of its DOI and PMID."""
    texts = Texts.of(record)
    own = status(texts)
    notice = any(finding.name in _NOTICES for finding in own)
    studied = () if notice else species(texts)
    kinds = designs(texts, studied, notice)
    counted = not notice and not (kinds and kinds[0].name in _STUDY_NOBODY)
    return Appraisal(
        designs=kinds,
        sample=sample(texts) if counted else None,
        species=studied,
        languages=languages(record),
        registrations=registrations(texts),
        status=marked(own, record.doi, record.pmid, listed) if listed else own,
    )


def with_retractions(appraisal: Appraisal, record: Record, listed: tuple[Retraction, ...]) -> Appraisal:
    """The appraisal with its status told anew, as a new list of retractions has it."""
    return replace(appraisal, status=marked(status(Texts.of(record)), record.doi, record.pmid, listed))
