"""Claims made of titles: "Estrogen protects bone by …" is a claim, and its own abstract holds the evidence somewhere.

Which sentence it is, nobody has said: a loose instance, from which the judge learns to tell the record from others that
are like it (BM25's best for the title), and that an aim is no evidence.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator

from benchmarks.training.instances import Instance, Reading, part, reading_of
from qa.schema import Record
from qa.sentences.roles import with_roles
from qa.sentences.splitter import boundaries
from qa.storage.derived import State
from qa.storage.lexical import LexicalIndex, analyzer

_CLAIMS = re.compile(
    r"(?i)\b(?:is|are|reduces?|increases?|improves?|predicts?|promotes?|inhibits?|regulates?|affects?|causes?|drives?|"
    r"attenuates?|enhances?|mediates?|suppresses?|associated with|correlates?|contributes?|prevents?|decreases?|"
    r"induces?|does not|do not|has|have|requires?|controls?|activates?|reveals?|leads?|links?|protects?|modulates?|"
    r"confers?|impairs?|limits?|triggers?|determines?|facilitates?|targets?|supports?|maintains?)\b"
)
_TITLED = re.compile(r":\s*(?:an?|the|results?|evidence|findings|insights)?\b[^:]*$", re.I)

#: Records that BM25 finds for a title and that are not it: so many of the first, and of those further down.
HARDEST, FURTHER = 2, 2


def of_claims(records: Iterable[Record], suite: str, most: int, seed: int = 0) -> Iterator[Instance]:
    """Up to ``most`` loose instances; records that serve for tuning or the report are left out, also as negatives."""
    rng, analyze = random.Random(seed), analyzer()
    usable = [r for r in records if len(r.abstract) > 300 and r.language in ("", "en", "eng") and part(r.id) == "learn"]
    index = LexicalIndex(None)
    index.add(((row, f"{record.title}\n{record.abstract}") for row, record in enumerate(usable)), State(1, ""))
    claiming = [row for row, r in enumerate(usable) if 30 < len(r.title) < 200 and _CLAIMS.search(r.title)]
    for row in rng.sample(claiming, min(most, len(claiming))):
        record = usable[row]
        claim = _TITLED.sub("", record.title.rstrip(". ")).strip("[] ")
        words = list(dict.fromkeys(analyze.analyze(claim))) if len(claim.split()) > 3 else []
        others = [found for found, _ in index.search(words, 30) if found != row]
        further = rng.sample(others[HARDEST:], min(FURTHER, len(others[HARDEST:])))
        own = _evidence(record)
        if any(own.answers) and words:
            readings = (own, *(reading_of(usable[other]) for other in [*others[:HARDEST], *further]))
            yield Instance(suite, record.id, claim, False, readings, loose=True)


def _evidence(record: Record) -> Reading:
    """The abstract without its title, which is the question; what may be evidence is marked."""
    found = [one for one in with_roles(record, boundaries(record)) if one.field == "abstract"]
    may = tuple(one.role in ("results", "conclusions") for one in found)
    return Reading("", tuple(one.text for one in found), may if any(may) else (True,) * len(may), True)
