"""The grammar of the command line, and running what it reads: every command is a few lines over Library."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from qa import __version__
from qa.cli import accounts, adding, asking, caretaking, checks, exports, holdings, serving
from qa.errors import QAError
from qa.evaluation.command import configure as configure_eval
from qa.fetching.command import configure as configure_fetch
from qa.verifying.command import configure as configure_verify

DESCRIPTION = (
    "Ask the scientific literature you hold. The answer is its own sentences, word for word, with their sources."
)

EPILOG = """\
examples:
  qa add export.nbib page.html          put files into the library (default folder: index)
  qa ask "How common is calcinosis?"    the sentences that answer, numbered, each with its source
  qa --library reviews chat             the chat, in the browser, over another library
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code: 0, 1 for an error that is the person's to mend, 2 for wrong usage."""
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except QAError as error:
        print(f"qa: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("qa: stopped; what was stored so far is kept.", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output went away, as `| head` does
        sys.stderr.close()
        return 1


def parser() -> argparse.ArgumentParser:
    """The whole grammar of the command line."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--library", metavar="DIR", help="the library's folder (default: index)")
    common.add_argument(
        "--model", metavar="NAME", help="a sentence-transformers folder or hub name (default: built in)"
    )
    common.add_argument("--json", action="store_true", help="print JSON")
    top = argparse.ArgumentParser(
        "qa",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common],
    )
    top.add_argument("--version", action="version", version=f"qa {__version__}")
    commands = top.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int | None], summary: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=summary, description=summary, parents=[common])
        made.set_defaults(run=run)
        return made

    adding.configure_add(command("add", adding.run_add, "read files into the library and account for every entry"))
    adding.configure_sync(
        command("sync", adding.run_sync, "keep the library in step with a folder: new, changed and vanished files")
    )
    configure_fetch(
        command("fetch", adding.run_fetch, "fetch records from PubMed, by a query or by number, and add them")
    )
    asking.configure_ask(command("ask", asking.run_ask, "answer a question with numbered sentences from the library"))
    asking.configure_search(command("search", asking.run_search, "list the sentences that match best, with scores"))
    serving.configure_chat(command("chat", serving.run_chat, "serve the chat on this machine"))
    serving.configure_password(command("password", serving.run_password, "make a line for the file of qa chat --auth"))
    holdings.configure_list(command("list", holdings.run_list, "list the records of the library"))
    holdings.configure_show(command("show", holdings.run_show, "show one record, whole"))
    holdings.configure_remove(command("remove", holdings.run_remove, "remove records from the library"))
    accounts.configure_ledger(command("ledger", accounts.run_ledger, "list what was added when, from which file"))
    accounts.configure_duplicates(
        command("duplicates", accounts.run_duplicates, "list records merged from several entries, and undo it")
    )
    holdings.configure_retractions(
        command("retractions", holdings.run_retractions, "mark what Retraction Watch's list says of your records")
    )
    configure_verify(command("verify", checks.run_verify, "say whether the quotations of a text stand in the library"))
    exports.configure_export(
        command("export", exports.run_export, "write records, an answer or a conversation to a file")
    )
    asking.configure_compare(
        command("compare", asking.run_compare, "put questions to records: a table of the sentences that answer")
    )
    exports.configure_cite(
        command("cite", exports.run_cite, "print records as references: APA, Vancouver, BibTeX, RIS")
    )
    exports.configure_conversations(
        command("conversations", exports.run_conversations, "list the conversations kept in the library")
    )
    exports.configure_judgements(
        command("judgements", exports.run_judgements, "write what was said of sentences as a suite for eval")
    )
    caretaking.configure_doctor(
        command("doctor", caretaking.run_doctor, "look whether the library is whole, and say what mends it")
    )
    caretaking.configure_backup(
        command("backup", caretaking.run_backup, "write the library to one file, also while it is in use")
    )
    caretaking.configure_restore(command("restore", caretaking.run_restore, "make a library from a backup"))
    command(
        "reindex",
        caretaking.run_reindex,
        "embed everything anew, by another model (--model); goes on where it was stopped",
    )
    command("embed", adding.run_embed, "embed the records that are not yet; goes on where it was stopped")
    command("info", holdings.run_info, "say what the library holds")
    configure_eval(
        command("eval", checks.run_eval, "measure how well questions are answered: on judged suites, on your library")
    )
    return top
