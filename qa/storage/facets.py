"""What questions can be limited by, with counts: one query each."""

from __future__ import annotations

from qa.schema import Facets
from qa.storage.database import Database

#: The most journals that are counted one by one; a list of more helps nobody to choose.
JOURNALS = 300

_YEARS = "SELECT min(json_extract(json, '$.year')), max(json_extract(json, '$.year')) FROM records"
_DESIGNS = "SELECT name, count(*) FROM findings WHERE kind = 'design' GROUP BY name ORDER BY 2 DESC, 1"
_ROLES = "SELECT role, count(*) FROM sentences WHERE role != '' GROUP BY role ORDER BY 2 DESC, 1"
_RETRACTED = "SELECT count(*) FROM findings WHERE kind = 'status' AND name = 'retracted'"
# A journal that is written in two ways is one: a filter does not tell them apart either.
_JOURNALS = """
SELECT min(journal), count(*) FROM (SELECT json_extract(json, '$.journal') AS journal FROM records)
WHERE journal != '' GROUP BY fold(journal) ORDER BY 2 DESC, 1 LIMIT ?
"""


def facets(database: Database) -> Facets:
    """The facets of a library whose records are all appraised."""
    select = database.select
    return Facets(
        years=select(_YEARS)[0],
        designs=tuple(select(_DESIGNS)),
        roles=tuple(select(_ROLES)),
        journals=tuple(select(_JOURNALS, (JOURNALS,))),
        retracted=select(_RETRACTED)[0][0],
    )
