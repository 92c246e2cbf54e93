"""The lock file holds everything that is asked for, hashed, and nothing of the machine that it was made on."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

#: Which build of it fits depends on the machine.
LEFT_OUT = {"torch"}


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9._-]", one)[0].lower().replace("_", "-") for one in requirements}


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = names(project["dependencies"]) | names(project["optional-dependencies"]["dev"])
    locked = dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", LOCK, re.M))
    assert asked - set(locked) == LEFT_OUT
    assert not {name for name in locked if name.startswith(("nvidia-", "cuda-", "triton"))}


def test_every_version_has_its_hashes() -> None:
    for block in re.split(r"^(?=[a-z0-9.-]+==)", LOCK, flags=re.M)[1:]:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block.splitlines()[0]


def test_the_lock_names_no_machine() -> None:
    assert not re.search(r"^[^#\n]*(?:://|file:|--index|--find-links|/(?:opt|home|tmp)/)", LOCK, re.M)
