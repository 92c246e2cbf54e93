"""How BibTeX is written, well and badly."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading import detect
from qa.schema import Record
from tests.reading.samples import records, skips, write


def one(tmp_path: Path, text: str) -> Record:
    (record,) = records(write(tmp_path, "a.bib", text))
    return record


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ("Ada Lovelace and Charles Babbage", ("Lovelace, Ada", "Babbage, Charles")),
        ("Lovelace, Ada AND\n Babbage, Charles and others", ("Lovelace, Ada", "Babbage, Charles")),
        ("{World Health Organization and UNICEF}", ("World Health Organization and UNICEF",)),
        ("{Barnes and Noble} and Ludwig van Beethoven", ("Barnes and Noble", "van Beethoven, Ludwig")),
        ("{Li, Wei and Dou, Zhiguo}", ("Li, Wei", "Dou, Zhiguo")),
        ("King, Jr., Martin L. and King, Martin L., Jr.", ("King, Martin L., Jr.",)),
        ("Li, W. and Cui, L.", ("Li, W.", "Cui, L.")),
        ("Smith, J; Doe, A", ("Smith, J", "Doe, A")),
        (r"Poincar{\'e}, Henri and Erd{\H{o}}s, P{\'a}l", ("Poincaré, Henri", "Erdős, Pál")),
        (r"Thi\{'ebaux, Sylvie and Hertzberg, Joachim", ("Thi{'ebaux, Sylvie", "Hertzberg, Joachim")),
        ("", ()),
    ],
)
def test_authors(tmp_path: Path, authors: str, names: tuple[str, ...]) -> None:
    assert one(tmp_path, f"@article{{k, title = {{T}}, author = {{{authors}}}}}").authors == names


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("title = {T}, date = {2019-03-01/2019-04}", {"year": 2019}),
        ("title = {T}, year = {n.d.}, date = 2018", {"year": 2018}),
        ("title = T, journaltitle = {J}, number = 4", {"title": "T", "journal": "J", "issue": "4"}),
        ("title = {T}, subtitle = {an essay}", {"title": "T: an essay"}),
        ("title = {T}, booktitle = {B}", {"journal": "B"}),
        ("booktitle = {B}", {"title": "B", "journal": ""}),
        ("title = {T}, pages = {12 -- 15}", {"pages": "12-15"}),
        ("title = {T}, eid = {e17}", {"pages": "e17"}),
        ("title = {T}, note = {PMID: 123456}", {"pmid": "123456"}),
        ("title = {T}, note = {PMID: 1, PMID: 2}", {"pmid": ""}),
        ("title = {T}, url = {http://dx.doi.org/10.1234/x\\_y}", {"doi": "10.1234/x_y"}),
        ("title = {T}, Keywords = {a, b}, key words = {c}", {"keywords": ("a", "b", "c")}),
        ("title = {T}, author_keywords = {a, x;  b}", {"keywords": ("a, x", "b")}),
        ("title = {<i>T</i> &amp; so}", {"title": "T & so"}),
        ("title = {T}, abstract = {}, abstract = {We saw.}", {"abstract": "We saw."}),
        ("title = \"T {\"}in{\"} quotes\"", {"title": 'T "in" quotes'}),
        ("title = \"G\\\"odel and \"others\"\", year = 1931", {"title": 'Gödel and "others"', "year": 1931}),
        ("title = {T\n\n  on lines}, type = {Review}", {"title": "T on lines", "publication_types": ("Review",)}),
        ("title = {A} # { and } # \"B\" # UNKNOWN", {"title": "A and B UNKNOWN"}),
        ("title = {a } b\n}", {"title": "a b"}),
        ("title =\n, year = 2001, booktitle = {B}", {"title": "B", "year": 2001}),
        ("title = {T} year = 2001", {"title": "T", "year": 2001}),
        ("title = {T},\n% year = 1999,\n year = 2001", {"year": 2001}),
        ("title = {A \\} b}, year = 2001", {"title": "A } b", "year": 2001}),
    ],
)  # fmt: skip
def test_fields(tmp_path: Path, fields: str, expected: dict[str, object]) -> None:
    record = one(tmp_path, f"@article{{key, {fields}}}")
    assert {name: getattr(record, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("@article(k, title = {T (so)}, year = 2001)", ["T (so)"]),
        ("@article{\n  title = {No key}\n}", ["No key"]),
        ("@article{a key, with a comma, title = {T}}", ["T"]),
        ("@article{a, title={A}} @book{b, title={B}}", ["A", "B"]),
        ("@ARTICLE {PMID:1 ,\n TITLE = {A}}\n\n  @misc\n{b, title = {B}}", ["A", "B"]),
        ("@article{a, title={A}}\n%@article{b, title={B}}\n% @article{c,\n%  title={C}}", ["A"]),
        ("@comment{ @article{a, title={A}} }\n@article{b, title={B}}", ["B"]),
        ("@article{a, title = {Open,\n  note = {x}}\n\n@article{b, title = {B}}", ["Open", "B"]),
        ("@article{a, title = {A}, note = {cut off in the mid", ["A"]),
        ('@article{a, title = "A", note = "cut off\n@article{b, title = {B}}', ["A", "B"]),
        ("@article{a,\n title = {A}}, stray},\n year = {2001},\n}", ["A"]),
        ("@article{a, abstract = {mail me@home (late), or x@y{z, if so},\n title = {A}}", ["A"]),
        ('@string(x = {X})\n@STRING{y = x # " and " # x}\n@article{a, title = y}', ["X and X"]),
    ],
)
def test_entries(tmp_path: Path, text: str, titles: list[str]) -> None:
    path = write(tmp_path, "a.bib", text)
    assert detect(path).name == "bibtex"
    assert [record.title for record in records(path)] == titles


def test_a_parent_gives_what_is_missing_but_never_its_abstract(tmp_path: Path) -> None:
    text = """
    @inproceedings{a, title = {A}, crossref = {DAYS}, year = 2001}
    @proceedings{days, title = {Days}, year = 2000, volume = 3, doi = {10.1234/days}, abstract = {All of it.}}
    @article{b, title = {B}, crossref = {b}}
    """
    child, parent, own = records(write(tmp_path, "a.bib", text))
    assert (child.journal, child.year, child.volume, child.doi, child.abstract) == ("Days", 2001, "3", "", "")
    assert (parent.title, parent.doi, parent.abstract) == ("Days", "10.1234/days", "All of it.")
    assert own.title == "B"


def test_an_entry_of_nothing_is_skipped(tmp_path: Path) -> None:
    path = write(tmp_path, "a.bib", "\n\n@misc{a, url = {https://example.org}}\n@misc{b}\n@article{c, title={C}}")
    assert [skip.line for skip in skips(path)] == [3, 4]


def test_a_macro_cannot_fill_the_memory(tmp_path: Path) -> None:
    doubling = "".join(f"@string{{a{i} = a{i - 1} # a{i - 1}}}\n" for i in range(1, 80))
    path = write(tmp_path, "a.bib", f'@string{{a0 = "lol"}}\n{doubling}@article{{k, title = a79}}')
    assert len(records(path)[0].title) < 1_000_000


_word = st.text("abc XYZäé.:-+=@%&,;'()0123", min_size=1).map(str.strip).filter(lambda text: text.strip(" .:;,"))


@given(st.lists(st.tuples(_word, _word, st.booleans()), min_size=1, max_size=6))
def test_what_is_written_by_the_book_comes_back(
    tmp_path_factory: pytest.TempPathFactory, entries: list[tuple[str, str, bool]]
) -> None:
    text = "\n".join(
        f'@article{{k{number}, title = {{{{{title}}}}}, abstract = "{{{abstract}}}"}}'
        if quoted
        else f"@article(k{number},\n  abstract = {{{abstract}}},\n  title={{{title}}})"
        for number, (title, abstract, quoted) in enumerate(entries)
    )
    found = records(write(tmp_path_factory.getbasetemp(), "book.bib", text))

    def plain(value: str) -> str:
        return " ".join(value.replace("---", "—").replace("--", "–").split(" "))

    assert len(found) == len(entries)
    for record, (title, _, _) in zip(found, entries, strict=True):
        assert " ".join(record.title.split()) == " ".join(plain(title).split())
