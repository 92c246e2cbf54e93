"""JSON as a stream of values with their lines: a file of any size is read an entry at a time.

A list of entries may be the file, or stand in an object under one of LISTS, or deeper under one of WRAPPERS; several
values may follow one another. What lies between two values and should not is passed over, and a value that is no
JSON is Unreadable and costs no other: where it ends is told by its brackets.
"""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qa.errors import Broken
from qa.reading.mapping import words
from qa.reading.source import Source

MAX_VALUE = 32 * 1024 * 1024  #: characters of one entry

#: Under what names programs and services list the entries, and what they wrap the list in.
LISTS = words(
    "items results records references data documents entries works papers articles result collection PubTator3"
)
WRAPPERS = words("message resultList response data result")
#: An object that has one of these is an entry itself: the lists in it are its own.
_IDENTIFYING = words("title DOI doi paperId itemType abstract display_name passages")

_SPACE = re.compile(r"[\s\ufeff\x1e]*")
_BETWEEN = re.compile(r"[\s\ufeff\x1e,;]*")
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.S)
_WORD = re.compile(r"[^\s,\[\]{}]+")
_DECODER = json.JSONDecoder(strict=False)  # control characters in texts: every program writes them, one forbids them


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A value that could not be read, and why."""

    reason: str


def values(source: Source) -> Iterator[tuple[int, Any]]:
    """(line, value or Unreadable) of each entry; Broken where the file ends within a value or a list."""
    yield from _Reader(source).top()


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.chunks = _texts(source)
        self.text, self.at, self.whole = "", 0, False
        self._counted, self._line = 0, 1  # up to where lines have been counted, and how many

    @property
    def line(self) -> int:
        """The line that the reader stands on."""
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def more(self) -> bool:
        """Let go of what has been read, and read on; False at the end. Doubles what is there, so time is linear."""
        if self.whole:
            return False
        _ = self.line
        parts = [self.text[self.at :]]
        size = len(parts[0])
        wanted = 2 * size
        while size <= wanted and not self.whole:
            chunk = next(self.chunks, None)
            self.whole = chunk is None
            parts.append(chunk or "")
            size += len(parts[-1])
        self.text, self.at, self._counted = "".join(parts), 0, 0
        return True

    def peek(self, passed: re.Pattern[str] = _SPACE) -> str:
        """The next character behind white space, or '' at the end."""
        while True:
            found = passed.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.text) or not self.more():
                return self.text[self.at : self.at + 1]

    def top(self) -> Iterator[tuple[int, Any]]:
        while char := self.peek(_BETWEEN):
            if char == "[":
                yield from self.list()
            elif char == "{":
                yield from self.object()
            else:
                yield self.line, self.value()

    def list(self) -> Iterator[tuple[int, Any]]:
        first = self.line
        self.at += 1
        while (char := self.peek(_BETWEEN)) != "]":
            if not char:
                reason = f"the JSON is cut off: the list of line {first} never ends. Export it again."
                raise Broken(self.source.path, reason, self.line)
            line = self.line
            yield line, self.value()
        self.at += 1

    def object(self) -> Iterator[tuple[int, Any]]:
        """The entries in an object that wraps a list of them; or the object itself, as the only one."""
        line = self.line
        if not self._wraps():
            yield line, self.value()
            return
        rest: dict[str, Any] = {}
        listed = False
        self.at += 1
        while (char := self.peek(_BETWEEN)) != "}":
            if not char:
                raise Broken(self.source.path, "the JSON is cut off. Export it again.", self.line)
            name = self.value()
            if self.peek() == ":":
                self.at += 1
            char = self.peek()
            if char == "[" and name in LISTS:
                listed = True
                yield from self.list()
            elif char == "{" and name in WRAPPERS:
                listed = True
                yield from self.object()
            elif char != "}":
                value = self.value()
                if isinstance(name, str) and not isinstance(value, Unreadable):
                    rest[name] = value
        self.at += 1
        if not listed:
            yield line, rest

    def _wraps(self) -> bool:
        """Whether the object here has a list of entries in it, rather than being one: told by its first names."""
        while len(self.text) - self.at < 4096 and self.more():
            pass
        depth = 0
        expects_name = True
        at = self.at
        while found := _TOKEN.search(self.text, at):
            mark, at = found[0], found.end()
            if mark in "{[":
                depth += 1
            elif mark in "}]":
                depth -= 1
                if depth <= 0:
                    return False
            elif depth == 1 and expects_name:
                behind = _SPACE.match(self.text, at)
                at = behind.end() if behind else at
                name = mark.strip('"')
                if self.text[at : at + 1] == ":":
                    opens = _SPACE.match(self.text, at + 1)
                    opening = self.text[opens.end() : opens.end() + 1] if opens else ""
                    if (opening == "[" and name in LISTS) or (opening == "{" and name in WRAPPERS):
                        return True
                    if name in _IDENTIFYING:
                        return False
        return False

    def value(self) -> Any:
        """The value here, read whole; Unreadable, and behind it, if it is none."""
        while True:
            try:
                found, end = _DECODER.raw_decode(self.text, self.at)
            except RecursionError:
                problem = "nested deeper than any export"
            except json.JSONDecodeError as error:
                problem = f"not JSON: {error.msg.lower()}"
            except ValueError:
                problem = "a number with thousands of digits"
            else:
                if end < len(self.text) or not isinstance(found, int | float) or not self.more():
                    self.at = end
                    return found
                continue  # a number at the end of what has been read may go on
            end = self._end()
            if end > self.at or self.whole or len(self.text) - self.at > MAX_VALUE:
                break
            self.more()
        if end <= self.at:
            if len(self.text) - self.at > MAX_VALUE:
                raise Broken(
                    self.source.path, f"has an entry of more than {MAX_VALUE >> 20} MB, as no export has.", self.line
                )
            raise Broken(self.source.path, "the JSON is cut off within an entry. Export it again.", self.line)
        self.at = end
        return Unreadable(problem)

    def _end(self) -> int:
        """Where the value here ends, by its brackets; 0 if not in what has been read."""
        if self.text[self.at : self.at + 1] not in ("{", "[", '"'):
            found = _WORD.match(self.text, self.at)
            return found.end() if found else min(self.at + 1, len(self.text))
        depth = 0
        for found in _TOKEN.finditer(self.text, self.at):
            if found[0] in "{[":
                depth += 1
            elif found[0] in "}]":
                depth -= 1
            elif found[0][-1:] != '"' or len(found[0]) < 2:
                return 0  # a text that has no end
            if depth <= 0:
                return found.end()
        return 0


def _texts(source: Source) -> Iterator[str]:
    """The file's text, piece by piece, with LF for every line end."""
    encoding = source.decoder.encoding
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(_western()), translate=True)
    for chunk in source.narrow_chunks():
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _western() -> str:
    """How bytes are read that are not in the file's encoding: as Windows' Western letters."""
    codecs.register_error("qa.western", _as_western)
    return "qa.western"


def _as_western(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end
