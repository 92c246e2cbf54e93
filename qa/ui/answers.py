"""A conversation as HTML: its questions, the sentences that answer them, and what can be done with each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote_plus

from qa.export import FORMATS
from qa.schema import STANDINGS, Answer, Conversation, Hit, Judgement, KeptAnswer, Sentence, Standing, Verdict
from qa.ui import words
from qa.ui.render import badge, flags, link, note, opener, place, source, study, text

#: The most of a question that the conversation repeats.
QUESTION_SHOWN = 400

#: What was said of sentences, by their places.
Verdicts = Mapping[tuple[str, str, int, int], Verdict]


@dataclass(frozen=True, slots=True)
class Turn:
    """An answer as the page shows it: what has become of its citations since, and what was said of its sentences."""

    kept: KeptAnswer
    standings: tuple[Standing, ...] = ()
    verdicts: Verdicts = field(default_factory=dict)


def verdicts(judgements: Sequence[Judgement]) -> Verdicts:
    """The verdicts of one answer's judgements, by place."""
    return {(one.record_id, one.field, one.start, one.end): one.verdict for one in judgements}


def invitation(*, holds: bool = True, may_add: bool = True) -> str:
    """What is shown before the first question; where the library holds nothing, what to do first."""
    first = ""
    if not holds:
        first = f'<p class="qa-invite">{words.INVITE if may_add else words.NOTHING_TO_READ}</p>'
        first += f"<p>{_choose('qa-strong')}</p>" if may_add else ""
    return (
        f'<div class="qa-empty"><p class="qa-empty-title">{words.EMPTY_TITLE}</p>'
        f"<p>{words.EMPTY}</p><p>{words.EMPTY_NOT}</p>{first}</div>"
    )


def empty(library: str = "") -> str:
    """A conversation in which nothing has been asked."""
    return f'<div class="qa-turns" data-library="{text(library)}" data-conversation=""></div>'


def turns(conversation: Conversation, shown: Sequence[Turn], show: str = "", library: str = "") -> str:
    """A whole conversation; ``show`` is the id of the answer to bring into view."""
    menu = exports(words.EXPORT_CONVERSATION, "data-whole")
    return (
        f'<div class="qa-turns" data-library="{text(library)}" data-conversation="{text(conversation.id)}" '
        f'data-show="{text(show)}">'
        f'<div class="qa-bar"><h2 class="qa-h2" dir="auto">{text(conversation.title)}</h2>{menu}</div>'
        f"{''.join(turn(one) for one in shown)}</div>"
    )


def turn(shown: Turn) -> str:
    """One question and its answer, with its link, its exports, and what has changed in the library since."""
    answer = shown.kept.answer
    found = words.counted(len(answer.citations), words.SENTENCES_ONE, words.SENTENCES)
    said = words.SAID.format(count=found) if answer else words.SAID_NONE
    return (
        f'<section class="qa-turn" data-answer="{text(shown.kept.id)}" data-said="{text(said)}">'
        f"{question(answer.question)}{understood(answer)}{since(shown)}{body(answer, shown.verdicts)}"
        f'<div class="qa-foot">'
        f'<button type="button" class="qa-quiet" data-link>{words.COPY_LINK}</button>'
        f"{exports(words.EXPORT_ANSWER, '')}"
        f'<button type="button" class="qa-quiet" data-edit="{text(answer.question.strip())}">{words.ASK_AGAIN}'
        f"</button></div></section>"
    )


def exports(label: str, whole: str) -> str:
    """A menu of the formats; page.js writes the file."""
    items = "".join(
        f'<li><button type="button" class="qa-quiet" data-export="{one.name}" {whole}>{text(one.title)} '
        f'<span class="qa-suffix">{text(one.suffix)}</span></button></li>'
        for one in FORMATS
    )
    return (
        f'<details class="qa-menu"><summary class="qa-quiet" aria-label="{text(label)}">{words.EXPORT}</summary>'
        f"<ul>{items}</ul></details>"
    )


def question(value: str) -> str:
    """The person's question, as the conversation repeats it; a very long one is cut, and says so."""
    shown = value if len(value) <= QUESTION_SHOWN else value[:QUESTION_SHOWN]
    rest = f' <span class="qa-more">{words.CUT.format(count=len(value))}</span>' if shown != value else ""
    return f'<h3 class="qa-question" dir="auto">{text(shown)}{rest}</h3>'


def understood(value: Answer) -> str:
    """The question that was asked of the library, where it is not the one typed, and the limits it was asked within."""
    parts = []
    if value.asked and value.asked != value.question.strip():
        asked = f'<span class="qa-asked">{text(words.ASKED_AS.format(question=value.asked))}</span>'
        edit = (
            f'<button type="button" class="qa-quiet" data-edit="{text(value.asked)}" '
            f'aria-label="{text(words.EDIT_LABEL)}">{words.EDIT}</button>'
        )
        parts.append(f"{asked} {edit}")
    if value.filters:
        parts.append(f"<span>{text(words.ONLY.format(filters=value.filters))}</span>")
    return f'<div class="qa-understood" dir="auto">{" · ".join(parts)}</div>' if parts else ""


def since(shown: Turn) -> str:
    """What has changed in the library since the answer was given; nothing where nothing has."""
    changed = [
        f"[{hit.number}] {STANDINGS[standing]}"
        for hit, standing in zip(shown.kept.answer.citations, shown.standings, strict=False)
        if standing != "unchanged"
    ]
    return note(words.SINCE.format(what="; ".join(changed))) if changed else ""


def body(value: Answer, said: Verdicts) -> str:
    """The answer's sentences, numbered, each with its source and its place; or the reason why there is none."""
    if not value:
        return note(value.reason or words.NO_ANSWER) + awaiting(value) + closest(value)
    items = "".join(citation(hit, said.get(_key(hit.sentence))) for hit in value.citations)
    return f'<div class="qa-answer"><ol>{items}</ol></div>' + awaiting(value)


def awaiting(value: Answer) -> str:
    """What of the library was not embedded yet when the answer was given, in words; empty where nothing was."""
    return f'<p class="qa-aside">{text(words.AWAITED.format(value.awaiting))}</p>' if value.awaiting else ""


def closest(value: Answer) -> str:
    """The nearest sentences of a question without an answer, folded away, and what to do."""
    if not value.closest:
        return ""
    items = "".join(
        f'<li><span class="qa-near">{opener(hit.sentence, source(hit.record))}</span>{source_line(hit)}</li>'
        for hit in value.closest
    )
    return (
        f'<details class="qa-details qa-closest"><summary>{words.CLOSEST}</summary><ul>{items}</ul></details>'
        + remedies(value)
    )


def remedies(value: Answer) -> str:
    """What somebody can do whose library has no answer: look for records, add them, ask otherwise."""
    asked = (value.asked or value.question).strip()
    address = f"https://pubmed.ncbi.nlm.nih.gov/?term={quote_plus(asked[:QUESTION_SHOWN], errors='replace')}"
    rows = (
        (
            f'<a class="qa-link" href="{text(address)}" target="_blank" rel="noopener noreferrer">'
            f"{words.SEARCH_PUBMED}</a>",
            words.SEARCH_PUBMED_NOTE,
        ),
        (_choose("qa-quiet"), words.CHOOSE_FILES_NOTE),
        (
            f'<button type="button" class="qa-quiet" data-edit="{text(asked)}">{words.OTHER_WORDS}</button>',
            words.OTHER_WORDS_NOTE,
        ),
    )
    items = "".join(f"<li>{act} <span>{said}</span></li>" for act, said in rows)
    return f'<div class="qa-note qa-hint"><p>{words.ADD_MORE}</p><ul class="qa-remedies">{items}</ul></div>'


def _choose(look: str) -> str:
    """A button that lets somebody choose files to add; page.js hands it on to the zone that takes them."""
    return f'<button type="button" class="{look}" data-choose>{words.CHOOSE_FILES}</button>'


def citation(hit: Hit, verdict: Verdict | None = None) -> str:
    """One sentence, word for word, with its number, its source line, and what speaks for it."""
    return (
        f'<li class="qa-citation" value="{int(hit.number)}"><span class="qa-number">{int(hit.number)}</span>'
        f"{context(hit)}"
        f'<blockquote class="qa-sentence">{opener(hit.sentence, source(hit.record))}</blockquote>'
        f"{source_line(hit)}"
        f'<div class="qa-tools">{reveal(hit)}{thumbs(hit, verdict)}{why(hit)}{also(hit)}</div></li>'
    )


def reveal(hit: Hit) -> str:
    """Two buttons that open the record: at the sentence, and at its citations."""
    return (
        f'<button type="button" class="qa-quiet qa-reveal" data-reveal aria-haspopup="dialog" '
        f'aria-label="{text(words.REVEAL_LABEL.format(n=hit.number))}">{words.REVEAL}</button>'
        f'<button type="button" class="qa-quiet" data-reveal="cite" aria-haspopup="dialog" '
        f'aria-label="{text(words.CITE_LABEL.format(n=hit.number))}">{words.CITE}</button>'
    )


def source_line(hit: Hit) -> str:
    """Who, where and when; what kind of study; what has become of it; and the link."""
    return (
        f'<p class="qa-source">{flags(hit.appraisal)}{role(hit)}'
        f'<cite class="qa-byline" dir="auto">{text(source(hit.record))}</cite>'
        f"{study(hit.appraisal)}{_page(hit)}{link(hit.record)}{badge(hit.record)}</p>"
    )


def _page(hit: Hit) -> str:
    return f' <span class="qa-study">{text(words.PDF_PAGE.format(page=hit.page))}</span>' if hit.page else ""


def thumbs(hit: Hit, verdict: Verdict | None) -> str:
    """Two buttons that say whether the sentence answers; the one that was pressed stays so."""
    choices: tuple[tuple[Verdict, str, str], ...] = (
        ("right", words.RIGHT, words.RIGHT_LABEL),
        ("wrong", words.WRONG, words.WRONG_LABEL),
    )
    buttons = "".join(
        f'<button type="button" class="qa-quiet qa-thumb" data-verdict="{name}" {place(hit.sentence)} '
        f'aria-pressed="{"true" if verdict == name else "false"}" aria-label="{text(label.format(n=hit.number))}">'
        f"{word}</button>"
        for name, word, label in choices
    )
    return f'<span class="qa-thumbs">{buttons}</span>'


def also(hit: Hit) -> str:
    """The other records that say the same, folded away."""
    if not hit.also:
        return ""
    count = words.counted(len(hit.also), words.ALSO_ONE, words.ALSO)
    items = "".join(f'<li dir="auto">{text(source(record))} {link(record)}</li>' for record in hit.also)
    return f'<details class="qa-details qa-also"><summary>{count}</summary><ul>{items}</ul></details>'


def role(hit: Hit) -> str:
    """What the sentence does in its abstract, as a small word."""
    word = words.ROLE_WORDS.get(hit.sentence.role)
    return f'<span class="qa-role qa-role-{hit.sentence.role}">{word}</span> ' if word else ""


def context(hit: Hit) -> str:
    """What the sentence leans on, apart from the quotation: the sentence before it, or the title."""
    if hit.context is None:
        return ""
    label = words.IN_TITLE if hit.context.field == "title" else words.BEFORE_IT
    return f'<p class="qa-context"><span>{label}</span> <span dir="auto">{text(hit.context.text)}</span></p>'


def why(hit: Hit) -> str:
    """The evidence that put the sentence where it is, folded away."""
    if hit.why is None:
        return ""
    judged = hit.why.judged
    if judged is None:
        verdict = words.NOT_JUDGED
    else:
        verdict = (words.JUDGED_FOR if judged > 0 else words.JUDGED_AGAINST).format(odds=judged)
    shared = words.WORDS_SHARED.format(words=", ".join(hit.why.words)) if hit.why.words else words.NO_WORDS_SHARED
    lines = [
        shared,
        words.SIMILARITY.format(cosine=hit.why.similarity),
        words.RECORD_RANK.format(place=words.ordinal(hit.why.record_rank)),
        verdict,
    ]
    items = "".join(f"<li>{text(line)}</li>" for line in lines)
    return f'<details class="qa-details qa-why"><summary>{words.WHY}</summary><ul>{items}</ul></details>'


def _key(sentence: Sentence) -> tuple[str, str, int, int]:
    return sentence.record_id, sentence.field, sentence.start, sentence.end
