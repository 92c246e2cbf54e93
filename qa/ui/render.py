"""Answers, records and reports as HTML: pure functions, and the only place where stored text meets markup.

Text from files and from the person is data. :func:`text` writes every character that HTML, Markdown, LaTeX or a
template could read as an instruction as a numeric reference, so that what the browser shows is what is stored,
character for character, whatever stands between here and the browser. Each message is one line and one block
element, which Markdown passes on untouched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from urllib.parse import urlsplit

from qa.schema import BADGES, Answer, Appraisal, Hit, Progress, Record, Report, Role, Skip

#: The most of a question that the conversation repeats, and the most skips that the page lists.
QUESTION_SHOWN = 400
SKIPS_SHOWN = 200

# Everything in ASCII but letters, digits and the space; and the separators that some programs take for line ends.
_SPECIAL = re.compile(r"[\x01-\x1f!-/:-@\[-`{-\x7f\u2028\u2029]")
# What HTML cannot hold (NUL) and what UTF-8 cannot (half a surrogate pair): shown as the replacement character.
_UNSHOWABLE = re.compile("[\x00\ud800-\udfff]")


def text(value: str) -> str:
    """``value`` so that HTML shows exactly it, and Markdown, LaTeX and templates see nothing of theirs in it."""
    return _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", _UNSHOWABLE.sub("\ufffd", value))


def question(value: str) -> str:
    """The person's question, as the conversation repeats it; a very long one is cut, and says so."""
    shown = value if len(value) <= QUESTION_SHOWN else value[:QUESTION_SHOWN]
    rest = f' <span class="qa-more">… ({len(value):,} characters in all)</span>' if shown != value else ""
    return f'<div class="qa-question" dir="auto">{text(shown)}{rest}</div>'


def note(message: str) -> str:
    """Words of ours in the conversation: why there is no answer, or what went wrong."""
    return f'<div class="qa-note" dir="auto">{text(message)}</div>'


def pending(message: str) -> str:
    """What is being done at the moment."""
    return f'<div class="qa-note qa-pending" role="status">{text(message)}</div>'


def answer(value: Answer) -> str:
    """The answer's sentences, numbered, each with its source and its place; or the reason why there is none."""
    asked = understood(value)
    if not value:
        return asked + note(value.reason or "Nothing in your library answers this.") + closest(value.closest)
    return f'{asked}<div class="qa-answer"><ol>{"".join(citation(hit) for hit in value.citations)}</ol></div>'


def understood(value: Answer) -> str:
    """The question that was asked of the library, where it is not the one typed, and the limits it was asked within."""
    parts = []
    if value.asked and value.asked != value.question.strip():
        parts.append(f"Asked as: {text(value.asked)}")
    if value.filters:
        parts.append(f"Only: {text(str(value.filters))}")
    return f'<div class="qa-understood" dir="auto">{" · ".join(parts)}</div>' if parts else ""


def closest(hits: Sequence[Hit]) -> str:
    """The nearest sentences of a question without an answer, folded away, and what to do."""
    if not hits:
        return ""
    items = "".join(
        f'<li><span dir="auto">{text(hit.sentence.text)}</span>'
        f'<p class="qa-source">{flags(hit.appraisal)}'
        f'<cite class="qa-byline" dir="auto">{text(source(hit.record))}</cite>'
        f"{study(hit.appraisal)}{link(hit.record)}</p></li>"
        for hit in hits
    )
    return (
        '<details class="qa-details qa-closest"><summary>Closest sentences, probably not an answer</summary>'
        f"<ul>{items}</ul></details>"
        '<div class="qa-note qa-hint">Add records on this, or ask in other words.</div>'
    )


def citation(hit: Hit) -> str:
    """One sentence, word for word, with its number, its source line and its abstract to unfold."""
    return (
        f'<li class="qa-citation" value="{int(hit.number)}"><span class="qa-number">{int(hit.number)}</span>'
        f"{context(hit)}"
        f'<blockquote class="qa-sentence" dir="auto">{text(hit.sentence.text)}</blockquote>'
        f'<p class="qa-source">{flags(hit.appraisal)}{role(hit)}'
        f'<cite class="qa-byline" dir="auto">{text(source(hit.record))}</cite>'
        f"{study(hit.appraisal)}{link(hit.record)}{badge(hit.record)}</p>"
        f"{in_abstract(hit)}{why(hit)}{also(hit)}</li>"
    )


def also(hit: Hit) -> str:
    """The other records that say the same, folded away."""
    if not hit.also:
        return ""
    count = f"{len(hit.also)} other {'record says' if len(hit.also) == 1 else 'records say'} the same"
    items = "".join(f'<li dir="auto">{text(source(record))} {link(record)}</li>' for record in hit.also)
    return f'<details class="qa-details qa-also"><summary>{count}</summary><ul>{items}</ul></details>'


#: A sentence's role as one word for the reader.
ROLE_WORDS: dict[Role, str] = {
    "background": "background",
    "objective": "aim",
    "methods": "method",
    "results": "result",
    "conclusions": "conclusion",
}


def role(hit: Hit) -> str:
    """What the sentence does in its abstract, as a small word."""
    word = ROLE_WORDS.get(hit.sentence.role)
    return f'<span class="qa-role qa-role-{word}">{word}</span> ' if word else ""


def context(hit: Hit) -> str:
    """What the sentence leans on, apart from the quotation: the sentence before it, or the title."""
    if hit.context is None:
        return ""
    label = "In" if hit.context.field == "title" else "Before it"
    return f'<p class="qa-context"><span>{label}:</span> <span dir="auto">{text(hit.context.text)}</span></p>'


def why(hit: Hit) -> str:
    """The evidence that put the sentence where it is, folded away."""
    if hit.why is None:
        return ""
    judged = hit.why.judged
    if judged is None:
        verdict = "The judge has not read this record: it reads the first few."
    else:
        taken = "takes it for an answer" if judged > 0 else "doubts that it answers"
        verdict = f"The judge {taken} ({judged:+.1f}; above 0 speaks for it)."
    words = ", ".join(hit.why.words)
    lines = [
        f"Words of the question in it or its title: {text(words)}." if words else "No word of the question is in it.",
        f"Similar in meaning to the question: {hit.why.similarity:.2f} (1 is the same).",
        f"Its record came {ordinal(hit.why.record_rank)} in the search.",
        verdict,
    ]
    items = "".join(f"<li>{line}</li>" for line in lines)
    return f'<details class="qa-details qa-why"><summary>Why this sentence</summary><ul>{items}</ul></details>'


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th … 11th."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def source(record: Record) -> str:
    """Who, where and when; where the record does not say, its title or its id."""
    return record.byline or record.title or record.id


def link(record: Record) -> str:
    """The record's DOI, PubMed number or web address as a link; nothing where it has none (only http and https)."""
    address = record.link
    if not address.startswith(("http://", "https://")):
        return ""
    if record.doi:
        label = f"doi:{record.doi}"
    elif record.pmid:
        label = f"PMID {record.pmid}"
    else:
        try:
            label = urlsplit(address).hostname or address
        except ValueError:  # an address that is none, such as "http://["
            return ""
    return f' <a class="qa-link" href="{text(address)}" target="_blank" rel="noopener noreferrer">{text(label)}</a>'


#: Badges that warn: what is quoted may not stand.
_GRAVE = frozenset((BADGES["retracted"], BADGES["expression of concern"]))


def flags(appraisal: Appraisal) -> str:
    """What has become of the record since, in words that need no colour: "RETRACTED", "preprint"."""
    return "".join(
        f'<strong class="qa-flag{" qa-flag-grave" if words in _GRAVE else ""}">{text(words)}</strong> '
        for words in appraisal.badges
    )


def study(appraisal: Appraisal) -> str:
    """What kind of study it is and how large, where that is known."""
    return f' <span class="qa-study">{text(appraisal.summary)}</span>' if appraisal.summary else ""


def badge(record: Record) -> str:
    """Says of an example that it is one."""
    return ' <span class="qa-badge">example digest</span>' if record.is_example else ""


def in_abstract(hit: Hit) -> str:
    """The whole record, folded away, with the sentence marked in its place."""
    record, sentence = hit.record, hit.sentence
    in_title = (sentence.start, sentence.end) if sentence.field == "title" else None
    in_body = (sentence.start, sentence.end) if sentence.field == "abstract" else None
    parts = [f'<p class="qa-title" dir="auto">{marked(record.title, 0, len(record.title), in_title)}</p>']
    if published := reference(record):
        parts.append(f'<p class="qa-reference" dir="auto">{text(published)}</p>')
    parts.append(abstract(record, in_body) or '<p class="qa-reference">No abstract in the file.</p>')
    return (
        '<details class="qa-details"><summary>Show in abstract'
        f'<span class="qa-hidden"> (sentence {int(hit.number)})</span></summary>'
        f'<div class="qa-record">{"".join(parts)}</div></details>'
    )


def reference(record: Record) -> str:
    """Authors and place of publication in one line."""
    issue = f"({record.issue})" if record.issue else ""
    where = " ".join(part for part in (record.journal, str(record.year or "")) if part)
    numbers = ":".join(part for part in (f"{record.volume}{issue}", record.pages) if part)
    return ". ".join(part for part in ("; ".join(record.authors), "; ".join(p for p in (where, numbers) if p)) if part)


def abstract(record: Record, span: tuple[int, int] | None) -> str:
    """The abstract, every character of it in order, its headings set apart and ``span`` marked."""
    whole, parts, at = record.abstract, list[str](), 0
    if not whole:
        return ""
    for section in record.sections:
        gap = whole[at : section.start]
        # A heading that the abstract's own text does not hold comes from the style sheet: the text stays as stored.
        label = "" if gap.strip() or not section.label else f' data-label="{text(section.label)}"'
        parts.append(_between(whole, at, section.start, span))
        body = marked(whole, section.start, section.end, span)
        parts.append(f'<span class="qa-section"{label}>{body}</span>')
        at = section.end
    rest = marked(whole, at, len(whole), span)
    parts.append(rest if not record.sections or whole[at:].strip() else "")
    return f'<div class="qa-abstract" dir="auto">{"".join(parts)}</div>'


def _between(whole: str, start: int, end: int, span: tuple[int, int] | None) -> str:
    """What stands between two sections: a heading, or only white space."""
    inner = marked(whole, start, end, span)
    return f'<span class="qa-heading">{inner}</span>' if whole[start:end].strip() else inner


def marked(whole: str, start: int, end: int, span: tuple[int, int] | None) -> str:
    """``whole[start:end]``, with what of it lies in ``span`` marked."""
    if span is None or span[1] <= start or end <= span[0]:
        return text(whole[start:end])
    first, last = max(start, span[0]), min(end, span[1])
    return f"{text(whole[start:first])}<mark>{text(whole[first:last])}</mark>{text(whole[last:end])}"


def progress(step: Progress) -> str:
    """How far an add is, in words and as a bar."""
    if step.total > 0:
        done = min(step.done, step.total)
        bar = f'<progress max="{step.total}" value="{done}" aria-label="Progress"></progress>'
        count = f"{step.done:,} of {step.total:,}"
    else:
        bar = '<progress aria-label="Progress"></progress>'
        count = f"{step.done:,}" if step.done else ""
    return f'<div class="qa-progress" role="status"><p>{text(f"{step.stage} … {count}".strip())}</p>{bar}</div>'


def ledger(report: Report, names: Sequence[str] = ()) -> str:
    """What an add did: the counts, and every entry that was not kept, with the reason."""
    files = f'<p class="qa-files" dir="auto">{text(", ".join(names))}</p>' if names else ""
    counts = f'<p class="qa-counts">{text(str(report))}.</p>'
    return f'<div class="qa-ledger" role="status">{files}{counts}{skips(report.skipped)}</div>'


def skips(rows: Sequence[Skip]) -> str:
    """The skipped entries as a table; the file's name only, since the path is a temporary one."""
    if not rows:
        return ""
    cells = "".join(
        f'<tr><td dir="auto">{text(PurePath(row.path).name)}</td><td>{row.line or "–"}</td>'
        f'<td dir="auto">{text(row.reason)}</td></tr>'
        for row in rows[:SKIPS_SHOWN]
    )
    more = len(rows) - SKIPS_SHOWN
    tail = f'<p class="qa-more">and {more:,} more; “qa add” on the command line lists them all.</p>' if more > 0 else ""
    return (
        '<div class="qa-table"><table><caption>Skipped</caption><thead><tr><th scope="col">File</th>'
        f'<th scope="col">Line</th><th scope="col">Why</th></tr></thead><tbody>{cells}</tbody></table></div>{tail}'
    )


def said(message: str) -> str:
    """Something that worked, next to where it was started."""
    return f'<div class="qa-ledger" role="status"><p dir="auto">{text(message)}</p></div>'


def problem(message: str) -> str:
    """Something that did not work, next to where it was started."""
    return f'<div class="qa-ledger qa-problem" role="alert"><p dir="auto">{text(message)}</p></div>'


def status(records: int, sentences: int, lines: Iterable[str] = ()) -> str:
    """What the library holds, and what there is to say about it."""
    holds = (
        f"The library holds {records:,} {'record' if records == 1 else 'records'}"
        f" · {sentences:,} {'sentence' if sentences == 1 else 'sentences'}."
        if records
        else "The library is empty."
    )
    extra = "".join(f'<p class="qa-aside">{text(line)}</p>' for line in lines)
    return f'<div class="qa-status" role="status"><p class="qa-holds">{text(holds)}</p>{extra}</div>'
