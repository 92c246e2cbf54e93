"""Shared by all tests: no network, and one small library made by the real model."""

from __future__ import annotations

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from qa import Library

if TYPE_CHECKING:
    from qa.embedding import Embedder

# How long an example takes says what else the machine does.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

#: Small records of our own: enough that a question has one right answer and many wrong ones.
RECORDS: list[dict[str, Any]] = [
    {
        "id": "doi:10.1000/beetle",
        "doi": "10.1000/beetle",
        "title": "Night lighting and ground beetles in city parks",
        "abstract": "Artificial light changes the night. We counted beetles in twelve parks with and without lamps. "
        "Lit parks held forty percent fewer beetles than dark parks. Switching lamps off after midnight may help.",
        "authors": ["Moreau, Ines", "Oduya, Peter", "Lind, Sara"],
        "journal": "Urban Ecology Letters",
        "year": 2018,
    },
    {
        "id": "pmid:900001",
        "pmid": "900001",
        "title": "Honey for cough in children: a randomised trial",
        "abstract": "Background: Cough keeps families awake. Methods: We randomised 120 children to honey or syrup. "
        "Results: Honey shortened night cough by 1.5 days (p < 0.05). Conclusions: Honey is a simple first choice.",
        "sections": [
            {"label": "Background", "start": 12, "end": 39},
            {"label": "Methods", "start": 49, "end": 94},
            {"label": "Results", "start": 104, "end": 155},
            {"label": "Conclusions", "start": 169, "end": 200},
        ],
        "authors": ["Adler, Ruth"],
        "journal": "Journal of Home Remedies",
        "year": 2020,
        "publication_types": ["Randomized Controlled Trial"],
    },
    {
        "id": "pmid:900002",
        "pmid": "900002",
        "title": "Seagrass meadows store carbon",
        "abstract": "Seagrass buries carbon in the sea floor. It does so faster than forests on land. "
        "Meadows are lost to dredging and warm water.",
        "year": 2016,
    },
    {
        "id": "pmid:900003",
        "pmid": "900003",
        "title": "Sleep loss slows wound healing in rats",
        "abstract": "Rats kept awake for two days healed more slowly. Skin tensile strength fell by a third. "
        "Corticosterone was higher in the rats that did not sleep.",
    },
    {"id": "pmid:900004", "pmid": "900004", "title": "A letter on the price of museum tickets", "year": 1999},
]


def write_jsonl(path: Path, records: Sequence[Mapping[str, object]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def records_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_jsonl(tmp_path_factory.mktemp("records") / "records.jsonl", RECORDS)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, records_file: Path) -> Library:
    """A library of RECORDS, for tests that only read it."""
    library = Library.open(tmp_path_factory.mktemp("filled") / "library")
    library.add(records_file)
    return library


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    from qa.embedding import open_embedder

    return open_embedder()


@pytest.fixture
def library(tmp_path: Path, embedder: Embedder) -> Iterator[Library]:
    """An empty library that shares the loaded model, for tests that write."""
    library = Library.open(tmp_path / "library")
    library._embedder = embedder
    yield library
    library.close()
