"""The same records as many programs export them: does each file give the same titles, DOIs and abstracts?

    python -m benchmarks.flavours FOLDER [--files 'citation-file-formatting*'] [--save benchmarks/results/flavours.json]

Works are told apart by their titles' letters. Of each that at least three files hold, what most of them say counts;
white space, case and punctuation do not. A file's differences are printed with what it says instead: nothing, less, or
something else. What a file's program left out cannot be read from it.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from qa.errors import ReadingError
from qa.reading import read
from qa.schema import Record

FIELDS = ("title", "doi", "abstract")
_LEAST = 3  # files that must hold a work
_KEY = 60  # letters of a title: some programs cut long ones, others add a subtitle


def letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def records_of(path: Path) -> list[Record]:
    try:
        return [entry for entry in read(path) if isinstance(entry, Record)]
    except ReadingError as error:
        print(f"refused: {error}")
        return []


def said_by_most(works: dict[str, list[Record]]) -> dict[tuple[str, str], str]:
    """(work, field) → the value that most of its records have, by its letters; empty ones have no vote."""
    most = {}
    for work, held in works.items():
        for field in FIELDS:
            votes = Counter(value for record in held if (value := letters(getattr(record, field))))
            most[work, field] = votes.most_common(1)[0][0] if votes else ""
    return most


def difference(told: str, most: str) -> str:
    """In what a text differs from the one that most have, in a word or two."""
    if not told:
        return "nothing"
    if told in most:
        return "less"
    return "more" if most in told else "something else"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", default="citation-file-formatting*")
    parser.add_argument("--save", type=Path)
    options = parser.parse_args()
    files = {path.name: records_of(path) for path in sorted(options.folder.glob(options.files))}
    works: dict[str, list[Record]] = defaultdict(list)
    for held in files.values():
        for record in held:
            works[letters(record.title)[:_KEY]].append(record)
    shared = {work: held for work, held in works.items() if len({record.source for record in held}) >= _LEAST}
    most = said_by_most(shared)
    rows: list[dict[str, Any]] = []
    for name, held in files.items():
        compared = [record for record in held if letters(record.title)[:_KEY] in shared]
        row: dict[str, Any] = {"file": name, "records": len(held), "compared": len(compared)}
        told: list[str] = []
        for field in FIELDS:
            row[field] = 0
            differences: Counter[str] = Counter()
            for record in compared:
                own, usual = letters(getattr(record, field)), most[letters(record.title)[:_KEY], field]
                if own == usual or not usual:
                    row[field] += 1
                else:
                    differences[difference(own, usual)] += 1
            told += [f"{field}: {number} {kind}" for kind, number in differences.items()]
        row["differences"] = told
        rows.append(row)
        counts = " ".join(f"{row[field]:7}" for field in FIELDS)
        print(f"{name[-40:]:40} {len(held):4} {len(compared):4} {counts}  {'; '.join(told)}")
    print(f"{len(files)} files, {len(shared)} works in at least {_LEAST} of them; columns: records, compared, {FIELDS}")
    if options.save:
        options.save.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
