"""Title and authors of a page: names under a line tell both."""

from __future__ import annotations

import itertools
import re

from qa.reading import citation_line
from qa.reading.headings import is_heading
from qa.reading.mapping import family_first, find_doi
from qa.reading.page_furniture import FURNITURE, KEYWORDS, NOT_TEXT, is_place

_NAME_WORD = (
    r"(?:[A-Z][\w'’‐-]*\.?|[A-Z]\.(?:-?[A-Z]\.)*|van|von|der|den|de|del|della|di|da|dos|la|le|ten|ter|al|bin|ibn|el)"
)
_NAME = re.compile(rf"{_NAME_WORD}(?:,? {_NAME_WORD}){{0,5}}")
_MARKS = re.compile(
    r"(?<=[a-z.])\s?(?:\d+|[*†‡§¶#])(?:\s?[,\s]\s?(?:\d+|[*†‡§¶#]))*|[*†‡§¶✉⁰¹²³⁴-⁹]+|\s[a-h](?=\s*(?:,|;|$|\band\b))"
)
_MAIL = re.compile(r"\S{1,64}(?:@| ?\[at\] ?)\S{1,200}", re.I)
_DEGREES = re.compile(
    r",?\s*\b(?:MD|PhD|Ph\.D\.|M\.D\.|MSc|MPH|MS|BSc|FRCP|MBBS|DPhil|RN|DO|FACP|FACR|PharmD|DrPH|MBA)\b\.?"
)


def find_title(above: list[str]) -> tuple[int | None, list[str]]:
    """Where the title stands, and the authors: names under a title tell both."""
    kinds = [_kind(line) for line in above]
    best: tuple[int, int] | None = None
    for index, line in enumerate(above):
        if kinds[index] not in ("line", "names") or not (people := names_in(line)):
            continue
        title = next((at for at in range(index - 1, max(index - 4, -1), -1) if kinds[at] in ("line", "names")), None)
        if title is None or len(above[title]) < 8:
            continue
        sure = 2 * (len(people) > 1) + (len(above[title].split()) > 3) + (";" in line or bool(_MARKS.search(line)))
        if len(people) == 1 and len(above[title].split()) < 3:
            continue
        if best is None or sure > best[0]:
            best = (sure, index)
    if best is not None:
        names = best[1]
        title = next(at for at in range(names - 1, -1, -1) if kinds[at] in ("line", "names"))
        people = names_in(above[names])
        # One author a line, as some pages set them.
        while len(people) == len(names_in(above[names])) == 1 or (
            names + 1 < len(above) and _lone_name(above[names + 1])
        ):
            names += 1
            if names >= len(above) or not _lone_name(above[names]):
                break
            people += names_in(above[names])
        return title, list(dict.fromkeys(people))
    lines = [index for index, kind in enumerate(kinds) if kind == "line" and len(above[index].split()) >= 4]
    if not lines:
        lines = [index for index, kind in enumerate(kinds) if kind in ("line", "names") and len(above[index]) >= 15]
    return (max(lines, key=lambda index: (len(above[index].split()) > 5, index)), []) if lines else (None, [])


def signed(lines: list[str]) -> list[str]:
    """The authors in lines such as "Ada Moos, Institute of Roofs, Tileham": a name, where they work, and their mail."""
    found: list[str] = []
    for line, below in itertools.pairwise([*lines, ""]):
        name, _, work = line.partition(",")
        if work and len(people := names_in(name)) == 1 and (is_place(line) or _MAIL.fullmatch(below)):
            found += people
    return list(dict.fromkeys(found))


def _kind(line: str) -> str:
    """ "names", "line" (may be a title), or "" for what is neither."""
    if len(line) > 400 or FURNITURE.fullmatch(line) or citation_line.looks_like_one(line) or NOT_TEXT.search(line):
        return "names" if names_in(line) and len(names_in(line)) > 2 else ""
    if is_place(line) or KEYWORDS.match(line) or is_heading(line) or find_doi(line) or len(line) < 8:
        return "names" if names_in(line) and not is_place(line) else ""
    return "names" if names_in(line) else "line"


def _lone_name(line: str) -> bool:
    return (
        len(names_in(line)) == 1
        and 2 <= len(line.split()) <= 5
        and not is_heading(line)
        and not FURNITURE.fullmatch(line)
    )


def names_in(line: str) -> list[str]:
    """The names in a line that holds nothing but names, else none."""
    bare = _MARKS.sub("", _DEGREES.sub("", re.sub(r"^(?:by|authors?:)\s+", "", line, flags=re.I)))
    bare = re.sub(r"\s*(?:\bet al\.?|…|\.\.\.)\s*$", "", bare).strip(" ,;.&") if len(bare) > 4 else bare
    if not bare or bare[-1:] == ":" or len(bare) > 3000:
        return []
    parts = re.split(r"\s*;\s*|\s+(?:and|&)\s+" if ";" in bare else r"\s*(?:,|·|\||•|\band\b|&)\s*", bare)
    parts = [part.strip(" ,") for part in parts if part.strip(" ,")]
    if ";" not in bare and _alternates(parts):
        parts = [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    if not parts or not all(_NAME.fullmatch(part) and 2 <= len(part.split()) <= 6 for part in parts):
        return []
    if any(len(word) > 3 and word.isupper() and len(parts) == 1 for word in bare.split()):
        return []
    return [family_first(part) for part in parts]


def _alternates(parts: list[str]) -> bool:
    """ "Valenzuela, A., Chung, L.": families and initials in turn."""
    return (
        len(parts) > 1
        and len(parts) % 2 == 0
        and all(re.fullmatch(r"(?:[A-Z]\.?[ -]?){1,4}", one) for one in parts[1::2])
    )
