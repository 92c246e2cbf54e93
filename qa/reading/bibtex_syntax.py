"""The syntax of BibTeX, forgivingly: entries, fields and macros, each as much of it as is there.

A file is cut where a line begins an entry, so that whatever is wrong with one entry ends with it. Within an entry, a
value that ends too early (a stray brace) or not at all is mended at the next line that begins a field.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from qa.errors import Broken
from qa.reading.source import MAX_LINE, Source

_OPENS = re.compile(r"[ \t]*@[ \t]*[A-Za-z]\w*[ \t]*[{(]")
#: An entry's beginning, also in the middle of a line; what follows shows that it is no address ("me@home (call)").
_HEAD = re.compile(
    r"(?<![\w.])@\s*((?i:comment)(?=\s*[{(])|[A-Za-z]\w{0,40}(?=\s*[{(]\s*"
    r"(?:[^\s,={}()\"]{1,200}\s*[,}]|[^,={}()\"\n]{1,200}[,\n]|[\w -]{1,60}=)))\s*([{(])\s*"
)
_KEYLESS = re.compile(r"[A-Za-z_][\w -]*=")
_KEY = re.compile(r"[^,\n}]*")
_FIELD = re.compile(r"([A-Za-z_][\w :+./-]{0,60}?)[ \t\n]*=[ \t\n]*")
#: Where a broken value must end: at a line that begins a field, or at the next entry.
_NEXT = re.compile(
    r"\n[ \t]*,?[ \t]*[A-Za-z_][\w :+-]{0,40}?[ \t]*=[ \t]*(?:[{\"\w]|\n)|(?<![\w.])@[ \t]*[A-Za-z]\w*[ \t]*[{(]"
)
_BETWEEN = re.compile(r"(?:[\s,]|%[^\n]*)+")
_SPACE = re.compile(r"\s*")
_QUOTE = re.compile(r"[{\"]")
_BARE = re.compile(r"[^\s,#{}\"]*")
_AFTER_QUOTE = re.compile(r"\s*(?:[,#})]|$|[A-Za-z_][\w -]{0,40}\s*=)")
_BRACES = re.compile(r"[{}]")
_BRACES_UNESCAPED = re.compile(r"\\[\\{}]|[{}]")


@dataclass(slots=True)
class RawEntry:
    """An entry as it stands: ``kind`` in lower case, values of each field (names without blanks and hyphens) in order.

    ``line`` is where it begins, from 1.
    """

    kind: str
    key: str
    line: int
    fields: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def one(self, *names: str) -> str:
        """The first value that is not empty, of the first of these fields that has one; or ''."""
        return next((value for name in names for value in self.fields.get(name, ()) if value.strip(" \t\n{}")), "")


def entries(source: Source) -> Iterator[RawEntry]:
    """The entries of a file, in order, with its macros put in; Broken where one has more than 16 MB."""
    macros: dict[str, str] = {}
    for line, text in _blocks(source):
        for entry in _Block(text, line, macros).entries():
            if entry.kind == "string":
                macros |= {name: values[0] for name, values in entry.fields.items()}
            elif entry.kind not in ("comment", "preamble"):
                yield entry


def _blocks(source: Source) -> Iterator[tuple[int, str]]:
    """The file cut where a line begins an entry: (line, text up to the next such line)."""
    lines: list[str] = []
    first, size = 1, 0
    for number, line in source.lines():
        if _OPENS.match(line):
            if lines:
                yield first, "\n".join(lines)
            lines, first, size = [], number, 0
        lines.append(line)
        size += len(line) + 1
        if size > MAX_LINE:
            raise Broken(source.path, f"has an entry of more than {MAX_LINE >> 20} MB. Export it again.", first)
    if lines:
        yield first, "\n".join(lines)


class _Block:
    """The text from one beginning of an entry to the next: one entry as a rule, several where they share a line."""

    def __init__(self, text: str, line: int, macros: dict[str, str]) -> None:
        self.text = text
        self.line = line
        self.macros = macros
        self.closing = _pairs(text, _BRACES_UNESCAPED)
        #: Characters that macros may add: one can be made of two of another, and so on.
        self.budget = 100_000 + len(text)
        self.lost = False  # whether braces or quotes do not pair, so that a value must end where a field begins

    def entries(self) -> Iterator[RawEntry]:
        at = seen = 0
        while head := _HEAD.search(self.text, at):
            self.line += self.text.count("\n", seen, head.start())
            before = self.text[self.text.rfind("\n", seen, head.start()) + 1 : head.start()]
            seen = head.start()
            if before.lstrip().startswith("%"):
                at = head.end()  # an entry that somebody has put aside
                continue
            entry, at = self._entry(head)
            yield entry

    def _entry(self, head: re.Match[str]) -> tuple[RawEntry, int]:
        opened = head.start(2)
        if head[2] == "{" and opened not in self.closing:
            # BibTeX itself counts a brace behind a backslash too.
            pairs = _pairs(self.text, _BRACES)
            self.lost = opened not in pairs
            self.closing = self.closing if self.lost else pairs
        at = head.end()
        entry = RawEntry(head[1].lower(), "", self.line)
        if entry.kind == "comment":
            return entry, max(at, self.closing.get(opened, at))
        if entry.kind not in ("string", "preamble") and not _KEYLESS.match(self.text, at):
            key = _KEY.match(self.text, at)
            assert key is not None  # noqa: S101 - it matches nothing, too
            entry.key, at = key[0].strip(), key.end()
        return entry, self._fields(entry, at, "})" if head[2] == "(" else "}")

    def _fields(self, entry: RawEntry, at: int, ends: str) -> int:
        """Read the fields from ``at`` on into the entry; where it ends."""
        last: list[str] | None = None
        ended = at
        while True:
            if between := _BETWEEN.match(self.text, at):
                at = between.end()
            if at >= len(self.text):
                return at
            if self.text[at] in ends:
                at += 1
                follows = _NEXT.search(self.text, at)
                if follows is None or follows[0][0] == "@":
                    return at
                at = follows.start()  # the entry was closed too early, and goes on
                continue
            if found := _FIELD.match(self.text, at):
                value, at = self._value(found.end(), ends)
                ended = at
                name = re.sub(r"[\s_-]", "", found[1].lower())
                if entry.kind == "string":
                    name = found[1].strip().lower()
                last = entry.fields[name]
                last.append(value)
                continue
            if last is None and (comma := self.text.find(",", at)) > 0:
                at = comma + 1  # a key with a comma in it
                continue
            # Neither a field nor the end: the value before was closed too early, and this is the rest of it.
            follows = _NEXT.search(self.text, at + 1)
            stop = follows.start() if follows else len(self.text)
            if last:
                last[-1] += self.text[ended:stop].rstrip(" \t\n,}")
            at = ended = stop
            if follows and follows[0][0] == "@":
                return at

    def _value(self, at: int, ends: str) -> tuple[str, int]:
        """The value from ``at`` on, its parts joined, and where it ends."""
        parts: list[str] = []
        while True:
            sign = self.text[at : at + 1]
            if sign == "{":
                part, at = self._braced(at)
            elif sign == '"':
                part, at = self._quoted(at)
            else:
                bare = _BARE.match(self.text, at)
                assert bare is not None  # noqa: S101 - it matches nothing, too
                part = bare[0].rstrip(")") if ")" in ends else bare[0]
                after = _SPACE.match(self.text, at + len(part))
                if after is not None and self.text[after.end() : after.end() + 1] == "=":
                    return "".join(parts), at  # no value at all: this is the next field's name
                at += len(part)
                part = self._expand(part)
            parts.append(part)
            after = _SPACE.match(self.text, at)
            if after is None or self.text[after.end() : after.end() + 1] != "#":
                return "".join(parts) if len(parts) == 1 else _joined(parts), at
            behind = _SPACE.match(self.text, after.end() + 1)
            at = behind.end() if behind else after.end() + 1

    def _expand(self, name: str) -> str:
        """What a macro stands for; a name or a number that is none stands for itself."""
        value = self.macros.get(name.lower(), name)
        if len(value) > self.budget:
            return name
        self.budget -= len(value)
        return value

    def _braced(self, at: int) -> tuple[str, int]:
        end = self.closing.get(at)
        if end is None or self.lost:
            stop = _NEXT.search(self.text, at, len(self.text) if end is None else end)
            if stop is not None or end is None:
                until = stop.start() if stop else len(self.text)
                return self.text[at + 1 : until].rstrip(" \t\n,}"), until
        return self.text[at + 1 : end], end + 1

    def _quoted(self, at: int) -> tuple[str, int]:
        limit = len(self.text)
        if self.lost:
            stop = _NEXT.search(self.text, at)
            limit = stop.start() if stop else limit
        place = at + 1
        while sign := _QUOTE.search(self.text, place, limit):
            place = sign.start()
            if sign[0] == '"' and self.text[place - 1] != "\\" and _AFTER_QUOTE.match(self.text, place + 1):
                return self.text[at + 1 : place], place + 1
            place = self.closing.get(place, place) + 1 if sign[0] == "{" else place + 1
        if not self.lost:
            self.lost = True
            return self._quoted(at)
        return self.text[at + 1 : limit].rstrip(' \t\n,"}'), limit


def _joined(parts: list[str]) -> str:
    """Parts as ``#`` joins them; a name that is defined nowhere, such as MCDERMOTT, is kept, and set off by a blank."""
    text = parts[0]
    for part in parts[1:]:
        blank = bool(text and part) and text[-1].isalnum() and part[0].isalnum()
        text += f" {part}" if blank else part
    return text


def _pairs(text: str, braces: re.Pattern[str]) -> dict[int, int]:
    """Where each opening brace is closed; those that are not are left out."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for match in braces.finditer(text):
        if match[0] == "{":
            opened.append(match.start())
        elif match[0] == "}" and opened:
            pairs[opened.pop()] = match.start()
    return pairs
