"""Serves the page: which address, and nothing that leaves this machine."""

from __future__ import annotations

import ctypes
import ipaddress
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import NotFound, QAError
from qa.library import Library
from qa.ui import passwords
from qa.ui.examples import Filling
from qa.ui.firsts import Firsts
from qa.ui.rules import Door, Rules

if TYPE_CHECKING:
    import gradio as gr

PORT = 7860

#: The number that glibc's malloc.h has for how many pools there may be.
_M_ARENA_MAX = -8

#: Bytes of a file that is dropped in, at most, where nothing else is said.
UPLOAD = 2 * 1024**3

#: Questions and uploads a minute that each person of a group has, where nothing else is said.
QUESTIONS, UPLOADS = 30, 10

#: Seconds that a connection stays open with nobody asking. With uvicorn's five, who has read an answer and asks again
#: may do so just as it closes.
KEEP_ALIVE = 75

#: Seconds after which memory that is free goes back to the system, again and again.
GIVEN_BACK = 60

#: Of how many events Gradio keeps how long they took, which nobody asks for here; 10,000, unless it is told.
EVENTS = 100

OPEN = (
    "qa: {host} can be reached by others, and there is no password: whoever reaches it can {may}. Give each person a "
    "password with qa chat --auth FILE{or_}."
)


def build(
    library: Library, filling: Filling | None = None, rules: Rules | None = None, firsts: Firsts | None = None
) -> gr.Blocks:
    """The page over ``library``; ``filling`` is what reads the examples meanwhile, if anything does."""
    from qa.ui.page import Page  # Gradio takes seconds to import: only once it is certain that a page is wanted

    return Page(library, filling or Filling(library), rules, firsts).blocks()


@dataclass(frozen=True, slots=True)
class Group:
    """How the page is served to more than one person.

    ``people`` is a file of names and hashed passwords (see ``passwords``), ``root`` the path under which a proxy shows
    the page, ``upload`` the most bytes that a file dropped in may have. ``read_only`` keeps records as they are;
    ``questions`` and ``uploads`` are how many a minute each person has (0: no limit; None: QUESTIONS and UPLOADS for a
    group, no limit for one person on this machine).
    """

    people: Path | None = None
    root: str = ""
    upload: int = UPLOAD
    read_only: bool = False
    questions: int | None = None
    uploads: int | None = None

    def rules(self, host: str) -> Rules:
        """What the people may do, where the page is served on ``host``."""
        shared = self.people is not None or bool(self.root) or not is_own(host)
        asked, added = (
            (default if shared else 0) if said is None else said
            for said, default in ((self.questions, QUESTIONS), (self.uploads, UPLOADS))
        )
        return Rules.limited(asked, added, read_only=self.read_only)


def chat(
    library: Library | str | os.PathLike[str] = "index",
    *,
    host: str | None = None,
    port: int | None = None,
    group: Group | None = None,
) -> None:
    """Serve a library, or the one in a folder, until interrupted; a folder that holds none yet gets the examples."""
    host, port = address(host, port)
    serve(library if isinstance(library, Library) else Library.open(library), host=host, port=port, group=group)


def serve(
    library: Library,
    *,
    host: str | None = None,
    port: int | None = None,
    group: Group | None = None,
    block: bool = True,
) -> gr.Blocks:
    """Serve the page until it is interrupted (or, with ``block=False``, return at once)."""
    _share_memory()
    os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", str(EVENTS))  # read as the page is made
    group = group or Group()
    host, port = address(host, port)
    people = passwords.read(group.people) if group.people else None
    rules = group.rules(host)
    if people is None and not is_own(host):
        may, or_ = ("read", "") if rules.read_only else ("read, add and remove records", ", or serve with --read-only")
        print(OPEN.format(host=host, may=may, or_=or_), file=sys.stderr, flush=True)
    if rules.read_only and not library.exists:
        raise NotFound(f"There is no library in {library.folder} to read. Add records first, without --read-only.")
    claim(host, port)
    print("Starting the chat …", file=sys.stderr, flush=True)
    filling, firsts = Filling(library), Firsts()
    filling.start()
    page = build(library, filling, rules, firsts)

    from starlette.middleware import Middleware

    from qa.ui.page import launch_options

    try:
        page.launch(
            server_name=host,
            server_port=port,
            prevent_thread_lock=True,
            share=False,
            quiet=True,
            auth=passwords.checker(people) if people else None,
            root_path=group.root or None,
            max_file_size=group.upload,
            app_kwargs={"middleware": [Middleware(Door, rules=rules)]},
            **launch_options(),
        )
    except OSError as error:  # somebody took the port meanwhile
        raise QAError(f"The chat cannot be served on {host}:{port}. Choose another port with --port.") from error
    page.server.config.timeout_keep_alive = KEEP_ALIVE
    filling.go()
    if library.exists:  # whoever asks first need not wait for the model
        threading.Thread(target=_warm, args=(library, firsts), name="warm", daemon=True).start()
    shown = "localhost" if host in ("0.0.0.0", "::") else host  # noqa: S104
    print(f"The chat is at http://{shown}:{port} (Ctrl+C ends it).", flush=True)
    if block:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, partial(_tidy_up, page))
        page.block_thread()
    return page


def _tidy_up(page: gr.Blocks, number: int, frame: object) -> None:  # noqa: ARG001  # what a signal's handler is given
    """End as the signal says, but leave no copies of files to download behind: with Ctrl+C Gradio sees to that."""
    from gradio.route_utils import delete_files_created_by_app

    try:
        delete_files_created_by_app(page, age=None)
    finally:  # whatever becomes of the copies, the process ends
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)


@cache
def _share_memory() -> None:
    """Let the threads of a server share two pools of memory, where glibc hands it out, and give back what is free.

    It has up to eight for each processor, and what a thread has freed in one is of no use to those of another: a server
    with thirty threads grows without holding more. And what lies free between things that are held stays with the
    process, unless it is told.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library
            c = ctypes.CDLL(None)
            c.mallopt(_M_ARENA_MAX, 2)
            threading.Thread(target=_give_back, args=(c.malloc_trim,), name="memory", daemon=True).start()


def _give_back(trim: Callable[[int], int]) -> None:
    while True:
        time.sleep(GIVEN_BACK)
        trim(0)


def _warm(library: Library, firsts: Firsts) -> None:
    with suppress(QAError):  # whoever asks is told
        firsts.of(library)


def address(host: str | None, port: int | None) -> tuple[str, int]:
    """Where to serve: what was asked for, else GRADIO_SERVER_NAME and GRADIO_SERVER_PORT, else 127.0.0.1:7860."""
    host = host or os.environ.get("GRADIO_SERVER_NAME") or "127.0.0.1"
    if port is None:
        named = os.environ.get("GRADIO_SERVER_PORT") or str(PORT)
        try:
            port = int(named)
        except ValueError:
            raise QAError(
                f"GRADIO_SERVER_PORT is “{named}”, which is no port. Set it to a number, or unset it."
            ) from None
    if not 0 < port < 65536:
        raise QAError(f"{port} is no port. Choose one between 1 and 65535.")
    return host, port


def is_own(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def claim(host: str, port: int) -> None:
    """Raise where the port cannot be had. Asked before anything slow is loaded."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise QAError(
                f"The chat cannot be served on {host}:{port} ({error.strerror or error}). "
                "Choose another port with --port, or end the program that uses this one."
            ) from error
