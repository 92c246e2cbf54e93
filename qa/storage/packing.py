"""Vectors as they are stored: half precision, half the size, and no measurable change in what is found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from qa.errors import Corrupt

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

_STORED = np.dtype("<f2")


def pack(vector: Vectors) -> bytes:
    """A vector, float32[dim], as bytes."""
    return vector.astype(_STORED).tobytes()


def unpack(blobs: Sequence[bytes]) -> Vectors:
    """float32[n, dim]; Corrupt where the vectors are not all of one length."""
    try:
        return np.frombuffer(b"".join(blobs), dtype=_STORED).reshape(len(blobs), -1).astype(np.float32)
    except ValueError as error:
        raise Corrupt("The library's vectors are damaged. Run qa doctor, which names the records.") from error
