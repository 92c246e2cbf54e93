"""How sentences say how common something is, why, how it is found …, and how people ask for it."""

# ruff: noqa: E501 - the tables of patterns are easier to read in long lines
from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = r"[\w'’/β-]+"
_X = rf"(?P<x>(?:{_WORD} ){{0,5}}{_WORD})"
_Y = rf"(?P<y>(?:{_WORD} ){{0,5}}{_WORD})"
_SHARE = (
    r"(?:\d[\d.,·]*(?:\s?[-–]\s?\d[\d.,·]*)?\s?(?:%|percent|per cent|per 1,?000|per 10,?000|per 100,?000|per million)"
    r"|(?:an?|one|two|three|four)[- ](?:half|thirds?|quarters?|fourths?|fifths?|tenths?)|half|(?:one|two|three) in \w+)"
)
_IS = r"(?:is|are|was|were|has been|have been)"
_SEEN = r"(?:found|present|observed|detected|seen|reported|identified|diagnosed|noted|documented)"


#: The kind of question that a definition answers.
DEFINITION = "what is"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question: how sentences answer it, what only might, and how people ask (x: of what, y: in whom)."""

    name: str
    answers: tuple[re.Pattern[str], ...]
    might: re.Pattern[str]
    asked: tuple[str, ...]
    asked_in: tuple[str, ...] = ()


def _patterns(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.I) for pattern in patterns)


KINDS = (
    Kind(
        "how common",
        _patterns(
            rf"\b(?:prevalence|incidence|frequency|proportion|occurrence|rate)s? (?:rate )?of {_X} (?:in|among) {_Y}"
            rf"(?: \([^)]*\))? (?:{_IS}|ranges?|ranged|varies|varied|reached|of|between|from)\b.{{0,60}}?{_SHARE}",
            rf"\b{_X} (?:{_IS} )?{_SEEN} in (?:about |approximately |only |nearly |up to |around |almost )?"
            rf"(?:\d+ ?(?:of|/|out of) ?\d+ |\d+ )?\(?{_SHARE}\)? of (?:all |the )?{_Y}",
            rf"{_SHARE}\)? of (?:all |the |our )?{_Y} (?:had|have|has|developed|experienced|suffered from|reported|"
            rf"{_IS} diagnosed with|{_IS} affected by|tested positive for|presented with) {_X}",
            rf"\b{_X} (?:affects?|affected|occurs? in|occurred in|develops? in|developed in) "
            rf"(?:about |approximately |only |nearly |up to |around |almost |an estimated )?"
            rf"(?:\d+ \()?{_SHARE}\)? of (?:all |the )?{_Y}",
        ),
        re.compile(rf"{_SHARE}|prevalen|inciden|common|frequen|rare|half|third|quarter", re.I),
        (
            "How common is {x}?",
            "How often does {x} occur?",
            "How frequent is {x}?",
            "What is the prevalence of {x}?",
            "Is {x} common?",
            "How rare is {x}?",
        ),
        (
            "How common is {x} in {y}?",
            "How common is {x} among {y}?",
            "How often does {x} occur in {y}?",
            "What share of {y} have {x}?",
            "What proportion of {y} have {x}?",
            "What percentage of {y} had {x}?",
            "How many {y} have {x}?",
            "How frequent is {x} in {y}?",
            "In how many {y} is {x} seen?",
            "How likely are {y} to have {x}?",
        ),
    ),
    Kind(
        "why",
        _patterns(
            rf"\b{_X} (?:is|are) (?:usually |often |mainly |primarily |commonly |most commonly |generally |thought to be )?"
            r"(?:caused by|due to|the (?:result|consequence) of|driven by|triggered by|attributed to|induced by)\b",
            rf"\b{_X} (?:results?|arises?|stems?|originates?) from\b",
            rf"\bpathogenesis of {_X} (?:is|are|involves?|includes?|remains?)\b",
            rf"\b(?:causes?|etiology|aetiology|mechanisms?) of {_X} (?:is|are|includes?|was|were|involves?)\b",
            rf"\b(?:plays?|play) (?:an? )?(?:\w+ )?role in the (?:pathogenesis|development|formation|onset) of {_X}",
            rf"\b(?:causes|leads? to|results? in|contributes? to|gives? rise to) {_X}(?=[.,;])",
        ),
        re.compile(
            r"caus|due to|lead|result(?:s|ing)? (?:in|from)|mechanism|pathogen|because|contribut|role|etiolog", re.I
        ),
        (
            "What causes {x}?",
            "Why does {x} occur?",
            "Why does {x} develop?",
            "Why do people get {x}?",
            "Why does {x} form?",
            "Why is there {x}?",
            "What is the mechanism of {x}?",
            "How does {x} come about?",
            "What is the pathogenesis of {x}?",
            "What lies behind {x}?",
            "What leads to {x}?",
        ),
    ),
    Kind(
        "how diagnosed",
        _patterns(
            rf"\b(?:diagnosis|detection|identification) of {_X} (?:is|was|can be|relies|relied|requires?|depends|rests) "
            r"(?:usually |often |mainly |primarily |on |upon |based |made |established |confirmed |by |with |using |through )+",
            rf"\b{_X} (?:is|was|were|are|can be|may be) (?:\w+ly )?(?:diagnosed|detected|confirmed|identified|visuali[sz]ed|"
            r"recogni[sz]ed) (?:by|with|using|through|via|on the basis of|on|based on)\b",
            rf"\b(?:gold standard|method of choice|first-line test|reference standard|imaging modality|useful|reliable|"
            rf"sensitive) (?:test |method |tool )?(?:for|in) (?:the )?(?:diagnosis|diagnosing|detection|detecting|identifying|"
            rf"assessment) (?:of )?{_X}(?=[.,;])",
        ),
        re.compile(
            r"diagnos|detect|imaging|tests?\b|assay|sensitiv|identif|confirm|biops|radiograph|ultraso|measur", re.I
        ),
        (
            "How is {x} diagnosed?",
            "How do doctors diagnose {x}?",
            "How can {x} be detected?",
            "How do you find {x}?",
            "Which tests show {x}?",
            "What is used to diagnose {x}?",
            "How is {x} recognised?",
            "How is {x} confirmed?",
        ),
    ),
    Kind(
        "how treated",
        _patterns(
            rf"\b{_X} (?:is|are|was|were|can be|may be|should be) (?:\w+ly )?(?:treated|managed) (?:with|by|using)\b",
            rf"\b(?:treatments?|therap(?:y|ies)|management|options) (?:of|for) {_X} "
            r"(?:is|are|include|includes|consists?|consisted|involves?|remains?|relies)\b",
            rf"\b(?:effective|efficacious|beneficial|first-line|promising|useful)(?: \w+)? "
            rf"(?:treatment |therapy |option )?(?:for|in|against)(?: the (?:treatment|management) of)? {_X}(?=[.,;])",
        ),
        re.compile(r"treat|therap|manag|drug|surg|effective|improv|reduc", re.I),
        (
            "How is {x} treated?",
            "What is the treatment of {x}?",
            "Which treatments help with {x}?",
            "What helps against {x}?",
            "How should {x} be managed?",
            "Which drugs are used for {x}?",
            "What can be done about {x}?",
            "Is there a treatment for {x}?",
        ),
    ),
    Kind(
        DEFINITION,
        _patterns(
            rf"^{_X}(?: \([^)]*\))? (?:is|are) (?:an? |the )(?!aim|objective|purpose|goal|most common cause|result)"
            r"(?:\w+[ -]){0,6}?(?:disease|disorder|condition|syndrome|infection|cancer|tumou?r|protein|gene|enzyme|receptor|"
            r"hormone|drug|method|technique|procedure|process|measure|inhibitor|bacterium|virus|complication|form|type|class|"
            r"group|member|component)\b",
            rf"^{_X}(?: \([^)]*\))? (?:is|are) (?:defined as|characteri[sz]ed by|a term|known as)\b",
            rf"^{_X}(?: \([^)]*\))? refers? to\b",
        ),
        re.compile(r"\bis an?\b|\bare\b|defined|refers", re.I),
        ("What is {x}?", "What is {x}?", "What does {x} mean?", "What is meant by {x}?", "Define {x}."),
    ),
    Kind(
        "risk factors",
        _patterns(
            rf"\b(?:risk factors?|predictors?|determinants) (?:for|of) {_X} (?:is|are|was|were|include|includes|included)\b",
            rf"\b(?:is|are|was|were)(?: \w+)?(?: an?| the)?(?: \w+)? (?:risk factors?|predictors?) (?:for|of) {_X}(?=[.,;])",
            rf"\bassociated with (?:an? )?(?:\w+ )?(?:increased|higher|elevated|greater) (?:risk|odds|likelihood) of {_X}(?=[.,;])",
        ),
        re.compile(r"risk|predict|associat|odds|hazard|factor", re.I),
        (
            "What are the risk factors for {x}?",
            "What raises the risk of {x}?",
            "Who gets {x}?",
            "Which people are at risk of {x}?",
            "What predicts {x}?",
            "Who is more likely to develop {x}?",
        ),
    ),
    Kind(
        "symptoms",
        _patterns(
            rf"\b(?:symptoms?|signs?|manifestations?|features|presentation) of {_X} (?:is|are|was|were|include|includes|included)\b",
            rf"^{_X} (?:is |are )?(?:usually |often |typically |commonly )?(?:presents?|manifests?|presented|manifested) "
            r"(?:with|as|by)\b",
        ),
        re.compile(r"symptom|sign|manifest|present|pain|fever|feature|characteri", re.I),
        (
            "What are the symptoms of {x}?",
            "How does {x} present?",
            "How does {x} show itself?",
            "What are the signs of {x}?",
            "What does {x} look like?",
        ),
    ),
    Kind(
        "outlook",
        _patterns(
            rf"\b(?:mortality|survival|death|fatality|recurrence|relapse)(?: rates?)?(?: \w+)? (?:of|in|for|among) "
            rf"(?:patients with |those with )?{_X} (?:is|was|were|of|ranged|reached)\b.{{0,60}}?\d",
        ),
        re.compile(r"mortal|surviv|death|died|prognos|outcome|recurr|relapse", re.I),
        (
            "What is the prognosis of {x}?",
            "How many people with {x} die?",
            "How dangerous is {x}?",
            "What is the mortality of {x}?",
            "How long do people with {x} live?",
            "What is the outlook for {x}?",
        ),
    ),
)
