"""A question → candidates → ranked sentences → an answer."""

from qa.answering.search import Found, calibrate, find

__all__ = ["Found", "calibrate", "find"]
