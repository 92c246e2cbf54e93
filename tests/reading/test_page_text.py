"""Pages as different sites give them when copied; all of our own making."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import UnknownFormat
from qa.reading import citation_line, read
from tests.reading.samples import bodies, records, write

PUBMED = """Skip to main page content
U.S. flag
An official website
Log in
Search
Save
Email
Review
Ann Quiet Birds
. 2014 Mar;9(2):88-95. doi: 10.1234/owl.99.
Owls in barns: who stays and who leaves
Bruno Uhu 1, Claire de la Nuit 2
Affiliations Expand
PMID: 90000041 PMCID: PMC9000041 DOI: 10.1234/owl.99
Abstract
Background: Owls live in barns, and some of them leave after a winter or two.

Methods: We followed 120 owls with small transmitters, in three counties, for two years.

Results: About one half left after the first winter (62 of 120), and very few returned.

Keywords: barns; owls; winter.

© 2014 Quiet Press.
Conflict of interest statement
The authors keep an owl.
Similar articles
Mice in barns.
Maus M. Ann Small Mamm. 2012 Jan;1(1):1-9. doi: 10.1234/mouse.1. PMID: 90000042
"""

SCIENCE_DIRECT = """Quiet Birds
Volume 9, Issue 2, March 2014, Pages 88-95
Quiet Birds
Review article
Owls in barns: who stays and who leaves
Author links open overlay panel
Bruno Uhu a, Claire de la Nuit b
Show more
Add to Mendeley
Share
Cite
https://doi.org/10.1234/owl.99
Get rights and content
Abstract
Owls live in barns, and some of them leave after a winter or two. We followed 120 owls with small transmitters, in \
three counties, for two years. About one half left after the first winter (62 of 120), and very few returned.

Introduction
Barns have been built for a long time, and owls have lived in them for as long as anybody remembers. This text is not \
part of the abstract, and must not become one, however long and however well written its sentences are.
"""

WILEY = """Journal of Quiet Birds
ORIGINAL ARTICLE
Full Access
Owls in barns: who stays and who leaves
Bruno Uhu, Claire de la Nuit, Otto Eule
First published: 12 March 2014
https://doi.org/10.1002/owl.99
Citations: 5
PDF
ABSTRACT
Objectives
To see which of the owls that live in barns leave them after the winter.
Methods
We followed 120 owls with small transmitters, in three counties, for two years.
Results
About one half left after the first winter (62 of 120), and very few returned.
Conclusion
Owls stay where the mice are, and leave where they are not.

Journal of Quiet Birds, Volume 9, Issue 2, p. 88-95
"""

PLAIN = """Owls in barns: who stays and who leaves
Uhu B, de la Nuit C
Abstract
Owls live in barns, and some of them leave after a winter or two.
We followed 120 owls with small transmitters, in three counties,
for two years. About one half left after the first winter (62 of
120), and very few returned to the barns that they had left.
"""


@pytest.mark.parametrize(
    "text", [PUBMED, SCIENCE_DIRECT, WILEY, PLAIN], ids=["pubmed", "sciencedirect", "wiley", "plain"]
)
def test_title_authors_abstract(tmp_path: Path, text: str) -> None:
    (owls,) = records(write(tmp_path, "page.txt", text))
    assert owls.title == "Owls in barns: who stays and who leaves"
    assert owls.authors[:2] in (("Uhu, Bruno", "de la Nuit, Claire"), ("Uhu, B", "de la Nuit, C"))
    assert "62 of 120" in owls.abstract
    for stray in (
        "©",
        "Conflict",
        "Similar",
        "Mendeley",
        "rights",
        "Introduction",
        "Keywords",
        "Abstract",
        "Citations",
        "Share",
    ):
        assert stray not in str(owls.to_dict())


@pytest.mark.parametrize("text", [PUBMED, SCIENCE_DIRECT, WILEY], ids=["pubmed", "sciencedirect", "wiley"])
def test_citation(tmp_path: Path, text: str) -> None:
    (owls,) = records(write(tmp_path, "page.txt", text))
    assert (owls.year, owls.volume, owls.issue, owls.pages) == (2014, "9", "2", "88-95")
    assert owls.journal in ("Ann Quiet Birds", "Quiet Birds", "Journal of Quiet Birds")
    assert owls.doi in ("10.1234/owl.99", "10.1002/owl.99")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Ann Quiet Birds. 2014 Mar;9(2):88-95.", ("Ann Quiet Birds", 2014, "9", "2", "88-95")),
        ("Quiet Birds: March 2014 - Volume 9 - Issue 2 - p 1988–1995", ("Quiet Birds", 2014, "9", "2", "1988–1995")),
        ("Quiet Birds, Volume 9, Issue 2, Pages 1988-1995, March 2014", ("Quiet Birds", 2014, "9", "2", "1988-1995")),
        ("Quiet Birds volume 9, pages 88–95 (2014)", ("Quiet Birds", 2014, "9", "", "88–95")),
        ("Quiet Birds 2014;9:e88", ("Quiet Birds", 2014, "9", "", "e88")),
    ],
)
def test_citation_lines(line: str, expected: tuple[str, int, str, str, str]) -> None:
    found = citation_line.find([line], "A title")
    assert (found.journal, found.year, found.volume, found.issue, found.pages) == expected


def test_sections_and_ids(tmp_path: Path) -> None:
    (owls,) = records(write(tmp_path, "page.txt", PUBMED))
    assert [label for label, _ in bodies(owls)] == ["Background", "Methods", "Results"]
    assert (owls.pmid, owls.pmcid) == ("90000041", "PMC9000041")
    assert owls.keywords == ("barns", "owls", "winter")
    (owls,) = records(write(tmp_path, "page.txt", WILEY))
    assert [label for label, _ in bodies(owls)] == ["Objectives", "Methods", "Results", "Conclusion"]
    assert bodies(owls)[3][1] == "Owls stay where the mice are, and leave where they are not."


def test_wrapped_lines_are_joined(tmp_path: Path) -> None:
    (owls,) = records(write(tmp_path, "page.txt", PLAIN))
    assert "in three counties, for two years." in owls.abstract


@pytest.mark.parametrize(
    "text",
    [
        "milk\neggs\nbread\n",
        "Dear Ada,\n\nthank you for the cake.\n\nYours, Otto",
        "name,age\nAda,3\n",
        "def f():\n    return 1\n",
        "x" * 5000,
    ],
)
def test_other_text_is_no_page(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnknownFormat):
        list(read(write(tmp_path, "notes.txt", text)))
