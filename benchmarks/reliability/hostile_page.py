"""Whatever can be sent to the page's server, sent: to its events, its functions, its uploads, its files, its addresses.

    python -m benchmarks.reliability.hostile_page [--rounds 40] [--seed 0]

Two people are logged in, one of whom attacks the other. After each request the answer must be no error of ours (5xx)
and hold nothing of what is secret: a file beside the library's folder, the passwords, and what the other asked.
At the end the log has no traceback through our code (Gradio writes one for arguments that its components refuse), the
other's conversation is what it was, and questions are answered. Gradio answers some bodies that are none of its own
with a bare "Internal Server Error"; they are counted.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.machine import keep
from benchmarks.reliability.attack import ASKED_ALONE, SECRET, Attack
from benchmarks.reliability.soak import write
from benchmarks.reliability.visitor import REPOSITORY, Visitor, places, serving
from qa.ui import passwords

ASKED = f"Does honey shorten the {ASKED_ALONE} of sleep?"
LOGINS = {"ada": "first secret", "eve": "second secret"}


def run(rounds: int, seed: int, place: Path) -> dict[str, Any]:
    """So many rounds of attacks of every kind."""
    (place / "secret.txt").write_text(SECRET, encoding="utf-8")
    people = "\n".join(passwords.line(name, password) for name, password in LOGINS.items())
    (place / "people").write_text(f"{people}\n", encoding="utf-8")
    with serving(place / "library", place, "--auth", str(place / "people")) as server:
        victim, attacker = (Visitor(server.address, login) for login in LOGINS.items())
        with victim, attacker:
            write(place / "known.jsonl", 1)
            victim.add(place / "known.jsonl")
            theirs = victim.ask(ASKED)
            before = _export(victim)
            attack = Attack(server, victim, attacker, theirs, random.Random(seed))
            for _ in range(rounds):
                for send in (attack.events, attack.calls, attack.bodies, attack.addresses, attack.uploads):
                    send()
            failures = attack.failures
            if server.process.poll() is not None:
                failures.append("the server ended")
            elif not places(attacker.ask("What does honey do to sleep?")):
                failures.append("questions are not answered any more")
            elif _export(victim) != before:
                failures.append("the other's conversation is another")
        outside = {path.name for path in place.iterdir()} - {
            "secret.txt",
            "people",
            "library",
            "temporary",
            "log.txt",
            "known.jsonl",
        }
        failures += [f"{name} was written beside the library" for name in sorted(outside)]
        log = server.log
    own = f"{REPOSITORY}/qa/"
    through = f'{own}ui/rules.py", line'  # every request passes through it: a frame of it alone is none of ours
    traces = log.split("Traceback (most recent call last)")[1:]
    ours = [one for one in traces if one.count(own) > one.count(through)]
    failures += [f"an error of ours in the log: {one[:4000]}" for one in ours]
    return {
        "rounds": rounds,
        "requests": dict(sorted(attack.requests.items())),
        "bare 500s of Gradio": attack.bare,
        "failures": failures,
    }


def _export(visitor: Visitor) -> str:
    return str(
        visitor.call("export", {"conversation": visitor.seat["conversation"], "format": "json"}).json().get("data")
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qa-hostile-") as folder:
        keep("hostile_page", {**run(options.rounds, options.seed, Path(folder)), "seed": options.seed})


if __name__ == "__main__":
    main()
