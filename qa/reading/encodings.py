"""Which encoding a file is in: UTF-8 and -16 by what they are, older ones by what the text would look like in them."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: Encodings of one byte a letter that exports still come in, and those of more that have to be tried first: in them a
#: character can look like UTF-8 by chance.
_SINGLE = ("cp1252", "mac_roman", "cp1250", "cp1251", "koi8_r")
_WIDE = ("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr")

#: Bytes of lines with letters beyond ASCII that are looked at, and bytes of the file that are searched for such lines.
SAMPLE, SEARCHED = 64 * 1024, 4 * 1024 * 1024

_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_BESIDE_LETTER = re.compile(r"(?P<before>[A-Za-z])?(?P<character>[^\x00-\x7f])(?=(?P<after>[A-Za-z])?)")


def bom(head: bytes) -> tuple[str, int]:
    """(encoding, length of its mark) of UTF-16 and UTF-32, told by their byte order mark or by where zeros stand."""
    for mark, encoding in (
        (b"\xff\xfe\x00\x00", "utf-32-le"),
        (b"\x00\x00\xfe\xff", "utf-32-be"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if head.startswith(mark):
            return encoding, len(mark)
    sample = head[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(sample) > 8 and max(even, odd) > len(sample) / 40 and min(even, odd) < max(even, odd) / 20:
        return ("utf-16-be" if even > odd else "utf-16-le"), 0
    return "", 0


def guess(chunks: Iterable[bytes]) -> str:
    """The encoding of a text that is not UTF-16, from its first lines with letters beyond ASCII."""
    high, seen = [], 0
    for chunk in chunks:
        high += [line for line in chunk.splitlines() if not line.isascii()]
        seen += len(chunk)
        if seen > SEARCHED or sum(map(len, high)) > SAMPLE:
            break
    strange = [line for line in high if not _is_utf8(line)]
    # One line may be cut by a chunk's end, and files are pasted together: UTF-8 where most lines are.
    if 2 * len(strange) <= len(high):
        return "utf-8"
    return _old(b"\n".join(strange)[:SAMPLE])


def decode(data: bytes, encoding: str = "utf-8") -> str:
    """Text in this encoding; a line that is not is taken for UTF-8, or else for Windows' Western one. Never fails."""
    for candidate in (encoding, "utf-8") if encoding in _WIDE else ("utf-8", encoding):
        try:
            return data.decode(candidate)
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", "replace")


def _old(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=[*_SINGLE, *_WIDE]).best()
    found = best.encoding if best else "cp1252"
    if found == "euc_kr":  # Korean is Hangul; a text in which Chinese characters prevail is Chinese
        text = sample.decode("euc_kr", "replace")
        if len(_HAN.findall(text)) >= len(_HANGUL.findall(text)):
            found = "gb18030"
    if found in ("cp1250", "cp1252", "mac_roman"):
        # Few accents tell them apart: in the wrong one, an accent within a word is a capital or a sign.
        return max(("cp1252", "mac_roman"), key=lambda name: _likely(sample, name))
    return found


def _likely(sample: bytes, encoding: str) -> int:
    """How much a text looks like words: small letters and apostrophes within them, no capital after a small letter."""
    total = 0
    for match in _BESIDE_LETTER.finditer(sample.decode(encoding, "replace")):
        before, character, after = match["before"] or "", match["character"], match["after"] or ""
        if before and after:
            total += 1 if character.islower() or character == "’" else -1
        elif (before.islower() and character.isupper()) or (character.islower() and after.isupper()):
            total -= 1
    return total


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
