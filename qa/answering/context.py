"""What a sentence leans on: shown beside the quotation, never put into it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.schema import Record, Sentence

#: Openings that point back. "It is" and "There is" may point nowhere, so "it" is left out before some adjectives.
_POINTS_BACK = re.compile(
    r"""(?ix) ^ \W* (?:
        it \b (?! \s+ (?: is|was|has\ been|remains|seems|appears) \s+ (?: \w+ly \s+ )?
            (?: (?:un)?(?:clear|likely|known|possible|necessary|important|essential|evident|difficult|recommended) ) )
      | (?: its | they | them | their | theirs | he | she | his | her | these | those | this | such | both | neither
          | either | the\ (?:former|latter|same|two|other|others|above) | here | there(?:by|fore|after) ) \b
      | (?: however | moreover | furthermore | in\ addition | additionally | conversely | in\ contrast | by\ contrast
          | nevertheless | nonetheless | consequently | thus | hence | accordingly | similarly | likewise
          | on\ the\ other\ hand | instead | otherwise | also ) \b
    )"""
)

#: "In this study …", "These results suggest …": they point to the work itself, which the source line names.
_THE_WORK_ITSELF = re.compile(
    r"(?i)^\W*(?:this|these|the present|our)\s+(?:\w+\s+){0,2}(?:study|studies|article|review|paper|report|trial|work|"
    r"analysis|meta-analysis|data|results|findings|observations)\b"
)


def context(sentence: Sentence, siblings: Sequence[Sentence], record: Record) -> Sentence | None:
    """The sentence before, or else the title, where a sentence points back; None where it stands on its own.

    ``siblings`` are the sentences of the abstract that the sentence belongs to, in order; of a full text, some.
    """
    if sentence.field == "title" or not leans(sentence.text):
        return None
    before = [other for other in siblings if other.field == sentence.field and other.end <= sentence.start]
    if before and (sentence.field == "abstract" or before[-1].index == sentence.index - 1):
        return before[-1]
    if not record.title:
        return None
    return Sentence(record.id, "title", 0, len(record.title), record.title)


def leans(text: str) -> bool:
    """Whether a sentence points back to what was said before it."""
    return bool(_POINTS_BACK.match(text)) and not _THE_WORK_ITSELF.match(text)
