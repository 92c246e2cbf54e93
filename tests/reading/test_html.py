"""Saved pages as publishers' sites write them, and the pages that stand in their place; all of our own making."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import Broken, ReadingError, UnknownFormat
from qa.reading import read
from qa.schema import Record
from tests.reading.samples import bodies, records, skips, write

TITLE = "Owls in barns: who stays and who leaves"
FIRST = "Owls live in barns, and some of them leave after a winter or two."
SECOND = "About one half of the 120 owls left after the first winter, and very few returned to the barns."
META = f"""<meta name="citation_title" content="{TITLE}"><meta name="citation_author" content="Uhu, Bruno">
<meta name="citation_doi" content="10.1234/owl.99"><meta name="citation_date" content="2014/03/01">
<meta name="citation_journal_title" content="Quiet Birds">"""


def page(head: str, body: str) -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def only(tmp_path: Path, text: str) -> Record:
    (record,) = records(write(tmp_path, "page.html", text))
    assert not skips(tmp_path / "page.html")
    return record


@pytest.mark.parametrize(
    ("after", "what"),
    [
        ("<h3>Physics Subject Headings</h3><ul><li>Birds</li><li>Night</li></ul>", "a list of subjects"),
        ("<button>Show more</button><p>Show more</p>", "a button"),
        ("<p>Keywords: owls; barns</p><p>Mice in barns. We saw a mouse, too.</p>", "keywords"),
        ("<h2>Highlights</h2><ul><li>Owls leave.</li></ul>", "highlights"),
        ("<h3>Graphical abstract</h3><img alt='x'><p>Download: a large picture</p>", "a picture"),
        ("<p>© 2014 Quiet Press. All rights reserved.</p>", "a notice"),
        ("<script>var a = 'Owls.';</script><style>p { color: red }</style>", "a program"),
        ("<h4>Related articles</h4><a href='x'>Mice in barns</a>", "links"),
    ],
)
def test_only_the_abstract(tmp_path: Path, after: str, what: str) -> None:
    body = f"<nav>Home</nav><div class='abstract' id='abs'><h2>Abstract</h2><p>{FIRST} {SECOND}</p>{after}</div>"
    assert only(tmp_path, page(META, body)).abstract == f"{FIRST} {SECOND}", what


def test_headings_that_are_set_as_such_are_sections(tmp_path: Path) -> None:
    body = (
        f"<section id='abstract'><h2>Abstract</h2><h3>Why we asked</h3><p>{FIRST}</p><h3>Results</h3><p>{SECOND}</p>"
        "<h3>Topics</h3><ul><li>Birds</li></ul></section>"
    )
    assert bodies(only(tmp_path, page(META, body))) == [("Why we asked", FIRST), ("Results", SECOND)]


DUBLIN = f"""<meta name="DC.Title" content="{TITLE}"><meta name="DC.Creator" content="Bruno Uhu">
<meta name="DC.Date.issued" content="2014-03"><meta name="DC.Identifier" content="doi:10.1234/owl.99">
<meta name="DCTERMS.isPartOf" content="Quiet Birds"><meta name="DCTERMS.abstract" content="{FIRST} {SECOND}">"""
PRISM = f"""<meta name="prism.title" content="{TITLE}"><meta name="dc.creator" content="Uhu, Bruno">
<meta name="prism.publicationDate" content="2014-03-01"><meta name="prism.doi" content="10.1234/owl.99">
<meta name="prism.publicationName" content="Quiet Birds"><meta name="dc.description" content="{FIRST} {SECOND}">"""
LINKED = f"""<script type="application/ld+json">{{"@graph": [{{"@type": "WebPage"}}, {{"@type": "ScholarlyArticle",
"headline": "{TITLE}", "author": [{{"@type": "Person", "givenName": "Bruno", "familyName": "Uhu"}}],
"datePublished": "2014-03-01", "abstract": "{FIRST} {SECOND}", "sameAs": "https://doi.org/10.1234/owl.99",
"isPartOf": {{"@type": "Periodical", "name": "Quiet Birds"}}}}]}}</script>"""
GRAPH = f"""<title>{TITLE} | Quiet Birds</title><meta property="og:title" content="{TITLE}">
<meta property="og:description" content="{FIRST} {SECOND}">"""


@pytest.mark.parametrize("head", [DUBLIN, PRISM, LINKED], ids=["Dublin Core", "PRISM", "JSON-LD"])
def test_metadata_alone(tmp_path: Path, head: str) -> None:
    record = only(tmp_path, page(head, "<p>Log in</p>"))
    assert (record.title, record.abstract, record.authors) == (TITLE, f"{FIRST} {SECOND}", ("Uhu, Bruno",))
    assert (record.journal, record.year, record.doi) == ("Quiet Birds", 2014, "10.1234/owl.99")


def test_open_graph(tmp_path: Path) -> None:
    record = only(tmp_path, page(GRAPH, "<p>Log in</p>"))
    assert (record.title, record.abstract) == (TITLE, f"{FIRST} {SECOND}")


def test_the_whole_abstract_rather_than_its_beginning(tmp_path: Path) -> None:
    head = META + f'<meta name="description" content="{FIRST[:50]}…">'
    body = f"<div class='teaser'>{FIRST[:50]}…</div><div class='abstract-content'><p>{FIRST}</p><p>{SECOND}</p></div>"
    assert only(tmp_path, page(head, body)).abstract == f"{FIRST}\n{SECOND}"


def test_what_the_metadata_leave_out_is_taken_from_the_citation_to_use(tmp_path: Path) -> None:
    head = f'<meta name="dc.title" content="{TITLE}"><meta name="dc.date" content="2014-03-01">'
    body = (
        "<p>Cite as: Quiet Birds 2014;9:88-95</p><p>Mice. Small Mammals 2014;1:1-9</p>"
        f"<section id='abstract'><p>{FIRST} {SECOND}</p></section>"
    )
    record = only(tmp_path, page(head, body))
    assert (record.journal, record.volume, record.pages) == ("Quiet Birds", "9", "88-95")
    record = only(tmp_path, page(head, body.replace("Cite as: Quiet Birds 2014;9:88-95", "")))
    assert record.journal == ""  # the other citation may be anybody's


def test_a_page_without_metadata(tmp_path: Path) -> None:
    body = (
        f"<h3>Quiet Birds</h3><p>March/April 2014<br>Volume 9, Number 1/2</p><h3>{TITLE}</h3>"
        "<p>Bruno Uhu, Barn University, Eulenburg<br>uhu [at] barn.example<br><br>Claire Nuit, The Barn<br>"
        f"nuit@barn.example</p><h3>Abstract</h3><p>{FIRST} {SECOND}</p><p>Keywords: owls, barns</p><p>1 Overview</p>"
    )
    record = only(tmp_path, page(f"<title>{TITLE}</title>", body))
    assert (record.title, record.abstract) == (TITLE, f"{FIRST} {SECOND}")
    assert record.authors == ("Uhu, Bruno", "Nuit, Claire")
    assert (record.journal, record.year, record.volume, record.issue) == ("Quiet Birds", 2014, "9", "1/2")
    assert record.keywords == ("owls", "barns")


def test_a_page_that_opens_with_its_abstract_is_titled_by_itself(tmp_path: Path) -> None:
    body = f"<p><img alt='Abstract'>{FIRST} {SECOND} {SECOND}</p><p>Contents</p><p>Introduction</p>"
    record = only(tmp_path, page(f"<title>{TITLE} | Quiet Birds</title>", body))
    assert (record.title, record.abstract) == (TITLE, f"{FIRST} {SECOND} {SECOND}")


COINS = (
    '<span class="Z3988" title="ctx_ver=Z39.88-2004&amp;rft_id=info%3Adoi%2F10.1234%2F{0}&amp;rft.atitle=Owl%20{0}'
    '&amp;rft.jtitle=Quiet%20Birds&amp;rft.volume=9&amp;rft.au=Bruno%20Uhu&amp;rft.date=2014-03&amp;rft.spage=88"></span>'
)


def test_coins_are_read_where_there_is_nothing_better(tmp_path: Path) -> None:
    one = only(tmp_path, page("<title>Bibliography</title>", f"<p>Uhu. Owl 1.</p>{COINS.format(1)}"))
    assert (one.title, one.doi, one.journal, one.year) == ("Owl 1", "10.1234/1", "Quiet Birds", 2014)
    assert (one.authors, one.volume, one.pages) == (("Uhu, Bruno",), "9", "88")
    both = page("<title>Bibliography</title>", f"<p>Uhu.</p>{COINS.format(1)}{COINS.format(2)}")
    assert [record.title for record in records(write(tmp_path, "two.html", both))] == ["Owl 1", "Owl 2"]


@pytest.mark.parametrize(
    ("title", "body", "words"),
    [
        ("Just a moment...", "Enable JavaScript and cookies to continue", "checks for robots"),
        ("www.example.org", "Please complete the CAPTCHA to go on.", "checks for robots"),
        ("Quiet Birds", "Please enable JavaScript to continue using this application.", "checks for robots"),
        ("", "Checking your browser before accessing the site.", "checks for robots"),
        ("Access Denied", "You don't have permission to access this.", "access is denied"),
        ("403 Forbidden", "nginx", "access is denied"),
        ("Page not found", "We are sorry.", "message of an error"),
        ("Sign in | Quiet Birds", "User name Password", "asks to sign in"),
        ("Quiet Birds", "We use cookies. Accept all cookies, or choose your preferences.", "asks about cookies"),
        ("owls - Search Results - PubMed", f"<p>{TITLE}</p><p>Uhu B.</p><p>{FIRST * 4}</p>", "list of search results"),
        ("Quiet Birds Vol. 9, No. 2 | The Barn", f"<p>{TITLE}</p><p>Uhu B.</p>", "table of contents"),
        ("", "<script>location = 'a.pdf'</script>", "without any text"),
    ],
)
def test_pages_in_the_place_of_an_article(tmp_path: Path, title: str, body: str, words: str) -> None:
    path = write(tmp_path, "page.html", page(f"<title>{title}</title>", f"<div>{body}</div>"))
    with pytest.raises(Broken, match=words) as raised:
        list(read(path))
    assert raised.value.reason.endswith(".")


@pytest.mark.parametrize("title", ["Access denied: a survey of readers", "Please wait: queues in clinics"])
def test_an_article_may_be_called_like_a_wall(tmp_path: Path, title: str) -> None:
    head = META.replace(TITLE, title) + f"<title>{title}</title>"
    assert only(tmp_path, page(head, f"<div id='abstract'><p>{FIRST} {SECOND}</p></div>")).title == title


def test_a_shop_is_no_article(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat):
        list(read(write(tmp_path, "shop.html", page("<title>Shop</title>", "<h1>Boxes</h1><p>Buy.</p>"))))


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 50_000 + "Owls.",
        "<ul><li>" * 50_000 + "Owls.",
        "<b></p>" * 50_000,
        "<div class='abstract'>" * 3_000 + FIRST,
        f"<div class='abstract'><p>{'owl ' * 500_000}</p></div>",
        "<meta name='citation_author' content='Uhu, Bruno'>" * 10_000,
        "<span class='Z3988' title='" + "rft.au=x&amp;" * 100_000 + "'></span>",
        f"<script type='application/ld+json'>{'[' * 100_000}</script>",
    ],
    ids=["deep", "lists", "left open", "abstracts within abstracts", "long", "authors", "coins", "json"],
)
def test_hostile_pages_end_soon(tmp_path: Path, hostile: str) -> None:
    path = write(tmp_path, "page.html", page(META, hostile))
    try:
        (record,) = records(path)
    except ReadingError:
        return
    assert record.title == TITLE


def test_direction_marks_are_kept_in_the_text_and_do_no_harm(tmp_path: Path) -> None:
    body = f"<div class='abstract'><p>\u202e{FIRST}\u202c {SECOND}</p></div>"
    assert FIRST in only(tmp_path, page(META, body)).abstract
