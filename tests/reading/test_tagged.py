"""Dialects of the tagged formats, by table: Web of Science, refer, Ovid; and how they are told from one another."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from qa.errors import Broken
from qa.reading import detect, read
from tests.reading.samples import records, write


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nTI T\nER\n\nEF", "web_of_science"),
        ("PT J\nAU A, B\nTI T\nER", "web_of_science"),
        ("%0 Journal Article\n%T A title", "refer"),
        ("\n%T A title\n%A Somebody", "refer"),
        ("<1>\nAccession Number\n  123\nTitle\n  T", "ovid"),
        ("<12>\nTI\n  T", "ovid"),
        ("cff-version: 1.2.0\ntitle: T", "cff"),
        ("1. J Owls. 2020;1(1):2.\n\nT.\n\nUhu B.\n\nPMID: 1", "pubmed_text"),
        ("1: Uhu B. A title of some length. J Owls. 2020;1(1):2. PMID: 1.", "pubmed_text"),
        ("@book{a, title = {T}}", "bibtex"),
    ],
)
@pytest.mark.parametrize("suffix", ["txt", "ris", "xml"])
def test_detection(tmp_path: Path, text: str, name: str, suffix: str) -> None:
    assert detect(write(tmp_path, f"file.{suffix}", text)).name == name


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("TI T\nAB We saw\n   it.", {"abstract": "We saw it."}),
        ("TI T\nAB We saw\nit, once\nBP 3", {"abstract": "We saw it, once", "pages": "3"}),
        ("TI T\nAU Boje, M; Kahn, L", {"authors": ("Boje, M", "Kahn, L")}),
        ("TI T\nAU Boje, M\nAF Boje, Maria\nCA Boat Group", {"authors": ("Boje, Maria", "Boat Group")}),
        ("TI T\nAU James Brown", {"authors": ("Brown, James",)}),
        ("TI T\nCR Old J, 1990, DOI 10.1234/old\nDI 10.1234/new", {"doi": "10.1234/new"}),
        ("TI T\nDT -", {"publication_types": ()}),
        ("TI T\nPD DEC 16 2020", {"year": 2020}),
        ("TI <i>T</i> of CO<sub>2</sub>", {"title": "T of CO2"}),
    ],
)  # fmt: skip
def test_web_of_science(tmp_path: Path, lines: str, expected: dict[str, object]) -> None:
    (record,) = records(write(tmp_path, "a.ciw", f"FN ISI Export Format\nVR 1.0\nPT J\n{lines}\nER\nEF\n"))
    assert {name: getattr(record, name) for name in expected} == expected


def test_web_of_science_without_ends(tmp_path: Path) -> None:
    path = write(tmp_path, "a.ciw", "FN X\nVR 1.0\nPT J\nTI A\nPT J\nTI B\nEF\nFN X\nVR 1.0\nPT B\nTI C")
    assert [record.title for record in records(path)] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("%A Blume, R\n%X We saw\nit.", {"abstract": "We saw it."}),
        ("%R 10.1234/x\n%G eng\n%9 Review", {"doi": "10.1234/x", "language": "eng", "publication_types": ("Review",)}),
        ("%U https://doi.org/10.1234/x", {"doi": "10.1234/x"}),
        ("%M 123456\n%~ PubMed", {"pmid": "123456"}),
        ("%M 123456\n%~ Embase, Medline", {"pmid": ""}),
        ("%M 123456", {"pmid": ""}),
        ("%J J\n%B B", {"journal": "J"}),
        ("%8 March 2001", {"year": 2001}),
    ],
)
def test_refer(tmp_path: Path, lines: str, expected: dict[str, object]) -> None:
    (record,) = records(write(tmp_path, "a.enw", f"%0 Journal Article\n%T T\n{lines}\n"))
    assert {name: getattr(record, name) for name in expected} == expected


def test_refer_entries(tmp_path: Path) -> None:
    path = write(tmp_path, "a.enw", "%T A\n%0 Book\n%0 Book\n%T B\n\n\n%T C\n%X One.\n\nTwo.\n%D 2001")
    got = records(path)
    assert [record.title for record in got] == ["A", "B", "C"]
    assert (got[2].abstract, got[2].year) == ("One. Two.", 2001)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("Authors\n  Uhu B.  Nuit C.", {"authors": ("Uhu, B", "Nuit, C")}),
        ("Author(s)\n  Uhu, Bo MD, PhD 1,2;  Nuit, Cy RN; FAAN +", {"authors": ("Uhu, Bo", "Nuit, Cy")}),
        ("Source\n  Lancet.   357(9249):12-15, 2001 Jan 6.", {"journal": "Lancet", "volume": "357", "pages": "12-15"}),
        ("Source\n  Lancet.", {"journal": "Lancet", "year": None}),
        ("Status\n  Publish Ahead of Print, 18 August 2014", {"year": 2014}),
        ("Unique Identifier\n  123456\nDatabase\n  Ovid MEDLINE(R)", {"pmid": "123456"}),
        ("Unique Identifier\n  123456\nDatabase\n  Embase", {"pmid": ""}),
        ("Digital Object Identifier\n  https://doi.org/10.1234/x", {"doi": "10.1234/x"}),
        ("MeSH Subject Headings\n  *Owls/ph [Physiology]\n  Humans", {"mesh": ("Owls", "Humans")}),
        ("Abstract\n  One.\n\n  Two.\nA Label Nobody Knows\n  Three.", {"abstract": "One. Two."}),
        ("Abstract\n  One.\nand one, ending so.", {"abstract": "One. and one, ending so."}),
    ],
)  # fmt: skip
def test_ovid(tmp_path: Path, lines: str, expected: dict[str, object]) -> None:
    (record,) = records(write(tmp_path, "a.txt", f"<1>\nTitle\n  T\n{lines}\n"))
    assert {name: getattr(record, name) for name in expected} == expected


def test_pubmed_summary(tmp_path: Path) -> None:
    text = """1: Uhu B, de la Nuit C, Docht E Jr. Owls in barns: who stays? A study. J Owls. 2014
Mar;9(2):88-95. doi: 10.1234/owl.9. Epub 2013 Dec 3. PMID: 90000091; PMCID: PMC9000091.

2: A letter that nobody signed. Nebel (Basel). 1974;3(1):7-9. German. PMID: 90000092.
"""
    owls, letter = records(write(tmp_path, "summary.txt", text))
    assert owls.title == "Owls in barns: who stays? A study."
    assert owls.authors == ("Uhu, B", "de la Nuit, C", "Docht, E, Jr")
    assert (owls.journal, owls.year, owls.pages, owls.doi) == ("J Owls", 2014, "88-95", "10.1234/owl.9")
    assert (letter.title, letter.journal, letter.pmid) == ("A letter that nobody signed.", "Nebel (Basel)", "90000092")


def test_a_number_within_a_pubmed_abstract_begins_no_entry(tmp_path: Path) -> None:
    first = "1. J Owls. 2020;1(1):2.\n\nT.\n\nUhu B.\n\nWe had two aims.\n\n2. Owls were counted.\n\nPMID: 1\n\n\n"
    text = first + "2. J Owls. 2021;2(1):2.\n\nU.\n\nPMID: 2\n"
    owls, after = records(write(tmp_path, "a.txt", text))
    assert "2. Owls were counted." in owls.abstract
    assert after.title == "U."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cff-version: 1\ntitle: [a\n", "is not YAML"),
        ("cff-version: 1\ntitle: &a b\nabstract: *a\n", "aliases"),
        ("cff-version: 1\nreferences: " + "[" * 5000, "deeper"),
        ("cff-version: 1\ntitle: " + "a" * 300_000, "256 kB"),
        ('"a\ncff-version: 1"', "not a table"),
        ("a: |\n\ncff-version: !!python/object:os.system {}\n- b", "is not YAML"),
    ],
)
def test_citation_files_that_are_none(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(Broken, match=words):
        list(read(write(tmp_path, "CITATION.cff", text)))


def test_citation_file_of_odd_types(tmp_path: Path) -> None:
    text = "cff-version: 1\ntitle: no\nauthors: Somebody\nkeywords: one\ndate-released: 2007-05-01\n"
    text += "references: {title: R}\n"
    itself, reference = records(write(tmp_path, "CITATION.cff", text))
    assert (itself.title, itself.authors, itself.keywords, itself.year) == ("no", (), ("one",), 2007)
    assert reference.title == "R"


@pytest.mark.parametrize(
    "text",
    [
        "TY  - JOUR\nTI  - T\nAB  - x\n" + "a\n" * 400_000,
        "PMID- 1\nTI  - T\nAB  - x\n" + "      a\n" * 100_000,
        "FN X\nVR 1.0\nPT J\nTI T\nAB x\n" + "   a\n" * 200_000,
        "%0 J\n%T T\n%X x\n" + "a\n" * 400_000,
        "<1>\nTitle\n  T\nAbstract\n" + "  a\n" * 200_000,
        "@article{k,\n title={T},\n" + "a={\n" * 100_000,
        "@article{k,\n title={T},\n" + 'a="\n' * 100_000,
        "@article{k,\n title={T},\n" + "}\n a=1 " * 60_000,
    ],
    ids=["ris", "medline", "isi", "refer", "ovid", "braces", "quotes", "closed too early"],
)
def test_time_grows_with_the_size_only(tmp_path: Path, text: str) -> None:
    """Quadratic, each of these would take minutes."""
    start = time.perf_counter()
    assert records(write(tmp_path, "long", text))[0].title == "T"
    assert time.perf_counter() - start < 20
