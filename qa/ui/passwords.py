"""Who may use the page: a file of names and hashed passwords, one a line, as ``qa password NAME`` makes them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path

from qa.errors import QAError

#: scrypt's cost (N, r, p): about a twentieth of a second and 16 MB for one try. (RFC 7914)
COST = (2**14, 8, 1)

#: Seconds that a wrong password costs, and how many may be wrong at once before the others wait.
DELAY, AT_ONCE = 1.0, 4

_NAME = re.compile(r"[^\s:#][^\s:]{0,63}")
_HASH = re.compile(r"scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w+/=]+)\$([\w+/=]+)")

#: Nobody's password: an unknown name takes as long to refuse as a known one.
_NOBODY = "scrypt$16384$8$1$" + base64.b64encode(bytes(16)).decode() + "$" + base64.b64encode(bytes(32)).decode()


def line(name: str, password: str) -> str:
    """The line of the file for somebody; QAError for a name that cannot stand in it, or a password that is none."""
    if not _NAME.fullmatch(name):
        raise QAError(f"“{name}” cannot be a name here: up to 64 characters without blanks and colons.")
    if len(password) < 8:
        raise QAError("The password is too short. Use at least eight characters.")
    salt = os.urandom(16)
    parts = (*map(str, COST), *(base64.b64encode(one).decode() for one in (salt, _scrypt(password, salt, COST))))
    return f"{name}:scrypt${'$'.join(parts)}"


def read(path: Path) -> dict[str, str]:
    """Name → hash. QAError, with the line, for a file that cannot be read, holds nobody, or holds something else."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QAError(f"{path} cannot be read ({error}). Name the file that holds the lines of qa password.") from error
    found: dict[str, str] = {}
    for number, text in enumerate(lines, 1):
        if not text.strip() or text.startswith("#"):
            continue
        name, _, hashed = text.strip().partition(":")
        if not _NAME.fullmatch(name) or not _HASH.fullmatch(hashed):
            raise QAError(
                f"{path}:{number}: this is no line of qa password NAME. Passwords never stand here as they are."
            )
        found[name] = hashed
    if not found:
        raise QAError(f"{path} names nobody. Add a line for each person: qa password NAME >> {path}")
    return found


def checker(people: dict[str, str]) -> Callable[[str, str], bool]:
    """What Gradio asks at the door: whether this is the password of this name. Wrong ones are slow."""
    slow = threading.Semaphore(AT_ONCE)

    def check(name: str, password: str) -> bool:
        right = matches(people.get(name, _NOBODY), password) and name in people
        if not right:
            with slow:
                time.sleep(DELAY)
        return right

    return check


def matches(hashed: str, password: str) -> bool:
    """Whether a password is the one that was hashed; compared in constant time."""
    found = _HASH.fullmatch(hashed)
    if found is None:
        return False
    cost = (int(found[1]), int(found[2]), int(found[3]))
    salt, expected = base64.b64decode(found[4]), base64.b64decode(found[5])
    return hmac.compare_digest(_scrypt(password, salt, cost), expected)


def _scrypt(password: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    n, r, p = cost
    plain = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(plain, salt=salt, n=n, r=r, p=p, maxmem=256 * n * r, dklen=32)
