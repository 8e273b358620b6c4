"""Addresses that do not open, numbers nobody can dial."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import now
from tongban.services.authoring.actions import check_all_links, check_links
from tongban.services.authoring.gateways import fault_of
from tongban.services.authoring.models import LinkCheck
from tongban.services.authoring.queries import contact_findings
from tongban.services.authoring.rules import is_cut_off, is_phone, urls_in
from tongban.services.items.tests.factories import make_item

from .factories import make_item_draft, make_manager


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "file:///etc/hostname")
        else:
            self.send_response(200 if self.path == "/law" else 404)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.parametrize(
    ("phone", "fine"),
    [("0826-2345678", True), ("0826-2345678、13800000000", True), ("12345", True), ("0826-12345", True),
     ("400-800-1234", True), ("2345678", False), ("总机转", False)],
)  # fmt: skip
def test_numbers_that_can_be_dialled(phone: str, fine: bool) -> None:
    assert is_phone(phone) is fine


def test_addresses_are_found_wherever_they_stand() -> None:
    content = {"by_law": [{"url": "https://example.org/a"}], "summary": "见 http://example.org/b。", "n": 3}
    assert urls_in(content) == {"/by_law/0/url": "https://example.org/a", "/summary": "http://example.org/b"}


def test_a_page_that_opens_and_pages_that_do_not(site: str, settings) -> None:
    settings.LINK_CHECK_INSIDE = True
    assert fault_of(f"{site}/law") == ""
    assert fault_of(f"{site}/none") == "HTTP 404"
    assert fault_of(f"{site}/moved") == "HTTP 302", "never followed out of the web"
    assert fault_of("http://127.0.0.1:1/") == "refused"


def test_our_own_network_is_never_asked(site: str) -> None:
    assert fault_of(f"{site}/law") == "inside"
    assert fault_of("file:///etc/hostname") == "form"
    assert fault_of("http://[::1") == "form"


@pytest.mark.django_db
def test_dead_addresses_are_findings_that_do_not_hold_back(site: str, settings) -> None:
    settings.LINK_CHECK_INSIDE = True
    manager: Actor = make_manager()
    law = {"law": "条例", "clause": "第四条", "text": "……", "url": f"{site}/none"}
    place = {"hall": "大厅", "address": "平安大道1号", "hours": "工作日", "phone": "找门卫"}
    draft = make_item_draft(manager, by_law=[law], locations=[place])
    assert check_links(draft.pk) == 1
    assert check_links(draft.pk) == 0, "not again within the hour"
    found = {(one.path, one.level) for one in contact_findings(draft.content)}
    assert found == {("/by_law/0/url", "warn"), ("/locations/0/phone", "warn")}


@pytest.mark.django_db
def test_every_night_items_and_drafts_are_tried_and_what_is_written_nowhere_is_forgotten(site: str, settings) -> None:
    settings.LINK_CHECK_INSIDE = True
    LinkCheck.objects.create(url=f"{site}/law?old", fault="", checked_at=now())
    law = {"law": "条例", "clause": "第四条", "text": "……", "url": f"{site}/none"}
    make_item_draft(make_manager(), by_law=[law])
    make_item(by_law=[law | {"url": f"{site}/law"}])
    assert check_all_links() == 2
    assert dict(LinkCheck.objects.values_list("url", "fault")) == {f"{site}/none": "HTTP 404", f"{site}/law": ""}


@pytest.mark.django_db
def test_a_house_without_a_way_out_says_so_and_blames_no_address(monkeypatch) -> None:
    monkeypatch.setattr("tongban.services.authoring.actions.links.fault_of", lambda url: "name")
    law = {"law": "条例", "clause": "第四条", "text": "……", "url": "https://www.gov.cn/law"}
    draft = make_item_draft(make_manager(), by_law=[law])
    check_links(draft.pk)
    (finding,) = contact_findings(draft.content)
    assert "没有接通外网" in finding.text
    assert finding.level == "warn"
    LinkCheck.objects.create(url="https://www.gov.cn/", fault="", checked_at=now())
    LinkCheck.objects.filter(fault="offline").delete()
    check_links(draft.pk)
    assert "打不开（找不到这个网站）" in contact_findings(draft.content)[0].text


@pytest.mark.parametrize(
    ("faults", "cut_off"),
    [([], False), (["name", "timeout"], True), (["name", ""], False), (["HTTP 404"], False), (["inside"], False)],
)
def test_a_house_is_cut_off_only_when_nothing_was_reached(faults, cut_off) -> None:
    assert is_cut_off(faults) is cut_off
