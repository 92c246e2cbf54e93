"""Any history of a library, step by step beside a plain dictionary and an exact search."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from benchmarks.reliability.crashes import Operation
from benchmarks.reliability.oracle import State, faults, held
from benchmarks.reliability.words import DIMENSIONS, open_library
from qa import Library

VERSIONS = st.integers(0, 9)


class Histories(RuleBasedStateMachine):
    """One library, through two handles as two processes have them."""

    place: Path
    library: Library
    other: Library

    @initialize()
    def begin(self) -> None:
        self.place = Path(tempfile.mkdtemp(prefix="qa-history-"))
        self.state: State = {}
        self.library = open_library(self.place / "library")
        self.other = open_library(self.place / "library")

    def carry_out(self, operation: Operation) -> None:
        operation.carry_out(self.library, self.place)
        self.state = operation.after(self.state)
        self.library, self.other = self.other, self.library  # each writes, and each sees what the other wrote
        assert held(self.library) == self.state

    @rule(name=st.sampled_from(["add a", "add b"]), version=VERSIONS, later=st.booleans())
    def add(self, name: str, version: int, later: bool) -> None:
        self.carry_out(Operation("add", {name: version}, later=later))

    @rule(files=st.dictionaries(st.sampled_from(["sync a", "sync b"]), VERSIONS), later=st.booleans())
    def sync(self, files: dict[str, int], later: bool) -> None:
        self.carry_out(Operation("sync", files, later=later))

    @rule()
    def embed(self) -> None:
        waited = self.library.awaiting().records
        assert self.library.embed() == waited
        assert not self.other.awaiting()

    @precondition(lambda self: any(one.startswith("add") for one in self.state))
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        loose = sorted(one for one in self.state if one.startswith("add"))
        some = data.draw(st.lists(st.sampled_from(loose), min_size=1, max_size=4, unique=True))
        self.carry_out(Operation("remove", ids=tuple(some)))

    @precondition(lambda self: self.state)
    @rule(model=st.sampled_from(sorted(DIMENSIONS)))
    def reindex(self, model: str) -> None:
        self.carry_out(Operation("reindex", model=model))
        self.reopen()

    @rule()
    def reopen(self) -> None:
        self.library.close()
        self.other.close()
        self.library = open_library(self.place / "library")
        self.other = open_library(self.place / "library")

    @rule()
    def lose_what_is_derived(self) -> None:
        shutil.rmtree(self.place / "library" / "derived", ignore_errors=True)

    @rule()
    def search(self) -> None:
        assert faults(self.library) == []

    def teardown(self) -> None:
        if hasattr(self, "place"):
            self.search()
            self.reopen()
            self.search()
            shutil.rmtree(self.place)


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=8, stateful_step_count=12, deadline=None)
