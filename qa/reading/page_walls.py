"""Web pages that stand where an article's page was wanted: what they are, and what to do about it."""

from __future__ import annotations

import re

#: Titles of the pages that sites show to programs, and to people in between.
_ROBOT_TITLE = re.compile(
    r"\W*(?:just a moment|attention required|security (?:check|verification)|robot check|"
    r"are you (?:a robot|(?:a )?human)|(?:please )?verify(?:ing)? (?:that )?you are (?:a )?human|"
    r"checking your browser|pardon our interruption|validate user|client challenge|one more step|request rejected|"
    r"(?:bot|human) verification|please wait|un momento|einen moment|ddos-guard|captcha\b|radware)",
    re.I,
)
_ROBOT_TEXT = re.compile(
    r"enable (?:javascript|js)\b|javascript (?:is|has been) (?:disabled|required)|\bcaptcha\b|"
    r"you are (?:a |not a )?(?:human|robot)|"
    r"unusual (?:traffic|activity)|checking (?:if|your browser|the site connection)|incapsula incident|"
    r"press (?:&|and) hold|automated (?:access|requests|queries)|suspicious activity|cloudflare ray id",
    re.I,
)
_DENIED = re.compile(
    r"access (?:to this (?:page|site) )?(?:has been |is |was )?(?:denied|blocked|forbidden)|\b403\b.{0,3} ?forbidden|"
    r"(?:don['’]t|do not) have (?:permission|access)|you have been blocked",
    re.I,
)
_GONE = re.compile(
    r"\b(?:404|410)\b|page (?:not found|cannot be found|doesn['’]t exist)|(?:5\d\d|internal) server error", re.I
)
_LOGIN = re.compile(
    r"\W*(?:log|sign) ?in\b|.{0,40}\b(?:log|sign) in to (?:continue|your)|\W*authentication required", re.I
)
_COOKIES = re.compile(r"\bcookies?\b", re.I)
_CONSENT = re.compile(r"\b(?:accept|agree|consent|preferences|allow|reject)\b", re.I)
_RESULTS = re.compile(
    r"\bsearch results?\b|\bresults for\b|\b\d[\d,. ]{0,12} (?:search )?results\b|- google scholar$|"
    r"\badvanced search\b|^search\b.{0,60}$",
    re.I,
)
_CONTENTS = re.compile(
    r"\btable of contents\b|\b(?:current|latest|all) issues?\b|^contents\b|"
    r"\bvol(?:ume|\.)? ?\d+,? ?(?:issue|no\.?|number) ?\d+\W*(?:[|–-].{0,80})?$|\bin this issue\b",
    re.I,
)

#: Such pages say little else; an article that speaks of cookies says more.
_SHORT = 2_500
_PAGE = "Open the article in the browser and save the page again."


def describe(title: str, text: str) -> str:
    """What a page without an article's metadata is, as the predicate of a sentence with a remedy, or ''.

    ``title`` is the page's own, ``text`` all that it shows.
    """
    named = f' ("{title[:60]}")' if title else ""
    short = len(text) < _SHORT
    if _ROBOT_TITLE.match(title) or (short and _ROBOT_TEXT.search(text)):
        return f"is a page that checks for robots{named}, not the article. {_PAGE}"
    if _DENIED.search(title) or (short and _DENIED.search(text)):
        return f"is a page that says that access is denied{named}, not the article. {_PAGE}"
    if short and (_GONE.search(title) or _GONE.search(text[:300])):
        return f"is a site's message of an error{named}, not the article. {_PAGE}"
    if short and _LOGIN.match(title):
        return f"is a page that asks to sign in{named}, not the article. Sign in, and save the article's page."
    if short and len(_COOKIES.findall(text)) > 1 and _CONSENT.search(text):
        return f"is a page that asks about cookies{named}, not the article. Answer it and save the article's page."
    if _RESULTS.search(title):
        return (
            f"is a list of search results{named}, not an article's page. "
            "Export the results from the site as RIS or .nbib, or save each abstract's page."
        )
    if _CONTENTS.search(title):
        return (
            f"is a table of contents{named}, not an article's page. "
            "Export its references from the site as RIS, or save each abstract's page."
        )
    if not text:
        return f"is a web page without any text{named}: a program fills it in the browser. {_PAGE}"
    return ""
