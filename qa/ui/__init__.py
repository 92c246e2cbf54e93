"""The chat: a Gradio page over a Library."""

from qa.ui.server import Group, build, chat, serve

__all__ = ["Group", "build", "chat", "serve"]
