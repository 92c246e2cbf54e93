"""The façade that ties the rooms together."""

from typing import TYPE_CHECKING

from qa.library.library import Library
from qa.library.opening import Info

if TYPE_CHECKING:
    from qa.storage.conversations import Conversations as Conversations  # the page names it, and knows nothing below

__all__ = ["Info", "Library"]
