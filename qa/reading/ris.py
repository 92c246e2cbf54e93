"""RIS, as some twenty vendors write it: repeated tags, missing ends, wrapped lines, white space at will."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from qa.reading.headings import find_sections
from qa.reading.mapping import (
    clean_abstract,
    family_first,
    find_doi,
    find_year,
    join_pages,
    to_entry,
    without_markup,
    words,
)
from qa.reading.source import Format, Source
from qa.schema import Entry

_STRICT = re.compile(r"([A-Z][A-Z0-9])  -(?:[ \t]+(.*)|$)")
_LOOSE = re.compile(r"[ \t]{0,3}([A-Z][A-Z0-9])[ \t]{0,4}-(?:[ \t]*(.*))")

#: A line that is not written by the book is taken for a new field only with a tag of the book.
_TAGS = words(
    """
    TY A1 A2 A3 A4 AB AD AN AU BT C1 C2 C3 C4 C5 C6 C7 C8 CN CP CT CY DA DB DO DP ED EP ER ET ID IS J1 J2 JA JF JO
    K1 KW L1 L2 L3 L4 LA LB LK M1 M2 M3 N1 N2 NV OP PB PP PY RI RN RP SE SN SP ST T1 T2 T3 T4 TA TI TT U1 U2 U3 U4
    U5 UR VL VO Y1 Y2
    """
)
#: Tags with which an entry may begin that has lost its TY.
_OPENING = words("TI T1 AU A1 AB N2 JF JO T2 ID PY Y1 DO")

_SNIFF_TYPE = re.compile(r"^[ \t]{0,3}TY[ \t]{0,4}-(?:[ \t]*[A-Z]+)?[ \t]*$", re.M)
_SNIFF_END = re.compile(r"^[ \t]{0,3}ER[ \t]{1,4}-[ \t]*$", re.M)
_SNIFF_FIELD = re.compile(r"^(?:TI|T1|AU|A1|AB|N2|JF|JO|T2|PY|Y1)[ \t]{1,4}-[ \t]", re.M)

_PMID_SAID = re.compile(r"\b(?:PMID|PUBMED)(?:\s*ID)?\s*[:=]?\s*(\d{1,8})\b", re.I)
_PMID_LINK = re.compile(r"^https?://(?:pubmed\.ncbi\.nlm\.nih\.gov|(?:www\.)?ncbi\.nlm\.nih\.gov/pubmed)/(\d{1,8})/?$")
_PMCID = re.compile(r"\b(PMC\d{3,9})\b")


def _sniff(head: str) -> bool:
    if _SNIFF_TYPE.search(head):
        return True
    return bool(_SNIFF_END.search(head) and _SNIFF_FIELD.search(head))


def _read(source: Source) -> Iterator[Entry]:
    fields: dict[str, list[str]] = defaultdict(list)
    first = 0
    tag = ""
    for number, line in source.lines():
        found = _tagged(line)
        if found is None:
            if tag and (text := line.strip()):
                _continue(fields[tag], tag, text)
            continue
        new, text = found
        if new in ("TY", "ER"):
            if fields:
                yield _entry(source, first, fields)
            fields = defaultdict(list)
            tag = ""
        if new == "ER" or not (fields or new == "TY" or new in _OPENING):
            continue  # between two entries stands what vendors like: numbers, links, their name
        if not fields:
            first = number
        tag = new
        fields[tag].append(text)
    if fields:
        yield _entry(source, first, fields)


def _tagged(line: str) -> tuple[str, str] | None:
    if match := _STRICT.match(line):
        return match[1], (match[2] or "").strip()
    match = _LOOSE.match(line)
    if match and match[1] in _TAGS and (line[match.end(1) : match.end(1) + 1] != "-" or match[1] == "TY"):
        return match[1], (match[2] or "").strip()
    return None


def _continue(values: list[str], tag: str, text: str) -> None:
    """A line without a tag goes on with the field above it; in a list of words it is the next one."""
    if tag in ("KW", "AU", "A1", "SN", "UR", "DB"):
        values.append(text)
    else:
        values[-1] = f"{values[-1]} {text}".strip()


def _entry(source: Source, line: int, fields: dict[str, list[str]]) -> Entry:
    def all_of(*tags: str) -> list[str]:
        return [text for tag in tags for text in fields.get(tag, ()) if text]

    def one(*tags: str) -> str:
        # "NA" is how R writes that there is nothing.
        return next((without_markup(text) for text in all_of(*tags) if text != "NA"), "")

    abstract = clean_abstract(without_markup(" ".join(all_of("AB")))) or clean_abstract(
        without_markup(" ".join(all_of("N2")))
    )
    return to_entry(
        source,
        line,
        title=one("TI", "T1", "CT", "BT", "ST"),
        abstract=abstract,
        sections=find_sections(abstract),
        authors=[family_first(name) for name in all_of("AU") or all_of("A1")],
        journal=one("JF", "JO", "T2", "JA", "J2", "J1"),
        year=find_year(one("PY")) or find_year(one("Y1")) or find_year(one("DA")),
        volume=one("VL"),
        issue=one("IS"),
        pages=join_pages(one("SP"), one("EP")),
        doi=_doi(fields),
        pmid=_pmid(fields),
        pmcid=next((match[1] for text in all_of("C2", "UR", "L2", "AN") if (match := _PMCID.search(text))), ""),
        url=next((text for text in all_of("UR", "L2") if text.startswith(("http://", "https://"))), ""),
        language=one("LA"),
        publication_types=all_of("M3") or all_of("TY"),
        keywords=all_of("KW", "K1"),
        affiliations=all_of("AD"),
    )


def _doi(fields: dict[str, list[str]]) -> str:
    """A DOI where the entry says that it is its own: as DO, or as a link to doi.org."""
    for text in fields.get("DO", ()):
        if doi := find_doi(text):
            return doi
    for tag in ("UR", "L2", "L3", "M3", "ID"):
        for text in fields.get(tag, ()):
            if re.match(r"(?:https?://(?:dx\.)?doi\.org/|doi:)", text, re.I) and (doi := find_doi(text)):
                return doi
    return ""


def _pmid(fields: dict[str, list[str]]) -> str:
    """A PubMed id where the entry says that it is one; where it says two, neither: a wrong id merges two papers."""
    found = {
        m[1]
        for tag in ("AN", "C2", "C3", "N1", "M1", "ID")
        for t in fields.get(tag, ())
        for m in _PMID_SAID.finditer(t)
    }
    found |= {match[1] for tag in ("UR", "L2") for text in fields.get(tag, ()) if (match := _PMID_LINK.match(text))}
    said = " ".join((*fields.get("DB", ()), *fields.get("DP", ()))).lower()
    if not found and re.search(r"\bpubmed\b|\bmedline\b|\bnlm\b", said) and "embase" not in said:
        found = {text for tag in ("AN", "C2") for text in fields.get(tag, ()) if re.fullmatch(r"\d{5,8}", text)}
    return found.pop() if len(found) == 1 else ""


FORMAT = Format("ris", "RIS", (".ris", ".txt"), _sniff, _read)
