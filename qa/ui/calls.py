"""What page.js asks the server for besides Gradio's events: records for the panel, verdicts, files to save.

Each is a function of one JSON object and the request, and gives one: what was asked for, or ``problem``, a sentence.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, get_args

import gradio as gr

from qa.errors import NotFound, QAError
from qa.export import find_format
from qa.library import Library
from qa.schema import Answer, Conversation, Field, Filters, Hit, KeptAnswer, Record, Sentence, Standing
from qa.ui import browser, record, words
from qa.ui.libraries import Libraries
from qa.ui.rules import owner

#: How many sentences the panel shows of the article, and how many of others.
AROUND = 4

Call = Callable[[dict[str, Any], gr.Request], dict[str, Any]]


def calls(libraries: Libraries) -> list[Call]:
    """The functions for :class:`gradio.HTML`'s ``server_functions``; what they are given names the library."""

    def show(place: dict[str, Any], request: gr.Request) -> dict[str, Any]:
        """The record that a sentence stands in: as it was quoted, with what has become of it."""
        library = _library(libraries, place)
        held, sentence, hit, standing = _found(library, place, request)
        known = hit.appraisal if hit else library.appraisal(held.id)
        return {"html": record.panel(held, sentence, known, standing)}

    def around(place: dict[str, Any], request: gr.Request) -> dict[str, Any]:
        """More sentences of the record, and similar ones of others."""
        library = _library(libraries, place)
        libraries.rules.look(request)
        held, sentence, _, _ = _found(library, place, request)
        asked = sentence.text if sentence else held.title
        try:
            question = library.conversations(owner(request)).answer(str(place.get("answer"))).answer.asked
        except NotFound:
            question = asked
        same = library.search(question or asked, AROUND + 1, filters=Filters(records=(held.id,)))
        similar = library.search(asked, 3 * AROUND)
        return {
            "html": record.around(
                [hit for hit in same if hit.sentence != sentence][:AROUND],
                [hit for hit in similar if hit.record.id != held.id and hit.sentence.text != asked][:AROUND],
            )
        }

    def judge(said: dict[str, Any], request: gr.Request) -> dict[str, Any]:
        """Keep a verdict on a sentence, or take it back."""
        kept = _library(libraries, said).conversations(owner(request))
        hit = _hit(kept.answer(str(said.get("answer"))).answer, said)
        if hit is None:
            raise NotFound(words.GONE)
        verdict = said.get("verdict")
        kept.judge(str(said["answer"]), hit, verdict if verdict in ("right", "wrong") else None)
        return {}

    def export(wanted: dict[str, Any], request: gr.Request) -> dict[str, Any]:
        """An answer or a conversation as a file."""
        kept = _library(libraries, wanted).conversations(owner(request))
        one = find_format(str(wanted.get("format")))
        subject: Answer | Conversation = (
            kept.load(str(wanted["conversation"]))
            if wanted.get("conversation")
            else kept.answer(str(wanted.get("answer"))).answer
        )
        named = subject.title if isinstance(subject, Conversation) else subject.question
        data = base64.b64encode(one.write(subject)).decode("ascii")
        return {"name": f"{file_name(named)}{one.suffix}", "mime": one.mime, "data": data}

    return [_kind(one) for one in (show, around, judge, export)]


def _library(libraries: Libraries, given: Mapping[str, Any]) -> Library:
    return libraries.get(str(given.get("library") or libraries.first))


def _kind(call: Call) -> Call:
    """The call, with what is the person's to mend as a sentence."""

    @wraps(call)
    def answered(given: Any, request: gr.Request) -> dict[str, Any]:
        try:
            return call(browser.given(given), request)
        except QAError as error:
            return {"problem": str(error)}

    return answered


def file_name(title: str) -> str:
    """A file's name, of letters, digits and hyphens, that tells what is in it."""
    return re.sub(r"[\W_]+", "-", title)[:60].strip("-").lower() or words.NAMELESS_FILE


def _found(
    library: Library, place: Mapping[str, Any], request: gr.Request
) -> tuple[Record, Sentence | None, Hit | None, Standing]:
    """The record and the sentence of a place: as the answer kept them where it has them, else as the library does."""
    try:
        kept: KeptAnswer | None = library.conversations(owner(request)).answer(str(place.get("answer")))
    except NotFound:
        kept = None
    if kept and (hit := _hit(kept.answer, place)):
        (standing,) = library.standing(Answer(kept.answer.question, (hit,)))
        return hit.record, hit.sentence, hit, standing
    held = library.get(str(place.get("record")))
    field = next((name for name in get_args(Field) if name == place.get("field")), None)
    start, end = place.get("start"), place.get("end")
    if field is None or not (isinstance(start, int) and isinstance(end, int)):
        return held, None, None, "unchanged"
    whole: str = getattr(held, field)
    if not 0 <= start < end <= len(whole):
        return held, None, None, "unchanged"
    return held, Sentence(held.id, field, start, end, whole[start:end]), None, "unchanged"


def _hit(answer: Answer, place: Mapping[str, Any]) -> Hit | None:
    """The hit of an answer that stands at a place."""
    wanted = tuple(place.get(name) for name in ("record", "field", "start", "end"))
    return next(
        (
            hit
            for hit in (*answer.citations, *answer.closest)
            if (hit.record.id, hit.sentence.field, hit.sentence.start, hit.sentence.end) == wanted
        ),
        None,
    )
