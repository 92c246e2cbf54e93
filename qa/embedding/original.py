"""Any sentence-transformers model as an embedder: unit vectors, float32, and never the network unasked."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from qa.errors import EmbeddingError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

#: Texts that the model reads at once: for each thread of the processor, at most on one, and on anything else. They are
#: sorted by length first. A small batch wastes less on padding and stays in the processor's cache: 16 were 1.2 times
#: as fast as 64 (benchmarks/throughput.py).
_BATCH_THREAD, _BATCH_MOST, _BATCH_ELSEWHERE = 16, 64, 256

#: Texts between two reports of progress, after which whoever asks a question meanwhile has their turn: half a second of
#: work. And how long they are given to take it, in seconds.
_CHUNK, _TURN = 64, 0.001

FIXED_SENTENCE = "The quick brown fox jumps over the lazy dog; p < 0.05 (n = 42)."

Count = Callable[[int], None]


class Embedder(Protocol):
    """Text → unit vectors. Queries and passages go separate ways, because many models prefix them differently."""

    name: str
    dim: int

    @property
    def fingerprint(self) -> Vectors:
        """The vector of a fixed sentence, by which other weights under the same name are recognized."""
        ...

    def queries(self, texts: Sequence[str]) -> Vectors:
        """float32[n, dim], each row of length 1, in the order of ``texts``."""
        ...

    def passages(self, texts: Sequence[str], *, count: Count | None = None) -> Vectors:
        """As :meth:`queries`, for what is searched; ``count`` is called with the number of texts just done."""
        ...


def load(model: str, *, local: bool, revision: str = "") -> Any:
    """The sentence-transformers model of a folder or name; EmbeddingError where it cannot be had.

    ``revision`` is the commit of a hub's model. Weights are read from safetensors only: other files can hold code.
    """
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(
            model,
            local_files_only=local,
            revision=revision or None,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, RuntimeError) as error:  # what transformers raises for missing or unfit files
        why = "is not on this machine and could not be fetched" if not local else "could not be loaded"
        raise EmbeddingError(
            f"The model {model} {why} ({_first_line(error)}). "
            "Check the name and the connection, and that its weights are safetensors; "
            "or leave out --model to use the one that is built in."
        ) from error


def revision_of(model: str, asked: str = "") -> str:
    """The commit of a hub's model that is on this machine, as it was asked for or else the newest."""
    from huggingface_hub import try_to_load_from_cache

    for name in (model, f"sentence-transformers/{model}"):  # which may be left out
        if name.count("/") == 1:
            path = try_to_load_from_cache(name, "config.json", revision=asked or None)
            if isinstance(path, str):
                return Path(path).parent.name
    return ""


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


class OriginalEmbedder:
    """A model of sentence-transformers. Safe to use from several threads."""

    def __init__(self, name: str, model: Any, revision: str = "") -> None:
        self.name = name
        self.revision = revision  #: the commit of a hub's model
        self._model = model
        dim = model.get_embedding_dimension()
        if not isinstance(dim, int):
            raise EmbeddingError(f"The model {name} does not say how long its vectors are. Choose another model.")
        self.dim = dim
        self._lock = Lock()  # the tokenizer keeps state, and several threads ask

    @cached_property
    def fingerprint(self) -> Vectors:
        import numpy as np

        vectors = self._encode(self._model.encode_document, [FIXED_SENTENCE])
        return np.asarray(vectors[0], dtype=np.float32)

    def queries(self, texts: Sequence[str]) -> Vectors:
        # In full precision: a question is short, and its vector should be the same whoever makes it.
        return self._encode(self._model.encode_query, list(texts), exact=True)

    def passages(self, texts: Sequence[str], *, count: Count | None = None) -> Vectors:
        import numpy as np

        # The longest first: equal lengths share a batch, and memory runs out at once or not at all.
        order = sorted(range(len(texts)), key=lambda i: (-len(texts[i]), i))
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        size = max(_CHUNK, _batch(self._model.device))
        for start in range(0, len(order), size):
            chunk = order[start : start + size]
            if start:
                time.sleep(_TURN)  # a lock that is taken again at once is nobody else's
            vectors[chunk] = self._encode(self._model.encode_document, [texts[i] for i in chunk])
            if count is not None:
                count(len(chunk))
        return vectors

    def _encode(self, encode: Callable[..., Any], texts: list[str], *, exact: bool = False) -> Vectors:
        import numpy as np
        import torch

        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        fast = not exact and _fast_bfloat16(self._model.device)
        with self._lock, torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast):
            raw = encode(texts, batch_size=_batch(self._model.device), convert_to_numpy=True, show_progress_bar=False)
        vectors = np.ascontiguousarray(raw, dtype=np.float32)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        if vectors.shape != (len(texts), self.dim) or not np.isfinite(norms).all() or not (norms > 0).all():
            raise EmbeddingError(f"The model {self.name} gave vectors that cannot be used. Choose another model.")
        return np.asarray(vectors / norms, dtype=np.float32)


def _batch(device: Any) -> int:
    import torch

    return min(_BATCH_MOST, _BATCH_THREAD * torch.get_num_threads()) if device.type == "cpu" else _BATCH_ELSEWHERE


def _fast_bfloat16(device: Any) -> bool:
    """Whether this processor multiplies bfloat16 natively: about 2.7 times as fast, cosine to float32 0.99998."""
    import torch

    if device.type != "cpu" or not hasattr(torch.cpu, "get_capabilities"):
        return False
    features = torch.cpu.get_capabilities()
    return bool(features.get("avx512_bf16") or features.get("amx_bf16"))
