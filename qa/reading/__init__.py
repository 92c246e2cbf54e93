"""Reading: a file in, its entries out (records, skips with reasons, deletions), in the file's order."""

from qa.reading.formats import FORMATS, detect, read
from qa.reading.source import Format

__all__ = ["FORMATS", "Format", "detect", "read"]
