"""A small E-utilities server of our own: esearch with a history, efetch, and every way to fail that was thought of."""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

Fault = Callable[["Handler", bytes], None]


def article(pmid: str, title: str, abstract: str, doi: str = "") -> str:
    """A record as PubMed writes it; with a reference, whose DOI is not its own."""
    own = f"<ArticleId IdType='doi'>{escape(doi)}</ArticleId>" if doi else ""
    return (
        f"<PubmedArticle><MedlineCitation Status='MEDLINE' Owner='NLM'><PMID Version='1'>{pmid}</PMID>"
        f"<Article PubModel='Print'><Journal><Title>Annals of Made-up Medicine</Title><JournalIssue><PubDate>"
        f"<Year>2019</Year></PubDate></JournalIssue></Journal><ArticleTitle>{escape(title)}</ArticleTitle>"
        f"<Abstract><AbstractText>{escape(abstract)} It grew by <i>5</i> mm.</AbstractText></Abstract></Article>"
        f"</MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType='pubmed'>{pmid}</ArticleId>{own}"
        "</ArticleIdList><ReferenceList><Reference><ArticleIdList><ArticleId IdType='doi'>10.9999/cited</ArticleId>"
        "</ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle>"
    )


#: PMID → (title, abstract, DOI). "chalk" finds the first 450, "lime" the last fifty of them.
RECORDS = {
    str(n): (
        f"Chalk deposits in skin, case {n}" + (" with lime" if n > 1400 else ""),
        f"We saw chalk in patient {n} and measured it.",
        f"10.1000/Chalk({n})<1>;2-{'ab'[n % 2]}" if n % 10 == 0 else "",
    )
    for n in range(1001, 1451)
}


class Server(ThreadingHTTPServer):
    """Serves RECORDS. ``faults`` are used up one a request; ``requests`` are (time, service, parameters)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.records = dict(RECORDS)
        self.hidden: set[str] = set()  # what efetch does not give
        self.unremembered: set[str] = set()  # what it gives by number only
        self.faults: deque[Fault | None] = deque()
        self.requests: list[tuple[float, str, dict[str, str]]] = []
        self.history: dict[str, list[str]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/entrez/eutils"

    def services(self) -> list[str]:
        return [service for _, service, _ in self.requests]


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        asked = dict(parse_qsl(self.rfile.read(length).decode()))
        service = self.path.removeprefix("/entrez/eutils/").removesuffix(".fcgi")
        self.server.requests.append((time.monotonic(), service, asked))
        status, body = {"esearch": self._search, "efetch": self._fetch}[service](asked)
        fault = self.server.faults.popleft() if self.server.faults else None
        if fault is not None:
            fault(self, body)
        else:
            self.reply(status, body)

    def reply(self, status: int, body: bytes, headers: dict[str, str] | None = None, kind: str = "text/xml") -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _search(self, asked: dict[str, str]) -> tuple[int, bytes]:
        assert asked["db"] == "pubmed"
        term = asked.get("term", "")
        if not term:
            return 200, b"<eSearchResult><ERROR>Empty term and query_key - nothing todo</ERROR></eSearchResult>"
        remarks = ""
        if dois := re.findall(r'"([^"]+)"\[doi\]', term):
            held = {doi.casefold(): pmid for pmid, (_, _, doi) in self.server.records.items() if doi}
            found = [held[doi] for doi in dois if doi in held]
            for doi in dois:
                if doi not in held:  # as PubMed does: the phrase is not found, its parts are searched
                    remarks += f"<QuotedPhraseNotFound>{escape(doi)}</QuotedPhraseNotFound>"
                    found += [pmid for pmid, (t, _, _) in self.server.records.items() if doi.split("/")[1] in t.lower()]
            remarks = f"<WarningList>{remarks}</WarningList>" if remarks else ""
        else:
            found = [pmid for pmid, (title, _, _) in self.server.records.items() if term.lower() in title.lower()]
            if not found:
                remarks = (
                    f"<ErrorList><PhraseNotFound>{escape(term)}</PhraseNotFound></ErrorList>"
                    "<WarningList><OutputMessage>No items found.</OutputMessage></WarningList>"
                )
        if asked.get("sort") != "relevance":
            found.reverse()
        environment = f"MCID_{len(self.server.history)}"
        self.server.history[environment] = found
        ids = "".join(f"<Id>{pmid}</Id>" for pmid in found[: int(asked.get("retmax", 20))])
        return 200, (
            '<?xml version="1.0" encoding="UTF-8" ?><!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN" '
            '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd">'
            f"<eSearchResult><Count>{len(found)}</Count><RetMax>0</RetMax><RetStart>0</RetStart><QueryKey>1</QueryKey>"
            f"<WebEnv>{environment}</WebEnv><IdList>{ids}</IdList><TranslationSet/>"
            f"<QueryTranslation>{escape(term)}[All Fields]</QueryTranslation>{remarks}</eSearchResult>"
        ).encode()

    def _fetch(self, asked: dict[str, str]) -> tuple[int, bytes]:
        assert (asked["db"], asked["retmode"]) == ("pubmed", "xml")
        hidden = self.server.hidden
        if "WebEnv" in asked:
            if asked["WebEnv"] not in self.server.history or asked["query_key"] != "1":
                return 400, b"<eFetchResult><ERROR>Cannot retrieve history data. query_key: 1</ERROR></eFetchResult>"
            start, size = int(asked["retstart"]), int(asked["retmax"])
            pmids = self.server.history[asked["WebEnv"]][start : start + size]
            hidden = hidden | self.server.unremembered
        else:
            pmids = asked["id"].split(",")
            if bad := [pmid for pmid in pmids if len(pmid) > 8]:
                return 400, f"<eFetchResult><ERROR>Invalid uid {bad[0]} at position= 0</ERROR></eFetchResult>".encode()
        body = "\n".join(
            article(pmid, *self.server.records[pmid])
            for pmid in pmids
            if pmid in self.server.records and pmid not in hidden
        )
        return 200, (
            '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January '
            '2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
            f"<PubmedArticleSet>{body}</PubmedArticleSet>"
        ).encode()


# -- ways to fail ------------------------------------------------------------------------------------------------


def status(code: int, body: bytes = b"", **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler, _: handler.reply(code, body, named)


def cut_off(handler: Handler, body: bytes) -> None:
    """Promise the whole body, send half of it, hang up."""
    handler.reply(200, body[: len(body) // 2], {"Content-Length": str(len(body))})
    handler.close_connection = True


def cut_off_quietly(handler: Handler, body: bytes) -> None:
    """Send half of the body as if it were all."""
    handler.reply(200, body[: len(body) // 2])


def web_page(handler: Handler, _: bytes) -> None:
    handler.reply(200, b"<!DOCTYPE html><html><p>Sorry<br>We are down</html>", kind="text/html")


def silent(seconds: float) -> Fault:
    def fault(handler: Handler, _: bytes) -> None:
        time.sleep(seconds)
        handler.close_connection = True

    return fault


def dripping(seconds: float) -> Fault:
    """Send a byte now and then: never silent, never done."""

    def fault(handler: Handler, body: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        end = time.monotonic() + seconds
        for n in range(len(body)):
            if time.monotonic() > end:
                break
            try:
                handler.wfile.write(body[n : n + 1])
            except OSError:
                break
            time.sleep(0.02)
        handler.close_connection = True

    return fault


@contextmanager
def serving() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
