"""The names that people use for designs, species and languages, and the one each has here."""

from __future__ import annotations

from dataclasses import replace

from qa.appraisal.population import language
from qa.appraisal.registers import normalise
from qa.errors import QuestionError
from qa.schema import DESIGNS, Design, Filters

_ALSO: dict[Design, str] = {
    "protocol": "study protocol|trial protocol",
    "guideline": "guidelines|practice guideline|consensus|consensus statement|recommendation",
    "meta-analysis": "meta analysis|meta-analyses|metaanalysis|ma",
    "systematic review": "systematic reviews|systematic|sr",
    "scoping review": "scoping reviews|scoping",
    "randomised trial": "rct|rcts|randomised|randomized|randomized trial|randomised controlled trial|"
    "randomized controlled trial|randomised trials|randomized trials",
    "non-randomised trial": "non-randomized trial|nonrandomised trial|nonrandomized trial|clinical trial|"
    "single-arm trial",
    "case-control study": "case-control|case control|case-control studies",
    "cohort study": "cohort|cohorts|cohort studies",
    "cross-sectional study": "cross-sectional|cross sectional|survey|cross-sectional studies",
    "case report": "case reports|case series|case",
    "observational study": "observational|observational studies",
    "narrative review": "narrative reviews|narrative|review|reviews",
    "editorial or letter": "editorial|editorials|letter|letters|comment|commentary",
    "animal study": "animal|animals|animal studies|in vivo",
    "in vitro study": "in vitro|in vitro studies|laboratory study",
}
_DESIGN: dict[str, Design] = {name: name for name in DESIGNS}
_DESIGN.update({also.replace("-", " "): name for name, others in _ALSO.items() for also in others.split("|")})
_DESIGN.update({name.replace("-", " "): name for name in DESIGNS})

_SPECIES = {"human": "humans", "humans": "humans", "people": "humans", "animal": "animals", "animals": "animals"}


def design(text: str) -> Design:
    """A design by any of its names, whatever its case and hyphens ("RCT", "cohort", "meta-analyses")."""
    name = " ".join(text.casefold().replace("-", " ").replace("_", " ").replace("–", " ").split())
    if found := _DESIGN.get(name):
        return found
    raise QuestionError(f"There is no study design {text!r}. Known are: {', '.join(DESIGNS)}.")


def resolve(filters: Filters) -> Filters:
    """The filters with every name as it is kept here; QuestionError for a design or species that there is none of."""
    for name in filters.species:
        if name.casefold().strip() not in _SPECIES:
            raise QuestionError(f"There is no species {name!r} here. Known are: humans, animals.")
    return replace(
        filters,
        designs=tuple(dict.fromkeys(map(design, filters.designs))),
        species=tuple(dict.fromkeys(_SPECIES[name.casefold().strip()] for name in filters.species)),
        languages=tuple(dict.fromkeys(language(name) for name in filters.languages)),
        registrations=tuple(dict.fromkeys(map(normalise, filters.registrations))),
    )
