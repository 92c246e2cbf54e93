"""Where a library lives: SQLite as the one truth, FAISS and BM25 files derived from it."""

from qa.storage.database import Indexed
from qa.storage.local import Store

__all__ = ["Indexed", "Store"]
