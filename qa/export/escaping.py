"""Stored text where it meets a format: every character is shown, and none is obeyed.

What comes from files and from people is data. Each function makes one text safe for one place; what a format cannot
hold at all (control characters in XML, halves of surrogate pairs in UTF-8) becomes the replacement character or goes.
"""

from __future__ import annotations

import re
from html import escape
from urllib.parse import urlsplit

_SURROGATES = re.compile("[\ud800-\udfff]")
#: What XML 1.0 forbids, besides surrogates.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: Everything that some program takes for the end of a line, and the other control characters.
_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")

_MARKDOWN = re.compile(r"[\\`*_\[\]$^~|#@]|:(?=//|[\w+-]{1,40}:)|(?<=\bwww)\.|%(?=%)|=(?==)", re.I)
_MARKDOWN_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "{": "&#123;", "}": "&#125;"})
_MARKDOWN_OPENING = re.compile(r"^(?:[-+=]|(\d{1,9})(?=[.)]))")

#: A cell that begins so is a formula to a spreadsheet; the full-width signs are, in East Asian settings.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r]")


def utf8(text: str) -> bytes:
    """The text in UTF-8; halves of surrogate pairs, which UTF-8 cannot hold, become the replacement character."""
    return _SURROGATES.sub("\ufffd", text).encode("utf-8")


def one_line(text: str) -> str:
    """The text on one line: runs of line ends and control characters become a space."""
    return _SURROGATES.sub("\ufffd", _BREAKS.sub(" ", text)).strip()


def xml(text: str) -> str:
    """The text without what XML 1.0 cannot hold. Tabs and line ends stay; markup is escaped by who writes the XML."""
    return _SURROGATES.sub("\ufffd", _NOT_XML.sub("", text))


def html(text: str) -> str:
    """The text for the inside of an HTML element or of a quoted attribute."""
    return escape(xml(text), quote=True)


def markdown(text: str) -> str:
    """The text for the inside of a Markdown paragraph: one line, in which no Markdown, HTML or template begins.

    No link or image can come of it, and neither can what some programs make of bare addresses, @names and #numbers.
    """
    line = one_line(text).translate(_MARKDOWN_ENTITIES)
    line = _MARKDOWN.sub(lambda match: f"\\{match[0]}", line)
    return _MARKDOWN_OPENING.sub(lambda match: f"{match[1]}\\" if match[1] else f"\\{match[0]}", line)


def csv_cell(text: str) -> str:
    """The text for a cell of a CSV file: with an apostrophe in front where a spreadsheet would take it for a formula.

    This is the one place where a quotation may gain a character, since CSV has no other way to say that a cell is
    text; in XLSX and JSON it stands unchanged.
    """
    line = _SURROGATES.sub("\ufffd", text.replace("\x00", ""))
    return f"'{line}" if _FORMULA.match(line) else line


def web_address(address: str) -> str:
    """An address as it may stand in a link: http and https with a host; '' for anything else (javascript:, data:)."""
    try:
        parts = urlsplit(address)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # an address that is none, such as "http://["
        return ""
    return _quote(address) if good and address.startswith(("http://", "https://")) else ""


def _quote(address: str) -> str:
    """Percent-encode what ends an address in one format or the other: spaces, quotes, brackets, control characters."""
    return re.sub(
        r"[\x00-\x20\"'<>\\^`{|}()\[\]\x7f-\x9f\u2028\u2029\ud800-\udfff]",
        lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace")),
        address,
    )
