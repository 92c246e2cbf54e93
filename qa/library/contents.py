"""What a library holds: records to be looked up, listed, removed, merged and taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.library.opening import Opening
from qa.schema import Appraisal, Duplicate, Facets, Filters, Holding, Listing, NearDuplicate, Record, Sort, TopicMap

if TYPE_CHECKING:
    from qa.removal import Removed


class Contents(Opening):
    """The records, one by one and all together."""

    #: The generation that the map was made of, and the map.
    _map: tuple[int, TopicMap] | None = None

    # -- records -----------------------------------------------------------------------------------------------

    def get(self, record_id: str) -> Record:
        """One record, also by an id that an entry merged into it had; NotFound if it is not there."""
        with self._reading():
            found = self._known_as(record_id)
            return self._store.database.by_id([found])[found].record

    def records(self, filters: Filters | None = None) -> list[Record]:
        """All records, or those that pass the filters (``roles`` ask nothing of a record), in the order of adding."""
        from qa.appraisal import resolve

        with self._reading(appraised=True):
            database = self._store.database
            if not filters or not database.exists:
                return list(database.records())
            rows = database.matching(resolve(filters))
            if rows is None:
                return list(database.records())
            stored = database.by_row(rows)
            return [stored[row].record for row in rows]

    def appraisal(self, record_id: str) -> Appraisal:
        """What was found in a record: design, sample size, status …, each with its evidence. NotFound as in get."""
        self.get(record_id)
        return self.appraisals(record_id)[record_id]

    def appraisals(self, *ids: str) -> dict[str, Appraisal]:
        """What was found in those of these records that are held, by id; without ids, in all records."""
        with self._reading(appraised=True):
            return self._store.appraisals(ids or [record.id for record in self._store.database.records()])

    def remove(self, *ids: str) -> int:
        """Remove records by id; returns how many. NotFound, and nothing removed, if one of them is not there."""
        with self._lock:
            found = list(dict.fromkeys(self._known_as(record_id) for record_id in ids))
            return self._store.remove(found) if found else 0

    def take_out(self, *ids: str) -> Removed:
        """Remove records like :meth:`remove`, and return what :meth:`put_back` needs to undo it."""
        from qa import removal

        with self._lock:
            self._fill_in()
            found = list(dict.fromkeys(self._known_as(record_id) for record_id in ids))
            return removal.take_out(found, self._store)

    def put_back(self, removed: Removed) -> int:
        """Put back what was taken out, but for records that are here again; returns how many."""
        from qa import removal

        with self._lock:
            return removal.put_back(removed, self._store)

    # -- all together ------------------------------------------------------------------------------------------

    def listing(
        self,
        words: str = "",
        *,
        sort: Sort = "added",
        descending: bool = False,
        filters: Filters | None = None,
        start: int = 0,
        count: int = 50,
    ) -> Listing:
        """Records in which all of these words stand (not in the abstract), sorted, from ``start`` (0) on."""
        from qa.appraisal import resolve
        from qa.storage.listing import list_records

        with self._reading(appraised=True):
            asked = resolve(filters or Filters())
            return list_records(
                self._store.database, words, sort, descending=descending, filters=asked, start=start, count=count
            )

    def holdings(self, filters: Filters | None = None) -> list[Holding]:
        """How many records there are of each year, study design and journal."""
        from qa.appraisal import resolve
        from qa.storage.listing import holdings

        with self._reading(appraised=True):
            return holdings(self._store.database, resolve(filters or Filters()))

    def facets(self) -> Facets:
        """What there is to limit a question by, each with how many it leaves."""
        from qa.storage.facets import facets

        with self._reading(appraised=True):
            if not len(self):
                return Facets()
            return facets(self._store.database)

    def topic_map(self) -> TopicMap:
        """The records in two dimensions, by topic; made once for each state of the library."""
        from qa.topics import draw_map

        with self._reading():
            generation = self._store.database.generation()
            if self._map is None or self._map[0] != generation:
                self._map = generation, draw_map(self._store.database)
            return self._map[1]

    # -- duplicates --------------------------------------------------------------------------------------------

    def duplicates(self) -> list[Duplicate]:
        """The records made of several entries about one work, and why."""
        from qa import duplicates

        with self._reading():
            return duplicates.duplicates(self._store)

    def near_duplicates(self) -> list[NearDuplicate]:
        """Pairs of records that look like one work and were not taken for one, and why not."""
        from qa import duplicates

        with self._reading():
            return duplicates.near_duplicates(self._store)

    def split(self, record_id: str) -> list[Record]:
        """Take a merged record apart, for good; returns what it becomes. NotFound if it is not merged."""
        from qa import duplicates

        return duplicates.split(self.get(record_id).id, self._store, self._load, self._lock)

    def join(self, *ids: str) -> list[Record]:
        """Make these records one, where they share an identifier, title or place; returns what they are now."""
        from qa import duplicates

        return duplicates.join([self.get(one).id for one in ids], self._store, self._load, self._lock)

    def keep_apart(self, *pairs: tuple[str, str]) -> int:
        """Note that pairs of records that look like one work are not, so that nobody is asked again; how many pairs."""
        from qa import duplicates

        known = {(self.get(one).id, self.get(other).id) for one, other in pairs}
        known = {(one, other) for one, other in known if one != other}
        return duplicates.keep_apart(known, self._store, self._load, self._lock)
