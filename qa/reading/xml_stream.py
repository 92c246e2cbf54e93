"""XML as a stream of entries: each is cut out of the file by its name and read by itself.

XML's own rule is that one bad byte is fatal for all that follows. An export is a list of entries, and a list can be
read on behind a bad one: so the entries are told by their start and end tags, and lxml reads each alone. That also
gives the line of each, keeps memory at the size of one, and reads what is no document to XML but is one to people:
a piece without its root, or several files glued together. An entry holds no other of its kind.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from functools import cache
from html import unescape
from typing import TYPE_CHECKING, Any

from qa.errors import Broken
from qa.reading.encodings import Decoder
from qa.reading.mapping import clean
from qa.reading.source import Source
from qa.schema import Entry, Skip

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_ENTRY = 32 * 1024 * 1024  #: bytes; PubMed's largest, with 5,154 authors, has 3 MB
MAX_TAGS = 1_000_000  #: in an entry; each costs a hundred bytes of memory, whatever it holds

Build = Callable[[Source, int, "_Element"], Iterator[Entry]]

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})["']""")
#: The first tag behind declarations and comments. Atomic, or many of them would be tried in every combination.
_ROOT = re.compile(r"(?>(?><\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>)|[^<]++)*+<([\w.:-]+)", re.S)
_LARGER = {"gbk": "gb18030", "gb2312": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949"}  #: the same, and more
_TEXTUAL = ("iso8859", "cp125", "gb", "big5", "euc_", "cp932", "cp949", "koi8", "mac")

#: What XML 1.0 has no place for, and exports hold all the same. A blank stands in for it, as in all other formats.
_CONTROLS = bytes(32 if at < 32 and at not in (9, 10, 13) else at for at in range(256))
#: Any ampersand but those of the five entities that XML knows by itself.
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)(?:#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));|([A-Za-z]\w{1,30};))?")
_PREFIX = re.compile(r"(?:</?|\s)((?!xml)[A-Za-z_][\w.-]*):(?=[\w.-]+[\s=/>])")
_CHILDLESS = re.compile(r"<[^<>]*/>")
_LAST_LINE = 65535  #: older releases of libxml2 count no further
_OVERLAP = 200  #: bytes that are looked at again when more of the file has come; no tag's name is longer


def read_elements(source: Source, names: tuple[str, ...], build: Build) -> Iterator[Entry]:
    """What ``build`` makes of each element with one of these names, in the file's order.

    Names count without their namespace, in ``names`` and in the elements handed on. ``build`` gets the source, the
    line and the element. A damaged entry is a Skip. Broken where the file ends within an entry or before its root
    does, after the entries before it.
    """
    decode = _decoder(source)
    prefixes: set[str] = set()
    for line, data in _cut(source, names):
        if isinstance(data, Skip):
            yield data
            continue
        element = _parse(decode(data), prefixes)
        if isinstance(element, str):
            yield Skip(source.path, line, f"the entry is damaged ({element})")
        else:
            yield from build(source, line, element)


def read_whole(source: Source, most: int) -> _Element:
    """The root of a file whose parts refer to one another; Broken where it is cut off, damaged or too large."""
    parts, size = [], 0
    for chunk in source.narrow_chunks():
        parts.append(chunk)
        size += len(chunk)
        if size > most:
            raise Broken(source.path, f"has more than {most >> 20} MB. Export it in parts, or as RIS or .nbib.")
    text = _decoder(source)(b"".join(parts))
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # the parser counts no other end of a line
    # A document in text has no encoding to declare. The lines stay where they are.
    found = _parse(re.sub(r"\A\s*<\?xml[^>]*\?>", lambda match: "\n" * match[0].count("\n"), text), set())
    if isinstance(found, str):
        raise Broken(source.path, f"the XML is cut off or damaged ({found}). Export it again.")
    return found


def line_of(element: Any) -> int:  # the stubs do not know what sourceline is
    """The line an element of :func:`read_whole` begins on, or 0 where it is not known."""
    line: int = element.sourceline or 0
    return line if line < _LAST_LINE else 0


def _cut(source: Source, names: tuple[str, ...]) -> Iterator[tuple[int, bytes | Skip]]:
    """(line, bytes) of each entry, from its start tag to its end tag; or a Skip where there is no telling."""
    choice = b"|".join(re.escape(name.encode()) for name in names)
    start = re.compile(rb"<!--|<((?:[\w.-]+:)?(?:" + choice + rb"))(?=[\s/>])")
    found_root = _ROOT.match(source.head)
    root = b"</" + found_root[1].encode() if found_root and found_root[1].rpartition(":")[2] not in names else b""
    buffer, at, line = b"", 0, 1
    closed = False  # whether the root has ended since the last entry
    searched = 0  # up to where the end of the entry at hand has been looked for
    chunks = source.narrow_chunks()
    whole = False  # whether the buffer reaches to the end of the file

    while True:
        found = start.search(buffer, at)
        end = _end(buffer, found, max(searched, found.end())) if found else None
        if found and end:
            stop, problem = end
            line += _lines(buffer, at, found.start())
            if found[1]:
                data = buffer[found.start() : stop]
                if not problem and data.count(b"<") > MAX_TAGS:
                    problem = f"has more than {MAX_TAGS:,} tags, as no article has"
                yield line, Skip(source.path, line, f"the entry {problem}") if problem else data
                closed = False
            line += _lines(buffer, found.start(), stop)
            at = searched = stop
            continue
        closed = closed or (bool(root) and root in buffer[at:])
        if whole:
            break
        # What has been read is let go; of the rest nothing can be said before more of it is there.
        keep = found.start() if found else max(at, len(buffer) - _OVERLAP)
        line += _lines(buffer, at, keep)
        buffer, at = buffer[keep:], 0
        searched = max(len(buffer) - _OVERLAP, 0) if found else 0
        if len(buffer) > MAX_ENTRY:
            yield line, Skip(source.path, line, f"the entry has more than {MAX_ENTRY >> 20} MB, as no article has")
            line += _lines(buffer, 0, len(buffer) - _OVERLAP)
            buffer, searched = buffer[-_OVERLAP:], 0
        more = next(chunks, None)
        whole = more is None
        buffer += more or b""

    line += _lines(buffer, at, found.start() if found else len(buffer))
    if found and found[1]:
        raise Broken(source.path, "the XML is cut off or damaged within an entry. Download it again.", line)
    if root and not closed and not _CHILDLESS.match(source.head[found_root.start(1) - 1 :] if found_root else ""):
        name = root[2:].decode()
        raise Broken(source.path, f"the XML is cut off: <{name}> is never closed. Download it again.", line)


def _end(buffer: bytes, found: re.Match[bytes], searched: int) -> tuple[int, str] | None:
    """(where what begins here ends, what is wrong with it or ''), or None where that takes more of the file."""
    if not found[1]:
        at = buffer.find(b"-->", found.end())
        return None if at < 0 else (at + 3, "")
    tag = buffer.find(b">", found.end())
    if tag < 0:
        return None
    if buffer[tag - 1 : tag] == b"/":
        return tag + 1, ""
    closed = _closing(found[1]).search(buffer, searched)
    # One that begins before this one has ended: the end tag is lost.
    again = _opening(found[1]).search(buffer, max(searched, tag), closed.start() if closed else len(buffer))
    if again:
        return again.start(), "is damaged (it never ends)"
    return (closed.end(), "") if closed else None


@cache
def _closing(name: bytes) -> re.Pattern[bytes]:
    return re.compile(b"</" + re.escape(name) + rb"\s*>")


@cache
def _opening(name: bytes) -> re.Pattern[bytes]:
    return re.compile(b"<" + re.escape(name) + rb"(?=[\s/>])")


def _lines(buffer: bytes, start: int, end: int) -> int:
    """Line ends of all three kinds; a CRLF counts once."""
    carriage = buffer.count(b"\r", start, end)
    return buffer.count(b"\n", start, end) + (carriage and carriage - buffer.count(b"\r\n", start, end))


def _decoder(source: Source) -> Decoder:
    """As the file declares, if that is an encoding in which a tag is a tag; else as it looks."""
    declared = _DECLARED.match(source.start)
    if declared:
        try:
            name = codecs.lookup(declared[1].decode("ascii")).name
        except LookupError:
            name = ""
        name = _LARGER.get(name, name.replace("-", "_"))
        if name.startswith(_TEXTUAL):
            return Decoder(name, prevails=True)
    return source.decoder


def _parse(text: str, prefixes: set[str]) -> _Element | str:
    """The element, or why it cannot be read. What is amiss with its letters is mended, with its tags not."""
    from lxml import etree

    try:
        element = _fromstring(text, prefixes)
    except etree.XMLSyntaxError:
        prefixes |= set(_PREFIX.findall(text)[:1000])
        try:
            element = _fromstring(_mended(text), prefixes)
        except etree.XMLSyntaxError as error:
            return re.sub(r",? line \d+(?:, column \d+)?", "", clean(str(error.msg)))
    if prefixes or "xmlns" in text:
        for one in element.iter("{*}*"):
            _, brace, name = str(one.tag).rpartition("}")
            if brace:
                one.tag = name
    return element


def _fromstring(text: str, prefixes: set[str]) -> _Element:
    """An entry cut out of its file has lost what its prefixes stand for. Any name will do for it."""
    from lxml import etree

    if not prefixes:
        whole: _Element = etree.fromstring(_bytes(text), _parser())
        return whole
    spaces = " ".join(f'xmlns:{prefix}="{prefix}"' for prefix in sorted(prefixes)[:200])
    around: _Element = etree.fromstring(_bytes(f"<qa {spaces}>{text}</qa>"), _parser())
    return around[0]


def _bytes(text: str) -> bytes:
    """For the parser, which takes no text that declares an encoding, as a damaged declaration may still do."""
    return text.encode("utf-8", "replace")


@cache
def _parser() -> Any:
    from lxml import etree

    # Nothing outside the text is looked at and nothing in it is expanded. Its size is bounded above; libxml2's own
    # bounds stop a field at 10 MB, and nesting at 256, which is less than some formulas need.
    return etree.XMLParser(
        encoding="utf-8",
        load_dtd=False,
        no_network=True,
        resolve_entities=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )


def _mended(text: str) -> str:
    """Without characters that XML forbids, and with a meaning for every ampersand outside of CDATA.

    An entity that only the document type explains, which is not looked at, is the same everywhere: &alpha;.
    """
    text = text.encode("utf-8").translate(_CONTROLS).decode("utf-8").replace("\ufffe", " ").replace("\uffff", " ")
    if "&" not in text:
        return text
    first, *rest = text.split("<![CDATA[")
    parts = [_AMPERSAND.sub(_meaning, first)]
    for part in rest:
        data, mark, behind = part.partition("]]>")
        parts.append(f"<![CDATA[{data}{mark}{_AMPERSAND.sub(_meaning, behind)}")
    return "".join(parts)


def _meaning(found: re.Match[str]) -> str:
    """The character that a reference stands for, or the ampersand that it is."""
    hexadecimal, decimal, name = found.groups()
    if name:
        plain = unescape(f"&{name}")
        return plain.replace("&", "&amp;").replace("<", "&lt;") if not plain.startswith(f"&{name}") else f"&amp;{name}"
    if not hexadecimal and not decimal:
        return "&amp;"
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    legal = code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    return f"&#{code};" if legal else " "
