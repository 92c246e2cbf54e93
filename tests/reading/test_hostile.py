"""Files that mean harm, by name: what comes of each, how long it takes, and how much memory."""

from __future__ import annotations

import gzip
import io
import json
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from qa.errors import ReadingError
from qa.reading import read
from qa.schema import Entry, Record, Skip
from tests.reading.samples import write

SECONDS = 10.0  # each takes a tenth of it on a machine that does nothing else
RIS = "TY  - JOUR\nTI  - A title\nER  - \n"
LONG = "word " * 2_000_000  # ten megabytes
AUTHORS = 10_000


@contextmanager
def soon(seconds: float = SECONDS) -> Iterator[None]:
    started = time.process_time()
    yield
    assert time.process_time() - started < seconds


def outcome(path: Path) -> str:
    """What is said in place of entries: the reason of the error or of the first skip; '' where all is read."""
    try:
        return next((entry.reason for entry in read(path) if isinstance(entry, Skip)), "")
    except ReadingError as error:
        return error.reason


def told(path: Path) -> str:
    """All that is said of a file: its entries, or the reason why there are none."""
    try:
        return str(list(read(path)))
    except ReadingError as error:
        return error.reason


def zipped(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


# -- XML -----------------------------------------------------------------------------------------------------------

ROOTS = {
    "PubmedArticleSet": "<PubmedArticle><PMID>1</PMID><ArticleTitle>{}</ArticleTitle></PubmedArticle>",
    "article": "<front><article-meta><title-group><article-title>{}</article-title></title-group></article-meta>"
    "</front>",
    "xml": "<records><record><titles><title>{}</title></titles></record></records>",
    "collection": "<document><passage><infon key='type'>title</infon><text>{}</text></passage></document>",
    "modsCollection": "<mods><titleInfo><title>{}</title></titleInfo></mods>",
    "rdf:RDF": "<bib:Article><dc:title>{}</dc:title></bib:Article>",
}
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize(
    "declared",
    [
        f"<!DOCTYPE x [{LAUGHS}]>",
        f"<!DOCTYPE x [<!-- -->{' ' * 70_000}{LAUGHS}]>",  # out of sight of what tells the format
        f"{'<!-- -->' * 10_000}<!DOCTYPE x [{LAUGHS}]>",
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE x [<!ENTITY % remote SYSTEM "http://127.0.0.1:9/x.dtd"> %remote;]>',
    ],
    ids=["laughs", "far down", "behind comments", "external", "parameter"],
)
def test_entities_are_never_expanded(root: str, declared: str, tmp_path: Path) -> None:
    text = f'<?xml version="1.0"?>\n{declared}\n<{root}>{ROOTS[root].format("&l9;&remote; title")}</{root}>'
    with soon(2):
        said = told(write(tmp_path, "bomb.xml", text))
    assert said
    assert "lollol" not in said


@pytest.mark.parametrize("root", ROOTS)
def test_a_secret_is_not_fetched(root: str, tmp_path: Path) -> None:
    secret = write(tmp_path, "secret.txt", "open sesame")
    declared = f'<!DOCTYPE x [<!ENTITY s SYSTEM "{secret.as_uri()}">]>'
    for far in ("", "<!-- -->" * 10_000):
        text = f'<?xml version="1.0"?>{far}{declared}<{root}>{ROOTS[root].format("&s; A title")}</{root}>'
        said = told(write(tmp_path, "steal.xml", text))
        assert said
        assert "sesame" not in said


# -- archives ------------------------------------------------------------------------------------------------------


def test_a_ratio_beyond_all_exports(tmp_path: Path) -> None:
    lines = b"\n" * (40 << 20)
    bombs = [
        (write(tmp_path, "bomb.zip", zipped({"a.ris": lines})), "unpacks to more"),
        (write(tmp_path, "bomb.ris.gz", gzip.compress(RIS.encode() + lines)), "unpacks to more"),
        (write(tmp_path, "twice.ris.gz", gzip.compress(gzip.compress(lines))), "is compressed twice"),
    ]
    for path, words in bombs:
        with soon():
            assert words in outcome(path)


def test_a_size_that_lies(tmp_path: Path) -> None:
    """A member that says that it is small is read as far as it says, and its checksum tells."""
    data = bytearray(zipped({"a.ris": RIS.encode() * 100_000}))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.index(mark) + at
        data[place : place + 4] = (100).to_bytes(4, "little")
    with soon():
        assert "damaged" in outcome(write(tmp_path, "lies.zip", bytes(data)))


def test_more_members_than_anybody_reads(tmp_path: Path) -> None:
    path = write(tmp_path, "many.zip", zipped({f"{n}.ris": b"" for n in range(20_001)}))
    with soon():
        assert "holds more than" in outcome(path)


def test_archives_within_archives(tmp_path: Path) -> None:
    data = RIS.encode()
    for _ in range(40):
        data = zipped({"inner.zip": data})
    with soon(1):
        assert "archive within an archive" in outcome(write(tmp_path, "nested.zip", data))
        both = zipped({"inner.zip": data, "a.ris": RIS.encode()})
        skip, record = read(write(tmp_path, "both.zip", both))
    assert isinstance(skip, Skip)
    assert isinstance(record, Record)


@pytest.mark.parametrize(
    "name",
    [
        "../../out.ris",
        "/etc/out.ris",
        "..\\..\\out.ris",
        "C:\\out.ris",
        "a/../../out.ris",
        "~/out.ris",
        "a\nb\x1b[2J.ris",
        "\u202esir.tuo.ris",
        "n" * 5_000 + ".ris",
    ],
)
def test_names_that_lead_out(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "folder"
    folder.mkdir(parents=True)
    path = write(folder, "x.zip", zipped({name: RIS.encode(), "b.ris": b"TY  - JOUR\nER  - \n"}))
    before = sorted(tmp_path.rglob("*"))
    record, skip = read(path)
    assert isinstance(record, Record)
    assert isinstance(skip, Skip)
    assert record.title == "A title"
    assert sorted(tmp_path.rglob("*")) == before
    assert record.source.isprintable()


# -- sizes ---------------------------------------------------------------------------------------------------------


def ris(title: str, abstract: str, names: list[str]) -> str:
    people = "".join(f"AU  - {name}\n" for name in names)
    return f"TY  - JOUR\nTI  - {title}\n{people}AB  - {abstract}\nER  - \n"


def nbib(title: str, abstract: str, names: list[str]) -> str:
    people = "".join(f"FAU - {name}\n" for name in names)
    wrapped = "\n".join(f"      {abstract[at : at + 80]}" for at in range(0, len(abstract), 80)).strip()
    return f"PMID- 1\nTI  - {title}\nAB  - {wrapped}\n{people}"


def pubmed(title: str, abstract: str, names: list[str]) -> str:
    people = "".join(
        "<Author><LastName>{}</LastName><ForeName>{}</ForeName></Author>".format(*name.split(", ")) for name in names
    )
    return (
        f"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>{title}</ArticleTitle>"
        f"<Abstract><AbstractText>{abstract}</AbstractText></Abstract><AuthorList>{people}</AuthorList></Article>"
        "</MedlineCitation></PubmedArticle></PubmedArticleSet>"
    )


def bib(title: str, abstract: str, names: list[str]) -> str:
    return f"@article{{a, title = {{{title}}}, author = {{{' and '.join(names)}}}, abstract = {{{abstract}}}}}"


def table(title: str, abstract: str, names: list[str]) -> str:
    return f'Title,Authors,Abstract,Year\n{title},"{"; ".join(names)}","{abstract}",2000\n'


def csl(title: str, abstract: str, names: list[str]) -> str:
    people = [dict(zip(("family", "given"), name.split(", "), strict=True)) for name in names]
    return json.dumps([{"id": "1", "type": "article", "title": title, "abstract": abstract, "author": people}])


def ciw(title: str, abstract: str, names: list[str]) -> str:
    people = "\n   ".join(names)
    return f"FN X\nVR 1.0\nPT J\nAU {people}\nTI {title}\nAB {abstract}\nER\nEF\n"


def refer(title: str, abstract: str, names: list[str]) -> str:
    people = "".join(f"%A {name}\n" for name in names)
    return f"%0 Journal Article\n%T {title}\n{people}%X {abstract}\n"


def ovid(title: str, abstract: str, names: list[str]) -> str:
    return f"<1>\nTitle\n  {title}\nAuthor\n  {'; '.join(names)}\nAbstract\n  {abstract}\n"


def endnote(title: str, abstract: str, names: list[str]) -> str:
    people = "".join(f"<author>{name}</author>" for name in names)
    return (
        f"<xml><records><record><titles><title>{title}</title></titles><contributors><authors>{people}</authors>"
        f"</contributors><abstract>{abstract}</abstract></record></records></xml>"
    )


WRITERS: list[Callable[[str, str, list[str]], str]] = [
    ris, nbib, pubmed, bib, table, csl, ciw, refer, ovid, endnote
]  # fmt: skip


@pytest.mark.parametrize("make", WRITERS)
def test_ten_thousand_authors(make: Callable[[str, str, list[str]], str], tmp_path: Path) -> None:
    names = [f"Family{n}, Given" for n in range(AUTHORS)]
    path = write(tmp_path, "many", make("A title", "An abstract.", names))
    with soon():
        (record,) = read(path)
    assert isinstance(record, Record)
    assert record.authors == tuple(names)


@pytest.mark.parametrize("make", WRITERS)
def test_a_field_of_ten_megabytes(make: Callable[[str, str, list[str]], str], tmp_path: Path) -> None:
    path = write(tmp_path, "long", make("A title", LONG, ["Dach, Otto"]))
    tracemalloc.start()
    with soon(4 * SECONDS):  # what counts memory makes all slower
        (record,) = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(record, Record)
    assert (record.title, record.abstract) == ("A title", LONG.strip())
    assert peak < 20 * len(LONG)


# -- characters ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [one for one in WRITERS if one not in (pubmed, endnote)])
def test_characters_that_show_another_text(make: Callable[[str, str, list[str]], str], tmp_path: Path) -> None:
    title = "A\u202etxt.exe\u202c \x1b[2Jtitle\x07 \u2066of\u2069 owls"
    abstract = f"An\x00 abstract\x08.{' More of it.' * 30}"
    (record,) = read(write(tmp_path, "turned", make(title, abstract, ["Dach, Otto"])))
    assert isinstance(record, Record)
    assert record.title == "Atxt.exe [2Jtitle of owls"
    assert record.abstract.isprintable()
    assert record.abstract.startswith("An abstract")


def test_marks_of_one_place_stay(tmp_path: Path) -> None:
    """Hebrew and Arabic set them, and joined letters need theirs."""
    title = "\u200fכותרת\u200e and می\u200cخواهم"
    (record,) = read(write(tmp_path, "a.ris", ris(title, "", [])))
    assert isinstance(record, Record)
    assert record.title == title


@pytest.mark.parametrize(
    "page",
    [
        ("Just a moment...", "Enable JavaScript and cookies to continue"),
        ("Attention Required! | Cloudflare", "You have been blocked"),
        ("Access Denied", "You don't have permission to access this."),
    ],
)
def test_walls(page: tuple[str, str], tmp_path: Path) -> None:
    text = "<html><head><title>{}</title></head><body>{}</body></html>".format(*page)
    with soon(1):
        said = outcome(write(tmp_path, "article.html", text))
    assert "page" in said
    assert said.endswith(".")


def test_one_bad_file_costs_no_other(tmp_path: Path) -> None:
    write(tmp_path, "a.zip", b"PK\x03\x04" + b"\0" * 40)
    write(tmp_path, "b.xml", f"<!DOCTYPE x [{LAUGHS}]><PubmedArticleSet>&l9;</PubmedArticleSet>")
    write(tmp_path, "c.ris", RIS)
    entries: list[Entry] = list(read(tmp_path))
    assert [type(entry) for entry in entries] == [Skip, Skip, Record]
