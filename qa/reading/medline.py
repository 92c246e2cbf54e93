"""MEDLINE text as PubMed exports it (.nbib), and the like of it from ERIC and older dumps."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.reading.headings import find_sections
from qa.reading.mapping import clean, clean_abstract, family_first, find_doi, find_year, to_entry, words
from qa.reading.source import Format, Source
from qa.reading.tagged import Fields
from qa.schema import Entry, Relation

#: "PMID- 123", "TI  - A title", "ISSN - 1234-5678": a tag padded to four, a hyphen. Continuations are indented.
_TAGGED = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}-(?: (.*)|(.*))")
_CONTINUED = re.compile(r"[ \t]{2,}(\S.*)")
_SNIFF = re.compile(
    r"^(?:PMID ?- ?\d|(?:OWN|TI|AB|FAU|AU|JT|TA|DP|PT|AID|LID|STAT|VI|IP|PG|PMCR|EDAT|OT|MH|UI) {0,2}- )", re.M
)
_ELSE = re.compile(r"^\s{0,3}(?:TY[ \t]{0,4}-|ER[ \t]{1,4}-)", re.M)

#: Tags that an entry has once: seen again behind an empty line, a new entry has begun.
_ONCE = words("PMID OWN STAT UI TI AB DP JT TA")

#: What another publication is to this one, by tag, as PubMed's XML names it.
_RELATIONS = {
    "CIN": "CommentIn",
    "CON": "CommentOn",
    "CRF": "CorrectedandRepublishedFrom",
    "CRI": "CorrectedandRepublishedIn",
    "DDIN": "AssociatedDataset",
    "DRIN": "AssociatedPublication",
    "ECF": "ExpressionOfConcernFor",
    "ECI": "ExpressionOfConcernIn",
    "EFR": "ErratumFor",
    "EIN": "ErratumIn",
    "ORI": "OriginalReportIn",
    "PRIN": "PartialRetractionIn",
    "PROF": "PartialRetractionOf",
    "RIN": "RetractionIn",
    "ROF": "RetractionOf",
    "RPF": "RepublishedFrom",
    "RPI": "RepublishedIn",
    "RRF": "RetractedandRepublishedFrom",
    "RRI": "RetractedandRepublishedIn",
    "SPIN": "SummaryForPatientsIn",
    "UIN": "UpdateIn",
    "UOF": "UpdateOf",
}


def _sniff(head: str) -> bool:
    found = {match[0][:4] for match in _SNIFF.finditer(head)}
    return bool(found and not _ELSE.search(head) and (len(found) > 1 or "PMID" in found))


def _read(source: Source) -> Iterator[Entry]:
    fields = Fields()
    tag = ""
    after_gap = False
    for number, line in source.lines():
        if not line.strip():
            after_gap = True
            continue
        if match := _TAGGED.match(line):
            tag = match[1]
            if tag == "PMID" or (after_gap and tag in _ONCE and tag in fields):
                if fields:
                    yield _entry(source, fields.line, fields.joined())
                fields = Fields()
            if not fields:
                fields.line = number
            fields.begin(tag, match[2] if match[2] is not None else match[3])
        elif tag and (match := _CONTINUED.match(line)):
            fields.go_on(tag, match[1])
        after_gap = False
    if fields:
        yield _entry(source, fields.line, fields.joined())


def _entry(source: Source, line: int, fields: dict[str, list[str]]) -> Entry:
    def one(*tags: str) -> str:
        return next((text for tag in tags for text in map(clean, fields.get(tag, ())) if text), "")

    abstract = clean_abstract(" ".join(fields.get("AB", ()))) or clean_abstract(" ".join(fields.get("OAB", ())))
    return to_entry(
        source,
        line,
        title=" ".join(fields.get("TI", ())) or one("BTI", "TT"),
        abstract=abstract,
        sections=find_sections(abstract),
        authors=[
            *(fields.get("FAU") or map(family_first, fields.get("AU", ()))),
            *(fields.get("CN", ())),
        ],
        journal=one("JT", "TA"),
        year=find_year(one("DP")) or find_year(one("DEP", "DA")[:4]),
        volume=one("VI"),
        issue=one("IP"),
        pages=one("PG"),
        doi=_doi(fields),
        pmid=one("PMID", "UI").split(" ")[0],
        pmcid=one("PMC"),
        url=next((text for text in fields.get("LID", ()) if text.startswith(("http://", "https://"))), ""),
        language=one("LA"),
        publication_types=fields.get("PT", ()),
        keywords=[text.removeprefix("*") for text in fields.get("OT", ())],
        # "*Neoplasms/drug therapy/*genetics": the descriptor, not its qualifiers; the star marks a main topic.
        mesh=[text.split("/")[0].removeprefix("*") for text in fields.get("MH", ())],
        affiliations=fields.get("AD", ()),
        relations=[_relation(tag, text) for tag in _RELATIONS if tag in fields for text in fields[tag]],
        accessions=fields.get("SI", ()),
    )


def _relation(tag: str, text: str) -> Relation:
    """ "Lancet. 2020;395:1. PMID: 32511111" as the citation and the number."""
    text = clean(text)
    citation, mark, number = text.rpartition("PMID")
    number = number.strip(" :.")
    if mark and number.isascii() and number.isdecimal():
        return Relation(_RELATIONS[tag], number, citation.strip())
    return Relation(_RELATIONS[tag], "", text)


def _doi(fields: dict[str, list[str]]) -> str:
    """LID and AID hold ids of several kinds, each with its kind in brackets; old ones and ERIC's have no bracket."""
    candidates = [*fields.get("LID", ()), *fields.get("AID", ())]
    return next(
        (doi for kind in (True, False) for text in candidates if text.endswith("[doi]") is kind and "[pii]" not in text
         and (doi := find_doi(text))),
        "",
    )  # fmt: skip


FORMAT = Format("medline", "MEDLINE text", (".nbib", ".medline", ".txt"), _sniff, _read)
