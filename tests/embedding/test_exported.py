"""The default model as exported: the same vectors, whole or not used, and no torch for a question."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from qa.embedding import Embedder, embedder, open_embedder, packaged
from qa.embedding.exported import FLOOR, PROBES, ExportedEmbedder, agree, exported_file, is_whole
from qa.embedding.original import OriginalEmbedder, load
from tests.conftest import RECORDS, write_jsonl


@pytest.fixture(scope="session")
def original() -> Embedder:
    return OriginalEmbedder(packaged.NAME, load(str(packaged.packaged_model()), local=True))


def open_in(cache: Path) -> Embedder:
    return embedder._open_packaged(packaged.packaged_model(), cache)


def test_the_exported_model_gives_the_vectors_of_the_original(embedder: Embedder, original: Embedder) -> None:
    assert isinstance(embedder, ExportedEmbedder)
    one, other = embedder.queries(PROBES), original.queries(PROBES)
    assert one.dtype == np.float32
    assert (np.sum(one * other, axis=1) >= FLOOR).all()
    assert np.allclose(np.linalg.norm(one, axis=1), 1, atol=1e-5)
    assert (np.sum(embedder.passages(PROBES) * one, axis=1) > 0.999).all()
    assert embedder.fingerprint @ original.fingerprint > 0.999
    assert embedder.queries([]).shape == (0, embedder.dim)


def test_a_vector_does_not_depend_on_what_is_embedded_beside_it(embedder: Embedder) -> None:
    together = embedder.queries(PROBES)
    assert all(np.array_equal(embedder.queries([text])[0], row) for text, row in zip(PROBES, together, strict=True))


def test_another_model_is_told_from_it(embedder: Embedder) -> None:
    class Turned:
        name, dim, fingerprint = "turned", embedder.dim, embedder.fingerprint
        passages = embedder.passages

        def queries(self, texts: tuple[str, ...]) -> object:
            return np.roll(embedder.queries(texts), 1, axis=1)

    assert agree(embedder, embedder)
    assert not agree(Turned(), embedder)  # type: ignore[arg-type]


def test_a_damaged_export_is_not_used_and_made_again(tmp_path: Path) -> None:
    open_in(tmp_path)
    file = exported_file(packaged.SHA256, tmp_path)
    assert is_whole(file)
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert not is_whole(file)
    assert isinstance(open_in(tmp_path), ExportedEmbedder)
    assert is_whole(file)
    file.with_suffix(".sha256").unlink()
    assert not is_whole(file)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".onnx"]


def test_without_a_cache_it_works_as_before(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    found = open_in(tmp_path / "file")
    assert isinstance(found, OriginalEmbedder)
    assert found.queries(["A question?"]).shape == (1, found.dim)


def test_a_question_needs_no_torch(tmp_path: Path, embedder: Embedder) -> None:
    assert embedder.name == packaged.NAME  # exported by now
    library = tmp_path / "library"
    write_jsonl(tmp_path / "records.jsonl", RECORDS)
    code = """
import json, sys
from qa import Library
library = Library.open(sys.argv[1])
if len(sys.argv) > 2:
    library.add(sys.argv[2])
else:
    answer = library.ask("Are there fewer beetles in lit parks?")
    heavy = {"torch", "transformers", "sentence_transformers", "gradio", "scipy"} & set(sys.modules)
    print(json.dumps([len(answer.citations), sorted(heavy)]))
"""
    run = [sys.executable, "-c", code, str(library)]
    subprocess.run([*run, str(tmp_path / "records.jsonl")], check=True, env=os.environ)
    found = subprocess.run(run, check=True, env=os.environ, capture_output=True, text=True)
    count, heavy = json.loads(found.stdout)
    assert count > 0
    assert heavy == []


def test_the_cache_is_the_user_s_own(embedder: Embedder) -> None:
    assert open_embedder().name == embedder.name
    file = exported_file(packaged.SHA256, packaged.cache_folder())
    assert not file.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH)
