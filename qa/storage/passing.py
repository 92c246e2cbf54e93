"""Which records and sentences pass filters: their rows, found once for each state of a library and kept.

Filters stay for a conversation, and finding what passes looks at every record; a search among it does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qa.schema import Filters
from qa.storage import selection
from qa.storage.database import Database
from qa.storage.derived import State

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]

#: So many filters are kept; of ten million sentences, one takes 90 MB at most.
_KEPT = 4


@dataclass(frozen=True, slots=True)
class Passing:
    """The rows of the records that pass, and of those of their sentences that do; both ascending."""

    records: Rows
    sentences: Rows


class Filtering:
    """What passes which filters in the latest state of a library that was asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._state: State | None = None
        self._known: dict[Filters, Passing] = {}

    def passing(self, filters: Filters) -> Passing | None:
        """What passes; None where the filters ask nothing."""
        state = self._database.state()
        if state != self._state:
            self._state, self._known = state, {}
        if filters not in self._known:
            found = self._find(filters)
            if found is None:
                return None
            while len(self._known) >= _KEPT:
                del self._known[next(iter(self._known))]
            self._known[filters] = found
        return self._known[filters]

    def _find(self, filters: Filters) -> Passing | None:
        spans = selection.spans(self._database, filters)
        if spans is None and not filters.roles:
            return None
        if filters.roles:
            sentences, owners = selection.sentences_of(self._database, filters.roles)
            if spans is not None:
                chosen = np.isin(owners, spans[:, 0])
                sentences, owners = sentences[chosen], owners[chosen]
            return Passing(np.unique(owners), np.sort(sentences))
        rows, first, count = spans.T if spans is not None else np.empty((3, 0), dtype=np.int64)
        within = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
        return Passing(rows, np.sort(np.repeat(first, count) + within))
