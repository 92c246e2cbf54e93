"""A file to be read: opened, unpacked, decoded and cut into lines, with limits on all of it."""

from __future__ import annotations

import codecs
import gzip
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from qa.errors import Broken, ReadingError
from qa.reading import encodings
from qa.schema import Entry

HEAD = 64 * 1024  #: bytes that a format is told by
CHUNK = 1024 * 1024
MAX_LINE = 16 * 1024 * 1024  #: bytes; the longest line of a real export known to us has 2 MB
MAX_PAGE = 32 * 1024 * 1024  #: bytes of a format that is read as a whole
MAX_RATIO = 150  #: unpacked to packed; PubMed's files reach 12, deflate's own limit is 1032
_RATIO_FROM = 32 * 1024 * 1024  #: a small file may be as repetitive as it likes


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: how it is called, and how it is told and read.

    ``sniff`` sees the first characters of a file and answers whether it is of this kind; a ``binary`` one is asked
    about files that are no text.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    sniff: Callable[[str], bool]
    read: Callable[[Source], Iterator[Entry]]
    binary: bool = False


class Source:
    """A file, plain or gzip, that can be read from its start as often as needed.

    ``path`` is what it is called when it is spoken of (for a member of an archive: ``shown``), ``file`` where it lies.
    """

    def __init__(self, path: str | os.PathLike[str], shown: str = "") -> None:
        self.file = where = Path(path)
        self.path = shown or os.fspath(path)
        self.name = self.path.rpartition("/")[2] if shown else where.name
        if where.is_dir():
            raise ReadingError(self.path, "is a folder. Name the files in it.")
        if not where.exists():
            raise ReadingError(self.path, "there is no such file. Check the name.")
        if not where.is_file():
            raise ReadingError(self.path, "is not a regular file. Save its content to a file first.")
        self._head = self._peek()
        if not self._head.strip(b"\0 \t\r\n\x0b\x0c\xef\xbb\xbf"):
            raise ReadingError(self.path, "is empty. Export or save it again.")

    @property
    def start(self) -> bytes:
        """The first bytes of the file, unpacked."""
        return self._head

    @property
    def packed(self) -> bool:
        """Whether the file is a gzip."""
        with self.file.open("rb") as file:
            return file.read(2) == b"\x1f\x8b"

    @property
    def head(self) -> str:
        """The first characters of the file, with LF for every line end."""
        return self._decoded_head().replace("\r\n", "\n").replace("\r", "\n")

    def _decoded_head(self) -> str:
        wide, mark = encodings.bom(self._head)
        if wide:
            return self._head[mark:].decode(wide, "replace")
        # A character cut in two at the head's end must not make the whole look like another encoding.
        last = next((size for size in (1, 2, 3) if self._head[-size:][:1] >= b"\xc0"), 0)
        cut = len(self._head) - last if len(self._head) == HEAD else HEAD
        return encodings.decode(self._head[:cut], self.encoding).removeprefix("\ufeff")

    @cached_property
    def encoding(self) -> str:
        """What the file is encoded in, where it is not UTF-16 or UTF-32."""
        try:
            return encodings.guess(self.chunks())
        except Broken:  # whoever reads on meets it again
            return encodings.guess([self._head])

    def chunks(self) -> Iterator[bytes]:
        """The file's bytes, unpacked, piece by piece; Broken where a gzip ends early, lies, or is a bomb."""
        try:
            with self.file.open("rb") as file:
                if file.read(2) == b"\x1f\x8b":
                    file.seek(0)
                    yield from self._unpack(file)
                else:
                    file.seek(0)
                    while chunk := file.read(CHUNK):
                        yield chunk
        except OSError as error:
            raise ReadingError(
                self.path, f"cannot be read ({error.strerror or error}). Check that you may read it."
            ) from error

    def lines(self) -> Iterator[tuple[int, str]]:
        """The file's lines, numbered from 1, without their ends (CRLF, CR or LF, also mixed)."""
        number = 0
        rest = b""
        encoding = self.encoding if not encodings.bom(self._head)[0] else "utf-8"
        for chunk in self.narrow_chunks():
            pieces = (rest + chunk).splitlines(keepends=True)
            # Whether a line is over is known once something follows it: a CR may be the first half of CRLF.
            rest = pieces.pop() if pieces and not pieces[-1].endswith(b"\n") else b""
            for piece in pieces:
                number += 1
                yield number, encodings.decode(piece.rstrip(b"\r\n"), encoding)
            if len(rest) > MAX_LINE:
                raise Broken(
                    self.path,
                    f"has a line of more than {MAX_LINE >> 20} MB, as no export has. Export it again.",
                    number + 1,
                )
        if rest:
            yield number + 1, encodings.decode(rest.rstrip(b"\r\n"), encoding)

    def data(self, most: int = 0) -> bytes:
        """All bytes of a file that is read as a whole; Broken if it is larger than such files are."""
        parts: list[bytes] = []
        size, most = 0, most or MAX_PAGE
        for chunk in self.chunks():
            size += len(chunk)
            if size > most:
                raise Broken(
                    self.path, f"has more than {most >> 20} MB, as no page has. Save only the abstract's page."
                )
            parts.append(chunk)
        return b"".join(parts)

    def text(self) -> str:
        """All text of a file that is one page, with LF for every line end."""
        self.data()  # for its limit
        return "\n".join(line for _, line in self.lines())

    def _peek(self) -> bytes:
        head = b""
        try:
            for chunk in self.chunks():
                head += chunk
                if len(head) >= HEAD:
                    break
        except Broken:
            if not head:
                raise
            # What came before the damage is read; whoever reads on meets it again.
        return head[:HEAD]

    def _unpack(self, file: BinaryIO) -> Iterator[bytes]:
        size = 0
        try:
            with gzip.GzipFile(fileobj=file) as unpacked:
                while chunk := unpacked.read1(CHUNK):
                    size += len(chunk)
                    if size > _RATIO_FROM and size > MAX_RATIO * max(file.tell(), 1):
                        raise Broken(
                            self.path,
                            f"unpacks to more than {MAX_RATIO} times its size, as no export does. Fetch it again.",
                        )
                    yield chunk
        except EOFError as error:
            raise Broken(self.path, "is a gzip file that ends early. Download it again.") from error
        except (zlib.error, gzip.BadGzipFile) as error:
            raise Broken(self.path, "is a gzip file with damage in it. Download it again.") from error

    def narrow_chunks(self) -> Iterator[bytes]:
        """The chunks without a byte order mark, UTF-16 turned into UTF-8: then what is ASCII is always one byte."""
        chunks = self.chunks()
        first = next(chunks, b"")
        wide, mark = encodings.bom(self._head)
        if not wide:
            yield first.removeprefix(codecs.BOM_UTF8)
            yield from chunks
            return
        decoder = codecs.getincrementaldecoder(wide)("replace")
        for chunk in _chain(first[mark:], chunks):
            yield decoder.decode(chunk).encode("utf-8", "replace")
        yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _chain(first: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
