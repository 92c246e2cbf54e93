"""PDFs: layouts, what they say of themselves, and those that are none or mean harm."""

from __future__ import annotations

import io
import random
import time
import zlib
from collections import Counter
from pathlib import Path

import pytest
from fpdf import FPDF

from qa.errors import Broken, ReadingError, UnknownFormat
from qa.reading import pdf as pdf_module
from qa.reading import pdf_metadata, read
from qa.reading.pdf_layout import _join
from qa.schema import Entry, Record, Skip
from tests.reading.pdfs import AFTER, LAYOUTS, PARTS, PLAIN, TITLE, one_column, scanned
from tests.reading.samples import DATA, bodies, records, write


def made(tmp_path: Path, pdf: FPDF) -> Path:
    return write(tmp_path, "owls.pdf", bytes(pdf.output()))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(tmp_path: Path, layout: str) -> None:
    (record,) = records(made(tmp_path, LAYOUTS[layout]()))
    assert record.title == TITLE
    assert record.authors == ("Uhu, Bruno", "de la Nuit, Claire")
    if layout == "one column":
        assert bodies(record) == list(PARTS.items())
    else:
        assert record.abstract == PLAIN


def test_the_rest_of_the_reference() -> None:
    (record,) = records(DATA / "sample.owls.pdf")
    assert (record.id, record.doi) == ("doi:10.1234/owl.99", "10.1234/owl.99")
    assert (record.journal, record.year, record.volume, record.issue, record.pages) == (
        "Quiet Birds",
        2014,
        "9",
        "2",
        "88-95",
    )
    assert record.keywords == ("barns", "owls", "winter")
    assert record.affiliations == ("Department of Night Birds, Barn University, Eulenburg, Germany",)
    assert bodies(record) == list(PARTS.items())


XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"
 prism:volume="9"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>Bruno Uhu</rdf:li><rdf:li>Ada Eule</rdf:li></rdf:Seq></dc:creator>
<prism:doi>10.1234/owl.7</prism:doi><prism:publicationName>Annals of Owls</prism:publicationName>
<prism:coverDate>2015-03-01</prism:coverDate></rdf:Description></rdf:RDF></x:xmpmeta>"""


def test_what_a_pdf_says_of_itself_goes_first(tmp_path: Path) -> None:
    pdf = one_column()
    pdf.set_xmp_metadata(XMP.format(title=TITLE))
    (record,) = records(made(tmp_path, pdf))
    assert (record.title, record.doi, record.authors) == (TITLE, "10.1234/owl.7", ("Uhu, Bruno", "Eule, Ada"))
    assert (record.journal, record.year, record.volume, record.pages) == ("Annals of Owls", 2015, "9", "88-95")


@pytest.mark.parametrize("title", ["Microsoft Word - owls_final2.doc", "owls.indd", "The price of museum tickets", ""])
def test_a_title_that_the_pages_do_not_show_is_none(tmp_path: Path, title: str) -> None:
    pdf = one_column()
    pdf.set_title(title)
    (record,) = records(made(tmp_path, pdf))
    assert record.title == TITLE


def test_hostile_packets() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    started = time.perf_counter()
    for packet in (
        XMP.format(title="&b;" * 1000),
        bomb + XMP,
        "<x:xmpmeta>" * 100_000,
        "<x:xmpmeta></x:xmpmeta>" * 10**5,
    ):
        pdf_metadata.describe(packet.encode(), {})
    assert time.perf_counter() - started < 5


def test_a_letter_has_a_title_and_no_abstract(tmp_path: Path) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_title("A letter on the price of owls")
    pdf.set_font("Times", size=12)
    pdf.multi_cell(0, 6, "A letter on the price of owls\n\nOwls are dear. See Table 1.\n\nYours, Bruno Uhu, Eulenburg")
    (record,) = records(made(tmp_path, pdf))
    assert (record.title, record.abstract) == ("A letter on the price of owls", "")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["the transmit-", "ters were small"], "the transmitters were small"),
        (["a double-", "blind trial"], "a double-blind trial"),
        (["seen in COVID-", "19 wards"], "seen in COVID-19 wards"),
        (["the Smith-", "Jones test"], "the Smith-Jones test"),
        (["from 5 -", "10 owls"], "from 5 - 10 owls"),
        (["low-birth-", "weight owls, and low birth-weight mice"], "low-birth-weight owls, and low birth-weight mice"),
        (["one \ufb01ne", "o\ufb03ce"], "one fine office"),
        (["A B S T R A C T"], "ABSTRACT"),
    ],
)
def test_lines_are_joined(lines: list[str], expected: str) -> None:
    known = Counter({"birth-weight": 1})
    assert _join(lines, known) == expected


def test_the_document_itself_tells_what_has_a_hyphen() -> None:
    assert _join(["barn-", "owls"], Counter({"barn-owls": 1})) == "barn-owls"
    assert _join(["self-", "ish"], Counter({"selfish": 1})) == "selfish"


KELP = "Kelp and calm water: a survey of twelve bays along the northern coast"
SURVEY = (
    "Background: Kelp slows waves. Methods: We measured the height of waves in twelve bays for one year and compared "
    "bays with kelp and bays without it. Results: Waves were forty percent lower in bays with kelp. Conclusions: Kelp "
    "calms the water, and this is good for swimmers."
)


def article(path: Path, *, columns: int = 1, titled: bool = False, heading: str = "Abstract") -> Path:
    pdf = FPDF()
    pdf.set_font("Helvetica", size=9)
    pdf.add_page()
    pdf.cell(0, 5, "Journal of Calm Water 14 (2022) 201-209", new_x="LMARGIN", new_y="NEXT")
    pdf.cell(0, 5, "https://doi.org/10.1234/kelp.2022.7", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Helvetica", "B", size=18)
    pdf.multi_cell(0, 9, KELP, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Helvetica", size=10)
    pdf.multi_cell(0, 5, "Marta Tang, Jan de Vries", new_x="LMARGIN", new_y="NEXT")
    with pdf.text_columns(ncols=columns, gutter=8) as text:
        text.write(f"{heading}\n{SURVEY}\n\nKeywords: kelp, waves\n\n1. Introduction\n")
        text.write("The sea is large, and nobody knows all of it. " * 30)
    if titled:
        pdf.set_title(KELP)
        pdf.set_author("Marta Tang; Jan de Vries")
    pdf.output(str(path))
    return path


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("titled", [True, False])
def test_title_and_abstract(columns: int, titled: bool, tmp_path: Path) -> None:
    path = article(tmp_path / "article.pdf", columns=columns, titled=titled)
    (record,) = read(path)
    assert isinstance(record, Record)
    assert record.title == KELP
    assert " ".join(record.abstract.split()) == SURVEY  # a column's end may part it
    assert [label for label, _ in bodies(record)] == ["Background", "Methods", "Results", "Conclusions"]
    assert record.doi == "10.1234/kelp.2022.7"
    assert record.authors == ("Tang, Marta", "de Vries, Jan")


# -- what cannot be read ---------------------------------------------------------------------------------------


def fails(path: Path, error: type[ReadingError], words: str) -> None:
    started = time.perf_counter()
    with pytest.raises(error, match=words) as raised:
        list(read(path))
    assert raised.value.reason.endswith(".")
    assert time.perf_counter() - started < 10


def test_a_scan(tmp_path: Path) -> None:
    fails(made(tmp_path, scanned()), Broken, "without any text")


def test_a_leaflet(tmp_path: Path) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Times", size=10)
    pdf.multi_cell(0, 5, AFTER)
    fails(made(tmp_path, pdf), UnknownFormat, "no title and abstract")


def test_a_password(tmp_path: Path) -> None:
    pdf = one_column()
    pdf.set_encryption(owner_password="owner", user_password="user")
    fails(made(tmp_path, pdf), Broken, "locked with a password")


def test_a_pdf_that_is_only_locked_against_changes_is_read(tmp_path: Path) -> None:
    pdf = one_column()
    pdf.set_encryption(owner_password="owner")
    assert records(made(tmp_path, pdf))[0].title == TITLE


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\0" * 10_000, (DATA / "sample.owls.pdf").read_bytes()[:400]]
)
def test_damage(tmp_path: Path, content: bytes) -> None:
    fails(write(tmp_path, "cut.pdf", content), Broken, "ends early or is damaged")


def raw_pdf(stream: bytes, kids: str = "[3 0 R]", count: int = 1) -> bytes:
    """A PDF of one page with this (packed) content."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids {kids} /Count {count} >>".encode(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        b"/Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >> stream\n" % len(stream) + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data = io.BytesIO(b"%PDF-1.4\n")
    data.seek(0, io.SEEK_END)
    places = []
    for number, content in enumerate(objects, 1):
        places.append(data.tell())
        data.write(b"%d 0 obj\n" % number + content + b"\nendobj\n")
    start = data.tell()
    data.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    data.writelines(b"%010d 00000 n \n" % place for place in places)
    data.write(b"trailer << /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    return data.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        raw_pdf(zlib.compress(b" " * (300 << 20), 9)),
        raw_pdf(zlib.compress(b"BT /F 9 Tf 10 700 Td (owl) Tj ET\n" * 1_000_000, 9)),
        raw_pdf(zlib.compress(b"q " * 5_000_000, 9)),
        raw_pdf(b"", kids="[2 0 R 2 0 R]", count=10**9),
    ],
    ids=["a bomb", "a million words", "open brackets", "pages within themselves"],
)
def test_attacks_end_soon(tmp_path: Path, data: bytes) -> None:
    started = time.perf_counter()
    with pytest.raises(ReadingError):
        list(read(write(tmp_path, "bad.pdf", data)))
    assert time.perf_counter() - started < pdf_module.SECONDS + 2


def test_a_file_that_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_module, "SECONDS", 0.01)
    fails(DATA / "sample.owls.pdf", Broken, "cannot be read within")


def test_a_worker_that_dies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_module, "_WORKER", Path("no-such-script.py"))
    fails(DATA / "sample.owls.pdf", Broken, "damaged, or too large")


def test_more_bytes_than_an_article_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_module, "MAX_PDF", 1000)
    fails(DATA / "sample.owls.pdf", Broken, "as no article has")


@pytest.mark.parametrize("seed", range(15))
def test_mutants_give_a_record_or_a_reason(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray((DATA / "sample.owls.pdf").read_bytes())
    for _ in range(chance.randint(1, 20)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    if chance.random() < 0.2:
        del data[chance.randrange(len(data)) :]
    entries: list[Entry]
    try:
        entries = list(read(write(tmp_path, "mutant.pdf", bytes(data))))
    except ReadingError as error:
        entries = [Skip(error.path, error.line, error.reason)]
    assert [type(entry) in (Record, Skip) for entry in entries] == [True]
