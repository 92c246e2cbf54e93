"""The Look tab as HTML: counts as charts, each with its numbers as a table and its finding in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from qa.schema import Holding, RecordHit, Sentence, TopicMap
from qa.ui import tab_words
from qa.ui.charts import DRAWN, KIND_OF, KINDS, legend, step_of, topic_map, years
from qa.ui.render import flags, opener, source, study, text

#: The journals that are listed.
JOURNALS = 15

#: The kind of a record whose design nobody knows.
UNTOLD = KIND_OF[""]


def by_year(holdings: Sequence[Holding], question: str = "") -> str:
    """A chart of these records by year, coloured by kind of design; with a ``question``, they are the nearest to it."""
    counts = Counter[tuple[int, str]]()
    undated = 0
    for one in holdings:
        if one.year is None:
            undated += one.records
        else:
            counts[one.year, KIND_OF.get(one.design, UNTOLD)] += one.records
    total = counts.total()
    if not total:
        return f'<p class="qa-none">{tab_words.NO_YEARS.format(count=undated)}</p>' if undated else ""
    label = _years_in_words(counts, undated, question)
    kinds = [kind for kind in KINDS if any(known == kind for _, known in counts)]
    rows = sorted({year for year, _ in counts}, reverse=True)
    table = _table(
        (tab_words.COLUMN_YEAR, *(tab_words.KINDS[kind] for kind in kinds), tab_words.ALL),
        [(str(y), *(f"{counts[y, k]:,}" for k in kinds), f"{sum(counts[y, k] for k in kinds):,}") for y in rows],
    )
    drawn = years(counts, label, "hits" if question else "years")
    return (
        f'<figure class="qa-figure">{legend(kinds)}{drawn}'
        f"<figcaption>{text(label)}</figcaption>{_numbers(table)}</figure>"
    )


def _years_in_words(counts: Mapping[tuple[int, str], int], undated: int, question: str) -> str:
    per_year = Counter[int]()
    per_kind = Counter[str]()
    for (year, kind), count in counts.items():
        per_year[year] += count
        per_kind[kind] += count
    first, last = min(per_year), max(per_year)
    total = sum(per_year.values())
    peak, most = max(per_year.items(), key=lambda item: (item[1], item[0]))
    if question:
        finding = tab_words.NEAREST_OF_YEAR if first == last else tab_words.NEAREST_OF_YEARS
    else:
        of_year = tab_words.RECORD_OF_YEAR if total == 1 else tab_words.RECORDS_OF_YEAR
        finding = of_year if first == last else tab_words.RECORDS_OF_YEARS
    known = {"first": first, "last": last, "peak": peak, "most": most}
    said = [finding.format(count=total, of=total + undated, question=question, **known)]
    told = per_kind.copy()
    told.pop(UNTOLD, None)
    if told:
        kind = max(told, key=lambda one: (told[one], one))
        said.append(tab_words.MOST_KIND.format(kind=tab_words.KINDS_WITHIN[kind], count=told[kind]))
    if (step := step_of(per_year)) > 1:
        said.append(tab_words.BAR_OF_YEARS.format(step=step))
    if undated:
        said.append(tab_words.UNDATED_ONE if undated == 1 else tab_words.UNDATED.format(count=undated))
    return " ".join(said)


def by_name(counts: Mapping[str, int], head: str, unknown: str, most: int | None = None) -> str:
    """A table with a bar in each row; what has no name comes last."""
    named = sorted(((count, name) for name, count in counts.items() if name), key=lambda row: (-row[0], row[1]))
    shown = named[:most]
    rest = sum(count for count, _ in named[len(shown) :])
    largest = shown[0][0] if shown else 1
    rows = [(name, count, "", 100 * count / largest) for count, name in shown]
    if rest:
        left = len(named) - len(shown)
        rows.append((tab_words.OTHER if left == 1 else tab_words.OTHERS.format(count=left), rest, " qa-rest", 0))
    if counts.get(""):
        rows.append((unknown, counts[""], " qa-rest", 0))
    body = "".join(
        f'<tr class="qa-share{kind}"><th scope="row" dir="auto">{text(name)}</th><td>{count:,}</td>'
        f'<td aria-hidden="true"><span class="qa-share-bar" style="width:{width:.1f}%"></span></td></tr>'
        for name, count, kind, width in rows
    )
    return (
        f'<table class="qa-shares"><thead><tr><th scope="col">{head}</th>'
        f'<th scope="col">{tab_words.RECORDS_COLUMN}</th><td aria-hidden="true"></td></tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def library_map(found: TopicMap, hits: Sequence[RecordHit], question: str) -> str:
    """The map with its topics as a table, the hits of a question lit up."""
    if not found.topics:
        return f'<p class="qa-none">{tab_words.TOO_FEW}</p>'
    known = {one: topic for one, topic, _, _ in found.points}
    lit = {hit.record.id: (hit.rank, f"{hit.rank}. {source(hit.record)}") for hit in hits if hit.record.id in known}
    in_topics = Counter(known[one] for one in lit)
    label = _map_in_words(found, in_topics, question)
    order = sorted(range(len(found.topics)), key=lambda at: (-in_topics[at], -found.topics[at].records, at))
    heads = (
        (tab_words.TOPIC, tab_words.RECORDS_COLUMN, tab_words.HITS)
        if lit
        else (tab_words.TOPIC, tab_words.RECORDS_COLUMN)
    )
    rows = []
    for at in order:
        topic = found.topics[at]
        row = (", ".join(topic.words) or tab_words.UNNAMED, f"{topic.records:,}")
        rows.append((*row, f"{in_topics[at]:,}") if lit else row)
    notes = []
    if len(found.points) > DRAWN:
        notes.append(tab_words.SOME_DRAWN.format(count=len(found.points), drawn=DRAWN))
    if found.fitted < len(found.points):
        notes.append(tab_words.FROM_SAMPLE.format(count=found.fitted))
    caption = " ".join([label, tab_words.NEAR_MEANS, *notes])
    drawn = f'<figure class="qa-figure">{topic_map(found, lit, label, "map")}<figcaption>{text(caption)}</figcaption>'
    if not hits:  # then the topics have the room beside the map
        return f'<div class="qa-map">{drawn}</figure>{_table(heads, rows)}</div>'
    return f'<div class="qa-map">{drawn}{_numbers(_table(heads, rows))}</figure>{nearest(hits)}</div>'


def nearest(hits: Sequence[RecordHit]) -> str:
    """The records that a question finds, each of which opens beside the page."""
    items = []
    for hit in hits:
        held = hit.record
        byline = f'<cite class="qa-byline" dir="auto">{text(held.byline)}</cite>' if held.byline else ""
        title = Sentence(held.id, "title", 0, len(held.title), held.title)
        items.append(
            f'<li data-hit="{int(hit.rank)}" value="{int(hit.rank)}">'
            + (opener(title, source(held)) if held.title else f'<span dir="auto">{text(source(held))}</span>')
            + f'<p class="qa-source">{flags(hit.appraisal)}{byline}{study(hit.appraisal)}</p></li>'
        )
    return (
        f'<div class="qa-nearest"><h3 class="qa-h3">{tab_words.NEAREST_RECORDS}</h3>'
        f'<ol class="qa-list">{"".join(items)}</ol></div>'
    )


def _map_in_words(found: TopicMap, hits: Mapping[int, int], question: str) -> str:
    largest = max(found.topics, key=lambda topic: topic.records)
    said = tab_words.MAPPED.format(
        count=len(found.points),
        topics=len(found.topics),
        name=", ".join(largest.words) or tab_words.UNNAMED,
        largest=largest.records,
    )
    if hits:
        at, count = max(hits.items(), key=lambda item: (item[1], -item[0]))
        name = ", ".join(found.topics[at].words) or tab_words.UNNAMED_TOPIC
        among = tab_words.MAPPED_HITS.format(hits=sum(hits.values()), question=question, count=count, name=name)
        said = f"{said} {among}"
    return said


def hits_of(found: Sequence[RecordHit]) -> list[Holding]:
    """Hits as they are counted by year and design."""
    counts = Counter((hit.record.year, hit.appraisal.design, hit.record.journal) for hit in found)
    return [Holding(*key, count) for key, count in counts.items()]


def _numbers(table: str) -> str:
    return f'<details class="qa-details qa-numbers"><summary>{tab_words.NUMBERS}</summary>{table}</details>'


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{text(one)}</th>' for one in heads)
    body = "".join(
        f'<tr><th scope="row" dir="auto">{text(row[0])}</th>'
        + "".join(f"<td>{text(one)}</td>" for one in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="qa-count" role="region" tabindex="0" aria-label="{tab_words.NUMBERS}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
