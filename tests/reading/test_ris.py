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


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["AB  - We saw.", "AB  - Nous avons vu."], {"abstract": "We saw.\nNous avons vu."}),
        (["AB  - We saw.", "N2  - We saw. And heard."], {"abstract": "We saw. And heard."}),
        (["AB  - We saw. [ABSTRACT FROM AUTHOR]"], {"abstract": "We saw."}),
        (
            [
                "AB  - We saw.",
                "AB  - Copyright of Bees is the property of Hive and its content may not be copied or emailed.",
            ],
            {"abstract": "We saw."},
        ),
        (["AB  - Abstract"], {"abstract": ""}),
        (["L3  - 10.1234/x"], {"doi": "10.1234/x"}),
        (["L3  - see 10.1234/x"], {"doi": ""}),
        (["M3  - doi: 10.1234/x"], {"doi": "10.1234/x", "publication_types": ("JOUR",)}),
        (["AU  - Wabe, O", "A1  - Hive Group"], {"authors": ("Wabe, O", "Hive Group")}),
        (["AU  - Wabe, O", "A1  - Wabe, Otto"], {"authors": ("Wabe, O",)}),
        (["SP  - No", "EP  - Specified"], {"pages": ""}),
        (["PG  - e17"], {"pages": "e17"}),
        (["C7  - 114718"], {"pages": "114718"}),
        (["C7  - see the annex"], {"pages": ""}),
        (["U1  - 123456[pmid]"], {"pmid": "123456"}),
        (["DB  - Embase", "DB  - Medline", "C5  - 123456"], {"pmid": "123456"}),
        (["DB  - Embase", "C5  - 123456"], {"pmid": ""}),
        (["UR  - https://a.example/b     U2  - L1"], {"url": "https://a.example/b"}),
        (["AD  - Hive, HomeAD  - Box, FieldC3  - Meadow"], {"affiliations": ("Hive, Home", "Box, Field", "Meadow")}),
    ],
)
def test_dialects(tmp_path: Path, lines: list[str], expected: dict[str, object]) -> None:
    (record,) = records(write(tmp_path, "a.ris", one(*lines)))
    assert {name: getattr(record, name) for name in expected} == expected


def test_markup_of_other_programs(tmp_path: Path) -> None:
    text = one(
        'AB  - <AbstractText Label="AIMS">To see.</AbstractText><AbstractText Label="RESULTS">2 <middle dot> 3 '
        "&amp;lt;p&amp;gt; so</AbstractText><CopyrightInformation>© Hive</CopyrightInformation>"
    )
    (record,) = records(write(tmp_path, "a.ris", text))
    assert record.abstract == "AIMS: To see. RESULTS: 2 · 3 so"
