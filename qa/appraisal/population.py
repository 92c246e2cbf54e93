"""Who was studied, and in which language it is written."""

from __future__ import annotations

import re

from qa.appraisal.text import Texts, evidence
from qa.schema import Evidence, Finding, Record

#: People, as those who are studied are called.
PEOPLE = (
    r"(?:patients?|participants?|subjects?|individuals?|persons?|people|adults?|children|infants?|neonates?|newborns?"
    r"|babies|toddlers|women|men|boys|girls|females?|males?|volunteers?|students?|pupils|schoolchildren|adolescents?"
    r"|teenagers|youths?|respondents?|nurses?|physicians?|doctors|clinicians|surgeons|veterans?|mothers?|fathers?"
    r"|parents?|couples|outpatients?|inpatients?|survivors?|smokers?|drinkers|residents?|workers?|employees|athletes?"
    r"|players|caregivers?|carers?|donors?|recipients?|cases|controls|households|families|dyads|pairs|twins"
    r"|probands|kindreds|enrollees|beneficiaries|members|teachers|drivers|runners|seniors|elders|citizens"
    r"|professionals|practitioners|primigravidae|nulliparas?|preterms|interviewees|trainees|soldiers|inmates"
    r"|consumers|users|pregnancies|births|deliveries|admissions|hospitali[sz]ations)"
)

ANIMALS = (
    r"(?:rats?|mice|mouse|rabbits?|pigs?|piglets?|swine|minipigs?|sows?|dogs?|beagles?|cats?|sheep|ewes?|lambs?|goats?"
    r"|cows?|cattle|calves|heifers?|bulls?|horses?|mares?|monkeys?|macaques?|marmosets?|baboons?|hamsters?"
    r"|guinea[ -]pigs?|gerbils?|ferrets?|voles?|zebrafish|chickens?|broilers?|hens?|chicks?|quails?|ducks?|trout"
    r"|tilapia|salmon|carps?|frogs?|xenopus|drosophila|caenorhabditis|c\. elegans|honey ?bees?|mosquito(?:es)?)"
)
_STRAINS = r"(?:wistar|sprague[- ]dawley|c57bl/?6\w?|balb/?c|new zealand white|fischer 344|long[- ]evans|db/db|ob/ob)"

#: A word such as "mouse" that only says where a reagent or a model comes from.
_NOT_STUDIED = re.compile(
    r"\W{0,2}(?:anti\b|anti-|monoclonal|polyclonal|antibod|serum|embryonic (?:stem|fibroblast)|cell lines?|bites?)",
    re.I,
)

_ANIMAL = re.compile(rf"\b{ANIMALS}\b", re.I)
_ANIMAL_STUDIED = re.compile(
    rf"\b{_STRAINS}\b"
    rf"|\b(?:\d+|male|female|adult|aged|pregnant|transgenic|knockout|deficient|wild[- ]type|diabetic|obese|healthy|nude"
    rf"|in|of|to|into|weaned|treated|fed|infected|neonatal|anesthetized|anaesthetized|injured|null|old)\s{ANIMALS}\b"
    rf"|\b{ANIMALS}\s(?:were|was|had|received|showed|exhibited|displayed|lacking|fed|treated|injected|with|from)\b"
    r"|\bmurine model|\b(?:mouse|rat|animal|porcine|rabbit|canine|ovine|zebrafish) (?:models?|experiments?)\b",
    re.I,
)
_PEOPLE = re.compile(rf"\b{PEOPLE}\b", re.I)
_PEOPLE_STUDIED = re.compile(
    rf"\b(?:\d+|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-[a-z]+)?|hundred)\s(?:[\w'’/-]+\s){{0,4}}{PEOPLE}\b"
    rf"|\b{PEOPLE}\s(?:were|was|who|underwent|received|completed|reported|enrolled|attending|admitted|hospitali[sz]ed"
    rf"|undergoing|diagnosed|treated|aged)\b"
    r"|\b\d{1,2}[- ](?:year|month|week|day)s?[- ]old\b|\bparticipants\b",
    re.I,
)

_LANGUAGES = {
    "English": "eng en english", "French": "fre fra fr french français francais", "German": "ger deu de german deutsch",
    "Spanish": "spa es spanish español espanol", "Portuguese": "por pt portuguese português", "Italian":
    "ita it italian italiano", "Chinese": "chi zho zh chinese", "Japanese": "jpn ja japanese", "Korean":
    "kor ko korean", "Russian": "rus ru russian", "Dutch": "dut nld nl dutch", "Polish": "pol pl polish", "Turkish":
    "tur tr turkish", "Czech": "cze ces cs czech", "Hungarian": "hun hu hungarian", "Swedish": "swe sv swedish",
    "Danish": "dan da danish", "Norwegian": "nor no nb nn norwegian", "Finnish": "fin fi finnish", "Greek":
    "gre ell el greek", "Hebrew": "heb he hebrew", "Arabic": "ara ar arabic", "Persian": "per fas fa persian",
    "Romanian": "rum ron ro romanian", "Serbian": "srp sr scc serbian", "Croatian": "hrv hr scr croatian", "Slovak":
    "slo slk sk slovak", "Slovenian": "slv sl slovenian", "Bulgarian": "bul bg bulgarian", "Ukrainian":
    "ukr uk ukrainian", "Lithuanian": "lit lt lithuanian", "Thai": "tha th thai", "Vietnamese": "vie vi vietnamese",
    "Indonesian": "ind id indonesian", "Malay": "may msa ms malay", "Icelandic": "ice isl is icelandic", "Catalan":
    "cat ca catalan", "Hindi": "hin hi hindi", "Afrikaans": "afr af afrikaans", "Estonian": "est et estonian",
    "Latvian": "lav lv latvian", "Bosnian": "bos bs bosnian",
}  # fmt: skip
_LANGUAGE_OF = {code: name for name, codes in _LANGUAGES.items() for code in codes.split()}


def language(text: str) -> str:
    """A language's English name, from its code or name as databases write it; unknown ones as given, '' for none."""
    text = " ".join(text.split())
    if text.casefold() in ("", "und", "mul", "zxx", "undetermined"):
        return ""
    base = text.casefold().replace("_", "-").split("-")[0]
    return _LANGUAGE_OF.get(text.casefold()) or _LANGUAGE_OF.get(base) or text


def languages(record: Record) -> tuple[Finding, ...]:
    """The languages that the source names, separated as databases do ("eng; fre", "English, French")."""
    found: dict[str, Finding] = {}
    for part in re.split(r"[;,|]|\sand\s", record.language[:300]):
        if name := language(part):
            found.setdefault(name, Finding(name, Evidence("language", record.language)))
    return tuple(found.values())


def species(texts: Texts) -> tuple[Finding, ...]:
    """ "humans", "animals" or both: from MeSH where it says, else from who is said to have been studied."""
    named = [
        Finding(name, Evidence("mesh", term))
        for name, term in (("humans", "Humans"), ("animals", "Animals"))
        if term in texts.record.mesh
    ]
    if named:
        return tuple(named)
    people, animals = _studied(texts, _PEOPLE, _PEOPLE_STUDIED), _studied(texts, _ANIMAL, _ANIMAL_STUDIED)
    found = []
    if people and not (animals and animals.field == "title" and people.field == "abstract" and _incidental(texts)):
        found.append(Finding("humans", people))
    if animals:
        found.append(Finding("animals", animals))
    return tuple(found)


def _studied(texts: Texts, named: re.Pattern[str], subjects: re.Pattern[str]) -> Evidence | None:
    """Named in the title, or in the abstract as subjects of the study."""
    for field, text, pattern in (("title", texts.title, named), ("abstract", texts.abstract, subjects)):
        for match in pattern.finditer(text):
            if not _NOT_STUDIED.match(text, match.end()):
                return evidence(field, match)
    return None


def _incidental(texts: Texts) -> bool:
    """Whether people are hardly spoken of in a paper on animals: in passing, as those it may help one day."""
    people = sum(1 for _ in _PEOPLE_STUDIED.finditer(texts.abstract))
    animals = sum(1 for _ in _ANIMAL.finditer(texts.abstract))
    return people < 3 and people <= animals
