"""Flip the bytes of a small library's files, one at a time, and see that nothing wrong is ever said without a word.

    python -m benchmarks.reliability.flips [--every 1] [--seed 0]

After each flip the library is opened afresh, its records and a kept conversation read, and a question asked. What comes
must be one of three: exactly what it was; an error in words (a QAError); or something else of which every text is right
and of which the doctor says that the library is damaged. A crash, another exception or an altered text is a failure.

The databases have pages of 512 bytes, an eighth of what is usual, as a small library's pages are mostly empty; and what
the judge says of the same words is asked once, as it depends on nothing else.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

from benchmarks.machine import keep
from benchmarks.reliability.oracle import text, write
from benchmarks.reliability.words import Words, open_library
from qa import Library
from qa.answering.judge import Judge, Window, open_judge
from qa.errors import QAError
from qa.schema import Answer, Record
from qa.storage.conversations import FILE

QUESTION = "honey and sleep for a child with pain"
VERSION = 2

#: Bytes of a database's page.
PAGE = 512

#: What a flip led to.
Outcome = Literal["right", "said", "found by the doctor", "failure"]

#: What is read from a library: records, hits with their scores, and the answers of a conversation as JSON.
Seen = tuple[list[str], list[tuple[str, int, str, float]], list[str]]


def make(place: Path) -> Path:
    """A small library, closed."""
    folder, file = place / "library", place / "flips.jsonl"
    write(file, VERSION)
    library = open_library(folder)
    library.add(file)
    kept = library.conversations()
    kept.append(kept.start(), library.ask(QUESTION))
    library.close()
    for database in folder.glob("*.sqlite*"):
        connection = sqlite3.connect(database)
        for statement in ("journal_mode = DELETE", f"page_size = {PAGE}"):
            connection.execute(f"PRAGMA {statement}").fetchall()
        connection.execute("VACUUM")
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        connection.close()
    return folder


def see(folder: Path, model: str) -> Seen:
    library = Library.open(folder)
    library._embedder = Words(model)
    try:
        records = [told(record) for record in library.records()]
        hits = library.search(QUESTION, k=5)
        kept = library.conversations()
        answers = [
            json.dumps(one.answer.to_dict())
            for entry in kept.entries()
            for one in kept.load(entry.id).answers
            if kept.answer(one.id) == one
        ]
        return records, [(hit.record.id, hit.sentence.start, hit.sentence.text, hit.score) for hit in hits], answers
    finally:
        library.close()


def told(record: Record) -> str:
    """What a record says."""
    return f"{record.id}\n{record.title}\n{record.abstract}"


def true(seen: Seen) -> bool:
    """Whether every text is one that was added."""
    records, hits, answers = seen
    for plain in answers:
        answer = Answer.from_dict(json.loads(plain))
        hits = [*hits, *((one.record.id, 0, one.sentence.text, 0) for one in (*answer.citations, *answer.closest))]
        records = [*records, *(told(one.record) for one in (*answer.citations, *answer.closest))]
    for record in records:
        record_id = record.partition("\n")[0]
        title, abstract = text(record_id, VERSION)
        if record != f"{record_id}\n{title}\n{abstract}":
            return False
    return all(sentence in "\n".join(text(record_id, VERSION)) for record_id, _, sentence, _ in hits)


def judge(folder: Path, before: Seen) -> tuple[Outcome, str]:
    """Open a library with a flipped byte and say what came of it."""
    try:
        seen = see(folder, "words")
    except QAError as error:
        return "said", str(error)
    except Exception as error:  # any other is a failure of ours, and told as one
        return "failure", f"{type(error).__name__}: {error}"
    if seen == before:
        return "right", ""
    if not true(seen):
        return "failure", f"a text that was not added: {seen}"
    library = open_library(folder)
    try:
        examination = library.examine()
    except QAError as error:
        return "said", str(error)
    finally:
        library.close()
    if examination.ok:
        return "failure", f"another answer, and the doctor finds nothing: {seen}"
    return "found by the doctor", ""


def remember(judge: Judge) -> None:
    """Let the judge read the same words once."""
    read, known = judge._read, dict[str, list[float]]()

    def look_up(window: Window) -> list[float]:
        if repr(window) not in known:
            known[repr(window)] = read(window)
        return known[repr(window)]

    vars(judge)["_read"] = look_up


def work(pristine: Path, place: Path, flips: list[tuple[str, int, int]], told: Connection) -> None:
    """In a process of its own, as the worst that can happen is its end."""
    remember(open_judge())
    before = see(pristine, "words")
    for name, offset, mask in flips:
        folder = place / "flipped"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(pristine, folder)
        with (folder / name).open("r+b") as file:
            file.seek(offset)
            byte = file.read(1)[0]
            file.seek(offset)
            file.write(bytes([byte ^ mask]))
        told.send(judge(folder, before))


def run(place: Path, seed: int, every: int = 1, most: int | None = None) -> dict[str, Any]:
    """Flip every nth byte (and so many at most, drawn at random), each in a random way."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    pristine = make(place)
    rng = random.Random(seed)
    files = {
        path.relative_to(pristine).as_posix(): path.stat().st_size for path in pristine.rglob("*") if path.is_file()
    }
    flips = [
        (name, offset, rng.randrange(1, 256))
        for name, size in sorted(files.items())
        for offset in range(rng.randrange(every), size, every)
    ]
    if most is not None:
        flips = sorted(rng.sample(flips, min(most, len(flips))))
    outcomes: dict[str, Counter[str]] = {}
    failures = []
    done = 0
    while done < len(flips):
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=work, args=(pristine, place, flips[done : done + 2000], sender))
        process.start()
        sender.close()
        for flip in flips[done : done + 2000]:
            try:
                outcome, words = receiver.recv()
            except EOFError:
                outcome, words = "failure", "the process crashed"
            kind = _kind(flip[0])
            outcomes.setdefault(kind, Counter())[outcome] += 1
            if outcome == "failure":
                failures.append(f"{kind} {flip}: {words}")
            done += 1
            if words == "the process crashed":
                break
        process.join()
        receiver.close()
    counted = {kind: dict(sorted(counts.items())) for kind, counts in sorted(outcomes.items())}
    return {"bytes": sum(files.values()), "flips": len(flips), "outcomes": counted, "failures": failures}


def _kind(name: str) -> str:
    if name == FILE:
        return "conversations"
    return "database" if name.endswith(".sqlite") else "FAISS" if name.endswith(".faiss") else "BM25"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="flip every nth byte (default: each)")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with tempfile.TemporaryDirectory(prefix="qa-flips-") as folder:
        started = time.monotonic()
        result = run(Path(folder), options.seed, options.every)
        keep("flips", {**result, "every": options.every, "seconds": round(time.monotonic() - started)})


if __name__ == "__main__":
    main()
