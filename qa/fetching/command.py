"""``qa fetch``: its options, and what it prints. Nothing heavy is imported before it runs."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import FetchError
from qa.schema import ProgressCallback, Report, Skip

if TYPE_CHECKING:
    from qa.fetching.kept import Plan
    from qa.fetching.run import Request

#: Below the library's folder: where what was fetched is kept.
FOLDER = "fetched"

DESCRIPTION = """\
Fetch records from PubMed and add them to the library. This is the only command that uses the network,
and it asks only the server named by --server.
"""

EPILOG = """\
examples:
  qa fetch "calcinosis AND scleroderma" --dry-run     how many are there, and how PubMed understands it
  qa fetch "calcinosis AND scleroderma" --max 200     fetch the 200 most recent, and add them
  qa fetch 26230506 10.1097/BOR.0000000000000220      records by PMID or DOI
  qa fetch --ids included.txt --save included.xml     those listed in a file; keep PubMed's XML as well

Without a key NCBI allows 3 requests a second, with one 10; both limits are kept. A fetch that broke off goes
on where it was when the same command is run again. Everything is told in docs/fetch.md.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of ``qa fetch``; ``--library``, ``--model`` and ``--json`` are those of every command."""
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("what", nargs="*", metavar="QUERY|ID", help="a query as PubMed takes it; or PMIDs and DOIs")
    parser.add_argument("--ids", metavar="FILE", help="fetch the PMIDs and DOIs listed in a text file")
    parser.add_argument(
        "--max", type=_positive, default=200, metavar="N", help="of a query, N records at most (default: 200)"
    )
    parser.add_argument(
        "--sort",
        choices=("date", "relevance"),
        default="date",
        help="which come first (default: date, the most recent)",
    )
    parser.add_argument("--dry-run", action="store_true", help="tell how many records there are, and fetch none")
    parser.add_argument("--save", metavar="FILE", help="keep the records as PubMed XML (compressed if it ends in .gz)")
    parser.add_argument("--fresh", action="store_true", help="ask anew, though an unfinished fetch could go on")
    parser.add_argument("--email", help="told to NCBI, which writes to it before it blocks (default: $NCBI_EMAIL)")
    parser.add_argument("--api-key", metavar="KEY", help="your NCBI key (default: $NCBI_API_KEY)")
    parser.add_argument(
        "--server", metavar="URL", help="another E-utilities server (default: $NCBI_EUTILS, else NCBI's)"
    )
    parser.set_defaults(misused=parser.error)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to print: in words, for programs, and what was asked for and is not there."""

    words: str
    plain: dict[str, Any]
    skipped: tuple[Skip, ...] = ()


def run_fetch(
    options: argparse.Namespace,
    library: Path,
    add: Callable[[Path, str], Report],
    say: Callable[[str], None],
    progress: ProgressCallback | None = None,
) -> Outcome:
    """Do what the options ask for; ``add`` puts a file into the library at ``library``, with words for its ledger."""
    from qa.fetching.client import SERVER, Client
    from qa.fetching.kept import save_copy
    from qa.fetching.run import fetch, make_plan

    request, not_ids = _request(options)
    save = _place(options.save) if options.save else None
    email = options.email or os.environ.get("NCBI_EMAIL", "")
    key = options.api_key or os.environ.get("NCBI_API_KEY", "")
    server = options.server or os.environ.get("NCBI_EUTILS") or SERVER
    if not email:
        say("NCBI asks for your e-mail address, to write to before it blocks anybody: --email or NCBI_EMAIL")
    with Client(server, email=email, key=key, say=say) as client:
        if options.dry_run:
            plan = make_plan(client, request)
            return Outcome("\n".join(_words(request, plan, "would be")), _plain(plan), not_ids)
        fetched = fetch(client, request, library / FOLDER, fresh=options.fresh, progress=progress, say=say)
    if fetched.file is not None and save is not None:
        save_copy(fetched.file, save)
    report = add(fetched.file, _entry(request, fetched.plan)) if fetched.file is not None else Report()
    fetched.settle()
    report = replace(report, skipped=(*not_ids, *fetched.skipped, *report.skipped))
    told = {"report": {"read": report.read, **asdict(report)}}
    plain = {**_plain(fetched.plan), "records": fetched.records, "note": str(fetched.note), **told}
    return Outcome("\n".join([*_words(request, fetched.plan, "are"), str(report)]), plain, report.skipped)


def _request(options: argparse.Namespace) -> tuple[Request, tuple[Skip, ...]]:
    """What the arguments ask for, and the lines of --ids that are no ids."""
    from qa.fetching.ids import find_ids, read_ids
    from qa.fetching.run import Request

    query = " ".join(options.what).strip()
    if bool(options.ids) == bool(query):
        options.misused("name a query, or PMIDs and DOIs, or a file of them with --ids")
    if not options.ids:
        wanted = find_ids(options.what)
        return (Request(wanted=tuple(wanted)) if wanted else Request(query, options.max, options.sort)), ()
    listed, skips = read_ids(options.ids)
    if not listed:
        raise FetchError(f"{options.ids} lists no PMID and no DOI. Write one a line.")
    return Request(wanted=tuple(listed)), tuple(skips)


def _place(name: str) -> Path:
    """Where a file is to be saved; known before anything is fetched that could not be kept."""
    path = Path(name)
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise FetchError(f"Cannot write to {name}. Name a file in a folder that is there and yours.")
    return path


def _entry(request: Request, plan: Plan) -> str:
    """What the ledger says was done: what was asked of which server, and how many there were."""
    what = request.query or f"{len(request.wanted)} by number"
    return f"fetch {what} · {plan.server} · {len(plan.pmids):,} of {plan.count:,}"


def _words(request: Request, plan: Plan, verb: str) -> Iterator[str]:
    number = len(plan.pmids)
    if request.wanted:
        dois = sum(1 for one in request.wanted if one.doi)
        yield f"{plan.count - dois:,} by PMID and {dois:,} by DOI {verb} asked for: {number:,} records at most"
        return
    if plan.remarks:
        yield f"PubMed remarks: {'; '.join(plan.remarks)}"
    if plan.understood:
        yield f"PubMed understands: {plan.understood}"
    if not plan.count:
        yield f"PubMed holds no record for {request.query}"
        return
    records = "record" if plan.count == 1 else "records"
    which = "all of them" if number == plan.count else f"{number:,} of them (--max), {_ORDERS[request.sort]},"
    yield f"PubMed holds {plan.count:,} {records} for {request.query}; {which} {verb} fetched"


_ORDERS = {"date": "the most recent", "relevance": "the most relevant"}


def _plain(plan: Plan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in ("server", "started", "count", "pmids", "understood", "remarks")}


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)
