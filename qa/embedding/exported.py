"""The default model without torch: exported to ONNX once, kept in the user's cache, checked against the original.

Importing torch and sentence-transformers takes seconds, which is most of what a question costs that is asked from the
command line. The exported model is the same model with the same weights in float32: its vectors are the original's, to
the last digits: a question finds the same whichever of the two embeds it. Passages are embedded by the original,
which is faster on many at once, and loaded when the first are.

It is kept as ONNX Runtime has optimized it, its weights in a file of their own that is mapped into memory: nothing is
optimized or copied on opening, and of the vocabulary only the rows of the question's words are read.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.embedding.original import FIXED_SENTENCE, Count, Embedder
from qa.errors import EmbeddingError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

#: Changes when what is exported does, so that a file of an older version is not used.
VERSION = 2

#: In the folder of an export: the model, its weights, and what both are to be.
MODEL, WEIGHTS, NOTE = "model.onnx", "model.bin", "checksums.json"

#: Tokens of a text that the default model reads, its marks included.
LONGEST = 256

#: Texts whose vectors are remembered, 1.5 kB each: people ask about the same things, in the same words.
_REMEMBERED = 4096

#: The least cosine between the two models' vectors of the probes; float32 sums in another order move it by 1e-7.
FLOOR = 0.99999

PROBES = (
    FIXED_SENTENCE,
    "How common is calcinosis in systemic sclerosis?",
    "gout",
    "Ménière’s disease – β-blockers, 10⁻³ M, 薬, 🙂",
    "Does the number of patients who were lost to follow-up explain why the two trials disagree? " * 40,
)


class ExportedEmbedder:
    """Questions by the exported model, passages by the original. Safe to use from several threads."""

    def __init__(self, name: str, folder: Path, tokenizer: Path, original: Callable[[], Embedder]) -> None:
        """``folder`` is that of the export; ``original`` loads the model that it came from.

        EmbeddingError where this ONNX Runtime cannot load it, as one that is older than what made it.
        """
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # a question is a few words: threads would wait for one another
        options.enable_mem_pattern = False  # it keeps a plan for every length it has met, and gains nothing
        options.log_severity_level = 3
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL  # it was done before
        self.name = name
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(folder / MODEL), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # it raises nothing narrower
            raise EmbeddingError(f"The export of {name} in {folder} cannot be used ({error}). Delete it.") from error
        self._tokenizer: Any = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        self._load = original
        self._vector = lru_cache(maxsize=_REMEMBERED)(self._made)
        self.dim = int(self._session.get_outputs()[0].shape[1])

    @cached_property
    def _original(self) -> Embedder:
        return self._load()

    @cached_property
    def fingerprint(self) -> Vectors:
        vector: Vectors = self.queries([FIXED_SENTENCE])[0]
        return vector

    def queries(self, texts: Sequence[str]) -> Vectors:
        """float32[n, dim], each row of length 1, in the order of ``texts``."""
        import numpy as np

        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        for row, text in enumerate(texts):  # one at a time: what is asked beside it must not move a vector
            vectors[row] = self._vector(text)
        return vectors

    def _made(self, text: str) -> Vectors:
        import numpy as np

        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        vector: Vectors = self._session.run(["vectors"], {"ids": ids})[0][0]
        return vector

    def passages(self, texts: Sequence[str], *, count: Count | None = None) -> Vectors:
        return self._original.passages(texts, count=count)


def exported_folder(weights: str, cache: Path) -> Path:
    """Where the export of the model with these weights (their sha256) is kept."""
    return cache / f"questions-{weights[:16]}-{VERSION}"


def is_whole(folder: Path) -> bool:
    """Whether an export is there, and is what was written; what has its size and time of then is not read again."""
    try:
        noted = json.loads((folder / NOTE).read_text(encoding="ascii"))
        return all(
            noted[name]["state"] == _state(file) or noted[name]["sha256"] == _sha256(file)
            for name, file in _files(folder)
        )
    except (OSError, ValueError, KeyError, TypeError):  # not there, or no note of ours
        return False


def _files(folder: Path) -> list[tuple[str, Path]]:
    return [(name, folder / name) for name in (MODEL, WEIGHTS)]


def _state(file: Path) -> list[int]:
    found = file.stat()
    return [found.st_size, found.st_mtime_ns]


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def export(model: Path, folder: Path, open_exported: Callable[[Path], Embedder], original: Embedder) -> bool:
    """Export the model in a folder to another; False, and nothing there, where it cannot be written or differs.

    It is in place at once or not at all, and only if it gives the probes the vectors that the original gives them.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=folder.name, dir=folder.parent, ignore_cleanup_errors=True) as name:
            new = Path(name) / folder.name
            new.mkdir()
            _write(model, new)
            if not agree(open_exported(new), original):
                return False
            noted = {name: {"sha256": _sha256(file), "state": _state(file)} for name, file in _files(new)}
            (new / NOTE).write_text(json.dumps(noted), encoding="ascii")
            shutil.rmtree(folder, ignore_errors=True)
            new.replace(folder)
    except OSError:
        return False
    return True


def agree(one: Embedder, other: Embedder) -> bool:
    """Whether two embedders give the probes the same vectors, up to FLOOR."""
    import numpy as np

    return bool((np.sum(one.queries(PROBES) * other.queries(PROBES), axis=1) >= FLOOR).all())


def _write(model: Path, folder: Path) -> None:
    """Export a model to MODEL and WEIGHTS in a folder, as ONNX Runtime optimizes it for any processor."""
    import onnxruntime

    plain = folder / "plain.onnx"
    _export(model, plain)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(folder / MODEL)
    options.add_session_config_entry("session.optimized_model_external_initializers_file_name", WEIGHTS)
    options.add_session_config_entry("session.optimized_model_external_initializers_min_size_in_bytes", "1024")
    onnxruntime.InferenceSession(str(plain), options, providers=["CPUExecutionProvider"])
    plain.unlink()


def _export(model: Path, file: Path) -> None:
    import warnings

    import torch
    from transformers import AutoModel
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # it would report that the pooler is left out

    class Pooled(torch.nn.Module):
        """Token numbers int64[1, tokens] → the unit vector float32[1, dim] that is the mean of the tokens' vectors."""

        def __init__(self) -> None:
            super().__init__()
            self.bert = AutoModel.from_pretrained(
                str(model), add_pooling_layer=False, attn_implementation="eager", local_files_only=True
            ).eval()

        def forward(self, ids: torch.Tensor) -> torch.Tensor:
            hidden = self.bert(input_ids=ids, token_type_ids=torch.zeros_like(ids)).last_hidden_state
            return torch.nn.functional.normalize(hidden.mean(1))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporter's, on its own future
        torch.onnx.export(
            Pooled(),
            (torch.ones((1, 8), dtype=torch.int64),),
            str(file),
            input_names=["ids"],
            output_names=["vectors"],
            dynamic_axes={"ids": {1: "tokens"}},
            opset_version=17,
            dynamo=False,
        )
