"""Conversations, kept: what was asked, what was answered, and what people said of the sentences.

They stand in a file of their own beside the library's, ``conversations.sqlite3``. The library is what people share,
copy, make anew and open where nothing may be written; what they asked of it is theirs, is written while others add
files, and must survive both. So neither file knows of the other: an answer is kept whole, with its records, and opens
again with the same sentences whatever has become of the library.

An answer's id is drawn at random, sixty bits in twelve characters. Made from the answer's content it would let
anybody who can guess a question find out whether it was asked, and the same answer given twice would be one, so that
deleting the one conversation broke the other's link.

Every call opens the file, does one transaction and closes it: safe for threads and processes alike.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qa.errors import Corrupt, LibraryError, Locked, NotFound
from qa.schema import Answer, Conversation, ConversationEntry, Hit, Judgement, KeptAnswer, Verdict
from qa.storage import checksums

FILE = "conversations.sqlite3"

#: The layout of the file; a file with a higher number was written by a later version of the program.
FORMAT = 1

#: Seconds that a call waits for another's transaction to end. They take milliseconds.
PATIENCE = 30.0

#: What reading a damaged file raises; the latter where it is text that is damaged.
_ERRORS = (sqlite3.DatabaseError, UnicodeDecodeError)

#: SQLite's codes for a file that is busy, or cannot be written or opened. With others it is damaged.
_UNAVAILABLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
}

#: Characters of a title; a first question that is longer is cut.
TITLE = 120

#: Crockford's alphabet: nothing in it is taken for something else when it is read aloud or copied by hand.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"

_SUM = "crc32"

_NO_CONVERSATION = "There is no such conversation. It may have been deleted; `qa conversations` lists them."

_TABLES = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, created TEXT NOT NULL, changed TEXT NOT NULL
) STRICT;
CREATE INDEX conversations_owner ON conversations (owner, changed);
CREATE TABLE answers (
    id TEXT PRIMARY KEY, conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    number INTEGER NOT NULL, at TEXT NOT NULL, json TEXT NOT NULL, words TEXT NOT NULL, UNIQUE (conversation, number)
) STRICT;
CREATE TABLE judgements (
    answer TEXT NOT NULL REFERENCES answers (id) ON DELETE CASCADE, question TEXT NOT NULL, record TEXT NOT NULL,
    field TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL,
    verdict TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (answer, record, field, start, end)
) STRICT;
"""


def new_id() -> str:
    """Twelve characters that nobody can guess."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


def _now() -> datetime:
    return datetime.now(UTC)


class Conversations:
    """The conversations of one owner in a library's folder, or with ``owner=None`` those of everybody.

    ``owner`` is the name somebody is logged in by, or empty where nobody has to. What belongs to another owner is
    NotFound, as if it were not there. Opening writes nothing; the file is made by the first conversation.
    """

    def __init__(self, folder: Path, owner: str | None = "", now: Callable[[], datetime] = _now) -> None:
        self.path = folder / FILE
        self.owner = owner
        self._now = now

    # -- conversations -----------------------------------------------------------------------------------------

    def start(self, title: str = "") -> str:
        """Start a conversation and return its id. Without a title, the first question will be it."""
        known, at = new_id(), self._time()
        with self._writing() as connection:
            row = (known, self.owner or "", _title(title), at, at)
            connection.execute("INSERT INTO conversations VALUES (?, ?, ?, ?, ?)", row)
        return known

    def append(self, conversation: str, answer: Answer) -> KeptAnswer:
        """Keep an answer as the conversation's next; returns it with its id."""
        kept = KeptAnswer(new_id(), datetime.fromisoformat(self._time()), answer)
        at = kept.at.isoformat()
        with self._writing() as connection:
            self._owned(connection, conversation)
            connection.execute(
                "INSERT INTO answers SELECT ?, ?, coalesce(max(number), 0) + 1, ?, ?, ? "
                "FROM answers WHERE conversation = ?",
                (kept.id, conversation, at, _sealed(answer.to_dict()), _words(answer), conversation),
            )
            connection.execute(
                "UPDATE conversations SET changed = max(changed, ?), title = iif(title = '', ?, title) WHERE id = ?",
                (at, _title(answer.question), conversation),
            )
        return kept

    def entries(self) -> list[ConversationEntry]:
        """All conversations, the one last changed first."""
        return self.search("")

    def search(self, words: str) -> list[ConversationEntry]:
        """The conversations in which all of these words are found, the one last changed first.

        They are looked for, in any case and also as parts of words, in titles, questions and quoted sentences.
        """
        wanted = words.casefold().split()
        with self._reading() as connection:
            if connection is None:
                return []
            rows = connection.execute(
                "SELECT c.id, c.title, count(a.id), c.created, c.changed, c.owner, "
                "fold(c.title) || char(10) || coalesce(group_concat(a.words, char(10)), '') "
                "FROM conversations c LEFT JOIN answers a ON a.conversation = c.id "
                "WHERE ?1 IS NULL OR c.owner = ?1 GROUP BY c.id ORDER BY c.changed DESC, c.rowid DESC",
                (self.owner,),
            )
            return [
                ConversationEntry(known, title, count, _read(created), _read(changed), owner)
                for known, title, count, created, changed, owner, text in rows
                if all(word in text for word in wanted)
            ]

    def load(self, conversation: str) -> Conversation:
        """A conversation with all its answers, as they were given; NotFound where there is none."""
        with self._reading() as connection:
            row = self._owned(connection, conversation)
            rows = (
                self._there(connection)
                .execute("SELECT id, at, json FROM answers WHERE conversation = ? ORDER BY number", (conversation,))
                .fetchall()
            )
        answers = tuple(self._kept(*kept) for kept in rows)
        known, title, created, changed, owner = row
        return Conversation(known, title, answers, _read(created), _read(changed), owner)

    def rename(self, conversation: str, title: str) -> None:
        """Give a conversation another title; an empty one is refused by leaving the old."""
        with self._writing() as connection:
            self._owned(connection, conversation)
            if named := _title(title):
                connection.execute("UPDATE conversations SET title = ? WHERE id = ?", (named, conversation))

    def delete(self, conversation: str) -> None:
        """Delete a conversation, its answers, and what was said of their sentences. Their links lead nowhere then."""
        with self._writing() as connection:
            self._owned(connection, conversation)
            connection.execute("DELETE FROM conversations WHERE id = ?", (conversation,))

    # -- answers -----------------------------------------------------------------------------------------------

    def answer(self, answer_id: str) -> KeptAnswer:
        """The answer that a link names (``?a=…``); NotFound where it is not, or not this owner's."""
        with self._reading() as connection:
            return self._kept(*self._owned_answer(connection, answer_id)[:3])

    def conversation_of(self, answer_id: str) -> str:
        """The id of the conversation that an answer belongs to."""
        with self._reading() as connection:
            return str(self._owned_answer(connection, answer_id)[3])

    # -- judgements --------------------------------------------------------------------------------------------

    def judge(self, answer_id: str, hit: Hit, verdict: Verdict | None) -> None:
        """Keep what a person says of a sentence of an answer, in place of what they said before; None takes it back.

        ``hit`` is one of the answer's citations or closest sentences; NotFound for any other.
        """
        s = hit.sentence
        with self._writing() as connection:
            kept = self._kept(*self._owned_answer(connection, answer_id)[:3]).answer
            if s not in (shown.sentence for shown in (*kept.citations, *kept.closest)):
                raise NotFound("The sentence is none of this answer's. Ask again, and judge what is shown then.")
            place = (answer_id, s.record_id, s.field, s.start, s.end)
            connection.execute(
                "DELETE FROM judgements WHERE (answer, record, field, start, end) = (?, ?, ?, ?, ?)", place
            )
            if verdict is not None:
                connection.execute(
                    "INSERT INTO judgements VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (answer_id, kept.asked or kept.question, *place[1:], s.text, verdict, self._time()),
                )

    def judgements(self, answer_id: str | None = None) -> list[Judgement]:
        """What was said of sentences, of one answer or of all, in the order it was said."""
        with self._reading() as connection:
            if connection is None:
                return []
            rows = connection.execute(
                "SELECT j.answer, j.question, j.record, j.field, j.start, j.end, j.text, j.verdict, j.at, c.owner "
                "FROM judgements j JOIN answers a ON a.id = j.answer JOIN conversations c ON c.id = a.conversation "
                "WHERE (?1 IS NULL OR c.owner = ?1) AND (?2 IS NULL OR j.answer = ?2) ORDER BY j.at, j.rowid",
                (self.owner, answer_id),
            ).fetchall()
        return [
            Judgement(answer, question, record, field, start, end, text, verdict, _read(at), owner)
            for answer, question, record, field, start, end, text, verdict, at, owner in rows
        ]

    # -- inside ------------------------------------------------------------------------------------------------

    @staticmethod
    def _there(connection: sqlite3.Connection | None) -> sqlite3.Connection:
        """The connection; NotFound where nothing was kept yet."""
        if connection is None:
            raise NotFound(_NO_CONVERSATION)
        return connection

    def _time(self) -> str:
        return self._now().astimezone(UTC).isoformat(timespec="milliseconds")

    def _owned(self, connection: sqlite3.Connection | None, conversation: str) -> Sequence[Any]:
        """(id, title, created, changed, owner) of a conversation; NotFound where it is not this owner's."""
        query = (
            "SELECT id, title, created, changed, owner FROM conversations WHERE id = ?1 AND (?2 IS NULL OR owner = ?2)"
        )
        row = self._there(connection).execute(query, (conversation, self.owner)).fetchone()
        if row is None:
            raise NotFound(_NO_CONVERSATION)
        return tuple(row)

    def _owned_answer(self, connection: sqlite3.Connection | None, answer_id: str) -> Sequence[Any]:
        """(id, at, json, conversation) of an answer; NotFound where it is not this owner's."""
        query = (
            "SELECT a.id, a.at, a.json, a.conversation FROM answers a JOIN conversations c ON c.id = a.conversation "
            "WHERE a.id = ?1 AND (?2 IS NULL OR c.owner = ?2)"
        )
        row = connection.execute(query, (answer_id, self.owner)).fetchone() if connection is not None else None
        if row is None:
            raise NotFound("There is no such answer. Its conversation may have been deleted; ask the question again.")
        return tuple(row)

    def _kept(self, known: str, at: str, text: str) -> KeptAnswer:
        """An answer as it was kept; Corrupt where it is no longer what it was."""
        try:
            plain = _opened(text)
            answer = Answer.from_dict(plain)
            shown = zip((*plain["citations"], *plain["closest"]), (*answer.citations, *answer.closest), strict=True)
            whole = all(
                hit.sentence.sha256 == stored["sha256"]
                and getattr(hit.record, hit.sentence.field)[hit.sentence.start : hit.sentence.end] == hit.sentence.text
                for stored, hit in shown
            )
            time = _read(at)
        except (ValueError, KeyError, TypeError, AttributeError) as error:  # no JSON, or none of ours
            raise self._changed(known) from error
        if not whole:
            raise self._changed(known)
        return KeptAnswer(known, time, answer)

    def _changed(self, known: str) -> Corrupt:
        return Corrupt(f"The answer {known} in {self.path} was changed from outside. Restore it from a copy.")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection, or None where nothing was kept yet."""
        if not self.path.is_file():
            yield None
            return
        connection = self._connect()
        try:
            yield connection
        except _ERRORS as error:
            raise self._failed(error) from error
        finally:
            connection.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is kept, or nothing."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._locked(error) from error
        connection = self._connect()
        try:
            connection.execute("BEGIN IMMEDIATE")
            if not connection.execute("PRAGMA user_version").fetchone()[0]:
                for statement in _TABLES.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {FORMAT}")
            yield connection
            connection.execute("COMMIT")
        except _ERRORS as error:
            raise self._failed(error) from error
        finally:
            connection.close()  # what is not committed is rolled back

    def _connect(self) -> sqlite3.Connection:
        # Without a right to write, SQLite needs to be told that nobody else writes either.
        shut = self.path.exists() and not (os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK))
        uri = self.path.absolute().as_uri() + ("?mode=ro&immutable=1" if shut else "")
        try:
            connection = sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None)
        except sqlite3.OperationalError as error:
            raise self._locked(error) from error
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.create_function("fold", 1, lambda text: str(text).casefold(), deterministic=True)
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            self._write_ahead(connection)
        except _ERRORS as error:
            connection.close()
            raise self._failed(error) from error
        if version > FORMAT:
            connection.close()
            raise LibraryError(
                f"{self.path} was written by a later version of qa. Update: pip install -U literature-qa"
            )
        return connection

    @staticmethod
    def _write_ahead(connection: sqlite3.Connection) -> None:
        """Let readers read while somebody writes; where somebody is just writing, a later call does it for good."""
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY):
                    raise

    def _failed(self, error: sqlite3.DatabaseError | UnicodeDecodeError) -> LibraryError:
        """What SQLite's error means for whoever asked: the file cannot be had now, or it is not what it was."""
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _UNAVAILABLE:  # an error of Python's own module has none
            return self._locked(error)
        return Corrupt(
            f"{self.path} is no file of ours, or it is damaged ({error}). Move it away, or restore it from a copy."
        )

    def _locked(self, error: Exception) -> Locked:
        return Locked(
            f"Cannot keep conversations in {self.path.parent} ({error}). "
            "Check the folder's permissions and the free space, and try again."
        )


def _sealed(plain: dict[str, Any]) -> str:
    """An answer as JSON, with the CRC-32 of what it is without that."""
    return json.dumps({**plain, _SUM: checksums.of_text(json.dumps(plain))})


def _opened(text: str) -> dict[str, Any]:
    """What was sealed; ValueError where it is something else. Answers of earlier versions have no checksum."""
    plain: dict[str, Any] = json.loads(text)
    found = plain.pop(_SUM, None)
    if found is not None and found != checksums.of_text(json.dumps(plain)):
        raise ValueError("another checksum")
    return plain


def _title(text: str) -> str:
    line = " ".join(text.encode("utf-8", "replace").decode().split())
    return line if len(line) <= TITLE else f"{line[: TITLE - 1]}…"


def _words(answer: Answer) -> str:
    """What an answer is found by: its question, and what it quotes."""
    texts = (answer.question, answer.asked, *(hit.sentence.text for hit in answer.citations))
    return "\n".join(texts).encode("utf-8", "replace").decode().casefold()


def _read(time: str) -> datetime:
    """A time as it was kept; one that was damaged where nothing else was is the beginning of time."""
    try:
        return datetime.fromisoformat(time)
    except (ValueError, TypeError):
        return datetime.min.replace(tzinfo=UTC)
