"""What stands around an abstract on a page: furniture of the site, notices, addresses, the head of the keywords."""

from __future__ import annotations

import re

from qa.reading import citation_line

#: What sites put around an abstract. Matched against a whole line, its case set aside.
FURNITURE = re.compile(
    r"""
    .*\blogo
    | skip\ to\b.* | .*\ba?ccess\ (?:full\ ?text|through|options|provided).*
    | (?:get|full\ text|open|free)\ access\b.*
    | .*\b(?:log|sign)[ -]?(?:in|out|up)\b.* | .*\bcookies?\b.* | .*\bsubscri(?:be|ption)\b.*
    | .*\ball\ rights\ reserved.*
    | (?:copyright|©|\(c\)\ ).* | .*\binstitutional\ (?:members?|access|login)\b.*
    | (?:correspond\w*|address\ (?:for|correspond|reprint)\w*|reprint\w*|e-?mail)\b.*
    | (?:author\ links?|authors?\ info\w*|author\ notes|affiliations?)\b.*
    | (?:show|read|view|see|learn|load|expand)\b.{0,60}
    | (?:add|save|send)\ to\b.*
    | (?:share|cite|citation|citations?:?\ \d+|cited\ by|permissions?|print|download|export|email|
      pdf|epub|favou?rites?|alerts?|follow|metrics|tools|menu|search|home|journals?|books|issues?|archives?|about|help|
      contact|previous|next|back|top|outline|figures?|tables?|references|footnotes|supplementary|similar\ articles|
      related\ (?:articles|content|information)|linkout|actions|page\ navigation|in\ this\ (?:article|issue)|
      article\ (?:tools|metrics|outline|menu|information|navigation)|advertisement|buy|purchase|request|rights|sections|
      full\ text(?:\ links)?|html|open\ in|peer\ review|review\ article|original\ (?:article|research|paper)|review|
      research\ article|case\ report|article|editorial|letter|free\ (?:pmc\ )?article|clipboard|display\ options|
      format|abstract\ pubmed|pmid|feedback|comments?|recommended|trending|most\ (?:read|cited)|newsletter|
      get\ rights.*|rights\ and\ content|open\ overlay.*|crossmark|check\ for\ updates|altmetric.*)
      (?:[ :|>»\d/,&()-].{0,40})?
    | (?:received|accepted|revised|available\ online|version\ of\ record|issue\ date|edited\ by)\b.{0,160}
    | (?:issn|isbn)\b.* | (?:https?://|www\.)\S+ | [\W\d_]*
    """,
    re.I | re.X,
)
#: The words that keywords stand behind.
KEYWORDS = re.compile(r"\W*(?:key\s?-?words?(?:\s+plus)?|index terms|mesh terms)\b\s*[:.–—-]*\s*", re.I)
#: A line that begins so is none of the abstract's, however long it is.
NOT_TEXT = re.compile(
    r"©|\bcopyright\b|\ball rights reserved\b|^correspond\w+ (?:to|author)|^\W*e-?mail|^published by|"
    r"^conflicts? of interest|^(?:https?://)?(?:dx\.)?doi",
    re.I,
)
_PLACE = re.compile(
    r"\b(?:universit\w+|hospitals?|departments?|institut\w+|school of|college|facult\w+|division of|clinic|academy|"
    r"cent(?:er|re) (?:for|of)|laborator\w+|inserm|cnrs|medical cent(?:er|re))\b",
    re.I,
)


def is_place(line: str) -> bool:
    """Whether a line is an address: where an author works."""
    return (
        len(line) < 400
        and bool(_PLACE.search(line))
        and line.count(",") >= 1
        and not NOT_TEXT.search(line)
        and not re.match(r"correspond|address|e-?mail|institutional", line, re.I)
        and not citation_line.looks_like_one(line)
        and len(re.findall(r"\b(?:we|were|was|have|has|is|are)\b", line)) == 0
    )
