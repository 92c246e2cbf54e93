"""Answers, conversations, comparisons and records → files that people and programs read."""

from qa.export.citation import STYLES, cite
from qa.export.formats import FORMATS, Format, find_format, format_of
from qa.export.subject import Subject

__all__ = ["FORMATS", "STYLES", "Format", "Subject", "cite", "find_format", "format_of"]
