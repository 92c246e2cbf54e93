"""Every word of the page stands in one table: no other module of it holds a string for a reader."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from qa.schema import BADGES, DESIGNS
from qa.ui import charts, tab_words, words
from qa.ui.adding import State

UI = Path(words.__file__).parent
TABLES = {"words.py", "tab_words.py"}

#: They speak to whoever serves the page, in a terminal.
IN_A_TERMINAL = {"passwords.py", "server.py"}

MODULES = sorted(path for path in UI.glob("*.py") if path.name not in TABLES | IN_A_TERMINAL)

#: What looks like words and is none of the page's, by module.
ALLOWED: dict[str, set[str]] = {
    "adding.py": {"Updating the index"},  # a stage's name, as the library has it
    "ask.py": {"Searching the library"},  # likewise; what is shown of it is in words.STAGES
    "ask_parts.py": {"const words = {};"},  # a line of the script
    "page.py": {"Segoe UI", "Helvetica Neue"},  # names of fonts
    "rules.py": {"address {}"},  # whom a rate counts, never shown
    "twins.py": {"<code>qa duplicates</code>"},  # a command
}
NAMES = {*DESIGNS, *BADGES}  # the schema's, which are stored

HOLE = "{}"  # where something is filled in
WORD = re.compile(r"(?<![\w.:#/-])[^\W\d_]{2,}(?![\w(=-])")
READ = re.compile(r'\s(?:aria-label|aria-description|title|alt|placeholder)="([^"]*)"')
ATTRIBUTE = re.compile(r'\s[\w{}-]+="[^"]*"')
TAG = re.compile(r"<[^<>]*>")
ADDRESS = re.compile(r"https?://\S+")


def texts(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Each string of a module with its line, a hole for each value of an f-string; no docstrings, scripts, patterns."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Assign(targets=[ast.Name(id=name)]) if name.endswith("_JS"):
            return
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"))):
            return
        case ast.JoinedStr(values=parts):
            whole = (part.value if isinstance(part, ast.Constant) else HOLE for part in parts)
            yield node.lineno, "".join(map(str, whole))
            for part in parts:
                if isinstance(part, ast.FormattedValue):
                    yield from texts(part.value)
        case ast.Constant(value=str(value)):
            yield node.lineno, value
        case _:
            for child in ast.iter_child_nodes(node):
                yield from texts(child)


def is_said(value: str) -> bool:
    """Whether a string says something: in tags or beside a hole one word is enough, otherwise it takes two."""
    marked = bool(TAG.search(value) or READ.search(value))
    plain = ADDRESS.sub("", TAG.sub("\n", ATTRIBUTE.sub("", value)))
    found = [word for part in (plain, *READ.findall(value)) for word in WORD.findall(part)]
    enough = 1 if marked or HOLE in value else 2
    return len(found) >= enough and any(letter.islower() for word in found for letter in word)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_what_a_reader_sees_stands_in_the_table(path: Path) -> None:
    known = ALLOWED.get(path.name, set())
    found = [(line, value) for line, value in texts(ast.parse(path.read_text(encoding="utf-8"))) if is_said(value)]
    assert known <= {value for _, value in found}, "an exception that nothing needs any more"
    assert [(line, value) for line, value in found if value not in known | NAMES] == []


def test_components_have_their_words_from_the_table() -> None:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="gr"))):
                    named = [one.value for one in node.keywords if one.arg in ("label", "placeholder", "value", "info")]
                    given = [one.value for one in (*node.args, *named) if isinstance(one, ast.Constant)]
                    assert not any(WORD.search(str(one)) for one in given if isinstance(one, str)), path.name


@pytest.mark.parametrize(
    "source",
    [
        'html = "<caption>Records</caption>"',
        'html = f\'<div class="qa-x" aria-label="Numbers">{table}</div>\'',
        "label = f' aria-label=\"Keep {name}\"'",
        'said = f"{count:,} others"',
        "said = f\"{count} records {'or so' if about else ''}\"",
        'raise QAError("There is nothing here.")',
        'gr.Button(value="Ask again")',
        'STATES = {"failed": "not read"}',
    ],
)
def test_words_are_noticed(source: str) -> None:
    assert any(is_said(value) for _, value in texts(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        '"""What a module is for."""',
        'html = f\'<a class="qa-link" href="{at}" target="_blank" rel="noopener noreferrer">{said}</a>\'',
        'value = f\' max="{most}" value="{done}"\'',
        'elem_id = "qa-view"',
        'pattern = re.compile("one or two")',
        'TABLE_JS = "const every = () => all of them"',
        'theme = dict(color="#ffffff", fill="*primary_700")',
    ],
)
def test_what_is_for_the_browser_is_none(source: str) -> None:
    assert not any(is_said(value) for _, value in texts(ast.parse(source)))


def test_scripts_and_sheets_say_nothing_of_their_own() -> None:
    for script in UI.glob("*.js"):
        said = re.findall(r"""(?:\bsay\(|(?:textContent|title|ariaLabel) = )["'`][^"'`]+""", script.read_text())
        assert said == [], script.name
    for sheet in UI.glob("*.css"):
        assert re.findall(r'content: "[^"]*[A-Za-z]{2}[^"]*"', sheet.read_text()) == [], sheet.name


def test_each_name_of_a_script_is_in_the_table() -> None:
    used = {name for script in UI.glob("*.js") for name in re.findall(r"\bwords\.(\w+)", script.read_text())}
    assert used <= set(words.SCRIPT)


def test_kinds_and_states_have_their_words() -> None:
    assert list(tab_words.KINDS) == list(tab_words.KINDS_WITHIN) == list(charts.KINDS)
    assert set(tab_words.FILE_STATES) == set(get_args(State))


@pytest.mark.parametrize("name", sorted(TABLES))
def test_no_entry_of_the_table_is_left_over(name: str) -> None:
    table = (UI / name).read_text(encoding="utf-8")
    used = "".join(path.read_text(encoding="utf-8") for path in UI.glob("*.py"))
    entries = re.findall(r"^([A-Z_]+): Final", table, re.MULTILINE)
    assert len(entries) == len(set(entries))
    unused = [one for one in entries if not re.search(rf"\b{name.removesuffix('.py')}\.{one}\b", used)]
    assert [one for one in unused if len(re.findall(rf"\b{one}\b", table)) < 2] == []
