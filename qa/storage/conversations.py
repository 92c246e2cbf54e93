"""Conversations, kept: what was asked, what was answered, and what people said of the sentences.

They stand in a file of their own beside the library's, ``conversations.sqlite3``. The library is what people share,
copy, make anew and open where nothing may be written; what they asked of it is theirs, is written while others add
files, and must survive both. So neither file knows of the other: an answer is kept whole, with its records, and opens
again with the same sentences whatever has become of the library.

An answer's id is drawn at random, sixty bits in twelve characters. Made from the answer's content it would let
anybody who can guess a question find out whether it was asked, and the same answer given twice would be one, so that
deleting the one conversation broke the other's link.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qa.errors import NotFound
from qa.schema import Answer, Conversation, ConversationEntry, Hit, Judgement, KeptAnswer, Verdict
from qa.storage.conversations_file import ConversationsFile
from qa.storage.kept import opened, read_time, sealed, words_of

FILE = "conversations.sqlite3"

#: Characters of a title; a first question that is longer is cut.
TITLE = 120

#: Crockford's alphabet: nothing in it is taken for something else when it is read aloud or copied by hand.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"

_NO_CONVERSATION = "There is no such conversation. It may have been deleted; `qa conversations` lists them."


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
        self._file = ConversationsFile(self.path)
        self.owner = owner
        self._now = now

    # -- conversations -----------------------------------------------------------------------------------------

    def start(self, title: str = "") -> str:
        """Start a conversation and return its id. Without a title, the first question will be it."""
        known, at = new_id(), self._time()
        with self._file.writing() as connection:
            row = (known, self.owner or "", _title(title), at, at)
            connection.execute("INSERT INTO conversations VALUES (?, ?, ?, ?, ?)", row)
        return known

    def append(self, conversation: str, answer: Answer) -> KeptAnswer:
        """Keep an answer as the conversation's next; returns it with its id."""
        kept = KeptAnswer(new_id(), datetime.fromisoformat(self._time()), answer)
        at = kept.at.isoformat()
        with self._file.writing() as connection:
            self._owned(connection, conversation)
            connection.execute(
                "INSERT INTO answers SELECT ?, ?, coalesce(max(number), 0) + 1, ?, ?, ? "
                "FROM answers WHERE conversation = ?",
                (kept.id, conversation, at, sealed(answer), words_of(answer), conversation),
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
        with self._file.reading() as connection:
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
                ConversationEntry(known, title, count, read_time(created), read_time(changed), owner)
                for known, title, count, created, changed, owner, text in rows
                if all(word in text for word in wanted)
            ]

    def load(self, conversation: str) -> Conversation:
        """A conversation with all its answers, as they were given; NotFound where there is none."""
        with self._file.reading() as connection:
            row = self._owned(connection, conversation)
            rows = (
                self._there(connection)
                .execute("SELECT id, at, json FROM answers WHERE conversation = ? ORDER BY number", (conversation,))
                .fetchall()
            )
        answers = tuple(opened(self.path, *kept) for kept in rows)
        known, title, created, changed, owner = row
        return Conversation(known, title, answers, read_time(created), read_time(changed), owner)

    def rename(self, conversation: str, title: str) -> None:
        """Give a conversation another title; an empty one is refused by leaving the old."""
        with self._file.writing() as connection:
            self._owned(connection, conversation)
            if named := _title(title):
                connection.execute("UPDATE conversations SET title = ? WHERE id = ?", (named, conversation))

    def delete(self, conversation: str) -> None:
        """Delete a conversation, its answers, and what was said of their sentences. Their links lead nowhere then."""
        with self._file.writing() as connection:
            self._owned(connection, conversation)
            connection.execute("DELETE FROM conversations WHERE id = ?", (conversation,))

    # -- answers -----------------------------------------------------------------------------------------------

    def answer(self, answer_id: str) -> KeptAnswer:
        """The answer that a link names (``?a=…``); NotFound where it is not, or not this owner's."""
        with self._file.reading() as connection:
            return opened(self.path, *self._owned_answer(connection, answer_id)[:3])

    def conversation_of(self, answer_id: str) -> str:
        """The id of the conversation that an answer belongs to."""
        with self._file.reading() as connection:
            return str(self._owned_answer(connection, answer_id)[3])

    # -- judgements --------------------------------------------------------------------------------------------

    def judge(self, answer_id: str, hit: Hit, verdict: Verdict | None) -> None:
        """Keep what a person says of a sentence of an answer, in place of what they said before; None takes it back.

        ``hit`` is one of the answer's citations or closest sentences; NotFound for any other.
        """
        s = hit.sentence
        with self._file.writing() as connection:
            kept = opened(self.path, *self._owned_answer(connection, answer_id)[:3]).answer
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
        with self._file.reading() as connection:
            if connection is None:
                return []
            rows = connection.execute(
                "SELECT j.answer, j.question, j.record, j.field, j.start, j.end, j.text, j.verdict, j.at, c.owner "
                "FROM judgements j JOIN answers a ON a.id = j.answer JOIN conversations c ON c.id = a.conversation "
                "WHERE (?1 IS NULL OR c.owner = ?1) AND (?2 IS NULL OR j.answer = ?2) ORDER BY j.at, j.rowid",
                (self.owner, answer_id),
            ).fetchall()
        return [
            Judgement(answer, question, record, field, start, end, text, verdict, read_time(at), owner)
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


def _title(text: str) -> str:
    line = " ".join(text.encode("utf-8", "replace").decode().split())
    return line if len(line) <= TITLE else f"{line[: TITLE - 1]}…"
