"""A fetch from its question to its file, in steps that are kept: one that broke goes on where it was."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from qa import __version__
from qa.errors import FetchError, Locked
from qa.fetching import pubmed
from qa.fetching.client import Client, Refused
from qa.fetching.ids import Wanted
from qa.fetching.kept import Plan, Workplace, write_note, write_records
from qa.fetching.pubmed import BATCH, Articles, Sort
from qa.schema import Progress, ProgressCallback, Skip


@dataclass(frozen=True, slots=True)
class Request:
    """What to fetch: a query, at most ``most`` of its records in PubMed's order; or wanted records by their numbers."""

    query: str = ""
    most: int = 200
    sort: Sort = "date"
    wanted: tuple[Wanted, ...] = ()

    def __post_init__(self) -> None:
        if self.most > pubmed.LIMIT:
            raise FetchError(
                f"PubMed gives out no more than {pubmed.LIMIT:,} records of one search. Divide it, say by years: "
                '"(…) AND 1990:2009[pdat]", then "(…) AND 2010:3000[pdat]".'
            )

    def key(self, server: str) -> str:
        """The same for the same request to the same server: under it an unfinished fetch is found again."""
        asked = [server, self.query, self.most, self.sort, sorted((one.pmid, one.doi) for one in self.wanted)]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came. ``file`` holds the records as PubMed XML (None where there are none), ``note`` tells of them in JSON.

    ``skipped`` are the records that were asked for and that PubMed does not have. Call :meth:`settle` once the file
    is in the library: until then the same request takes what is here and asks PubMed nothing.
    """

    plan: Plan
    records: int
    skipped: tuple[Skip, ...]
    file: Path | None
    note: Path
    _workplace: Workplace = field(repr=False)

    def settle(self) -> None:
        """Forget the batches: the file holds them."""
        self._workplace.clear()


def make_plan(client: Client, request: Request) -> Plan:
    """Ask PubMed how many records there are, and which; fetch none of them."""
    started = datetime.now(UTC).isoformat(timespec="seconds")
    if request.wanted:
        pmids = [one.pmid for one in request.wanted if one.pmid]
        pmids += pubmed.resolve(client, [one.doi for one in request.wanted if one.doi])
        return Plan(client.server, started, len(request.wanted), tuple(dict.fromkeys(pmids)))
    found = pubmed.search(client, request.query, request.most, request.sort)
    return Plan(
        client.server,
        started,
        found.count,
        found.pmids[: request.most],
        found.understood,
        found.remarks,
        found.environment,
        found.query_key,
    )


def fetch(
    client: Client,
    request: Request,
    folder: Path,
    *,
    fresh: bool = False,
    progress: ProgressCallback | None = None,
    say: Callable[[str], None] | None = None,
) -> Fetched:
    """Fetch what is requested into ``folder``; goes on with an unfinished fetch of the same, unless ``fresh``.

    Raises FetchError where the server cannot be had: the batches that came are kept. Raises Locked where ``folder``
    cannot be written.
    """
    tell = progress or (lambda _: None)
    work = Workplace(folder / f"unfinished-{request.key(client.server)}")
    try:
        if fresh:
            work.clear()
        plan = work.plan()
        if plan is None:
            tell(Progress("Asking PubMed", 0, 0))
            plan = make_plan(client, request)
            work.keep_plan(plan)
        elif say:
            say(f"going on with the fetch of {plan.started} (--fresh asks PubMed anew)")
        for start in range(0, len(plan.pmids), BATCH):
            tell(Progress("Fetching from PubMed", start, len(plan.pmids)))
            if work.batch(start // BATCH) is None:
                work.keep_batch(start // BATCH, _fetch_batch(client, plan, start))
        tell(Progress("Fetching from PubMed", len(plan.pmids), len(plan.pmids)))
        return _finish(request, plan, work, folder)
    except OSError as error:
        raise Locked(
            f"Cannot write to {folder} ({error.strerror or error}). Check its permissions and the free space."
        ) from error


def _fetch_batch(client: Client, plan: Plan, start: int) -> Articles:
    """The records of one batch, in the plan's order, as far as PubMed has them.

    A search's records are asked of the history server. What that has forgotten or leaves out is asked for by number,
    so that a thin answer is not taken for the whole.
    """
    pmids = plan.pmids[start : start + BATCH]
    came: Articles = {}
    if plan.environment:
        try:
            came = pubmed.remembered(client, plan.environment, plan.query_key, start, len(pmids))
        except Refused as refusal:
            if not refusal.about_the_question:
                raise
    for _ in range(2):
        if missing := [pmid for pmid in pmids if pmid not in came]:
            came |= pubmed.numbered(client, missing)
    return {pmid: came[pmid] for pmid in pmids if pmid in came}


def _finish(request: Request, plan: Plan, work: Workplace, folder: Path) -> Fetched:
    """One file of all batches, a note beside it, and what did not come."""
    pmids: dict[str, None] = {}
    dois: set[str] = set()

    def records() -> Iterator[bytes]:
        for number in range(-(-len(plan.pmids) // BATCH)):
            batch = work.batch(number)
            if batch is None:
                raise FetchError(f"{work.folder} lost what was just written to it. Check the disk, and run it again.")
            for pmid, article in batch.items():
                own = pubmed.dois_of(article) if by_doi else set()
                if not request.wanted or pmid in by_pmid or own & by_doi:
                    pmids[pmid] = None
                    dois.update(own)
                    yield article

    by_pmid = {one.pmid for one in request.wanted if one.pmid}
    by_doi = {one.doi for one in request.wanted if one.doi}
    stem = f"pubmed-{_slug(request.query) or 'by-number'}-{re.sub('[^0-9T]', '', plan.started[:19])}Z"
    file, note = folder / f"{stem}.xml.gz", folder / f"{stem}.json"
    write_records(file, records())
    if not pmids:
        file.unlink()
    if request.wanted:
        missing = [one for one in request.wanted if one.pmid not in pmids and one.doi not in dois]
        skipped = tuple(Skip(one.path, one.line, f"PubMed has no record with the {one}") for one in missing)
    else:
        gone = [pmid for pmid in plan.pmids if pmid not in pmids]
        skipped = tuple(Skip("PubMed", 0, f"PubMed found PMID {pmid}, but gives no record of it") for pmid in gone)
    asked = {"query": request.query, "most": request.most, "sort": request.sort} if not request.wanted else {}
    write_note(
        note,
        file if pmids else None,
        {
            "server": plan.server,
            **asked,
            "ids": [str(one) for one in request.wanted],
            "understood": plan.understood,
            "remarks": plan.remarks,
            "started": plan.started,
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "count": plan.count,
            "records": len(pmids),
            "pmids": list(pmids),
            "skipped": [str(skip) for skip in skipped],
            "version": __version__,
        },
    )
    return Fetched(plan, len(pmids), skipped, file if pmids else None, note, work)


def _slug(query: str) -> str:
    """A query as part of a file's name: "Calcinosis AND scleroderma[ti]" as "calcinosis-and-scleroderma-ti"."""
    return re.sub(r"[^a-z0-9]+", "-", query.casefold())[:60].strip("-")
