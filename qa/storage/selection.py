"""Which records and sentences pass filters: what filters ask, as conditions in SQL, and the rows that meet them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qa.schema import Filters
from qa.storage import appraisals
from qa.storage.records import Records

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]


def conditions(filters: Filters) -> tuple[list[str], list[Any]]:
    """What the filters ask of a record, as conditions on ``records`` and their values."""
    tests: list[str] = []
    values: list[Any] = []
    for limit, sign in zip(filters.years, (">=", "<="), strict=True):
        if limit is not None:
            tests.append(f"json_extract(json, '$.year') {sign} ?")
            values.append(limit)
    for names, column in ((filters.records, "id"), (filters.journals, "fold(json_extract(json, '$.journal'))")):
        if names:
            tests.append(f"{column} IN ({','.join('?' * len(names))})")
            values += names if column == "id" else [name.casefold() for name in names]
    if names := filters.publication_types:
        marks = ",".join("?" * len(names))
        source = "json_each(records.json, '$.publication_types')"
        tests.append(f"EXISTS (SELECT 1 FROM {source} WHERE fold(value) IN ({marks}))")  # noqa: S608
        values += [name.casefold() for name in names]
    more, their_values = appraisals.conditions(filters)
    return tests + more, values + their_values


def spans(database: Records, filters: Filters) -> Rows | None:
    """int64[n, 3] of the records that pass, in order: row, its first sentence's row, how many it has; or None."""
    tests, values = conditions(filters)
    if not tests:
        return None
    wanted = " AND ".join(tests)
    query = f"SELECT row, first_sentence, sentences FROM records WHERE {wanted} ORDER BY row"  # noqa: S608
    return database.numbers(query, values, 3)


def sentences_of(database: Records, roles: Sequence[str]) -> tuple[Rows, Rows]:
    """The rows of the sentences with one of these roles, and of the records that they belong to."""
    marks = ",".join("?" * len(roles))
    found = database.numbers(f"SELECT row, record FROM sentences WHERE role IN ({marks})", list(roles), 2)  # noqa: S608
    return found[:, 0], found[:, 1]
