"""A file that waits for a proof: it comes, and the person is back where he asked for it, in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.models import Account
from tongban.foundation.identity.tests.test_entrance import code_now, with_code
from tongban.foundation.identity.tests.test_proofs import came_long_ago

from .factories import make_case, make_office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_after_the_proof_the_list_is_saved_and_one_is_back_on_the_page(
    browser: Browser, live_server: Any, client: Client, tmp_path: Path
) -> None:
    office = make_office()
    make_case(office)
    actor = office.clerk
    with_code(Account.objects.get(pk=actor.account_id))
    came_long_ago(client, actor)
    context = browser.new_context()
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/console/cases/?view=all")
    page.get_by_role("button", name="导出表格").click()
    page.get_by_label("动态口令或恢复码").fill("000000")
    page.get_by_role("button", name="验证并继续").click()  # wrong, and the way back is not forgotten over it
    page.get_by_role("alert").wait_for()
    page.get_by_label("动态口令或恢复码").fill(code_now())
    with page.expect_download() as coming:
        page.get_by_role("button", name="验证并继续").click()
    coming.value.save_as(tmp_path / "cases.xlsx")
    page.wait_for_url(f"{live_server.url}/console/cases/?view=all")
    assert (tmp_path / "cases.xlsx").read_bytes()[:2] == b"PK"
    assert Fact.objects.filter(name="cases.exported").count() == 1
    assert not [cookie for cookie in context.cookies() if cookie["name"] == "proof-done"]
    context.close()
