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

from qa.answering.phrases import (
    ABOUT,
    BARE,
    BREAK,
    CLAUSE,
    CLAUSES,
    CONDITIONS,
    EFFECT,
    END,
    FOR,
    GLUE,
    IDLE,
    LONGEST,
    MARKS,
    MORE,
    OBJECT,
    OF_WHICH,
    OPENING,
    POINTING,
    REMEDIES,
    SAYING,
    SHORT,
    SHOWN,
    SOUND,
    START,
    STUDIES,
    THINGS,
    TIMES,
    TREATED,
    TYPES,
    VERBAL,
    WORD,
    YEARS,
    Word,
    topic_of,
    words,
)
from qa.schema import Filters, Turn

EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Standalone:
    """What to ask the library, with which filters; ``offset`` citations are passed over ("more")."""

    question: str
    filters: Filters
    offset: int = 0


# -- the rules ---------------------------------------------------------------------------------------------------


def resolve(text: str, topic: str, setting: str, last: str) -> tuple[str, bool]:
    """The text with what points back replaced by the topic; and whether it speaks of the studies that were shown."""
    found = words(text)
    parts, done, shown = [], 0, False
    first = next((k for k, word in enumerate(found) if word.kind in ("content", "people")), len(found))
    asks = next((k for k, word in enumerate(found) if word.kind == "asking"), len(found))
    if not found or (found[0].name in OPENING and asks > 1):  # "If it is strep, …" tells a story of its own
        return text, False
    for i, word in enumerate(found):
        if word.start < done or IDLE.match(text, word.start):
            continue
        # What was named before, in another clause of this question, is what the pronoun means.
        elsewhere = i > first and bool(
            BREAK.search(text, found[first].end, word.start)
            or any(w.name in CLAUSES or w.name in SAYING for w in found[first:i])
        )
        if any(w.name in ("if", "i", "im", "i'm") for w in found[:i]) and (i > first or asks >= i):
            elsewhere = True
        if asks > i and not (i and asks == len(found) and found[i - 1].kind == "grammar") and word.name in BARE:
            continue  # a statement, not a question
        start, end, new = word.start, i + 1, ""
        if (word.name in ("it", "them") and not elsewhere) or (word.name == "they" and i < first):
            new = topic
        elif word.name in ("its", "their") and i < first and (not i or found[i - 1].name not in SAYING | OPENING):
            while end < len(found) and found[end].joined and found[end].kind in ("noun", "adjective", "content"):
                end += 2 if [word.name for word in found[end + 1 : end + 3]] == ["of", "action"] else 1
            end = min(end, len(found))
            named = text[found[i + 1].start : found[end - 1].end] if end > i + 1 else ""
            if all(w.kind == "adjective" for w in found[i + 1 : end]):
                continue  # "its contagious": it is
            if end == i + 2 or all(w.kind != "content" for w in found[i + 1 : end]):
                new = f"{'the ' if i else ''}{named} of {topic}"
            else:  # where the name ends is not clear: "its metabolites accumulate"
                new, end = f"{topic}'s", i + 1
        elif word.name in POINTING | {"the"} and not elsewhere:
            new, end, studies = pointed(found, i, topic, setting, last)
            if new and of_which(found, i):
                start = found[i - 1].start  # "which of these studies": which studies of …
            shown = shown or studies
        if new:
            parts += [text[done:start], new]
            done = found[end - 1].end
    return "".join(parts) + text[done:], shown


def of_which(found: Sequence[Word], i: int) -> bool:
    """Whether the word at i is that of "which of these", "any of those"."""
    chosen = i > 1 and found[i - 1].name == "of" and found[i - 2].name in OF_WHICH
    return chosen and found[i].name in ("these", "those")


def pointed(found: Sequence[Word], i: int, topic: str, setting: str, last: str) -> tuple[str, int, bool]:
    """What the demonstrative at i stands for (or ''), the index after its phrase, and whether it means the studies."""
    name, j = found[i].name, i + 1
    before = found[i - 1] if i else None
    while j < len(found) and found[j].joined and found[j].kind == "adjective":
        j += 1
    after = found[j] if j < len(found) and found[j].joined else None
    one = after.name.removesuffix("s") if after else ""
    follows = found[j + 1] if j + 1 < len(found) and found[j + 1].joined else None
    if name == "the":
        alone = all(w.kind != "content" for w in found if w is not after)
        ends = follows is None or follows.kind == "verb" or follows.name in ("in", "among", "more", "most", "be")
        alone = alone and ends and all(w.kind != "noun" for w in found[j + 1 :])
        return (topic, j + 1, False) if alone and j == i + 1 and one in CONDITIONS else ("", j, False)
    joins = before and (before.kind in ("noun", "content", "adjective", "people") or before.name in SAYING)
    if after and after.name == "of":
        return "", j, False
    if before and i == 1 and before.kind == "asking" and after and after.name in VERBAL and name in ("this", "that"):
        return topic, i + 1, False  # "Does this cause pain?"
    if after and (after.kind in ("noun", "people") or one in THINGS or after.name in STUDIES or one in STUDIES):
        if name == "that" and (joins or after.name != one):
            return "", j, False
        if after.kind == "people":
            return setting or f"patients with {topic}", j + 1, False
        if after.name in STUDIES or one in STUDIES:
            return f"{after.name} of {topic}", j + 1, True
        # "this drug" after "What is metformin?" is metformin; after "How is gout treated?" it is a drug for gout.
        frame = last.casefold().replace(topic.casefold(), " ")
        same = one in THINGS and one[:5] not in frame
        if one in REMEDIES:
            named = same and after.name in ("drug", "medication", "medicine", "vaccine")
            same = bool(EFFECT.search(frame)) or (named and not TREATED.search(frame))
        if same:
            return topic, j + 1, False
        return f"{after.name} {'for' if one in FOR or after.name in FOR else 'of'} {topic}", j + 1, False
    if of_which(found, i):
        known = after is not None and (after.kind != "content" or after.name.endswith("ed"))
        return (f"studies of {topic}", i + 1, True) if known else ("", j, False)
    if name == "that" and after and (i > 2 or not before or before.kind != "asking"):
        return "", j, False
    bare = after is None or after.kind in ("verb", "grammar", "asking")
    return (topic, i + 1, False) if bare and not (name == "that" and joins and after) else ("", j, False)


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


def limits(text: str) -> Filters | None:
    """The filters that a text asks for which is nothing but a limit, such as "only reviews since 2018"; else None."""
    found = EVERYTHING
    marked, at = False, 0
    while at < len(text):
        rows = ((row, row.match(text, at)) for row in LIMITS)
        row, match = next(((row, match) for row, match in rows if match), (None, None))
        if row is None or match is None:
            return None
        kind = LIMITS[row]
        if callable(kind):
            found = replace(found, years=kind(*(int(year) for year in match.groups())))
        elif isinstance(kind, Filters):
            found = joined(found, kind)
        marked = marked or callable(kind) or kind == "mark" or found.not_retracted
        at = match.end()
    return found if marked and found else None


def joined(first: Filters, second: Filters) -> Filters:
    """The filters of both, where one of either's names is enough."""
    return replace(
        first,
        designs=tuple(dict.fromkeys(first.designs + second.designs)),
        publication_types=tuple(dict.fromkeys(first.publication_types + second.publication_types)),
        species=tuple(dict.fromkeys(first.species + second.species)),
        not_retracted=first.not_retracted or second.not_retracted,
    )


def limit(pattern: str) -> re.Pattern[str]:
    """A row of the limits, up to the end of its last word and what stands between that and the next."""
    return re.compile(rf"(?:{pattern})(?![^\W_])[\W_]*", re.IGNORECASE)


LIMITS: dict[re.Pattern[str], Any] = {
    **{limit(pattern): years for pattern, years in YEARS},
    **{limit(pattern): filters for pattern, filters in TYPES},
    limit(SOUND): Filters(not_retracted=True),
    limit(MARKS): "mark",
    limit(GLUE): "glue",
}


def over(base: Filters, top: Filters) -> Filters:
    """The filters of ``base``, but where ``top`` says something, that."""
    said = {
        f.name: getattr(top, f.name) for f in fields(Filters) if getattr(top, f.name) != getattr(EVERYTHING, f.name)
    }
    return replace(base, **said)


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
