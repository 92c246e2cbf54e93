"""Text → unit vectors: the embedders, and where their models come from."""

from qa.embedding.embedder import Embedder, open_embedder

__all__ = ["Embedder", "open_embedder"]
