"""BM25 over title and abstract: a tantivy index by row number, derived from the database.

An index is a folder whose name carries the state it holds (``bm25-000042-9f3a61c0``). It is never changed: the next
state is made beside it, from links to the files that stay, and put in place by a rename. So any number of processes
read and catch up without waiting for each other, and each sees the state it asked for.
"""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.storage.derived import Known, State, found, settle, settle_folder, temporary
from qa.storage.ties import Pairs, best

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]

_ANALYZER = "english"
_TOO_LONG = 80  # characters; longer tokens are sequences and links, not words
_NAME = "bm25"
_CHECKSUMS = "checksums.json"

#: Rows to search among that are named to tantivy, one by one; more are picked out of what it finds.
_NAMED = 2000


class LexicalIndex:
    """Texts by row number, scored by BM25 (k1 = 1.2, b = 0.75) over stemmed words without stop words."""

    def __init__(self, folder: Path | None) -> None:
        """``folder`` is where the index is kept; None keeps it in memory."""
        self._folder = folder
        self._index: Any = None
        self._place: Path | None = None  # the folder of the state that is open
        self.generation = 0

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs) if self._index is not None else 0

    def load(self, known: Known) -> None:
        """Open the latest index of a state that is known, if it is later than the open one; damaged ones are passed."""
        for state, path in found(self._folder, _NAME) if self._folder is not None else ():
            if state.generation <= self.generation:
                return
            if known(state) and self._open(path):
                self.generation = state.generation
                return

    def clear(self) -> None:
        """Forget everything, to be filled anew."""
        self._index = self._place = None
        self.generation = 0

    def _open(self, path: Path) -> bool:
        """Open an index if all of its files are as they were written."""
        import tantivy

        try:
            sums = json.loads((path / _CHECKSUMS).read_text(encoding="utf-8"))
            if sums != {name: _checksum(path / name) for name in sums}:
                return False
            index = _ready(tantivy.Index.open(str(path)))
            # Another process may have let go of the folder meanwhile. A file that tantivy misses then it takes for
            # empty, and says so only when it is asked.
            if not all((path / name).exists() for name in sums):
                return False
        except (OSError, ValueError, TypeError):  # not there (any more), or not as it was written: it is made anew
            return False
        self._index, self._place = index, path
        return True

    def add(self, texts: Iterable[tuple[int, str]], state: State) -> None:
        """Add (row, text) under new rows, which makes it the index of a state.

        Nothing can be removed: what is deleted from a tantivy index goes on counting in its scores. Where something
        was, the index is cleared and filled again; so the scores depend on what is held, not on what once was.
        """
        if self._folder is None:
            if self._index is None:
                self._index = _ready(_create(None))
            _fill(self._index, texts)
            self._index.reload()
            self.generation = state.generation
            return
        target = self._folder / f"{_NAME}-{state}"
        place = temporary(self._folder, target.name)
        try:
            place.mkdir()
            _link(self._place, place)
            _fill(_create(place), texts)
            _write_checksums(place)
            self._put(place, target)
        finally:
            shutil.rmtree(place, ignore_errors=True)
        self.generation = state.generation
        self._tidy(state)

    def _put(self, place: Path, target: Path) -> None:
        """Put a finished index in place, unless another process has been quicker, and open it."""
        for _ in range(2):
            with suppress(OSError):  # there is one of that name
                place.rename(target)
                settle_folder(target.parent)
            if self._open(target):
                return
            shutil.rmtree(target, ignore_errors=True)  # it is damaged
        raise OSError(f"{target} cannot be put in place")

    def _tidy(self, state: State) -> None:
        """Let go of earlier states. (Who has their files open keeps them until they are closed.)"""
        if self._folder is not None:
            for other, path in found(self._folder, _NAME):
                if other.generation < state.generation:
                    shutil.rmtree(path, ignore_errors=True)
            shutil.rmtree(self._folder / _NAME, ignore_errors=True)  # as earlier versions called it

    def search(
        self, words: Sequence[str], k: int, among: Sequence[int] | Rows | None = None, *, every: bool = False
    ) -> Pairs:
        """The k rows with the highest BM25 score for these analyzed words, best first, ties by row.

        With ``among``, only these rows are looked at; with ``every``, only those that hold every word.
        """
        from tantivy import Occur, Query

        if self._index is None or not words or not k or (among is not None and not len(among)):
            return []
        schema = self._index.schema
        occur = Occur.Must if every else Occur.Should
        query = Query.boolean_query([(occur, Query.term_query(schema, "text", word, "freq")) for word in words])
        searcher = self._index.searcher()

        def run(query: Any, count: int) -> Pairs:
            hits = searcher.search(query, limit=count, count=False).hits
            rows = searcher.fast_field_values("row", [address for _, address in hits])
            return [(int(row), float(score)) for row, (score, _) in zip(rows, hits, strict=True)]

        if among is None:
            return best(lambda count: run(query, count), k, len(self))
        if len(among) <= _NAMED:
            chosen = Query.term_set_query(schema, "row", [int(row) for row in among])
            within = Query.boolean_query([(Occur.Must, query), (Occur.Must, Query.const_score_query(chosen, 0.0))])
            return best(lambda count: run(within, count), k, len(among))
        allowed, everything = np.asarray(among), len(self)

        def passing(count: int) -> Pairs:
            deep = count * everything // len(among)
            while True:
                pairs = run(query, min(deep, everything))
                kept = np.isin([row for row, _ in pairs], allowed)
                if kept.sum() >= count or len(pairs) < deep:
                    return [pair for pair, keeps in zip(pairs, kept, strict=True) if keeps][:count]
                deep *= 2

        return best(passing, k, len(among))

    def frequency(self, word: str) -> int:
        """In how many texts an analyzed word stands."""
        return int(self._index.searcher().doc_freq("text", word)) if self._index is not None else 0


def _ready(index: Any) -> Any:
    """An index to search in: as it is now, until it is told to look again."""
    index.register_tokenizer(_ANALYZER, analyzer())
    index.config_reader("manual")
    index.reload()
    return index


def _create(place: Path | None) -> Any:
    """An empty index; or the one in a folder, to be added to."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", indexed=True, stored=True, fast=True)
    builder.add_text_field("text", tokenizer_name=_ANALYZER, index_option="freq")
    index = tantivy.Index(builder.build(), path=str(place)) if place is not None else tantivy.Index(builder.build())
    index.register_tokenizer(_ANALYZER, analyzer())
    return index


def _fill(index: Any, texts: Iterable[tuple[int, str]]) -> None:
    import tantivy

    writer = index.writer(heap_size=64_000_000, num_threads=1)
    for row, text in texts:
        document = tantivy.Document()
        document.add_unsigned("row", row)
        document.add_text("text", text)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def _link(source: Path | None, target: Path) -> None:
    """The files of an index in another folder. tantivy puts new ones in their place, and writes into none of them."""
    for path in source.iterdir() if source is not None else ():
        if path.name != _CHECKSUMS and not path.name.startswith(".tantivy"):  # those are locks
            try:
                os.link(path, target / path.name)
            except OSError:  # a disk without links
                shutil.copyfile(path, target / path.name)


def _write_checksums(place: Path) -> None:
    names = sorted(path.name for path in place.iterdir() if not path.name.startswith(".tantivy"))
    sums = place / _CHECKSUMS
    sums.write_text(json.dumps({name: _checksum(place / name) for name in names}), encoding="utf-8")
    settle(sums)


def _checksum(path: Path) -> int:
    return zlib.crc32(path.read_bytes())


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
