"""How title and abstract name the designs: a table, one rule a design, each alternative on a line of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.schema import Design


@dataclass(frozen=True, slots=True)
class Rule:
    """What names a design.

    ``title``: in a title. ``named``: in an abstract, where the words around it say that it is this work's.
    ``said``: in an abstract, however it stands there. ``unless``: in a title that speaks of the design as its matter.
    ``hints``, in lower case: a text with none of them needs no closer look.
    """

    design: Design
    hints: str
    title: re.Pattern[str] | None = None
    named: re.Pattern[str] | None = None
    said: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None


def any_of(*alternatives: str) -> re.Pattern[str]:
    """The alternatives as one expression, without regard to case. Repetitions are bounded: time stays linear."""
    return re.compile("|".join(alternatives), re.IGNORECASE)


_AGE = r"(?:\d{1,3}|[a-z]+(?:-[a-z]+)?)[- ](?:years?|months?|weeks?|days?|yr)s?[- ](?:old|of[- ]age)"
_WHO = (
    "(?:patients|participants|subjects|children|women|men|adults|infants|individuals|volunteers|students|people|eyes"
    "|persons|adolescents|couples|families|schools|clinics|practices|hospitals|villages|nurses|cases|who)"
)

RULES: tuple[Rule, ...] = (
    Rule(
        "protocol",
        "protocol|rationale|will be|registered report",
        title=any_of(
            r"\b(?:study|trial|review|research|meta-analysis|survey) protocols?\b",
            r"\bprotocols? (?:for|of) (?:an?|the|two)\b[^:]{0,120}\b(?:trial|study|review|meta-analysis|survey"
            "|cohort|evaluation)",
            r"(?:[:.–—]\s?|\s-\s|-)(?:an? |the )?(?:study |trial |review )?protocol\b\W{0,3}(?:$|for|of)",
            r"(?:[:.–—]\s?|\s-\s)(?:(?!follow|\d)[\w-]+\s){0,4}protocol\b\W{0,3}(?:$|for|of)",
            r"\brationale(?:,| and| &)[^:]{0,40}\bdesign\b",
            r"\bdesign and rationale\b",
            r"\brationale (?:for|of) (?:an?|the) (?:[\w-]+,? ){0,6}(?:trial|study)\b",
            r"\bregistered report\b",
        ),
        said=any_of(
            r"\b(?:this|the present|our) (?:study|trial|review) protocol\b",
            r"\b(?:patients|participants|subjects|children|women|adults|individuals|studies|articles|databases)"
            r"\s(?:[\w-]+\s){0,4}will be\s(?:\w+ly\s)?(?:randomi[sz]ed|recruited|enrol+ed|included|assigned"
            "|allocated|invited|searched|screened)",
            r"\bwe will (?:search|randomi[sz]e|recruit|enrol|include|conduct|perform)\b",
        ),
    ),
    Rule(
        "guideline",
        "guideline|consensus|recommendation|position|statement",
        title=any_of(
            r"\b(?:(?:practice|clinical|management|consensus|joint|evidence-based|international|national"
            r"|european|who|esc|updated?|society) guidelines?\b|\bguidelines?\s?(?:for the|for|on|of the)\b"
            r"|:\s?(?:[\w-]+\s){0,4}guidelines?\W{0,2}$)",
            r"\b(?:practice|practical|clinical|management|consensus|treatment|national|international|swiss|german|french"
            r"|european) recommendations (?:for|on)\b",
            r"\b(?:consensus|position|scientific|policy) (?:statements?|papers?|recommendations?|guidelines?"
            r"|documents?)\b",
            r"\bexpert consensus\b",
            r"\bconsensus (?:of|from|by|report)\b",
            r"\brecommendations? (?:from|of|by) (?:the )?(?:[\w-]+\s){0,6}(?:society|association|college|group"
            "|committee|panel|academy|federation|task force|network)",
        ),
        said=any_of(
            r"\b(?:this|the present) (?:(?:clinical|practice|updated|evidence-based|joint) ){0,3}(?:guideline"
            r"|position (?:paper|statement)|consensus (?:statement|document|paper))\b",
            r"\bthese (?:clinical|practice|consensus|updated|evidence-based) (?:practice )?guidelines (?:provide"
            "|were|are|aim|address)",
        ),
        unless=any_of(
            r"\b(?:adheren|complian|apprais|compar|challeng|overcom|implement|impact|reporting|inform|follow"
            "|accord|evaluat|apply|applic|concordan|knowledge|use of|based on|before|after|versus|analysis"
            r"|review|quality|systematic|guideline-|perspective|letter|comment|response|effect|do\b"
            "|extension of|experience|defined by|interpretation|guidelines recommend|tutorial|evidence and guidelines)",
        ),
    ),
    Rule(
        "meta-analysis",
        "meta-anal|metaanal|meta anal|pooled analysis of individual",
        title=any_of(
            r"\bmeta-?\s?analy(?:sis|ses|tic)\b",
            r"\bindividual (?:patient|participant) data analysis\b",
        ),
        named=any_of(
            r"\bmeta-?\s?analysis\b",
        ),
        said=any_of(
            r"\b(?:were|was) (?:meta-analy[sz]ed|pooled (?:using|with|in|by) (?:an? )?(?:random|fixed)"
            "[- ]effects?)",
            r"\brandom-effects? meta-analys[ie]s\b",
            r"\bmeta-analys[ie]s (?:was|were) (?:performed|conducted|done|used|undertaken)",
        ),
    ),
    Rule(
        "systematic review",
        "systematic|systemic review|prisma|umbrella|included",
        title=any_of(
            r"\bsystemat?ic(?:ally)?(?: \w+){0,2} (?:review|overview|literature search)\b",
            r"\bsystemic review\b",
            r"\bsystematic(?: \w+)? and (?:[\w-]+ ){1,3}(?:review|meta-?analysis|synthesis)",
            r"\bumbrella review\b",
            r"\bmeta-?synthesis\b",
        ),
        named=any_of(
            r"\bsystematic(?:ally)?(?: \w+){0,2} (?:review|overview)\b",
            r"\bumbrella review\b",
        ),
        said=any_of(
            r"\bpreferred reporting items for systematic reviews?\b(?!.{0,60}scoping)",
            r"\bPRISMA\b\)?\s(?:guidelines?|statement|checklist|criteria|flow|protocol|recommendations?|2020"
            "|standards|methodology|framework|method)",
            r"\b(?:according to|following|followed|per|using|with) (?:the )?PRISMA\b(?!.{0,12}ScR)",
            r"\b(?:we|was|were) systematic(?:ally)? (?:reviewed|searched)\b",
            r"\bincluded (?:\w+ ){0,3}(?:studies|trials|RCTs|reviews)\b[^.]{0,40}\b(?:in|for) (?:this|the)"
            " (?:review|meta-analysis)",
        ),
    ),
    Rule(
        "scoping review",
        "scoping",
        title=any_of(
            r"\bscoping (?:literature )?review\b",
        ),
        named=any_of(
            r"\bscoping (?:literature )?review\b",
        ),
        said=any_of(
            r"\bPRISMA[- ]ScR\b",
        ),
    ),
    Rule(
        "randomised trial",
        "random|rct|placebo",
        title=any_of(
            r"(?<!non-)(?<!non)(?<!non )\brandomi[sz]ed(?![\w-]*s\b)(?:[\s,;/-]+[\w()-]+){0,9}?\s(?:trial|study"
            r"|comparison|evaluation|crossover|cross-over|pilot)\b(?!s)",
            r"(?<!non-)(?<!non)(?<!non )\brandomi[sz]ed[,\s-](?!controlled trials\b)(?!trials\b)"
            r"(?!clinical trials\b)(?!studies\b)",
            r"\bRCT\b(?!s)",
            r"\bdouble[- ]blind(?:ed)?,? placebo[- ]controlled\b",
        ),
        named=any_of(
            r"(?<!non-)(?<!non)(?<!non )\b(?:cluster[- ])?randomi[sz]ed(?:[\s,;/-]+[\w()-]+){0,8}?[\s-](?:trial"
            r"|study|design)\b(?!s)",
            r"\b(?:this|our|present|pilot|blind(?:ed)?) RCT\b",
            r"\bdouble[- ]blind(?:ed)?,? (?:[\w-]+,? ){0,4}(?:trial|study)\b(?!s)",
        ),
        said=any_of(
            r"\b"
            + _WHO
            + r"\b(?:[^.;]{0,110})\b(?:were|was)\s(?:then\s|also\s|first\s)?(?:(?:1:1|equally|stratified and"
            + r"|centrally|double-blindly)\s)?randomi[sz]ed\b(?!\sselected)",
            r"\b"
            + _WHO
            + r"\b(?:[^.;]{0,110})\brandomly\s(?:\w+\s){0,1}(?:assigned|allocated|divided|received|distributed"
            + r"|assorted)\b",
            r"\b(?:patients|participants|subjects|children|women|men|adults|volunteers|they|who) (?:(?:were|was)"
            r" )?randomi[sz]ed (?:to|into|in|between|either)\b",
            r"\b(?:they|subjects|patients|participants|children|women) (?:were )?(?:divided|assigned|allocated"
            r"|distributed) randomly\b",
            r"\bthey were randomly\b",
            r"\bwe (?:\w+ly )?(?:randomi[sz]ed|randomly (?:assigned|allocated|divided))\b",
            r"\brandomi[sz]ed (?:1:1|2:1|in an? \d:\d|to (?:receive|either|one of|treatment|an?|the|placebo"
            r"|usual|intervention))\b",
            r"\brandomly (?:assigned|allocated)(?: \(?\d:\d\)?| in an? \d:\d[\w ]{0,15})? (?:to|into)\b",
        ),
    ),
    Rule(
        "non-randomised trial",
        "trial|experimental|open-label|open label|single-arm|interventional|pilot|before|pre-post|prepost|phase",
        title=any_of(
            r"\bphase (?:I{1,3}|IV|[1-4])(?:[ab])?(?:/(?:I{1,3}|[1-4])[ab]?)?\b[^:]{0,90}\b(?:trial|study)"
            r"\b(?!s)",
            r"\b(?:non-?\s?randomi[sz]ed|single[- ]arm|open[- ]label|pilot|feasibility|controlled|clinical"
            r"|interventional|prospective|crossover|dose-escalation)\s(?:[\w-]+\s){0,3}trial\b(?!s| design"
            "| registr| data| particip)",
            r"\bquasi-?experimental\b",
            r"\bbefore[- ]and[- ]after (?:study|trial)",
            r"\bpre-?post\b",
        ),
        named=any_of(
            r"\bphase (?:I{1,3}|IV|[1-4])(?:[ab])?(?:/(?:I{1,3}|[1-4])[ab]?)?,? (?:(?!was|were|is|of|in)"
            r"[\w-]+,? ){0,7}(?:trial|study)\b(?!s)",
            r"\b(?:non-?\s?randomi[sz]ed|single[- ]arm|open[- ]label|pilot|feasibility|interventional"
            r"|prospective|crossover|dose-escalation|controlled before)\s(?:(?!was|were|is)[\w-]+,?\s){0,3}"
            r"(?:clinical )?trial\b(?!s)",
            r"\bquasi-?experimental (?:\w+ ){0,3}(?:study|design|trial)",
            r"\bbefore[- ]and[- ]after (?:study|design)",
            r"\binterventional study\b",
            r"\bopen[- ]label (?:\w+ )?study\b",
        ),
    ),
    Rule(
        "case-control study",
        "control",
        title=any_of(
            r"\bcase[-–—‐ ]?control(?:led)?\b(?! studies)",
            r"\bcase-crossover\b",
        ),
        named=any_of(
            r"\bcase[-–—‐ ]?control(?:led)?\b(?! studies)(?:,? (?:study|design|analysis|approach|comparison"
            "|series))?",
            r"\bcase-crossover\b",
        ),
    ),
    Rule(
        "cohort study",
        "cohort|longitudinal|follow-up study|prospective",
        title=any_of(
            r"\bcohort (?:study|analysis|profile|design)\b",
            r"\b(?:prospective|retrospective|birth|national|nationwide|population-based|longitudinal|matched"
            "|multicent(?:er|re)|inception|historical|large|international|community|hospital|registry)"
            r"[\w-]*,? (?:[\w-]+ ){0,3}cohort\b(?! studies)",
            r"\blongitudinal (?:\w+ ){0,2}(?:study|analysis|cohort)\b",
            r"\bfollow-up study\b",
            r"\bprospective (?:\w+ ){0,2}(?:observational )?study\b",
        ),
        named=any_of(
            r"\bcohort (?:study|analysis|design)\b(?!s)",
            r"\b(?:prospective|retrospective|birth|national|nationwide|population-based|longitudinal|inception"
            r"|historical)[\w-]*,? (?:[\w-]+,? ){0,4}cohort\b(?! studies)",
            r"\blongitudinal (?:[\w-]+ ){0,3}study\b",
            r"\bprospective,? (?:[\w-]+,? ){0,3}observational (?:study|trial)\b",
        ),
        said=any_of(
            r"\b(?:in|from|of|on|included|analy[sz]ed|using) (?:an?|this|our|the) (?:[\w-]+ ){0,3}"
            r"cohort of (?:over |more than |about )?\d",
        ),
    ),
    Rule(
        "cross-sectional study",
        "cross|survey|questionnaire",
        title=any_of(
            r"\bcross[-‐– ]?sectional\b(?! (?:area|imag|view|plane|shape|studies))",
            r"\b(?:national|nationwide|online|web-based|internet|questionnaire|population-based|population"
            r"|international|global|knowledge|household|postal|electronic)[\w-]* survey\b",
            r":\s?(?:an?|results (?:of|from)(?: an?| the)?) (?:[\w-]+\s){0,4}survey\b",
        ),
        named=any_of(
            r"\bcross[-‐– ]?sectional(?:,? [\w-]+){0,4}? (?:study|survey|design|analysis|data|cohort|approach"
            r"|investigation|observational|questionnaire|sample)\b",
            r"\b(?:online|web-based|internet-based|national|nationwide|anonymous|electronic|self-administered"
            r"|telephone|postal|questionnaire|population-based|household)[\w-]* (?:[\w-]+ ){0,2}survey\b",
        ),
        said=any_of(
            r"\b(?:completed|answered|administered|filled (?:out|in)) (?:an?|the) (?:[\w-]+ ){0,4}(?:online"
            r"|web-based|electronic|anonymous) (?:[\w-]+ ){0,2}(?:survey|questionnaire)\b",
        ),
    ),
    Rule(
        "case report",
        "case|old|report|patient",
        title=any_of(
            r"\bcase (?:report|series|presentation)s?\b",
            r"\b(?:a|rare|unusual|first|unique|interesting) (?:[\w-]+ ){0,3}case of\b",
            r"\bcase of an?\b",
            r"\breport of (?:an?|one|two|three|four|five|six|seven|\d{1,2}) (?:[\w-]+ ){0,3}cases?\b",
            r"\bin an? " + _AGE,
            r"\ba case\b(?! (?:study|for|control|against|based|management|of (?:[\w-]+ ){0,6}(?:robots?|cities"
            "|countries)))",
            r"\b" + _AGE + r" (?:\w+ )?(?:wo)?(?:man|boy|girl|male|female|patient|infant|child|neonate)\b(?!s)",
            r"\bin an? (?:[\w-]+ ){0,3}(?:patient|infant|child|woman|man|boy|girl|neonate|newborn|fetus|foetus)"
            r"\b(?!['’s])",
        ),
        said=any_of(
            r"\b(?:we|authors?|article|paper|report|study|here|herein) (?:\w+ )?(?:report|present|describe"
            "|document|encountered|presents|describes|reports)(?:s|ed)? (?:here |herein )?(?:on )?"
            r"(?:(?:an?|the|our|one) (?:[\w,/-]+ ){0,6}(?:case|patient|(?:wo)?man|boy|girl|infant|child|neonate"
            r"|newborn|male|female)|(?:two|three|four|five|six|seven|eight|nine|[2-9]) (?:[\w,/-]+ ){0,4}"
            r"(?:cases|patients|(?:wo)?men|infants|children|siblings|brothers|sisters))\b(?! study| satisf"
            r"| series of \d{3})",
            r"\b(?:an?|this|the|our) (?:(?:[\w-]+,? ){0,4})"
            + _AGE
            + r"(?:[- ,]+[\w-]+){0,5}?[- ](?:(?:wo)?man|boy|girl|male|female|patient|infant|child|neonate|lady"
            + r"|gentleman|primigravida|newborn|adolescent)\b(?!s)",
            r"\bcase (?:presentation|description|report)\s?:",
            r"\bthis case (?:reports?|series|illustrates|highlights|demonstrates|describes|emphasi[sz]es"
            r"|underlines|study describes)\b",
        ),
    ),
    Rule(
        "observational study",
        "observational|retrospective|chart|real-world|records|registry",
        title=any_of(
            r"\bobservational (?:\w+ )?(?:study|analysis)\b",
            r"\b(?:retrospective|real[- ]world|registry-based|register-based) (?:[\w-]+ ){0,4}(?:study|analysis"
            r"|review|evaluation|experience|comparison|data|evidence)\b",
        ),
        named=any_of(
            r"\bobservational (?:[\w-]+ ){0,2}(?:study|analysis|design)\b(?!s)",
            r"\bretrospective(?:ly)?,? (?:[\w-]+,? ){0,4}(?:study|analysis|review|evaluation|chart review|design"
            r"|audit|comparison)\b",
            r"\b(?:medical record|chart) review\b",
            r"\bregister-based (?:\w+ )?study\b",
            r"\breal-world (?:\w+ )?study\b",
        ),
        said=any_of(
            r"\b(?:was|were|have been|has been|we) retrospectively (?:[\w-]+ )?(?:review|analy[sz]|evaluat"
            r"|assess|stud|collect|examin|identif|includ|enrol|compar|investigat|recruit|select)\w*",
            r"\bretrospectively (?:reviewed|analy[sz]ed|evaluated|collected|studied|assessed|identified|included"
            r"|enrolled)\b",
        ),
    ),
    Rule(
        "narrative review",
        "review|overview|update|perspective|we discuss|advances|state of the art|state-of-the-art|progress|primer",
        title=any_of(
            r"\b(?:narrative|critical|brief|short|mini|literature|comprehensive|state-of-the-art|integrative"
            "|concise|clinical|historical|comparative|contemporary|rapid|current|topical|updated|expert"
            r"|invited)[- ]?(?:literature )?review\b",
            r"\breview of (?:the )?(?:[\w-]+ ){0,2}(?:literature|evidence)\b",
            r"(?:[:.–—]\s?|\s-\s?)(?:an? )?(?:(?!retrospective|chart|records?|film|book|peer|case|scoping"
            r"|systematic)[\w-]+\s){0,4}(?:review|overview|update|primer)\b(?! board)",
            r"^(?:an? )?(?:[\w-]+ )?(?:review|overview) (?:of|on)\b",
            r"\brecent (?:advances|progress|developments?|insights)\b",
            "^(?:advances|progress|update|developments|insights|current) (?:in|on|into|concepts|perspectives"
            r"|status|trends|understanding)\b",
            r"\bcurrent (?:status|knowledge|concepts|understanding|evidence|perspectives?|trends) (?:and|of|in"
            r"|on)\b",
            r"\bstate[- ]of[- ]the[- ]art\b",
            r"\bfuture (?:perspectives?|directions|prospects|challenges)\b",
            r"\bchallenges and opportunities\b",
            r"\broles? of [^:]{3,80}: (?:an? )?(?:review|overview|update)",
        ),
        said=any_of(
            r"\b(?:this|the present|the current|our|in the present|present|the) (?:[\w-]+ ){0,3}(?:review"
            r"|overview|minireview|mini-review)(?: article| paper| chapter)? (?:\w+ly )?(?:will |also |then "
            "|first |thus |further |has |is |aims?|attempts?|seeks?|tries|was (?:written|to)|intends)?"
            r"\s?(?:summari|discuss|focus|describ|highlight|present|provid|cover|outlin|explor|examin|address"
            "|offer|consider|aim|attempt|seek|intend|deal|analy[sz]|give|introduc|emphasi|compil|evaluat|shed"
            "|detail|report|collect|critic|deliver|delv|concentrat|giv|look|review|assess|discusses|brings"
            r"|bring)\w*",
            r"\b(?:in|of|throughout) (?:this|the present|the current|our|present) (?:[\w-]+ ){0,4}(?:review"
            r"|overview|minireview|mini-review|perspective)(?: article| paper| chapter)?\b",
            r"\b(?:here|herein|in this (?:article|paper|chapter|work|manuscript|context|perspective)),? (?:we"
            r"|the authors|i) (?:\w+ly )?(?:will )?(?:review|summari[sz]e|discuss|provide an overview"
            r"|give an overview|outline|survey)\b",
            r"\bwe (?:\w+ly )?(?:review|summari[sz]e|will (?:review|discuss)|first review|give an overview"
            "|provide an overview|outline) (?:the (?:current|recent|existing|available|literature|evidence|main"
            "|most|state|role|latest|key|mechanisms) ?|recent |current |some of |what |how |key |evidence"
            "|literature|advances|progress|available|existing)",
            r"\bthis (?:article|paper|chapter|work|manuscript|report) (?:\w+ly )?(?:reviews|summari[sz]es"
            r"|discusses|provides an (?:\w+ )?overview|gives an overview|outlines|surveys|is (?:a|an)"
            r" (?:[\w-]+ )?(?:review|overview))\b",
            r"\b(?:is|are|was|were) (?:\w+ly )?(?:reviewed|summari[sz]ed|discussed|outlined)(?: (?:here"
            r"|in this \w+|and \w+))?\.?\s{0,2}$",
            r"\bpurpose of (?:this )?review\b",
            r"\bthis (?:\w+ )?review\b",
        ),
    ),
    Rule(
        "editorial or letter",
        "letter|editorial|comment|reply|re:|response|response to|author",
        title=any_of(
            r"^\W{0,3}(?:letters? to (?:the )?editors?|editorial\b|editor['’]s (?:note|comment|choice)"
            r"|from the editor|(?:in )?(?:reply(?:\s(?:to|from)\b|\s?[:.]|$)|response\s?(?:[:.]|$))|re:"
            r"|(?:in )?response (?:from\b|to\s?(?:the\s)?(?:letters?|comments?|editor|authors?|[:“\"'‘]|[\w-]+ et al))"
            r"|comment(?:ary|s)?"
            r"(?:\s(?:on|to|about|regarding)\b|\s?[:.]|$)|authors?['’]?s?['’]? (?:reply|response)"
            r"|correspondence\b|reader['’]s letter|invited commentary|(?:guest )?editorial(?: commentary)?\b"
            r"|viewpoint\b|obituary|in memoriam)",
            r"\b(?:authors?['’]?s?['’]? (?:reply|response)|letter to the editor|invited commentary"
            r"|editorial comment(?:ary)?)\b",
            r"[.:]\s?(?:reply|comment|commentary|editorial|letter|response)\W{0,2}$",
        ),
    ),
    Rule(
        "in vitro study",
        "vitro|cell",
        title=any_of(
            r"\b(?:an? )?in[- ]vitro (?:study|evaluation|analysis|assessment|comparison|model|investigation"
            r"|experiment)\b",
        ),
        named=any_of(
            r"\bin[- ]vitro (?:[\w-]+ )?(?:study|evaluation|experiments?|model|analysis|investigation)\b",
        ),
    ),
)
