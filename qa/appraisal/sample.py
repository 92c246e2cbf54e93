"""How many were studied, where a record says so: every number of people in it is weighed by what is said around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.appraisal.population import ANIMALS, PEOPLE
from qa.appraisal.text import Texts, after, before, matches
from qa.schema import Evidence, Sample

_NAMES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen"""
_UNITS = {word: n for n, word in enumerate(_NAMES.split())}
_TENS = {
    f"{stem}ty": 10 * n for n, stem in enumerate(("twen", "thir", "for", "fif", "six", "seven", "eigh", "nine"), 2)
}
_WORD = "|".join(sorted([*_UNITS, *_TENS, "hundred", "thousand"], key=len, reverse=True))

#: A number in figures (1204, 1,204, 1 204) or in words, and no part of a larger one or of a measurement.
_FIGURES = r"\d{1,3}(?:[,\u00a0\u2009\u202f ]\d{3}(?!\d)){1,2}|\d{1,7}"
_WORDS = rf"(?:{_WORD})(?:(?:[\s-]|\sand\s)(?:{_WORD})){{0,6}}"
_NUMBER = rf"(?<![\d.,/=<>≥≤±×–-])(?<!\d\s)(?<!\d\.\s)(?<!\b[pP]\s)(?P<n>{_FIGURES}|\b{_WORDS}\b)"

#: What makes the number before it something other than a head count.
_OTHER = (
    r"(?:of|in|to|from|per|out|at|by|than|vs|versus|or|years?|yrs?|months?|weeks?|days?|hours?|h|hrs?|min|minutes?|s"
    r"|mg|g|kg|ml|l|mm|cm|μg|µg|ug|iu|mmol|times|fold|points?|centers?|centres?|hospitals?|clinics?|sites?|countries"
    r"|studies|trials|articles|papers|reports|publications|items?|groups?|arms?|doses?|sessions?|million|billion"
    r"|percent|per\s?cent|non|other|were|was|had|received|who|different|separate|types?|year-old|month-old|week-old"
    r"|day-old|randomi[sz]ed controlled|rcts|cohorts|case-control|eyes|teeth|samples|specimens|questions?|states"
    r"|cities|regions|districts|provinces|villages|schools|practices|wards|units?|cells?|genes?|variables?|factors?"
    r"|of\sthe|observational|independent|case|cross-sectional|single|with|without|th|st|nd|rd)"
)
_ADJECTIVE = (
    rf"(?!(?:{_OTHER})\b)(?:(?:type|stage|class|grade|phase)\s(?:\d|I{{1,3}}|IV)[ab]?"
    r"|[a-zA-Z][\w'’/-]*(?:\s\([^()]{1,30}\))?)[,\s]\s?"
)
_PEOPLE = re.compile(
    rf"{_NUMBER}\s(?:{_ADJECTIVE}){{0,7}}?(?:[a-zA-Z]{{1,20}}-)?(?P<who>{PEOPLE}|{ANIMALS})\b(?!\s?[-–]?(?:years|months|days|care|satisf))",
    re.I,
)
_EQUALS = re.compile(rf"\b(?P<letter>[nN])\s?=\s?(?P<n>{_FIGURES})(?![\d.%])")
_SIZE = re.compile(
    rf"\b(?:sample size|study population|study sample|(?:final |total )?sample|cohort|population|total number of "
    rf"(?:patients|participants|subjects|children|women))\s(?:of|was|were|comprised|included|consisted of|comprising"
    rf"|consisting of|totaled|totalled)\s(?:a total of\s)?{_NUMBER}(?!\.\d|%|\s?[-–]\s?\d)",
    re.I,
)

#: What speaks for a number (positive) and against it, in the statement before it and after it.
_BEFORE: tuple[tuple[re.Pattern[str], float], ...] = tuple((re.compile(p, re.I), w) for p, w in (
    (r"\brandomi[sz]ed\b|\brandomly\b|\brandomi[sz]ation\b", 2.0),
    (r"\b(?:enrol\w*|recruit\w*|includ\w+|analy[sz]\w+|examin\w+|evaluat\w+|assess\w+|stud(?:y|ied)|survey\w*"
     r"|compris\w+|consist\w+|involv\w+|interview\w*|investigat\w+|review\w*|identif\w+|assign\w*|allocat\w*"
     r"|participat\w+|sample of|cohort of|among|data (?:from|of|on)|collected from|conducted (?:in|with|on|among|at)"
     r"|follow\w*|recorded|treated|performed (?:in|on)|obtained from|selected|records? of|series of)\b", 1.5),
    (r"\b(?:a total of|in total|total|overall|altogether|all)\s(?:[\w-]+\s)?$", 2.0),
    (r"\bof (?:the |these |those |whom |which |our )?$", 1.0),
    (r"\b(?:screen\w*|approach\w*|invit\w*|contact\w*|eligib\w+|consider\w+|refer\w*)\s(?:(?!and\b)[\w-]+\s){0,3}$",
     -1.0),
    (r"\b(?:group|arm)s?\b[^,;]{0,25}$", -1.0),
    (r"\b(?:control|intervention|treatment|placebo|experimental|comparison|study)\s(?:group|arm|condition)\W", -0.5),
    (r"\b(?:at least|more than|less than|fewer than|up to|about one in|per|every|each|one in|approximately|nearly"
     r"|almost|over|affects?|affecting|worldwide|annually|incidence of|minimum of)\s(?:an estimated )?$", -1.5),
    (r"\b(?:previous|prior(?! to)|earlier|published|literature|annual|estimated)\b", -1.0),
    (r"\b(?:respectively|whereas|while|compared (?:with|to)|versus|vs\.?)\b", -1.5),
    (r"\b(?:subset|subgroup|subsample|additional|another|remaining|excluded|exclud\w+|died|lost|validation"
     r"|replication|pilot|sub-?study)\b[^,]{0,40}$", -2.0),
    (r"\b(?:in|among|for|only)\s$", -0.3),
    (r"\band\s$", -0.7),
    (r"\b(?:among|of) (?:them|these|those|whom|which)\b[,\s]+$|\bother\s$", -2.5),
))  # fmt: skip
_AFTER: tuple[tuple[re.Pattern[str], float], ...] = tuple((re.compile(p, re.I), w) for p, w in (
    (r"^[^,]{0,90}\b(?:were|was)\s(?:\w+ly\s)?(?:then\s)?randomi[sz]ed\b|^[^,]{0,60}\brandomly\b"
     r"|^[^,]{0,40}\brandomi[sz]ed\b", 2.5),
    (r"^.{0,100}\b(?:enrol+ed|recruited|included|analy[sz]ed|participated|assigned|allocated|evaluated|studied"
     r"|examined|surveyed|interviewed|identified|reviewed|selected|took part|assessed|investigated|completed the"
     r" (?:survey|questionnaire|baseline)|divided|entered|collected|responded|followed)\b", 1.5),
    (r"^.{0,60}\b(?:underwent|received|undergoing|treated|diagnosed|hospitali[sz]ed|admitted|attending|who|aged?|with"
     r"|from)\b", 0.5),
    (r"^\s?\(?(?:mean|median|average)? ?age\b|^[^.]{0,40}\b(?:mean|median) age\b|^[\s,(]{1,3}\d+\s?(?:%|male|female|men"
     r"|women|boys|girls|M\b|F\b)", 1.0),
    (r"^\s?\(\s?(?:\d+[.·]?\d*\s?%(?!\s?(?:(?:fe)?male|men|wom))|n\s?=\s?\d+[;,]\s?\d+[.·]?\d*\s?%)", -3.0),
    (r"^[\s,]{0,2}(?:\w+\s){0,3}(?:in|into|to|for)\s(?:the|each|a)?\s?(?:(?!or\b|and\b|\d|two\b|three\b|one\b)[\w-]+\s){0,4}"
     r"(?:group|arm|cohort|condition)\b", -3.0),
    (r"^\s?(?:(?:in|per|for|of)\s)?(?:each|every|either|both)\b|^\s?(?:per|each|/)\s?(?:group|arm)", -4.0),
    (r"^[^,]{0,70}\b(?:screened|approached|invited|contacted|eligible|declined|refused|withdrew|dropped out|excluded"
     r"|died|discontinued|lost to|completed (?:the )?(?:study|trial|follow)|developed|experienced|relapsed|responded to"
     r"|achieved|showed|reported|had|tested positive|were (?:male|female|men|women))\b", -1.0),
    (r"^\s?(?:group|arm)\b", -2.0),
    (r"^\s?(?:and|vs\.?|versus|or)\s\d", -0.7),
    (r"^\s?years?\b|^\s?[-–]\s?\d", -3.0),
))  # fmt: skip

#: What a number must be worth to be taken.
_ENOUGH = 1.2
_PARTS = {"methods": 1.0, "results": 0.3, "background": -0.8, "conclusions": -0.8, "": 0.0}


@dataclass(frozen=True, slots=True)
class _Candidate:
    size: int
    worth: float
    evidence: Evidence


def sample(texts: Texts) -> Sample | None:
    """The number that best fits "how many were studied", or None: the whole sample, not a group, not those screened."""
    found = sorted(
        _candidates(texts), key=lambda one: (-round(one.worth, 3), -one.size, one.evidence.field, one.evidence.start)
    )
    if not found or found[0].worth < _ENOUGH:
        return None
    return Sample(found[0].size, found[0].evidence)


def _candidates(texts: Texts) -> Iterator[_Candidate]:
    for field, text in (("abstract", texts.abstract), ("title", texts.title)):
        for pattern, base in ((_PEOPLE, 0.0), (_EQUALS, 0.0), (_SIZE, 2.0)):
            for match in matches(pattern, text):
                size = number(match["n"])
                if size is None or size < 2:
                    continue
                start, end = match.start("n"), match.end()
                worth = base + _weigh(text, match.start(), end)
                if pattern is _EQUALS:
                    worth += _equals(text, match)
                elif _INSIDE.search(text[max(0, match.start() - 80) : match.start()]):
                    worth -= 1.5
                if 1800 <= size <= 2100 and match["n"].isdecimal() and _DATED.search(text[max(0, start - 9) : start]):
                    worth -= 2.0  # more likely a year
                worth += _PARTS[texts.part(start)] if field == "abstract" else 1.0
                if pattern is _EQUALS:
                    start = match.start()
                yield _Candidate(size, worth, Evidence(field, text[start:end], start, end))


_SEX = re.compile(r"\b(?:(?:wo)?men|(?:fe)?males?|girls|boys)\W{0,2}$", re.I)
_COUNTED_SEX = re.compile(r"\d\s?=?\s?(?:\w+\s){0,2}(?:(?:wo)?men|(?:fe)?males?|girls|boys)\b", re.I)


_INSIDE = re.compile(r"\([^()]*$")
_DATED = re.compile(r"\b(?:in|since|from|to|until|between|during|and|year|of)\s$", re.I)
#: Where the next count begins: what follows is said of that one.
_NEXT = re.compile(
    rf"(?:\band|\bof whom|\bof which|\bbut|\bwhile|\bwhereas|[,(])\s(?:the\s)?"
    rf"(?!\d+(?:\s?[-–]\s?\d+)?\s?(?:years?|yrs?|months?|weeks?|%))(?:\d|(?:{_WORD})[\s-])",
    re.I,
)


def _weigh(text: str, start: int, end: int) -> float:
    ahead, behind = before(text, start), after(text, end)
    if following := _NEXT.search(behind, 1):
        whole, behind = behind, behind[: following.start()]
    else:
        whole = behind
    pair = _SEX.search(text[end - 12 : end])
    if pair and (_COUNTED_SEX.search(whole) or _COUNTED_SEX.search(ahead)):
        return -2.0  # "12 men and 10 women": neither is the whole
    return sum(weight for pattern, weight in _BEFORE if pattern.search(ahead)) + sum(
        weight for pattern, weight in _AFTER if pattern.search(behind)
    )


_GROUP = re.compile(r"\b(?:group|arm|control|placebo|versus|vs|men|women|male|female|boys|girls|subgroup)s?\b", re.I)
_WHOLE = re.compile(rf"\b{PEOPLE}\s?[(,\[]\s?$", re.I)


def _equals(text: str, match: re.Match[str]) -> float:
    """ "patients (N = 120)" is the sample; "placebo (n = 60)" and "died (n = 3)" are groups."""
    ahead = before(text, match.start())[-80:]
    if match["letter"] == "n" and (
        re.search(r"\bn\s?=\s?\d", ahead) or re.search(r"\bn\s?=\s?\d", after(text, match.end()))
    ):
        return -3.0  # one of several groups
    worth = 1.5 if match["letter"] == "N" else 0.0
    worth += 1.6 if _WHOLE.search(ahead) else -0.8
    return worth - (1.5 if _GROUP.search(ahead[-30:]) else 0.0)


def number(text: str) -> int | None:
    """A whole number in figures or English words ("one hundred and twenty", "1,204"); None where it is none."""
    bare = re.sub(r"[,\s]", "", text)
    if bare.isascii() and bare.isdecimal():
        return int(bare)
    total = part = 0
    for word in re.split(r"[\s-]+", text.strip().casefold()):
        if word == "and":
            continue
        if word in _UNITS or word in _TENS:
            part += _UNITS.get(word, 0) or _TENS.get(word, 0)
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word == "thousand":
            total, part = total + max(part, 1) * 1000, 0
        else:
            return None
    return total + part
