"""Files → library: added, or kept in step with a folder."""

from qa.intake.files import add, sync

__all__ = ["add", "sync"]
