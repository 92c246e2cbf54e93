"""Which encoding a file is in: UTF-8, -16 and -32 by what they are, older ones by what its text would look like."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from qa.reading import old_encodings

#: Bytes of lines with letters beyond ASCII that are looked at, and bytes of the file that are searched for such lines.
SAMPLE, SEARCHED = 64 * 1024, 4 * 1024 * 1024

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins as UTF-16's mark does, so it is asked for first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

#: A character of two to four bytes in UTF-8.
_UTF8 = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)


@dataclass(frozen=True, slots=True)
class Decoder:
    """How a file's lines become text: UTF-8 where they are valid, else ``legacy``. Never fails.

    A file that mixes UTF-8 with another encoding, as lists put together from several exports do, is decoded line by
    line. ``prevails`` says that most lines with foreign letters are in the older one: where that writes a character
    with several bytes, it is tried first, since a line may be valid UTF-8 by accident. Without ``legacy``, no line but
    UTF-8 has been met.
    """

    legacy: str = ""
    prevails: bool = False

    @property
    def encoding(self) -> str:
        """What most of the file is in."""
        return self.legacy if self.prevails else "utf-8"

    def __call__(self, line: bytes) -> str:
        if self.prevails and is_wide(self.legacy):
            try:
                return line.decode(self.legacy)
            except UnicodeDecodeError:
                pass
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError:
            return self._mixed(line)

    def _mixed(self, line: bytes) -> str:
        """A line of UTF-8 with some other bytes in it, or of another encoding that looks like UTF-8 in one place."""
        found = _UTF8.findall(line)
        if not found or 2 * sum(map(len, found)) < len(_NOT_ASCII.findall(line)):
            return line.decode(self.legacy or "cp1252", "replace")
        other = self.legacy if self.legacy and not is_wide(self.legacy) else "cp1252"
        parts = zip_longest(_UTF8.split(line), found, fillvalue=b"")
        return "".join(part.decode(other, "replace") + utf8.decode("utf-8") for part, utf8 in parts)


def is_wide(encoding: str) -> bool:
    """Whether it is a Chinese, Japanese or Korean encoding, in which a character may have several bytes."""
    return encoding in old_encodings.WIDE


def bom(head: bytes) -> tuple[str, int]:
    """(encoding, length of its mark) of UTF-16 and UTF-32, told by their byte order mark or by where zeros stand;
    ("", 0) for all else."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    return _by_zeros(head[:4096]), 0


def tell(chunks: Iterable[bytes]) -> Decoder:
    """The decoder for a text that is not UTF-16 or UTF-32, from its first lines with letters beyond ASCII."""
    valid, size = 0, 0
    strange: list[bytes] = []
    for line in _foreign(chunks):
        size += len(line)
        if _is_utf8(line):
            valid += 1
        else:
            strange.append(line)
        if size > SAMPLE:
            break
    if not strange:
        return Decoder()
    return Decoder(old_encodings.tell(b"\n".join(strange)[: 4 * SAMPLE]), prevails=len(strange) > valid)


def decode(data: bytes) -> str:
    """A whole text, line by line in the encoding that it is in; without a byte order mark. Never fails."""
    wide, mark = bom(data)
    if wide:
        return data[mark:].decode(wide, "replace")
    data = data.removeprefix(codecs.BOM_UTF8)
    if _is_utf8(data):  # most texts
        return data.decode("utf-8")
    return "".join(map(tell([data]), data.splitlines(keepends=True)))


def _foreign(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines with letters beyond ASCII; of a line that goes on beyond what is searched, what is there of it."""
    rest, seen = b"", 0
    for chunk in chunks:
        seen += len(chunk)
        lines = (rest + chunk).splitlines(keepends=True)
        rest = lines.pop() if lines and not lines[-1].endswith((b"\n", b"\r")) else b""
        yield from (line for line in lines if not line.isascii())
        if seen > SEARCHED:
            last = next((size for size in (1, 2, 3) if rest[-size:][:1] >= b"\xc0"), 0)
            rest = rest[: len(rest) - last]  # a character that is cut in two
            break
    if not rest.isascii():
        yield rest


def _by_zeros(head: bytes) -> str:
    """English in UTF-16 has a zero in every second byte, and none between; in UTF-32 three zeros in four bytes."""
    if b"\0" not in head or len(head) < 8:
        return ""
    for width, encodings in ((4, ("utf-32-le", "utf-32-be")), (2, ("utf-16-le", "utf-16-be"))):
        whole = head[: len(head) // width * width]
        zeros = [whole[at::width].count(0) / (len(whole) // width) for at in range(width)]
        for encoding, low in zip(encodings, (0, width - 1), strict=True):
            # The low byte of a character is next to never zero; the high ones mostly are, but for Chinese.
            high = [share for at, share in enumerate(zeros) if at != low]
            if zeros[low] < 0.01 and min(high) > (0.9 if width == 4 else 0.15):
                text = whole.decode(encoding, "replace")
                if len(_CONTROL.findall(text)) <= len(text) / 50 and text.count("\ufffd") <= len(text) / 100:
                    return encoding
    return ""


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
