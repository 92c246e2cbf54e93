"""What a library holds, as lists and counts: records searched by their words, sorted, page by page."""

from __future__ import annotations

import json
from typing import Any

from qa.schema import Appraisal, Filters, Holding, Listing, Record, Sort
from qa.storage.database import Database
from qa.storage.selection import conditions

_DESIGN = "(SELECT json_extract(a.json, '$.designs[0].name') FROM appraisals a WHERE a.record = row)"

#: What is sorted by; a record that does not say comes last either way.
_ORDERS: dict[Sort, str] = {
    "added": "row",
    "title": "nullif(fold(json_extract(json, '$.title')), '')",
    "authors": "nullif(fold(json_extract(json, '$.authors[0]')), '')",
    "journal": "nullif(fold(json_extract(json, '$.journal')), '')",
    "year": "json_extract(json, '$.year')",
    "design": _DESIGN,
}

#: Where the words of a search may stand.
_TEXT = (
    "fold(id || ' ' || coalesce(json_extract(json, '$.title'), '') || ' ' || coalesce(json_extract(json, '$.authors'), "
    "'') || ' ' || coalesce(json_extract(json, '$.journal'), '') || ' ' || coalesce(json_extract(json, '$.year'), '') "
    "|| ' ' || coalesce(json_extract(json, '$.doi'), '') || ' ' || coalesce(json_extract(json, '$.source'), ''))"
)


def list_records(
    database: Database, words: str, sort: Sort, *, descending: bool, filters: Filters, start: int, count: int
) -> Listing:
    """The records in which all of the words stand (in title, authors, journal, year, ids or file), some of them.

    Records appraised by rules of today are assumed.
    """
    if not database.exists:
        return Listing(0, (), {})
    tests, values = conditions(filters)
    for word in words.casefold().split():
        tests.append(f"instr({_TEXT}, ?)")
        values.append(word)
    where = f"WHERE {' AND '.join(tests)}" if tests else ""
    total = database.connection.execute(f"SELECT count(*) FROM records {where}", values).fetchone()[0]  # noqa: S608
    way = "DESC" if descending else "ASC"
    order = f"{_ORDERS[sort]} {way} NULLS LAST, row"
    query = f"SELECT row, json FROM records {where} ORDER BY {order} LIMIT ? OFFSET ?"  # noqa: S608
    rows = database.connection.execute(query, [*values, count, start]).fetchall()
    found = {row: Record.from_dict(json.loads(text)) for row, text in rows}
    known: dict[int, Appraisal] = database.appraisals.of(list(found)) if database.appraisals.ready else {}
    appraisals = {record.id: known[row] for row, record in found.items() if row in known}
    return Listing(total, tuple(found.values()), appraisals)


def holdings(database: Database, filters: Filters) -> list[Holding]:
    """How many records there are of each year, design and journal, in this order."""
    if not database.exists:
        return []
    tests, values = conditions(filters)
    where = f"WHERE {' AND '.join(tests)}" if tests else ""
    columns = f"json_extract(json, '$.year'), coalesce({_DESIGN}, ''), coalesce(json_extract(json, '$.journal'), '')"
    query = f"SELECT {columns}, count(*) FROM records {where} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"  # noqa: S608
    rows: list[Any] = database.connection.execute(query, values).fetchall()
    return [Holding(*row) for row in rows]
