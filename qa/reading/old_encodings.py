"""Which older encoding a text is in, told by what it would look like in each.

Words in one script and one case, quotation marks at the edges of words, signs next to numbers. General detectors
(charset-normalizer 3.5) find the encoding of 48 of 78 real exports written in Windows-1252, and of 6 of 78 in MacRoman,
since a file of references is English with a foreign letter here and there: they need the letters of a language, this
needs only their neighbours. ``python -m benchmarks.encodings`` measures it.
"""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Callable


def tell(sample: bytes) -> str:
    """The older encoding in which the sample looks most like text; Windows' Western one where none looks better."""
    wide = max(((_wideness(sample, name, common), name) for name, common in WIDE.items()), default=(0.0, ""))
    if wide[0] > 0.8:
        return wide[1]
    best, score = "cp1252", -1e9
    for name, handicap in _NARROW.items():
        found = _likeness(sample.decode(name, "replace")) - handicap
        if found > score:
            best, score = name, found
    return best


# -- Chinese, Japanese, Korean -------------------------------------------------------------------------------------


def _common_gb(text: str) -> float:
    """GB 2312's first plane holds the 3,755 characters that make 99 % of Chinese text."""
    return sum(0xB0 <= lead <= 0xD7 or lead in (0xA1, 0xA3) for lead in _leads(text, "gb2312"))


def _common_big5(text: str) -> float:
    return sum(0xA1 <= lead <= 0xC6 for lead in _leads(text, "big5"))


def _common_hangul(text: str) -> float:
    count = sum(0xB0 <= lead <= 0xC8 for lead in _leads(text, "euc_kr"))
    return count * 1.05 if count > 7 else 0  # the same bytes are Chinese, but eight Chinese characters have others, too


def _common_kana(text: str) -> float:
    """Japanese is written in kana by half; the rest are characters that the others have, too."""
    return sum(
        1.2 if "\u3040" <= char <= "\u30ff" else 0.2 if char > "\uff60" else 0.85 for char in text if char > "\u2fff"
    )


def _leads(text: str, encoding: str) -> bytes:
    """The first bytes of the characters of two bytes in an encoding."""
    return text.encode(encoding, "ignore")[::2]


#: Encodings of two bytes a character and more, and what counts as common in a text in each.
WIDE: dict[str, Callable[[str], float]] = {
    "gb18030": _common_gb,
    "big5": _common_big5,
    "cp932": _common_kana,
    "euc_jp": _common_kana,
    "cp949": _common_hangul,
}
_ASCII = re.compile(r"[\x00-\x7f]+")
_RUN = re.compile(r"[\u3000-\u9fff\uac00-\ud7af\uff01-\uff9f]{2,}")


def _wideness(sample: bytes, encoding: str, common: Callable[[str], float]) -> float:
    """From 0 to 1.2: how much of what is not ASCII are common characters that stand next to others.

    An accented letter of a Western language and the letter behind it make one rare character between Latin letters.
    """
    lines = sample.split(b"\n")
    texts = []
    for line in lines:
        with contextlib.suppress(UnicodeDecodeError):
            texts.append(line.decode(encoding))
    foreign = len(_ASCII.sub("", "".join(texts)))
    if not foreign or len(texts) < 0.9 * len(lines):
        return 0.0
    score = common("".join("".join(_RUN.findall(text)) for text in texts))
    if is_sign := _SIGNS_ALONE.get(encoding):
        # Quotation marks, dashes, Greek and accents stand alone in English text; no other encoding has their bytes so.
        alone = "".join(_ASCII.sub("", _RUN.sub("", text)) for text in texts)
        score += sum(is_sign(char.encode(encoding)) for char in alone)
    return score / foreign


def _is_gb_sign(data: bytes) -> bool:
    return len(data) == 4 or (data[0] in (0xA1, 0xA6) and data[1] >= 0xA1) or data[0] == 0xA8 or data == b"\xa9\x5c"


def _is_big5_sign(data: bytes) -> bool:
    return 0xA1 <= data[0] <= 0xA3


def _is_jis_sign(data: bytes) -> bool:
    return (data[0] == 0x83 and data[1] >= 0x9F) or data.decode("cp932") in "‘’“”‐―…−°±×÷≠≦≧∞′″℃¨"


_SIGNS_ALONE: dict[str, Callable[[bytes], bool]] = {
    "gb18030": _is_gb_sign,
    "big5": _is_big5_sign,
    "cp932": _is_jis_sign,
}


# -- one byte a character ------------------------------------------------------------------------------------------

#: What must be said for an encoding against Windows' Western one before it is believed.
_NARROW = {
    "cp1252": 0.0,
    "mac_roman": 0.05,
    "cp1250": 0.15,
    "cp850": 0.2,
    "cp1251": 0.1,
    "koi8_r": 0.1,
    "mac_cyrillic": 0.2,
    "cp866": 0.2,
    "iso8859_5": 0.2,
    "cp1253": 0.1,
}

_WORD = re.compile(r"[^\W_]*[^\x00-\x7f\W\d_][^\W_]*")
#: A ligature where French has none, a letter in the middle that only ends words, three times the same.
_ODD = re.compile(r"(?<![CFSNVBHPcfsnvbhp])(?<!^)œ|œ(?![udtsleiy])|ς\B|(.)\1\1")
_SIGN = re.compile(r"(?=((?:^|.)[^\x00-\x7f](?:$|.)))", re.S)
_SHORT_WORDS = frozenset("àéèóíúáaоуиявксøåöÅÖ")  # in one language or another, words of one letter

#: What stands before a sign, the sign, and what stands behind it, as typesetters do it. The first that fits counts.
_SIGNS = tuple(
    (re.compile(pattern, re.S), weight)
    for pattern, weight in (
        (r".[\ufffd\x80-\x9f\ue000-\uf8ff].", -3.0),
        (r".[\u2500-\u25ff].", -2.0),
        (r"\w’[stdm]|\b[ODLdlNn]’\w", 1.2),  # patient’s, O’Connor
        (r"s’(?!\w).", 1.2),
        (r"\w’(?!\w).", 0.5),
        (r"[^\W\d_][’‘“”„«»‹›†‡•][^\W\d_]", -1.0),
        (r"(?!\w).[“‘„«‹]\S", 1.0),
        (r"\S[”’»›](?!\w).", 1.0),
        (r"\d[–—]\d|\s[–—]\s|(?:[^\W\d_]|[)\]])[–—](?:[^\W\d_]|[(\[])", 1.0),
        (r".[–—].", 0.3),
        (r"[\w\s]…[\s.)\]]", 0.5),
        (r"[\d\s=<(][±×÷≤≥≈≠−∼][\d\s.]", 1.0),
        (r"[\d\s]°[CFKNSEW]|\d°(?![^\W\d_]).", 1.0),
        (r"[mM\d)][²³](?!\w).", 1.1),
        (r"\w[²³¹](?!\w).", 0.5),
        (r"[\d\s][¼½¾](?![^\W\d_]).|\d‰.", 0.5),
        (r"(?!\w).[¿¡][^\W\d_]", 0.7),
        (r".[€£¥]\d|[\d\s][€£]\s", 0.7),
        (r"[\w\s)][®™©](?!\w).|(?!\w).©.", 0.7),
        (r"\w[·•]\w|\s[·•]\s", 0.5),
        (r"[^\W\d_]\xad[^\W\d_]", 0.3),
        (r".\xa0.", 0.8),
        (r"(?![^\W\d_]).[§¶†‡].|.[§¶†‡](?![^\W\d_]).", 0.1),
        (r"\d[ºª].", 0.3),
        (r"...", -1.0),
    )
)


def _likeness(text: str) -> float:
    """How much the foreign characters of a text look as if they belonged where they stand: about 1 if they do, less
    than 0 if not."""
    total = score = 0.0
    for word, count in Counter(_WORD.findall(text)).items():
        foreign = sum(char > "\x7f" for char in word) * count
        score += _word_likeness(word) * foreign
        total += foreign
    for around, count in Counter(_SIGN.findall(f" {text} ")).items():
        if len(around) == 3 and not (around[1].isalpha() and around[1] not in "ªº"):
            score += next(weight for pattern, weight in _SIGNS if pattern.match(around)) * count
            total += count
    return score / total if total else 0.0


def _word_likeness(word: str) -> float:
    """For letters with at least one foreign among them, and the digits that touch them."""
    bare = word.strip("0123456789")
    if len(bare) == 1 and bare not in "ªºµ":
        return 0.5 if bare == word and bare in _SHORT_WORDS else -1.0
    if bare[0] == "µ":
        return 1.0 if bare[1:2] in "gmlLMAVsNKJ" else -1.0
    scripts = {_script(char) for char in bare}
    if len(scripts) > 1 or "" in scripts or _ODD.search(bare):
        return -1.5
    if "latin" in scripts and len(bare) > 2 and sum(char > "\x7f" for char in bare) > 0.7 * len(bare):
        return -1.0  # no Latin language writes so many accents
    if bare.islower() or bare[1:].islower():
        return 1.0
    if bare.isupper():
        return 0.9 if "latin" in scripts else 0.4  # KOI8's small letters are the capitals of others
    return -1.0


def _script(char: str) -> str:
    if char < "\u0250":
        return "" if char in "ªºµƒ" else "latin"
    if "\u0370" <= char <= "\u03ff":
        return "greek"
    return "cyrillic" if "\u0400" <= char <= "\u04ff" else ""
