"""BM25 over title and abstract: a tantivy index by row number, derived from the database."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from qa.errors import Locked

_ANALYZER = "english"
_TOO_LONG = 80  # characters; longer tokens are sequences and links, not words


class LexicalIndex:
    """Texts by row number, scored by BM25 (k1 = 1.2, b = 0.75) over stemmed words without stop words."""

    def __init__(self, folder: Path | None) -> None:
        """``folder`` is where the index is kept; None keeps it in memory."""
        self._folder = folder
        self._index: Any = None
        self.generation = 0

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs) if self._index is not None else 0

    def load(self, newest: int) -> None:
        """Open the index that is there; one that is damaged, or later than a generation, is thrown away."""
        import tantivy

        self._index = None
        self.generation = 0
        if self._folder is not None and (self._folder / "generation").is_file():
            try:
                note = (self._folder / "generation").read_text(encoding="ascii")
                if note.isdigit() and int(note) <= newest:
                    self._attach(tantivy.Index.open(str(self._folder)))
                    self.generation = int(note)
            except (OSError, ValueError):
                pass  # it is made anew below

    def _attach(self, index: Any) -> None:
        index.register_tokenizer(_ANALYZER, analyzer())
        index.config_reader("manual")
        index.reload()
        self._index = index

    def update(self, removed: Sequence[int], texts: Iterable[tuple[int, str]], generation: int) -> None:
        """Remove rows and add (row, text), in one commit that makes it the state of a generation.

        Applying the same change twice does no harm, so an interruption between commit and note is mended by the next
        update.
        """
        import tantivy

        new = self._index is None
        if new:
            self._attach(self._create())
        try:
            writer = self._index.writer(heap_size=64_000_000, num_threads=1)
        except ValueError as error:
            raise Locked(f"Another process is writing to the library ({error}). Try again when it is done.") from error
        for row in removed:
            writer.delete_documents_by_query(self._is(row))
        for row, text in texts:
            if not new:
                writer.delete_documents_by_query(self._is(row))
            document = tantivy.Document()
            document.add_unsigned("row", row)
            document.add_text("text", text)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self.generation = generation
        if self._folder is not None:
            note = self._folder / "generation.new"
            note.write_text(str(generation), encoding="ascii")
            note.replace(self._folder / "generation")

    def _is(self, row: int) -> Any:
        """The query for a row. (tantivy's deletion by term takes an integer for a signed one, and finds nothing.)"""
        import tantivy

        return tantivy.Query.term_query(self._index.schema, "row", row)

    def _create(self) -> Any:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("row", indexed=True, stored=True, fast=True)
        builder.add_text_field("text", tokenizer_name=_ANALYZER, index_option="freq")
        if self._folder is None:
            return tantivy.Index(builder.build())
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        return tantivy.Index(builder.build(), path=str(self._folder))

    def search(
        self, words: Sequence[str], k: int, among: Sequence[int] | None = None, *, every: bool = False
    ) -> list[tuple[int, float]]:
        """The k rows with the highest BM25 score for these analyzed words, best first, ties by row.

        With ``among``, only these rows are looked at; with ``every``, only those that hold every word.
        """
        from tantivy import Occur, Query

        if self._index is None or not words or not k or (among is not None and not among):
            return []
        schema = self._index.schema
        occur = Occur.Must if every else Occur.Should
        query = Query.boolean_query([(occur, Query.term_query(schema, "text", word, "freq")) for word in words])
        if among is not None:
            chosen = Query.const_score_query(Query.term_set_query(schema, "row", list(among)), 0.0)
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, chosen)])
        searcher = self._index.searcher()
        found = searcher.search(query, limit=k, count=False).hits
        rows = searcher.fast_field_values("row", [address for _, address in found])
        pairs = [(int(row), float(score)) for row, (score, _) in zip(rows, found, strict=True)]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def frequency(self, word: str) -> int:
        """In how many texts an analyzed word stands."""
        return int(self._index.searcher().doc_freq("text", word)) if self._index is not None else 0


def analyzer() -> Any:
    """Text → words as the index holds them: lower case, without accents and stop words, stemmed (Snowball English)."""
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    return (
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.remove_long(_TOO_LONG))
        .filter(Filter.lowercase())
        .filter(Filter.ascii_fold())
        .filter(Filter.stopword("english"))
        .filter(Filter.stemmer("english"))
        .build()
    )
