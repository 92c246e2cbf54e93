"""Files that came through the page: copies of our own, each in a folder of its own, let go of once they are read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def pasted(text: str) -> Path:
    """A file of what was pasted."""
    file = Path(tempfile.mkdtemp(prefix="qa-pasted-")) / "pasted text.txt"
    file.write_text(text, encoding="utf-8", errors="surrogatepass")
    return file


def discard(files: Iterable[Path]) -> None:
    """Delete copies, and their folders with them where nothing else lies there."""
    for file in files:
        file.unlink(missing_ok=True)
        with suppress(OSError):  # the same file was dropped in twice, or somebody was faster
            file.parent.rmdir()
