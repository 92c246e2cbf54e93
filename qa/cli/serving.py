"""The commands that serve the chat: chat, and password for who may use it."""

from __future__ import annotations

import argparse
import sys
from getpass import getpass
from pathlib import Path

from qa.cli.terminal import count, open_library, positive
from qa.errors import QAError


def configure_chat(parser: argparse.ArgumentParser) -> None:
    """``qa chat``."""
    parser.add_argument("--port", type=positive, help="default: GRADIO_SERVER_PORT, else 7860")
    parser.add_argument("--host", help="the address to serve on (default: GRADIO_SERVER_NAME, else this machine only)")
    parser.add_argument("--auth", metavar="FILE", help="who may use it: a file of lines that qa password makes")
    parser.add_argument("--root-path", metavar="PATH", default="", help="the path under which a proxy shows the page")
    parser.add_argument("--max-upload", metavar="MB", type=positive, help="the largest file that may be dropped in")
    parser.add_argument(
        "--read-only", action="store_true", help="ask and look only: nothing is added, removed or merged"
    )
    each = "a minute for each person (0: no limit; default: {} for a group, no limit on this machine)"
    parser.add_argument("--questions", metavar="N", type=count, help=f"questions {each.format(30)}")
    parser.add_argument("--uploads", metavar="N", type=count, help=f"uploads {each.format(10)}")


def configure_password(parser: argparse.ArgumentParser) -> None:
    """``qa password NAME``."""
    parser.add_argument("name")


def run_chat(options: argparse.Namespace) -> None:
    """Serve the chat."""
    from qa.ui import Group, chat

    limit = {"upload": options.max_upload * 1_000_000} if options.max_upload else {}
    group = Group(
        Path(options.auth) if options.auth else None,
        options.root_path,
        read_only=options.read_only,
        questions=options.questions,
        uploads=options.uploads,
        **limit,
    )
    chat(open_library(options), host=options.host, port=options.port, group=group)


def run_password(options: argparse.Namespace) -> None:
    """Make a line for the file of ``qa chat --auth``."""
    from qa.ui.passwords import line

    typed = getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if sys.stdin.isatty() and getpass("Once more: ") != typed:
        raise QAError("The two passwords differ. Nothing was made.")
    print(line(options.name, typed))
