"""Reading: a file in, its entries out (records, skips with reasons, deletions), in the file's order."""

from qa.reading.containers import files_in
from qa.reading.formats import FORMATS, describe, detect, read
from qa.reading.source import Format

__all__ = ["FORMATS", "Format", "describe", "detect", "files_in", "read"]
