"""The default model as exported: the same vectors, whole or not used, and no torch for a question."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from qa.embedding import Embedder, embedder, open_embedder, packaged
from qa.embedding.embedder import export_status
from qa.embedding.exported import (
    FLOOR,
    MODEL,
    NOTE,
    PROBES,
    WEIGHTS,
    ExportedEmbedder,
    agree,
    exported_folder,
    is_whole,
)
from qa.embedding.original import OriginalEmbedder, load
from qa.errors import EmbeddingError
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


def test_a_question_has_its_turn_while_much_is_embedded(original: Embedder) -> None:
    told: list[int] = []
    texts = [f"Honey eased the cough of {number} children." for number in range(1500)]
    behind = threading.Thread(target=lambda: original.passages(texts, count=told.append))
    behind.start()
    while not told:
        time.sleep(0.01)
    original.passages(["Does honey help against cough?"])
    assert behind.is_alive()
    assert sum(told) < len(texts)
    behind.join()
    assert sum(told) == len(texts)


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
    made = exported_folder(packaged.SHA256, tmp_path)
    assert is_whole(made)
    content = (made / WEIGHTS).read_bytes()
    (made / WEIGHTS).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert not is_whole(made)
    assert isinstance(open_in(tmp_path), ExportedEmbedder)
    assert is_whole(made)
    assert list(tmp_path.iterdir()) == [made]
    assert {path.name for path in made.iterdir()} == {MODEL, WEIGHTS, NOTE}


@pytest.fixture
def export_(tmp_path: Path, embedder: Embedder) -> Path:
    """A copy of the export that is in use."""
    copy = tmp_path / "copy"
    shutil.copytree(exported_folder(packaged.SHA256, packaged.cache_folder()), copy)
    return copy


def test_a_copied_export_is_read_and_found_whole(export_: Path) -> None:
    os.utime(export_ / WEIGHTS)
    assert is_whole(export_)


@pytest.mark.parametrize("name", [MODEL, WEIGHTS, NOTE])
def test_an_export_with_a_part_missing_or_cut_short_is_not_whole(export_: Path, name: str) -> None:
    content = (export_ / name).read_bytes()
    (export_ / name).write_bytes(content[: len(content) // 2])
    assert not is_whole(export_)
    (export_ / name).unlink()
    assert not is_whole(export_)


def test_without_a_cache_it_works_as_before(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    said: list[str] = []
    found = embedder._open_packaged(packaged.packaged_model(), tmp_path / "file", said.append)
    assert [words.startswith("The model could not be exported") for words in said] == [True]
    assert isinstance(found, OriginalEmbedder)
    assert found.queries(["A question?"]).shape == (1, found.dim)


def test_an_export_that_cannot_be_loaded_is_an_error(export_: Path) -> None:
    (export_ / MODEL).write_bytes(b"of another time")
    with pytest.raises(EmbeddingError, match="cannot be used"):
        ExportedEmbedder("some", export_, packaged.tokenizer_file(), lambda: pytest.fail("not needed"))


def test_its_status_says_whether_there_is_an_export(
    embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert embedder.name == packaged.NAME  # exported by now
    assert export_status()[0] is True
    monkeypatch.setattr(packaged, "cache_folder", lambda: tmp_path / "empty")
    good, words = export_status()
    assert not good
    assert "takes some seconds" in words


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
    made = exported_folder(packaged.SHA256, packaged.cache_folder())
    for path in (made, *made.iterdir()):
        assert not path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH)
