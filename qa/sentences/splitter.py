"""Sentence boundaries: nupunkt's, mended where scientific abstracts differ from the text it learned from.

Each rule below is there because gold sentences (GENIA) or real PubMed abstracts showed the fault; the table in
``tests/sentences/test_splitter.py`` has an example for each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.schema import Field, Record, Sentence
from qa.sentences.roles import with_roles

#: Changes when the same record would be split differently; a library remembers which version made it.
VERSION = "nupunkt/1 roles/1"

_OPENERS = (
    "A|Although|An|And|As|At|Because|Both|But|By|Conversely|Finally|For|From|Further|Furthermore|Hence|Here|However|"
    "If|In|Interestingly|It|Its|Moreover|Most|No|Of|On|One|Our|Overall|Patients|Results|Similar|Similarly|Since|"
    "Some|Such|That|The|Their|There|Therefore|These|They|This|Those|Thus|To|Two|Using|We|When|Whereas|While|With"
)

#: A full stop with no space behind it: "… of bias in many studies.In very low certainty …".
_GLUED = re.compile(r"(?<=[a-z0-9)%\]])[.?!](?=[A-Z][a-z]+[ ,])")

#: A letter or a unit taken for an abbreviation, before a word that opens a sentence: "… kinase C. However, …".
_UNIT_THEN_OPENER = re.compile(rf"(?<=[\s\-(][A-Zhds])\.(?=\s+(?:{_OPENERS})\b)|(?<=\smin|.\shr)\.(?=\s+[A-Z])")

#: The number of a list item belongs to what follows it: "… than neutrophils. 6. Partitioning of …".
_ITEM_NUMBER = re.compile(r"(?:^|[.?!]\s+)(\(?\d{1,2}[.)])$")

#: An abbreviated name goes on in lower case: "anti-E. chaffeensis", "A. chamissonis ssp. foliosa".
_NAME_GOES_ON = re.compile(r"(?:[-\s(][A-Z]|\bsubsp|\bssp|\bspp|\bvar|\bcv|\bet al|\be\.g|\bi\.e|\bvs)\.$")

#: A reference goes on with volume and pages: "Antioxid. Redox Signal. 34, 1420–1427."
_VOLUME_PAGES = re.compile(r"\d+\s?(?:\([^)]*\)\s?)?[,:]\s?[A-Z]?\d")

#: No sentence of its own: "(P = 0.024)." or a stray quotation mark.
_FRAGMENT = re.compile(r"\([^()]{0,40}\)\W*|\W*")

_PARAGRAPH = re.compile(r"\n\s*\n")


def split(record: Record) -> tuple[Sentence, ...]:
    """The sentences of a record with their roles: those of title, abstract and full text, in order."""
    return with_roles(record, boundaries(record))


def boundaries(record: Record) -> tuple[Sentence, ...]:
    """As :func:`split`, without the roles.

    A sentence never crosses a section or a blank line; headings, which lie outside the sections, are in none.
    Spans have no white space at their ends and do not overlap.
    """
    sections = [(section.label, section.start, section.end) for section in record.sections]
    parts = sections or [("", 0, len(record.abstract))]
    return (
        *_sentences(record, "title", [("", 0, len(record.title))]),
        *_sentences(record, "abstract", parts),
        *(_sentences(record, "body", [("", 0, len(record.body))]) if record.body else ()),
    )


def spans(text: str) -> list[tuple[int, int]]:
    """Sentence spans (start, end) of a running text, in order."""
    from nupunkt import sent_spans

    found: list[tuple[int, int]] = []
    for start, end in _cut(text, [(int(start), int(end)) for start, end in sent_spans(text)]):
        if found and _belongs(text[found[-1][0] : found[-1][1]], text[start:end]):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _sentences(record: Record, field: Field, parts: list[tuple[str, int, int]]) -> Iterator[Sentence]:
    text: str = getattr(record, field)
    index = 0
    for label, start, end in parts:
        for block_start, block_end in _blocks(text, start, end):
            for a, b in spans(text[block_start:block_end]):
                a, b = block_start + a, block_start + b
                yield Sentence(record.id, field, a, b, text[a:b], index, label)
                index += 1


def _blocks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for gap in _PARAGRAPH.finditer(text, start, end):
        yield start, gap.start()
        start = gap.end()
    yield start, end


def _cut(text: str, rough: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Further cuts inside nupunkt's spans; list numbers moved to what they number; ends trimmed."""
    cuts: list[int] = [0]
    for start, end in rough:
        inside = [match.end() for rule in (_GLUED, _UNIT_THEN_OPENER) for match in rule.finditer(text, start, end)]
        number = _ITEM_NUMBER.search(text[start:end].rstrip())
        cuts += [*sorted(inside), start + number.start(1) if number and end < len(text) else end]
    for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True):
        piece = text[start:end]
        if stripped := piece.strip():
            offset = start + piece.index(stripped[0])
            yield offset, offset + len(stripped)


def _belongs(before: str, piece: str) -> bool:
    """Whether a piece is no sentence of its own but the end of the one before."""
    return bool(
        _FRAGMENT.fullmatch(piece)
        or (_VOLUME_PAGES.match(piece) and before.endswith("."))
        or (piece[0].islower() and _NAME_GOES_ON.search(before))
    )
