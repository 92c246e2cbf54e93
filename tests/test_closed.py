"""Nothing that is opened can run code: no pickles, weights as safetensors or ONNX; a hub's model is pinned."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qa.embedding import packaged
from qa.indexing import identity
from qa.storage import Store

QA = Path(__file__).parent.parent / "qa"

#: Modules whose files run code when they are read.
CODE = {"pickle", "cPickle", "cloudpickle", "dill", "joblib", "shelve", "marshal", "pandas"}

#: What is shipped beside the source, by suffix. A .npz is read with allow_pickle=False (see below).
SHIPPED = {".py", ".typed", ".onnx", ".npz", ".css", ".js", ".html", ".jsonl", ".json", ".svg", ".md", ".txt", ".tsv"}


@pytest.mark.parametrize("path", sorted(QA.rglob("*.py")), ids=lambda path: str(path.relative_to(QA)))
def test_nothing_is_read_that_runs_code(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert not {alias.name.split(".")[0] for alias in node.names} & CODE
        elif isinstance(node, ast.ImportFrom):
            assert (node.module or "").split(".")[0] not in CODE
        elif isinstance(node, ast.Call):
            called, options = ast.unparse(node.func), {one.arg: ast.unparse(one.value) for one in node.keywords}
            assert called not in ("eval", "exec", "compile", "__import__")
            if called in ("np.load", "numpy.load"):
                assert options.get("allow_pickle") == "False"
            if called == "torch.load":
                assert options.get("weights_only") == "True"
            if called.endswith("SentenceTransformer"):
                assert options["trust_remote_code"] == "False"
                assert "'use_safetensors': True" in options["model_kwargs"]
            if called.startswith("yaml."):
                assert "safe" in called or "Safe" in ast.unparse(node)


def test_only_known_kinds_of_files_are_shipped() -> None:
    files = [path for path in QA.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert {path.suffix for path in files} <= SHIPPED


HASH = "0123456789abcdef0123456789abcdef01234567"

PINNED = """
import sys
from pathlib import Path
from qa import Library
library = Library.open(sys.argv[1], model=sys.argv[3] if len(sys.argv) > 3 else None)
if sys.argv[2] != "-":
    library.add(sys.argv[2])
print(library._store.database.meta().get("revision"), library._load().revision)
"""


def test_a_hubs_model_is_pinned_to_its_revision(tmp_path: Path, records_file: Path) -> None:
    model = tmp_path / "hub" / "models--org--small"
    snapshot = model / "snapshots" / HASH
    source = packaged.packaged_model()
    for path in source.rglob("*"):
        if path.is_file():
            (snapshot / path.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
            (snapshot / path.relative_to(source)).symlink_to(path)
    (model / "refs").mkdir()
    (model / "refs" / "main").write_text(HASH, encoding="ascii")

    def run(*arguments: str) -> str:
        environment = {**os.environ, "HF_HOME": str(tmp_path), "HF_HUB_CACHE": str(tmp_path / "hub")}
        command = [sys.executable, "-c", PINNED, str(tmp_path / "library"), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=QA.parent)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    assert run(str(records_file), "org/small") == f"{HASH} {HASH}"
    (model / "refs" / "main").write_text("f" * 40, encoding="ascii")  # the hub has a later one, which is not here
    assert run("-") == f"{HASH} {HASH}"


def test_the_built_in_model_needs_no_revision(tmp_path: Path) -> None:
    from benchmarks.reliability.words import Words

    assert "revision" not in identity(Words())
    store = Store(tmp_path / "library")
    store.database.create(identity(Words()) | {"revision": "abc", "abstention": "{}"})
    store.write([], also=lambda: store.database.made_by(identity(Words("other words"))))
    assert store.database.meta()["embedder"] == "other words"
    assert not {"revision", "abstention"} & set(store.database.meta())
