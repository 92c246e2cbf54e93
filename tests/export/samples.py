"""Small records, answers and hostile texts for the tests of the exports."""

from __future__ import annotations

from datetime import UTC, datetime

from qa.schema import Answer, Comparison, Conversation, Filters, Hit, KeptAnswer, Record, Section, Sentence, Turn, Why

#: What files and people may hold; each of them is a text and nothing else.
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</style></title></textarea><svg onload=alert(1)>",
    "![call](https://tracker.example/x.png) [click](javascript:alert(1))",
    "<https://evil.example> https://evil.example www.evil.example me@evil.example",
    "[ref]: https://evil.example\n[ref]",
    '=HYPERLINK("https://evil.example","x")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "-2+3",
    "＝1+1",
    "# heading\n- item\n1. one\n> quote\n```\ncode\n---",
    "a | b | c \\ ` * _ ~ ^ $x$ {{ 7*7 }} {% raw %} &lt;b&gt; &amp; :smile: %%hidden%% ==marked==",
    "line\r\nTY  - BOOK\r\nER  - \r\nnext\u2028para\u2029\x85\x0b\x0cend",
    "}, evil = {x}, title = {",
    "unbalanced { and \\ and \\textbf{x",
    "control\x00\x01\x08\x1b[31m\x7f\ufffe\uffffend",
    "half \ud800 pair \udc00",
    "שלום \u202eevil\u202c עולם",
    "emoji 👩‍🔬 zero\u200bwidth",
    "_x0041_ _x000D_",
    "</w:t></w:r><w:r><w:instrText>DDE</w:instrText>",
)


def hit(record: Record, rank: int = 1, *, start: int = 0, end: int | None = None, **more: object) -> Hit:
    end = len(record.abstract) if end is None else end
    sentence = Sentence(record.id, "abstract", start, end, record.abstract[start:end], 0, "", "results")
    return Hit(rank, 1.5, sentence, record, **more)  # type: ignore[arg-type]


BEETLE = Record(
    "doi:10.1000/beetle",
    title="Night lighting and ground beetles: effects of LED lamps",
    abstract="We counted beetles. Lit parks held forty percent fewer beetles than dark parks.",
    authors=("Moreau, Ines", "Oduya, Peter A.", "The Beetle Group"),
    journal="Urban Ecology Letters",
    year=2018,
    volume="5",
    issue="2",
    pages="101-9",
    doi="10.1000/beetle",
    publication_types=("Journal Article",),
    keywords=("lamps", "beetles"),
    language="eng",
)
HONEY = Record(
    "pmid:900001",
    title="Honey for cough",
    abstract="Cough keeps families awake.\nHoney shortened night cough by 1.5 days (p < 0.05).",
    sections=(Section("Background", 0, 27), Section("Results", 28, 79)),
    authors=("Adler, Ruth",),
    journal="Journal of Home Remedies",
    year=2020,
    pmid="900001",
)
BARE = Record("sha256:0", title="A letter")

ANSWER = Answer(
    "and honey?",
    (
        hit(
            HONEY,
            1,
            start=28,
            context=Sentence(HONEY.id, "abstract", 0, 27, HONEY.abstract[:27]),
            why=Why(("honey",), 0.5, 1, 2.0),
        ),
        hit(BEETLE, 2, start=20),
        hit(BEETLE, 3, end=19),
    ),
    asked="Does honey shorten cough?",
    filters=Filters(years=(2018, None)),
    confidence=0.9,
    turn=Turn("Does honey shorten cough?", shown=3, records=(HONEY.id, BEETLE.id)),
)
NONE = Answer("Who won?", reason="Your library does not seem to hold an answer to this.", closest=(hit(BEETLE),))
TIME = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)
CONVERSATION = Conversation("c1", "Honey", (KeptAnswer("a1", TIME, ANSWER), KeptAnswer("a2", TIME, NONE)), TIME, TIME)
COMPARISON = Comparison(
    ("Does honey help?", "Do lamps harm?"),
    (BEETLE, HONEY, BARE),
    ((None, hit(HONEY, start=28), None), (hit(BEETLE, start=20), None, None)),
)
RECORDS = [BEETLE, HONEY, BARE]


def hostile(text: str) -> tuple[Answer, Conversation, Comparison, list[Record]]:
    """One of each subject, with the text everywhere that a text can stand."""
    record = Record(
        text or "x",
        title=text,
        abstract=text,
        sections=(Section(text, 0, len(text)),) if text else (),
        authors=(text, f"{text}, {text}"),
        journal=text,
        year=2020,
        volume=text,
        issue=text,
        pages=text,
        doi=text,
        pmid=text,
        pmcid=text,
        url=text,
        language=text,
        publication_types=(text,),
        keywords=(text,),
        mesh=(text,),
        affiliations=(text,),
    )
    one = hit(record, context=Sentence(record.id, "title", 0, len(text), text))
    answer = Answer(text, (one,), asked=text, filters=Filters(journals=(text,)), reason=text)
    no = Answer(text, reason=text, closest=(one,))
    kept = (KeptAnswer("a", TIME, answer), KeptAnswer("b", TIME, no))
    return answer, Conversation("c", text, kept, TIME, TIME), Comparison((text,), (record,), ((one,),)), [record]
