"""Limits: "only reviews since 2018" as filters.

Rows of patterns, each with what it asks for; a text is a limit if rows cover the whole of it, and one of them marks it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from qa.schema import Filters

EVERYTHING = Filters()


def designed(*designs: str) -> Filters:
    """Records of one of these designs."""
    return Filters(designs=designs)


#: Kinds of studies, by design, which is told from the text as well; or as PubMed names them, where that is no design.
#: The first row that matches counts.
TYPES: tuple[tuple[str, Filters], ...] = (
    (r"meta-? ?analy(?:sis|ses|tic)(?: studies| study)?", designed("meta-analysis")),
    (r"systematic reviews?|systematic", designed("systematic review")),
    (r"scoping reviews?", designed("scoping review")),
    (r"narrative reviews?", designed("narrative review")),
    (r"reviews?(?: articles?)?", designed("narrative review", "systematic review", "scoping review")),
    (r"non-? ?randomi[sz]ed(?: clinical)?(?: trials?| studies)?", designed("non-randomised trial")),
    (r"(?:randomi[sz]ed|RCTs?)(?:,? (?:placebo-)?controlled)?(?: clinical)?(?: trials?| studies)?",
     designed("randomised trial")),
    (r"(?:controlled )?(?:clinical )?trials?", designed("randomised trial", "non-randomised trial")),
    (r"cohorts?(?: studies| study)?", designed("cohort study")),
    (r"case[- ]controls?(?: studies| study)?", designed("case-control study")),
    (r"cross-? ?sectional(?: studies| study| surveys?)?", designed("cross-sectional study")),
    (r"observational(?: studies| study)?",
     designed("observational study", "cohort study", "case-control study", "cross-sectional study")),
    (r"case (?:reports?|series|studies|study)", designed("case report")),
    (r"(?:practice |clinical )*guidelines?", designed("guideline")),
    (r"(?:study |trial )?protocols?", designed("protocol")),
    (r"animal (?:studies|study|experiments?)", designed("animal study")),
    (r"in[- ]vitro(?: studies| study)?", designed("in vitro study")),
    (r"editorials?|letters?", designed("editorial or letter")),
    (r"human (?:studies|study)|(?:studies|study) (?:in|of) humans", Filters(species=("humans",))),
    (r"multi-?cent(?:er|re)(?: studies| study)?", Filters(publication_types=("Multicenter Study",))),
    (r"comparative (?:studies|study)", Filters(publication_types=("Comparative Study",))),
)  # fmt: skip
#: A limit by itself, with no other mark.
SOUND = r"(?:but )?(?:not|without|no|excluding|except|leave out|leaving out)(?: the)? retract(?:ed|ions)"

YEAR = r"((?:1[89]|20)\d\d)"
#: Limits on years, both ends inclusive. "The last five years" is left out: the same words must mean the same tomorrow.
YEARS: tuple[tuple[str, Callable[..., tuple[int | None, int | None]]], ...] = (
    (rf"(?:from|between)?\s?{YEAR}\s?(?:to|and|until|till|[-–—])\s?{YEAR}", lambda a, b: (min(a, b), max(a, b))),
    (rf"(?:since|from|starting(?: in| from)?|as of)(?: the year)? {YEAR}(?: on(?:wards?)?)?", lambda a: (a, None)),
    (rf"{YEAR} (?:(?:or|and) (?:later|newer|after|younger)|onwards?)", lambda a: (a, None)),
    (rf"(?:after|(?:newer|later|younger|more recent) than) {YEAR}", lambda a: (a + 1, None)),
    (rf"(?:before|(?:older|earlier) than|prior to) {YEAR}", lambda a: (None, a - 1)),
    (rf"(?:until|till|up to|through) {YEAR}", lambda a: (None, a)),
    (rf"(?:in|of|during)?(?: the year)?\s?{YEAR}", lambda a: (a, a)),
)  # fmt: skip
#: Words that make a limit of a kind of study ("reviews" alone is a subject), and those that may stand around it.
MARKS = (
    "only|just|solely|exclusively|which(?: ones)?|what about|how about|any|some|show(?: me)?|list|how many"
    "|(?:(?:limit|restrict)(?:ed)?|filter(?:ed)?)(?: it| them| this)? (?:to|by|for)|are there|is there|do you have"
    "|(?:were|are) (?:they|these|those)|(?:of|among|amongst|in|from) (?:these|those|them)"
)
GLUE = (
    "please|published|publications?|studies|study|papers?|articles?|records?|results?|ones?|the|a|an|all|from|and|or"
    "|but|are|were|was|is|that|those|these|with"
)


def limits(text: str) -> Filters | None:
    """The filters that a text asks for which is nothing but a limit, such as "only reviews since 2018"; else None."""
    found = EVERYTHING
    marked, at = False, 0
    while at < len(text):
        rows = ((row, row.match(text, at)) for row in LIMITS)
        row, match = next(((row, match) for row, match in rows if match), (None, None))
        if row is None or match is None:
            return None
        kind = LIMITS[row]
        if callable(kind):
            found = replace(found, years=kind(*(int(year) for year in match.groups())))
        elif isinstance(kind, Filters):
            found = joined(found, kind)
        marked = marked or callable(kind) or kind == "mark" or found.not_retracted
        at = match.end()
    return found if marked and found else None


def joined(first: Filters, second: Filters) -> Filters:
    """The filters of both, where one of either's names is enough."""
    return replace(
        first,
        designs=tuple(dict.fromkeys(first.designs + second.designs)),
        publication_types=tuple(dict.fromkeys(first.publication_types + second.publication_types)),
        species=tuple(dict.fromkeys(first.species + second.species)),
        not_retracted=first.not_retracted or second.not_retracted,
    )


def limit(pattern: str) -> re.Pattern[str]:
    """A row of the limits, up to the end of its last word and what stands between that and the next."""
    return re.compile(rf"(?:{pattern})(?![^\W_])[\W_]*", re.IGNORECASE)


LIMITS: dict[re.Pattern[str], Any] = {
    **{limit(pattern): years for pattern, years in YEARS},
    **{limit(pattern): filters for pattern, filters in TYPES},
    limit(SOUND): Filters(not_retracted=True),
    limit(MARKS): "mark",
    limit(GLUE): "glue",
}


def over(base: Filters, top: Filters) -> Filters:
    """The filters of ``base``, but where ``top`` says something, that."""
    said = {
        f.name: getattr(top, f.name) for f in fields(Filters) if getattr(top, f.name) != getattr(EVERYTHING, f.name)
    }
    return replace(base, **said)
