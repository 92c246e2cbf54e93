"""The questions the program began with: one page on calcinosis among many other abstracts, what answers first?

    python -m benchmarks.seed SEED_PAGE PUBMED.xml.gz --work DIR [--others 0 104 500 all]

For each number of others a library of the page and so many of PubMed's abstracts is made, kept in DIR, and
asked: the six questions as they stand, and as a conversation (two of them name no subject by themselves); another
conversation, whose last question nothing answers; paraphrases that were looked at while the ranking was made;
paraphrases that were written before anybody looked; and what no such library answers. The rank is that of the page's
sentence that answers, among the citations or, of a declined question, the closest sentences.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.latency import records
from benchmarks.machine import keep
from qa import Library
from qa.reading import read
from qa.schema import Answer, Record, Turn

SHARE, CAUSE, TREATED = "almost one quarter of patients", "vascular hypoxia", "surgical excision of calcium"
WHAT, SHOWN, ANTIBODIES = (
    "Calcinosis cutis is the deposition",
    "plain radiography|diagnostic studies include",
    "anticentromere",
)

SIX = (
    ("What is calcinosis cutis?", WHAT),
    ("How common is calcinosis in systemic sclerosis?", SHARE),
    ("How is calcinosis diagnosed?", SHOWN),
    ("Which mechanisms have been proposed?", CAUSE),
    ("What is the mainstay of treatment?", TREATED),
    ("Which antibodies go with calcinosis?", ANTIBODIES),
)
TALK = (
    ("What is calcinosis cutis?", WHAT),
    ("How often does it occur in systemic sclerosis?", SHARE),
    ("And how is it diagnosed?", SHOWN),
    ("treatment?", TREATED),
    ("What is the capital of France?", "-"),
)
SEEN = (
    ("What share of scleroderma patients develop calcium deposits?", SHARE),
    ("How often does calcinosis occur in SSc?", SHARE),
    ("Why do calcium deposits form in scleroderma?", CAUSE),
    ("What causes calcinosis?", CAUSE),
    ("Which imaging can detect calcinosis?", SHOWN),
    ("How should calcium deposits be treated?", TREATED),
    ("What is the definition of calcinosis cutis?", WHAT),
    ("Which autoantibodies are linked with calcium deposits?", ANTIBODIES),
    ("How many people with scleroderma get calcium deposits?", SHARE),
    ("What fraction of patients with systemic sclerosis have calcinosis?", SHARE),
    ("What brings calcinosis about?", CAUSE),
    ("What leads to calcification in systemic sclerosis?", CAUSE),
    ("Which tests show calcinosis cutis?", SHOWN),
    ("How do doctors detect calcium in the skin?", SHOWN),
    ("What works best against calcinosis?", TREATED),
    ("Which operation helps with calcinosis?", TREATED),
    ("Which autoantibodies are found in people with calcinosis?", ANTIBODIES),
    ("What does the term calcinosis cutis mean?", WHAT),
)
UNSEEN = (
    ("What percentage of people with SSc suffer from calcium in the skin?", SHARE),
    ("In how many scleroderma patients is calcinosis seen?", SHARE),
    ("What are the suspected causes of calcinosis in scleroderma?", CAUSE),
    ("Why do some people with systemic sclerosis get calcium under the skin?", CAUSE),
    ("How can a doctor confirm calcinosis?", SHOWN),
    ("Is an X-ray enough to diagnose calcinosis cutis?", SHOWN),
    ("What is the best therapy for calcinosis cutis?", TREATED),
    ("Should calcium deposits be removed surgically?", TREATED),
    ("Which antibody is a marker of calcinosis in scleroderma?", ANTIBODIES),
    ("Explain calcinosis cutis.", WHAT),
)
FOREIGN = ("What did the moon landing cost?", "Which vaccines prevent malaria?", "What is the capital of France?")


def library(folder: Path, page: Path, pubmed: Path, others: int | None) -> tuple[Library, str]:
    """The library of the page and so many others (None: all), made or completed; and the page's record's id."""
    (seed,) = (entry for entry in read(page) if isinstance(entry, Record))
    made = Library.open(folder)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "records.jsonl"
        with path.open("w", encoding="utf-8") as out:
            for record in islice(records(pubmed), others):
                out.write(json.dumps(record.to_dict()) + "\n")
        made.add(page, *([path] if path.stat().st_size else []))  # what is there already is passed over
    return made, seed.id


def ask(
    library: Library, questions: Sequence[tuple[str, str]], record: str, *, turns: bool = False
) -> list[dict[str, Any]]:
    """What became of each question; with ``turns``, as one conversation."""
    before: list[Turn] = []
    found = []
    for question, fragment in questions:
        answer = library.ask(question, k=10, turns=before)
        if turns and answer.turn is not None:
            before.append(answer.turn)
        found.append(
            {
                "question": question,
                "asked": answer.asked,
                "declined": not answer,
                "confidence": answer.confidence,
                "rank": _rank(answer, fragment, record),
                "first": _first(answer),
            }
        )
    return found


def _rank(answer: Answer, fragment: str, record: str) -> int | None:
    for rank, hit in enumerate(answer.citations or answer.closest, 1):
        if hit.record.id == record and any(part in hit.sentence.text for part in fragment.split("|")):
            return rank
    return None


def _first(answer: Answer) -> str:
    shown = answer.citations or answer.closest
    return f"{shown[0].record.id}:{shown[0].sentence.start}" if shown else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path)
    parser.add_argument("pubmed", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--others", nargs="+", default=["0", "104", "500", "all"])
    options = parser.parse_args()
    runs = []
    for others in options.others:
        count = None if others == "all" else int(others)
        made, record = library(options.work / f"seed-{others}", options.page, options.pubmed, count)
        runs.append(
            {
                "records": len(made),
                "six": ask(made, SIX, record),
                "six as a conversation": ask(made, SIX, record, turns=True),
                "a conversation of five turns": ask(made, TALK, record, turns=True),
                "paraphrases, seen": ask(made, SEEN, record),
                "paraphrases, unseen": ask(made, UNSEEN, record),
                "foreign": ask(made, [(question, "-") for question in FOREIGN], record),
            }
        )
        for name, rows in list(runs[-1].items())[1:]:
            told = [("declined " if row["declined"] else "") + str(row["rank"]) for row in rows]  # type: ignore[attr-defined]
            print(f"{len(made):6} {name}: {', '.join(told)}", flush=True)
    keep("seed", {"runs": runs})


if __name__ == "__main__":
    main()
