"""What "it", "this disease" and "these studies" in a question point back to, put in their place. Rules, no model."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answering.phrases import (
    BARE,
    BREAK,
    CLAUSES,
    CONDITIONS,
    EFFECT,
    FOR,
    IDLE,
    OF_WHICH,
    OPENING,
    POINTING,
    REMEDIES,
    SAYING,
    STUDIES,
    THINGS,
    TREATED,
    VERBAL,
    Word,
    words,
)


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
