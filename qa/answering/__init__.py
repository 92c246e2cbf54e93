"""A question → candidates → ranked sentences → an answer."""

from qa.answering.answer import compose
from qa.answering.question import Question, understand
from qa.answering.ranking import rank
from qa.answering.retrieval import Candidates, retrieve

__all__ = ["Candidates", "Question", "compose", "rank", "retrieve", "understand"]
