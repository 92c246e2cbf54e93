"""What has become of a publication: retracted, doubted, corrected, a preprint, or itself the notice of that."""

from __future__ import annotations

import re

from qa.appraisal.text import Texts, evidence
from qa.schema import STATUSES, Evidence, Finding, Retraction, Status

_TYPES: dict[str, Status] = {
    "retracted publication": "retracted",
    "retraction of publication": "retraction notice",
    "retraction notice": "retraction notice",
    "expression of concern": "notice of concern",  # PubMed's type is that of the notice
    "published erratum": "correction notice",
    "erratum": "correction notice",
    "correction": "correction notice",
    "corrigendum": "correction notice",
    "preprint": "preprint",
    "posted-content": "preprint",
}

_RELATIONS: dict[str, Status] = {
    "RetractionIn": "retracted",
    "RetractedandRepublishedIn": "retracted",
    "RetractionOf": "retraction notice",
    "ExpressionOfConcernIn": "expression of concern",
    "ExpressionOfConcernFor": "notice of concern",
    "ErratumIn": "corrected",
    "CorrectedandRepublishedIn": "corrected",
    "PartialRetractionIn": "corrected",
    "ErratumFor": "correction notice",
    "UpdateIn": "newer version",
}

#: Titles as publishers change them. The signs after the word matter: "Retraction of the eyelid" is no notice.
_TITLES: tuple[tuple[re.Pattern[str], Status], ...] = (
    (re.compile(r"^\W{0,3}(?:(?:RETRACTED|WITHDRAWN)\b|Retracted(?: article| paper)?\s?[:\]]"
                r"|Withdrawn(?: article)?\s?[:\]])"), "retracted"),
    (re.compile(r"^\W{0,3}(?:retraction|withdrawal)(?: notice| note| statement)?(?: to| for| of)?\s?:"
                r"|^\W{0,3}(?:retraction|withdrawal) (?:notice|note|statement)\b"
                r"|^\W{0,3}(?:retraction|withdrawal) (?:to|of)\W{1,3}[“\"'‘]", re.I), "retraction notice"),
    (re.compile(r"^\W{0,3}(?:editorial )?expression of concern\b", re.I), "notice of concern"),
    (re.compile(r"^\W{0,3}(?:author |publisher |editorial )?(?:correction|erratum|corrigendum|corrigenda|errata)"
                r"(?: to| for| in)?\s?(?::|$|[“\"'‘])"
                r"|^\W{0,3}(?:(?:author|publisher) correction|erratum|corrigendum|errata|corrigenda)\b"
                r"|^\W{0,3}correction to\b", re.I), "correction notice"),
)  # fmt: skip

_SERVERS = re.compile(
    r"\b(?:bioRxiv|medRxiv|arXiv|chemRxiv|psyArXiv|socArXiv|Research Square|Preprints(?:\.org)?$|SSRN|PeerJ Preprints"
    r"|Authorea|OSF Preprints|EarthArXiv|engrXiv|EdArXiv|SportRxiv|JMIR Preprints|F1000 ?Research Preprint)",
    re.I,
)
_DOIS = re.compile(
    r"^10\.(?:1101/(?:20\d\d\.\d\d\.\d\d\.)?\d{6,8}(?:v\d+)?$|64898/20|48550/arxiv|21203/rs\.|20944/preprints"
    r"|31219/osf|31234/osf|31235/osf|26434/chemrxiv|2139/ssrn|22541/au|7287/peerj\.preprints|2196/preprints"
    r"|51224/|31124/|36227/techrxiv)",
    re.I,
)


def status(texts: Texts) -> tuple[Finding, ...]:
    """What the record itself says: its types and relations, its title, its DOI and journal. The gravest first."""
    record = texts.record
    found: dict[str, Finding] = {}

    def add(name: Status, said: Evidence) -> None:
        found.setdefault(name, Finding(name, said))

    for kind in record.publication_types:
        if name := _TYPES.get(kind.casefold()):
            add(name, Evidence("publication_types", kind))
    for relation in record.relations:
        if name := _RELATIONS.get(relation.kind):
            add(name, Evidence("relations", relation.kind))
    for pattern, name in _TITLES:
        if match := pattern.search(texts.title):
            add(name, evidence("title", match))
            break
    if match := _SERVERS.search(record.journal[:300]):
        add("preprint", Evidence("journal", record.journal))
    if _DOIS.match(record.doi):
        add("preprint", Evidence("doi", record.doi))
    return tuple(sorted(found.values(), key=_gravity))


_NATURES: dict[str, Status] = {
    "retraction": "retracted",
    "expression of concern": "expression of concern",
    "correction": "corrected",
}
_NOTICES: dict[str, Status] = {
    "retraction": "retraction notice",
    "expression of concern": "notice of concern",
    "correction": "correction notice",
}


def marked(own: tuple[Finding, ...], doi: str, pmid: str, listed: tuple[Retraction, ...]) -> tuple[Finding, ...]:
    """A record's status with what a list of retractions says of its DOI and PMID, ``listed`` in the order of dates.

    A reinstatement takes back what the list said before it, never what the record says itself. A notice that stands
    under the paper's own DOI (publishers replace the page) is the paper's: the record is not taken for the notice.
    """
    said: dict[str, Finding] = {}
    for row in sorted(listed, key=lambda row: row.date):
        is_paper = bool(doi and doi.casefold() == row.paper_doi) or bool(pmid and pmid == row.paper_pmid)
        words = ", ".join(part for part in (row.nature, row.date, row.reason, row.notice_doi) if part)
        if is_paper and row.nature == "reinstatement":
            said.pop("retracted", None)
            said.pop("expression of concern", None)
        elif name := (_NATURES if is_paper else _NOTICES).get(row.nature):
            said.setdefault(name, Finding(name, Evidence("retraction watch", words)))
    known = {finding.name for finding in own}
    return tuple(sorted((*own, *(f for f in said.values() if f.name not in known)), key=_gravity))


def _gravity(finding: Finding) -> int:
    return list[str](STATUSES).index(finding.name)
