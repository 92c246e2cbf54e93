"""The words of questions, by kind, and what they make out: the topic that a conversation is about.

The tables hold what is general in questions about medicine and science: what no table knows is content. The topic of
a question is its subject: its first run of content words ("How often does calcinosis cutis occur in systemic
sclerosis?": calcinosis cutis, in the setting of systemic sclerosis; "Does honey shorten cough?": honey).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from qa.schema import Turn

# -- the tables --------------------------------------------------------------------------------------------------


def names(words: str) -> set[str]:
    """The words of a row of a table."""
    return set(words.split())


ASKING = """what which who whom whose when where why how is are was were am do does did has have had can ca could may
might must should will wo would"""
GRAMMAR = """a an the any some all each every no not one ones there i me my we us our you your he she his him her it
its they them their this that these those itself themselves such be been being in on of for with without to from by at
as into about between among amongst during after before against than via per within through over under versus vs and or
but if whether because while although since until so then also too more most less least very often commonly usually
normally typically currently still ever actually really only just yes long many much far exactly please ok okay"""
NOUNS = """prevalence incidence frequency rate cause aetiology etiology pathogenesis pathophysiology mechanism action
symptom sign feature manifestation treatment therapy therapies management cure remedy remedies drug medication medicine
diagnosis diagnoses test testing screening detection prevention prophylaxis prognosis outcome complication mortality
survival recurrence risk factor side effect adverse event reaction effectiveness efficacy safety dose dosage dosing
use role cost definition classification evidence epidemiology guideline recommendation option biomarker marker
contraindication interaction benefit harm function purpose importance association relationship link impact
consequence duration onset course trigger types stages burden research consensus mainstay cornerstone goal choice
imaging modality technique examination investigation criterion criteria tool strategy approach"""
VERBS = """treat diagnose cause occur happen use manage prevent cure detect test measure affect increase decrease
reduce improve shorten help work lead influence predict relieve lower raise protect associate relate link correlate
develop result show suggest contribute promote induce inhibit alter change vary differ depend need require involve play
mediate regulate progress spread transmit recur heal last start begin get exist know call define classify describe
report recommend compare become remain benefit worsen trigger explain interact act activate suppress block modulate
impair enhance delay slow stop target bind identify recognize recognise evaluate assess include present appear cost
discover prescribe administer give take tell find mean discuss say think believe indicate demonstrate inherit look feel
matter made given taken known found shown seen done led propose suppose spread felt thought caught catch risk"""
ADJECTIVES = """common rare frequent effective efficacious safe dangerous harmful useful beneficial possible true
necessary important severe serious contagious infectious hereditary genetic curable treatable preventable reversible
fatal deadly lethal painful normal good bad best better worst main major first first-line second-line new latest current
recent other different likely long-term short-term surgical medical topical alternative natural clinical pharmacological
conservative standard available typical usual potential total overall annual average reliable accurate expensive young
younger old older elderly healthy pregnant premature preterm obese diabetic newborn quick fast due key early late"""
PEOPLE = """patient people person persons individual child children kid adult infant newborn neonate baby babies toddler
adolescent teenager woman women man men female male boy girl elderly senior mother smoker athlete human animal mice rat
mouse dog cat veteran population"""
#: Aspects that end a compound name as well ("nerve growth factor", "gene therapy").
COMPOUND = names("factor therapy therapies function test marker reaction")
TIMES = names("pregnancy childhood adulthood infancy adolescence")
#: "cure for", where the others take "of".
FOR = names("cure test testing screening remedy remedies drug medication medicine evidence guideline recommendation")
#: After an aspect, these name its object or compare it: "diagnosis of gout".
OBJECT = names("of for versus vs than my")
CONDITIONS = names("disease condition disorder syndrome illness")
REMEDIES = names("treatment therapy therapies drug medication medicine intervention procedure vaccine")
THINGS = CONDITIONS | REMEDIES | names("infection gene protein enzyme virus hormone molecule compound method test")
#: The topic of a question that asks this is a remedy.
EFFECT = re.compile("effective|efficac|safe|dos[ei]|adverse|side effect|prevent|reduc|improv|shorten|help|reliev|lower")
TREATED = re.compile("treat|therap|manag|cure|surg")
STUDIES = names("study studies trial paper article publication abstract")
POINTING = names("this that these those")
#: After one of these, a pronoun may mean something named before it in the same question.
CLAUSES = names("and or but when if because that which who while although whether before after as since so then to")
BREAK = re.compile(r"[,;:.?!(–—]|-[-\s]|\s-")
#: After one of these, "that" is a conjunction and "its" may be a misspelt "it's".
SAYING = names("true possible show shows shown suggest know known think believe indicate mean say find found whether")
#: A text that begins so and is no question yet tells a story of its own: "If it is strep, …".
OPENING = names("if as since while although because whether in got")
BARE = names("it they this that these those")
OF_WHICH = names("which any many all some")

#: Where a pronoun stands for nothing said before, matched at the pronoun.
IDLE = re.compile(
    r"""it\s+(?:\w+ly\s+)?(?:takes?|took|matters?|worth|seems?|mean\s+(?:to|that|if)|appears?\s+(?:to|that))\b
      | it\s+(?:(?:be|not|still|really|always|also|ever|more|\w+ly)\s+)*(?:true|possible|impossible|known|necessary|safe
        |important|useful|better|best|recommended|advisable|good|bad|worthwhile|feasible|ok|okay|ethical|likely|unlikely
        |clear|normal|common|dangerous|healthy|difficult|easy|hard|enough|time|plausible|appropriate|justified|believed
        |thought|accepted|beneficial|harmful|helpful|unsafe|wise|reasonable|rare|typical|usual|odd|right|wrong|legal
        |cost-effective|an?\s+(?:good|bad)\s+idea)
        \s+(?:for\s+(?:\w+\s+){1,9}to|to|that|whether|if|when|the|its?|my|your)\b
      | it\s+(?:\w+\s+){1,3}(?:that|who|which)\b
      | they\s+(?:say|claim|think|call|tell|told|treat|diagnose|make|test|measure|find|found|use|do|know|give|have
        |offer)\b
      | (?:this|that)\s+(?:true|right|correct|so|the\s+case|all|year|way|kind|type|sort|much|many|there|study|paper)\b
      | (?:its|their)\s+(?:an?|the|not|just|possible|be|normal)\b
      | (?:these|those)\s+(?:with|without|who|whose|that|which|of|in|on|at|days|two|three)\b""",
    re.IGNORECASE | re.VERBOSE,
)

#: Short questions, whole, and what they ask of the topic.
SHORT: tuple[tuple[str, str], ...] = (
    (r"why(?: is that| so| is this| not)?|how (?:come|so)|(?:for )?what reasons?", "What causes {topic}?"),
    (r"how often|how frequently", "How often does {topic} occur?"),
    (r"how many(?: cases| people| patients| are there)?", "How many cases of {topic} are there?"),
    (r"how long", "How long does {topic} last?"),
    (r"since when", "Since when is {topic} known?"),
    (r"when|at what age", "When does {topic} occur?"),
    (r"where", "Where does {topic} occur?"),
    (r"who", "Who gets {topic}?"),
    (r"how much", "How much {topic}?"),
    (r"how", "How does {topic} work?"),
    (r"how (treated|diagnosed|managed|prevented|detected|caused|transmitted|inherited)", "How is {topic} {0}?"),
    (r"how (?:to|do you|do we|can one|can you) (treat|diagnose|prevent|manage|cure|detect)", "How to {0} {topic}?"),
    (r"how (common|rare|frequent|safe|effective|dangerous|severe|serious|contagious|reliable|accurate|expensive|harmful"
     r"|painful|prevalent|infectious)", "How {0} is {topic}?"),
    (r"(common|rare|frequent|safe|effective|dangerous|severe|serious|contagious|infectious|hereditary|genetic|curable"
     r"|treatable|preventable|reversible|fatal|painful|harmful)", "Is {topic} {0}?"),
    (r"what causes", "What causes {topic}?"),
)  # fmt: skip

MORE = re.compile(
    r"""(?:(?:please|show|give|load|see|any|some|even|a\ few|me|us)\s)*more
        (?:\s(?:results|answers|citations|sentences|sources|evidence|of\ (?:these|those|them|this|that)))?
      | next(?:\s(?:page|ones?|results?))?
      | (?:what|anything|something)\ else | (?:any\ )?others | go\ on | continue | keep\ going | tell\ me\ more""",
    re.IGNORECASE | re.VERBOSE,
)


#: "these", where it means the answer that was shown.
SHOWN = re.compile(r"\b(?:of|among|amongst|in|from|were|are) (?:they|these|those|them)\b|which ones", re.IGNORECASE)

#: No follow-up is longer, in characters; what is longer says what it means. It also bounds every expression above.
LONGEST = 300
START = re.compile(
    r"\W*(?:(?:and|but|or|so|ok|okay|yes|no|then|also|well|now|hmm|thanks|thank you|please|great)\b[\W_]*)*", re.I
)
END = re.compile(r"(?<=\w)[\s,]+(?:please|pls|then|though|thanks|thank you)$", re.I)
#: A limit at the end of a question: "…, only since 2018?".
CLAUSE = re.compile(
    r"[,;(–][\s(]*((?:(?:only|just|published|limited)\b|(?:not|without|excluding) retract)[^,;(–]{1,60})$", re.I
)
ABOUT = re.compile(r"(?:what|how) about\s+|(?:only|just)\s+(?=(?:in|for|among|with)\b)", re.I)


def table(*rows: tuple[set[str] | str, str]) -> dict[str, str]:
    """Word → kind; where a word stands in several rows, the last counts."""
    return {word: kind for words, kind in rows for word in (words.split() if isinstance(words, str) else words)}


def inflected(verbs: str) -> set[str]:
    """The forms of regular verbs; the few that are no words do no harm."""
    stems = [(verb, verb[:-1] if verb[-1] in "ey" else verb) for verb in verbs.split()]
    forms = {verb + "s" for verb, _ in stems} | {verb for verb, _ in stems} | {verb + "es" for verb, _ in stems}
    forms |= {stem + ("ied" if verb[-1] == "y" else "ed") for verb, stem in stems} | {verb + "ing" for verb, _ in stems}
    return forms | {stem + "ies" for verb, stem in stems if verb[-1] == "y"} | {stem + "ing" for _, stem in stems}


def plural(words: str) -> set[str]:
    """The words with their plurals."""
    return {form for word in words.split() for form in (word, word + "s", word[:-1] + "ies")}


VERBAL = inflected(VERBS)
KINDS = table(
    (VERBAL, "verb"),
    (plural(NOUNS), "noun"),
    (ADJECTIVES, "adjective"),
    (plural(PEOPLE), "people"),
    (GRAMMAR, "grammar"),
    (ASKING, "asking"),
)
WORD = re.compile(r"[^\W_]+(?:['’./-][^\W_]+)*")


class Word(NamedTuple):
    """A word of a text: its name in lower case, its kind, its place, and whether no sign parts it from the last."""

    name: str
    kind: str
    start: int
    end: int
    joined: bool


def words(text: str) -> list[Word]:
    """The words of a text, each with its kind; what no table knows is content."""
    found: list[Word] = []
    for match in WORD.finditer(text):
        name = match.group().casefold().replace("’", "'")
        base = name.removesuffix("n't").split("'")[0]  # "what's", "isn't"
        kind = KINDS.get(name) or KINDS.get(base, "")
        kind = kind if kind in ("asking", "grammar") or name in KINDS else "content"
        joined = bool(found) and not text[found[-1].end : match.start()].strip()
        found.append(Word(base if kind == "asking" else name, kind, match.start(), match.end(), joined))
    return found


# -- the topic ---------------------------------------------------------------------------------------------------


def runs(found: Sequence[Word]) -> list[tuple[int, int]]:
    """The runs of words that carry the content, as half-open index ranges; "of", "with" and "and" join two."""

    def carries(i: int, inside: bool) -> bool:
        if i >= len(found) or found[i].kind == "content":
            return i < len(found)
        if found[i].kind == "adjective" and i + 1 < len(found) and found[i + 1].joined:
            return carries(i + 1, False)
        return inside and found[i].name in COMPOUND

    result, i = [], 0
    while i < len(found):
        start = i
        while carries(i, i > start) and (i == start or found[i].joined):
            i += 1
            after = i
            while after < min(len(found), i + 2) and found[after].name in ("of", "with", "and", "or", "the", "a"):
                after += 1
            if after > i and found[i].name not in ("the", "a") and carries(after, False):
                i = after if all(word.joined for word in found[i : after + 1]) else i
        if i > start:
            result.append((start, i))
        i = max(i, start + 1)
    return result


def subject(question: str) -> tuple[str, str]:
    """The topic of a question and its setting ("systemic sclerosis", "children"); empty where there is none."""
    text = question[:2000]
    if opening := re.match(r"(?:in|among|for|with|regarding)\b[^,?]{1,200},", text, re.I):
        text = text[opening.end() :]
    found = words(text)[:100]
    content = runs(found)
    if not content:
        return "", ""
    start, end = content[0][0], min(content[0][1], content[0][0] + 8)
    setting = ""
    for i in range(end + 1, len(found)):
        if found[i - 1].name in ("in", "among", "amongst"):
            stop = i
            while stop < min(len(found), i + 6) and found[stop].kind in ("content", "people", "adjective"):
                stop += 1
            if stop > i:
                people = any(word.kind == "people" for word in found[i:stop])
                setting = ("" if people else "patients with ") + text[found[i].start : found[stop - 1].end]
                break
    return text[found[start].start : found[end - 1].end], setting


def topic_of(turns: Sequence[Turn]) -> tuple[str, str]:
    """The topic and setting of a conversation: those of the last turn that has any.

    A bare phrase such as "ultrasound in calcinosis cutis" came from a follow-up: what it was about stays the topic.
    """
    topic = setting = ""
    for turn in turns[-20:]:
        new, where = subject(turn.asked)
        phrase = all(word.kind != "asking" for word in words(turn.asked[:LONGEST]))
        if phrase and topic and topic.casefold() in turn.asked.casefold():
            continue
        if new:
            topic, setting = new, where
    return topic, setting
