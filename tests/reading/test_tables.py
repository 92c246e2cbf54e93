"""Tables as some thirty tools write them, and as nobody should."""

from __future__ import annotations

import csv
import io
import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import ReadingError, UnknownFormat
from qa.reading import detect, read
from qa.reading.cells import split_authors, split_list
from qa.reading.columns import header, name_columns
from qa.reading.rows import Rows
from qa.schema import Record, Skip
from tests.reading.samples import DATA, records, skips, write

#: The columns' names of each tool, and in which of them stand title, abstract, authors, journal, year, DOI and PMID.
HEADERS = {
    "scopus": "Authors|Author full names|Title|Year|Source title|DOI|Abstract|PubMed ID|Source",
    "scopus, older": "Authors|Title|Year|Source title|DOI|Abstract|PubMed ID|Source",
    "embase": "Title|Author Names|Source|Source title|Publication Year|Abstract|Medline PMID|DOI",
    "zotero": "Key|Item Type|Publication Year|Author|Title|Publication Title|DOI|Abstract Note|Date Added",
    "openalex": "id|doi|title|display_name|publication_year|ids.pmid|primary_location.source.display_name|abstract|"
    "authorships.author.display_name",
    "pubmed": "PMID|Title|Authors|Citation|First Author|Journal/Book|Publication Year|Create Date|DOI",
    "asreview": "record_id|title|abstract|authors|year|doi|included",
    "rispy": "type_of_reference|first_authors|primary_title|notes_abstract|journal_name|publication_year|doi",
    "rayyan": "key|title|year|month|journal|authors|url|abstract|doi|pubmed_id",
    "covidence": "Title|Authors|Abstract|Published Year|Published Month|Journal|DOI|Covidence #|Notes",
    "web of science": "PT|AU|AF|TI|SO|AB|PY|DI|PM|UT",
    "web of science, full": "Publication Type|Authors|Author Full Names|Article Title|Source Title|Abstract|"
    "Publication Year|DOI|Pubmed Id|UT (Unique WOS ID)",
    "cochrane": "CENTRAL ID|Author(s)|Title|Source|Year|Abstract|PubMed ID|DOI",
    "lens": "Lens ID|Title|Publication Year|Source Title|Author/s|Abstract|PMID|DOI",
    "dimensions": "Rank|Publication ID|DOI|PMID|Title|Abstract|Source title|PubYear|Authors",
    "publish or perish": "Cites|Authors|Title|Year|Source|Publisher|ArticleURL|DOI|Abstract",
    "google scholar": "Authors|Title|Publication|Volume|Number|Pages|Year|Publisher",
    "cinahl": "Article Title|Author|Journal Title|ISSN|Publication Date|DOI|Abstract",
    "ieee": "Document Title|Authors|Publication Title|Publication Year|Abstract|DOI",
    "springer": "Item Title|Publication Title|Item DOI|Authors|Publication Year",
    "clinicaltrials.gov": "NCT Number|Study Title|Study URL|Brief Summary|Conditions|Start Date",
    "proquest": "Title|Abstract|Authors|pubtitle|year|DocumentURL",
    "abstrackr": "(internal) id|(source) id|pubmed id|keywords|abstract|title|journal|authors",
    "ris tags": "TY|AU|year|DA|TI|JO|SP|VL|IS|DO|AB",
    "r": "label|title|author|journal|year|doi|abstract",
}
VALUES = {
    "title": "Moss on roofs",
    "abstract": "It stays.",
    "authors": "Dach, Otto",
    "journal": "Annals of Roofing",
    "year": "2021",
    "doi": "10.1234/roof.7",
    "pmid": "90000071",
}


@pytest.mark.parametrize("tool", HEADERS)
@pytest.mark.parametrize("case", [str, str.lower, str.upper, lambda name: f" {name} "])
def test_header(tmp_path: Path, tool: str, case: object) -> None:
    """A row with a value in each known column is read as such, whatever the case of the names."""
    names = [case(name) for name in HEADERS[tool].split("|")]  # type: ignore[operator]
    columns = header(names)
    assert columns is not None
    assert "title" in columns.of_field
    row = [""] * len(names)
    for field, value in VALUES.items():
        if field in columns.of_field:
            row[columns.of_field[field][0]] = value
    (record,) = records(write(tmp_path, "t.csv", as_csv([names, row])))
    expected = {"authors": ("Dach, Otto",), "year": 2021}
    for field, value in VALUES.items():
        if field in columns.of_field:
            assert getattr(record, field) == expected.get(field, value), field
    assert columns.known >= 4


@pytest.mark.parametrize(
    ("names", "field", "column"),
    [
        ("Source|Source title|Title|Abstract", "journal", "Source title"),  # Scopus: where it was found
        ("Source|Title|Abstract|Year", "journal", "Source"),  # Cochrane, Publish or Perish: the journal
        ("TI|SO|AB|SP|UT|BP", "first_page", "BP"),  # Web of Science: SP is a sponsor
        ("TY|TI|JO|SP|EP", "first_page", "SP"),
        ("TI|SO|AB|ID|UT|DE", "keywords", "DE"),
        ("Title|Publication Type|Document Type", "publication_types", "Document Type"),
        ("Authors|Author full names|Title", "authors", "Author full names"),
        ("Title|Number|Issue", "issue", "Issue"),
        ("Title|Abstract|References DOI|DOI", "doi", "DOI"),
    ],
)
def test_which_column(names: str, field: str, column: str) -> None:
    listed = names.split("|")
    assert name_columns(listed).of_field[field][0] == listed.index(column)


def test_an_empty_cell_is_not_filled_from_another_column(tmp_path: Path) -> None:
    rows = [["Title", "Source title", "Year", "Source"], ["Moss", "", "2001", "Scopus"]]
    (record,) = records(write(tmp_path, "t.csv", as_csv(rows)))
    assert record.journal == ""


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_delimiters_and_line_ends(tmp_path: Path, delimiter: str, end: str, quoting: int) -> None:
    rows = [["Title", "Abstract", "Year"], ["A, b; c | d", 'One "two",\nthree; four', "2001"], ["E", "F\tg", "2002"]]
    path = write(tmp_path, "t.csv", as_csv(rows, delimiter=delimiter, lineterminator=end, quoting=quoting))
    assert [(r.title, r.abstract, r.year) for r in records(path)] == [
        ("A, b; c | d", 'One "two", three; four', 2001),
        ("E", "F g", 2002),
    ]


@pytest.mark.parametrize(
    "above",
    [
        "sep=;\n",
        '"sep=;"\r\n',
        '"About the data: Exported on Aug 1, 2023. Criteria: moss; roofs."\n',
        "Moss on roofs\n12 May 2021\n\n",
        "\n\n \n",
        '"SEARCH QUERY";"moss:ti"\n-----------\n\n',
    ],
)
def test_what_stands_above_the_header(tmp_path: Path, above: str) -> None:
    (record,) = records(write(tmp_path, "t.csv", f'{above}Title;Authors;Year\n"Moss; and more";"Dach; Reet";2001\n'))
    assert (record.title, record.authors, record.year) == ("Moss; and more", ("Dach", "Reet"), 2001)


EMBASE = """\
"SEARCH QUERY","moss:ti"
-------------------------------------

"TITLE","Moss on roofs"
"AUTHOR NAMES","Dach O.","Reet A.V."
"SOURCE","Annals of Roofing (2021) 12:3 (101-109)"
"SOURCE TITLE","Annals of Roofing"
"PUBLICATION YEAR","2021"
"ABSTRACT","It stays,
and stays."
"MEDLINE PMID","90000081"

"TITLE","Gutters"
"AUTHOR NAMES","Traufe G."
"PUBLICATION YEAR","1998"
"""


def test_a_field_a_row(tmp_path: Path) -> None:
    """Embase's other layout, with and without the empty rows between."""
    for text in (EMBASE, EMBASE.replace('"\n\n"TITLE"', '"\n"TITLE"')):
        moss, gutters = records(write(tmp_path, "t.csv", text))
        assert (moss.title, moss.abstract, moss.year) == ("Moss on roofs", "It stays, and stays.", 2021)
        assert moss.authors == ("Dach, O.", "Reet, A.V.")
        assert (moss.journal, moss.pmid) == ("Annals of Roofing", "90000081")
        assert (gutters.title, gutters.authors, gutters.year) == ("Gutters", ("Traufe, G.",), 1998)
    (skip,) = skips(write(tmp_path, "t.csv", EMBASE.replace('"TITLE","Gutters"\n', "")))
    assert skip.line == 13


def test_rows_against_the_rules(tmp_path: Path) -> None:
    """A quotation mark that is not closed, or not doubled, costs no row but at most a word of its own."""
    path = write(
        tmp_path,
        "t.csv",
        'id,Title,Abstract,Year,DOI\n'
        '1,"Never closed,Text one,2001,10.1234/a\n'
        '2,Second,Text two,2002,10.1234/b\n'
        '3,"He said "hi, there" twice","Text ""three""",2003,10.1234/c\n'
        '4,"Slashes \\"in, it\\" and out",Text four,2004,10.1234/d\n'
        '5,Short\n'
        '6,"Several\nlines, and\n1,2,3,4,5 commas",Text six,2006,10.1234/f\n'
        '7,Bare comma, that is not quoted,Text seven,2007,10.1234/g\n'
        '8, "Blank before, the mark",Text eight,2008,10.1234/h\n'
        '9,Too,many,cells,for,any,reason,2009\n'
        '10,Last,"Text ten, never closed,2010,10.1234/j\n',
    )  # fmt: skip
    got = {record.title: record for record in records(path)}
    assert len(got) == 9
    assert [t for t in got if t.startswith("Never closed")]
    assert got["Second"].doi == "10.1234/b"
    assert got['He said "hi, there" twice'].abstract == 'Text "three"'
    assert got['Slashes "in, it" and out'].abstract == "Text four"
    assert got["Several lines, and 1,2,3,4,5 commas"].year == 2006
    assert got["Bare comma, that is not quoted"].abstract == "Text seven"
    assert got["Blank before, the mark"].year == 2008
    assert got["Last"].abstract.startswith("Text ten")
    (skip,) = skips(path)
    assert skip.line == 12
    assert "8 cells under 5" in skip.reason


def test_lists_put_one_behind_the_other(tmp_path: Path) -> None:
    first = as_csv([["Title", "Abstract", "Year"], ["One", "A.", "2001"]])
    other = as_csv([["Year", "DOI", "Title", "Authors"], ["2002", "10.1234/b", "Two", "Dach, Otto"]])
    path = write(tmp_path, "t.csv", first.encode() + first.encode("utf-8-sig") + other.encode("utf-8-sig"))
    assert [(r.title, r.year, r.doi) for r in records(path)] == [
        ("One", 2001, ""),
        ("One", 2001, ""),
        ("Two", 2002, "10.1234/b"),
    ]


def test_what_programs_write_for_nothing(tmp_path: Path) -> None:
    rows = [
        ["Title", "Abstract", "Year", "Volume", "PMID", "ISSN", "Pages"],
        ["One", "nan", "2001.0", "None", "90000091.0", '="12345678"', '="12-15"'],
        ["NA", "NULL", "2002", "", "0", "", ""],
    ]
    path = write(tmp_path, "t.csv", as_csv(rows))
    (one,) = records(path)
    assert (one.abstract, one.year, one.volume, one.pmid, one.pages) == ("", 2001, "", "90000091", "12-15")
    assert [skip.line for skip in skips(path)] == [3]


def test_notices_of_a_database_are_not_the_abstract(tmp_path: Path) -> None:
    notice = "Copyright of Roofs is the property of Dach Ltd and its content may not be copied or emailed."
    rows = [["Title", "Abstract"], ["One", f"It stays. [ABSTRACT FROM AUTHOR] {notice}"], ["Two", notice]]
    assert [r.abstract for r in records(write(tmp_path, "t.csv", as_csv(rows)))] == ["It stays.", ""]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Dach, Otto; Reet, Ada van der", ["Dach, Otto", "Reet, Ada van der"]),
        ("Otto Dach|Ada van der Reet", ["Dach, Otto", "van der Reet, Ada"]),
        ("Dach, O. and Reet, A. and Zug, P.", ["Dach, O.", "Reet, A.", "Zug, P."]),
        ("Dach, Otto B. and Reet, Ada", ["Dach, Otto B.", "Reet, Ada"]),
        ("Dach O, Reet A and Zug P", ["Dach, O", "Reet, A", "Zug, P"]),
        ("Dach, O., Reet, A. V., and Zug, P.", ["Dach, O.", "Reet, A. V.", "Zug, P."]),
        ("Dach O., van der Reet A.", ["Dach, O.", "van der Reet, A."]),
        ("Dach OB, Reet AV, Zug P.", ["Dach, OB", "Reet, AV", "Zug, P"]),
        ("Dach OB.", ["Dach, OB"]),
        ("Dach, Otto", ["Dach, Otto"]),
        ("Otto Dach, Ada Reet", ["Dach, Otto", "Reet, Ada"]),
        ("['Dach, Otto', \"O'Reet, Ada\"]", ["Dach, Otto", "O'Reet, Ada"]),
        ("Dach, Otto (57000000001); Reet, Ada (57000000002)", ["Dach, Otto", "Reet, Ada"]),
        ("Dach O, et al.", ["Dach, O"]),
        ("Dach, Otto; ", ["Dach, Otto"]),
        ("Damp Roof Study Group", ["Damp Roof Study Group"]),
        ("[not a list", ["list, [not a"]),
        ("", []),
    ],
)
def test_split_authors(text: str, names: list[str]) -> None:
    assert split_authors(text) == names


def test_split_names_without_anything_between() -> None:
    assert split_authors("Otto DachAda ReetRon McRoof", glued=True) == ["Dach, Otto", "Reet, Ada", "McRoof, Ron"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("moss; Models, Biological;", ["moss", "Models, Biological", ""]),
        ("moss|roofs", ["moss", "roofs"]),
        ("moss, roofs", ["moss", "roofs"]),
        ("moss\nroofs", ["moss", "roofs"]),
        ("['moss, wet', 'roofs']", ["moss, wet", "roofs"]),
        ("{'score': 1}", []),
        ("", [""]),
    ],
)
def test_split_list(text: str, terms: list[str]) -> None:
    assert split_list(text) == terms


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,age,town\nOtto,40,Tileham\nAda,41,Seaside\n", '"name", "age", "town"'),
        ("Id\tScore\tRank\n1\t2\t3\n", '"Id", "Score", "Rank"'),
        ("sep=;\nname;age\nOtto;40\n", '(it has "name", "age")'),
        ("Title,Abstract,Year,DOI\n", "no rows"),
    ],
)
def test_tables_of_something_else(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ReadingError) as raised:
        list(read(write(tmp_path, "t.csv", text)))
    assert words in raised.value.reason


@pytest.mark.parametrize(
    "text",
    [
        "Abstract | Authors | Keywords | PDF\nMoss on roofs\nA. Dach, B. Reet\nIt stays.\n",
        "Moss, roofs, and rain\nWe saw moss, rain, and roofs.\nIt was wet, cold, and late.\n",
        "Title\nAbstract\nYear\n",
        "one, two, three\nfour, five, six\n",
    ],
)
def test_text_with_commas_is_no_table(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnknownFormat, match="is text"):
        list(read(write(tmp_path, "t.csv", text)))


def test_a_page_stays_a_page(tmp_path: Path) -> None:
    text = (DATA / "sample.txt").read_text("utf-8")
    assert detect(write(tmp_path, "page.csv", text)).name == "page_text"


# -- properties ----------------------------------------------------------------------------------------------------

words = st.text(alphabet="abcXYZ äé,;|\t\"'\n.", min_size=1, max_size=40).filter(
    lambda text: bool(text.strip(' "\n\t'))
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(words, st.integers(1600, 2090)), min_size=1, max_size=8),
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"]),
)
def test_what_the_csv_module_writes_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int]], delimiter: str, encoding: str
) -> None:
    table = [
        ["n", "Title", "Year", "Volume"],
        *([str(n), title, str(year), "7"] for n, (title, year) in enumerate(rows)),
    ]
    text = as_csv(table, delimiter=delimiter)
    path = write(tmp_path_factory.getbasetemp(), "t.csv", text.encode(encoding))
    got = list(read(path))
    assert [(r.title, r.year, r.volume) for r in got if isinstance(r, Record)] == [
        (" ".join(title.split()), year, "7") for title, year in rows
    ]
    assert len(got) == len(rows)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), max_size=8))
def test_rows_and_their_lines(rows: list[list[str]]) -> None:
    """Every row comes back, with the number of the line that it begins on."""
    rows = [[cell.replace("\r", "\n") for cell in row] for row in rows]
    text = as_csv(rows, lineterminator="\n", quoting=csv.QUOTE_ALL)
    lines = list(enumerate(text.split("\n")[:-1], 1))
    got = list(Rows(lines, ",", width=3))
    assert [cells for _, cells in got] == rows
    at = 1
    for (line, _), row in zip(got, rows, strict=True):
        assert line == at
        at += 1 + sum(cell.count("\n") for cell in row)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_no_mark_costs_a_row(seed: int) -> None:
    """One quotation mark put in or taken out anywhere: all rows but that one and its neighbour stay what they were."""
    chance = random.Random(seed)
    rows = [[str(n), f"Title {n}", f"Text, {n}", "x" * chance.randint(0, 3), f"10.1234/{n}"] for n in range(12)]
    lines = as_csv(rows, lineterminator="\n", quoting=csv.QUOTE_ALL).split("\n")[:-1]
    at = chance.randrange(len(lines))
    place = chance.randrange(len(lines[at]))
    lines[at] = lines[at][:place] + (lines[at][place + 1 :] if chance.random() < 0.5 else '"' + lines[at][place:])
    got = [cells for _, cells in Rows(list(enumerate(lines, 1)), ",", width=5)]
    kept = [row for row in rows if row in got]
    assert len(kept) >= len(rows) - 2, lines[at]


@pytest.mark.parametrize(
    "row",
    [
        '1,2,3,"' + '"' * 101 + "\n",
        '1,"open,2,3\n',
        '1,""open,"",2\n',
        '1,"' + "a," * 50 + "\n",
        "1,2," + '\\",' * 30 + "\n",
        "1,2,3,4\n",
    ],
)
def test_linear_time(tmp_path: Path, row: str) -> None:
    text = "id,Title,Abstract,Year\n" + row * (400_000 // len(row))
    path = write(tmp_path, "t.csv", text)
    start = time.process_time()
    entries = sum(1 for _ in read(path))
    assert entries
    assert time.process_time() - start < 15


def test_a_cell_of_ten_megabytes(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv", f'Title,Abstract\nLong,"{"word " * 2_000_000}"\nNext,Short.\n')
    long, after = records(path)
    assert len(long.abstract) > 9_000_000
    assert after.title == "Next"


def test_empty_rows_are_no_entries(tmp_path: Path) -> None:
    rows = [["Title", "Abstract"], ["T", "A"], ["", ""], [" ", ""], ["U", ""]]
    entries = list(read(write(tmp_path, "t.csv", as_csv(rows, quoting=csv.QUOTE_ALL))))
    assert [entry.title for entry in entries if isinstance(entry, Record)] == ["T", "U"]
    assert not [entry for entry in entries if isinstance(entry, Skip)]


def as_csv(rows: list[list[str]], **how: object) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, **how).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue()
