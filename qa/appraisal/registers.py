"""Registration numbers of trials and reviews: found in text and in lists of accessions, and written one way."""

from __future__ import annotations

import re
from collections.abc import Callable

from qa.appraisal.text import Texts, matches
from qa.schema import Evidence, Finding

_GAP = r"[\s:#-]{0,3}(?:(?:number|no|identifier|id|registration)\b[.:\s#]{0,3}){0,2}"

#: One row a register: how its numbers are written, and how we write them, from the groups.
_ROWS: tuple[tuple[str, Callable[..., str]], ...] = (
    (rf"\bNCT{_GAP}(\d{{8}})(?!\d)", "NCT{}".format),
    (rf"\bISRCTN{_GAP}(\d{{8}})(?!\d)", "ISRCTN{}".format),
    (rf"\bCRD{_GAP}(42\d{{8,10}})(?!\d)", "CRD{}".format),
    (rf"\bPROSPERO\b{_GAP}\W{{0,3}}(42\d{{8,10}})(?!\d)", "CRD{}".format),
    (rf"\bINPLASY{_GAP}(\d{{9,12}})(?!\d)", "INPLASY{}".format),
    (rf"\bACTRN{_GAP}(\d{{14}})(?!\d)", "ACTRN{}".format),
    (rf"\bChiCTR{_GAP}((?:[A-Z]{{2,5}}-?)?\d{{8,10}})(?!\d)", lambda number: f"ChiCTR-{number}".replace(
        "ChiCTR-", "ChiCTR" if number.isdecimal() else "ChiCTR-", 1).upper().replace("CHICTR", "ChiCTR")),
    (rf"\bDRKS{_GAP}(\d{{8}})(?!\d)", "DRKS{}".format),
    (rf"\b(?:JPRN-)?UMIN(?:[ -]?CTR)?(?:[ -]?ID)?{_GAP}(\d{{9}})(?!\d)", "UMIN{}".format),
    (r"\bjRCT(s?\d{9,10})(?!\d)", lambda number: f"jRCT{number.lower()}"),
    (rf"\bJapicCTI{_GAP}(\d{{6}})(?!\d)", "JapicCTI-{}".format),
    (rf"\bCTRI{_GAP}[/ ]?(\d{{4}})/(\d{{2,3}})/(\d{{6}})(?!\d)", "CTRI/{}/{}/{}".format),
    (rf"\bIRCT{_GAP}(\d{{8,16}}N\d{{1,3}})(?!\d)", lambda number: f"IRCT{number.upper()}"),
    (rf"\bKCT{_GAP}(\d{{7}})(?!\d)", "KCT{}".format),
    (rf"\bTCTR{_GAP}(\d{{11}})(?!\d)", "TCTR{}".format),
    (rf"\bPACTR{_GAP}(\d{{15,16}})(?!\d)", "PACTR{}".format),
    (r"\bRPCEC(\d{8})(?!\d)", "RPCEC{}".format),
    (r"\bSLCTR/(\d{4})/(\d{3})(?!\d)", "SLCTR/{}/{}".format),
    (r"\bRBR-([0-9a-z]{6,10})\b", lambda number: f"RBR-{number.lower()}"),
    (r"\bNTR[ :-]{0,2}(\d{3,5})(?!\d)", "NTR{}".format),
    (r"\b(?:EudraCT|EUCTR|EU[ -]CTR|EU[ -]CT|EU Clinical Trials Register)\b(?:[\s:#(-]|number|no\b|nr\b|\.){0,6}"
     r"(20\d\d-\d{6}-\d{2})(?!\d)", "EudraCT {}".format),
    (r"\b(?:EUDRACT|EUCTR)(20\d\d-\d{6}-\d{2})(?!\d)", "EudraCT {}".format),
)  # fmt: skip

_NUMBERS = tuple((re.compile(pattern, re.IGNORECASE), write) for pattern, write in _ROWS)
#: Numbers have five digits in a row, but for three registers: a text without either is done at once.
_LIKELY = re.compile(r"\d{5}|NTR|RBR-|SLCTR/")


def normalise(text: str) -> str:
    """The registration number in a text, as it is written here; the text itself where it holds none that we know."""
    for pattern, write in _NUMBERS:
        if match := pattern.search(text):
            return write(*match.groups())
    return " ".join(text.split())


def registrations(texts: Texts) -> tuple[Finding, ...]:
    """The registration numbers in a record, each once, in the order title, abstract, accessions."""
    found: list[tuple[int, Finding]] = []
    offset = 0
    for field, text in (("title", texts.title), ("abstract", texts.abstract)):
        found += [(offset + finding.evidence.start, finding) for finding in _in(text, field)]
        offset += len(text) + 1
    for place, accession in enumerate(texts.record.accessions):
        found += [
            (offset + place, Finding(finding.name, Evidence("accessions", accession)))
            for finding in _in(accession[:300], "accessions")
        ]
    unique: dict[str, Finding] = {}
    for _, finding in sorted(found, key=lambda item: item[0]):
        unique.setdefault(finding.name, finding)
    return tuple(unique.values())


def _in(text: str, field: str) -> list[Finding]:
    if not _LIKELY.search(text):
        return []
    return [
        Finding(write(*match.groups()), Evidence(field, match[0], match.start(), match.end()))
        for pattern, write in _NUMBERS
        for match in matches(pattern, text)
    ]
