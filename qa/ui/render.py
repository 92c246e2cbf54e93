"""Text, records and reports as HTML: pure functions, and where stored text meets markup.

Text from files and from the person is data. :func:`text` writes every character that HTML, Markdown, LaTeX or a
template could read as an instruction as a numeric reference, so that what the browser shows is what is stored,
character for character, whatever stands between here and the browser. It serves within attributes too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from urllib.parse import urlsplit

from qa.schema import BADGES, Appraisal, Progress, Record, Sentence, Skip
from qa.ui import words

#: The most skips that the page lists.
SKIPS_SHOWN = 200

# Everything in ASCII but letters, digits and the space; and the separators that some programs take for line ends.
_SPECIAL = re.compile(r"[\x01-\x1f!-/:-@\[-`{-\x7f\u2028\u2029]")
# What HTML cannot hold (NUL) and what UTF-8 cannot (half a surrogate pair): shown as the replacement character.
_UNSHOWABLE = re.compile("[\x00\ud800-\udfff]")


def text(value: str) -> str:
    """``value`` so that HTML shows exactly it, and Markdown, LaTeX and templates see nothing of theirs in it."""
    return _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", _UNSHOWABLE.sub("\ufffd", value))


def note(message: str) -> str:
    """Words of ours in the conversation: why there is no answer, or what went wrong."""
    return f'<div class="qa-note" dir="auto">{text(message)}</div>'


def pending(message: str) -> str:
    """What is being done at the moment."""
    return f'<div class="qa-note qa-pending" role="status">{text(message)}</div>'


def place(sentence: Sentence) -> str:
    """Where a sentence stands, as attributes that page.js hands back; :func:`qa.ui.calls.find` reads them."""
    return (
        f'data-record="{text(sentence.record_id)}" data-field="{sentence.field}" '
        f'data-start="{int(sentence.start)}" data-end="{int(sentence.end)}"'
    )


def opener(sentence: Sentence, label: str = "") -> str:
    """A sentence, word for word, that opens its record when it is clicked, or Enter is pressed on it."""
    named = f' aria-description="{text(label)}"' if label else ""
    return (
        f'<span class="qa-open" role="button" tabindex="0" aria-haspopup="dialog" dir="auto"{named} '
        f"{place(sentence)}>{text(sentence.text)}</span>"
    )


def source(record: Record) -> str:
    """Who, where and when; where the record does not say, its title or its id."""
    return record.byline or record.title or record.id


def link(record: Record) -> str:
    """The record's DOI, PubMed number or web address as a link; nothing where it has none (only http and https)."""
    address = record.link
    if not address.startswith(("http://", "https://")):
        return ""
    if record.doi:
        label = words.DOI.format(doi=record.doi)
    elif record.pmid:
        label = words.PMID.format(pmid=record.pmid)
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
    return f' <span class="qa-badge">{words.EXAMPLE}</span>' if record.is_example else ""


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


def stage(step: Progress) -> str:
    """How far an add is, in words."""
    said = words.STAGE_DONE_OF if step.total > 0 else words.STAGE_DONE if step.done else words.STAGE
    return said.format(stage=step.stage, done=min(step.done, step.total or step.done), total=step.total)


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
    tail = f'<p class="qa-more">{words.MORE_SKIPS.format(count=more)}</p>' if more > 0 else ""
    return (
        f'<div class="qa-table" tabindex="0" role="region" aria-label="{words.SKIPPED}"><table>'
        f"<caption>{words.SKIPPED}</caption>"
        f'<thead><tr><th scope="col">{words.FILE}</th><th scope="col">{words.LINE}</th>'
        f'<th scope="col">{words.REASON}</th></tr></thead><tbody>{cells}</tbody></table></div>{tail}'
    )


def said(message: str) -> str:
    """Something that worked, next to where it was started."""
    return f'<div class="qa-ledger" role="status"><p dir="auto">{text(message)}</p></div>'


def problem(message: str) -> str:
    """Something that did not work, next to where it was started."""
    return f'<div class="qa-ledger qa-problem" role="alert"><p dir="auto">{text(message)}</p></div>'


def status(records: int, sentences: int, lines: Iterable[str] = ()) -> str:
    """What the library holds, and what there is to say about it."""
    holds = words.LIBRARY_EMPTY
    if records:
        holds = words.HOLDS.format(
            records=words.counted(records, words.RECORDS_ONE, words.RECORDS),
            sentences=words.counted(sentences, words.SENTENCES_ONE, words.SENTENCES),
        )
    extra = "".join(f'<p class="qa-aside">{text(line)}</p>' for line in lines)
    return f'<div class="qa-status" role="status"><p class="qa-holds">{text(holds)}</p>{extra}</div>'
