"""PMIDs and DOIs as people list them: one or several a line, with or without their names and links."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from qa.reading.source import Source
from qa.schema import Skip

_NAMES = re.compile(
    r"(?i)(?:https?://)?(?:(?:www\.)?pubmed\.ncbi\.nlm\.nih\.gov|(?:dx\.|www\.)?doi\.org)/"
    r"|\bpmid\s*[:=]?\s*(?=\d)|\bdoi\s*[:=]\s*"
)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_PMID = re.compile(r"0*([1-9]\d{0,8})/?")
_LIST = re.compile(r"[\d,;]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A record asked for, by PMID or by DOI (lower case), and where that stands (line 0: on the command line)."""

    pmid: str = ""
    doi: str = ""
    path: str = "PubMed"
    line: int = 0

    def __str__(self) -> str:
        return f"PMID {self.pmid}" if self.pmid else f"DOI {self.doi}"


def read_ids(path: str | os.PathLike[str]) -> tuple[list[Wanted], list[Skip]]:
    """The ids in a text file, each once, in order; and what stands there that is none. ReadingError as for any file.

    Everything after a # is a remark. What is no id is skipped, with its line.
    """
    source = Source(path)
    return collect(source.path, source.lines())


def collect(path: str, lines: Iterable[tuple[int, str]]) -> tuple[list[Wanted], list[Skip]]:
    """As :func:`read_ids`, from numbered lines."""
    found: dict[tuple[str, str], Wanted] = {}
    skips = []
    for number, line in lines:
        for word in _words(re.sub(r"(?:^|\s)#.*", "", line)):
            wanted = _wanted(word, path, number)
            if wanted is None:
                skips.append(Skip(path, number, f"{word[:60]!r} is neither a PMID nor a DOI"))
            else:
                found.setdefault((wanted.pmid, wanted.doi), wanted)
    return list(found.values()), skips


def find_ids(words: Sequence[str]) -> list[Wanted]:
    """The ids that arguments of the command line are, each once; empty where one is none: then they are a query."""
    found = [_wanted(word, "PubMed", 0) for argument in words for word in _words(argument)]
    return list(dict.fromkeys(one for one in found if one)) if all(found) else []


def _words(line: str) -> list[str]:
    parts = (_trim(part) for part in _NAMES.sub(" ", line).split())
    # A comma parts numbers; in a DOI it may stand for itself, save at its end.
    split = (re.split(r"[,;]", part) if _LIST.fullmatch(part) else [part] for part in parts)
    return [word for words in split for word in words if word]


def _trim(word: str) -> str:
    """A word without what stands around it. A closing bracket that was opened in it is its own, as DOIs have them."""
    word = word.lstrip("\"'([{<“‘").rstrip("\"'.,;”’")
    while word and word[-1] in ")]}>" and word.count(word[-1]) > word.count("([{<"[")]}>".index(word[-1])]):
        word = word[:-1].rstrip("\"'.,;”’")
    return word


def _wanted(word: str, path: str, line: int) -> Wanted | None:
    if match := _PMID.fullmatch(word):
        return Wanted(pmid=match[1], path=path, line=line)
    if _DOI.fullmatch(word):
        return Wanted(doi=unquote(word).casefold(), path=path, line=line)
    return None
