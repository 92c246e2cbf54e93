"""What kind of thing a question wants – a proportion, a cause, a method, a definition – and which sentences give it.

"How common is gout?" is best answered by a sentence with a share in it, "Why …?" by one that names a cause. The judge
learns most of this; the table makes it sure for the kinds that people ask most, and costs nothing.
"""

# ruff: noqa: E501 - the patterns are easier to read in long lines
from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from qa.answering import phrases


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question: ``asked`` tells the questions, ``given`` the sentences that may answer them.

    Of these, ``surely`` tells those that leave no doubt, and ``otherwise`` those that mostly speak of something else;
    ``hinted`` tells others that may answer, but less likely.
    """

    name: str
    asked: re.Pattern[str]
    given: re.Pattern[str]
    surely: re.Pattern[str] | None = None
    hinted: re.Pattern[str] | None = None
    otherwise: re.Pattern[str] | None = None


def _kind(name: str, asked: str, given: str, *, surely: str = "", hinted: str = "", otherwise: str = "") -> Kind:
    patterns = [re.compile(rf"\b(?:{pattern})", re.I) for pattern in (asked, given)]
    rarer = [re.compile(rf"\b(?:{pattern})", re.I) if pattern else None for pattern in (surely, hinted, otherwise)]
    return Kind(name, *patterns, *rarer)


_SHARE = (
    r"\d[\d.,·]*\s?(?:%|per ?cent\b|per (?:1|10|100|1,|10,|100,)\d*|cases per)|\d+ (?:of|out of|in every|/) \d+|one in \w+|"
    r"(?:one|two|three)[- ](?:half|third|quarter|fifth|tenth)s?\b|(?:a|the) (?:half|third|quarter|fifth|majority|minority)\b|"
    r"half of|quarter of"
)
#: Per cents of something else: how sure a figure is, how much of a difference is explained.
_NO_SHARE = (
    r"confidence interval|ci\b|correlation|odds ratio|hazard ratio|relative risk|multivaria|regression|sensitivity of"
)
_HINT_OF_SHARE = r"most (?:common|frequent)|(?:un)?common\b|(?:in)?frequent|rare(?:ly)?\b|prevalen|inciden"

#: What is counted in a study.
_COUNTED = (
    r"patients?|participants?|people|persons|individuals|subjects|volunteers|respondents|women|men|girls|boys|children|infants|"
    r"newborns|adults|adolescents|students|cases|controls|families|twins|mice|rats|animals|samples|specimens|studies|trials|RCTs?|"
    r"SRs?|reviews|articles|papers|reports|records|hospitals|centers|centres"
)
_STUDIED = r"studied|included|enrolled|anal[yi][sz]ed|recruited|identified|examined|randomi[sz]ed|reviewed|investigated"
#: A number with what it measures.
_MEASURE = (
    r"\d[\d.,·]*(?:\s?[-–±]\s?\d[\d.,]*)?[\s-]?(?:[munpµμ]?m\b|cm\b|km\b|[mk]?g\b|[mµμ]?l\b|mmol|mmhg|°|years?|months?|weeks?|days?|"
    r"hours?|h\b|min(?:utes?)?\b|seconds?|s\b|kcal|kda|bp\b|hz\b)"
)

#: "This review included 19 trials" announces, and says how many.
_COUNTING = "how many studied"

KINDS: tuple[Kind, ...] = (
    _kind(
        _COUNTING,
        rf"how many (?=.*\b(?:{_STUDIED}|found|tested|involved|treated|observed|followed|took part|participated)\b)|"
        r"sample size|number of (?:patients|participants|subjects|studies)",
        rf"n ?= ?\d|\d[\d,]* (?:[\w()-]+ ){{0,6}}(?:{_COUNTED})\b|(?:{_STUDIED}) (?:a total of )?\d[\d,]*(?![\d.,]|\s?%)",
        surely=rf"total of (?:\w+ )?\d|\d[\d,]* (?:[\w()-]+ ){{0,6}}(?:{_COUNTED}) [\w ,()=:;-]{{0,60}}?(?:were|was)\b|"
        rf"(?:from|in|of|on|{_STUDIED}) \d[\d,]* (?:[\w()-]+ ){{0,6}}(?:{_COUNTED})\b",
    ),
    _kind(
        "how much",
        r"how (?:deep|long(?! do\b)|large|big|old|far|tall|heavy|thick|wide|high|fast|small|short)\b|(?:what|which) (?:dose|dosage|size|length|"
        r"depth|distance|duration|age|temperature)|how much (?:does|do|did|can|is|are|was|were)\b",
        _MEASURE + r"|\d[\d.]*\s?(?:%|per ?cent|-?fold|times)",
    ),
    _kind(
        "how common",
        r"how (?:common|often|frequent|rare|many(?!.*\b(?:" + _STUDIED + r"|found)\b)|"
        r"likely|prevalent|widespread|much of)|"
        r"(?:what|which) (?:share|proportion|percentage|per cent|percent|fraction|part)|"
        r"(?:prevalence|incidence)\b|(?:frequency|proportion|percentage|rate|share) of",
        _SHARE,
        surely=r"(?:%|per ?cent|half|third|quarter|fifth)s? of|\d+ (?:of|out of|in every) \d+|(?:prevalence|incidence|frequency) (?:of|was)",
        hinted=_HINT_OF_SHARE,
        otherwise=_NO_SHARE,
    ),
    _kind(
        "why",
        r"why|what (?:causes?|triggers?|leads? to|drives?|lies behind|explains?|brings (?:[\w-]+ ){0,3}about)|causes? of|reasons? for|"
        r"mechanisms?|pathogenesis|pathophysiology|a?etiology|how (?:does|do|did) .{3,60} (?:arise|develop|form|come about)",
        r"caus|due to|because|result(?:s|ed|ing)? (?:in|from)|\w*mechanism|pathogen|pathophysiolog|a?etiolog|trigger|induc|"
        r"lead(?:s|ing)? to|led to|mediat|contribut|role in|responsible|hypothes|attribut|driv|via\b|through\b|depend",
        surely=r"caused by|due to|(?:is|are|was|were) because|result(?:s|ed|ing)? from|(?:one of the|the main|a|important|"
        r"leading|possible|potential|likely) (?:causes?|mechanisms?|reasons?)|proposed as .{0,30}mechanism|"
        r"(?:proposed|possible|potential|underlying|likely) \w*mechanisms? (?:include|involve|are|is)|attributed to|"
        r"attributable to|triggered by|induced by|pathogen\w+ (?:include|involve)",
        otherwise=r"not (?:the |a )?(?:\w+ )?(?:cause|reason)|remains? (?:\w+ )?(?:unclear|unknown|elusive)|(?:is|are) (?:\w+ )?(?:unclear|unknown)|(?:poorly|not (?:\w+ )?)"
        r"understood|to the understanding of|to be (?:determined|elucidated)|depends? on the (?:underlying )?cause",
    ),
    _kind(
        "how diagnosed",
        r"diagnos|how (?:is|are|can|do|does|could|should) .{2,80} (?:detected|detect|found|find|recogni[sz]ed?|identif|"
        r"confirm|measured?|assessed|seen|told)|(?:which|what) (?:tests?|imaging|investigations?|scans?|examinations?|signs)",
        r"diagnos|detect|imaging|radiogra|ultraso|tomogra|ct\b|mri?\b|magnetic|biops|tests?\b|testing|assay|criteria|"
        r"clinically|examination|sensitiv|scan|screen",
        surely=r"diagnos[ei]s (?:\w+ ){0,3}(?:made|based|established|confirmed|relies|rests)\b|diagnosed (?:\w+ )?(?:by|using|on|from|through)\b|"
        r"diagnostic (?:\w+ )?(?:tests?|studies|criteria|methods?|tools?|investigations?) (?:\w+ )?(?:include|are|is|comprise|consist)\b|"
        r"detected (?:\w+ )?(?:by|with|using|on)\b",
    ),
    _kind(
        "how treated",
        r"treat|therap|manage|mainstay|cure|remed|what (?:helps?|works|can be done)|(?:which|what) (?:drugs?|medicines?|"
        r"medications?|operations?)",
        r"treat|therap|manage|surg|excis|operat|drug|medic|dose|\bmg\b|improv|effective|efficac|inhibitor|resect|response",
    ),
    _kind(
        "what is",
        r"^what (?:is|are) (?!.*\b(?:used|done|known|needed|made|best|most|main|the [\w -]+ (?:of|for|in|with|after))\b)(?:an? |the )?"
        r"[\w’'/ -]{2,50}\?*$|^define|meaning of|mean by|meant by|definition|what does .* mean",
        r"(?<=\w )(?:is|are) (?:an?|the|characteri[sz]ed|defined|known as|caused)\b|(?<=\w )are (?:\w+ ){1,3}(?:of|that|which|in which)\b|defined as|refers? to|definition|hypothes[ie]s (?:proposes?|posits?|states?|holds?|says?)",
    ),
    _kind(
        "how dangerous",
        r"prognos|how (?:dangerous|deadly|serious|long do)|(?:mortality|survival|outlook|death)|dangerous|deadly|life-threatening",
        r"mortal|surviv|death|died|dead|fatal|prognos|outcome|years?\b",
    ),
    _kind(
        "how it works",
        r"how (?:does|do|did) .{2,60} (?:work|act|function)\b|mode of action|mechanism of action",
        r"mechani[sc]|via\b|through\b|by (?:\w+ly )?\w+ing\b|mediat|inhibit|suppress|activat|induc|enhanc|block|bind|modulat|pathway",
    ),
    _kind(
        "where",
        r"where (?:is|are|does|do|did|was|were|can)\b|in (?:which|what) (?:part|place|region|area|organ|tissue)",
        r"locat|situated|lies?\b|lying|found in\b|above|below|beneath|beside|between|behind|lateral|medial|proximal|distal|anterior|"
        r"posterior|within the",
    ),
    _kind("which antibodies", r"(?:what|which) (?:\w+ )?(?:auto)?antibod", r"(?:auto)?antibod|anti-\w+"),
    _kind(
        "who is at risk",
        r"risk factors?|who (?:gets|is at|develops)|at risk|predict|(?:raises|increases) the risk",
        r"risk|predict|associat|odds|hazard|factor|more likely|higher in",
    ),
)

#: How sure a sign is: in the words for the thing itself, in others; beside something else; in a hint.
LIKELY, DOUBTFUL, HINTED = 0.67, 0.17, 0.33

#: "What is the cause of …?" asks for a cause: of a definition, only what nothing else claims.
_DEFINITION = "what is"


#: What makes a text a question for a thing, and not one for yes or no, or a claim: a word that asks; or that it is short.
_ASKS = re.compile(r"\b(?:what|which|who|whom|whose|when|where|why|how|define|name|list)\b", re.I)
_SHORT = 6  # words


def wanted(question: str) -> tuple[Kind, ...]:
    """The kinds of thing that a question asks for; none for claims and yes-no questions."""
    asks = bool(_ASKS.search(question)) or len(question.split()) <= _SHORT
    found = tuple(kind for kind in KINDS if (kind.asked.search if asks else kind.asked.match)(question))
    return tuple(kind for kind in found if kind.name != _DEFINITION) or tuple(_of(question, kind) for kind in found)


@lru_cache(maxsize=256)
def _of(question: str, kind: Kind) -> Kind:
    """The kind for a definition of this question's subject: a sentence that says of another what it is only hints."""
    topic, _ = phrases.subject(question)
    if not topic:
        return kind
    name = r"\W+".join(re.escape(word) for word in topic.split())
    given = rf"\b{name}\W{{1,3}}(?:\([^)]*\)\W{{1,3}})?(?:is|are|means?|refers?|denotes?|describes?|comprises?|consists?|proposes?|"
    given += rf"posits?|states?|holds?|combines?)\b|(?:called|termed|named|known as|defined as)\W{{1,3}}{name}\b"
    return replace(kind, given=re.compile(given, re.I), surely=None, hinted=kind.given)


_ANNOUNCES = re.compile(
    r"\b(?:this|our|the|the present|present) (?:\w+ )?(?:article|review|paper|chapter|overview|study|report)s? (?:\w+ly )?"
    r"(?:reviews?|discuss(?:es|ed)?|describes?|summari[sz]es?|summari[sz]ed|aims?|aimed|focus(?:es|ed)|examines?|outlines?|"
    r"covers?|explores?|considers?|addresses|assesses|evaluates|reports on|provides an overview|identified (?:\w+ )?(?:studies|articles|papers)|included \d+ (?:studies|articles))|"
    r"\b(?:will be|are|is|were) (?:also )?(?:discussed|reviewed|summari[sz]ed|presented here|outlined|considered)\b|"
    r"\bwe (?:here |also )?(?:review|discuss|summari[sz]e|outline|aim|aimed|sought)\b",
    re.I,
)


@lru_cache(maxsize=4096)
def announces(sentence: str) -> bool:
    """Whether a sentence says what an article is about, and not what it found: it names every topic and tells none."""
    return bool(_ANNOUNCES.search(sentence))


def gives(kinds: tuple[Kind, ...], sentence: str) -> float:
    """How sure the signs are that a sentence gives what is wanted: 0 (none) to 1; 0 where nothing special is wanted."""
    if not kinds:
        return 0.0
    told = not announces(sentence)
    return sum(_given(kind, sentence) for kind in kinds if told or kind.name == _COUNTING) / len(kinds)


def _given(kind: Kind, sentence: str) -> float:
    if kind.given.search(sentence):
        if kind.otherwise and kind.otherwise.search(sentence):
            return DOUBTFUL
        return 1.0 if kind.surely and kind.surely.search(sentence) else LIKELY
    return HINTED if kind.hinted and kind.hinted.search(sentence) else 0.0
