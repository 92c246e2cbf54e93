"""The commands that ask: ask, search, compare."""

from __future__ import annotations

import argparse
import dataclasses

from qa.cli.options import add_filters, filters
from qa.cli.printing import lines, page, plain_hit, plain_record, source_line
from qa.cli.target import Target, add_output
from qa.cli.terminal import open_library, positive, print_json, progress_bar, save_json, say, wants_json
from qa.export import find_format


def configure_ask(parser: argparse.ArgumentParser) -> None:
    """``qa ask QUESTION``."""
    parser.add_argument("question")
    parser.add_argument("-k", type=positive, default=5, help="how many sentences at most (default: 5)")
    add_filters(parser)
    parser.add_argument("--receipt", metavar="FILE", help="save the answer as JSON that `qa verify FILE` checks")
    add_output(parser)


def configure_search(parser: argparse.ArgumentParser) -> None:
    """``qa search QUESTION``."""
    parser.add_argument("question")
    parser.add_argument("-k", type=positive, default=10, help="how many (default: 10)")
    parser.add_argument("--records", action="store_true", help="list records instead of sentences")
    add_filters(parser)


def configure_compare(parser: argparse.ArgumentParser) -> None:
    """``qa compare --question … --question …``."""
    parser.add_argument("--question", action="append", required=True, metavar="TEXT", help="may be given several times")
    parser.add_argument(
        "--records", nargs="+", metavar="ID", help="the records compared (default: the ten best for each question)"
    )
    add_output(parser)
    add_filters(parser, record=False)


def run_ask(options: argparse.Namespace) -> None:
    """Answer a question."""
    target = Target.of(options)
    library = open_library(options)
    answer = library.ask(options.question, k=options.k, filters=filters(options))
    if options.receipt:
        save_json(options.receipt, library.receipt(answer, options.k))
    if target:
        target.write(answer)
    elif wants_json(options):
        print_json(
            {
                "question": answer.question,
                "citations": [plain_hit(hit) for hit in answer.citations],
                "reason": answer.reason,
                **({"awaiting": dataclasses.asdict(answer.awaiting)} if answer.awaiting else {}),
            }
        )
    elif answer:
        print("\n\n".join(lines(hit) for hit in answer.citations))
    else:
        print(answer.reason)
    if answer.awaiting:
        say(str(answer.awaiting))


def run_search(options: argparse.Namespace) -> None:
    """List what matches a question best."""
    library = open_library(options)
    if options.records:
        found = library.search_records(options.question, k=options.k, filters=filters(options))
        if wants_json(options):
            print_json(
                [{"rank": f.rank, "score": f.score, "record": plain_record(f.record, f.appraisal)} for f in found]
            )
        else:
            for f in found:
                print(
                    f"{f.rank:>3}  {f.score:6.2f}  {f.record.title}\n             {source_line(f.record, f.appraisal)}"
                )
    else:
        hits = library.search(options.question, k=options.k, filters=filters(options))
        if wants_json(options):
            print_json([plain_hit(hit) for hit in hits])
        else:
            for hit in hits:
                print(f"{hit.rank:>3}  {hit.score:6.2f}  {hit.sentence.text}")
                print(f"             {source_line(hit.record, hit.appraisal)}{page(hit)}")


def run_compare(options: argparse.Namespace) -> None:
    """Put questions to records, in a table."""
    target = Target.of(options)
    with progress_bar() as progress:
        records = list(dict.fromkeys(options.records)) if options.records else None
        table = open_library(options).compare(options.question, records, filters=filters(options), progress=progress)
    if target:
        target.write(table)
    elif wants_json(options):
        print_json(table.to_dict())
    else:
        print(find_format("markdown").write(table).decode(), end="")
