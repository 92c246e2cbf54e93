"""A file to be read: opened, unpacked, decoded and cut into lines, with limits on all of it."""

from __future__ import annotations

import codecs
import gzip
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from qa.errors import Broken, ReadingError
from qa.reading import encodings
from qa.reading.encodings import Decoder
from qa.schema import Entry

HEAD = 64 * 1024  #: bytes that a format is told by
CHUNK = 1024 * 1024
MAX_LINE = 16 * 1024 * 1024  #: bytes; the longest line of a real export known to us has 2 MB
MAX_PAGE = 32 * 1024 * 1024  #: bytes of a format that is read as a whole
MAX_RATIO = 150  #: unpacked to packed; PubMed's files reach 12, deflate's own limit is 1032
_RATIO_FROM = 8 * 1024 * 1024  #: a small file may be as repetitive as it likes
_MARK_WITHIN = b"\n" + codecs.BOM_UTF8
_CONTROL = bytes([*range(9), *range(14, 27), *range(28, 32)])


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
        self.full_text = False  # whether more than title and abstract is wanted of an article
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

    @cached_property
    def head(self) -> str:
        """The first characters of the file, with LF for every line end; of a binary file, its bytes as characters."""
        wide, mark = encodings.bom(self._head)
        head = self._head[mark:].removeprefix(codecs.BOM_UTF8).replace(_MARK_WITHIN, b"\n")
        if len(self._head) == HEAD:  # a character cut in two at its end must not make it look like another encoding
            head = head[: -next((size for size in (1, 2, 3) if head[-size:][:1] >= b"\xc0"), 0) or len(head)]
        if self.binary:
            text = head.decode("cp1252", "replace")
        elif wide:
            text = head.decode(wide, "replace")
        else:
            text = "".join(map(self.decoder, head.splitlines(keepends=True)))
        return text.replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def binary(self) -> bool:
        """Whether the file holds no text: that has next to no control characters, all else is full of them."""
        wide, mark = encodings.bom(self._head)
        head = self._head[mark:].decode(wide, "replace").encode("utf-8", "replace") if wide else self._head
        controls = len(head) - len(head.translate(None, _CONTROL))
        return head.startswith((b"%PDF-", b"PK\x03\x04")) or controls > len(head) / 50

    @cached_property
    def decoder(self) -> Decoder:
        """How the file's bytes become text, once UTF-16 and UTF-32 have become UTF-8 (:meth:`narrow_chunks`)."""
        if encodings.bom(self._head)[0]:
            return Decoder()
        try:
            return encodings.tell(self.chunks())
        except Broken:  # whoever reads on meets it again
            return encodings.tell([self._head])

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
        decode = self.decoder
        for chunk in self.narrow_chunks():
            pieces = (rest + chunk).splitlines(keepends=True)
            # Whether a line is over is known once something follows it: a CR may be the first half of CRLF.
            rest = pieces.pop() if pieces and not pieces[-1].endswith(b"\n") else b""
            for piece in pieces:
                number += 1
                line = piece.rstrip(b"\r\n")
                try:
                    text = decode(line) if decode.prevails else line.decode("utf-8")
                except UnicodeDecodeError:
                    if not decode.legacy:  # the first of its kind, far into the file: it and the lines around tell
                        decode = replace(encodings.tell(pieces), prevails=False)
                    text = decode(line)
                yield number, text
            if len(rest) > MAX_LINE:
                raise Broken(
                    self.path,
                    f"has a line of more than {MAX_LINE >> 20} MB, as no export has. Export it again.",
                    number + 1,
                )
        if rest:
            yield number + 1, decode(rest.rstrip(b"\r\n"))

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
            for chunk in _chain(first.removeprefix(codecs.BOM_UTF8), chunks):
                yield chunk.replace(_MARK_WITHIN, b"\n")  # files put one behind the other bring their marks along
            return
        decoder = codecs.getincrementaldecoder(wide)("replace")
        for chunk in _chain(first[mark:], chunks):
            yield decoder.decode(chunk).encode("utf-8", "replace")
        yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _chain(first: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
