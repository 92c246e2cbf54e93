"""The chat: a Gradio page over a Library."""

from qa.ui.server import build, chat, serve

__all__ = ["build", "chat", "serve"]
