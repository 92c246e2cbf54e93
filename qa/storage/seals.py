"""A seal at the end of a file that is written once: the CRC-32 of every block of it, so that damage is told from sense.

The reader of the file never sees it: what comes after what it knows is passed over. Blocks, and not one sum of all, let
a file that is mapped rather than read be looked at in part: see :func:`holds`.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

BLOCK = 1 << 20

#: Bytes of a file up to which opening looks at every block. That takes a tenth of a second at most, and reads what a
#: search through all vectors reads anyway.
WHOLE = 512 * BLOCK

#: Of a larger file opening looks at so many bytes at either end, where what it is and its row numbers stand.
ENDS = 32 * BLOCK

_MARK = b"qa-seal1"

#: What stands last: the CRC-32 of the sums and of the length, the length of what is sealed, the mark.
_LAST = struct.Struct("<IQ8s")


def seal(path: Path) -> None:
    """Put the seal at the end of a file that is finished."""
    with path.open("rb+") as file:
        length = file.seek(0, os.SEEK_END)
        sums = struct.pack(f"<{_blocks(length)}I", *_sums(file, range(_blocks(length)), length))
        file.seek(length)
        file.write(sums + _LAST.pack(_crc(sums, length), length, _MARK))


def holds(path: Path, *, whole: bool = False) -> bool:
    """Whether a file is as it was sealed, as far as opening looks, or to its last byte. Without a seal it is not."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _LAST.size))
        last = file.read(_LAST.size)
        if len(last) < _LAST.size:
            return False
        crc, length, mark = _LAST.unpack(last)
        count = _blocks(length)
        if mark != _MARK or length + 4 * count + _LAST.size != size:
            return False
        file.seek(length)
        sums = file.read(4 * count)
        if crc != _crc(sums, length):
            return False
        ends = count if whole or length <= WHOLE else ENDS // BLOCK
        chosen = sorted({*range(count)[:ends], *range(count)[-ends:]})
        known = struct.unpack(f"<{count}I", sums)
        return all(known[block] == found for block, found in zip(chosen, _sums(file, chosen, length), strict=True))


def _blocks(length: int) -> int:
    return -(-length // BLOCK)


def _crc(sums: bytes, length: int) -> int:
    return zlib.crc32(struct.pack("<Q", length), zlib.crc32(sums))


def _sums(file: BinaryIO, blocks: Iterable[int], length: int) -> Iterable[int]:
    """The CRC-32 of these blocks of a file's first so many bytes."""
    for block in blocks:
        file.seek(block * BLOCK)
        yield zlib.crc32(file.read(min(BLOCK, length - block * BLOCK)))
