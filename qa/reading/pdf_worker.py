"""The lines of a PDF's pages, or of its first, read by PDFium in a process of its own; run as a script, see ``pdf.py``.

A PDF comes in through standard input, JSON goes out. A file that takes too long, eats memory or brings the library
down costs this process and nothing else. Imports nothing of this package: it is started for every file.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import sys
from collections.abc import Iterator
from typing import Any

MEMORY = 768 * 1024**2  #: bytes of address space, besides twice the document; most take a tenth
SECONDS = 4  #: of processor time for a few pages, and for every fifty more
MOST_CHARS = 30_000  #: of a page; a page of small print has 10,000

#: Around what is set higher and smaller than its line, as numbers behind an author's name are.
RAISED, LOWERED = "\ue000", "\ue001"


def main() -> None:
    """Read a PDF from standard input, write what its first pages hold to standard output."""
    data = sys.stdin.buffer.read()
    pages = int(sys.argv[1])
    _limit(MEMORY + 2 * len(data), SECONDS * (1 + pages // 50))
    json.dump(_document(data, pages), sys.stdout)


def _limit(memory: int, seconds: int) -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):  # Windows has no such limits, others may set lower ones
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def _document(data: bytes, pages: int) -> dict[str, Any]:
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        return {"error": "password" if error.err_code == pdfium.FPDF_ERR_PASSWORD else "damaged"}
    found: dict[str, Any] = {"pages": len(document), "info": document.get_metadata_dict(), "lines": []}
    for number in range(min(pages, len(document))):
        try:
            page = document[number]
            text = page.get_textpage()
        except pypdfium2.PdfiumError:
            continue  # one damaged page; the others may hold what is looked for
        found["lines"] += [[number, round(page.get_height(), 1), *line] for line in _lines(text.raw)]
    return found


def _lines(page: Any) -> Iterator[tuple[float, float, float, float, bool, str]]:
    """(left, baseline, right, size, whether bold, text) of each line, in the order in which the page sets them."""
    import pypdfium2.raw as pdfium

    line: list[str] = []
    left = right = base = size = 0.0
    first = last = 0
    raised = False
    box = pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()

    def done() -> Iterator[tuple[float, float, float, float, bool, str]]:
        text = "".join(line) + (LOWERED if raised else "")
        if text.strip(f" {RAISED}{LOWERED}"):
            bold = _is_bold(page, first) and _is_bold(page, last)
            yield round(left, 1), round(base, 1), round(right, 1), round(size, 1), bold, text
        line.clear()

    for index in range(min(pdfium.FPDFText_CountChars(page), MOST_CHARS)):
        code = pdfium.FPDFText_GetUnicode(page, index)
        if code in (0, 10, 13):
            continue
        char = "-" if code in (2, 0xFFFE, 0xAD) else chr(code)
        if 0xD800 <= code < 0xE000 or code in (ord(RAISED), ord(LOWERED)):
            continue
        if char.isspace():
            if line and line[-1] != " ":
                line.append(" ")
            continue
        angle = pdfium.FPDFText_GetCharAngle(page, index)
        if 0.1 < angle < 6.18:
            continue  # what runs up the margin
        pdfium.FPDFText_GetLooseCharBox(page, index, box)
        pdfium.FPDFText_GetCharOrigin(page, index, x, y)
        height = box.top - box.bottom
        small = bool(line) and height < 0.85 * size
        rise = y.value - base
        apart = abs(rise) > (0.7 if small else 0.25) * max(size, height)
        if line and (apart or box.left > right + 1.8 * size or box.left < right - 2.5 * size):
            yield from done()
            raised = small = False
        if not line:
            left, base, size, right, first = box.left, y.value, height, box.right, index
        elif not small and height > size * 1.15 and not line[-1].isalpha():
            size, base = height, y.value  # a line that began with a raised mark
        if small and rise > 0.15 * size and not raised:
            line.append(RAISED)
            raised = True
        elif raised and not small:
            line.append(LOWERED)
            raised = False
        line.append(char)
        right, last = max(right, box.right), index
    yield from done()


def _is_bold(page: Any, index: int) -> bool:
    import pypdfium2.raw as pdfium

    if pdfium.FPDFText_GetFontWeight(page, index) >= 600:
        return True
    name = ctypes.create_string_buffer(200)
    length = pdfium.FPDFText_GetFontInfo(page, index, name, len(name), ctypes.c_int())
    words = name.raw[: max(0, min(length, len(name)) - 1)].lower()
    return any(word in words for word in (b"bold", b"black", b"heavy", b"demi"))


if __name__ == "__main__":
    main()
