"""A file reads the same in whatever encoding a program has written it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.reading import read
from qa.reading.encodings import SEARCHED, Decoder, bom, tell
from qa.schema import Record
from tests.reading.samples import DATA, records, write

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
    assert Decoder("gb18030", prevails=True)(b"\xff\x81")
    assert tell([]) == tell([b"plain"]) == Decoder()
    assert Decoder().encoding == "utf-8"
    assert bom(b"") == ("", 0)
    assert bom(b"T\0Y\0 \0 \0-\0 \0") == ("utf-16-le", 0)
    assert bom(b"plain text, no zeros in it") == ("", 0)


def test_a_character_cut_by_a_chunk_is_no_other_encoding() -> None:
    text = "Größe".encode() * 100
    assert tell([text[:7], text[7:]]) == Decoder()
    long = ("x" * SEARCHED + "ß").encode()
    assert tell([long[:-1], long[-1:]]) == Decoder()


def test_marks_within_a_file(tmp_path: Path) -> None:
    one = "TY  - JOUR\nTI  - Étude\nER  - \n".encode("utf-8-sig")
    assert [record.title for record in records(write(tmp_path, "both.ris", one * 3))] == ["Étude"] * 3


@pytest.mark.parametrize(
    "name", ["sample.ris", "sample.nbib", "sample.csv", "sample.jsonl", "sample.txt", "sample.html"]
)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_samples_in_unicode(tmp_path: Path, name: str, encoding: str) -> None:
    """With and without a byte order mark."""
    data = (DATA / name).read_bytes().decode("utf-8-sig")
    assert list(read(write(tmp_path, name, data.encode(encoding)))) == list(read(write(tmp_path, name, data)))


#: A few words as such files hold them, by the encodings that can write them.
TEXTS = {
    "western": (
        "Müller-Lüdenscheidt A, Åström B, García C. The patients’ gutters: “wet” or dry? Roofs leaked at 20 °C ± 3, "
        "with moss – as before – in São Tomé.",
        ("cp1252", "mac_roman"),
    ),
    "french": (
        "Étude de la mousse sur les toits à Besançon : où l’hiver dure, les tuiles sèchent moins vite qu’à Nîmes.",
        ("cp1252", "mac_roman"),
    ),
    "one name": ("Roofs and their moss, by Otto Müller", ("cp1252", "mac_roman", "cp850")),
    "one apostrophe": ("A roof’s moss and what it does to tiles", ("cp1252", "mac_roman")),
    "one sign": ("We weighed 40 ± 3 tiles in each village", ("cp1252", "mac_roman")),
    "polish": ("Mech na dachówkach: żółty łubin, zażółć gęślą jaźń, Paweł Wąsik", ("cp1250",)),
    "russian": (
        "Мох на крышах деревенских домов: как быстро сохнет черепица после дождя. Иванов И.И., Петрова А.С.",
        ("cp1251", "koi8_r", "mac_cyrillic", "cp866"),
    ),
    "greek": ("Τα βρύα στις στέγες των σπιτιών και η ταχύτητα με την οποία στεγνώνουν τα κεραμίδια", ("cp1253",)),
    "chinese": ("屋顶上的苔藓与瓦片干燥的速度：两个村庄的比较研究。", ("gb18030", "gbk")),
    "a chinese name": ("Moss on roofs, by 王伟", ("gbk",)),
    "english, saved in China": (
        "The patients’ “wet” roofs – and André’s – at 20 ± 3 °C with α and β",
        ("gbk", "gb18030"),
    ),
    "english, saved in Taiwan": ("The patient’s “wet” roof – at 20 ± 3 °C with α and β", ("big5",)),
    "english, saved in Japan": ("The patient’s “wet” roof… at 20 ± 3 °C with α and β", ("cp932",)),
    "a dash behind a bracket": ("The roofs (all seven)—either wet or dry—were thatched", ("cp1252", "mac_roman")),
    "traditional": ("屋頂上的苔蘚與瓦片乾燥的速度：兩個村莊的比較研究。", ("big5",)),
    "japanese": ("屋根の苔と瓦の乾く速さについて：二つの村の比較。コケは水をためる。", ("cp932", "euc_jp")),
    "korean": ("지붕의 이끼와 기와가 마르는 속도: 두 마을의 비교 연구", ("cp949",)),
}
TOLD = [(name, encoding) for name, (_, encodings) in TEXTS.items() for encoding in encodings]


@pytest.mark.parametrize(("name", "encoding"), TOLD)
def test_told(name: str, encoding: str) -> None:
    line = TEXTS[name][0].encode(encoding)
    assert tell([b"TY  - JOUR\n", line])(line) == TEXTS[name][0]


@pytest.mark.parametrize(("name", "encoding"), TOLD)
def test_read(tmp_path: Path, name: str, encoding: str) -> None:
    text = TEXTS[name][0]
    path = write(tmp_path, "old.ris", f"TY  - JOUR\r\nTI  - {text}\r\nAB  - Plain.\r\nER  - \r\n".encode(encoding))
    assert [record.title for record in records(path)] == [text]


def test_unicode_without_a_mark_is_no_binary_file() -> None:
    assert bom("标题\t摘要\n苔藓的研究\t两个村庄\n".encode("utf-16-le"))[0] == "utf-16-le"
    assert bom(bytes(range(256)) * 16) == ("", 0)
    assert bom(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x01\x00") == ("", 0)


def test_a_file_of_two_encodings(tmp_path: Path) -> None:
    """Lists put together from two exports: each line is read as what it is."""
    parts = [
        f"TY  - JOUR\nTI  - Käse aus Åland – “{number}”\nER  - \n".encode("utf-8" if number % 3 else "cp1252")
        for number in range(30)
    ]
    got = records(write(tmp_path, "mixed.ris", b"".join(parts)))
    assert [record.title for record in got] == [f"Käse aus Åland – “{number}”" for number in range(30)]


def test_late_other_bytes(tmp_path: Path) -> None:
    """A foreign letter that comes long after what the encoding is told by."""
    plain = b"TY  - JOUR\nTI  - Moss\nER  - \n" * 60_000
    path = write(tmp_path, "late.ris", plain + "TY  - JOUR\nTI  - Мох на крышах\nER  - \n".encode("koi8_r"))
    *_, last = records(path)
    assert last.title == "Мох на крышах"


def test_a_broken_character_costs_only_itself(tmp_path: Path) -> None:
    title = "Größe und Änderung der Dächer".encode() + b" \xc3 und " + "“Käse”".encode()
    (record,) = records(write(tmp_path, "cut.ris", b"TY  - JOUR\nTI  - " + title + b"\nER  - \n"))
    assert record.title.startswith("Größe und Änderung der Dächer")
    assert record.title.endswith("und “Käse”")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(alphabet="abc äöüéèßñ,.’“”–", min_size=1), min_size=1), st.sampled_from(["utf-8", "cp1252"]))
def test_what_is_utf8_stays_so(lines: list[str], encoding: str) -> None:
    """No line is lost, and valid UTF-8 is always read as such."""
    data = [line.encode(encoding) for line in lines]
    got = [tell([one + b"\n" for one in data])(line) for line in data]
    assert len(got) == len(lines)
    if encoding == "utf-8":
        assert got == lines


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=60), max_size=30))
def test_any_bytes_become_text(lines: list[bytes]) -> None:
    decode = tell([line + b"\n" for line in lines])
    for line in lines:
        decode(line).encode("utf-8")  # no half characters either


def test_a_chinese_file_is_not_read_line_by_line() -> None:
    """Two characters of GBK may be one of UTF-8: the file decides, not the line."""
    lines = [TEXTS["chinese"][0].encode("gbk")] * 3 + ["联通".encode("gbk")]
    assert "联通".encode("gbk").decode("utf-8", "ignore")
    decode = tell([line + b"\n" for line in lines])
    assert decode == Decoder("gb18030", prevails=True)
    assert decode(lines[-1]) == "联通"
