"""Which embedder there is for a model: the exported one where it can be had, else sentence-transformers itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from qa.embedding import packaged
from qa.embedding.exported import ExportedEmbedder, export, exported_folder, is_whole
from qa.embedding.original import Embedder, OriginalEmbedder, load, revision_of
from qa.errors import EmbeddingError


def open_embedder(
    model: str | None = None, *, revision: str = "", say: Callable[[str], None] | None = None
) -> Embedder:
    """Load a model: the packaged one by default, else a sentence-transformers folder or hub name.

    A name that is on this machine already (in the hub's cache) is loaded from there. One that is not is fetched,
    after ``say`` has been told so; offline, that is an EmbeddingError. ``revision`` is the commit that a hub's model is
    to be of (default: the newest); what the embedder was loaded from is its ``revision``.
    """
    if model is None or model == packaged.NAME:
        return _open_packaged(packaged.packaged_model(), packaged.cache_folder(), say)
    if Path(model).is_dir():
        return OriginalEmbedder(model, load(model, local=True))
    if Path(model).exists() or model.count("/") > 1 or model.startswith((".", "~", os.sep)):
        raise EmbeddingError(f"{model} is not a model's folder. Name a sentence-transformers folder or hub model.")
    try:
        return _of_hub(model, load(model, local=True, revision=revision), revision)
    except EmbeddingError:
        if os.environ.get("HF_HUB_OFFLINE", "") not in ("", "0"):
            raise
    if say is not None:
        say(f"The model {model} is not on this machine: fetching it from the Hugging Face hub.")
    return _of_hub(model, load(model, local=False, revision=revision), revision)


def _of_hub(name: str, model: Any, revision: str) -> Embedder:
    return OriginalEmbedder(name, model, revision_of(name, revision))


def export_status() -> tuple[bool, str]:
    """Whether the default model embeds a question without loading torch, and the sentence that says so."""
    cache = packaged.cache_folder()
    made = exported_folder(packaged.SHA256, cache)
    if is_whole(made):
        return True, f"Questions are embedded without torch, by the export of {packaged.NAME} in {made}."
    return False, (
        f"There is no export of {packaged.NAME} in {cache}. It is made when the model is next loaded, if that "
        "folder can be written to; until then every command that asks loads torch first, which takes some seconds."
    )


def _open_packaged(folder: Path, cache: Path, say: Callable[[str], None] | None = None) -> Embedder:
    """The default model: as exported, without torch; made so the first time that it is loaded in full."""

    def open_exported(made: Path, original: Callable[[], Embedder]) -> Embedder:
        return ExportedEmbedder(packaged.NAME, made, folder / "tokenizer.json", original)

    def open_original() -> Embedder:
        return OriginalEmbedder(packaged.NAME, load(str(folder), local=True))

    made = exported_folder(packaged.SHA256, cache)
    if is_whole(made):
        with suppress(EmbeddingError):  # made for a later ONNX Runtime: it is made again
            return open_exported(made, open_original)
    original = open_original()
    if export(folder, made, partial(open_exported, original=lambda: original), original):
        return open_exported(made, lambda: original)
    if say is not None:
        say(f"The model could not be exported to {cache}: every question loads all of torch, which takes some seconds.")
    return original
