"""Conversation: what was typed, given the turns so far, as a question that stands on its own. Rules, no model.

A question that is complete in itself passes unchanged and inherits nothing: a missed follow-up costs less than a
spoiled question. What is taken for a follow-up is short, and either points back ("it", "this disease"), or names
only an aspect ("treatment?", "What are the symptoms?"), or is a limit ("only since 2018"), or asks for more.

The topic is the subject of the last question asked: its first run of words that are neither grammar nor one of the
general words of the tables ("How often does calcinosis cutis occur in systemic sclerosis?": calcinosis cutis, in the
setting of systemic sclerosis; "Does honey shorten cough?": honey). Follow-ups keep the filters of the turn before
them; the records of "which of these" are kept only while the question stays the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from qa.answering.limits import EVERYTHING, limits, over
from qa.answering.phrases import (
    ABOUT,
    CLAUSE,
    END,
    FOR,
    LONGEST,
    MORE,
    OBJECT,
    SHORT,
    SHOWN,
    START,
    TIMES,
    WORD,
    Word,
    topic_of,
    words,
)
from qa.answering.pointing import resolve
from qa.schema import Filters, Turn


@dataclass(frozen=True, slots=True)
class Standalone:
    """What to ask the library, with which filters; ``offset`` citations are passed over ("more")."""

    question: str
    filters: Filters
    offset: int = 0


def tail(found: Sequence[Word], asked_for: bool) -> bool:
    """Whether the words only say where or in whom: "in children", "after surgery", "older adults"."""
    if not found or len(found) > 8 or any(word.kind in ("asking", "verb") or not word.joined for word in found[1:]):
        return False
    if found[0].name in ("in", "among", "for", "with", "without", "after", "during", "under", "by"):
        for_whom = found[0].name != "for" or asked_for or any(word.kind == "people" for word in found)
        return len(found) > 1 and found[1].kind not in ("noun", "verb") and for_whom
    if found[0].kind in ("asking", "verb"):
        return False
    head = next((k for k, word in enumerate(found) if word.kind not in ("adjective", "grammar")), 0)
    return (found[head].kind == "people" or found[head].name in TIMES) and (asked_for or head == len(found) - 1 <= 2)


def extended(question: str, place: str) -> str:
    """The question with a place or population at its end, or instead of the population that it named."""
    found = words(question)
    place = place if words(place)[0].kind == "grammar" and words(place)[0].name not in ("the", "all") else f"in {place}"
    if any(word.kind == "people" for word in words(place)):
        for i, word in enumerate(found):
            end = i + 1
            while end < len(found) and found[end].kind == "adjective":
                end += 1
            if word.name in ("in", "among", "for") and end < len(found) and found[end].kind == "people":
                return question[: word.start] + place + question[found[end].end :]
    bare = question.rstrip(" ?!.")
    return f"{bare} {place}{question[len(bare) :].strip()}"


def completed(text: str, topic: str) -> str:
    """A text that names an aspect and not of what ("treatment?", "What are the symptoms?") with the topic; or ''."""
    found = words(text)
    asks = any(word.kind == "asking" for word in found)
    nouns = [i for i, word in enumerate(found) if word.kind == "noun"]
    if not nouns or len(found) > 12:
        return ""
    cut = next((i for i in range(nouns[0], len(found)) if tail(found[i:], False)), len(found))
    last = max(i for i in nouns if i < cut)
    first = next(i for i in nouns if all(found[k].kind == "noun" for k in range(i, last + 1)))
    # "the mainstay of treatment": one aspect of another, and still of nothing named.
    of = first - 1 if first > 1 and found[first - 1].name == "of" and found[first - 2].kind == "noun" else -1
    first = of - 1 if of > 0 else first
    while first and found[first - 1].kind == "adjective":
        first -= 1
    said = {word.name for i, word in enumerate(found[:cut]) if i != of}
    if any(word.kind in ("content", "people") for word in found[:cut]) or said & OBJECT:
        return ""
    if asks:
        before = {word.name for word in found[max(0, first - 2) : first]}
        opens = first == 1 and found[0].kind == "asking"
        if not (before & {"the", "any", "which", "there", "many", "at"} or opens) or said & {"between", "and", "or"}:
            return ""
        if any(word.kind == "content" for word in found[cut:]):
            return ""
    elif any(word.kind == "verb" for word in found[:cut]) or found[-1].kind == "grammar" or cut > 5:
        return ""
    name = found[last].name
    join = "for" if name in FOR or name.removesuffix("s") in FOR else "of"
    return f"{text[: found[last].end]} {join} {topic}{text[found[last].end :]}"


def carried(turn: Turn, page: Filters, records: bool = False) -> Filters:
    """The filters of a turn for a follow-up; a field that was changed in the page since is as the page has it."""
    kept: dict[str, Any] = {
        f.name: getattr(turn.filters if getattr(page, f.name) == getattr(turn.switched, f.name) else page, f.name)
        for f in fields(Filters)
    }
    return Filters(**kept) if records else Filters(**{**kept, "records": page.records})


def stand_alone(text: str, turns: Sequence[Turn], filters: Filters = EVERYTHING) -> Standalone:
    """The question that a text stands for after these turns, with ``filters``, those switched on in the page."""
    text = text.strip()
    clause = CLAUSE.search(text[-80:])
    asked = limits(clause[1]) if clause else None
    front = text[: -len(clause[0])].rstrip() if clause else ""
    if clause is None or asked is None or not WORD.search(front):
        return follow(text, turns, filters)
    before = follow(front, turns, filters)
    question = before.question + ("?" if "?" in clause[1] and "?" not in before.question else "")
    return replace(before, question=question if turns else text, filters=over(before.filters, asked), offset=0)


def follow(text: str, turns: Sequence[Turn], filters: Filters) -> Standalone:
    """:func:`stand_alone` without a limit at the end."""
    complete = Standalone(text, filters)
    turns = [turn for turn in turns if WORD.search(turn.asked)]
    start = START.match(text[:LONGEST])
    core = text[start.end() if start else 0 :]
    found = words(core[:LONGEST])
    if not turns or not found or len(text) > LONGEST:
        return complete
    turn, mark = turns[-1], "?" if "?" in core[found[-1].end :] else ""
    core = END.sub("", core[: found[-1].end])

    if MORE.fullmatch(core):
        same = carried(turn, filters, records=True)
        return Standalone(turn.asked, same, turn.shown if same == turn.filters else 0)
    if asked := limits(core):
        same = over(carried(turn, filters, records=True), asked)
        return Standalone(turn.asked, replace(same, records=turn.records) if SHOWN.search(core) else same)

    topic, setting = topic_of(turns)
    about = ABOUT.match(core)
    rest = core[about.end() :] if about else core
    kept = carried(turn, filters)

    def asks(question: str) -> Standalone:
        ended = question if question.endswith("?") else question + mark
        return Standalone(ended[0].upper() + ended[1:] if text[0].isupper() else ended, kept)

    if tail(words(rest), about is not None or bool(start and start.end())):
        return replace(complete, question=extended(turn.asked, rest), filters=kept)
    if not topic:
        return complete
    resolved, shown = resolve(rest, topic, setting, turn.asked)
    if resolved != rest:
        result = asks(resolved)
        return replace(result, filters=replace(kept, records=turn.records)) if shown and turn.records else result
    for pattern, template in SHORT:
        if match := re.fullmatch(pattern, rest, re.I):
            return asks(template.format(*(part.lower() for part in match.groups()), topic=topic))
    if aspect := completed(rest, topic):
        return asks(aspect)
    named = words(rest)
    if (about or re.match(r"\W*(?:and|or)\b", text, re.I)) and all(w.kind not in ("asking", "verb") for w in named):
        if any(word.name in ("of", "for") for word in named) and about:
            return asks(rest)
        if 0 < len(named) <= 4:
            return asks(f"{rest} in {topic}")
    return complete
