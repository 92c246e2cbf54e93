"""What a damaged page may give in place of what was stored is told as damage, in words."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.reliability.oracle import write
from benchmarks.reliability.words import open_library
from qa.errors import Corrupt
from qa.schema import Conversation

QUESTION = "honey and sleep for a child with pain"


@pytest.mark.parametrize(
    "damage",
    [
        "DROP INDEX records_spans; UPDATE sentences SET record = 'x' WHERE row = 3",  # as earlier versions had it
        "UPDATE sentences SET row = 9999 WHERE row = 3",
        "UPDATE records SET first_sentence = first_sentence + 1 WHERE row = 1",
        "UPDATE records SET sentences = x'00' WHERE row = 1",
    ],
)
def test_where_sentences_stand(tmp_path: Path, damage: str) -> None:
    write(tmp_path / "a.jsonl", 3)
    library = open_library(tmp_path / "library")
    library.add(tmp_path / "a.jsonl")
    assert library.search(QUESTION, k=50)
    library.close()
    with closing(sqlite3.connect(tmp_path / "library" / "library.sqlite", isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")  # STRICT would not have it
        connection.execute("UPDATE sqlite_schema SET sql = replace(sql, ') STRICT', ')')")
        connection.execute("PRAGMA foreign_keys = OFF")
    with closing(sqlite3.connect(tmp_path / "library" / "library.sqlite", isolation_level=None)) as connection:
        connection.executescript(damage)
    library = open_library(tmp_path / "library")
    with pytest.raises(Corrupt, match="damaged"):
        library.search(QUESTION, k=50)
    library.close()


def test_a_vector_that_is_missing(tmp_path: Path) -> None:
    """Also to those who made the search files anew already, as they were damaged, and find it missing then."""
    write(tmp_path / "a.jsonl", 3)
    library = open_library(tmp_path / "library")
    library.add(tmp_path / "a.jsonl")
    library.search(QUESTION)
    store = library._store
    for _ in range(2):
        with pytest.raises(Corrupt, match="a vector is missing"):
            store.sentence_vectors([9999])
    library.close()


def kept(place: Path) -> tuple[Path, Conversation]:
    write(place / "a.jsonl", 3)
    library = open_library(place / "library")
    library.add(place / "a.jsonl")
    conversations = library.conversations()
    known = conversations.start()
    conversations.append(known, library.ask(QUESTION))
    library.close()
    return place / "library", conversations.load(known)


@pytest.mark.parametrize(("old", "new"), [("Study", "Story"), ("{", "["), ('"citations"', '"Citations"')])
def test_a_changed_answer(tmp_path: Path, old: str, new: str) -> None:
    """Also where what was changed is none of the sentences quoted."""
    folder, conversation = kept(tmp_path)
    conversations = open_library(folder).conversations()
    with closing(sqlite3.connect(conversations.path, isolation_level=None)) as connection:
        text = connection.execute("SELECT json FROM answers").fetchone()[0]
        assert old in text
        connection.execute("UPDATE answers SET json = ?", (text.replace(old, new, 1),))
    with pytest.raises(Corrupt, match="changed from outside"):
        conversations.load(conversation.id)
    with pytest.raises(Corrupt, match="changed from outside"):
        conversations.answer(conversation.answers[0].id)


def test_text_that_is_none(tmp_path: Path) -> None:
    folder, conversation = kept(tmp_path)
    conversations = open_library(folder).conversations()
    data = conversations.path.read_bytes()
    conversations.path.write_bytes(data.replace(b"Study", b"\xff\xfe\xff\xfe\xff"))
    with pytest.raises(Corrupt):
        conversations.load(conversation.id)
    conversations.path.write_bytes(data[:4096] + bytes(len(data) - 4096))
    with pytest.raises(Corrupt):
        conversations.entries()


def test_an_answer_of_an_earlier_version_has_no_checksum(tmp_path: Path) -> None:
    folder, conversation = kept(tmp_path)
    conversations = open_library(folder).conversations()
    with closing(sqlite3.connect(conversations.path, isolation_level=None)) as connection:
        connection.execute("UPDATE answers SET json = json_remove(json, '$.crc32')")
    assert conversations.load(conversation.id) == conversation
