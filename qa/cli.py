"""The command line: every command is a few lines over Library; ``--json`` prints what programs want to read."""

from __future__ import annotations

import argparse
import dataclasses
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa import __version__, accounts, caretaking
from qa.commands import (
    Target,
    add_output,
    citations,
    compare,
    configure_cite,
    configure_compare,
    configure_conversations,
    configure_export,
    configure_judgements,
    conversations,
    export,
    judgements,
)
from qa.errors import QAError
from qa.evaluation.command import configure as configure_eval
from qa.export import find_format
from qa.fetching.command import configure as configure_fetch
from qa.options import add_filters, filters
from qa.schema import Appraisal, Finding, Hit, Progress, ProgressCallback, Record, Report
from qa.verifying.command import configure as configure_verify

if TYPE_CHECKING:
    from qa.library import Library

DESCRIPTION = (
    "Ask the scientific literature you hold. The answer is its own sentences, word for word, with their sources."
)

EPILOG = """\
examples:
  qa add export.nbib page.html          put files into the library (default folder: index)
  qa ask "How common is calcinosis?"    the sentences that answer, numbered, each with its source
  qa --library reviews chat             the chat, in the browser, over another library
"""


#: Records that are embedded in a few seconds: not worth a word.
_FEW = 100


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

    add = command("add", _add, "read files into the library and account for every entry")
    add.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="exports (RIS, .nbib, PubMed XML, BibTeX, EndNote, CSV, Excel, JSON …), saved or copied pages; folders "
        "and ZIP archives of them; - for standard input",
    )
    add.add_argument("--dry-run", action="store_true", help="show what would become of every entry, and keep nothing")
    add.add_argument("--keep-both", action="store_true", help="merge nothing of these files with other records")
    sync = command("sync", _sync, "keep the library in step with a folder: new, changed and vanished files")
    sync.add_argument("folder", metavar="FOLDER")
    for one in (add, sync):
        one.add_argument("--full-text", action="store_true", help="of PDFs, the whole text, too; quoted with the page")
    sync.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
    sync.add_argument("--allow-empty", action="store_true", help="remove all its records if the folder is empty")
    configure_fetch(command("fetch", _fetch, "fetch records from PubMed, by a query or by number, and add them"))
    ask = command("ask", _ask, "answer a question with numbered sentences from the library")
    ask.add_argument("question")
    ask.add_argument("-k", type=_positive, default=5, help="how many sentences at most (default: 5)")
    add_filters(ask)
    ask.add_argument("--receipt", metavar="FILE", help="save the answer as JSON that `qa verify FILE` checks")
    add_output(ask)
    search = command("search", _search, "list the sentences that match best, with scores")
    search.add_argument("question")
    search.add_argument("-k", type=_positive, default=10, help="how many (default: 10)")
    search.add_argument("--records", action="store_true", help="list records instead of sentences")
    add_filters(search)
    chat = command("chat", _chat, "serve the chat on this machine")
    chat.add_argument("--port", type=_positive, help="default: GRADIO_SERVER_PORT, else 7860")
    chat.add_argument("--host", help="the address to serve on (default: GRADIO_SERVER_NAME, else this machine only)")
    chat.add_argument("--auth", metavar="FILE", help="who may use it: a file of lines that qa password makes")
    chat.add_argument("--root-path", metavar="PATH", default="", help="the path under which a proxy shows the page")
    chat.add_argument("--max-upload", metavar="MB", type=_positive, help="the largest file that may be dropped in")
    chat.add_argument("--read-only", action="store_true", help="ask and look only: nothing is added, removed or merged")
    each = "a minute for each person (0: no limit; default: {} for a group, no limit on this machine)"
    chat.add_argument("--questions", metavar="N", type=_count, help=f"questions {each.format(30)}")
    chat.add_argument("--uploads", metavar="N", type=_count, help=f"uploads {each.format(10)}")
    password = command("password", _password, "make a line for the file of qa chat --auth")
    password.add_argument("name")
    add_filters(command("list", _list, "list the records of the library"), sentences=False)
    show = command("show", _show, "show one record, whole")
    show.add_argument("id")
    remove = command("remove", _remove, "remove records from the library")
    remove.add_argument("ids", nargs="+", metavar="ID")
    accounts.configure_ledger(command("ledger", _ledger, "list what was added when, from which file"))
    accounts.configure_duplicates(
        command("duplicates", _duplicates, "list records merged from several entries, and undo it")
    )
    retractions = command("retractions", _retractions, "mark what Retraction Watch's list says of your records")
    retractions.add_argument("file", metavar="FILE", help="the list as Crossref publishes it, retraction_watch.csv")
    configure_verify(command("verify", _verify, "say whether the quotations of a text stand in the library"))
    configure_export(command("export", _export, "write records, an answer or a conversation to a file"))
    configure_compare(command("compare", _compare, "put questions to records: a table of the sentences that answer"))
    configure_cite(command("cite", _cite, "print records as references: APA, Vancouver, BibTeX, RIS"))
    configure_conversations(command("conversations", _conversations, "list the conversations kept in the library"))
    configure_judgements(command("judgements", _judgements, "write what was said of sentences as a suite for eval"))
    caretaking.configure_doctor(command("doctor", _doctor, "look whether the library is whole, and say what mends it"))
    caretaking.configure_backup(command("backup", _backup, "write the library to one file, also while it is in use"))
    caretaking.configure_restore(command("restore", _restore, "make a library from a backup"))
    command("reindex", _reindex, "embed everything anew, by another model (--model); goes on where it was stopped")
    command("embed", _embed, "embed the records that are not yet; goes on where it was stopped")
    command("info", _info, "say what the library holds")
    configure_eval(command("eval", _eval, "measure how well questions are answered: on judged suites, on your library"))
    return top


# -- commands --------------------------------------------------------------------------------------------------


def _add(options: argparse.Namespace) -> int:
    library = _open(options)
    with _progress() as progress, tempfile.TemporaryDirectory(prefix="qa-") as folder:
        paths = [_spooled(Path(folder)) if name == "-" else Path(name) for name in options.files]
        report = library.add(
            *paths,
            copies=[path for path, name in zip(paths, options.files, strict=True) if name == "-"],
            keep_both=options.keep_both,
            full_text=options.full_text,
            dry_run=options.dry_run,
            embed=False,
            progress=progress,
        )
    return _account(report, options) or _embed_rest(library, options)


def _sync(options: argparse.Namespace) -> int:
    library = _open(options)
    with _progress() as progress:
        report = library.sync(
            options.folder,
            full_text=options.full_text,
            dry_run=options.dry_run,
            allow_empty=options.allow_empty,
            embed=False,
            progress=progress,
        )
    return _account(report, options) or _embed_rest(library, options)


def _embed_rest(library: Library, options: argparse.Namespace) -> int:
    """Embed what was added, when the account of it is printed already and it can be asked."""
    if options.dry_run:
        return 0
    sys.stdout.flush()
    awaiting = library.awaiting()
    if awaiting.records > _FEW:
        _say(
            f"You can ask now. {awaiting.records:,} records are being embedded, so that they are found by their "
            "meaning too; Ctrl+C stops that, and qa embed goes on."
        )
    with _progress() as progress:
        library.embed(progress)
    return 0


def _embed(options: argparse.Namespace) -> None:
    library = _open(options)
    with _progress() as progress:
        embedded = library.embed(progress)
    if _json(options):
        _print_json({"embedded": embedded})
    else:
        print(f"{embedded:,} records embedded. " if embedded else "", "Every record is embedded.", sep="")


def _account(report: Report, options: argparse.Namespace) -> int:
    if _json(options):
        _print_json({"read": report.read, **dataclasses.asdict(report)})
    else:
        print(accounts.summary(report, dry_run=options.dry_run))
        for line in accounts.skip_lines(report):
            print(line, file=sys.stderr)
    return 1 if report.failed else 0


def _ledger(options: argparse.Namespace) -> None:
    _print(accounts.ledger(options, _open(options)))


def _duplicates(options: argparse.Namespace) -> None:
    _print(accounts.duplicates(options, _open(options)))


def _spooled(folder: Path) -> Path:
    """Standard input as a file: it is read twice, to look it through and to add it."""
    path = folder / "standard input"
    with path.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    return path


def _fetch(options: argparse.Namespace) -> None:
    from qa.fetching.command import run_fetch

    library = _open(options)
    with _progress() as progress:

        def add(file: Path, entry: str) -> Report:
            return library.add(file, command=entry, progress=progress)

        done = run_fetch(options, library.folder, add, _say, progress)
    if _json(options):
        _print_json(done.plain)
    else:
        print(done.words)
    for skip in done.skipped:
        print(f"skipped: {skip}", file=sys.stderr)


def _doctor(options: argparse.Namespace) -> int:
    library = _open(options)
    with _progress() as progress:
        examination, done = caretaking.doctor(options, library, progress)
    if _json(options):
        _print_json({**examination.to_dict(), "done": done})
    else:
        print("\n".join(caretaking.doctor_lines(examination, done)))
    return 0 if examination.ok else 1


def _backup(options: argparse.Namespace) -> None:
    done = caretaking.backup(options, _open(options))
    if _json(options):
        _print_json(done)
    else:
        print(f"{done['file']}: {done['bytes'] / 1e6:,.1f} MB. Keep it on another disk than the library.")


def _restore(options: argparse.Namespace) -> None:
    done = caretaking.restore(options, Path(getattr(options, "library", "index")))
    if _json(options):
        _print_json(done)
    else:
        print(
            f"The library is in {done['library']}."
            + (f" The one before is in {done['before']}." if done["before"] else "")
        )


def _reindex(options: argparse.Namespace) -> None:
    from qa.library import Library

    library = Library.open(getattr(options, "library", "index"), say=_say)  # --model is the one it is to have
    with _progress() as progress:
        done = caretaking.reindex(options, library, progress)
    if _json(options):
        _print_json(dataclasses.asdict(done))
    else:
        print(done)


def _ask(options: argparse.Namespace) -> None:
    target = Target.of(options)
    library = _open(options)
    answer = library.ask(options.question, k=options.k, filters=filters(options))
    if options.receipt:
        _save_json(options.receipt, library.receipt(answer, options.k))
    if target:
        target.write(answer)
    elif _json(options):
        _print_json(
            {
                "question": answer.question,
                "citations": [_plain(hit) for hit in answer.citations],
                "reason": answer.reason,
                **({"awaiting": dataclasses.asdict(answer.awaiting)} if answer.awaiting else {}),
            }
        )
    elif answer:
        print("\n\n".join(_lines(hit) for hit in answer.citations))
    else:
        print(answer.reason)
    if answer.awaiting:
        _say(str(answer.awaiting))


def _search(options: argparse.Namespace) -> None:
    library = _open(options)
    if options.records:
        found = library.search_records(options.question, k=options.k, filters=filters(options))
        if _json(options):
            _print_json([{"rank": f.rank, "score": f.score, "record": _record(f.record, f.appraisal)} for f in found])
        else:
            for f in found:
                print(f"{f.rank:>3}  {f.score:6.2f}  {f.record.title}\n             {_source(f.record, f.appraisal)}")
    else:
        hits = library.search(options.question, k=options.k, filters=filters(options))
        if _json(options):
            _print_json([_plain(hit) for hit in hits])
        else:
            for hit in hits:
                print(f"{hit.rank:>3}  {hit.score:6.2f}  {hit.sentence.text}")
                print(f"             {_source(hit.record, hit.appraisal)}{_page(hit)}")


def _chat(options: argparse.Namespace) -> None:
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
    chat(_open(options), host=options.host, port=options.port, group=group)


def _password(options: argparse.Namespace) -> None:
    from qa.ui.passwords import line

    typed = getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if sys.stdin.isatty() and getpass("Once more: ") != typed:
        raise QAError("The two passwords differ. Nothing was made.")
    print(line(options.name, typed))


def _list(options: argparse.Namespace) -> None:
    library = _open(options)
    records = library.records(filters(options))
    known = library.appraisals(*(record.id for record in records)) if records else {}
    if _json(options):
        _print_json([_record(record, known[record.id]) for record in records])
    else:
        for record in records:
            print(f"{record.id}\t{record.year or ''}\t{record.title}\t{known[record.id]}")


def _show(options: argparse.Namespace) -> None:
    library = _open(options)
    record, appraisal = library.get(options.id), library.appraisal(options.id)
    if _json(options):
        _print_json(_record(record, appraisal))
        return
    print(f"{record.title}\n{_source(record, appraisal)}\n")
    if record.sections:
        for section in record.sections:
            print(f"{section.label}: " * bool(section.label) + record.abstract[section.start : section.end] + "\n")
    elif record.abstract:
        print(record.abstract + "\n")
    for line in _findings(appraisal):
        print(line)
    print(record.id)


def _remove(options: argparse.Namespace) -> None:
    removed = _open(options).remove(*dict.fromkeys(options.ids))
    if _json(options):
        _print_json({"removed": removed})
    else:
        print(f"{removed} removed")


def _retractions(options: argparse.Namespace) -> None:
    library = _open(options)
    marked = library.mark_retractions(options.file)
    if _json(options):
        _print_json({"read": marked.read, "records": dict(marked.records), "skipped": len(marked.skipped)})
        return
    print(marked)
    for status, ids in marked.records.items():
        for record_id in ids:
            print(f"{status}\t{record_id}\t{library.get(record_id).title}")


def _verify(options: argparse.Namespace) -> int:
    from qa.verifying.command import read_what, words_of, words_of_receipt

    library, what = _open(options), read_what(options.what)
    if isinstance(what, str):
        with _progress() as progress:
            verification = library.verify(what, everything=options.all, progress=progress)
        plain, words, ok = verification.to_dict(), words_of(verification), verification.ok
    else:
        check = library.check_receipt(what)
        plain, words, ok = check.to_dict(), words_of_receipt(check), check.ok
    if _json(options):
        _print_json(plain)
    else:
        print(words)
    return 0 if ok else 1


def _info(options: argparse.Namespace) -> None:
    info = _open(options).info()
    if _json(options):
        _print_json(dataclasses.asdict(info))
    else:
        print(f"library    {info.folder}\nrecords    {info.records:,}\nsentences  {info.sentences:,}")
        print(f"embedder   {info.embedder or '-'}\non disk    {info.bytes / 1e6:,.1f} MB\nversion    {info.version}")


def _export(options: argparse.Namespace) -> None:
    export(options, _open(options))


def _compare(options: argparse.Namespace) -> None:
    target = Target.of(options)
    with _progress() as progress:
        table = compare(options, _open(options), progress)
    if target:
        target.write(table)
    elif _json(options):
        _print_json(table.to_dict())
    else:
        print(find_format("markdown").write(table).decode(), end="")


def _cite(options: argparse.Namespace) -> None:
    print(citations(options, _open(options)))


def _conversations(options: argparse.Namespace) -> None:
    print(conversations(options, _open(options), _json(options)))


def _judgements(options: argparse.Namespace) -> None:
    print(judgements(options, _open(options)))


def _eval(options: argparse.Namespace) -> None:
    from qa.evaluation.command import run_eval

    with _progress() as progress:
        text = run_eval(options, progress)
    print(text)


# -- printing --------------------------------------------------------------------------------------------------


def _lines(hit: Hit) -> str:
    return f"[{hit.number}] {hit.sentence.text}\n    {_source(hit.record, hit.appraisal)}{_page(hit)}"


def _page(hit: Hit) -> str:
    return f" · PDF p. {hit.page}" if hit.page else ""


def _source(record: Record, appraisal: Appraisal) -> str:
    parts = (*appraisal.badges, record.byline, appraisal.summary, record.link or record.id)
    return " · ".join(part for part in parts if part)


def _findings(appraisal: Appraisal) -> Iterator[str]:
    """What was found in a record, a line each, with the words it was told by."""
    for title, found in (
        ("status", appraisal.status),
        ("design", appraisal.designs),
        ("species", appraisal.species),
        ("language", appraisal.languages),
        ("registered", appraisal.registrations),
    ):
        for finding in found:
            yield _finding(title, finding)
    if appraisal.sample:
        yield _finding("sample", Finding(f"n = {appraisal.sample.size:,}", appraisal.sample.evidence))


def _finding(title: str, finding: Finding) -> str:
    said = finding.evidence
    return f"{title:<11}{finding.name:<24}{said.field.replace('_', ' ')}: “{said.text}”"


def _plain(hit: Hit) -> dict[str, Any]:
    sentence = hit.sentence
    return {
        "rank": hit.rank,
        "score": hit.score,
        "text": sentence.text,
        "field": sentence.field,
        "start": sentence.start,
        "end": sentence.end,
        "section": sentence.section,
        "record": _record(hit.record, hit.appraisal),
    }


def _record(record: Record, appraisal: Appraisal) -> dict[str, Any]:
    return {**record.to_dict(), **({"appraisal": appraisal.to_dict()} if appraisal else {})}


def _save_json(name: str, value: Any) -> None:
    try:
        Path(name).write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise QAError(f"Cannot write {name} ({error.strerror or error}). Name a file in a folder of yours.") from error


def _print(text_or_data: str | list[dict[str, Any]] | dict[str, Any]) -> None:
    if isinstance(text_or_data, str):
        print(text_or_data)
    else:
        _print_json(text_or_data)


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


# -- options and progress --------------------------------------------------------------------------------------


def _open(options: argparse.Namespace) -> Library:
    from qa.library import Library

    return Library.open(getattr(options, "library", "index"), model=getattr(options, "model", None), say=_say)


def _say(words: str) -> None:
    print(f"qa: {words}", file=sys.stderr)


def _json(options: argparse.Namespace) -> bool:
    return bool(getattr(options, "json", False))


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 on")
    return int(text)


@contextmanager
def _progress() -> Iterator[ProgressCallback | None]:
    """A progress bar on stderr, or none where that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Starting", total=None)

        def show(progress: Progress) -> None:
            bar.update(task, description=progress.stage, completed=progress.done, total=progress.total or None)

        yield show
