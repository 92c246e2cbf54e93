"""Kill whoever writes at any moment, or let the disk run full, and see that nothing is lost and nothing torn.

    python -m benchmarks.reliability.crashes [--kills 500] [--full 100] [--seed 0] [--save]

A process adds, removes, keeps in step with a folder and reindexes; it is killed (SIGKILL) after a random time. Then the
library is opened, examined by its doctor, compared with what was done and what was being done, and searched beside an
exact oracle. The same library goes on to the next kill.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.machine import keep
from benchmarks.reliability.full import small_disk
from benchmarks.reliability.oracle import State, faults, held, ids, write
from benchmarks.reliability.words import DIMENSIONS, Words, open_library
from qa import Library, reindexing
from qa.errors import QAError
from qa.intake import batches

#: Entries, and records, that are committed together while the trials run: a few, so that there are moments between.
BATCH = 3

#: Seconds that an operation takes at first sight; measured from then on, so that kills fall in all of it.
TAKES = {"add": 0.1, "remove": 0.02, "sync": 0.3, "reindex": 0.1}


@dataclass(frozen=True)
class Operation:
    """What is done to a library. ``files`` are names with versions; for "sync", all that the folder is to hold.

    With ``later``, what is new waits to be embedded.
    """

    kind: str
    files: dict[str, int] = field(default_factory=dict)
    ids: tuple[str, ...] = ()
    model: str = ""
    later: bool = False

    def after(self, state: State) -> State:
        """What a library with a state holds afterwards."""
        new = {record_id: version for name, version in self.files.items() for record_id in ids(name, version)}
        new = {record_id: self.files[record_id.rpartition("-")[0]] for record_id in new}
        if self.kind == "sync":
            return {one: version for one, version in state.items() if not one.startswith("sync")} | new
        return {one: version for one, version in state.items() if one not in self.ids} | new

    def between(self, state: State) -> Iterator[State]:
        """All that a library may hold if this is cut off, where that can be told by order; else before and after."""
        yield state
        if self.kind == "add":
            ((name, version),) = self.files.items()
            new = dict.fromkeys(ids(name, version), version)
            for end in range(BATCH, len(new), BATCH):
                yield state | dict(list(new.items())[:end])
        yield self.after(state)

    def allows(self, before: State, found: State) -> bool:
        """Whether a library that held ``before`` may hold this when the operation was cut off."""
        if self.kind != "sync":
            return found in self.between(before)
        after = self.after(before)
        return all(found.get(one) in (before.get(one), after.get(one)) for one in {*found, *before, *after})

    def carry_out(self, library: Library, place: Path) -> None:
        if self.kind == "add":
            for name, version in self.files.items():
                write(place / "loose" / f"{name}.jsonl", version)
                library.add(place / "loose" / f"{name}.jsonl", embed=not self.later)
        elif self.kind == "remove":
            library.remove(*library._store.database.contents(self.ids))  # it may be done, and done again
        elif self.kind == "sync":
            folder = place / "folder"
            folder.mkdir(exist_ok=True)
            for path in folder.glob("*.jsonl"):
                if path.stem not in self.files:
                    path.unlink()
            for name, version in self.files.items():
                write(folder / f"{name}.jsonl", version)
            library.sync(folder, allow_empty=True, embed=not self.later)
        else:
            reindexing.reindex(library._store, Words(self.model), library._lock)
            library._embedder = Words(self.model)
            library._store.catch_up()


def draw(rng: random.Random, state: State) -> Operation:
    """An operation that makes sense for a state."""
    loose = sorted(one for one in state if one.startswith("add"))
    kind = rng.choice(["add", "add", "sync", "remove", "reindex"])
    if kind == "remove" and loose:
        return Operation(kind, ids=tuple(rng.sample(loose, rng.randint(1, min(5, len(loose))))))
    if kind == "sync":
        names = rng.sample(["sync a", "sync b", "sync c", "sync d"], rng.randint(0, 4))
        return Operation(kind, {name: rng.randrange(10) for name in names})
    if kind == "reindex" and state:
        return Operation(kind, model=rng.choice(list(DIMENSIONS)))
    return Operation("add", {rng.choice(["add a", "add b", "add c"]): rng.randrange(10)})


def small_batches() -> None:
    """Let this process commit a few records at a time."""
    vars(batches)["BATCH"] = vars(reindexing)["BATCH"] = BATCH


def carry_out(place: Path, operations: list[Operation], done: Connection) -> None:
    """In a process of its own: one operation after the other, each told when it is done."""
    small_batches()
    library = open_library(place / "library")
    done.send(-1)
    for number, operation in enumerate(operations):
        operation.carry_out(library, place)
        done.send(number)


def kill_once(place: Path, operations: list[Operation], rng: random.Random, takes: dict[str, float]) -> int:
    """Let a process work and kill it during one of the operations; returns how many it had finished for certain."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=carry_out, args=(place, operations, sender))
    process.start()
    sender.close()
    victim = rng.randrange(len(operations))
    finished: int = receiver.recv() + 1
    while finished < victim:
        started = time.monotonic()
        before, finished = finished, receiver.recv() + 1
        kind = operations[before].kind
        takes[kind] = 0.8 * takes[kind] + 0.2 * (time.monotonic() - started)
    time.sleep(rng.uniform(0, 1.2 * takes[operations[victim].kind]))
    process.kill()
    process.join()
    if process.exitcode not in (0, -signal.SIGKILL):
        raise AssertionError(f"the writer failed by itself ({process.exitcode})")
    with suppress(EOFError):
        while receiver.poll():
            finished = receiver.recv() + 1
    receiver.close()
    return finished


def check(place: Path, states: list[State], operations: list[Operation], finished: int) -> tuple[State, list[str]]:
    """Open the library and compare it with what it may hold; returns what it holds, and what is wrong."""
    library = open_library(place / "library")
    try:
        found = held(library)
        wrong = faults(library)
    finally:
        library.close()
    before = states[finished]
    doing = operations[finished] if finished < len(operations) else None
    if not (doing.allows(before, found) if doing else found == before):
        wrong.append(f"holds {found}, had {before}, was doing {doing}")
    return found, wrong


def kill(times: int, seed: int, place: Path) -> dict[str, Any]:
    """So many kills, one after the other on one library."""
    rng = random.Random(seed)
    takes = dict(TAKES)
    state: State = {}
    moments: Counter[str] = Counter()
    failures: list[str] = []
    trials = 0
    again: list[Operation] = []
    while sum(moments.values()) < times and trials < 3 * times + 10:
        operations, states = again, [state]
        for number in range(4):
            if number or not again:
                operations = [*operations, draw(rng, states[-1])]
            states.append(operations[number].after(states[-1]))
        finished = kill_once(place, operations, rng, takes)
        state, wrong = check(place, states, operations, finished)
        failures += [f"trial {trials}: {one}" for one in wrong]
        again = []
        if finished < len(operations):
            moments[operations[finished].kind] += 1
            again = [operations[finished]]  # what was cut off must be possible again
        trials += 1
    return {"kills": sum(moments.values()), "during": dict(sorted(moments.items())), "failures": failures}


def fill(times: int, seed: int, place: Path) -> dict[str, Any]:
    """So many operations on a disk that is full after a random number of bytes."""
    rng = random.Random(seed)
    small_batches()
    stopped: Counter[str] = Counter()
    failures: list[str] = []
    kinds: set[str] = set()
    for trial in range(times):
        with small_disk(place / "disk") as disk:
            kinds.add(disk.kind)
            library = open_library(disk.folder / "library")
            state: State = {}
            for name in ("add a", "add b"):
                operation = Operation("add", {name: rng.randrange(10)})
                operation.carry_out(library, disk.folder)
                state = operation.after(state)
            library.close()
            library = open_library(disk.folder / "library")
            operation = draw(rng, state)
            found = "finished"
            with disk.leave(rng.randrange(300_000)):
                try:
                    operation.carry_out(library, disk.folder)
                except QAError:
                    found = operation.kind
                except OSError:  # the trial's own file did not fit
                    found = "before it began"
                library.close()
            stopped[found] += 1
            _, wrong = check(disk.folder, [state, operation.after(state)], [operation], found == "finished")
            failures += [f"trial {trial}: {one}" for one in wrong]
    return {"full": times, "disk": sorted(kinds), "stopped": dict(sorted(stopped.items())), "failures": failures}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--full", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with tempfile.TemporaryDirectory(prefix="qa-crashes-") as folder:
        started = time.monotonic()
        result = {
            "killed": kill(options.kills, options.seed, Path(folder)),
            "disk full": fill(options.full, options.seed, Path(folder)),
        }
        keep("crashes", {**result, "seed": options.seed, "seconds": round(time.monotonic() - started)})


if __name__ == "__main__":
    main()
