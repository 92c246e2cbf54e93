"""What is found in records by text alone, against what PubMed's indexers say and against labels made by reading.

    python -m benchmarks.appraisal PUBMED.xml.gz… --suite evidence-inference/

The rules were written looking at the records whose PMID's sha256 begins with an even byte; measured are the others,
with publication types, MeSH, relations and accessions hidden.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.machine import keep
from qa import reading
from qa.appraisal import VERSION, appraise
from qa.appraisal.registers import registrations
from qa.appraisal.text import Texts
from qa.schema import DESIGNS, Appraisal, Record, Section

LABELS = Path(__file__).parent / "data" / "appraisal_labels.json"
CHECKED = Path(__file__).parent / "data" / "appraisal_checked.json"


def held_out(name: str) -> bool:
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 1


def hidden(record: Record) -> Record:
    """The record's own words only."""
    return replace(record, publication_types=(), mesh=(), relations=(), accessions=())


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def compared(pairs: Iterable[tuple[set[str], set[str]]], names: Iterable[str]) -> dict[str, Any]:
    """Precision and recall for each name, of (truth, found) pairs."""
    pairs = list(pairs)
    table = {}
    for name in names:
        true = sum(name in truth for truth, _ in pairs)
        found = sum(name in got for _, got in pairs)
        both = sum(name in truth and name in got for truth, got in pairs)
        if true or found:
            table[name] = {"n": true, "found": found, "both": both, "precision": share(both, found),
                           "recall": share(both, true)}  # fmt: skip
    return table


def names(appraisal: Appraisal) -> set[str]:
    return {finding.name for finding in appraisal.designs}


def by_types(records: list[Record], found: list[Appraisal]) -> dict[str, Any]:
    """Designs, by text, against publication types and MeSH; all records, and those that the indexers are done with."""
    silver = [names(appraise(replace(record, title="", abstract=""))) for record in records]
    pairs = list(zip(silver, map(names, found), strict=True))
    indexed = [pair for pair, record in zip(pairs, records, strict=True) if record.mesh]
    return {
        "all": {"records": len(pairs), **compared(pairs, DESIGNS)},
        "indexed": {"records": len(indexed), **compared(indexed, DESIGNS)},
    }


def by_species(records: list[Record], found: list[Appraisal]) -> dict[str, Any]:
    truth = [{term.lower() for term in record.mesh} & {"humans", "animals"} for record in records]
    pairs = [(true, {finding.name for finding in one.species}) for true, one in zip(truth, found, strict=True) if true]
    return {"records": len(pairs), **compared(pairs, ("humans", "animals"))}


def by_accessions(records: list[Record], found: list[Appraisal]) -> dict[str, Any]:
    """Registration numbers in the text against those in PubMed's lists of accessions, over records that have some."""
    both = true = got = 0
    for record, one in zip(records, found, strict=True):
        listed = {f.name for f in registrations(Texts.of(replace(record, title="", abstract="")))}
        text = {f.name for f in one.registrations}
        if listed:
            true, got, both = true + len(listed), got + len(text), both + len(listed & text)
    anywhere = sum(bool(one.registrations) for one in found)
    return {"listed": true, "in the text": got, "both": both, "precision": share(both, got),
            "recall": share(both, true), "records with a number in the text": anywhere}  # fmt: skip


def by_reading(records: dict[str, Record]) -> dict[str, Any]:
    """Sample size and the most telling design against labels made by reading."""
    rows = json.loads(LABELS.read_text(encoding="utf-8"))["labels"]
    sizes: list[tuple[list[int], int | None]] = []
    designs: list[tuple[list[str], str]] = []
    wrong = []
    for row in rows:
        one = appraise(hidden(records[row["id"]]))
        sizes.append((row["n"], one.sample_size))
        designs.append((row["design"], one.design))
        if (one.sample_size not in row["n"]) if row["n"] else one.sample_size is not None:
            wrong.append({"id": row["id"], "stated": row["n"], "found": one.sample_size})
    right = sum(found in stated for stated, found in sizes)
    return {
        "abstracts": len(rows),
        "sample size": {
            "stated": sum(bool(stated) for stated, _ in sizes),
            "found": sum(found is not None for _, found in sizes),
            "right": right,
            "precision": share(right, sum(found is not None for _, found in sizes)),
            "recall": share(right, sum(bool(stated) for stated, _ in sizes)),
            "wrong": wrong,
        },
        "design": {"right": sum(found in fair for fair, found in designs),
                   "missed": sum(not found and "" not in fair for fair, found in designs),
                   "wrong": sum(bool(found) and found not in fair for fair, found in designs)},
    }  # fmt: skip


def by_hand() -> dict[str, Any]:
    """Of samples of what the rules found, how many were right when title and evidence were read."""
    plain = json.loads(CHECKED.read_text(encoding="utf-8"))
    table: dict[str, dict[str, str]] = {}
    for turn in ("first", "second"):
        for design in DESIGNS:
            rights = [row["right"] for row in plain[turn] if row["design"] == design]
            if rights:
                table.setdefault(design, {})[turn] = f"{sum(rights)} of {len(rights)}"
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pubmed", nargs="+", type=Path)
    parser.add_argument("--suite", type=Path, required=True, help="Evidence Inference, in BEIR's layout")
    options = parser.parse_args()
    everything = [one for path in options.pubmed for one in reading.read(path) if isinstance(one, Record)]
    records = [record for record in everything if held_out(record.pmid)]
    start = time.perf_counter()
    found = [appraise(hidden(record)) for record in records]
    seconds = time.perf_counter() - start
    trials = {record.id: record for record in suite(options.suite)}
    own = [names(appraise(record)) for name, record in trials.items() if held_out(name)]
    count: Callable[[str], int] = lambda design: sum(design in one for one in own)  # noqa: E731
    keep(
        "appraisal",
        {
            "data": [path.name for path in options.pubmed],
            "suite": options.suite.name,
            "rules": VERSION,
            "records": len(records),
            "records per second": round(len(records) / seconds),
            "designs, by text against types and MeSH": by_types(records, found),
            "designs found, checked by reading": by_hand(),
            "species, by text against MeSH": by_species(records, found),
            "registrations, by text against accessions": by_accessions(records, found),
            "labels made by reading": by_reading({**trials, **{record.id: record for record in records}}),
            "trial reports": {"records": len(own), "randomised trial": count("randomised trial"),
                              "protocol": count("protocol"), "animal study": count("animal study"),
                              "non-randomised trial": count("non-randomised trial"),
                              "no design": sum(not one for one in own)},
        },
    )  # fmt: skip


def suite(folder: Path) -> Iterable[Record]:
    for line in (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines():
        plain = json.loads(line)
        sections = tuple(Section(s["label"], s["start"], s["end"]) for s in plain.get("sections", ()))
        yield Record(plain["_id"], plain["title"], plain["text"], sections)


if __name__ == "__main__":
    main()
