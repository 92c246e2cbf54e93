"""Headings within an abstract: "METHODS: We …", "Purpose of review This article …", or a heading on its own line.

Most structured abstracts lose their structure on export; their headings are then words among words. They are found
by a vocabulary and by where they stand. An abstract in which fewer than two are found is taken to have none: one
lone "Results:" is more often a turn of phrase than a heading.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from qa.reading.mapping import words
from qa.schema import Section

#: Words that make a heading. A heading is made of these, of _QUALIFIERS before or after them, and of _JOINTS.
_NOUNS = words(
    """
    abstract aim aims analyses analysis approach approaches assessment assessments background case cases challenge
    comment comments comparison conclusion conclusions context contribution contributions criteria data description
    design diagnosis diagnoses discussion evaluation evidence experiment experiments exposure exposures finding
    findings focus funding future gap goal goals hypotheses hypothesis impact implication implications importance
    innovation inquiry interpretation intervention interventions introduction issue issues limitation limitations
    material materials measure measurement measurements measures message method methodology methods motivation
    novelty objective objectives observation observations originality outcome outcomes outlook overview participant
    participants patient patients perspective perspectives population presentation principle principles problem
    procedure procedures purpose purposes question questions rationale recommendation recommendations registration
    relevance report result results review sample samples setting settings significance source sources statement
    strategy strategies strengths study subject subjects summary synthesis technique techniques treatment treatments
    unlabelled value antecedentes conclusiones conclusión conclusões contexte contexto einleitung ergebnisse
    hintergrund introducción introdução introduzione methoden metodi metodología método métodos méthode méthodes
    objectif objectifs objetivo objetivos risultati resultados résultats schlussfolgerung schlussfolgerungen
    zielsetzung
    """
)

#: Words that may go along with them, but make no heading alone.
_QUALIFIERS = words(
    """
    acquisition active added adds analytic analytical animal article articles author author's authors available
    basic care clinical collection control current demographics descriptive development device dose economic
    eligibility empirical endpoint endpoints ethical ethics ethnopharmacological evidence-based expected
    experimental experimentation extraction follow-up general health human identifier inclusion independent
    information investigation investigations key keypoints known level literature major main managerial mechanism
    mechanisms medical model models national new number organism organisms paper participating policy potential
    practical practice practices primary principal prior prognosis program programme prospero protocol public
    quality randomised randomized recent registered registry relevant research retrospective scientific scope search
    secondary selection selected settings significant sites size social specific statistical studies systematic
    take-home teaching testing theoretical therapeutic this today topic translational trial trials type unique used
    using variables views what work y clinicaltrials.gov
    """
)

_JOINTS = words(
    """
    and or of the for in to on with by from & / , ( ) our this these
    """
)
_DANGLING = _JOINTS | {"using", "used", "y"}

_WORD = re.compile(r"[^\s/,&()]+|[/,&()]")
_MAX_WORDS = 9

#: Where a heading may begin: the text's or a line's start, or behind a sentence. Ovid joins with ".,".
_START = r"(?:^|(?<=\n)|(?<=[.?!:;)\]”\"’*%])\s+|(?<=\.,)\s+|(?<=[.?!)])(?=[A-Z]{4,}))"
_LABEL = r"(?P<label>[^\W\d_][^\n.:;?!]{1,79}?)"
_COLON = re.compile(_START + r"\W{0,2}" + _LABEL + r"\s*(?P<mark>:|\.\s?[–—])(?!//)(?=\s*\S)", re.M)
_STOP = re.compile(_START + _LABEL + r"(?P<mark>\.)\s+(?=\S)", re.M)
_SHOUTED = re.compile(r"(?=.*[A-Z]{5})[A-Z][A-Z'’/&,-]*(?: [A-Z'’/&,()-]+){0,4}")
_LINE = re.compile(r"[^\n]+")


def find_sections(text: str, *, colon_only: bool = False) -> tuple[Section, ...]:
    """The parts of an abstract by the headings in it; empty if there are fewer than two headings.

    What stands before the first heading is a section without a label. With ``colon_only`` just the strictest form
    counts: a known heading with a colon behind it.
    """
    if not text or len(text) > 200_000:  # no abstract is that long, and looking through it takes its time
        return ()
    found: dict[int, tuple[int, str]] = {}  # where a heading starts -> where its body does, and its words
    known = 0
    for start, body, label, sure in _headings(text, colon_only):
        if start not in found:
            found[start] = (body, label)
            known += sure
    if len(found) < 2 or not known:
        return ()
    starts = sorted(found)
    bounds = [(0, starts[0], "")]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        body, label = found[start]
        bounds.append((min(body, end), end, label))
    return tuple(
        Section(label, start, end)
        for start, end, label in ((*_trim(text, start, end), label) for start, end, label in bounds)
        if start < end
    )


def is_heading(label: str) -> bool:
    """Whether these words are a heading that abstracts use: "Results", "Patients and methods", "Main outcome(s)"."""
    words = _WORD.findall(label.lower().replace("(s)", "s").replace("’", "'").strip(" :.*-–—"))
    if not words or len(words) > _MAX_WORDS or words[0] in _DANGLING or words[-1] in _DANGLING - {")"}:
        return False
    if not all(word in _NOUNS or word in _QUALIFIERS or word in _JOINTS for word in words):
        return False
    return any(word in _NOUNS for word in words)


def leading_heading(line: str) -> str:
    """The heading that a paragraph begins with, with a colon or run into the text, or ''."""
    match = _COLON.match(line)
    return match["label"].strip() if match and is_heading(match["label"]) else _run_in(line)


def _headings(text: str, colon_only: bool) -> Iterator[tuple[int, int, str, bool]]:
    """(start, start of the body, label, whether it is of the vocabulary) of each, the surest forms first."""
    for match in _COLON.finditer(text):
        label = match["label"].strip()
        if is_heading(label) and label[0].isupper():
            yield match.start("label"), match.end(), label, True
        elif not colon_only and _SHOUTED.fullmatch(label):
            yield match.start("label"), match.end(), label, False
    if colon_only:
        return
    for match in _STOP.finditer(text):
        if is_heading(match["label"]) and match["label"][0].isupper():
            yield match.start("label"), match.end(), match["label"].strip(), True
    for line in _LINE.finditer(text):
        heading = _own_line(line[0]) or _run_in(line[0])
        if heading:
            start = line.start() + len(line[0]) - len(line[0].lstrip())
            yield start, start + len(heading), heading.strip(" :"), True


def _own_line(line: str) -> str:
    """The heading that is all there is in this line, or ''."""
    line = line.strip()
    return line if line[:1].isupper() and is_heading(line) else ""


def _run_in(line: str) -> str:
    """The heading that the text of this paragraph runs on from, without any mark between, or ''."""
    words = list(itertools.islice(re.finditer(r"\S+", line), _MAX_WORDS + 1))
    for count in range(len(words) - 1, 0, -1):
        first, heading = words[count][0][0], line[words[0].start() : words[count - 1].end()]
        if (first.isupper() or first.isdecimal()) and _looks_set(heading.split()) and is_heading(heading):
            return heading
    return ""


def _looks_set(words: list[str]) -> bool:
    """Capitalised as headings are: all of it, each word, or the first word only. "Methods Patients …" is not one."""
    rest = [word for word in words[1:] if word.lower() not in _JOINTS]
    if not words[0][:1].isupper() or any(word.endswith((",", ".", ":")) for word in words[-1:]):
        return False
    if all(word.isupper() for word in [words[0], *rest]):
        return True
    joined = any(word.lower() in _JOINTS for word in words[1:])
    return all(word.islower() for word in rest) or (joined and all(word.istitle() for word in rest))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
