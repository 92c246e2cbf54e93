"""The options of the command line that say what may answer: --year, --design, --not-retracted …"""

from __future__ import annotations

import argparse
import re
from typing import get_args

from qa.schema import DESIGNS, Filters, Role

ROLES = tuple(role for role in get_args(Role) if role)

_YEARS = re.compile(r"(\d{4})?\s*(?:(-|–|\.\.)\s*(\d{4})?)?")


def add_filters(parser: argparse.ArgumentParser, *, sentences: bool = True, record: bool = True) -> None:
    """Give a command the options that :func:`filters` reads; ``sentences`` where it also chooses among those.

    Without ``record`` where the command has a way of its own to name records.
    """
    group = parser.add_argument_group(
        "limits", "Each may be given several times (one of its values is enough); together all of them hold."
    )
    group.add_argument(
        "--year", type=_years, metavar="YEARS", help="2018, 2018- (and later), -2018 (and earlier) or 2010-2018"
    )
    group.add_argument("--journal", action="append", metavar="NAME", help="the journal's whole name")
    group.add_argument(
        "--design", action="append", metavar="DESIGN", help=f"{', '.join(DESIGNS)}; also rct, cohort, sr and the like"
    )
    group.add_argument(
        "--type", action="append", metavar="TYPE", help='a publication type as the source has it ("Review")'
    )
    if sentences:
        group.add_argument("--role", action="append", choices=ROLES, help="what the sentence does in its abstract")
    group.add_argument("--not-retracted", action="store_true", help="leave out what was retracted")
    group.add_argument("--min-sample", type=_count, metavar="N", help="records that state at least N studied")
    group.add_argument("--species", action="append", choices=("humans", "animals"))
    group.add_argument("--language", action="append", metavar="NAME", help="English, or eng, or en")
    group.add_argument("--registration", action="append", metavar="NUMBER", help="NCT01234567, ISRCTN…, CRD42…")
    if record:
        group.add_argument("--record", action="append", metavar="ID", help="only this record, as `qa list` names it")


def filters(options: argparse.Namespace) -> Filters:
    """The filters that the options of :func:`add_filters` stand for."""

    def all_of(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(getattr(options, name, None) or ()))

    return Filters(
        years=options.year or (None, None),
        journals=all_of("journal"),
        roles=all_of("role"),  # type: ignore[arg-type]  # argparse has checked them
        publication_types=all_of("type"),
        records=all_of("record"),
        designs=all_of("design"),
        languages=all_of("language"),
        species=all_of("species"),
        registrations=all_of("registration"),
        min_sample_size=options.min_sample,
        not_retracted=options.not_retracted,
    )


def _years(text: str) -> tuple[int | None, int | None]:
    match = _YEARS.fullmatch(text.strip())
    if not match or not (match[1] or match[3]):
        raise argparse.ArgumentTypeError(f"{text!r} is no year or range of years such as 2018, 2018-, -2018, 2010-2018")
    first = int(match[1]) if match[1] else None
    last = int(match[3]) if match[3] else first if not match[2] else None
    if first is not None and last is not None and first > last:
        raise argparse.ArgumentTypeError(f"{text!r} ends before it begins")
    return first, last


def _count(text: str) -> int:
    if not text.replace(",", "").isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number")
    return int(text.replace(",", ""))
