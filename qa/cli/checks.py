"""The commands that check: verify, what stands in the library; eval, how well it answers."""

from __future__ import annotations

import argparse

from qa.cli.terminal import open_library, print_json, progress_bar, wants_json


def run_verify(options: argparse.Namespace) -> int:
    """Say whether quotations stand in the library."""
    from qa.verifying.command import read_what, words_of, words_of_receipt

    library, what = open_library(options), read_what(options.what)
    if isinstance(what, str):
        with progress_bar() as progress:
            verification = library.verify(what, everything=options.all, progress=progress)
        plain, words, ok = verification.to_dict(), words_of(verification), verification.ok
    else:
        check = library.check_receipt(what)
        plain, words, ok = check.to_dict(), words_of_receipt(check), check.ok
    if wants_json(options):
        print_json(plain)
    else:
        print(words)
    return 0 if ok else 1


def run_eval(options: argparse.Namespace) -> None:
    """Measure how well questions are answered."""
    from qa.evaluation import command

    with progress_bar() as progress:
        text = command.run_eval(options, progress)
    print(text)
