from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from qa.embedding import Embedder, open_embedder, packaged
from qa.errors import EmbeddingError


def test_vectors_are_unit_float32_in_the_order_given(embedder: Embedder) -> None:
    texts = ["a", "A much longer text about beetles under street lamps in the park.", "carbon"]
    counts: list[int] = []
    vectors = embedder.passages(texts, count=counts.append)
    assert vectors.shape == (3, embedder.dim)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert sum(counts) == 3
    one_by_one = np.concatenate([embedder.passages([text]) for text in texts])
    assert (np.sum(vectors * one_by_one, axis=1) > 0.999).all()


def test_meaning_is_near(embedder: Embedder) -> None:
    question = embedder.queries(["How do lamps harm insects?"])[0]
    light, carbon = embedder.passages(["Artificial light kills beetles.", "Seagrass stores carbon."])
    assert question @ light > question @ carbon + 0.2


def test_nothing_gives_nothing(embedder: Embedder) -> None:
    assert embedder.passages([]).shape == (0, embedder.dim)


def test_a_folder_is_a_model(tmp_path: Path, embedder: Embedder) -> None:
    folder = tmp_path / "model"
    shutil.copytree(packaged.packaged_model(), folder)
    copy = open_embedder(str(folder))
    assert copy.name == str(folder)
    assert copy.fingerprint @ embedder.fingerprint > 0.999


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    for name in ("no-such-org/no-such-model", str(tmp_path / "nowhere" / "model"), "no-such-model"):
        with pytest.raises(EmbeddingError, match="model") as caught:
            open_embedder(name)
        assert "\n" not in str(caught.value)


def test_an_empty_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="could not be loaded"):
        open_embedder(str(tmp_path))


def test_weights_are_checked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert packaged.packaged_model(tmp_path) == packaged.packaged_model(tmp_path)
    monkeypatch.setattr(packaged, "SHA256", "0" * 64)
    with pytest.raises(EmbeddingError, match="not the published ones"):
        packaged.packaged_model(tmp_path)
