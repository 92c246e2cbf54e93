"""What is asked of PubMed: a search, records of a search, records by number, numbers of DOIs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from qa.errors import FetchError
from qa.fetching.client import Client, Refused

if TYPE_CHECKING:
    from lxml.etree import _Element

#: PubMed gives out no more records than these of one search.
LIMIT = 9_999

#: Records asked for at once; some two megabytes.
BATCH = 200

#: DOIs asked for in one search.
_DOIS = 40

Sort = Literal["date", "relevance"]

#: Records as PubMed's XML, by PMID, in the order they came.
Articles = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Found:
    """A search: how many records there are, the PMIDs of the first of them, and where the server remembers it.

    ``understood`` is the question as PubMed expanded it; ``remarks`` are its own ("Quoted phrase not found: …").
    """

    count: int
    pmids: tuple[str, ...]
    understood: str
    remarks: tuple[str, ...]
    environment: str  # WebEnv
    query_key: str


def search(client: Client, query: str, most: int, sort: Sort = "date") -> Found:
    """Ask PubMed a question; ``most`` PMIDs at most (LIMIT is PubMed's own)."""
    order = {"sort": "relevance"} if sort == "relevance" else {}  # PubMed's own order is by date
    root = client.ask("esearch", term=query, usehistory="y", retmax=str(min(most, LIMIT)), **order)
    count = root.findtext("Count") or ""
    if not count.isdecimal():
        raise FetchError(
            f"{client.server} answers a search without saying how many records there are. Try again later."
        )
    remarks = (_remark(one) for path in ("ErrorList/*", "WarningList/*") for one in root.iterfind(path) if one.text)
    return Found(
        int(count),
        tuple(dict.fromkeys(one.text for one in root.iterfind("IdList/Id") if one.text and one.text.isdecimal())),
        root.findtext("QueryTranslation") or "",
        tuple(dict.fromkeys(remarks)),
        root.findtext("WebEnv") or "",
        root.findtext("QueryKey") or "",
    )


def _remark(element: _Element) -> str:
    """<PhraseNotFound>scleroderm</PhraseNotFound> as "Phrase not found: scleroderm"."""
    if element.tag == "OutputMessage":
        return element.text or ""
    return f"{' '.join(re.findall('[A-Z][a-z]+', str(element.tag))).capitalize()}: {element.text}"


def remembered(client: Client, environment: str, query_key: str, start: int, size: int) -> Articles:
    """``size`` records of a search that the server remembers, from ``start`` on; Refused where it has forgotten."""
    where = {"WebEnv": environment, "query_key": query_key}
    return articles(client.ask("efetch", retmode="xml", retstart=str(start), retmax=str(size), **where))


def numbered(client: Client, pmids: Sequence[str]) -> Articles:
    """The records with these PMIDs, without those that PubMed does not have.

    One number that PubMed dislikes costs the whole request, so a refused one is asked again in halves.
    """
    try:
        return articles(client.ask("efetch", retmode="xml", id=",".join(pmids)))
    except Refused as refusal:
        if not refusal.about_the_question:
            raise
        if len(pmids) == 1:
            return {}
        half = len(pmids) // 2
        return numbered(client, pmids[:half]) | numbered(client, pmids[half:])


def resolve(client: Client, dois: Sequence[str]) -> list[str]:
    """The PMIDs that PubMed finds for these DOIs, in order of the portions asked.

    Where it does not know a DOI it may search for its parts, and find others: what is fetched has to be compared.
    """
    pmids: list[str] = []
    for start in range(0, len(dois), _DOIS):
        pmids += _resolve(client, dois[start : start + _DOIS])
    return list(dict.fromkeys(pmids))


def _resolve(client: Client, dois: Sequence[str]) -> tuple[str, ...]:
    most = 2 * len(dois) + 3
    found = search(client, " OR ".join(f'"{doi.replace(chr(34), "")}"[doi]' for doi in dois), most)
    if found.count <= most or len(dois) == 1:
        return found.pmids
    half = len(dois) // 2  # one of them was taken apart and drowns the others
    return _resolve(client, dois[:half]) + _resolve(client, dois[half:])


def dois_of(article: bytes) -> set[str]:
    """The DOIs of a record, in lower case; those of its references are not its own."""
    from lxml import etree

    root = etree.fromstring(article, etree.XMLParser(resolve_entities=False, no_network=True))
    own = (
        "PubmedData/ArticleIdList/ArticleId[@IdType='doi']",
        "MedlineCitation/Article/ELocationID[@EIdType='doi']",
        "BookDocument/ArticleIdList/ArticleId[@IdType='doi']",
    )
    return {one.text.strip().casefold() for path in own for one in root.iterfind(path) if one.text}


def articles(root: _Element) -> Articles:
    """The records of an answer or of a kept file, each as its own XML, by PMID."""
    from lxml import etree

    found: Articles = {}
    for article in root:
        pmid = article.findtext("MedlineCitation/PMID") or article.findtext("BookDocument/PMID")
        if pmid:
            found[pmid.strip()] = etree.tostring(article, encoding="UTF-8", with_tail=False, xml_declaration=False)
    return found
