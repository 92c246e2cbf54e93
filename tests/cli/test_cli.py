from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from qa import Library, __version__
from qa.cli import main, parser


def test_add_ask_list_show_remove_info(tmp_path: Path, records_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*arguments: str) -> str:
        assert main(["--library", str(tmp_path / "library"), *arguments]) == 0
        return capsys.readouterr().out

    assert run("add", str(records_file)) == "5 entries read: 5 added\n"
    assert json.loads(run("add", "--json", str(records_file)))["unchanged"] == 5

    assert "[1] " in run("ask", "Does honey shorten cough?")
    answer = json.loads(run("ask", "Does honey shorten cough?", "--json"))
    first = answer["citations"][0]
    assert first["text"] == first["record"][first["field"]][first["start"] : first["end"]]
    assert first["record"]["id"] == "pmid:900001"

    assert len(json.loads(run("search", "beetles", "-k", "3", "--json"))) == 3
    assert "beetles" in run("search", "beetles")
    assert json.loads(run("search", "--records", "beetles", "--json"))[0]["record"]["id"] == "doi:10.1000/beetle"
    assert "Night lighting" in run("search", "--records", "beetles")

    assert run("list").count("\n") == 5
    assert len(json.loads(run("list", "--json"))) == 5
    assert "Methods: We randomised" in run("show", "pmid:900001")
    assert json.loads(run("show", "--json", "pmid:900001"))["pmid"] == "900001"

    assert run("remove", "pmid:900001", "pmid:900001") == "1 removed\n"
    info = json.loads(run("info", "--json"))
    assert (info["records"], info["embedder"], info["version"]) == (4, "all-MiniLM-L6-v2", __version__)
    assert info["sentences"] > 4
    assert "records    4" in run("info")


def test_no_answer_is_said_and_is_no_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--library", str(tmp_path / "none"), "ask", "What is it?"]) == 0
    assert "empty" in capsys.readouterr().out
    assert main(["--library", str(tmp_path / "none"), "ask", "What is it?", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["citations"] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["add", "no-such-file.nbib"],
        ["add", "empty folder"],
        ["ask", "  "],
        ["ask", "x" * 50_000],
        ["show", "pmid:0"],
        ["remove", "pmid:0"],
        ["--library", "pyproject.toml", "info"],
        ["--model", "no-such-org/no-such-model", "add", "{records}"],
    ],
)
def test_what_the_person_can_mend_is_one_line_and_exit_code_1(
    tmp_path: Path,
    records_file: Path,
    arguments: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    (tmp_path / "empty folder").mkdir()
    assert main([argument.replace("{records}", str(records_file)) for argument in arguments]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("qa: ")
    assert output.err.count("\n") == 1
    assert not (tmp_path / "index").exists()


def test_a_partly_bad_add_does_the_rest_and_exits_with_1(
    tmp_path: Path, records_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--library", str(tmp_path / "library"), "add", str(records_file), str(tmp_path / "missing.ris")]) == 1
    output = capsys.readouterr()
    assert "5 added" in output.out
    assert output.err.startswith("skipped: ")
    assert len(Library.open(tmp_path / "library")) == 5


def test_standard_input_and_a_folder(
    tmp_path: Path, records_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    library = str(tmp_path / "library")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(records_file.read_bytes())))
    assert main(["--library", library, "add", "-"]) == 0
    assert "5 added" in capsys.readouterr().out
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "again.jsonl").write_bytes(records_file.read_bytes())
    (tmp_path / "exports" / "song.mp3").write_bytes(bytes(range(32)) * 9)
    assert main(["--library", library, "add", str(tmp_path / "exports")]) == 0
    output = capsys.readouterr()
    assert output.out.endswith("6 entries read: 5 unchanged, 1 skipped\n")
    assert "known, byte for byte" in output.out
    assert "song.mp3" in output.err


@pytest.mark.parametrize("arguments", [[], ["frobnicate"], ["ask"], ["search", "x", "-k", "0"], ["add"]])
def test_wrong_usage_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: qa" in capsys.readouterr().err


def test_every_command_is_in_the_readme() -> None:
    readme = (Path(__file__).parent.parent.parent / "README.md").read_text(encoding="utf-8")
    subparsers = next(action for action in parser()._actions if isinstance(action.choices, dict))
    assert isinstance(subparsers.choices, dict)
    for name in subparsers.choices:
        assert f"qa {name}" in readme, name
