"""RIS, as some twenty vendors write it: repeated tags, missing ends, wrapped lines, white space at will."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.reading.headings import find_sections
from qa.reading.mapping import (
    clean,
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
from qa.reading.tagged import Fields
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

#: In these a line without a tag is one more value.
_LISTS = words("KW AU A1 SN UR DB")

_SNIFF_TYPE = re.compile(r"^[ \t]{0,3}TY[ \t]{0,4}-(?:[ \t]*[A-Z]+)?[ \t]*$", re.M)
_SNIFF_END = re.compile(r"^[ \t]{0,3}ER[ \t]{1,4}-[ \t]*$", re.M)
_SNIFF_FIELD = re.compile(r"^(?:TI|T1|AU|A1|AB|N2|JF|JO|T2|PY|Y1)[ \t]{1,4}-[ \t]", re.M)

_PMID_SAID = re.compile(r"\b(?:PMID|PUBMED)(?:\s*ID)?\s*[:=]?\s*(\d{1,8})\b", re.I)
_PMID_LINK = re.compile(r"^https?://(?:pubmed\.ncbi\.nlm\.nih\.gov|(?:www\.)?ncbi\.nlm\.nih\.gov/pubmed)/(\d{1,8})/?$")
_PMID_MARKED = re.compile(r"(\d{1,8})\[pmid\]", re.I)
_PMCID = re.compile(r"\b(PMC\d{3,9})\b")

#: Addresses that have lost the line ends between them.
_GLUED = re.compile(r"(?:AD|C3|FU)  - ")


def _sniff(head: str) -> bool:
    if _SNIFF_TYPE.search(head):
        return True
    return bool(_SNIFF_END.search(head) and _SNIFF_FIELD.search(head))


def _read(source: Source) -> Iterator[Entry]:
    fields = Fields()
    tag = ""
    for number, line in source.lines():
        found = _tagged(line)
        if found is None:
            if tag and (text := line.strip()):
                # A line without a tag goes on with the field above it; in a list of words it is the next one.
                (fields.begin if tag in _LISTS else fields.go_on)(tag, text)
            continue
        new, text = found
        if new in ("TY", "ER"):
            if fields:
                yield _entry(source, fields.line, fields.joined())
            fields = Fields()
            tag = ""
        if new == "ER" or not (fields or new == "TY" or new in _OPENING):
            continue  # between two entries stands what vendors like: numbers, links, their name
        if not fields:
            fields.line = number
        tag = new
        fields.begin(tag, text)
    if fields:
        yield _entry(source, fields.line, fields.joined())


def _tagged(line: str) -> tuple[str, str] | None:
    if match := _STRICT.match(line):
        return match[1], (match[2] or "").strip()
    match = _LOOSE.match(line)
    if match and match[1] in _TAGS and (line[match.end(1) : match.end(1) + 1] != "-" or match[1] == "TY"):
        return match[1], (match[2] or "").strip()
    return None


def _entry(source: Source, line: int, fields: dict[str, list[str]]) -> Entry:
    def all_of(*tags: str) -> list[str]:
        return [text for tag in tags for text in fields.get(tag, ()) if text]

    def one(*tags: str) -> str:
        # "NA" is how R writes that there is nothing.
        return next((without_markup(text) for text in all_of(*tags) if text != "NA"), "")

    abstract = _abstract(all_of("AB", "N2"))
    return to_entry(
        source,
        line,
        title=one("TI", "T1", "CT", "BT", "ST"),
        abstract=abstract,
        sections=find_sections(abstract),
        authors=_authors(all_of("AU"), all_of("A1")),
        journal=one("JF", "JO", "T2", "JA", "J2", "J1"),
        year=find_year(one("PY")) or find_year(one("Y1")) or find_year(one("DA")),
        volume=one("VL"),
        issue=one("IS"),
        pages=_pages(one("SP"), one("EP")) or one("PG", "C7" if re.fullmatch(r"e?\d{1,12}", one("C7")) else "PG"),
        doi=_doi(fields),
        pmid=_pmid(fields),
        pmcid=next((match[1] for text in all_of("C2", "UR", "L2", "AN") if (match := _PMCID.search(text))), ""),
        # Behind an address other fields may stand that have lost their line ends.
        url=next(
            (text.split()[0].rstrip(",;") for text in all_of("UR", "L2") if text.startswith(("http://", "https://"))),
            "",
        ),
        language=one("LA"),
        publication_types=[text for text in all_of("M3", "PT") if not find_doi(text)] or all_of("TY"),
        keywords=all_of("KW", "K1"),
        affiliations=[part for text in all_of("AD") for part in _GLUED.split(text)],
    )


def _abstract(values: list[str]) -> str:
    """All abstracts of an entry (in two languages, say), a line each; one that another contains is not said twice."""
    texts: list[str] = []
    for value in values[:50]:
        text = clean_abstract(without_markup(value))
        if text and not any(text in other for other in texts):
            texts = [*(other for other in texts if other not in text), text]
    return "\n".join((*texts, *map(clean, values[50:])))


def _authors(authors: list[str], first: list[str]) -> list[str]:
    """AU, or A1; where a file has both, A1 holds a group (Web of Science), or the same people once more."""
    known = {clean(name).split(",")[0].lower() for name in authors}
    return [
        family_first(name) for name in (*authors, *(one for one in first if one.split(",")[0].lower() not in known))
    ]


def _pages(first: str, last: str) -> str:
    """PsycINFO writes "No" and "Specified" where there are none."""
    return "" if (first, last) == ("No", "Specified") else join_pages(first, last)


def _doi(fields: dict[str, list[str]]) -> str:
    """A DOI where the entry says that it is its own: as DO, or as a link to doi.org."""
    for text in fields.get("DO", ()):
        if doi := find_doi(text):
            return doi
    for tag in ("UR", "L2", "L3", "M3", "ID"):
        for text in fields.get(tag, ()):
            if re.match(r"(?:https?://(?:dx\.)?doi\.org/|doi:)", text, re.I) and (doi := find_doi(text)):
                return doi
            if tag == "L3" and find_doi(text) == text:  # EBSCO
                return text
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
    found |= {m[1] for text in fields.get("U1", ()) for m in _PMID_MARKED.finditer(text)}
    said = " ".join((*fields.get("DB", ()), *fields.get("DP", ()))).lower()
    if not found and re.search(r"\bpubmed\b|\bmedline\b|\bnlm\b", said) and "embase" not in said:
        found = {text for tag in ("AN", "C2") for text in fields.get(tag, ()) if re.fullmatch(r"\d{5,8}", text)}
    if not found and "embase" in said and "medline" in said:  # Embase's field for the PMID of what is in both
        found = {text for text in fields.get("C5", ()) if re.fullmatch(r"\d{5,8}", text)}
    return found.pop() if len(found) == 1 else ""


FORMAT = Format("ris", "RIS", (".ris", ".txt"), _sniff, _read)
