"""The shelf as HTML: files on their way in, the table of records, what they take; pure functions."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from qa.schema import Appraisal, Listing, Record, Report, Sort
from qa.ui import tab_words, words
from qa.ui.adding import Step
from qa.ui.render import abstract, flags, link, reference, skips, stage, text

#: Records on one page of the table.
PAGE = 25

COLUMNS: tuple[tuple[Sort, str], ...] = (
    ("title", tab_words.COLUMN_TITLE),
    ("authors", tab_words.COLUMN_AUTHORS),
    ("journal", tab_words.COLUMN_JOURNAL),
    ("year", tab_words.COLUMN_YEAR),
    ("design", tab_words.COLUMN_DESIGN),
)


def size(count: int) -> str:
    """Bytes for the reader: "812 bytes", "3.4 MB"."""
    if count < 1000:
        return tab_words.BYTES.format(count=count)
    value, unit = count / 1000, 0
    while value >= 999.5 and unit < len(tab_words.LARGER) - 1:
        value, unit = value / 1000, unit + 1
    return tab_words.LARGER[unit].format(count=f"{value:.1f}" if value < 10 else f"{value:,.0f}")


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
        words.counted(records, words.RECORDS_ONE, words.RECORDS),
        words.counted(sentences, words.SENTENCES_ONE, words.SENTENCES),
        tab_words.ON_DISK.format(size=size(disk)),
    ]
    if memory is not None:
        parts.append(tab_words.IN_MEMORY.format(size=size(memory)))
    return f'<p class="qa-holds" role="status">{text(" · ".join(parts))}</p>'


def steps(values: Sequence[Step], *, stopping: bool = False) -> str:
    """Each file of an add: its name, how far it is, and in the end what became of its entries."""
    rows = "".join(f'<li class="qa-file qa-file-{step.state}">{_step(step)}</li>' for step in values)
    note = f'<p class="qa-stopping">{tab_words.STOPPING_SOON}</p>' if stopping else ""
    reports = [step.report for step in values if step.report]
    ledger = ""
    if reports and all(step.state in ("done", "failed", "stopped") for step in values):
        whole = _together(reports)
        ledger = f'<p class="qa-counts">{text(_balance(whole))}</p>{skips(whole.skipped)}'
    return f'<div class="qa-adding" role="status"><ul class="qa-files-list">{rows}</ul>{note}{ledger}</div>'


def _step(step: Step) -> str:
    said, bar = tab_words.FILE_STATES[step.state], ""
    if step.state == "working" and step.progress is not None:
        done, total = step.progress.done, step.progress.total
        said = " · ".join([stage(step.progress), *([left(step.left)] if step.left is not None else [])])
        value = f' max="{total}" value="{min(done, total)}"' if total else ""
        bar = f'<progress{value} aria-label="{text(step.name)}"></progress>'
    elif step.problem:
        said = step.problem
    elif step.report is not None and step.state == "done":
        said = str(step.report)
    return (
        f'<span class="qa-file-name" dir="auto">{text(step.name)}</span>'
        f'<span class="qa-file-state" dir="auto">{text(said)}</span>{bar}'
    )


def _together(reports: Sequence[Report]) -> Report:
    names = ("added", "updated", "unchanged", "merged", "removed")
    counts = {name: sum(getattr(report, name) for report in reports) for name in names}
    return Report(**counts, skipped=tuple(skip for report in reports for skip in report.skipped))


def _balance(report: Report) -> str:
    """The ledger's sum, so that nobody has to wonder where an entry went."""
    kept = report.read - len(report.skipped)
    said = tab_words.BALANCE_ONE if report.read == 1 else tab_words.BALANCE
    return said.format(entries=report.read, kept=kept, skipped=len(report.skipped))


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
        f'<div class="qa-records" role="region" tabindex="0" aria-label="{tab_words.TABLE}"><table>'
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
    who = tab_words.AND_OTHERS.format(first=names[0]) if len(names) > 2 else " & ".join(names)
    body = abstract(record, None) or f'<p class="qa-reference">{words.NO_ABSTRACT}</p>'
    held = f'<p class="qa-reference" dir="auto">{text(reference(record))} {link(record)}</p>'
    files = ", ".join(record.sources or (record.source,))
    origin = f'<p class="qa-reference" dir="auto">{text(words.FROM_FILE.format(file=files))}</p>' if files else ""
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
