"""A Record → its Sentences, and the text under which each of them is embedded."""

from qa.sentences.context import abstract_passage, sentence_passage
from qa.sentences.splitter import VERSION, split

__all__ = ["VERSION", "abstract_passage", "sentence_passage", "split"]
