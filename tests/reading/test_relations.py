"""What PubMed says of a record's relations to others and of its numbers elsewhere, in both of its formats."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.schema import Relation
from tests.reading.samples import records, write

XML = """<?xml version="1.0"?><PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>
<ArticleTitle>Moss on roofs</ArticleTitle><DataBankList CompleteYN="Y"><DataBank><DataBankName>ClinicalTrials.gov
</DataBankName><AccessionNumberList><AccessionNumber>NCT01234567</AccessionNumber><AccessionNumber>NCT01234568
</AccessionNumber></AccessionNumberList></DataBank></DataBankList></Article>
<CommentsCorrectionsList>
<CommentsCorrections RefType="RetractionIn"><RefSource>Ann Roof. 2022;1:2</RefSource><PMID>22</PMID>
</CommentsCorrections>
<CommentsCorrections RefType="Cites"><RefSource>Ann Roof. 1999</RefSource><PMID>3</PMID></CommentsCorrections>
<CommentsCorrections RefType="ErratumIn"><RefSource>Ann Roof. 2021</RefSource></CommentsCorrections>
</CommentsCorrectionsList></MedlineCitation></PubmedArticle></PubmedArticleSet>"""

NBIB = """PMID- 1
TI  - Moss on roofs
SI  - ClinicalTrials.gov/NCT01234567
SI  - ClinicalTrials.gov/NCT01234568
RIN - Ann Roof. 2022;1:2. PMID:
      22
EIN - Ann Roof. 2021
CON - doi: 10.1000/moss
"""


def test_pubmed_xml(tmp_path: Path) -> None:
    (record,) = records(write(tmp_path, "a.xml", XML))
    assert record.relations == (
        Relation("RetractionIn", "22", "Ann Roof. 2022;1:2"),
        Relation("ErratumIn", "", "Ann Roof. 2021"),
    )
    assert record.accessions == ("ClinicalTrials.gov/NCT01234567", "ClinicalTrials.gov/NCT01234568")


def test_medline(tmp_path: Path) -> None:
    (record,) = records(write(tmp_path, "a.nbib", NBIB))
    assert set(record.relations) == {
        Relation("RetractionIn", "22", "Ann Roof. 2022;1:2."),
        Relation("ErratumIn", "", "Ann Roof. 2021"),
        Relation("CommentOn", "", "doi: 10.1000/moss"),
    }
    assert record.accessions == ("ClinicalTrials.gov/NCT01234567", "ClinicalTrials.gov/NCT01234568")


@pytest.mark.parametrize(
    ("tag", "kind"),
    [("ROF", "RetractionOf"), ("ECI", "ExpressionOfConcernIn"), ("EFR", "ErratumFor"), ("UIN", "UpdateIn"),
     ("CIN", "CommentIn"), ("CRI", "CorrectedandRepublishedIn"), ("SPIN", "SummaryForPatientsIn")],
)  # fmt: skip
def test_medline_tags(tmp_path: Path, tag: str, kind: str) -> None:
    (record,) = records(write(tmp_path, "a.nbib", f"PMID- 1\nTI  - Moss\n{tag:<4}- Ann Roof. 2022. PMID: 7\n"))
    assert record.relations == (Relation(kind, "7", "Ann Roof. 2022."),)
