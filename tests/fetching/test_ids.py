from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import ReadingError
from qa.fetching.ids import Wanted, find_ids, read_ids
from qa.schema import Skip


def test_a_list_as_people_keep_them(tmp_path: Path) -> None:
    path = tmp_path / "included.txt"
    path.write_bytes(
        b"\xef\xbb\xbf# what we included\r\n"
        b"1001\r\n"
        b"PMID: 1002, PMID:1003;1004,1005\r\n"
        b"https://pubmed.ncbi.nlm.nih.gov/1006/  (1007)\r\n"
        b"doi: 10.1000/ABC.\thttps://doi.org/10.1000/x(1)2;3 # and a remark\r\n"
        b"10.1000/abc, (10.1000/x(5)) <10.1000/y(1)<37::A>3;2-1>\r\n"
        b"https://doi.org/10.1000/a%3Cb.\r\n"
        b"00001001 PMC1234 Smith\r\n"
    )
    found, skips = read_ids(path)
    assert [one.pmid or one.doi for one in found] == [
        *(str(n) for n in range(1001, 1008)),
        "10.1000/abc",
        "10.1000/x(1)2;3",
        "10.1000/x(5)",
        "10.1000/y(1)<37::a>3;2-1",
        "10.1000/a<b",
    ]
    assert [one.line for one in found] == [2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7]
    assert skips == [
        Skip(str(path), 8, "'PMC1234' is neither a PMID nor a DOI"),
        Skip(str(path), 8, "'Smith' is neither a PMID nor a DOI"),
    ]


def test_no_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReadingError):
        read_ids(tmp_path / "none.txt")


@pytest.mark.parametrize(
    "words",
    [
        ["calcinosis AND scleroderma"],
        ["calcinosis", "2015"],
        ["10 mg"],
        ["10.5"],
        ["0"],
        ["1" * 10],
        ["PMC123"],
        ["PMID"],
    ],
)
def test_a_query_is_no_list_of_ids(words: list[str]) -> None:
    assert find_ids(words) == []


def test_ids_as_arguments() -> None:
    assert find_ids(["1001", "1001", "10.1000/X", "1002,1003"]) == [
        Wanted(pmid="1001"),
        Wanted(doi="10.1000/x"),
        Wanted(pmid="1002"),
        Wanted(pmid="1003"),
    ]


@given(
    st.lists(st.integers(1, 99_999_999), min_size=1, unique=True), st.sampled_from([" ", ",", ", ", "; ", " PMID: "])
)
def test_any_list_of_numbers_comes_back(numbers: list[int], between: str) -> None:
    assert [one.pmid for one in find_ids([between.join(map(str, numbers))])] == [str(n) for n in numbers]
