"""The default model without torch: exported to ONNX once, kept in the user's cache, checked against the original.

Importing torch and sentence-transformers takes seconds, which is most of what a question costs that is asked from the
command line. The exported model is the same model with the same weights in float32: its vectors are the original's, to
the last digits: a question finds the same whichever of the two embeds it. Passages are embedded by the original,
which is faster on many at once, and loaded when the first are.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.embedding.original import FIXED_SENTENCE, Count, Embedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

#: Changes when what is exported does, so that a file of an older version is not used.
VERSION = 1

#: Tokens of a text that the default model reads, its marks included.
LONGEST = 256

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

    def __init__(self, name: str, model: Path, tokenizer: Path, original: Callable[[], Embedder]) -> None:
        """``model`` is the exported file; ``original`` loads the model that it came from."""
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # a question is a few words: threads would wait for one another
        options.log_severity_level = 3
        self.name = name
        self._session: Any = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._tokenizer: Any = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        self._load = original
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
            ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
            vectors[row] = self._session.run(["vectors"], {"ids": ids})[0][0]
        return vectors

    def passages(self, texts: Sequence[str], *, count: Count | None = None) -> Vectors:
        return self._original.passages(texts, count=count)


def exported_file(weights: str, cache: Path) -> Path:
    """Where the export of the model with these weights (their sha256) is kept."""
    return cache / f"questions-{weights[:16]}-{VERSION}.onnx"


def is_whole(file: Path) -> bool:
    """Whether a file is there, and is what was written."""
    try:
        noted = _note(file).read_text(encoding="ascii")
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == noted
    except (OSError, UnicodeDecodeError):
        return False


def _note(file: Path) -> Path:
    return file.with_suffix(".sha256")


def export(folder: Path, file: Path, open_exported: Callable[[Path], Embedder], original: Embedder) -> bool:
    """Export the model in ``folder`` to ``file``; False, and nothing there, where it cannot be written or differs.

    It is in place at once or not at all, and only if it gives the probes the vectors that the original gives them.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(suffix=".new", dir=file.parent)
        os.close(handle)
    except OSError:
        return False
    new = Path(name)
    try:
        _write(folder, new)
        if not agree(open_exported(new), original):
            return False
        with new.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        new.replace(file)
        _note(file).write_text(digest, encoding="ascii")  # last: without it the file counts for nothing
    except OSError:
        return False
    finally:
        new.unlink(missing_ok=True)
    return True


def agree(one: Embedder, other: Embedder) -> bool:
    """Whether two embedders give the probes the same vectors, up to FLOOR."""
    import numpy as np

    return bool((np.sum(one.queries(PROBES) * other.queries(PROBES), axis=1) >= FLOOR).all())


def _write(folder: Path, file: Path) -> None:
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
                str(folder), add_pooling_layer=False, attn_implementation="eager", local_files_only=True
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
