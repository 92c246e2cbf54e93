"""What a web page says about the article on it: meta elements and JSON-LD, under one set of lower-case names."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from qa.reading.mapping import clean, find_doi, unique, without_markup

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_ARTICLE = re.compile(r"(?:scholarly|medicalscholarly|tech|news)?article|report|thesis|chapter|publicationissue", re.I)

_MOST_PAIRS = 10_000


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata of a page; the questions that need more than one name are methods."""

    fields: Mapping[str, list[str]]

    def values(self, name: str) -> list[str]:
        return self.fields.get(name, [])

    def first(self, *names: str) -> str:
        return next((text for name in names for text in self.values(name)), "")

    def title(self, *, scholarly: bool = False) -> str:
        """The article's title; with ``scholarly`` not the one meant for sharing the page."""
        found = self.first(
            "citation_title", "dc.title", "dcterms.title", "prism.title", "bepress_citation_title", "ld.title",
            "rft.atitle", "rft.title",
        )  # fmt: skip
        return found or ("" if scholarly else self.first("og:title"))

    def abstracts(self) -> list[str]:
        """Texts that say they are the abstract, or a description of the page, the surest first."""
        names = ("citation_abstract", "dcterms.abstract", "dc.description.abstract", "ld.abstract", "dc.description",
                 "dcterms.description", "ld.description", "og:description", "description")  # fmt: skip
        return [text for name in names for text in self.values(name)[:1]]

    def authors(self) -> list[str]:
        listed = self.values("citation_authors")
        return (
            self.values("citation_author")
            or [name for text in listed for name in re.split(r"\s*;\s*", text)]
            or self.values("dc.creator")
            or self.values("dc.creator.personalname")
            or self.values("dcterms.creator")
            or self.values("ld.author")
            or self.values("element.author")
            or self.values("rft.au")
            or self.values("dc.contributor")
        )

    def journal(self) -> str:
        found = self.first("citation_journal_title", "citation_conference_title", "citation_inbook_title",
                           "prism.publicationname", "ld.journal", "rft.jtitle")  # fmt: skip
        source = self.first("dc.source", "dc.relation.ispartof", "dcterms.ispartof")
        return found or ("" if any(char.isdigit() for char in source) else source)

    def date(self) -> str:
        return self.first("citation_publication_date", "citation_date", "citation_year", "prism.publicationdate",
                          "dc.date.issued", "dcterms.issued", "citation_online_date", "dc.date", "dcterms.date",
                          "ld.date", "rft.date")  # fmt: skip

    def doi(self) -> str:
        names = (
            "citation_doi",
            "prism.doi",
            "dc.identifier.doi",
            "dc.identifier",
            "dcterms.identifier",
            "ld.id",
            "rft_id",
        )
        return next((text for name in names for text in self.values(name) if find_doi(text)), "")

    def url(self) -> str:
        found = self.first(
            "citation_abstract_html_url", "citation_public_url", "canonical", "citation_fulltext_html_url", "og:url"
        )
        return found if found.startswith(("http://", "https://")) else ""

    def kinds(self) -> list[str]:
        """What the work is; that a page is a text is not worth saying."""
        found = self.values("citation_article_type") or self.values("dc.type")
        return [kind for kind in found if not kind.lower().startswith("text")]

    def keywords(self) -> list[str]:
        texts = self.values("citation_keywords") or self.values("citation_keyword")
        texts = texts or self.values("ld.keywords") or self.values("dc.subject")  # often only the site's own shelves
        return [
            word
            for text in texts
            for word in re.split(r";" if ";" in text else r",\s*" if len(texts) == 1 else "$", text)
        ]


def context_objects(page: LexborHTMLParser) -> list[Metadata]:
    """What the COinS of a page say, as Zotero, library catalogues and repositories write it: one a reference."""
    found = []
    for node in page.css("span.Z3988"):
        pairs = parse_qsl(node.attributes.get("title") or "", max_num_fields=None)[:_MOST_PAIRS]
        fields: dict[str, list[str]] = defaultdict(list)
        for name, text in pairs:
            fields[name.lower()].append(clean(without_markup(text)))
        found.append(Metadata({name: list(unique(texts)) for name, texts in fields.items()}))
    return found


def collect(page: LexborHTMLParser) -> Metadata:
    """All metadata of a page."""
    fields: dict[str, list[str]] = defaultdict(list)
    for node in page.css("meta"):
        name = node.attributes.get("name") or node.attributes.get("property") or ""
        text = clean(without_markup(node.attributes.get("content") or ""))
        if name and text:
            fields[name.strip().lower()].append(text)
    for node in page.css("link[rel='canonical']"):
        fields["canonical"].append(node.attributes.get("href") or "")
    for node in page.css("script[type='application/ld+json']"):
        try:
            data = json.loads(node.text())
        except (ValueError, RecursionError):
            continue  # half of the web's JSON-LD is broken; the page has more to go by
        article = next(_articles(data, 0), None)
        if article is not None:
            for name, text in _described(article):
                if text := clean(without_markup(text)):
                    fields[f"ld.{name}"].append(text)
            break
    for node in page.css(".surname"):  # some publishers name their authors nowhere else
        whole = node.parent
        given = whole.css_first(".given-name") if whole is not None else None
        if given is not None:
            fields["element.author"].append(f"{node.text()}, {given.text()}")
    coins = context_objects(page)
    if len(coins) == 1:
        fields.update(coins[0].fields)
    return Metadata({name: list(unique(texts)) for name, texts in fields.items()})


def _articles(data: Any, depth: int) -> Iterator[dict[str, Any]]:
    """The objects in JSON-LD that are articles, wherever they hide."""
    if depth > 6:
        return
    if isinstance(data, list):
        for one in data:
            yield from _articles(one, depth + 1)
    elif isinstance(data, dict):
        kinds = data.get("@type")
        if any(
            isinstance(kind, str) and _ARTICLE.fullmatch(kind.rpartition(":")[2].rpartition("/")[2])
            for kind in _list(kinds)
        ):
            yield data
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _articles(data.get(name), depth + 1)


def _described(article: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, keys in (
        ("title", ("headline", "name")),
        ("abstract", ("abstract",)),
        ("description", ("description",)),
        ("date", ("datePublished", "dateCreated")),
        ("inlanguage", ("inLanguage",)),
        ("pagestart", ("pageStart",)),
        ("pageend", ("pageEnd",)),
    ):
        for key in keys:
            yield from ((name, text) for text in _texts(article.get(key)))
    yield from (("author", text) for one in _list(article.get("author")) for text in _texts(one))
    yield from (("keywords", text) for text in _texts(article.get("keywords")))
    yield from (("id", text) for key in ("identifier", "@id", "sameAs", "doi") for text in _texts(article.get(key)))
    part: Any = article
    for _ in range(3):  # an article is part of an issue, that of a volume, that of a periodical
        part = next((one for one in _list(part.get("isPartOf")) if isinstance(one, dict)), None)
        if part is None:
            break
        for key in ("volumeNumber", "issueNumber"):
            yield from ((key.lower(), text) for text in _texts(part.get(key)))
        if "Periodical" in _list(part.get("@type")):
            yield from (("journal", text) for text in _texts(part.get("name")))


def _texts(value: Any) -> Iterator[str]:
    """The texts in a value: itself, those of a list, or the name or value of an object."""
    for one in _list(value):
        if isinstance(one, dict):
            one = (
                one.get("name")
                or one.get("value")
                or one.get("@value")
                or " ".join(part for part in (one.get("givenName"), one.get("familyName")) if isinstance(part, str))
            )
        if isinstance(one, (str, int)) and not isinstance(one, bool):
            yield str(one)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
