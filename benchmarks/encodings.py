"""Write real exports in the encodings of older programs, and count the files that read as they did in UTF-8.

    python -m benchmarks.encodings FOLDER [--save benchmarks/results/encodings.json]

Characters that an encoding has no place for are left out beforehand, from both; a file without any other foreign letter
does not count. A file is right when all fields of all its records are equal.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

from benchmarks.machine import conditions
from qa.errors import ReadingError
from qa.reading import read
from qa.schema import Entry

UNICODE = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le")
OLDER = ("cp1252", "latin-1", "mac_roman", "cp1250", "cp850", "gbk", "gb18030", "big5", "cp932")
LARGEST = 1_500_000  # characters
_NO_TEXT = {".gz", ".zip", ".pdf", ".xlsx", ".xml"}  # XML says itself what it is in


def texts(folder: Path) -> dict[str, str]:
    """The files in UTF-8 that have letters beyond ASCII."""
    found = {}
    for path in sorted(folder.iterdir()):
        if path.suffix not in _NO_TEXT and path.name != "MANIFEST.json":
            try:
                text = path.read_bytes().decode("utf-8-sig")
            except UnicodeDecodeError:
                continue
            if not text.isascii() and len(text) < LARGEST:
                found[path.name] = unicodedata.normalize("NFC", text)
    return found


def entries(path: Path, data: bytes) -> list[Entry] | str:
    path.write_bytes(data)
    try:
        return list(read(path))
    except ReadingError as error:
        return error.reason


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--save", type=Path)
    options = parser.parse_args()
    result: dict[str, Any] = {"machine": conditions(), "encodings": {}}
    with tempfile.TemporaryDirectory() as folder:
        for encoding in (*UNICODE, *OLDER):
            files, wrong = 0, []
            for name, text in texts(options.folder).items():
                data = text.encode(encoding, "ignore")
                if encoding == "latin-1":  # its control characters are none of anybody's letters
                    data = bytes(byte for byte in data if not 0x80 <= byte < 0xA0)
                plain = data.decode(encoding)
                if plain.isascii():
                    continue
                path = Path(folder) / f"file{Path(name).suffix}"
                files += 1
                if entries(path, data) != entries(path, plain.encode()):
                    wrong.append(name)
            result["encodings"][encoding] = {"files": files, "right": files - len(wrong), "wrong": wrong}
            print(f"{encoding:10} {files - len(wrong):3} of {files} {'; '.join(wrong[:4])}", flush=True)
    if options.save:
        options.save.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
