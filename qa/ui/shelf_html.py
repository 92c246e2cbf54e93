"""The shelf as HTML: files on their way in, the table of records, what they take; pure functions."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from qa.schema import Appraisal, Listing, Record, Report, Sort
from qa.ui import tab_words, words
from qa.ui.adding import Step
from qa.ui.render import abstract, flags, link, reference, skips, text

#: Records on one page of the table.
PAGE = 25

COLUMNS: tuple[tuple[Sort, str], ...] = (
    ("title", tab_words.COLUMN_TITLE),
    ("authors", tab_words.COLUMN_AUTHORS),
    ("journal", tab_words.COLUMN_JOURNAL),
    ("year", tab_words.COLUMN_YEAR),
    ("design", tab_words.COLUMN_DESIGN),
)

_STATES = {"waiting": "waiting", "working": "", "done": "done", "failed": "not read", "stopped": "stopped"}


def size(count: int) -> str:
    """Bytes for the reader: "812 bytes", "3.4 MB"."""
    if count < 1000:
        return f"{count} bytes"
    value = float(count)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.5 or unit == "GB":
            break
    return f"{value:.1f} {unit}" if value < 10 else f"{value:,.0f} {unit}"


def left(seconds: float) -> str:
    """How long something may still take, as roughly as it is known."""
    if seconds < 10:
        return tab_words.FEW_SECONDS
    if seconds < 50:
        return tab_words.SECONDS_LEFT.format(count=round(seconds, -1))
    minutes = max(1, round(seconds / 60))
    if minutes < 90:
        return tab_words.MINUTE_LEFT if minutes == 1 else tab_words.MINUTES_LEFT.format(count=minutes)
    return tab_words.HOURS_LEFT.format(count=round(minutes / 60))


def summary(records: int, sentences: int, disk: int, memory: int | None) -> str:
    """What the library holds and takes, in one line."""
    if not records:
        return '<p class="qa-holds">' + tab_words.EMPTY_SHELF + "</p>"
    parts = [
        f"{records:,} {'record' if records == 1 else 'records'}",
        f"{sentences:,} {'sentence' if sentences == 1 else 'sentences'}",
        f"{size(disk)} on disk",
    ]
    if memory is not None:
        parts.append(f"{size(memory)} of memory in use")
    return f'<p class="qa-holds" role="status">{text(" · ".join(parts))}</p>'


def steps(values: Sequence[Step], *, stopping: bool = False) -> str:
    """Each file of an add: its name, how far it is, and in the end what became of its entries."""
    rows = "".join(f'<li class="qa-file qa-file-{step.state}">{_step(step)}</li>' for step in values)
    note = '<p class="qa-stopping">Stopping at the next safe place …</p>' if stopping else ""
    reports = [step.report for step in values if step.report]
    ledger = ""
    if reports and all(step.state in ("done", "failed", "stopped") for step in values):
        whole = _together(reports)
        ledger = f'<p class="qa-counts">{text(_balance(whole))}</p>{skips(whole.skipped)}'
    return f'<div class="qa-adding" role="status"><ul class="qa-files-list">{rows}</ul>{note}{ledger}</div>'


def _step(step: Step) -> str:
    words, bar = _STATES[step.state], ""
    if step.state == "working" and step.progress is not None:
        stage, done, total = step.progress.stage, step.progress.done, step.progress.total
        count = f" {min(done, total):,} of {total:,}" if total else f" {done:,}" if done else ""
        remaining = f" · {left(step.left)}" if step.left is not None else ""
        words = f"{stage} …{count}{remaining}"
        value = f' max="{total}" value="{min(done, total)}"' if total else ""
        bar = f'<progress{value} aria-label="{text(step.name)}"></progress>'
    elif step.problem:
        words = step.problem
    elif step.report is not None and step.state == "done":
        words = str(step.report)
    return (
        f'<span class="qa-file-name" dir="auto">{text(step.name)}</span>'
        f'<span class="qa-file-state" dir="auto">{text(words)}</span>{bar}'
    )


def _together(reports: Sequence[Report]) -> Report:
    names = ("added", "updated", "unchanged", "merged", "removed")
    counts = {name: sum(getattr(report, name) for report in reports) for name in names}
    return Report(**counts, skipped=tuple(skip for report in reports for skip in report.skipped))


def _balance(report: Report) -> str:
    """The ledger's sum, so that nobody has to wonder where an entry went."""
    kept = report.read - len(report.skipped)
    entries = "entry" if report.read == 1 else "entries"
    return f"{report.read:,} {entries} = {kept:,} taken in + {len(report.skipped):,} skipped"


def fetch_hint(count: int, command: str) -> str:
    """What to do with DOIs and PMIDs, which the page does not fetch."""
    what = words.counted(count, tab_words.FETCH_ONE, tab_words.FETCH)
    return (
        f'<div class="qa-adding qa-style" role="status"><p><span>{what}</span>'
        f'<button type="button" class="qa-quiet" data-copy aria-label="{tab_words.COPY_COMMAND}">{words.COPY}</button>'
        f'</p><pre class="qa-command" tabindex="0"><code>{text(command)}</code></pre></div>'
    )


def table(listing: Listing, *, sort: Sort, descending: bool, start: int, chosen: Collection[str], words: str) -> str:
    """One page of the records, each with a box to choose it and its abstract to unfold."""
    if not listing.total:
        said = tab_words.NO_MATCH.format(words=words) if words else tab_words.NO_RECORDS
        return f'<p class="qa-none">{text(said)}</p>'
    heads = "".join(_head(key, label, sort, descending=descending) for key, label in COLUMNS)
    shown = [record.id for record in listing.records]
    every = bool(shown) and all(one in chosen for one in shown)
    rows = "".join(
        _row(record, listing.appraisals.get(record.id, Appraisal()), chosen=record.id in chosen)
        for record in listing.records
    )
    last = start + len(shown)
    caption = tab_words.SHOWN.format(first=start + 1, last=last, total=listing.total)
    return (
        '<div class="qa-records" role="region" tabindex="0" aria-label="Records"><table>'
        f'<caption>{caption}</caption><thead><tr><th scope="col" class="qa-pick">'
        f'<input type="checkbox" class="qa-all" aria-label="{tab_words.CHOOSE_ALL}" data-on="{int(every)}"></th>'
        f"{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _head(key: Sort, label: str, sort: Sort, *, descending: bool) -> str:
    state = ("descending" if descending else "ascending") if key == sort else "none"
    arrow = {"ascending": "↑", "descending": "↓", "none": ""}[state]
    return (
        f'<th scope="col" class="qa-col-{key}" aria-sort="{state}"><button type="button" data-sort="{key}">{label}'
        f'<span aria-hidden="true" class="qa-arrow">{arrow}</span></button></th>'
    )


def _row(record: Record, appraisal: Appraisal, *, chosen: bool) -> str:
    name = record.title or record.id
    names = [author.split(",")[0].strip() for author in record.authors]
    who = f"{names[0]} et al." if len(names) > 2 else " & ".join(names)
    body = abstract(record, None) or '<p class="qa-reference">No abstract in the file.</p>'
    held = f'<p class="qa-reference" dir="auto">{text(reference(record))} {link(record)}</p>'
    files = ", ".join(record.sources or (record.source,))
    origin = f'<p class="qa-reference" dir="auto">From {text(files)}</p>' if files else ""
    return (
        f'<tr{" class=qa-chosen" if chosen else ""}><td class="qa-pick">'
        f'<input type="checkbox" data-id="{text(record.id)}" data-on="{int(chosen)}" '
        f'aria-label="{text(tab_words.CHOOSE.format(title=name))}"></td>'
        f'<th scope="row" class="qa-col-title"><details class="qa-details"><summary dir="auto">{text(name)}</summary>'
        f'<div class="qa-record">{held}{body}{origin}</div></details>{flags(appraisal)}</th>'
        f'<td class="qa-col-authors" dir="auto">{text(who)}</td>'
        f'<td class="qa-col-journal" dir="auto"><span class="qa-clamp">{text(record.journal)}</span></td>'
        f'<td class="qa-col-year">{record.year or ""}</td><td class="qa-col-design">{text(appraisal.summary)}</td></tr>'
    )
