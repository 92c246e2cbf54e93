"""Study design: from publication types and MeSH where the source has them, and from what title and abstract say.

A design named in an abstract may be that of other studies ("Randomised trials have shown …"). A name in an abstract
therefore counts only where the words before or after it say that it is this work ("We conducted a …", "A … was
carried out"); a name in a title counts unless the words around it say otherwise ("a review of randomised trials").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.appraisal.design_rules import RULES, Rule, any_of
from qa.appraisal.text import Texts, after, before, evidence, matches
from qa.schema import DESIGNS, Design, Evidence, Finding

# -- what the source says --------------------------------------------------------------------------------------------

_TYPES: dict[str, Design] = {
    "systematic review": "systematic review",
    "meta-analysis": "meta-analysis",
    "network meta-analysis": "meta-analysis",
    "scoping review": "scoping review",
    "randomized controlled trial": "randomised trial",
    "randomized controlled trial, veterinary": "animal study",
    "clinical trial, veterinary": "animal study",
    "observational study, veterinary": "animal study",
    "pragmatic clinical trial": "randomised trial",
    "equivalence trial": "randomised trial",
    "adaptive clinical trial": "randomised trial",
    "clinical trial": "non-randomised trial",
    "clinical trial, phase i": "non-randomised trial",
    "clinical trial, phase ii": "non-randomised trial",
    "clinical trial, phase iii": "non-randomised trial",
    "clinical trial, phase iv": "non-randomised trial",
    "controlled clinical trial": "non-randomised trial",
    "clinical trial protocol": "protocol",
    "observational study": "observational study",
    "case reports": "case report",
    "guideline": "guideline",
    "practice guideline": "guideline",
    "consensus statement": "guideline",
    "consensus development conference": "guideline",
    "consensus development conference, nih": "guideline",
    "review": "narrative review",
    "editorial": "editorial or letter",
    "letter": "editorial or letter",
    "comment": "editorial or letter",
}

_MESH: dict[str, Design] = {
    "case-control studies": "case-control study",
    "cohort studies": "cohort study",
    "longitudinal studies": "cohort study",
    "cross-sectional studies": "cross-sectional study",
    "retrospective studies": "observational study",
    "in vitro techniques": "in vitro study",
}

#: Says of a record only that it speaks of another: what its title names is that other's design.
_ABOUT_OTHERS = {"editorial", "comment", "news", "published erratum", "retraction of publication", "biography",
                 "newspaper article", "expression of concern"}  # fmt: skip

# -- what the text says ----------------------------------------------------------------------------------------------

_OURS = re.compile(r"\b(?:this|our|we|present)\b", re.I)
#: Of this work, not of others: what stands before a design's name in an abstract.
_OURS_BEFORE = any_of(
    r"\b(?:this|our|present|current|the) (?:[\w,/-]+\s){0,6}$",
    r"\bwe (?:have |had |also |therefore |thus |then |here |now |herein )?(?:conduct|perform|carr|undert|did|report"
    r"|present|design|describe|use|ran|run|initiat|complet|employ|appl|execut|implement|adopt|made|analy[sz]|aimed"
    r"|sought|develop)\w*\b[^.;]{0,70}$",
    r"\b(?:design|methods?|setting|type|participants|patients)\b\W{1,3}(?:[\w-]+\W{1,2}){0,8}$",
    r"^\W{0,3}(?:an?|in an?|in this|in the|using an?|through an?|as an?|by an?|one|two|with an?|for this"
    r"|following an?)\s(?:[\w,/()-]+\s){0,8}$",
    r"\b(?:was|is|were|are|as) (?:an?|the|designed as an?|part of an?) (?:[\w,/-]+\s){0,6}$",
    r"\b(?:in|with|from|through|using|by|on|via|of) (?:this|our) (?:[\w,/-]+\s){0,6}$",
    r"\b(?:using|through|via|by) an? (?:[\w,/-]+\s){0,6}$",
    r"\b(?:we|was|were)\b[^.;]{0,80}\b(?:in|on|with) an? (?:[\w,/-]+\s){0,6}$",
    r"^\W{0,3}$",
)
_OURS_AFTER = any_of(
    r"^(?:\s[\w-]+){0,4}?\s?(?:\([^()]{0,60}\)\s?)?(?:,[^,]{0,60},\s?)?\b(?:was|were|is|has been|had been)\b"
    r"(?:\s\w+ly)?\s(?:then )?(?:conduct|perform|carried|undertaken|done|used|design|employ|adopt|implement|appl"
    r"|complet|develop|enrol|execut|prepared|set up|initiat|run\b)",
)
_OTHERS = any_of(
    r"\b(?:previous|prior|earlier|published|existing|recent|other|future|further|large|larger|well-designed|several"
    r"|many|most|few|numerous|additional|available|multiple|need for|lack of|absence of|no|these|those|until|await\w*"
    r"|needed|should|could|would|included|including|of \w+|from|eligible|individual|pivotal|landmark"
    r"|secondary analysis of (?:an?|the)|data from (?:an?|the|two|three)|ongoing|limited by|beyond|evidence from)"
    r"\s(?:[\w,-]+\s){0,3}$",
)
#: What is only wished for.
_WISHED = any_of(
    r"\b(?:warrant\w*|recommend\w*|preferably|ideally|definitive|confirmatory|justif\w+|future|further|awaits?)"
    r"\s(?:[\w,-]+\s){0,4}$",
)
#: "Randomised trials": more than one are other people's.
_NEEDED = re.compile(r"^\W?(?:s\b|\s(?:\w+\s){0,3}(?:is|are|should|will|would|may|might|could)\b[^.]{0,30}"
                     r"(?:needed|required|warranted|necessary|confirm|useful|lacking))", re.I)  # fmt: skip


#: "Randomly divided" of whom is not said, nor what study it was.
_DEALT = re.compile(r"(?:were )?(?:randomly|randomi[sz]ed|we)\b(?!.*\b(?:trial|study|design)\b)", re.I)

#: Data for a model, and halves of a sample that check each other, are no arms of a trial.
_SPLIT = re.compile(
    r"^(?:[^.;]{0,40}\s)?(?:training|validation|derivation|development|testing|test|discovery)\b"
    r"[\s,]{1,2}(?:cohort|group|set|dataset|data|sample|subset|\()"
    r"|\bgroups to verify",
    re.I,
)


#: In a title, words that make a design's name the matter spoken of and not the design of this work.
_MATTER = any_of(
    r"\b(?:comment(?:ary|s)? on|commentary|transparency|re|response to|reply to|letter|editorial|lessons from|protocol"
    r"|critique of|reporting of|quality of reporting|methodology of|methods (?:for|in)|how to|the role of|analysis plan"
    r"|statistical|correction to|erratum|retraction)\b",
)
_PRIMARY: frozenset[Design] = frozenset(
    ("randomised trial", "non-randomised trial", "case-control study", "cohort study", "cross-sectional study",
     "observational study")
)  # fmt: skip
_STUDY_NOBODY: frozenset[Design] = frozenset(("narrative review", "guideline", "editorial or letter", "protocol"))
_SYNTHESES: frozenset[Design] = frozenset(("meta-analysis", "systematic review", "scoping review"))


def designs(texts: Texts, species: tuple[Finding, ...], notice: bool = False) -> tuple[Finding, ...]:
    """The designs of a record with their evidence, the most telling first.

    ``species`` are those studied (an experiment on animals alone is an animal study, randomised or not); ``notice``
    says that the record is a notice about another publication, whose design its title names.
    """
    if notice:
        return ()
    found: dict[Design, Finding] = {}
    for name, said in _from_source(texts):
        found.setdefault(name, Finding(name, said))
    given = set(found)
    if not _speaks_of_others(texts):
        for name, said in _from_text(texts):
            found.setdefault(name, Finding(name, said))
    trial = found.get("randomised trial")
    if trial and trial.evidence.field == "abstract" and _SPLIT.search(after(texts.abstract, trial.evidence.end)):
        del found["randomised trial"]
    elif trial and not any(finding.name == "humans" for finding in species) and _DEALT.match(trial.evidence.text):
        del found["randomised trial"]  # samples and animals are dealt out at random, too
    _drop(found, given)
    _animals(found, given, species)
    return tuple(found[name] for name in DESIGNS if name in found)


def _from_source(texts: Texts) -> Iterator[tuple[Design, Evidence]]:
    for field, terms, table in (
        ("publication_types", texts.record.publication_types, _TYPES),
        ("mesh", texts.record.mesh, _MESH),
    ):
        for term in terms:
            if name := table.get(term.casefold()):
                yield name, Evidence(field, term)


def _speaks_of_others(texts: Texts) -> bool:
    return any(kind.casefold() in _ABOUT_OTHERS for kind in texts.record.publication_types)


def _from_text(texts: Texts) -> Iterator[tuple[Design, Evidence]]:
    title, abstract = texts.title.lower(), texts.abstract.lower()
    for rule in RULES:
        hints = rule.hints.split("|")
        said = _in_title(texts, rule) if any(hint in title for hint in hints) else None
        if not said and any(hint in abstract for hint in hints):
            said = _of_this_work(texts, rule)
            if not said and rule.said and (match := rule.said.search(texts.abstract)):
                said = evidence("abstract", match)
        if said:
            yield rule.design, said


def _in_title(texts: Texts, rule: Rule) -> Evidence | None:
    if rule.title is None or (rule.unless and rule.unless.search(texts.title)):
        return None
    for match in matches(rule.title, texts.title, 20):
        if rule.design in ("protocol", "editorial or letter") or not _MATTER.search(texts.title[: match.start()]):
            return evidence("title", match)
    return None


def _of_this_work(texts: Texts, rule: Rule) -> Evidence | None:
    """The design's name in the abstract where the words around it say that it is this work's."""
    for match in matches(rule.named, texts.abstract, 50) if rule.named else ():
        ahead, behind = before(texts.abstract, match.start()), after(texts.abstract, match.end())
        ours = _OURS.search(ahead)
        if texts.part(match.start()) == "conclusions" and not ours:
            continue
        if _NEEDED.match(behind) or _WISHED.search(ahead) or (_OTHERS.search(ahead) and not ours):
            continue
        if _OURS_BEFORE.search(ahead) or _OURS_AFTER.match(behind):
            return evidence("abstract", match)
    return None


def _drop(found: dict[Design, Finding], given: set[Design]) -> None:
    """Leave out what a more telling design explains; what the source itself says stays, but for two general types."""

    def without(*names: Design, even_given: bool = False) -> None:
        for name in names:
            if name not in given or even_given:
                found.pop(name, None)

    said = found.get("systematic review")
    if "scoping review" in found and said and said.evidence.field == "abstract":
        without("systematic review")
    if found.keys() & _SYNTHESES:
        # The trials and cohorts that a review speaks of are not its own design; "Review" is its general type.
        without("narrative review", even_given=True)
        without(*_PRIMARY, "case report", "in vitro study")
    if "protocol" in found:
        without(*_PRIMARY, *_SYNTHESES, "narrative review", "case report", "in vitro study")
    if "guideline" in found:
        without(*_PRIMARY, *_SYNTHESES, "narrative review", "case report", "in vitro study")
    if "randomised trial" in found:
        without("non-randomised trial", even_given=True)
        without("observational study", "cohort study", "case-control study", "case report", "cross-sectional study")
    if "non-randomised trial" in found:
        without("observational study", "cohort study", "case report", "cross-sectional study")
    said = found.get("cohort study")
    if (
        said
        and "cohort of" in said.evidence.text.lower()
        and found.keys() & (_PRIMARY - {"cohort study"} | {"case report"})
    ):
        without("cohort study")  # "in a cohort of 90 patients" says little
    if found.keys() & {"case-control study", "cohort study", "cross-sectional study"}:
        without("observational study", "case report")
    if "narrative review" in given:
        without(*_PRIMARY, "in vitro study")
    said = found.get("editorial or letter")
    if said and said.evidence.field == "title":
        without(*_PRIMARY)
    if said:
        without("narrative review", "guideline", "protocol", *_SYNTHESES)
    if len(found) > 1:
        said = found.get("narrative review")
        if said and "narrative review" not in given and (said.evidence.field == "abstract" or "case report" in found):
            without("narrative review")
    if found.keys() & _PRIMARY:
        without("in vitro study")


def _animals(found: dict[Design, Finding], given: set[Design], species: tuple[Finding, ...]) -> None:
    """Call what was done to animals alone an animal study, and what was done to cells alone an in vitro study."""
    names = {finding.name for finding in species}
    rest = found.keys() - {"in vitro study", "animal study"}
    if names == {"animals"} and not rest & (_STUDY_NOBODY | _SYNTHESES):
        for name in rest - given:
            del found[name]
        if not found.keys() & _PRIMARY:
            found["animal study"] = Finding("animal study", species[0].evidence)
            if "in vitro study" not in given:
                found.pop("in vitro study", None)
