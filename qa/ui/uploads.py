"""Files that came through the page: copies of our own, each in a folder of its own, let go of once they are read."""

from __future__ import annotations

import stat
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from gradio.utils import get_upload_folder

from qa.ui import tab_words

#: Seconds for which an empty file may be one that is being uploaded.
YOUNG = 600


def pasted(text: str) -> Path:
    """A file of what was pasted."""
    file = Path(tempfile.mkdtemp(prefix="qa-pasted-")) / tab_words.PASTED_FILE
    file.write_text(text, encoding="utf-8", errors="surrogatepass")
    return file


def discard(files: Iterable[Path]) -> None:
    """Delete copies, and their folders with them where nothing else lies there."""
    for file in files:
        file.unlink(missing_ok=True)
        with suppress(OSError):  # the same file was dropped in twice, or somebody was faster
            file.parent.rmdir()
    sweep(Path(get_upload_folder()))


def sweep(folder: Path) -> None:
    """Delete the empty file that Gradio makes beside every upload and forgets; young ones may be uploads that begin."""
    for left in folder.glob("tmp*"):
        with suppress(OSError):  # somebody was faster
            found = left.stat()
            if stat.S_ISREG(found.st_mode) and not found.st_size and time.time() - found.st_mtime > YOUNG:
                left.unlink()
