"""One record as a reference, in plain text: APA 7 and Vancouver, in our own words of their published rules.

(There is a CSL processor for Python. Its styles are 90 MB under a share-alike licence, and of a record that lacks an
author or a year, as many here do, it makes "Only a title. (n.d.). Only a title." These two styles are short.)

Titles and journals stand as the record has them: sentence case and abbreviations cannot be had by rule without
spoiling names. What a record does not say is left out, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.export import bibtex, ris
from qa.export.escaping import one_line, web_address
from qa.export.names import Name, authors, is_electronic, page_range, short_range
from qa.schema import Record

#: APA prints up to 20 authors; of more, the first 19 and the last. Vancouver prints 6, then "et al.".
_APA_MOST, _VANCOUVER_MOST = 20, 6


def apa(record: Record) -> str:
    """A reference in the style of the American Psychological Association, 7th edition, in plain text.

    >>> apa(Record("x", "Light at night", authors=("Moreau, Ines",), journal="Ecology", year=2018, volume="5"))
    'Moreau, I. (2018). Light at night. Ecology, 5.'
    """
    people = _apa_people([_apa_name(name) for name in authors(record)])
    date = f"({record.year})." if record.year else "(n.d.)."
    title = _ended(record.title)
    volume = record.volume + (f"({record.issue})" if record.issue else "")
    where = ", ".join(part for part in (record.journal, volume, _apa_pages(record.pages)) if part)
    head = [_ended(people), date, title] if people else [title, date]
    return _joined(*head, _ended(where), _apa_address(record))


def _apa_name(name: Name) -> str:
    if name.is_group:
        return name.family
    suffix = f", {name.suffix}" if name.suffix else ""
    return f"{name.family}, {_apa_initials(name)}{suffix}"


def _apa_initials(name: Name) -> str:
    """ "J.-P. M." of "Jean-Pierre Marie"."""
    return (
        "".join(f"{letter}." if letter[0] == "-" else f" {letter}." for letter in name.initials).strip() or name.given
    )


def _apa_people(names: Sequence[str]) -> str:
    if len(names) > _APA_MOST:
        return f"{', '.join(names[: _APA_MOST - 1])}, … {names[-1]}"
    return f"{', '.join(names[:-1])}, & {names[-1]}" if len(names) > 1 else "".join(names)


def _apa_pages(pages: str) -> str:
    first, last = page_range(pages)
    if last:
        return f"{first}–{last}"
    return f"Article {first}" if is_electronic(first) else first


def _apa_address(record: Record) -> str:
    """The DOI as a link; without one, where a saved page came from. Databases such as PubMed are not named in APA."""
    if record.doi:
        return f"https://doi.org/{record.doi}"
    return record.url if not record.pmid and web_address(record.url) else ""


def vancouver(record: Record) -> str:
    """A reference in the style of the ICMJE (Vancouver, NLM) without its number, in plain text.

    >>> vancouver(Record("x", "Light at night", authors=("Moreau, Ines",), journal="Ecology", year=2018, volume="5"))
    'Moreau I. Light at night. Ecology. 2018;5.'
    """
    names = [_vancouver_name(name) for name in authors(record)]
    people = ", ".join([*names[:_VANCOUVER_MOST], "et al"] if len(names) > _VANCOUVER_MOST else names)
    numbers = record.volume + (f"({record.issue})" if record.issue else "")
    date = str(record.year) if record.year else "[date unknown]"
    pages = short_range(*page_range(record.pages))
    published = date + (f";{numbers}" if numbers else "") + (f":{pages}" if pages else "")
    ids = "; ".join(
        part for part in (record.pmid and f"PMID: {record.pmid}", record.pmcid and f"PMCID: {record.pmcid}") if part
    )
    doi = f"doi: {record.doi}" if record.doi else ""
    address = "" if record.doi or ids or not web_address(record.url) else f"Available from: {record.url}"
    known = record.journal or record.year or numbers or pages
    return _joined(
        _ended(people),
        _ended(record.title),
        _ended(record.journal),
        _ended(published) if known else "",
        _ended(doi),
        _ended(ids),
        address,
    )


def _vancouver_name(name: Name) -> str:
    if name.is_group:
        return name.family
    joined = "".join(name.initials).replace("-", "") or name.given
    return " ".join(part for part in (name.family, joined, name.suffix.rstrip(".")) if part)


def _ended(text: str) -> str:
    """The text with a full stop, unless it ends a sentence already."""
    text = text.strip()
    return f"{text}." if text and text[-1] not in ".?!…。？！" else text


def _joined(*parts: str) -> str:
    return one_line(" ".join(part for part in parts if part))


#: The styles a record can be cited in, by the name a person types: (what it is called, how it is made).
STYLES: dict[str, tuple[str, Callable[[Record], str]]] = {
    "apa": ("APA 7", apa),
    "vancouver": ("Vancouver", vancouver),
    "bibtex": ("BibTeX", lambda record: bibtex.write([record])),
    "ris": ("RIS", lambda record: ris.write([record])),
}


def cite(record: Record, style: str = "apa") -> str:
    """A record in one of STYLES, in plain text; KeyError for a style that is none."""
    return STYLES[style][1](record)
