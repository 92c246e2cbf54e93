"""``qa fetch`` from the command line, into a library, against a real server on this machine."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from qa import Library
from qa.cli import main
from qa.embedding import Embedder
from qa.reading import read
from tests.fetching.eutils import Server, cut_off


class Ran(NamedTuple):
    """What a run of the command line gave."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def qa(
    server: Server,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    embedder: Embedder,
) -> Run:
    monkeypatch.setattr("qa.embedding.open_embedder", lambda *_, **__: embedder)  # the real one, loaded once
    monkeypatch.setenv("NCBI_EUTILS", server.url)
    monkeypatch.setenv("NCBI_EMAIL", "me@example.org")
    monkeypatch.setattr("time.sleep", lambda _: None)

    def run(*arguments: str) -> Ran:
        code = main(["--library", str(tmp_path / "library"), "fetch", *arguments])
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return run


def test_what_is_fetched_is_in_the_library(qa: Run, server: Server, tmp_path: Path) -> None:
    ran = qa("lime", "--max", "12", "--save", str(tmp_path / "lime.xml"))
    assert ran.code == 0, ran.err
    assert ran.out == (
        "PubMed understands: lime[All Fields]\n"
        "PubMed holds 50 records for lime; 12 of them (--max), the most recent, are fetched\n"
        "12 entries read: 12 added\n"
    )
    assert ran.err == ""
    library = Library.open(tmp_path / "library")
    assert library.get("pmid:1450").title == "Chalk deposits in skin, case 1450 with lime"
    (note,) = (tmp_path / "library" / "fetched").glob("*.json")
    assert library.get("pmid:1450").source == json.loads(note.read_text(encoding="utf-8"))["file"]
    assert sum(1 for _ in read(tmp_path / "lime.xml")) == 12
    assert server.requests[0][2]["email"] == "me@example.org"

    again = json.loads(qa("lime", "--max", "12", "--json", "--save", str(tmp_path / "lime.xml.gz")).out)
    assert (again["count"], again["records"], again["report"]["unchanged"]) == (50, 12, 12)
    assert b"<PMID" in gzip.decompress((tmp_path / "lime.xml.gz").read_bytes())


def test_a_dry_run_tells_the_count_and_writes_nothing(qa: Run, server: Server, tmp_path: Path) -> None:
    ran = qa("chalk", "--dry-run", "--sort", "relevance")
    assert "PubMed holds 450 records for chalk; 200 of them (--max), the most relevant, would be fetched" in ran.out
    assert json.loads(qa("lime", "--dry-run", "--json").out)["count"] == 50
    assert "all of them would be fetched" in qa("lime", "--dry-run").out
    assert set(server.services()) == {"esearch"}
    assert list(tmp_path.iterdir()) == []


def test_a_list_of_numbers(qa: Run, tmp_path: Path) -> None:
    listed = tmp_path / "included.txt"
    listed.write_text("1001\n10.1000/CHALK(1010)<1>;2-a\n77\nSmith 2019\n", encoding="utf-8")
    ran = qa("--ids", str(listed))
    assert ran.code == 0
    assert ran.out == (  # "2019" is a number too, and asked for
        "3 by PMID and 1 by DOI are asked for: 4 records at most\n5 entries read: 2 added, 3 skipped\n"
    )
    assert ran.err.splitlines() == [
        f"skipped: {listed}:4: 'Smith' is neither a PMID nor a DOI",
        f"skipped: {listed}:3: PubMed has no record with the PMID 77",
        f"skipped: {listed}:4: PubMed has no record with the PMID 2019",
    ]
    assert len(Library.open(tmp_path / "library")) == 2
    assert "1 added" in qa("1002", "1001").out


def test_nothing_found_is_said_and_is_no_error(qa: Run, tmp_path: Path) -> None:
    ran = qa("granite AND scleroderma")
    assert ran.code == 0
    assert "PubMed holds no record for granite AND scleroderma" in ran.out
    assert "Phrase not found" in ran.out
    assert not Library.open(tmp_path / "library").exists


def test_words_of_a_query_need_no_quotes(qa: Run, server: Server) -> None:
    qa("chalk", "deposits", "--dry-run")
    assert server.requests[0][2]["term"] == "chalk deposits"


def test_a_server_in_trouble_is_one_line_and_keeps_what_came(qa: Run, server: Server, tmp_path: Path) -> None:
    server.faults.extend([None, None, *[cut_off] * 5])
    ran = qa("chalk", "--max", "300")
    assert ran.code == 1
    assert ran.out == ""
    assert ran.err.splitlines()[-1].startswith("qa: ")
    assert "Run the same command again" in ran.err.splitlines()[-1]
    assert not Library.open(tmp_path / "library").exists
    server.requests.clear()
    assert "300 added" in qa("chalk", "--max", "300").out
    assert server.services() == ["efetch"]


def test_without_an_address_ncbis_wish_is_told(qa: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NCBI_EMAIL")
    assert "--email or NCBI_EMAIL" in qa("lime", "--dry-run").err
    assert qa("lime", "--dry-run", "--email", "me@example.org").err == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["chalk", "--max", "10000"],
        ["chalk", "--server", "nowhere"],
        ["chalk", "--save", "no-such-folder/x.xml"],
        ["--ids", "no-such-file.txt"],
    ],
)
def test_what_the_person_can_mend_is_one_line(qa: Run, server: Server, arguments: list[str]) -> None:
    ran = qa(*arguments)
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert server.requests == []


@pytest.mark.parametrize(
    "arguments", [[], ["chalk", "--ids", "x"], ["chalk", "--max", "0"], ["chalk", "--sort", "size"]]
)
def test_wrong_usage(qa: Run, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        qa(*arguments)
    assert caught.value.code == 2
