"""The mendings that all formats share, as tables."""

from __future__ import annotations

import pytest

from qa.reading.mapping import clean, clean_abstract, family_first, find_doi, find_year, join_pages


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1000/xyz123", "10.1000/xyz123"),
        ("10.1892/0891-6640(2002)016<0077:IATICK>2.3.CO;2", "10.1892/0891-6640(2002)016<0077:IATICK>2.3.CO;2"),
        ("10.1000/abc</a>", "10.1000/abc"),
        ("https://doi.org/10.1000/XYZ.1.", "10.1000/XYZ.1"),
        ("doi: 10.1000/xyz [doi]", "10.1000/xyz"),
        ("http://dx.doi.org/10.1016/S0140-6736(97)11096-0", "10.1016/S0140-6736(97)11096-0"),
        ("(doi:10.1000/abc)", "10.1000/abc"),
        ("DOI 10.1000/abc;", "10.1000/abc"),
        ("https://doi.org/10.1000%2Fabc", "10.1000/abc"),
        ("Version 10.1 of it", ""),
        ("", ""),
    ],
)
def test_find_doi(text: str, doi: str) -> None:
    assert find_doi(text) == doi


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2019/05/01/", 2019),
        ("1998 Dec-1999 Jan", 1998),
        ("Spring 2004", 2004),
        ("20100520", None),
        ("n.d.", None),
        ("", None),
    ],
)
def test_find_year(text: str, year: int | None) -> None:
    assert find_year(text) == year


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Valenzuela, Antonia", "Valenzuela, Antonia"),
        ("Lorinda Chung", "Chung, Lorinda"),
        ("Jan van der Berg", "van der Berg, Jan"),
        ("Liu R.", "Liu, R."),
        ("Sampson SD", "Sampson, SD"),
        ("J. R. R. Tolkien", "Tolkien, J. R. R."),
        ("Damp Roof Study Group", "Damp Roof Study Group"),
        ("Plato", "Plato"),
        ("", ""),
    ],
)
def test_family_first(name: str, expected: str) -> None:
    assert family_first(name) == expected


@pytest.mark.parametrize(
    ("first", "last", "pages"),
    [
        ("152", "160", "152-160"),
        ("e9128", "", "e9128"),
        ("", "7", "7"),
        ("1-7", "7", "1-7"),
        ("5", "5", "5"),
        ("", "", ""),
    ],
)
def test_join_pages(first: str, last: str, pages: str) -> None:
    assert join_pages(first, last) == pages


def test_clean_keeps_the_authors_own_spaces() -> None:
    assert clean(" p\u2009<\u20090.05\x00 in \r\n\t two\u00a0mice\x0b ") == "p\u2009<\u20090.05 in two\u00a0mice"


@pytest.mark.parametrize("text", ["NA", "[No abstract available]", "No abstract is available.", " n/a "])
def test_no_abstract(text: str) -> None:
    assert clean_abstract(text) == ""
