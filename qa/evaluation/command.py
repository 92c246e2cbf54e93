"""``qa eval``: its options, and what it prints. Nothing heavy is imported before it runs."""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import QAError
from qa.schema import ProgressCallback

if TYPE_CHECKING:
    from qa.evaluation.own import Verdict
    from qa.evaluation.result import Comparison, Measure, Result
    from qa.evaluation.suite import Suite
    from qa.library import Library

#: What --unanswerable takes for the questions that come with the program.
EVERYDAY = "everyday"

#: What the test of the person's own library is called among the results.
OWN = "own library"


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of ``qa eval``; ``--library``, ``--model`` and ``--json`` are those of every command."""
    parser.add_argument(
        "suites", nargs="*", metavar="SUITE", help="a folder with corpus.jsonl, queries.jsonl, qrels.tsv"
    )
    parser.add_argument("--own", action="store_true", help="test the library with its own titles and conclusions")
    parser.add_argument("--limit", type=_positive, metavar="N", help="take N questions of each suite (always the same)")
    parser.add_argument(
        "--unanswerable",
        metavar="FILE",
        help=f"questions that the suites cannot answer, one a line or JSON Lines, or the word '{EVERYDAY}' for those "
        "that come with the program (default: with several suites, the questions of the others)",
    )
    parser.add_argument("--work", metavar="DIR", help="keep the suites' libraries here, to be used again")
    parser.add_argument("--save", metavar="FILE", help="save the results, every question's value included")
    parser.add_argument("--compare", metavar="FILE", help="compare with results saved earlier, question by question")
    parser.set_defaults(misused=parser.error)


def run_eval(options: argparse.Namespace, progress: ProgressCallback | None = None) -> str:
    """Run what the options ask for; returns the text to print."""
    if not options.suites and not options.own:
        options.misused("name a suite's folder, or --own")
    from qa.evaluation import result, run

    # Everything is read, and compared with what was saved, before an hour is spent on the first suite.
    before = result.load(options.compare) if options.compare else {}
    suites = _suites(options, before)
    given = _given(options.unanswerable)
    model = getattr(options, "model", None)
    results: list[Result] = []

    def keep(one: Result) -> None:
        results.append(one)
        if options.save:  # after each, for the next may be stopped
            result.save(options.save, results)

    with _work(options.work) as work:
        for one in suites:
            library = run.build(one, run.folder_of(one, work, model), model=model, say=_say, progress=progress)
            unanswerable = given or _strangers(one, suites)
            try:
                keep(run.run(library, one, unanswerable=unanswerable, limit=options.limit, progress=progress))
            finally:
                library.close()
    words, works = "", ""
    if options.own:
        verdict = _own(options, model, progress)
        words, works = verdict.words, verdict.works
        if verdict.result:
            keep(verdict.result)
            saved = before.get(OWN)
            if saved and saved.fingerprint != verdict.result.fingerprint:
                del before[OWN]
                words += "\nThe library held other records when the saved results were measured: not compared."
    changes = {one.suite: result.compare(before[one.suite], one) for one in results if one.suite in before}
    if getattr(options, "json", False):
        return _json(results, changes, {"works": works, "words": words} if options.own else None)
    parts = [_table(one, changes.get(one.suite, [])) for one in results]
    return "\n\n".join([*parts, *([words] if words else [])])


def _suites(options: argparse.Namespace, before: Mapping[str, Result]) -> list[Suite]:
    """The suites that are named; QAError where they cannot be told apart, or not be compared with what was saved."""
    from qa.evaluation import suite

    suites = [suite.load(folder) for folder in dict.fromkeys(options.suites)]
    names = [one.name for one in suites] + [OWN] * options.own
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise QAError(f"Two suites are called {twice}. Rename the folder of one of them.")
    for one in suites:
        if one.name in before and before[one.name].fingerprint != one.fingerprint:
            raise QAError(f"{options.compare} was measured on another state of {one.name}. Run and save it again.")
    if options.compare and not before.keys() & set(names):
        raise QAError(f"{options.compare} holds {', '.join(before) or 'nothing'}, and nothing of what is to run.")
    return suites


def _own(options: argparse.Namespace, model: str | None, progress: ProgressCallback | None) -> Verdict:
    from qa.evaluation import own
    from qa.library import Library

    library: Library = Library.open(getattr(options, "library", "index"), model=model, say=_say)
    return own.run(library, limit=options.limit, progress=progress)


def _given(file: str | None) -> dict[str, str]:
    from qa.evaluation.everyday import QUESTIONS
    from qa.evaluation.suite import load_questions

    if file == EVERYDAY:
        return {f"{EVERYDAY}/{number}": question for number, question in enumerate(QUESTIONS, 1)}
    return {f"{Path(file).name}/{key}": question for key, question in load_questions(file).items()} if file else {}


def _strangers(suite: Suite, suites: Sequence[Suite]) -> dict[str, str]:
    """The other suites' questions, unless a suite brings its own: it knows best what it cannot answer."""
    if suite.unanswerable:
        return {}
    return {key: text for other in suites if other is not suite for key, text in suite.stranger(other).items()}


# -- printing --------------------------------------------------------------------------------------------------


def _table(result: Result, changes: Sequence[Comparison]) -> str:
    made = result.settings
    head = f"{result.suite}: {made.get('records', 0):,} records, model {made.get('model') or '-'}"
    lines = [head, f"  {'':<22}{'value':>9}  {'95 % interval':<20}{'n':>6}"]
    lines += [_row(measure) for measure in result.measures()]
    if not {"decision", "off-topic declined"} & result.values.keys():
        lines.append("  abstention: not measured, for want of questions it cannot answer (--unanswerable)")
    if changes:
        lines += [
            "",
            f"  {'compared':<22}{'before':>9}  {'now':<9}{'difference':>11}  {'95 % interval':<20}{'p':>7}{'n':>6}",
        ]
    for change in changes:
        unit, d = change.metric.unit, change.difference
        limits = f"{_number(d.low, unit, '+')} to {_number(d.high, unit, '+')}"
        p = "–" if math.isnan(d.p) else "<0.001" if d.p < 0.001 else f"{d.p:.3f}"
        lines.append(
            f"  {change.metric.name:<22}{_number(change.before, unit):>9}  {_number(change.after, unit):<9}"
            f"{_number(d.value, unit, '+'):>11}  {limits:<20}{p:>7}{d.n:>6,}"
        )
    return "\n".join(lines)


def _row(measure: Measure) -> str:
    unit = measure.metric.unit
    limits = f"{_number(measure.low, unit)} to {_number(measure.high, unit)}"
    return f"  {measure.metric.name:<22}{_number(measure.value, unit):>9}  {limits:<20}{measure.n:>6,}"


def _number(value: float, unit: str, sign: str = "") -> str:
    if math.isnan(value):
        return "–"
    if unit == "seconds":
        return f"{1000 * value:{sign}.0f} ms"
    return f"{value:{sign}.3f}"


def _json(results: Sequence[Result], changes: Mapping[str, Sequence[Comparison]], own: dict[str, str] | None) -> str:
    plain: dict[str, Any] = {
        "results": [
            {
                "suite": one.suite,
                "settings": one.settings,
                "measures": [measure.to_dict() for measure in one.measures()],
                "compared": [change.to_dict() for change in changes.get(one.suite, ())],
            }
            for one in results
        ]
    }
    if own:
        plain["own"] = own
    return json.dumps(plain, ensure_ascii=False, indent=2)


# -- small things ----------------------------------------------------------------------------------------------


@contextmanager
def _work(folder: str | None) -> Iterator[Path]:
    if folder:
        yield Path(folder)
    else:
        with tempfile.TemporaryDirectory(prefix="qa-eval-", ignore_cleanup_errors=True) as made:
            yield Path(made)


def _say(words: str) -> None:
    print(f"qa: {words}", file=sys.stderr)


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)
