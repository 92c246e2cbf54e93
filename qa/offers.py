"""Questions to begin with, made of the library's own titles and sentences; each is one that it answers.

A question is only offered where asking it gives a sentence of the very record that it was made of. What is made of a
title or a sentence is made by a table of frames, so that its words stay the record's own.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from qa.library import Library
from qa.schema import Record
from qa.sentences import split

#: Questions offered, records looked at, and questions tried until there are enough.
OFFERED, LOOKED_AT, TRIED = 3, 200, 12

#: Words of a question to begin with: fewer say too little, more are no question that somebody would ask.
SHORTEST, LONGEST = 4, 14

_OF = r"(?:the )?(?P<what>{}) (?P<rest>(?:of|for|in|on|between|among) .+)"
_SINGULAR = "prevalence|incidence|frequency|efficacy|effectiveness|safety|impact|role|influence|effect|association|"
_SINGULAR += "relationship|correlation|pathogenesis|prognosis|burden|accuracy"
_PLURAL = "effects|risk factors|predictors|causes|outcomes|complications|determinants|associations|barriers|mechanisms"

#: A title, less what follows a colon → a question, the best frames first.
_TITLES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(_OF.format(_SINGULAR), re.I), "What is the {what} {rest}?"),
    (re.compile(_OF.format(_PLURAL), re.I), "What are the {what} {rest}?"),
    (
        re.compile(_OF.format("treatment|management|diagnosis|prevention"), re.I),
        "What is known about the {what} {rest}?",
    ),
)

#: A conclusion → a question that it answers.
_LEAD = re.compile(r"(?:[A-Z]{4,}: *)?(?:(?:In (?:conclusion|summary|short)|Overall|Thus), )?")
_SUBJECT = r"(?P<subject>[A-Za-z][^,;:()]{4,70}?)"
_OBJECT = r"(?P<object>(?!with |by |in |as |to |from |the more )[^,;:()]{5,70}?)(?:[,;(].*)?\."
_CONCLUSIONS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"{_SUBJECT} (?:is|was|are|were) (?:\w+ly )?associated with {_OBJECT}"),
     "What is associated with {object}?"),
    (re.compile(rf"{_SUBJECT} (?:\w+ly )?(?:reduces|reduced) {_OBJECT}"), "What reduces {object}?"),
    (re.compile(rf"{_SUBJECT} (?:\w+ly )?(?:improves|improved) {_OBJECT}"), "What improves {object}?"),
    (re.compile(rf"{_SUBJECT} (?:\w+ly )?(?:increases|increased) {_OBJECT}"), "What increases {object}?"),
)  # fmt: skip

#: What the name of a topic has, and what a title has that claims something: then it is no name.
_TOPIC = re.compile(r" (?:of|for|in|with|and|among|after|during) ")
_CLAIM = re.compile(
    r"(?i)\b(?:outperform|improve|reduce|increase|decrease|predict|affect|induce|inhibit|enhance|prevent|cause|promote|"
    r"regulate|mediate|suppress|attenuate|modulate|protect|require|show|reveal|suggest|identifie|alter|impair)[sd]\b"
)

#: How a title begins that asks, and what it says when it asks of itself.
_ASKS = re.compile(r"(?:Is|Are|Was|Were|Do|Does|Did|Can|Could|Should|Will|Has|Have|What|Which|How|Why|When|Who|Where) ")
_OURS = re.compile(r"(?i)\b(?:our|ours|we|us|i|my|this|these)\b")

#: With one of these a title is a sentence, and a conclusion more than one thought.
_VERB = re.compile(
    r"(?i)\b(?:is|are|was|were|be|been|has|have|had|does|do|did|can|may|should|not|this|these|our|we|it)\b"
)


def find_offers(library: Library) -> tuple[str, ...]:
    """Up to OFFERED questions, each about another record; it takes some seconds. None is made of an example."""
    found: list[str] = []
    used: set[str] = set()
    for question, record in candidates(library)[:TRIED]:
        if record not in used and any(hit.record.id == record for hit in library.ask(question).citations):
            found.append(question)
            used.add(record)
        if len(found) == OFFERED:
            break
    return tuple(found)


def candidates(library: Library) -> list[tuple[str, str]]:
    """Questions with the ids of their records, the likeliest to please first; always the same ones."""
    records = len(library)
    made: list[tuple[int, str, str, str]] = []
    spread, count = (LOOKED_AT // 4, 4) if records > LOOKED_AT else (LOOKED_AT, 1)
    for part in range(count):
        for record in library.listing(start=part * (records // count), count=spread).records:
            if not record.is_example:
                shuffled = hashlib.sha256(record.id.encode()).hexdigest()
                made += [(rank, shuffled, question, record.id) for rank, question in of_record(record)]
    return [(question, record) for _, _, question, record in sorted(made)]


def of_record(record: Record) -> Iterator[tuple[int, str]]:
    """What could be asked of a record, each with how natural it is (0: most)."""
    for rank, question in (*_of_title(record), *_of_conclusion(record)):
        if SHORTEST <= len(question.split()) <= LONGEST and "[" not in question:
            yield rank, question


def _of_title(record: Record) -> Iterator[tuple[int, str]]:
    title = " ".join(record.title.split()).strip("[]. ")
    if "?" in title:
        asked = title[: title.index("?") + 1].rpartition(": ")[2]
        if _ASKS.match(asked) and not _OURS.search(asked):
            yield 0, asked
        return
    topic = title.partition(":")[0].strip()
    for pattern, frame in _TITLES:
        if (match := pattern.fullmatch(topic)) and not _VERB.search(topic):
            shouting = sum(word[:1].isupper() and word[1:].islower() for word in match["rest"].split()) > 1
            yield 3 if shouting else 1, frame.format(what=match["what"].lower(), rest=match["rest"])
            return
    if _TOPIC.search(topic) and not _VERB.search(topic) and not _CLAIM.search(topic):
        yield 4, f"What is known about {topic}?"


def _of_conclusion(record: Record) -> Iterator[tuple[int, str]]:
    for sentence in split(record) if record.abstract else ():
        if sentence.role != "conclusions":
            continue
        for pattern, frame in _CONCLUSIONS:
            match = pattern.fullmatch(_LEAD.sub("", " ".join(sentence.text.split())))
            if match and not _VERB.search(match["object"]) and not _VERB.search(match["subject"]):
                yield 2, frame.format(object=match["object"])
