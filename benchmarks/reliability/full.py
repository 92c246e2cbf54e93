"""A disk that runs full: a small one in memory where that can be mounted, else a limit on the size of files."""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_SIZE = 32 << 20


@dataclass(frozen=True)
class SmallDisk:
    """A folder whose space can be taken away. ``kind`` says how."""

    folder: Path
    kind: str

    @contextmanager
    def leave(self, size: int) -> Iterator[None]:
        """Leave about so many bytes to be written."""
        if self.kind == "tmpfs":
            ballast = self.folder / "ballast"
            free = shutil.disk_usage(self.folder).free
            ballast.write_bytes(bytes(max(0, free - size)))
            try:
                yield
            finally:
                ballast.unlink()
            return
        largest = max(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # so that a write fails instead
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest + size, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, handler)


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """An empty one in this folder, gone at the end."""
    folder.mkdir(parents=True)
    mounted = _run("mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(folder))
    try:
        yield SmallDisk(folder, "tmpfs" if mounted else "file size limit")
    finally:
        if mounted:
            _run("umount", "--lazy", str(folder))  # what is still open is let go with the process
        shutil.rmtree(folder)


def _run(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:  # there is no such command
        return False
