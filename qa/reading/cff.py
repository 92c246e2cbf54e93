"""Citation File Format (CITATION.cff): what a piece of software or data asks to be cited as, and what it cites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from qa.errors import Broken
from qa.reading.mapping import clean_abstract, find_doi, find_year, join_pages, to_entry
from qa.reading.source import Format, Source
from qa.schema import Entry

_SNIFF = re.compile(r"^['\"]?cff-version['\"]?\s*:", re.M)


def _sniff(head: str) -> bool:
    return bool(_SNIFF.search(head))


def _read(source: Source) -> Iterator[Entry]:
    import yaml

    try:
        plain = yaml.safe_load(source.text())
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        raise Broken(source.path, "the YAML is damaged. Fetch the file again.", mark.line + 1 if mark else 0) from error
    if not isinstance(plain, dict):
        raise Broken(source.path, "says that it is a citation file, and holds nothing to cite.")
    references = plain.get("references")
    for one in (plain, plain.get("preferred-citation"), *(references if isinstance(references, list) else [])):
        if isinstance(one, dict):
            yield _entry(source, one)


def _entry(source: Source, one: dict[str, Any]) -> Entry:
    def text(*names: str) -> str:
        values = (one.get(name) for name in names)
        return next((str(value) for value in values if isinstance(value, str | int | float) and str(value).strip()), "")

    ids = one.get("identifiers")
    dois = (
        [str(i.get("value", "")) for i in ids if isinstance(i, dict) and i.get("type") == "doi"]
        if isinstance(ids, list)
        else []
    )
    journal = one.get("journal") or one.get("collection-title") or ""
    keywords = one.get("keywords")
    return to_entry(
        source,
        0,
        title=text("title"),
        abstract=clean_abstract(text("abstract")),
        authors=_people(one.get("authors")),
        journal=str(journal),
        year=find_year(text("year", "date-released", "date-published") or str(one.get("date-released", ""))),
        volume=text("volume"),
        issue=text("issue"),
        pages=join_pages(text("start"), text("end")),
        doi=find_doi(text("doi")) or next((doi for value in dois if (doi := find_doi(value))), ""),
        pmcid=text("pmcid"),
        url=text("url", "repository-code"),
        publication_types=[text("type") or "software"],
        keywords=[str(word) for word in keywords] if isinstance(keywords, list) else [],
    )


def _people(people: Any) -> Iterator[str]:
    for person in people if isinstance(people, list) else []:
        if isinstance(person, dict):
            family = " ".join(str(person[part]) for part in ("name-particle", "family-names") if person.get(part))
            yield ", ".join(filter(None, (family, str(person.get("given-names") or "")))) or str(
                person.get("name") or ""
            )


FORMAT = Format("cff", "citation file", (".cff",), _sniff, _read)
