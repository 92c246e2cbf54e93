"""A byte of a library's files flipped: the right answer, an error in words, or a fault that the doctor finds.

A sample here; `python -m benchmarks.reliability.flips` flips every byte.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.reliability import flips


def test_a_flipped_byte_is_never_believed(tmp_path: Path) -> None:
    result = flips.run(tmp_path, 7, most=250)
    assert result["failures"] == []
    assert result["outcomes"]["database"]["said"] > 3
    assert result["outcomes"]["database"]["right"] > 50  # much of a small database is empty
    assert result["outcomes"]["conversations"]["said"] > 1
    assert set(result["outcomes"]["FAISS"]) == {"right"}  # made again from the database


def test_an_altered_text_would_be_noticed(tmp_path: Path) -> None:
    seen = flips.see(flips.make(tmp_path), "words")
    assert flips.true(seen)
    records, hits, answers = seen
    assert not flips.true(([records[0].replace("Study", "Story"), *records[1:]], hits, answers))
    assert not flips.true((records, [(hits[0][0], 0, "Something else.", 1.0)], answers))
    assert not flips.true((records, hits, [answers[0].replace("Study", "Story")]))
