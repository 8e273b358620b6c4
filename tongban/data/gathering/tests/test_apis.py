"""Lists behind interfaces: a real server is asked page by page, in every way of turning pages and of showing who asks."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tongban.data.gathering import actions, queries
from tongban.data.gathering.errors import SourceAway, SourceRefused, SourceUnreadable
from tongban.data.gathering.gateways import calls
from tongban.data.gathering.models import Job, Run, Source
from tongban.data.gathering.rules import place_faults
from tongban.data.lake import queries as lake
from tongban.data.lake.tests.factories import HAND, own_lake

from .factories import COLUMNS, STEWARD, fetch, make_job, make_source

pytestmark = pytest.mark.django_db
PEOPLE = [{"id": number, "xm": f"人{number}", "csrq": "1990-03-07", "more": {"a": [1.50]}} for number in range(1, 6)]


class Interface(ThreadingHTTPServer):
    """Five people, two a page. `answers` are said first, in their order; `asked` is what came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Desk)
        self.rows: list[Any] = list(PEOPLE)
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.url = f"http://127.0.0.1:{self.server_port}/api/people"

    def page(self, asked: dict[str, list[str]]) -> Any:
        size = int(asked.get("size", ["2"])[0])
        start = int(asked.get("start", ["0"])[0]) if "start" in asked else (int(asked.get("page", ["1"])[0]) - 1) * size
        rows, behind = self.rows[start : start + size], start + size
        following = str(behind) if behind < len(self.rows) else None
        link = f"/api/people?start={behind}&size={size}" if following else None
        return {"code": 0, "data": {"rows": rows, "mark": following, "link": link}}


class Desk(BaseHTTPRequestHandler):
    server: Interface

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        if self.server.answers:
            return self.say(*self.server.answers.pop(0))
        return self.say(200, {}, json.dumps(self.server.page(parse_qs(urlsplit(self.path).query))).encode())

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        good = form["client_secret"] == ["geheim"] and form["grant_type"] == ["client_credentials"]
        self.say(200 if good else 401, {}, b'{"access_token": "fresh", "expires_in": 60}')

    def say(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: Any) -> None:
        """Nothing."""


@pytest.fixture(autouse=True)
def _lake(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.GATHERING_ROOT, settings.GATHERING_INSIDE = str(tmp_path / "inbox"), True
    with own_lake(tmp_path / "lake"):
        yield


@pytest.fixture
def desk() -> Iterator[Interface]:
    with Interface() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


PAGES: dict[str, dict[str, str]] = {
    "page": {"paging": "page", "page_name": "page", "size_name": "size", "size": "2"},
    "offset": {"paging": "offset", "page_name": "start", "size_name": "size", "size": "2"},
    "cursor": {"paging": "cursor", "page_name": "start", "next": "data.mark"},
    "next": {"paging": "next", "next": "data.link"},
}


def place(desk: Interface, way: str = "page", **more: str) -> dict[str, str]:
    return {"url": desk.url, "list": "data.rows", **PAGES[way], **more}


def job_of(desk: Interface, way: str = "page", **fields: Any) -> Job:
    return make_job(make_source("api", place(desk, way)), "people", **{"rows_a_part": 2} | fields)


def names(job: Job) -> list[str]:
    return [row["name"] for row in lake.rows(actor=HAND, dataset_id=job.dataset_id)]


@pytest.mark.parametrize("way", PAGES)
def test_every_way_of_turning_pages_brings_every_row_once(desk: Interface, way: str) -> None:
    job = job_of(desk, way)
    run = fetch(job)
    assert (run.state, run.rows, run.counts["inserted"]) == (Run.State.DONE, 5, 5)
    assert names(job) == [f"人{number}" for number in range(1, 6)]
    del desk.rows[1]
    assert fetch(job).counts["deleted"] == 1


def test_a_run_that_stopped_goes_on_at_its_page(desk: Interface) -> None:
    job = job_of(desk)
    run = actions.start_run(actor=STEWARD, job_id=job.pk)
    ok = json.dumps(desk.page({"page": ["1"]})).encode()
    desk.answers += [(200, {}, ok), (500, {}, b"")]
    with pytest.raises(SourceAway):
        actions.gather(run_id=run.pk)
    desk.asked.clear()
    assert actions.gather(run_id=run.pk).state == Run.State.DONE
    assert [path.partition("?")[2] for path, _headers in desk.asked][1:] == ["size=2&page=2", "size=2&page=3"]
    assert names(job) == [f"人{number}" for number in range(1, 6)]


@pytest.mark.parametrize(
    ("auth", "header", "said"),
    [
        ("key", "x-api-key", "geheim"),
        ("bearer", "authorization", "Bearer geheim"),
        ("oauth", "authorization", "Bearer fresh"),
    ],
)
def test_who_asks_is_shown_in_a_header(desk: Interface, auth: str, header: str, said: str) -> None:
    more = {"token_url": desk.url} if auth == "oauth" else {}
    make_source("api", place(desk, auth=auth, **more), {"user": "us", "password": "geheim"})
    assert [headers[header] for _path, headers in desk.asked] == [said]
    assert "geheim" not in json.dumps(Source.objects.get().place)


def test_basic_and_what_is_refused(desk: Interface) -> None:
    make_source("api", place(desk, auth="basic"), {"user": "局", "password": "geheim"})
    assert b64decode(desk.asked[0][1]["authorization"].removeprefix("Basic ")).decode() == "局:geheim"
    desk.answers.append((401, {}, b"geheim"))
    with pytest.raises(SourceAway) as away:
        make_source("api", place(desk, auth="basic"), {"user": "us", "password": "geheim"})
    assert [reason.code for reason in away.value.reasons] == ["password"]


def test_asked_to_wait_it_waits_and_for_too_long_it_comes_again(
    desk: Interface, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(calls, "sleep", slept.append)
    desk.answers += [(429, {"Retry-After": "7"}, b""), (503, {}, b"")]
    make_source("api", place(desk))
    assert slept == [7, 2]
    desk.answers.append((429, {"Retry-After": "86400"}, b""))
    with pytest.raises(SourceAway) as away:
        make_source("api", place(desk))
    assert [reason.code for reason in away.value.reasons] == ["busy"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((302, {"Location": "http://169.254.169.254/"}, b""), "redirect"),
        ((404, {}, b""), "not_found"),
        ((200, {}, b"<html>"), "not_json"),
        ((200, {}, b"[" * 200_000), "not_json"),
        ((200, {}, b"x" * 300), "too_big"),
        ((200, {}, b'{"rows": []}'), "list"),
        ((200, {}, b'{"data": {"rows": [1], "link": "http://elsewhere.example/x"}}'), "elsewhere"),
    ],
)
def test_what_an_interface_may_not_do_is_told(
    desk: Interface, answer: Any, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "LARGEST", 250 if code == "too_big" else 1 << 20)
    desk.answers.append(answer)
    with pytest.raises((SourceAway, SourceUnreadable)) as told:
        make_source("api", place(desk, "next"))
    assert [reason.code for reason in told.value.reasons] == [code]
    assert len(desk.asked) == 1, "nobody else was asked"


def test_the_same_page_for_ever_and_what_is_no_row(desk: Interface) -> None:
    job = job_of(desk, "cursor")
    same = json.dumps({"data": {"rows": PEOPLE[:1], "mark": "7"}}).encode()
    desk.answers += [(200, {}, same)] * 3
    assert fetch(job).fault["code"] == "gathering.source_unreadable"
    desk.answers.clear()
    actions.give_up(actor=STEWARD, run_id=Run.objects.get().pk, reason="翻页")
    desk.rows[1] = "维护中"
    run = fetch(job)
    assert (run.rows, run.counts["quarantined"]) == (5, 1)
    assert [one["fault"] for one in lake.faults_of(actor=HAND, batch_id=run.batch_id)] == [
        "damaged",
        "key_missing",
        "missing:name",
    ]


def test_nested_values_are_kept_as_they_were_written_and_trying_keeps_nothing(desk: Interface) -> None:
    source = make_source("api", place(desk))
    assert [table.name for table in queries.tables_of(actor=STEWARD, source_id=source.pk)] == ["people"]
    columns = [*COLUMNS, {"name": "more", "source": "more"}]
    found = actions.try_out(actor=STEWARD, source_id=source.pk, table="people", columns=columns, keys=["number"])
    told = [{one["name"]: cell.value for one, cell in zip(columns, row.cells, strict=True)} for row in found.rows]
    assert [row["name"] for row in told] == [f"人{number}" for number in range(1, 6)]
    assert json.loads(told[0]["more"]) == {"a": ["1.5"]}


def test_our_own_machine_is_no_interface(desk: Interface, settings: Any) -> None:
    settings.GATHERING_INSIDE = False
    with pytest.raises(SourceRefused) as refused:
        make_source("api", place(desk))
    assert [reason.code for reason in refused.value.reasons] == ["inside"]
    assert desk.asked == []


def test_everything_wrong_with_an_interface_is_said_at_once() -> None:
    said = {
        "url": "https://u:p@a.example/x?api_key=1",
        "paging": "cursor",
        "size": "0",
        "auth": "oauth",
        "header": "a b",
    }
    assert set(place_faults("api", said, {})) == {
        ("url", "url"), ("missing", "page_name"), ("missing", "next"), ("missing", "token_url"), ("number", "size"), ("header", "header"),
    }  # fmt: skip
    assert place_faults("api", {"url": "https://a.example", "paging": "x"}, {}) == [("choice", "paging")]
