"""BibTeX, in UTF-8, as biber and today's BibTeX read it; every text is LaTeX in which nothing is a command."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from qa.export.escaping import one_line
from qa.export.names import abstract_with_headings, authors, kind, page_range
from qa.schema import Record

#: BibTeX counts braces even behind a backslash, so that no text may hold one as such.
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}
_SPECIAL = re.compile("|".join(re.escape(sign) for sign in _LATEX))
#: A word with a capital beyond its first letter: a style that lowers titles must leave it alone.
_CAPITALS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_AND = re.compile(r"(?i)(?<![^\s])(?:and|others)(?![^\s])")
#: In a DOI or an address nothing is escaped: these are encoded as a browser would.
_NOT_IN_ADDRESS = re.compile(r"[{}\\%\s]")
_STOP_WORDS = frozenset(("and", "are", "does", "for", "from", "the", "with"))


def write(records: Iterable[Record]) -> str:
    """The records as BibTeX, each under a key of its own such as ``moreau2018night``."""
    taken: dict[str, int] = {}
    return "\n".join(_entry(record, _unique(key(record), taken)) for record in records)


def latex(text: str) -> str:
    """The text as LaTeX that prints it, on one line."""
    return _SPECIAL.sub(lambda match: _LATEX[match[0]], one_line(text))


def key(record: Record) -> str:
    """The first author's family name, the year and the title's first telling word, in ASCII."""
    people = authors(record)
    family = _ascii(people[0].family.split()[-1]) if people else ""
    words = [_ascii(word) for word in re.findall(r"[^\W_]+", record.title)[:12]]
    word = next((word for word in words if len(word) > 2 and word not in _STOP_WORDS), "")
    return f"{family}{record.year or ''}{word}"[:60] or "record"


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", plain)


def _unique(wanted: str, taken: dict[str, int]) -> str:
    """The key, or with a number where it is taken: deterministic in the order of the records."""
    while wanted in taken:
        taken[wanted] += 1
        wanted = f"{wanted}_{taken[wanted]}"
    taken[wanted] = 1
    return wanted


def _entry(record: Record, label: str) -> str:
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(record) if value)
    return f"@{kind(record).bibtex}{{{label},\n{lines}}}\n"


def _fields(record: Record) -> Iterator[tuple[str, str]]:
    first, last = page_range(record.pages)
    yield "title", _title(record.title)
    yield "author", " and ".join(_author(name) for name in record.authors if one_line(name))
    yield kind(record).container, latex(record.journal)
    yield "year", str(record.year or "")
    yield "volume", latex(record.volume)
    yield "number", latex(record.issue)
    yield "pages", f"{latex(first)}--{latex(last)}" if last else latex(first)
    yield "doi", _address(record.doi)
    yield "pmid", latex(record.pmid)
    yield "pmcid", latex(record.pmcid)
    yield "url", _address(record.url) if record.url.startswith(("http://", "https://")) else ""
    yield "language", latex(record.language)
    yield "keywords", latex(_list(tuple(dict.fromkeys((*record.keywords, *record.mesh)))))
    yield "abstract", latex(abstract_with_headings(record))


def _title(text: str) -> str:
    """The title with capitals kept where a style would lower them: "Effects of {HIV} on {T-cells}"."""
    parts, at = list[str](), 0
    line = one_line(text)
    for match in _CAPITALS.finditer(line):
        word = match[0]
        if any(letter.isupper() for letter in (word if match.start() else word[1:])):
            parts += [latex_part(line[at : match.start()]), f"{{{latex_part(word)}}}"]
            at = match.end()
    return "".join(parts) + latex_part(line[at:])


def latex_part(text: str) -> str:
    """As :func:`latex`, with the white space at both ends kept."""
    return _SPECIAL.sub(lambda match: _LATEX[match[0]], text)


def _author(name: str) -> str:
    """A person as "Family, Given"; a group, or a name that BibTeX would take apart, in braces."""
    line = one_line(name)
    parts = [part.strip() for part in line.split(",")]
    if len(parts) == 2 and all(parts) and not _AND.search(line):
        return latex(line)
    if len(parts) == 3 and all(parts) and len(parts[2]) <= 4 and not _AND.search(line):
        return latex(f"{parts[0]}, {parts[2]}, {parts[1]}")  # BibTeX wants "Family, Jr, Given"
    return f"{{{latex(line)}}}"


def _list(words: tuple[str, ...]) -> str:
    """The words in a row, parted by commas; by semicolons where one of them holds a comma."""
    return ("; " if any("," in word for word in words) else ", ").join(words)


def _address(text: str) -> str:
    return _NOT_IN_ADDRESS.sub(lambda match: f"%{ord(match[0]):02X}" if match[0] != "%" else "%", one_line(text))
