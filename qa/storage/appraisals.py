"""What was found in the records, beside them: appraisals to show, their names to filter by, and lists of retractions.

All of it is derived from the records (and the list), so none of it raises the library's generation: what is missing
or was made by other rules is made anew when it is first needed. Where the file cannot be written, it is made in
SQLite's temporary tables, which shadow those of the file, and lasts until the library is closed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from qa.errors import Corrupt
from qa.schema import Appraisal, Filters, Record, Retraction
from qa.storage.checksums import of_text

_TABLES = """
CREATE TABLE IF NOT EXISTS {schema}.appraisals (
    record INTEGER PRIMARY KEY, version TEXT NOT NULL, json TEXT NOT NULL, sample_size INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS {schema}.findings (
    record INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (kind, name, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS {schema}.findings_record ON findings (record);
CREATE TABLE IF NOT EXISTS {schema}.retractions (key TEXT NOT NULL, json TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS {schema}.retractions_key ON retractions (key);
"""

_PORTION = 500

#: Under which an appraisal's checksum stands in its JSON.
_SUM = "checksum"


class Appraisals:
    """The tables of one connection; :meth:`prepare` comes before anything else."""

    def __init__(self, connection: sqlite3.Connection, writable: bool) -> None:
        self._connection = connection
        self.writable = writable
        self._schema: Literal["main", "temp"] = "main" if writable else "temp"

    def prepare(self) -> None:
        """Make the tables where they are not there. A file that cannot be written, but has them, is taken as it is."""
        if self._schema == "temp" and self._held("main"):
            return
        for statement in _TABLES.format(schema=self._schema).split(";\n"):
            self._connection.execute(statement)

    def shadow(self) -> None:
        """Stop using the tables of a file that cannot be written, as they are out of date; its list is kept."""
        if self._schema == "temp" and self._held("main") and not self._held("temp"):
            for statement in _TABLES.format(schema="temp").split(";\n"):
                self._connection.execute(statement)
            self._connection.execute("INSERT INTO temp.retractions SELECT * FROM main.retractions")

    @property
    def ready(self) -> bool:
        """Whether there are tables to read from."""
        return self._held("main") or self._held("temp")

    def _held(self, schema: Literal["main", "temp"]) -> bool:
        query = f"SELECT count(*) FROM {schema}.sqlite_master WHERE name IN ('appraisals', 'findings', 'retractions')"  # noqa: S608
        return bool(self._connection.execute(query).fetchone()[0] == 3)

    # -- appraisals --------------------------------------------------------------------------------------------------

    def put(self, row: int, appraisal: Appraisal, version: str) -> None:
        """Keep a record's appraisal in place of an older one; within the caller's transaction."""
        self.drop(row)
        execute = self._connection.execute
        plain = _dumps(appraisal.to_dict())
        summed = _dumps({**appraisal.to_dict(), _SUM: of_text(plain)})
        execute("INSERT INTO appraisals VALUES (?, ?, ?, ?)", (row, version, summed, appraisal.sample_size))
        found = [(row, kind, name) for kind, name in sorted(_named(appraisal))]
        self._connection.executemany("INSERT INTO findings VALUES (?, ?, ?)", found)

    def drop(self, row: int) -> None:
        self._connection.execute("DELETE FROM appraisals WHERE record = ?", (row,))
        self._connection.execute("DELETE FROM findings WHERE record = ?", (row,))

    def of(self, rows: Sequence[int]) -> dict[int, Appraisal]:
        """The appraisals of these records, by row; Corrupt where one is not what was written."""
        query = "SELECT record, json FROM appraisals WHERE record IN ({})"
        try:
            return {row: _appraisal(text) for row, text in self._select(query, list(rows))}
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise _damaged("what was found in a record", "qa doctor --repair makes it again") from error

    def altered(self, rows: Sequence[int]) -> list[int]:
        """Those of these records whose appraisal, or what filters know of it, is not what was written."""
        found: dict[int, set[tuple[str, str]]] = {row: set() for row in rows}
        query = "SELECT record, kind, name FROM findings WHERE record IN ({})"
        for row, kind, name in self._select(query, list(rows)):
            found[row].add((kind, name))
        wrong = []
        for row, text, size in self._select(
            "SELECT record, json, sample_size FROM appraisals WHERE record IN ({})", list(rows)
        ):
            try:
                appraisal = _appraisal(text)
            except (ValueError, TypeError, KeyError, AttributeError):
                wrong.append(row)
                continue
            if _named(appraisal) != found[row] or appraisal.sample_size != size:
                wrong.append(row)
        return sorted(wrong)

    def outdated(self, version: str) -> list[int]:
        """The rows of the records that have no appraisal by these rules."""
        execute = self._connection.execute
        (records,) = execute("SELECT count(*) FROM records").fetchone()
        (current,) = execute("SELECT count(*) FROM appraisals WHERE version = ?", (version,)).fetchone()
        if records == current:  # a removed record's appraisal goes with it; this is ten times as fast as the join
            return []
        query = (
            "SELECT row FROM records LEFT JOIN appraisals ON record = row AND version = ? WHERE record IS NULL "
            "ORDER BY row"
        )
        return [row for (row,) in execute(query, (version,))]

    # -- lists of retractions ----------------------------------------------------------------------------------------

    def set_retractions(self, rows: Iterable[Retraction]) -> None:
        """Keep a list of retractions in place of the one before; within the caller's transaction."""
        self._connection.execute("DELETE FROM retractions")
        self._connection.executemany(
            "INSERT INTO retractions VALUES (?, ?)",
            (
                (key, plain)
                for one in rows
                for plain in [json.dumps(_plain(one), ensure_ascii=False)]
                for key in dict.fromkeys(_keys(one))
            ),
        )

    def has_retractions(self) -> bool:
        return self._connection.execute("SELECT 1 FROM retractions LIMIT 1").fetchone() is not None

    def retractions_of(self, records: Sequence[Record]) -> list[tuple[Retraction, ...]]:
        """What the list says of each of these records, by DOI and PMID, in their order."""
        wanted = [_own_keys(record) for record in records]
        found: dict[str, list[str]] = {}
        query = "SELECT key, json FROM retractions WHERE key IN ({}) ORDER BY rowid"
        for key, text in self._select(query, sorted({key for keys in wanted for key in keys})):
            found.setdefault(key, []).append(text)
        rows = [dict.fromkeys(text for key in keys for text in found.get(key, ())) for keys in wanted]
        try:
            return [tuple(Retraction(**json.loads(text)) for text in texts) for texts in rows]
        except (ValueError, TypeError) as error:
            raise _damaged("the list of retractions", "Give it again (qa retractions FILE)") from error

    def _select(self, query: str, values: Sequence[Any]) -> Iterator[Any]:
        for start in range(0, len(values), _PORTION):
            portion = values[start : start + _PORTION]
            yield from self._connection.execute(query.format(",".join("?" * len(portion))), list(portion)).fetchall()


def _dumps(plain: dict[str, Any]) -> str:
    return json.dumps(plain, ensure_ascii=False)


def _appraisal(text: str) -> Appraisal:
    """A stored appraisal; ValueError where it is not what was written. Earlier versions wrote no checksum."""
    plain = json.loads(text)
    if (found := plain.pop(_SUM, None)) is not None and found != of_text(_dumps(plain)):
        raise ValueError("another checksum")
    return Appraisal.from_dict(plain)


def _named(appraisal: Appraisal) -> set[tuple[str, str]]:
    """What filters know of an appraisal: kinds and names."""
    return {
        (kind, finding.name)
        for kind, found in (
            ("design", appraisal.designs),
            ("species", appraisal.species),
            ("language", appraisal.languages),
            ("registration", appraisal.registrations),
            ("status", appraisal.status),
        )
        for finding in found
    }


def _damaged(what: str, remedy: str) -> Corrupt:
    return Corrupt(f"The library is damaged: {what} is not what was written. {remedy}.")


def _own_keys(record: Record) -> list[str]:
    return [f"doi:{record.doi.casefold()}"] * bool(record.doi) + [f"pmid:{record.pmid}"] * bool(record.pmid)


def _plain(row: Retraction) -> dict[str, str]:
    return {name: value for name in Retraction.__slots__ if (value := getattr(row, name))}


def _keys(row: Retraction) -> list[str]:
    dois, pmids = (row.paper_doi, row.notice_doi), (row.paper_pmid, row.notice_pmid)
    return [f"doi:{doi}" for doi in dois if doi] + [f"pmid:{pmid}" for pmid in pmids if pmid]


def conditions(filters: Filters) -> tuple[list[str], list[Any]]:
    """What the filters ask of a record's appraisal, as conditions on ``records`` and their values."""
    tests: list[str] = []
    values: list[Any] = []
    for kind, names in (
        ("design", filters.designs),
        ("language", filters.languages),
        ("species", filters.species),
        ("registration", filters.registrations),
    ):
        if names:
            marks = ",".join("?" * len(names))
            tests.append(
                f"row IN (SELECT record FROM findings WHERE kind = '{kind}' AND fold(name) IN ({marks}))"  # noqa: S608
            )
            values += [name.casefold() for name in names]
    if filters.min_sample_size is not None:
        tests.append("row IN (SELECT record FROM appraisals WHERE sample_size >= ?)")
        values.append(filters.min_sample_size)
    if filters.not_retracted:
        tests.append("row NOT IN (SELECT record FROM findings WHERE kind = 'status' AND name = 'retracted')")
    return tests, values
