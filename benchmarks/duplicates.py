"""The same work twice: what is merged that should be, and what is that should not.

    python -m benchmarks.duplicates [--labelled FILE.xml …] [--pubmed FILE.xml.gz] [--exports FILE …]

Labelled are EndNote libraries in which every member of a group of duplicates has the caption "Duplicate" (the test sets
of dedupe-sweep): the measure is of records found to have a duplicate. From PubMed's file, whose numbers are the truth,
each record gets a twin as another database would print it, and both lose their identifiers: a merge of two different
numbers is wrong (but where they stand for the Spanish and the English edition of one article, at the same place of the
same journal), every twin not merged is missed. Of other exports, counts only: what was merged by what ground, what
was refused and why.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from lxml import etree

from benchmarks.machine import keep
from qa.errors import ReadingError
from qa.merging import Cluster, Refusal, Variant, cluster, content_hash
from qa.reading import read
from qa.schema import Record


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--labelled", type=Path, nargs="*", default=[])
    parser.add_argument("--pubmed", type=Path)
    parser.add_argument("--exports", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    result: dict[str, Any] = {"labelled": {path.name: labelled(path) for path in options.labelled}}
    if options.pubmed:
        result["pubmed, without identifiers"] = twins(options.pubmed)
    if options.exports:
        result["exports"] = exports(options.exports)
    keep("duplicates", result)


def timed(records: Iterable[Record]) -> tuple[list[Cluster], list[Refusal], float]:
    variants = {content: Variant(content, record) for record in records for content in [content_hash(record)]}
    start = time.perf_counter()
    found, refused = cluster(variants.values())
    return found, refused, time.perf_counter() - start


def labelled(path: Path) -> dict[str, Any]:
    labels = dict(endnote(path))
    found, refused, seconds = timed(labels)
    of = {content_hash(record): label for record, label in labels.items()}
    counts: Counter[tuple[bool, bool]] = Counter()
    for one in found:
        for variant in one.variants:
            counts[len(one.variants) > 1, of[variant.content]] += 1
    right, wrong, missed = counts[True, True], counts[True, False], counts[False, True]
    return {
        "records": len(labels),
        "labelled duplicate": right + missed,
        "found": right + wrong,
        "wrong": wrong,
        "missed": missed,
        "precision": round(right / (right + wrong), 4),
        "recall": round(right / (right + missed), 4),
        "refused": Counter(one.reason for one in refused),
        "seconds": round(seconds, 2),
    }


def endnote(path: Path) -> Iterable[tuple[Record, bool]]:
    """The records of an EndNote library, and whether their caption says "Duplicate"."""
    tree = etree.parse(str(path), etree.XMLParser(huge_tree=True, recover=True, resolve_entities=False))
    for number, item in enumerate(tree.iter("record")):

        def text(where: str, item: etree._Element = item) -> str:
            found = item.find(where)
            return "" if found is None else " ".join("".join(map(str, found.itertext())).split())

        authors = (" ".join("".join(map(str, one.itertext())).split()) for one in item.iterfind(".//authors/author"))
        doi = re.search(r"10\.\d{4,9}/\S+", text("electronic-resource-num"))
        year = re.search(r"\d{4}", text("dates/year"))
        record = Record(
            f"sha256:{path.name}:{number}",
            title=text("titles/title"),
            abstract=text("abstract"),
            authors=tuple(authors),
            journal=text("titles/secondary-title") or text("periodical/full-title"),
            year=int(year[0]) if year else None,
            volume=text("volume"),
            pages=text("pages"),
            doi=doi[0] if doi else "",
            publication_types=(text("work-type"),) if text("work-type") else (),
        )
        yield record, text("caption") == "Duplicate"


def twins(path: Path) -> dict[str, Any]:
    given = [entry for entry in read(path) if isinstance(entry, Record) and entry.title and entry.pmid]
    given = list({record.pmid: record for record in given}.values())
    truth: dict[str, str] = {}
    variants = []
    for record in given:
        bare = replace(record, id=f"sha256:{record.pmid}", pmid="", doi="", pmcid="", url="")
        for one in (bare, elsewhere(bare)):
            content = content_hash(one)
            truth[content] = record.pmid
            variants.append(one)
    found, refused, seconds = timed(variants)
    groups = [Counter(truth[variant.content] for variant in one.variants) for one in found]
    places = {record.pmid: (record.volume, record.issue, record.pages, record.year) for record in given}
    mixed = [group for group in groups if len(group) > 1]
    together = sum(1 for group in groups for count in group.values() if count == 2)
    return {
        "works": len(given),
        "records": len(variants),
        "twins merged": together,
        "recall": round(together / len(given), 4),
        "records that hold two PMIDs": len(mixed),
        "of these, at the same place": sum(len({places[pmid] for pmid in group}) == 1 for group in mixed),
        "refused": Counter(one.reason for one in refused if truth[one.one] == truth[one.other]),
        "seconds": round(seconds, 2),
    }


def elsewhere(record: Record) -> Record:
    """The record as another database prints it: initials, capitals, short pages, no full stop, the next year."""
    return replace(
        record,
        id=f"{record.id}'",
        title=record.title.rstrip(".").title(),
        abstract=record.abstract[: len(record.abstract) * 9 // 10],
        sections=(),
        authors=tuple(f"{name.partition(', ')[0]}, {name.partition(', ')[2][:1]}." for name in record.authors[:3]),
        journal=record.journal.partition(" : ")[0].upper(),
        year=record.year + 1 if record.year and len(record.title) % 2 else record.year,
        pages=re.sub(r"^(\d+)-.*", r"\1", record.pages),
        publication_types=("JOUR",),
        keywords=(),
        mesh=(),
        affiliations=(),
    )


def exports(paths: Iterable[Path]) -> dict[str, Any]:
    records: list[Record] = []
    files = 0
    for path in paths:
        try:
            records += [entry for entry in read(path) if isinstance(entry, Record)]
            files += 1
        except ReadingError:
            continue  # another benchmark tells what is read
    found, refused, seconds = timed(records)
    return {
        "files": files,
        "records read": len(records),
        "distinct": sum(len(one.variants) for one in found),
        "works": len(found),
        "merged from several": sum(len(one.variants) > 1 for one in found),
        "by": Counter(link.ground for one in found for link in one.links),
        "refused": Counter(one.reason for one in refused),
        "seconds": round(seconds, 2),
    }


if __name__ == "__main__":
    main()
