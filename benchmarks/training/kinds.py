"""Questions of a kind, made from the sentences that answer them: how common, why, how diagnosed, how treated, what is.

    The prevalence of gout in adults was 3.9%.   →   How common is gout in adults?  What share of adults have gout?

A sentence that says such a thing in one of the ways of ``ways.py`` answers; the other sentences of its abstract do
not, the definition of the same disease and the aim to study it among them: that is the difference to be learned. What
only might answer (a percentage without the pattern, say) is left out of the abstract.
"""

# ruff: noqa: E501 - the tables of patterns are easier to read in long lines
from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from benchmarks.training.instances import Instance, Reading, part
from benchmarks.training.ways import DEFINITION, KINDS, Kind
from qa.schema import Record, Sentence
from qa.sentences.splitter import boundaries

#: How often the sentence that answers points back at what it is about, leaves that out ("The prevalence was …"), or tells a
#: share in words: people write all of these. And how often a definition is put before it, which names the subject and
#: answers nothing but what it is.
POINTED, LEFT_OUT, IN_WORDS, DEFINED = 0.5, 0.4, 0.3, 0.5
_POINTERS = ("It", "It", "This condition", "The condition", "This disorder", "The disease")
_FRACTIONS = (
    "about one third",
    "almost one quarter",
    "nearly half",
    "more than half",
    "one in five",
    "two thirds",
    "approximately three quarters",
    "roughly one in ten",
    "up to a third",
    "a minority",
    "the majority",
)
_PERCENT = re.compile(
    r"(?:about |approximately |nearly |almost |around |up to )?\d[\d.,·]*\s?(?:%|percent|per cent)(?: \([^)]*\))?(?= of )"
)

#: A phrase with one of these is no subject that a person would name.
_NO_SUBJECT = re.compile(
    r"(?i)\b(?:this|these|that|those|it|its|they|their|we|our|which|who|here|there|such|each|both|other|others|another|"
    r"study|studies|results?|findings?|data|analysis|all|many|some|most|present|current|overall|had|was|were|is|are|"
    r"has|have|been|be|not|can|may|might|could|but|because|although|though|however|whether|when|if|than|respectively|whom|"
    r"taken|together|participants?|subjects?|groups?|comparison|interest|population|individuals?|mice|rats|animals?|samples?|"
    r"model|models|levels?|including|included|involving|regardless|versus|vs|yet|even|one|two|three|four|five|\d+)\b"
)
_TOO_GENERAL = re.compile(
    r"(?i)(?:\w+ing\b.*|patients?(?: with)?|patients? \w+|child(?:ren)?|review|adverse events|elderly|disease|diseases|"
    r"testing|factors.*|outcomes?.*|test.*|serum of.*|symptoms|treatment|therapy|women|men|death|mortality)"
)
#: A sentence with one of these says what is looked for, or that it is not known.
_SAYS_NOTHING = re.compile(
    r"(?i)\b(?:aim(?:s|ed)?|objectives?|purpose|sought|to (?:investigate|determine|assess|evaluate|examine|explore|compare|"
    r"describe|clarify)|whether|(?:were|was) (?:\w+ )?(?:examined|evaluated|analy[sz]ed|investigated|studied|compared|assessed|"
    r"measured|explored)|(?:poorly|not (?:well|fully|yet)|incompletely) (?:understood|known|clear)|unclear|unknown|"
    r"(?:is|are) needed|remains? to be|few studies|little is known)\b"
)
_LEADING = re.compile(
    r"(?i)^(?:the|an?|of|and|or|in|for|by|with|to|as|on|from|at|thus|also|new|severe|because|since)\s+"
)
_TRAILING = re.compile(
    r"(?i)\s+(?:the|an?|of|and|or|in|for|by|with|to|as|on|from|at|who|also|often|usually|mostly|mainly)$"
)


def of_kinds(records: Iterable[Record], most: int = 600, seed: int = 0) -> Iterator[Instance]:
    """Up to ``most`` instances of each kind; records that serve for tuning or the report are left out."""
    rng = random.Random(seed)
    abstracts = [record for record in records if len(record.abstract) > 200 and part(record.id) == "learn"]
    rng.shuffle(abstracts)
    by_word: dict[str, list[int]] = defaultdict(list)
    for number, record in enumerate(abstracts):
        for word in set(re.findall(r"[a-z]{6,}", record.title.lower())):
            by_word[word].append(number)
    definitions = list(islice(_definitions(abstracts), 200))
    made: dict[str, int] = defaultdict(int)
    for number, record in enumerate(abstracts):
        sentences = [sentence for sentence in boundaries(record) if sentence.field == "abstract"]
        for kind in KINDS:
            found = _subjects(kind, sentences) if made[kind.name] < most else []
            if not found:
                continue
            found = [(x, y) for x, y in found if _is_topic(x, record, sentences)]
            if not found:
                continue
            x, y = rng.choice(found)
            asked = rng.choice(kind.asked_in if y and kind.asked_in and rng.random() < 0.7 else kind.asked)
            if reading := _reading(kind, x, record, sentences, definitions, rng):
                readings = [reading, *_others(kind, x, number, abstracts, by_word, rng)]
                question = _agreeing(asked.format(x=x, y=y), x)
                made[kind.name] += 1
                yield Instance("kinds", f"{record.id} {kind.name}", question, False, tuple(readings))


def _subjects(kind: Kind, sentences: list[Sentence]) -> list[tuple[str, str]]:
    """What the sentences say something of this kind about, and in whom."""
    found = []
    for sentence in sentences:
        if _SAYS_NOTHING.search(sentence.text):
            continue
        for pattern in kind.answers:
            if match := pattern.search(sentence.text):
                x = subject(match["x"])
                y = subject(match["y"]) if "y" in pattern.groupindex else ""
                if x:
                    found.append((x, y))
    return found


def _definitions(records: Iterable[Record]) -> Iterator[str]:
    """What follows the subject in sentences that say what something is: "is a chronic disease of …"."""
    (defining,) = (kind for kind in KINDS if kind.name == DEFINITION)
    for record in records:
        for sentence in boundaries(record):
            for pattern in defining.answers:
                match = pattern.search(sentence.text) if sentence.field == "abstract" else None
                if match and match["x"][:1].isupper() and len(sentence.text) < 220:
                    yield re.sub(r"^ \([^)]*\)", "", sentence.text[match.end("x") :])
                    break


def _is_topic(x: str, record: Record, sentences: list[Sentence]) -> bool:
    """Whether the abstract is about the subject: its longest word stands in the title, or in three sentences."""
    stem = max(re.findall(r"\w+", x), key=len)[:7].lower()
    return stem in record.title.lower() or sum(stem in sentence.text.lower() for sentence in sentences) > 2


def _agreeing(question: str, x: str) -> str:
    """ "How is varices treated?" as people write it."""
    if not re.search(r"(?i)[^siu]s$", x.split(" of ")[0].split(" in ")[0]) or x.lower().endswith(("sis", "itis")):
        return question
    for one, many in (("is", "are"), ("does", "do"), ("Is", "Are")):
        question = re.sub(rf"\b{one} (?={re.escape(x)})", f"{many} ", question)
    return question


def subject(phrase: str) -> str:
    """The phrase without the small words around it, or '' if nobody would ask for it."""
    before = ""
    while phrase != before:
        before = phrase
        phrase = _TRAILING.sub("", _LEADING.sub("", phrase.strip(" -,")))
    if _NO_SUBJECT.search(phrase) or _TOO_GENERAL.fullmatch(phrase) or not re.search(r"[A-Za-z]{4}", phrase):
        return ""
    return phrase if phrase[:2].isupper() or phrase[:1].islower() else phrase[:1].lower() + phrase[1:]


def _reading(
    kind: Kind, x: str, record: Record, sentences: list[Sentence], definitions: Sequence[str], rng: random.Random
) -> Reading | None:
    named = {word[:6].lower() for word in re.findall(r"\w{4,}", x)}
    kept: list[str] = []
    answers = []
    if kind.name != DEFINITION and definitions and rng.random() < DEFINED:
        kept.append(x[:1].upper() + x[1:] + rng.choice(definitions))
        answers.append(False)
    for sentence in sentences:
        said, text = _subjects(kind, [sentence]), sentence.text
        if any(subject == x for subject, _ in said):
            before = any(x.lower() in one.lower() for one in (record.title, *kept))
            answer, text = True, _as_people_write(text, x, before and kind.name != DEFINITION, rng)
        elif said or (kind.might.search(text) and any(stem in text.lower() for stem in named)):
            # Something of the kind about something else, or perhaps an answer: only an aim is surely none.
            if not _SAYS_NOTHING.search(text):
                continue
            answer = False
        else:
            answer = False
        kept.append(text)
        answers.append(answer)
    return Reading(record.title, tuple(kept), tuple(answers), True) if len(kept) > 2 and not all(answers) else None


def _as_people_write(text: str, x: str, named_before: bool, rng: random.Random) -> str:
    """The sentence that answers, now and then with a pronoun for its subject, or without it, and a share in words."""
    if named_before and text.lower().startswith(x.lower() + " ") and rng.random() < POINTED:
        text = rng.choice(_POINTERS) + text[len(x) :]
    elif named_before and rng.random() < LEFT_OUT:
        text = re.sub(rf" (?:of|for|with|against) (?:the |an? )?{re.escape(x)}\b", "", text, count=1, flags=re.I)
    if rng.random() < IN_WORDS:
        text = _PERCENT.sub(rng.choice(_FRACTIONS), text, count=1)
    return text


def _others(
    kind: Kind, x: str, number: int, abstracts: list[Record], by_word: dict[str, list[int]], rng: random.Random
) -> Iterator[Reading]:
    """Up to two records that name the subject, or else anything, and say nothing of the kind about it."""
    near = {n for word in re.findall(r"[a-z]{6,}", x.lower()) for n in by_word.get(word, ()) if n != number}
    chosen = [*rng.sample(sorted(near), min(4, len(near))), rng.randrange(len(abstracts))]
    given = 0
    for other in chosen:
        record = abstracts[other]
        sentences = [sentence for sentence in boundaries(record) if sentence.field == "abstract"]
        if given < 2 and other != number and not _subjects(kind, sentences):
            kept = tuple(s.text for s in sentences if not (kind.might.search(s.text) and x.lower() in s.text.lower()))
            if kept:
                given += 1
                yield Reading(record.title, kept, (False,) * len(kept), False)
