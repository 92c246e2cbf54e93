"""Authors' names, pages and kinds of work, taken apart as citation styles and reference managers want them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.schema import Record

_SUFFIX = re.compile(r"(?:jr|sr)\.?|[IVX]{1,4}|\d(?:st|nd|rd|th)", re.I)
_GIVEN = re.compile(r"([-‐]?)([^\s.‐-]+)")
_RANGE = re.compile(r"([A-Za-z]{0,4})(\d{1,9})\s?[-–—‐]{1,2}\s?([A-Za-z]{0,4})(\d{1,9})")
_ELECTRONIC = re.compile(r"[A-Za-z]{1,4}\d{3,}")


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name; or a group's, and then only ``family`` is filled and ``is_group`` true."""

    family: str
    given: str = ""
    suffix: str = ""
    is_group: bool = False

    @property
    def initials(self) -> tuple[str, ...]:
        """The first letters of the given names: ("P", "A") of "Peter A.", ("J", "-P") of "Jean-Pierre".

        Of "RS", capitals alone, both. A name in a script without capitals has none: it is left whole by all styles.
        """
        found: list[str] = []
        for hyphen, word in _GIVEN.findall(self.given):
            if word[0].lower() == word[0].upper():
                return ()
            first, *more = word if word.isupper() and len(word) <= 3 else word[0]
            found += ["-" + first if hyphen and found else first, *more]
        return tuple(found)


def parse(name: str) -> Name:
    """ "Family, Given" or "Family, Given, Jr" taken apart; what has no comma is a group, or somebody with one name."""
    parts = [part.strip() for part in name.split(",") if part.strip()]
    if len(parts) < 2:
        return Name(name.strip(" ,"), is_group=True)
    if len(parts) > 2 and _SUFFIX.fullmatch(parts[-1]):
        return Name(parts[0], ", ".join(parts[1:-1]), parts[-1])
    if len(parts) > 3:  # "Department of This, That, and the Other": no person
        return Name(name.strip(), is_group=True)
    return Name(parts[0], ", ".join(parts[1:]))


def authors(record: Record) -> list[Name]:
    """The authors of a record, in printed order."""
    return [parse(name) for name in record.authors if name.strip(" ,")]


def page_range(pages: str) -> tuple[str, str]:
    """The first and the last page, in full: "101-9" is ("101", "109"). What is no range stays whole: ("e123", "")."""
    match = _RANGE.fullmatch(pages.strip())
    if match is None:
        return pages.strip(), ""
    before, first, between, last = match.groups()
    if len(last) < len(first) and between in ("", before):
        last = first[: len(first) - len(last)] + last
    return before + first, (between or before) + last


def short_range(first: str, last: str) -> str:
    """A range of pages as Vancouver style prints it, repeating nothing: "101-9", "S12-5", "99-101"."""
    if not last:
        return first
    if len(first) != len(last):
        return f"{first}-{last}"
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=True)) if a != b), len(first))
    return f"{first}-{last[same:]}" if same < len(first) else first


def is_electronic(pages: str) -> bool:
    """Whether this is the number of an article without pages, such as "e0209899"."""
    return bool(_ELECTRONIC.fullmatch(pages.strip()))


@dataclass(frozen=True, slots=True)
class Kind:
    """What sort of work a record is, as RIS, BibTeX and CSL call it; ``container`` is BibTeX's field of the journal."""

    ris: str
    bibtex: str
    csl: str
    container: str = "journal"


ARTICLE = Kind("JOUR", "article", "article-journal")
OTHER = Kind("GEN", "misc", "document", "howpublished")

#: By publication type, in lower case: those of PubMed, of RIS and of CSL.
KINDS: dict[str, Kind] = {
    **dict.fromkeys(("preprint", "unpb"), Kind("UNPB", "unpublished", "article", "note")),
    **dict.fromkeys(("book", "monograph", "ebook"), Kind("BOOK", "book", "book", "series")),
    **dict.fromkeys(("book chapter", "chap", "chapter", "echap"), Kind("CHAP", "incollection", "chapter", "booktitle")),
    **dict.fromkeys(("thes", "thesis", "dissertation"), Kind("THES", "phdthesis", "thesis", "school")),
    **dict.fromkeys(
        ("conf", "cpaper", "paper-conference", "conference paper", "proceedings-article"),
        Kind("CPAPER", "inproceedings", "paper-conference", "booktitle"),
    ),
    **dict.fromkeys(("rprt", "report"), Kind("RPRT", "techreport", "report", "institution")),
    **dict.fromkeys(("data", "dataset"), Kind("DATA", "misc", "dataset", "howpublished")),
    **dict.fromkeys(("elec", "webpage", "web page"), Kind("ELEC", "misc", "webpage", "howpublished")),
}


def kind(record: Record) -> Kind:
    """What sort of work a record is; an article where it does not say, and has a journal or a PubMed number."""
    found = next((KINDS[name] for name in map(str.casefold, record.publication_types) if name in KINDS), None)
    return found or (ARTICLE if record.journal or record.pmid else OTHER)


def abstract_with_headings(record: Record) -> str:
    """The abstract with the headings that the source keeps apart from it put in front: "METHODS: We asked …"."""
    parts, at = list[str](), 0
    for section in record.sections:
        gap = record.abstract[at : section.start]
        parts.append(gap)
        if section.label and not gap.strip():
            parts.append(f"{section.label}: ")
        parts.append(record.abstract[section.start : section.end])
        at = section.end
    return "".join(parts) + record.abstract[at:]
