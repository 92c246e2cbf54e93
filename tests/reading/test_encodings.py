"""A file reads the same in whatever encoding a program has written it."""

from pathlib import Path

import pytest

from qa.reading import read
from qa.reading.encodings import bom, decode, guess
from qa.schema import Record
from tests.reading.samples import records, write

WESTERN = (
    "TY  - JOUR\nTI  - Étude de la fièvre à Zürich\nAU  - Müller, Jürgen\nAU  - Gómez, José\n"
    "AB  - We measured 37 °C ± 0.5 in naïve patients – “fever”. The effect was large.\nER  - \n"
)
ONE_NAME = (
    "TY  - JOUR\nTI  - A title about fever in children\nAU  - Müller, J\n"
    "AB  - The effect was large and significant in all of the groups.\nER  - \n"
)
QUOTED = (
    "TY  - JOUR\nTI  - The patient’s view of “fever” – a survey\nAU  - Smith, J\n"
    "AB  - Patients’ words were “hot” and “cold”. It wasn’t simple.\nER  - \n"
)
CHINESE = (
    "TY  - JOUR\nTI  - 糖尿病患者的血糖控制研究\nAU  - 王, 小明\n"
    "AB  - 目的：探讨糖尿病患者的血糖控制情况。结果：治疗组显著优于对照组。\nER  - \n"
)
JAPANESE = "TY  - JOUR\nTI  - 糖尿病患者における血糖コントロールの研究\nAB  - 本研究は患者の状態を調べた。\nER  - \n"
RUSSIAN = (
    "TY  - JOUR\nTI  - Исследование лихорадки у детей\nAU  - Иванов, И\nAB  - Результаты были значимыми.\nER  - \n"
)

CASES = [
    (text, encoding)
    for text, encodings in (
        (WESTERN, ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman")),
        (ONE_NAME, ("utf-8", "utf-16-le", "cp1252", "mac_roman")),
        (QUOTED, ("utf-8", "utf-16-be", "cp1252", "mac_roman")),
        (CHINESE, ("utf-8", "utf-16-le", "gbk", "gb18030")),
        (JAPANESE, ("utf-8", "shift_jis", "euc_jp")),
        (RUSSIAN, ("utf-8", "cp1251", "koi8_r")),
    )
    for encoding in encodings
]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(("text", "encoding"), CASES)
def test_the_same_in_each(text: str, encoding: str, ends: str, tmp_path: Path) -> None:
    (expected,) = records(write(tmp_path, "as.ris", text))
    (found,) = read(write(tmp_path, "as.ris", text.replace("\n", ends).encode(encoding)))
    assert isinstance(found, Record)
    assert (found.title, found.authors, found.abstract) == (expected.title, expected.authors, expected.abstract)


def test_a_file_pasted_together_keeps_both(tmp_path: Path) -> None:
    path = write(tmp_path, "both.ris", WESTERN.encode() * 3 + WESTERN.encode("cp1252"))
    titles = {record.title for record in records(path)}
    assert titles == {"Étude de la fièvre à Zürich"}


def test_what_comes_late_counts(tmp_path: Path) -> None:
    plain = "TY  - JOUR\nTI  - Plain\nER  - \n" * 5000
    path = write(tmp_path, "late.ris", (plain + CHINESE).encode("gbk"))
    assert records(path)[-1].title == "糖尿病患者的血糖控制研究"


def test_nothing_fails() -> None:
    assert decode(b"\xff\x81", "gb18030")
    assert guess([]) == "utf-8"
    assert guess([b"plain"]) == "utf-8"
    assert bom(b"") == ("", 0)
    assert bom(b"T\0Y\0 \0 \0-\0 \0") == ("utf-16-le", 0)
    assert bom(b"plain text, no zeros in it") == ("", 0)
