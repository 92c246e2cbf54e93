"""The house stands as drawn: a room imports only from rooms to its left; importing and --help stay light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

QA = Path(__file__).parent.parent / "qa"

#: What each room may import of this package, besides schema, errors and itself.
ALLOWED: dict[str, set[str]] = {
    "schema": set(),
    "errors": set(),
    "reading": set(),
    "sentences": set(),
    "appraisal": set(),
    "embedding": set(),
    "merging": set(),
    "storage": {"merging"},
    "export": {"__init__"},
    "answering": {"sentences", "embedding", "storage"},
    "plan": {"merging", "storage"},
    "survey": {"reading", "merging", "plan"},
    "backlog": {"answering", "embedding", "storage"},
    "indexing": {"sentences", "appraisal", "embedding", "storage", "plan"},
    "intake": {"reading", "embedding", "storage", "plan", "survey", "indexing", "__init__"},
    "duplicates": {"embedding", "merging", "storage", "plan", "indexing"},
    "examination": {"embedding", "storage", "indexing"},
    "backup": {"storage", "__init__"},
    "reindexing": {"sentences", "appraisal", "embedding", "storage", "indexing"},
    "upkeep": {"reading", "appraisal", "storage"},
    "removal": {"appraisal", "storage"},
    "topics": {"storage"},
    "verifying": {"reading", "sentences", "merging", "storage", "__init__"},
    "library": {
        *("reading", "sentences", "appraisal", "embedding", "storage", "answering", "verifying", "indexing", "upkeep"),
        *("backlog", "intake", "duplicates", "examination", "backup", "reindexing", "removal", "topics", "__init__"),
    },
    "evaluation": {"reading", "sentences", "library"},
    "offers": {"sentences", "library"},
    "ui": {"library", "removal", "offers", "export", "__init__"},
    "fetching": {"reading", "__init__"},
    "cli": {
        *("library", "export", "evaluation", "fetching", "ui", "verifying", "examination", "backup", "__init__"),
    },
    "__main__": {"cli"},
    "__init__": {"schema", "errors", "library"},
}


def imports(path: Path) -> set[str]:
    """The rooms that a module imports, anywhere in it."""
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = [node.module or ""]
            if node.module == "qa":
                names = [
                    f"qa.{a.name}" if (QA / a.name).exists() or (QA / f"{a.name}.py").exists() else "qa.__init__"
                    for a in node.names
                ]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        rooms |= {name.split(".")[1] for name in names if name.startswith("qa.")}
    return rooms


@pytest.mark.parametrize("path", sorted(QA.rglob("*.py")), ids=lambda path: str(path.relative_to(QA)))
def test_a_room_imports_only_from_rooms_to_its_left(path: Path) -> None:
    room = path.relative_to(QA).parts[0].removesuffix(".py")
    assert imports(path) <= ALLOWED[room] | {"schema", "errors", room}


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


HEAVY = (
    "[m for m in ('numpy', 'torch', 'faiss', 'gradio', 'transformers', 'lxml', 'rich', 'tantivy', 'httpx') "
    "if m in sys.modules]"
)


def test_importing_loads_nothing_heavy() -> None:
    assert run(f"import sys, qa; from qa import Library, Record; print({HEAVY})") == "[]"


def test_help_loads_nothing_heavy() -> None:
    code = f"import sys, qa.cli\ntry: qa.cli.main(['--help'])\nexcept SystemExit: print({HEAVY})"
    assert run(code).endswith("\n[]")


def test_import_budget() -> None:
    """`import qa` in under 0.2 s; the best of three, since machines are shared."""
    code = "import time; t = time.perf_counter(); import qa; from qa import Library; print(time.perf_counter() - t)"
    assert min(float(run(code)) for _ in range(3)) < 0.2
