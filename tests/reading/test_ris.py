"""What RIS files do that the sample does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reading.samples import records, write


def one(*lines: str) -> str:
    return "\n".join(("TY  - JOUR", "TI  - A title", *lines, "ER  - ", ""))


@pytest.mark.parametrize(
    ("lines", "pmid"),
    [
        (["N1  - PMID: 123456"], "123456"),
        (["C3  - PUBMED 123456"], "123456"),
        (["L2  - https://pubmed.ncbi.nlm.nih.gov/123456/"], "123456"),
        (["AN  - 123456", "DB  - PubMed"], "123456"),
        (["AN  - 123456", "DB  - Embase Medline"], ""),
        (["AN  - 123456"], ""),
        (["N1  - PMID: 123456", "M1  - PMID: 654321"], ""),
        (["UR  - https://pubmed.ncbi.nlm.nih.gov/?term=123456"], ""),
    ],
)
def test_a_pubmed_id_is_never_guessed(tmp_path: Path, lines: list[str], pmid: str) -> None:
    (record,) = records(write(tmp_path, "a.ris", one(*lines)))
    assert record.pmid == pmid


def test_na_is_nothing(tmp_path: Path) -> None:
    (record,) = records(write(tmp_path, "a.ris", one("JO  - NA", "T2  - Apiary", "VL  - NA", "AB  - NA")))
    assert (record.journal, record.volume, record.abstract) == ("Apiary", "", "")


def test_wrapped_lines_go_to_the_field_above(tmp_path: Path) -> None:
    text = one("AB  - We looked at", "      T1-weighted and", "T2-weighted images, and", "ER positive cells.")
    (record,) = records(write(tmp_path, "a.ris", text))
    assert record.abstract == "We looked at T1-weighted and T2-weighted images, and ER positive cells."


def test_markup_is_taken_off(tmp_path: Path) -> None:
    text = one("AB  - <jats:p>So CO<sub>2</sub> &amp; p &lt; 0.05, n < 5, a <b and c> d, m > 3.</jats:p>")
    (record,) = records(write(tmp_path, "a.ris", text))
    assert record.abstract == "So CO2 & p < 0.05, n < 5, a <b and c> d, m > 3."


def test_ids_that_differ(tmp_path: Path) -> None:
    path = write(tmp_path, "a.ris", one("PY  - 2001") + one("PY  - 2002") + one("PY  - 2001"))
    ids = [record.id for record in records(path)]
    assert ids[0] == ids[2] != ids[1]
