"""Study design: from publication types and MeSH where the source has them, and from what title and abstract say.

A design named in an abstract may be that of other studies ("Randomised trials have shown …"). A name in an abstract
therefore counts only where the words before or after it say that it is this work ("We conducted a …", "A … was
carried out"); a name in a title counts unless the words around it say otherwise ("a review of randomised trials").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.appraisal.text import Texts, after, before, compiled, evidence, matches
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

#: Of this work, not of others: what stands before a design's name in an abstract.
_OURS_BEFORE = re.compile(
    r"(?:\b(?:this|our|present|current|the) (?:[\w,/-]+\s){0,6}$"
    r"|\bwe (?:have |had |also |therefore |thus |then |here |now |herein )?(?:conduct|perform|carr|undert|did|report|present|design|describe|use|ran|run"
    r"|initiat|complet|employ|appl|execut|implement|adopt|made|analy[sz]|aimed|sought|develop)\w*\b[^.;]{0,70}$"
    r"|\b(?:design|methods?|setting|type|participants|patients)\b\W{1,3}(?:[\w-]+\W{1,2}){0,8}$"
    r"|^\W{0,3}(?:an?|in an?|in this|in the|using an?|through an?|as an?|by an?|one|two|with an?|for this|following an?)\s(?:[\w,/()-]+\s){0,8}$"
    r"|\b(?:was|is|were|are|as) (?:an?|the|designed as an?|part of an?) (?:[\w,/-]+\s){0,6}$"
    r"|\b(?:in|with|from|through|using|by|on|via|of) (?:an?|this|our) (?:[\w,/-]+\s){0,6}$"
    r"|^\W{0,3}$)",
    re.I,
)
_OURS_AFTER = re.compile(
    r"^(?:\s[\w-]+){0,4}?\s?(?:\([^()]{0,60}\)\s?)?(?:,[^,]{0,60},\s?)?\b(?:was|were|is|has been|had been)\b"
    r"(?:\s\w+ly)?\s(?:then )?(?:conduct|perform|carried|undertaken|done|used|design|employ|adopt|implement|appl|"
    r"complet|develop|enrol|execut|prepared|set up|initiat|run\b)",
    re.I,
)
_OTHERS = re.compile(
    r"\b(?:previous|prior|earlier|published|existing|recent|other|future|further|large|larger|well-designed|several"
    r"|many|most|few|numerous|additional|available|multiple|need for|lack of|absence of|no|these|those|until|await\w*"
    r"|needed|warrant\w*|should|could|would|included|including|of \w+|from|eligible|individual|pivotal|landmark"
    r"|secondary analysis of (?:an?|the)|data from (?:an?|the|two|three)|ongoing|limited by|beyond|evidence from)"
    r"\s(?:[\w,-]+\s){0,2}$",
    re.I,
)
#: "Randomised trials": more than one are other people's.
_NEEDED = re.compile(r"^\W?(?:s\b|\s(?:\w+\s){0,3}(?:is|are|should|will|would|may|might|could)\b[^.]{0,30}"
                     r"(?:needed|required|warranted|necessary|confirm|useful|lacking))", re.I)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Rule:
    """What names a design: in a title, in an abstract of this work, and in an abstract however it stands there."""

    design: Design
    hint: str  # in lower case; a text without it needs no closer look
    title: tuple[re.Pattern[str], ...] = ()
    named: tuple[re.Pattern[str], ...] = ()
    said: tuple[re.Pattern[str], ...] = ()
    unless: re.Pattern[str] | None = None  # in a title: the design is only what is spoken of


_REVIEW_OF = r"(?!.{0,80}\b(?:of|in|from)\s(?:[\w-]+\s){0,4}(?:trials|studies)\b)"
_AGE = r"(?:\d{1,3}|[a-z]+(?:-[a-z]+)?)[- ](?:years?|months?|weeks?|days?|yr)s?[- ](?:old|of[- ]age)"

_RULES: tuple[_Rule, ...] = (
    _Rule(
        "protocol",
        "protocol|rationale|will be|registered report",
        title=compiled(
            r"\b(?:study|trial|review|research|meta-analysis|survey) protocols?\b|\bprotocols? (?:for|of) (?:an?|the|two)\b[^:]{0,120}"
            r"\b(?:trial|study|review|meta-analysis|survey|cohort|evaluation)|[:.,–—-]\s?(?:[\w-]+\s){0,4}protocol\b\W{0,3}(?:$|for|of)",
            r"\brationale(?:,| and| &)[^:]{0,40}\bdesign\b|\bdesign and rationale\b|\bregistered report\b",
        ),
        said=compiled(
            r"\b(?:this|the present|our) (?:study|trial|review) protocol\b"
            r"|\b(?:patients|participants|subjects|children|women|adults|individuals|studies|articles|databases)\s(?:[\w-]+\s){0,4}will be\s(?:\w+ly\s)?"
            r"(?:randomi[sz]ed|recruited|enrol+ed|included|assigned|allocated|invited|searched|screened)"
            r"|\bwe will (?:search|randomi[sz]e|recruit|enrol|include|conduct|perform)\b",
        ),
    ),
    _Rule(
        "guideline",
        "guideline|consensus|recommendation|position|statement",
        title=compiled(
            r"\b(?:(?:practice|clinical|management|consensus|joint|evidence-based|international|national|european|who|esc"
            r"|updated?|society) guidelines?\b|\bguidelines?\s?(?:for the|for|on|of the)\b|:\s?(?:[\w-]+\s){0,4}guidelines?\W{0,2}$)",
            r"\b(?:practice|clinical|management|consensus|treatment|national|international|swiss|german|french|european) recommendations (?:for|on)\b",
            r"\b(?:consensus|position|scientific|policy) (?:statements?|papers?|recommendations?|guidelines?|documents?)\b"
            r"|\bexpert consensus\b|\bconsensus (?:of|from|by|report)\b"
            r"|\brecommendations? (?:from|of|by) (?:the )?(?:[\w-]+\s){0,6}(?:society|association|college|group|committee|panel|academy|federation|task force|network)",
        ),
        said=compiled(
            r"\b(?:this|the present) (?:(?:clinical|practice|updated|evidence-based|joint) ){0,3}"
            r"(?:guideline|position (?:paper|statement)|consensus (?:statement|document|paper))\b"
            r"|\bthese (?:clinical|practice|consensus|updated|evidence-based) (?:practice )?guidelines (?:provide|were|are|aim|address)"
        ),
        unless=re.compile(
            r"\b(?:adheren|complian|apprais|compar|challeng|overcom|implement|impact|reporting|inform|follow|accord|evaluat"
            r"|apply|applic|concordan|knowledge|use of|based on|before|after|versus|analysis|review|quality|systematic"
            r"|guideline-|perspective|letter|comment|response|effect|do\b|extension of)",
            re.I,
        ),
    ),
    _Rule(
        "meta-analysis",
        "meta-anal|metaanal|meta anal|pooled analysis of individual",
        title=compiled(r"\bmeta-?\s?analy(?:sis|ses|tic)\b|\bindividual (?:patient|participant) data analysis\b"),
        named=compiled(r"\bmeta-?\s?analysis\b"),
        said=compiled(r"\b(?:were|was) (?:meta-analy[sz]ed|pooled (?:using|with|in|by) (?:an? )?(?:random|fixed)[- ]effects?)"
                      r"|\brandom-effects? meta-analys[ie]s\b|\bmeta-analys[ie]s (?:was|were) (?:performed|conducted|done|used|undertaken)"),
    ),
    _Rule(
        "systematic review",
        "systematic|systemic review|prisma|umbrella",
        title=compiled(
            r"\bsystemat?ic(?:ally)?(?: \w+){0,2} (?:reviews?|overview|literature search)\b|\bsystemic review\b"
            r"|\bsystematic(?: \w+)? and (?:[\w-]+ ){1,3}(?:review|meta-?analysis|synthesis)|\bumbrella review\b|\bmeta-?synthesis\b"
        ),
        named=compiled(r"\bsystematic(?:ally)?(?: \w+){0,2} (?:review|overview)\b", r"\bumbrella review\b"),
        said=compiled(
            r"\bpreferred reporting items for systematic reviews?\b(?!.{0,60}scoping)|\bPRISMA\b\)?\s(?:guidelines?|statement|checklist|criteria|flow|protocol|recommendations?|2020|standards|methodology|framework|method)"
            r"|\b(?:according to|following|followed|per|using|with) (?:the )?PRISMA\b(?!.{0,12}ScR)",
            r"\b(?:we|was|were) systematic(?:ally)? (?:reviewed|searched)\b",
        ),
    ),
    _Rule(
        "scoping review",
        "scoping",
        title=compiled(r"\bscoping (?:literature )?review\b"),
        named=compiled(r"\bscoping (?:literature )?review\b"),
        said=compiled(r"\bPRISMA[- ]ScR\b"),
    ),
    _Rule(
        "randomised trial",
        "random|rct|placebo",
        title=compiled(
            r"(?<!non-)(?<!non)(?<!non )\brandomi[sz]ed(?![\w-]*s\b)(?:[\s,;/-]+[\w()-]+){0,9}?\s(?:trial|study|comparison|evaluation|crossover|cross-over|pilot)\b(?!s)",
            r"(?<!non-)(?<!non)(?<!non )\brandomi[sz]ed[,\s-](?!controlled trials\b)(?!trials\b)(?!clinical trials\b)(?!studies\b)",
            r"\bRCT\b(?!s)|\bdouble[- ]blind(?:ed)?,? placebo[- ]controlled\b",
        ),
        named=compiled(
            r"(?<!non-)(?<!non)(?<!non )\b(?:cluster[- ])?randomi[sz]ed(?:[\s,;/-]+[\w()-]+){0,8}?[\s-](?:trial|study|design)\b(?!s)",
            r"\bRCT\b(?!s)|\bdouble[- ]blind(?:ed)?,? (?:[\w-]+,? ){0,4}(?:trial|study)\b(?!s)",
        ),
        said=compiled(
            r"\b(?:patients|participants|subjects|children|women|men|adults|infants|individuals|volunteers|students|people|eyes|persons|"
            r"adolescents|couples|families|schools|clinics|practices|hospitals|villages|nurses|cases|who)\b(?:[^.;]{0,110})\b(?:were|was)\s(?:then\s|also\s|first\s)?"
            r"(?:(?:1:1|equally|stratified and|centrally|double-blindly)\s)?randomi[sz]ed\b(?!\sselected)",
            r"\b(?:patients|participants|subjects|children|women|men|adults|infants|individuals|volunteers|students|people|eyes|persons|"
            r"adolescents|couples|families|schools|clinics|practices|hospitals|villages|nurses|cases|who)\b(?:[^.;]{0,110})\brandomly\s(?:\w+\s){0,1}(?:assigned|allocated|divided|received|distributed|assorted)\b",
            r"\bwe (?:\w+ly )?(?:randomi[sz]ed|randomly (?:assigned|allocated|divided))\b",
            r"\brandomi[sz]ed (?:1:1|2:1|in an? \d:\d|to (?:receive|either|one of|treatment|an?|the|placebo|usual|intervention))\b",
            r"\brandomly (?:assigned|allocated)(?: \(?\d:\d\)?| in an? \d:\d[\w ]{0,15})? (?:to|into)\b",
        ),
    ),
    _Rule(
        "non-randomised trial",
        "trial|quasi-experimental|open-label|single-arm|interventional|pilot|before-after|before-and-after|pre-post|phase",
        title=compiled(
            r"\bphase (?:I{1,3}|IV|[1-4])(?:[ab])?(?:/(?:I{1,3}|[1-4])[ab]?)?\b[^:]{0,90}\b(?:trial|study)\b(?!s)",
            r"\b(?:non-?\s?randomi[sz]ed|single[- ]arm|open[- ]label|pilot|feasibility|controlled|clinical|interventional|prospective|crossover|dose-escalation)\s(?:[\w-]+\s){0,3}trial\b(?!s| design| registr| data| particip)",
            r"\bquasi-?experimental\b|\bbefore[- ]and[- ]after (?:study|trial)|\bpre-?post\b",
        ),
        named=compiled(
            r"\bphase (?:I{1,3}|IV|[1-4])(?:[ab])?(?:/(?:I{1,3}|[1-4])[ab]?)?,? (?:(?!was|were|is|of|in)[\w-]+,? ){0,7}(?:trial|study)\b(?!s)",
            r"\b(?:non-?\s?randomi[sz]ed|single[- ]arm|open[- ]label|pilot|feasibility|interventional|prospective|crossover|dose-escalation|controlled before)\s(?:(?!was|were|is)[\w-]+,?\s){0,3}(?:clinical )?trial\b(?!s)",
            r"\bquasi-?experimental (?:\w+ ){0,3}(?:study|design|trial)|\bbefore[- ]and[- ]after (?:study|design)|\binterventional study\b|\bopen[- ]label (?:\w+ )?study\b",
        ),
    ),
    _Rule(
        "case-control study",
        "control",
        title=compiled(r"\bcase[-–—‐ ]?control(?:led)?\b(?! studies)|\bcase-crossover\b"),
        named=compiled(r"\bcase[-–—‐ ]?control(?:led)?\b(?! studies)(?:,? (?:study|design|analysis|approach|comparison|series))?|\bcase-crossover\b"),
    ),
    _Rule(
        "cohort study",
        "cohort|longitudinal|follow-up study|prospective",
        title=compiled(
            r"\bcohort (?:study|analysis|profile|design)\b|\b(?:prospective|retrospective|birth|national|nationwide|population-based|"
            r"longitudinal|matched|multicent(?:er|re)|inception|historical|large|international|community|hospital|registry)[\w-]*,? (?:[\w-]+ ){0,3}cohort\b(?! studies)",
            r"\blongitudinal (?:\w+ ){0,2}(?:study|analysis|cohort)\b|\bfollow-up study\b|\bprospective (?:\w+ ){0,2}(?:observational )?study\b",
        ),
        named=compiled(
            r"\bcohort (?:study|analysis|design)\b(?!s)|\b(?:prospective|retrospective|birth|national|nationwide|population-based|"
            r"longitudinal|inception|historical)[\w-]*,? (?:[\w-]+,? ){0,4}cohort\b(?! studies)",
            r"\blongitudinal (?:[\w-]+ ){0,3}study\b|\bprospective,? (?:[\w-]+,? ){0,3}observational (?:study|trial)\b",
        ),
        said=compiled(r"\b(?:in|from|of|on|included|analy[sz]ed|using) (?:an?|this|our|the) (?:[\w-]+ ){0,3}cohort of (?:over |more than |about )?\d"),
    ),
    _Rule(
        "cross-sectional study",
        "cross|survey|questionnaire",
        title=compiled(
            r"\bcross[-‐– ]?sectional\b(?! (?:area|imag|view|plane|shape|studies))",
            r"\b(?:national|nationwide|online|web-based|internet|questionnaire|population-based|population|international|global|knowledge|household|postal|electronic)[\w-]* survey\b"
            r"|:\s?(?:an?|results (?:of|from)(?: an?| the)?) (?:[\w-]+\s){0,4}survey\b",
        ),
        named=compiled(
            r"\bcross[-‐– ]?sectional(?:,? [\w-]+){0,4}? (?:study|survey|design|analysis|data|cohort|approach|investigation|observational|questionnaire|sample)\b",
            r"\b(?:online|web-based|internet-based|national|nationwide|anonymous|electronic|self-administered|telephone|postal|questionnaire|population-based|household)[\w-]* (?:[\w-]+ ){0,2}survey\b",
        ),
        said=compiled(r"\b(?:completed|answered|administered|filled (?:out|in)) (?:an?|the) (?:[\w-]+ ){0,4}(?:online|web-based|electronic|anonymous) (?:[\w-]+ ){0,2}(?:survey|questionnaire)\b"),
    ),
    _Rule(
        "case report",
        "case|old|report|patient",
        title=compiled(
            r"\bcase (?:report|series|presentation)s?\b|\b(?:a|rare|unusual|first|unique|interesting) (?:[\w-]+ ){0,3}case of\b|\bcase of an?\b",
            r"\breport of (?:an?|one|two|three|four|five|six|seven|\d{1,2}) (?:[\w-]+ ){0,3}cases?\b|\bin an? " + _AGE,
            r"\ba case\b(?! (?:study|for|control|against|based|management|of (?:[\w-]+ ){0,6}(?:robots?|cities|countries)))|\b" + _AGE + r" (?:\w+ )?(?:wo)?(?:man|boy|girl|male|female|patient|infant|child|neonate)\b(?!s)",
            r"\bin an? (?:[\w-]+ ){0,3}(?:patient|infant|child|woman|man|boy|girl|neonate|newborn|fetus|foetus)\b(?!['’s])",
        ),
        said=compiled(
            r"\b(?:we|authors?|article|paper|report|study|here|herein) (?:\w+ )?(?:report|present|describe|discuss|document|encountered|presents|describes|reports)(?:s|ed)? (?:here |herein )?(?:on )?(?:(?:an?|the|our|one) (?:[\w,/-]+ ){0,6}(?:case|patient|(?:wo)?man|boy|girl|infant|child|neonate|newborn|male|female)"
            r"|(?:two|three|four|five|six|seven|eight|nine|[2-9]) (?:[\w,/-]+ ){0,4}(?:cases|patients|(?:wo)?men|infants|children|siblings|brothers|sisters))\b(?! study| satisf| series of \d{3})",
            r"\b(?:an?|this|the|our) (?:(?:[\w-]+,? ){0,4})" + _AGE + r"(?:[- ,]+[\w-]+){0,5}?[- ](?:(?:wo)?man|boy|girl|male|female|patient|infant|child|neonate|lady|gentleman|primigravida|newborn|adolescent)\b(?!s)",
            r"\bcase (?:presentation|description|report)\s?:|\bthis case (?:reports?|series|illustrates|highlights|demonstrates|describes|emphasi[sz]es|underlines|study describes)\b",
        ),
    ),
    _Rule(
        "observational study",
        "observational|retrospective|chart|real-world|records|registry",
        title=compiled(
            r"\bobservational (?:\w+ )?(?:study|analysis)\b|\b(?:retrospective|real[- ]world|registry-based|register-based) (?:[\w-]+ ){0,4}(?:study|analysis|review|evaluation|experience|comparison|data|evidence)\b"
        ),
        named=compiled(
            r"\bobservational (?:[\w-]+ ){0,2}(?:study|analysis|design)\b(?!s)|\bretrospective(?:ly)?,? (?:[\w-]+,? ){0,4}(?:study|analysis|review|evaluation|chart review|design|audit|comparison)\b"
            r"|\b(?:medical record|chart) review\b|\bregister-based (?:\w+ )?study\b|\breal-world (?:\w+ )?study\b",
        ),
        said=compiled(
            r"\b(?:was|were|have been|has been|we) retrospectively (?:[\w-]+ )?(?:review|analy[sz]|evaluat|assess|stud|collect|examin|identif|includ|enrol|compar|investigat|recruit|select)\w*",
            r"\bretrospectively (?:reviewed|analy[sz]ed|evaluated|collected|studied|assessed|identified|included|enrolled)\b",
        ),
    ),
    _Rule(
        "narrative review",
        "review|overview|update|perspective|we discuss|advances|state of the art|state-of-the-art|progress|primer",
        title=compiled(
            r"\b(?:narrative|critical|brief|short|mini|literature|comprehensive|state-of-the-art|integrative|concise|clinical|historical|comparative|contemporary|rapid|current|topical|updated|expert|invited)[- ]?(?:literature )?review\b",
            r"\breview of (?:the )?(?:[\w-]+ ){0,2}(?:literature|evidence)\b|(?:[:.–—]\s?|\s-\s?)(?:an? )?(?:(?!retrospective|chart|records?|film|book|peer|case|scoping|systematic)[\w-]+\s){0,4}(?:review|overview|update|primer)\b(?! board)",
            r"^(?:an? )?(?:[\w-]+ )?(?:review|overview) (?:of|on)\b|\brecent (?:advances|progress|developments?|insights)\b|^(?:advances|progress|update|developments|insights|current) (?:in|on|into|concepts|perspectives|status|trends|understanding)\b"
            r"|\bcurrent (?:status|knowledge|concepts|understanding|evidence|perspectives?|trends) (?:and|of|in|on)\b|\bstate[- ]of[- ]the[- ]art\b|\bfuture (?:perspectives?|directions|prospects|challenges)\b|\bchallenges and opportunities\b|\broles? of [^:]{3,80}: (?:an? )?(?:review|overview|update)",
        ),
        said=compiled(
            r"\b(?:this|the present|the current|our|in the present|present|the) (?:[\w-]+ ){0,3}(?:review|overview|minireview|mini-review)(?: article| paper| chapter)? (?:\w+ly )?(?:will |also |then |first |thus |further |has |is |aims?|attempts?|seeks?|tries|was (?:written|to)|intends)?\s?"
            r"(?:summari|discuss|focus|describ|highlight|present|provid|cover|outlin|explor|examin|address|offer|consider|aim|attempt|seek|intend|deal|analy[sz]|give|introduc|emphasi|compil|evaluat|shed|detail|report|collect|critic|deliver|delv|concentrat|giv|look|review|assess|discusses|brings|bring)\w*",
            r"\b(?:in|of|throughout) (?:this|the present|the current|our|present) (?:[\w-]+ ){0,4}(?:review|overview|minireview|mini-review|perspective)(?: article| paper| chapter)?\b",
            r"\b(?:here|herein|in this (?:article|paper|chapter|work|manuscript|context|perspective)),? (?:we|the authors|i) (?:\w+ly )?(?:will )?(?:review|summari[sz]e|discuss|provide an overview|give an overview|outline|survey)\b",
            r"\bwe (?:\w+ly )?(?:review|summari[sz]e|will (?:review|discuss)|first review|give an overview|provide an overview|outline) (?:the (?:current|recent|existing|available|literature|evidence|main|most|state|role|latest|key|mechanisms) ?|recent |current |some of |what |how |key |evidence|literature|advances|progress|available|existing)",
            r"\bthis (?:article|paper|chapter|work|manuscript|report) (?:\w+ly )?(?:reviews|summari[sz]es|discusses|provides an (?:\w+ )?overview|gives an overview|outlines|surveys|is (?:a|an) (?:[\w-]+ )?(?:review|overview))\b",
            r"\b(?:is|are|was|were) (?:\w+ly )?(?:reviewed|summari[sz]ed|discussed|outlined)(?: (?:here|in this \w+|and \w+))?\.?\s{0,2}$|\bpurpose of (?:this )?review\b|\bthis (?:\w+ )?review\b",
        ),
    ),
    _Rule(
        "editorial or letter",
        "letter|editorial|comment|reply|re:|response|response to|author",
        title=compiled(
            r"^\W{0,3}(?:letters? to (?:the )?editors?|editorial\b|editor['’]s (?:note|comment|choice)|from the editor|(?:in )?(?:reply|response)(?:\s(?:to|from)\b|\s?[:.]|$)|re:|comment(?:ary|s)?(?:\s(?:on|to|about|regarding)\b|\s?[:.]|$)"
            r"|authors?['’]?s?['’]? (?:reply|response)|correspondence\b|reader['’]s letter|invited commentary|guest editorial|viewpoint\b|obituary|in memoriam)",
            r"\b(?:authors?['’]?s?['’]? (?:reply|response)|letter to the editor|invited commentary|editorial comment(?:ary)?)\b|[.:]\s?(?:reply|comment|commentary|editorial|letter|response)\W{0,2}$",
        ),
    ),
    _Rule(
        "in vitro study",
        "vitro|cell",
        title=compiled(r"\b(?:an? )?in[- ]vitro (?:study|evaluation|analysis|assessment|comparison|model|investigation|experiment)\b"),
        named=compiled(r"\bin[- ]vitro (?:[\w-]+ )?(?:study|evaluation|experiments?|model|analysis|investigation)\b"),
    ),
)  # fmt: skip

#: In a title, words that make a design's name the matter spoken of and not the design of this work.
_MATTER = re.compile(
    r"\b(?:comment(?:ary|s)? on|commentary|transparency|re|response to|reply to|response to|letter|editorial|lessons from|protocol|critique of|reporting of"
    r"|quality of|methodology of|methods (?:for|in)|how to|the role of|analysis plan|statistical|correction to|erratum|retraction)\b",
    re.I,
)
_PRIMARY: frozenset[Design] = frozenset(
    ("randomised trial", "non-randomised trial", "case-control study", "cohort study", "cross-sectional study",
     "observational study")
)  # fmt: skip
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
    if "randomised trial" in found.keys() - given and found["randomised trial"].evidence.field == "abstract" and not any(
        finding.name == "humans" for finding in species
    ):
        del found["randomised trial"]  # samples and animals are dealt out at random, too
    _drop(found, given)
    _animals(found, given, texts, species)
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
    for rule in _RULES:
        hints = rule.hint.split("|")
        if any(hint in title for hint in hints) and (said := _in_title(texts, rule)):
            yield rule.design, said
        elif any(hint in abstract for hint in hints) and (
            (said := _of_this_work(texts, rule)) or (said := texts.found(rule.said, "abstract"))
        ):
            yield rule.design, said


def _in_title(texts: Texts, rule: _Rule) -> Evidence | None:
    if rule.unless and rule.unless.search(texts.title):
        return None
    for pattern in rule.title:
        for match in matches(pattern, texts.title, 20):
            if rule.design in ("protocol", "editorial or letter") or not _MATTER.search(texts.title[: match.start()]):
                return evidence("title", match)
    return None


def _of_this_work(texts: Texts, rule: _Rule) -> Evidence | None:
    """The design's name in the abstract where the words around it say that it is this work's."""
    for pattern in rule.named:
        for match in matches(pattern, texts.abstract, 50):
            ahead, behind = before(texts.abstract, match.start()), after(texts.abstract, match.end())
            if texts.part(match.start()) in ("background", "conclusions") and not re.search(
                r"\b(?:this|our|we|present)\b", ahead, re.I
            ):
                continue
            if _NEEDED.match(behind) or (_OTHERS.search(ahead) and not re.search(r"\b(?:this|our|we)\b", ahead, re.I)):
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

    if "scoping review" in found and "systematic review" in found and found["systematic review"].evidence.field == "abstract":
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
    if found.keys() & {"case-control study", "cohort study", "cross-sectional study"}:
        without("observational study", "case report")
    if "narrative review" in given:
        without(*_PRIMARY, "in vitro study")
    if "editorial or letter" in given:
        without("narrative review", "guideline", "protocol", *_SYNTHESES)
    if len(found) > 1:
        said = found.get("narrative review")
        if said and "narrative review" not in given and (said.evidence.field == "abstract" or "case report" in found):
            without("narrative review")
    if found.keys() & _PRIMARY:
        without("in vitro study")


def _animals(found: dict[Design, Finding], given: set[Design], texts: Texts, species: tuple[Finding, ...]) -> None:
    """Call what was done to animals alone an animal study, and what was done to cells alone an in vitro study."""
    names = {finding.name for finding in species}
    rest = found.keys() - {"in vitro study", "animal study"}
    if names == {"animals"} and not rest & {"narrative review", "guideline", "editorial or letter", *_SYNTHESES}:
        for name in rest - given:
            del found[name]
        if not found.keys() & _PRIMARY:
            found["animal study"] = Finding("animal study", species[0].evidence)
            if "in vitro study" not in given:
                found.pop("in vitro study", None)
