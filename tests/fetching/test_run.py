"""A fetch from question to file, against a real server on this machine."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from qa.errors import FetchError, Locked
from qa.fetching.client import Client, Limits
from qa.fetching.ids import Wanted
from qa.fetching.run import Fetched, Request, fetch, make_plan
from qa.reading import read
from qa.schema import Progress, Record
from tests.fetching.eutils import Server, cut_off, status


def client(server: Server) -> Client:
    return Client(server.url, key="k3y", limits=Limits(tries=3), sleep=lambda _: None)


def run(server: Server, folder: Path, request: Request, **options: bool) -> Fetched:
    with client(server) as asking:
        return fetch(asking, request, folder, **options)  # type: ignore[arg-type]


def records(fetched: Fetched) -> list[Record]:
    assert fetched.file is not None
    found = list(read(fetched.file))
    assert all(isinstance(one, Record) for one in found)
    return [one for one in found if isinstance(one, Record)]


def test_a_search_becomes_a_file_of_its_records_in_its_order(server: Server, tmp_path: Path) -> None:
    told: list[Progress] = []
    with client(server) as asking:
        fetched = fetch(asking, Request("chalk", most=450), tmp_path, progress=told.append)
    assert [one.pmid for one in records(fetched)] == [str(n) for n in range(1450, 1000, -1)]
    assert records(fetched)[0].abstract == "We saw chalk in patient 1450 and measured it. It grew by 5 mm."
    assert (fetched.plan.count, fetched.records, fetched.skipped) == (450, 450, ())
    # One search; then three batches of what the server remembers of it.
    assert server.services() == ["esearch", "efetch", "efetch", "efetch"]
    assert [asked["retstart"] for _, service, asked in server.requests if service == "efetch"] == ["0", "200", "400"]
    assert (told[-1].done, told[-1].total) == (450, 450)


def test_no_more_than_asked_for(server: Server, tmp_path: Path) -> None:
    fetched = run(server, tmp_path, Request("chalk", most=7))
    assert (fetched.plan.count, fetched.records) == (450, 7)
    assert [one.pmid for one in records(fetched)] == [str(n) for n in range(1450, 1443, -1)]
    assert server.requests[1][2]["retmax"] == "7"
    relevant = run(server, tmp_path, Request("chalk", most=7, sort="relevance"))
    assert records(relevant)[0].pmid == "1001"


def test_the_note_tells_what_was_asked_and_what_came(server: Server, tmp_path: Path) -> None:
    fetched = run(server, tmp_path, Request("lime", most=20))
    assert fetched.file is not None
    note = json.loads(fetched.note.read_text(encoding="utf-8"))
    assert {name: note[name] for name in ("query", "most", "sort", "count", "records", "understood")} == {
        "query": "lime", "most": 20, "sort": "date", "count": 50, "records": 20, "understood": "lime[All Fields]"
    }  # fmt: skip
    assert note["server"].startswith(server.url)
    assert note["pmids"] == [one.pmid for one in records(fetched)]
    assert (note["file"], note["sha256"]) == (fetched.file.name, hashlib.sha256(fetched.file.read_bytes()).hexdigest())
    assert fetched.note.with_suffix("").name + ".xml.gz" == fetched.file.name
    assert "k3y" not in "".join(p.read_text(encoding="utf-8") for p in tmp_path.rglob("*.json"))


def test_settled_it_leaves_a_file_and_a_note(server: Server, tmp_path: Path) -> None:
    fetched = run(server, tmp_path, Request("lime"))
    assert len(list(tmp_path.iterdir())) == 3
    fetched.settle()
    assert {path.name for path in tmp_path.iterdir()} == {fetched.file and fetched.file.name, fetched.note.name}


def test_nothing_found(server: Server, tmp_path: Path) -> None:
    fetched = run(server, tmp_path, Request("granite"))
    assert (fetched.records, fetched.file, fetched.plan.count) == (0, None, 0)
    assert fetched.plan.remarks == ("Phrase not found: granite", "No items found.")
    assert json.loads(fetched.note.read_text(encoding="utf-8"))["count"] == 0
    assert server.services() == ["esearch"]


def test_one_that_broke_goes_on_where_it_was(server: Server, tmp_path: Path) -> None:
    request = Request("chalk", most=450)
    server.faults.extend([None, None, *[cut_off] * 3])
    with pytest.raises(FetchError, match=r"broke off its answer.*what was fetched is kept"):
        run(server, tmp_path, request)
    server.requests.clear()
    server.records["1999"] = ("A newer case of chalk", "It came meanwhile.", "")  # no part of what was asked for then
    said: list[str] = []
    with client(server) as asking:
        fetched = fetch(asking, request, tmp_path, say=said.append)
    assert [one.pmid for one in records(fetched)] == [str(n) for n in range(1450, 1000, -1)]
    assert server.services() == ["efetch", "efetch"]
    assert "going on" in said[0]

    server.requests.clear()  # not settled yet: nothing is asked at all
    assert run(server, tmp_path, request).records == 450
    assert server.requests == []
    assert run(server, tmp_path, request, fresh=True).plan.pmids[0] == "1999"

    fetched.settle()
    assert run(server, tmp_path, request).plan.pmids[0] == "1999"


def test_a_history_that_was_forgotten_is_made_up_for_by_number(server: Server, tmp_path: Path) -> None:
    server.faults.extend([None, status(500), status(500), status(500)])
    with pytest.raises(FetchError):
        run(server, tmp_path, Request("chalk", most=250))
    server.history.clear()
    fetched = run(server, tmp_path, Request("chalk", most=250))
    assert [one.pmid for one in records(fetched)] == [str(n) for n in range(1450, 1200, -1)]


def test_a_thin_answer_is_not_taken_for_the_whole(server: Server, tmp_path: Path) -> None:
    server.unremembered = {"1440", "1432"}
    fetched = run(server, tmp_path, Request("lime"))
    assert fetched.records == 50
    assert server.requests[-1][2]["id"] == "1440,1432"


def test_what_the_search_lists_and_pubmed_does_not_give_is_told(server: Server, tmp_path: Path) -> None:
    server.hidden = {"1440"}
    fetched = run(server, tmp_path, Request("lime"))
    assert fetched.records == 49
    assert [str(skip) for skip in fetched.skipped] == ["PubMed: PubMed found PMID 1440, but gives no record of it"]


def test_a_damaged_batch_comes_again(server: Server, tmp_path: Path) -> None:
    request = Request("chalk", most=450)
    run(server, tmp_path, request)
    first, second, third = sorted(tmp_path.glob("unfinished-*/*.gz"))
    first.write_bytes(first.read_bytes()[:-20])
    second.write_bytes(gzip.compress(b"<PubmedArticleSet><Pub"))
    third.write_bytes(b"")
    server.requests.clear()
    assert run(server, tmp_path, request).records == 450
    assert server.services() == ["efetch"] * 3


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"server": 1, "other": 2}', "null"])
def test_a_damaged_plan_is_made_anew(server: Server, tmp_path: Path, damage: str) -> None:
    run(server, tmp_path, Request("lime"))
    next(tmp_path.glob("unfinished-*/plan.json")).write_text(damage, encoding="utf-8")
    assert run(server, tmp_path, Request("lime")).records == 50


def test_records_by_number(server: Server, tmp_path: Path) -> None:
    wanted = (
        Wanted(pmid="1003"),
        Wanted(doi="10.1000/chalk(1010)<1>;2-a"),
        Wanted(pmid="9", path="list.txt", line=4),
        Wanted(pmid="999999999"),  # one that the server refuses, and the whole request with it
        Wanted(doi="10.1000/lime", path="list.txt", line=5),  # one whose parts find fifty others
        Wanted(doi="10.9999/cited"),  # one that stands in references only
        Wanted(pmid="1001"),
    )
    fetched = run(server, tmp_path, Request(wanted=wanted))
    assert [one.pmid for one in records(fetched)] == ["1003", "1001", "1010"]
    assert fetched.plan.count == 7
    assert sorted(str(skip) for skip in fetched.skipped) == [
        "PubMed: PubMed has no record with the DOI 10.9999/cited",
        "PubMed: PubMed has no record with the PMID 999999999",
        "list.txt:4: PubMed has no record with the PMID 9",
        "list.txt:5: PubMed has no record with the DOI 10.1000/lime",
    ]
    assert json.loads(fetched.note.read_text(encoding="utf-8"))["ids"][0] == "PMID 1003"


def test_many_dois_are_asked_for_together(server: Server, tmp_path: Path) -> None:
    dois = [doi.casefold() for _, _, doi in server.records.values() if doi]
    fetched = run(server, tmp_path, Request(wanted=tuple(Wanted(doi=doi) for doi in dois)))
    assert (fetched.records, fetched.skipped) == (45, ())
    assert server.services() == ["esearch", "esearch", "efetch"]


def test_numbers_of_which_none_is_there(server: Server, tmp_path: Path) -> None:
    fetched = run(server, tmp_path, Request(wanted=(Wanted(pmid="1"), Wanted(pmid="999999999"))))
    assert (fetched.records, fetched.file, len(fetched.skipped)) == (0, None, 2)


def test_a_wrong_key_does_not_become_four_hundred_requests(server: Server, tmp_path: Path) -> None:
    server.faults.extend([status(400, b'{"error":"API key invalid"}')] * 9)
    with pytest.raises(FetchError, match="API key invalid"):
        run(server, tmp_path, Request(wanted=tuple(Wanted(pmid=str(n)) for n in range(1, 100))))
    assert len(server.requests) == 1


def test_more_than_pubmed_gives_out_is_refused_with_what_to_do() -> None:
    with pytest.raises(FetchError, match=r"9,999.*pdat"):
        Request("chalk", most=10_000)


def test_a_plan_fetches_nothing(server: Server) -> None:
    with client(server) as asking:
        assert make_plan(asking, Request("lime", most=10)).count == 50
    assert server.services() == ["esearch"]


def test_a_folder_that_cannot_be_written(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(Locked, match="Cannot write"):
        run(server, tmp_path / "file", Request("lime"))
