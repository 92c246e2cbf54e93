"""Text → unit vectors: the embedders, and where their models come from."""

from qa.embedding.embedder import export_status, open_embedder
from qa.embedding.original import Embedder
from qa.embedding.packaged import NAME as DEFAULT
from qa.embedding.packaged import tokenizer_file

__all__ = ["DEFAULT", "Embedder", "export_status", "open_embedder", "tokenizer_file"]
