"""What each source gave: the variants of records, the files that hold them, and the keys by which they meet.

A record of the library is made of the variants of one work (see ``qa.merging``). They are kept beside it, so that it
can be made anew when a file comes, changes or goes. A variant that is a record by itself is not kept twice: its text is
the record's. The tables are made by the first write of this version; a library without them answers as before.
A person's decisions are teams: variants that share a number above 0 were set apart, below 0 made one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from sqlite3 import Connection
from typing import Any

from qa.merging import Variant
from qa.schema import Record

_TABLES = (
    """CREATE TABLE IF NOT EXISTS files (
        file INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, sha256 TEXT NOT NULL,
        version TEXT NOT NULL, format TEXT NOT NULL, entries INTEGER NOT NULL, state TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX IF NOT EXISTS files_sha256 ON files (sha256)",
    """CREATE TABLE IF NOT EXISTS variants (
        variant INTEGER PRIMARY KEY, content TEXT NOT NULL UNIQUE, id TEXT NOT NULL, record TEXT NOT NULL,
        json TEXT, alone INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX IF NOT EXISTS variants_id ON variants (id)",
    "CREATE INDEX IF NOT EXISTS variants_record ON variants (record)",
    """CREATE TABLE IF NOT EXISTS variant_keys (
        key TEXT NOT NULL, variant INTEGER NOT NULL, PRIMARY KEY (key, variant)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS variant_keys_variant ON variant_keys (variant)",
    """CREATE TABLE IF NOT EXISTS held (
        file INTEGER NOT NULL, variant INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (file, variant)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS held_variant ON held (variant)",
    """CREATE TABLE IF NOT EXISTS apart (
        variant INTEGER NOT NULL, team INTEGER NOT NULL, PRIMARY KEY (variant, team)
    ) STRICT, WITHOUT ROWID""",
)

_FILE = "file, path, sha256, version, format, entries, state"

#: The state of a file: all that stands in it is held ("whole"); so is what stood in it before ("more"); or something
#: that stands in it was removed by hand ("less"). A file that was not read to its end has none.
WHOLE, MORE, LESS, UNREAD = "whole", "more", "less", ""


@dataclass(frozen=True, slots=True)
class File:
    """A file that something was read from. ``path`` is absolute; of one read by an older version, its bare name."""

    file: int
    path: str
    sha256: str
    version: str
    format: str
    entries: int
    state: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A variant as it is kept, and the id of the record it is part of."""

    variant: Variant
    of: str


class Variants:
    """The tables of one open database. Writing is for within the caller's transaction."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect

    @property
    def ready(self) -> bool:
        """Whether the tables are there."""
        query = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'variants'"
        return self._connect().execute(query).fetchone() is not None

    # -- files -------------------------------------------------------------------------------------------------

    def files(self) -> list[File]:
        """All files, by path."""
        query = f"SELECT {_FILE} FROM files ORDER BY path"  # noqa: S608
        return [File(*row) for row in self._connect().execute(query)] if self.ready else []

    def file(self, path: str) -> int:
        """The number of a file; it gets one if it has none."""
        insert = (
            "INSERT INTO files (path, size, sha256, version, format, entries, state) VALUES (?, 0, '', '', '', 0, '')"
        )
        connection = self._connect()
        found = connection.execute("SELECT file FROM files WHERE path = ?", (path,)).fetchone()
        return int(found[0]) if found else int(connection.execute(insert, (path,)).lastrowid or 0)

    def number(self, path: str) -> int | None:
        """The number of a file, if it has one."""
        found = self._connect().execute("SELECT file FROM files WHERE path = ?", (path,)).fetchone()
        return int(found[0]) if found else None

    def same_bytes(self, sha256: str, version: str, states: Sequence[str], path: str) -> File | None:
        """A file with these bytes that this version has read to its end, rather the one at ``path``; or None."""
        if not self.ready:
            return None
        among = f"sha256 = ? AND version = ? AND state IN ({','.join('?' * len(states))})"
        query = f"SELECT {_FILE} FROM files WHERE {among} ORDER BY path != ?, file"  # noqa: S608
        found = self._connect().execute(query, (sha256, version, *states, path)).fetchone()
        return File(*found) if found else None

    def close_file(self, path: str, size: int, sha256: str, version: str, kind: str, entries: int, state: str) -> None:
        """Remember that a file was read to its end, and how what it holds compares to what stands in it."""
        self._connect().execute(
            "UPDATE files SET size = ?, sha256 = ?, version = ?, format = ?, entries = ?, state = ? WHERE file = ?",
            (size, sha256, version, kind, entries, state, self.file(path)),
        )

    def set_state(self, file: int, state: str) -> None:
        """Note how what a file holds compares to what stands in it."""
        self._connect().execute("UPDATE files SET state = ? WHERE file = ?", (state, file))

    def forget_file(self, file: int) -> None:
        """Forget a file that holds nothing any more."""
        self._connect().execute("DELETE FROM files WHERE file = ?", (file,))

    def size_of(self, file: int) -> int:
        """How many variants a file holds."""
        return int(self._connect().execute("SELECT count(*) FROM held WHERE file = ?", (file,)).fetchone()[0])

    # -- reading -----------------------------------------------------------------------------------------------

    def known(self, contents: Sequence[str]) -> set[str]:
        """Those of these contents that are kept."""
        return {row[0] for row in self._select("SELECT content FROM variants WHERE content IN ({})", contents)}

    def with_ids(self, ids: Sequence[str]) -> dict[str, list[str]]:
        """The contents of the variants that have these ids of their own, by id."""
        found: dict[str, list[str]] = defaultdict(list)
        for own, content in self._select("SELECT id, content FROM variants WHERE id IN ({}) ORDER BY content", ids):
            found[own].append(content)
        return found

    def of_records(self, ids: Sequence[str]) -> list[str]:
        """The contents of the variants of these records."""
        query = "SELECT content FROM variants WHERE record IN ({}) ORDER BY content"
        return [row[0] for row in self._select(query, ids)]

    def aliases(self, own_id: str) -> list[str]:
        """The ids of the records that hold a variant with this id of its own."""
        query = "SELECT DISTINCT record FROM variants WHERE id = ? ORDER BY record"
        return [row[0] for row in self._connect().execute(query, (own_id,))] if self.ready else []

    def repeated(self) -> list[str]:
        """The ids of the records that are made of more than one variant."""
        query = "SELECT record FROM variants GROUP BY record HAVING count(*) > 1 ORDER BY record"
        return [row[0] for row in self._connect().execute(query)] if self.ready else []

    def meeting(self) -> list[str]:
        """The contents of all variants that share a key with another."""
        query = (
            "SELECT content FROM variants WHERE variant IN (SELECT variant FROM variant_keys WHERE key IN "
            "(SELECT key FROM variant_keys GROUP BY key HAVING count(*) > 1)) ORDER BY content"
        )
        return [row[0] for row in self._connect().execute(query)] if self.ready else []

    def holders(self, contents: Sequence[str]) -> dict[str, dict[int, str]]:
        """Which files hold these contents, and under what name: content → file → name."""
        found: dict[str, dict[int, str]] = {content: {} for content in contents}
        query = (
            "SELECT v.content, h.file, h.name FROM variants v JOIN held h USING (variant) "
            "WHERE v.content IN ({}) ORDER BY h.file"
        )
        for content, file, name in self._select(query, contents):
            found[content][file] = name
        return found

    def names(self, file: int) -> dict[str, str]:
        """The contents that a file holds, and under what name."""
        query = (
            "SELECT v.content, h.name FROM variants v JOIN held h USING (variant) WHERE h.file = ? ORDER BY v.variant"
        )
        return dict(self._connect().execute(query, (file,)).fetchall())

    def held(self, files: Sequence[int], ids: Sequence[str] | None = None) -> list[tuple[int, str, str]]:
        """(file, own id, content) of what files hold: all of it, or what has one of these ids."""
        columns = "SELECT h.file, v.id, v.content FROM variants v JOIN held h USING (variant) WHERE "
        among = f"h.file IN ({','.join(map(str, files))})"
        if ids is None:
            return list(self._connect().execute(f"{columns}{among} ORDER BY v.variant"))
        return list(self._select(f"{columns}v.id IN ({{}}) AND {among} ORDER BY v.variant", ids))

    def load(self, contents: Sequence[str]) -> dict[str, Kept]:
        """These variants, by content."""
        teams: dict[str, set[int]] = defaultdict(set)
        query = "SELECT v.content, a.team FROM apart a JOIN variants v USING (variant) WHERE v.content IN ({})"
        for content, team in self._select(query, contents):
            teams[content].add(team)
        query = (
            "SELECT v.content, v.record, coalesce(v.json, r.json), v.alone FROM variants v "
            "LEFT JOIN records r ON r.id = v.record WHERE v.content IN ({})"
        )
        found = {}
        for content, of, text, alone in self._select(query, contents):
            record = replace(Record.from_dict(json.loads(text)), source="", sources=())
            apart = frozenset(team for team in teams[content] if team > 0)
            together = frozenset(-team for team in teams[content] if team < 0)
            found[content] = Kept(Variant(content, record, apart, together, bool(alone)), of)
        return found

    def counts(self, keys: Iterable[str]) -> dict[str, int]:
        """How many variants have each of these keys; keys that none has are left out."""
        query = "SELECT key, count(*) FROM variant_keys WHERE key IN ({}) GROUP BY key"
        return dict(self._select(query, sorted(keys)))

    def by_keys(self, keys: Iterable[str]) -> set[str]:
        """The contents of the variants that have one of these keys."""
        query = "SELECT DISTINCT v.content FROM variant_keys k JOIN variants v USING (variant) WHERE k.key IN ({})"
        return {row[0] for row in self._select(query, sorted(keys))}

    def new_team(self) -> int:
        """A number for variants that are set apart, or made one; those above it are free, too."""
        return int(self._connect().execute("SELECT coalesce(max(abs(team)), 0) + 1 FROM apart").fetchone()[0])

    # -- writing -----------------------------------------------------------------------------------------------

    def prepare(self) -> list[str]:
        """Make the tables, take in records that came without variants, and let go of variants without a record.

        Such records are those of an older version; their files are known by name only. Returns their contents.
        """
        connection = self._connect()
        for statement in _TABLES:
            connection.execute(statement)
        gone = "SELECT content FROM variants WHERE record NOT IN (SELECT id FROM records)"
        self.forget([content for (content,) in connection.execute(gone)])
        query = "SELECT json, content FROM records WHERE id NOT IN (SELECT record FROM variants) ORDER BY row"
        taken = []
        for text, content in connection.execute(query).fetchall():
            record = Record.from_dict(json.loads(text))
            self.put(Variant(content, record), record.id, lone=True)
            self.hold(self.file(record.source), content, record.source)
            taken.append(content)
        return taken

    @property
    def strays(self) -> bool:
        """Whether :meth:`prepare` has something to do."""
        if not self.ready:
            return True
        query = (
            "SELECT EXISTS (SELECT 1 FROM records WHERE id NOT IN (SELECT record FROM variants)) "
            "OR EXISTS (SELECT 1 FROM variants WHERE record NOT IN (SELECT id FROM records))"
        )
        return bool(self._connect().execute(query).fetchone()[0])

    def put(self, variant: Variant, of: str, *, lone: bool) -> None:
        """Keep a variant of a record; ``lone`` where the record's own text is the variant's."""
        connection = self._connect()
        plain = replace(variant.record, source="", sources=()).to_dict()
        text = None if lone else json.dumps(plain, ensure_ascii=False)
        found = connection.execute("SELECT variant FROM variants WHERE content = ?", (variant.content,)).fetchone()
        if found:
            number = found[0]
            connection.execute(
                "UPDATE variants SET record = ?, json = ?, alone = ? WHERE variant = ?",
                (of, text, variant.alone, number),
            )
            connection.execute("DELETE FROM apart WHERE variant = ?", (number,))
        else:
            number = connection.execute(
                "INSERT INTO variants (content, id, record, json, alone) VALUES (?, ?, ?, ?, ?)",
                (variant.content, variant.record.id, of, text, variant.alone),
            ).lastrowid
            rows = ((key, number) for key in variant.keys)
            connection.executemany("INSERT INTO variant_keys VALUES (?, ?)", rows)
        teams = sorted(variant.apart | {-team for team in variant.together})
        connection.executemany("INSERT INTO apart VALUES (?, ?)", ((number, team) for team in teams))

    def hold(self, file: int, content: str, name: str) -> None:
        """A file holds a variant that is kept."""
        query = "INSERT OR REPLACE INTO held SELECT ?, variant, ? FROM variants WHERE content = ?"
        self._connect().execute(query, (file, name, content))

    def drop(self, file: int, content: str) -> None:
        """A file holds a variant no longer."""
        query = "DELETE FROM held WHERE file = ? AND variant = (SELECT variant FROM variants WHERE content = ?)"
        self._connect().execute(query, (file, content))

    def forget(self, contents: Sequence[str]) -> None:
        """Let go of variants."""
        connection = self._connect()
        for (number,) in list(self._select("SELECT variant FROM variants WHERE content IN ({})", contents)):
            for table in ("variant_keys", "held", "apart", "variants"):
                connection.execute(f"DELETE FROM {table} WHERE variant = ?", (number,))  # noqa: S608

    def forget_records(self, ids: Sequence[str]) -> None:
        """Let go of the variants of records that a person removes; their files are no longer whole."""
        if not self.ready:
            return
        query = (
            "SELECT DISTINCT h.file FROM held h JOIN variants v USING (variant) WHERE v.record IN ({}) ORDER BY h.file"
        )
        files = sorted({file for (file,) in self._select(query, ids)})
        self._connect().executemany("UPDATE files SET state = ? WHERE file = ?", ((LESS, file) for file in files))
        self.forget(self.of_records(ids))

    def _select(self, query: str, values: Sequence[Any]) -> Iterator[Any]:
        """Run ``query`` with its ``{}`` filled by the values, in portions that SQLite accepts."""
        if not self.ready:
            return
        for start in range(0, len(values), 500):
            portion = values[start : start + 500]
            yield from self._connect().execute(query.format(",".join("?" * len(portion))), list(portion)).fetchall()
