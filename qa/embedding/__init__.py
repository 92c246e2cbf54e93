"""Text → unit vectors: the embedders, and where their models come from."""

from qa.embedding.embedder import open_embedder
from qa.embedding.original import Embedder
from qa.embedding.packaged import tokenizer_file

__all__ = ["Embedder", "open_embedder", "tokenizer_file"]
