from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import Broken, UnknownFormat
from qa.reading.retraction_watch import read
from qa.reading.source import MAX_LINE
from qa.schema import Retraction, Skip
from tests.reading.samples import write

HEADER = (
    "Record ID,Title,RetractionDate,RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,"
    "OriginalPaperPubMedID,RetractionNature,Reason,Paywalled,Notes"
)


def rows(tmp_path: Path, *lines: str) -> list[Retraction | Skip]:
    return list(read(write(tmp_path, "list.csv", "\r\n".join((HEADER, *lines)) + "\r\n")))


def test_rows_are_read_as_published(tmp_path: Path) -> None:
    found = rows(
        tmp_path,
        '1,"Moss, ""dry""\nand wet",3/9/2021 0:00,10.1000/NOTICE,34000001,1/1/2019 0:00,10.1000/Paper,0,Retraction,'
        "+Concerns/Issues About Data;+Notice - Limited or No Information;,No,",
        "2,Roofs,2020-12-01,unavailable,0,1/1/2019 0:00,Unavailable,7,Expression of concern,+Error;,No,",
        "3,Tiles,,,0,,10.1000/tiles,0,Reinstatement,,No,",
    )
    assert found == [
        Retraction("retraction", "10.1000/paper", "", "10.1000/notice", "34000001", "2021-03-09",
                   "Concerns/Issues About Data; Notice - Limited or No Information"),
        Retraction("expression of concern", "", "7", date="2020-12-01", reason="Error"),
        Retraction("reinstatement", "10.1000/tiles"),
    ]  # fmt: skip


def test_what_cannot_be_used_is_skipped_with_its_line(tmp_path: Path) -> None:
    found = rows(
        tmp_path,
        '1,"two\nlines",,,0,,10.1000/a,0,Retraction,,,',
        "",
        "2,x,,,0,,unavailable,0,Retraction,,,",
        "3,x,,,0,,10.1000/b,0,Applause,,,",
        "4",
    )
    assert isinstance(found[0], Retraction)
    assert [(skip.line, skip.reason) for skip in found[1:] if isinstance(skip, Skip)] == [
        (5, "the row has neither a DOI nor a PMID"),
        (6, "the row says neither retraction, expression of concern, correction nor reinstatement: applause"),
        (7, "the row says neither retraction, expression of concern, correction nor reinstatement: nothing"),
    ]


def test_another_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match="no column RetractionNature"):
        list(read(write(tmp_path, "other.csv", "Title,Year\nMoss,2020\n")))


def test_a_damaged_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Broken, match="Download it again"):
        rows(tmp_path, '1,"never closed ' + "x" * (MAX_LINE + 1))
