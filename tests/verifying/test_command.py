"""``qa verify`` and ``qa ask --receipt`` from the command line."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from qa import Library
from qa.cli import main


class Ran(NamedTuple):
    """What a run of the command line gave."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def qa(filled: Library, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> Ran:
        code = main(["--library", str(filled.folder), *arguments])
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return run


def test_a_text(qa: Run) -> None:
    ran = qa("verify", "Lit parks held forty percent fewer beetles than dark parks.")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "word for word: “Lit parks held forty percent fewer beetles than dark parks.”\n"
        "    doi:10.1000/beetle, abstract 95–154\n\n1 checked: 1 word for word\n"
    )
    ran = qa("verify", "He says that “lit  parks held fifty percent fewer beetles”.")
    assert ran.code == 1
    assert ran.out == (
        "almost: “lit parks held fifty percent fewer beetles”\n"
        "    doi:10.1000/beetle, abstract 95–137\n"
        "    stands there: “Lit parks held forty percent fewer beetles”\n"
        "    differs: “fifty” for “forty”\n\n1 checked: 1 almost\n"
    )


def test_a_file_and_standard_input(qa: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = "My own words. “Honey shortened night cough by 1.5 days”\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        path = tmp_path / "draft.md"
        path.write_text(draft, encoding=encoding)
        assert json.loads(qa("verify", str(path), "--json").out)["findings"][0]["verdict"] == "exact"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(draft.encode())))
    ran = qa("verify", "-")
    assert ran.code == 0
    assert "1 outside quotation marks not checked" in ran.out
    ran = qa("verify", str(tmp_path / "draft.md"), "--all")
    assert (ran.code, "1 not there" in ran.out) == (1, True)


def test_a_receipt(qa: Run, tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    assert qa("ask", "Are there fewer beetles in lit parks?", "--receipt", str(path), "-k", "2").code == 0
    assert json.loads(path.read_text(encoding="utf-8"))["settings"]["k"] == 2
    first = path.read_bytes()
    qa("ask", "Are there fewer beetles in lit parks?", "--receipt", str(path), "-k", "2")
    assert path.read_bytes() == first
    ran = qa("verify", str(path))
    assert ran.code == 0
    assert "[1] exact: “Lit parks held forty percent fewer beetles than dark parks.”" in ran.out
    assert ran.out.endswith("2 quotations: 2 exact; the library is the same\n")
    assert json.loads(qa("verify", str(path), "--json").out)["same_library"] is True


def test_a_receipt_of_another_library(qa: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "receipt.json"
    qa("ask", "Are there fewer beetles in lit parks?", "--receipt", str(path))
    assert main(["--library", str(tmp_path / "empty"), "verify", str(path)]) == 1
    out = capsys.readouterr().out
    assert "[1] gone" in out
    assert "was in doi:10.1000/beetle" in out
    assert "the library has changed since" in out


def test_json_that_is_no_receipt_is_a_text(qa: Run, tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_text('{"answer": "Honey shortened night cough by 1.5 days"}', encoding="utf-8")
    assert qa("verify", str(path)).code == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"PK\x03\x04", "no text"),
        (b"%PDF-1.7", "no text"),
        (b"a\0b", "no text"),
        (b'{"receipt": 1, "citations": [{}]}', "damaged"),
    ],
)
def test_what_the_person_can_mend_is_one_line(qa: Run, tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "draft"
    path.write_bytes(content)
    ran = qa("verify", str(path))
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert words in ran.err


def test_names_that_are_none(qa: Run, tmp_path: Path) -> None:
    for name, words in (("draft.md", "no file"), (str(tmp_path), "folder"), ("", "empty")):
        ran = qa("verify", name)
        assert (ran.code, ran.out) == (1, "")
        assert words in ran.err
    ran = qa("ask", "Are there fewer beetles?", "--receipt", str(tmp_path))
    assert (ran.code, "Cannot write" in ran.err) == (1, True)
    assert qa("verify", "word " * 3000).code == 1  # a long text is no name of a file
