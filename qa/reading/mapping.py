"""What an entry says, made into a record: the same few mendings for every format."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

from qa.reading.indices import raise_tagged
from qa.reading.source import Source
from qa.schema import Record, Relation, Section, Skip, record_id


def words(text: str) -> frozenset[str]:
    """The words in a text: how long lists of words are written here."""
    return frozenset(text.split())


#: The serial kind has angle brackets: 10.1892/0891-6640(2002)016<0077:IATICK>2.3.CO;2.
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]{1,300}(?:<\d[^\s\"<>]{1,60}>[^\s\"<>]{0,60})?")
_DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.|www\.)?doi\.org/|doi\s*[:=]?\s*)+", re.I)
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
#: Only what ASCII calls white space or control. A no-break or thin space is the author's, and stays.
_RUN = re.compile(r"[\x00-\x20\x7f]{2,}|[\x00-\x1f\x7f]")
#: What turns the direction of all that follows, to show another text than is there; marks of one place stay.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_INITIALS = re.compile(r"(?:[A-Z]\.?[- ]?){1,4}$")
_GROUP = re.compile(
    r"\b(?:group|consortium|collaborat\w+|committee|society|association|network|team|investigators?|university|"
    r"institute|cent(?:er|re)|organi[sz]ation|project|initiative|council|for|the)\b",
    re.I,
)
_PARTICLES = words("van von der den de del della di da dos das du la le ter ten zu zur af al el bin ibn st.")
_SUFFIXES = words("jr jr. sr sr. ii iii iv")

#: The end of a tag: attributes have an equals sign, so that "a <b and c> d" is no tag.
_TAG_END = r"(?:\s+[\w:-]+\s*=[^<>]*)?\s*/?>"
_BLOCK = re.compile(
    r"</?(?:jats:)?(?:p|br|div|h\d|li|ul|ol|sec|title|section|list|list-item|abstracttext|abstract)" + _TAG_END, re.I
)
_INLINE = re.compile(
    r"</?(?:jats:|mml:)?(?:i|b|u|em|strong|sub|sup|inf|span|a|small|tt|font|scp|styled-content|ext-link|named-content|"
    r"uri|xref|italic|bold|sc|math|m(?:i|n|o|row|sub|sup|"
    r"subsup|frac|text|style|over|under|sqrt|fenced|space))" + _TAG_END,
    re.I,
)

#: PubMed's own elements, as Lens leaves them in: a label is a heading, and the copyright is not the abstract.
_LABELLED = re.compile(r"<AbstractText\b[^<>]*?\bLabel=\"([^\"<>]{1,200})\"[^<>]*>")
_COPYRIGHT = re.compile(r"<CopyrightInformation>[^<]*</CopyrightInformation>")

#: What databases write where there is no abstract.
_NO_ABSTRACT = re.compile(
    r"\W*(?:n/?a|none|null|abstract|(?:abstract )?not available|no abstract(?: is)?(?: available)?)\W*", re.I
)

#: What EBSCO adds to an abstract, at its end or in a field of its own: neither is the author's.
_FROM_AUTHOR = re.compile(r" ?\[ABSTRACT FROM (?:AUTHOR|PUBLISHER)\](?=\s*(?:$|Copyright of ))")
_NOTICE = re.compile(r"Copyright of .{1,500} is the property of .{1,500} and its content may not be copied", re.S)


def to_entry(
    source: Source,
    line: int,
    *,
    title: str = "",
    abstract: str = "",
    sections: tuple[Section, ...] = (),
    authors: Iterable[str] = (),
    journal: str = "",
    year: int | None = None,
    volume: str = "",
    issue: str = "",
    pages: str = "",
    doi: str = "",
    pmid: str = "",
    pmcid: str = "",
    url: str = "",
    language: str = "",
    publication_types: Iterable[str] = (),
    keywords: Iterable[str] = (),
    mesh: Iterable[str] = (),
    affiliations: Iterable[str] = (),
    relations: Iterable[Relation] = (),
    accessions: Iterable[str] = (),
) -> Record | Skip:
    """A record of what a reader found, or the skip of an entry that has neither a title nor an abstract.

    ``abstract`` is kept as given (the sections point into it); all other texts lose control characters and have
    their white space collapsed; lists lose what is empty or said twice.
    """
    title = clean(title)
    pmid = pmid.strip() if pmid.strip().isascii() and pmid.strip().isdecimal() else ""
    doi = find_doi(doi)
    if not title and not abstract:
        which = f" (PMID {pmid})" if pmid else f" (DOI {doi})" if doi else ""
        return Skip(source.path, line, f"the entry{which} has neither a title nor an abstract")
    authors = unique(authors)
    first = authors[0] if authors else ""
    return Record(
        id=record_id(pmid=pmid, doi=doi, content=(title, abstract, str(year or ""), first)),
        title=title,
        abstract=abstract,
        sections=sections,
        authors=authors,
        journal=clean(journal),
        year=year,
        volume=clean(volume),
        issue=clean(issue),
        pages=clean(pages),
        doi=doi,
        pmid=pmid,
        pmcid=clean(pmcid),
        url=clean(url),
        language=clean(language),
        publication_types=unique(publication_types),
        keywords=unique(keywords),
        mesh=unique(mesh),
        affiliations=unique(affiliations),
        source=source.name,
        relations=tuple(relations),
        accessions=unique(accessions),
    )


def clean(text: str) -> str:
    """One line: control characters and what turns its direction gone, white space collapsed."""
    if text.isprintable() and "  " not in text:  # most texts, and five times as fast to tell
        return text.strip()
    return _RUN.sub(" ", _TURNS.sub("", text)).strip()


def clean_abstract(text: str) -> str:
    """As :func:`clean`, without a database's notice; a text that only says that there is no abstract becomes empty."""
    text = without_notice(clean(text))
    return "" if _NO_ABSTRACT.fullmatch(text) else text


def without_notice(abstract: str) -> str:
    """An abstract without what EBSCO says behind it: where it is from, and whose property the journal is."""
    if "[ABSTRACT FROM " in abstract and (match := _FROM_AUTHOR.search(abstract)):
        return abstract[: match.start()]
    return "" if _NOTICE.match(abstract) else abstract


def without_markup(text: str) -> str:
    """A text without the tags and entities that Crossref, Zotero and web pages leave in it; "n < 5" is no tag."""
    for _ in range(3):  # what has gone through two programs is escaped twice
        before = text
        if "<" in text:
            text = _COPYRIGHT.sub("", _LABELLED.sub(r" \1: ", text))
            # The last is Web of Science's word for what it cannot write.
            text = _INLINE.sub("", _BLOCK.sub(" ", raise_tagged(text))).replace("<middle dot>", "·")
        if "&" in text:
            text = unescape(text)
        if text == before:
            break
    return text


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """The values cleaned, in order, without empty ones and repetitions."""
    return tuple(dict.fromkeys(value for value in map(clean, values) if value))


def find_doi(text: str) -> str:
    """The DOI in a text such as "https://doi.org/10.1000/xyz." or "10.1000/xyz [doi]", or ''."""
    match = _DOI.search(_DOI_PREFIX.sub("", text.strip()).replace("%2F", "/").replace("%2f", "/"))
    if not match:
        return ""
    doi = match[0].rstrip(".,;:'’”")
    # A bracket at the end belongs to the text around the DOI, unless it was opened within it: 10.1016/S0140(97)1.
    while doi and doi[-1] in ")]}" and doi.count(doi[-1]) > doi.count("([{"[")]}".index(doi[-1])]):
        doi = doi[:-1].rstrip(".,;:")
    return doi


def find_year(text: str) -> int | None:
    """The first year (1500 to 2099) in a date as anybody writes it, or None."""
    match = _YEAR.search(text)
    return int(match[1]) if match else None


def join_pages(first: str, last: str) -> str:
    """ "152" and "160" make "152-160"; a first page that is a range already stays as it is."""
    first, last = clean(first), clean(last)
    if not last or last == first or "-" in first or "–" in first:
        return first
    return f"{first}-{last}" if first else last


def family_first(name: str) -> str:
    """ "Jan van der Berg" and "Berg J" as "van der Berg, Jan" and "Berg, J"; groups and single names as they are."""
    name = " ".join(name.split()).strip(" ,;")
    words = name.split()
    if "," in name or len(words) < 2 or len(words) > 7 or _GROUP.search(name):
        return name
    for at in range(1, len(words)):
        tail = " ".join(words[at:])
        # "Liu R." and "Sampson SD", but not "J. R. R. Tolkien" and no shouting ("ANTONIA CHUNG").
        if _INITIALS.fullmatch(tail) and len(words[at - 1].rstrip(".")) > 1 and (not tail.isalpha() or len(tail) < 4):
            return f"{' '.join(words[:at])}, {tail}"
    end = len(words) - (len(words) > 2 and words[-1].lower() in _SUFFIXES)
    at = end - 1
    while at > 1 and words[at - 1].lower() in _PARTICLES:
        at -= 1
    return f"{' '.join(words[at:])}, {' '.join(words[:at])}"
