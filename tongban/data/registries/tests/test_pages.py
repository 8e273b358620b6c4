"""The registers' pages, with the client: searched masked, looked at in full for a purpose, decided, merged, rules changed."""

from __future__ import annotations

import pytest

from tongban.data.lake.tests.factories import own_lake
from tongban.data.registries import actions
from tongban.data.registries.models import Conflict, Pair, Record, Ruling
from tongban.data.registries.tests.lake import KEEPER, OTHER, WHO, filled
from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests import factories as people
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.secrets import blind_index

pytestmark = pytest.mark.django_db
HOME = "/console/registers/"


@pytest.fixture
def built(tmp_path, db):
    with own_lake(tmp_path / "lake"):
        filled()
        actions.build_now(actor=KEEPER, register="population")
        yield Record.objects.get(key_index=blind_index(WHO))


@pytest.fixture
def admin(client):
    return people.sign_in(client, people.officer("data_admin"))


def test_registers_are_listed_and_searched_masked(built, admin):
    assert "人口库" in admin.get(HOME).content.decode()
    page = admin.post(f"{HOME}population/", {"words": WHO}).content.decode()
    assert str(built.pk) in page
    assert WHO not in page
    assert "没有找到" in admin.post(f"{HOME}population/", {"words": "无此人"}).content.decode()


def test_a_record_is_masked_until_a_purpose_is_given(built, admin):
    url = f"{HOME}records/{built.pk}/"
    page = admin.get(url).content.decode()
    assert "翠屏路18号" not in page
    assert "区公安分局 · 人口库" in page
    assert admin.post(url, {"purpose": "", "case_no": ""}).status_code == 422
    assert not Fact.objects.filter(name="registries.looked").exists()
    page = admin.post(url, {"purpose": "核对地址", "case_no": "工单1"}).content.decode()
    assert "翠屏路18号" in page
    assert "李花" in page  # what lost
    assert Fact.objects.filter(name="registries.looked").count() == 1
    assert "一无所知" in admin.get(url, {"known_on": "2001-01-01", "day": "2001-01-01"}).content.decode()
    assert admin.get(url, {"known_on": "x", "day": "2026-99-99"}).status_code == 200


def test_a_conflict_is_decided_on_its_page(built, admin):
    one = Conflict.objects.get()
    assert str(one.pk) in admin.get(f"{HOME}population/conflicts/").content.decode()
    url = f"{HOME}conflicts/{one.pk}/"
    assert "李花" in admin.get(url).content.decode()
    assert Fact.objects.get(name="registries.looked").data["purpose"] == "认定两源不一致"
    assert admin.post(url, {"act": "decide", "digest": one.digest, "choice": "", "reason": ""}).status_code == 422
    done = admin.post(url, {"act": "decide", "digest": one.digest, "choice": "1", "reason": "看过户口簿"})
    assert done.status_code == 302
    built.refresh_from_db()
    assert built.values["name"]["value"] == "李花"
    assert str(one.pk) in admin.get(f"{HOME}population/conflicts/?state=decided").content.decode()


def test_a_pair_is_merged_and_parted_on_its_page(built, admin):
    pair = Pair.objects.create(
        register_id="population", left={"key": OTHER, "said": {"name": "张伟"}}, right={"key": WHO, "said": {"name": "李华"}},
        sides="x", probability=0.9, agreement={"name": 0.2}, found_at=now(),
    )  # fmt: skip
    assert "90%" in admin.get(f"{HOME}population/pairs/").content.decode()
    url = f"{HOME}pairs/{pair.pk}/"
    assert "张*" in admin.get(url).content.decode()
    assert admin.post(url, {"act": "merge", "reason": ""}).status_code == 422
    assert admin.post(url, {"act": "merge", "reason": "核对过身份证"}).status_code == 302
    assert admin.post(url, {"act": "part", "reason": "弄错了，分开"}).status_code == 302
    pair.refresh_from_db()
    assert pair.state == "apart"


def test_rules_are_changed_by_one_and_agreed_to_by_another(built, client, admin):
    page = admin.get(f"{HOME}population/rules/").content.decode()
    assert "rank-name-1" in page
    typed = {"by-name": "newest", "rank-name-1": "3", "rank-name-3": "1", "rank-phone-1": "0", "note": "姓名取最新"}
    assert admin.post(f"{HOME}population/rules/", typed).status_code == 302
    made = Ruling.objects.get(status="in_review")
    elements = {one["name"]: one for one in made.content["elements"]}
    assert [one["dataset"] for one in elements["name"]["from"]] == ["market", "insurance", "police"]
    assert [one["dataset"] for one in elements["phone"]["from"]] == ["market"]
    assert (elements["name"]["by"], elements["name"]["tells"]) == ("newest", False)
    url = f"{HOME}rules/{made.pk}/"
    assert admin.post(url, {"act": "agree"}).status_code == 422
    other = people.sign_in(client, people.officer("data_admin"))
    assert other.post(url, {"act": "agree"}).status_code == 302
    assert Ruling.objects.filter(status="published").count() == 2
    assert other.post(f"{HOME}population/build/", {"whole": "1"}).status_code == 302


def test_a_department_sees_the_registers_it_keeps(built, client):
    people.sign_in(client, people.officer("data_steward"))
    assert "人口库" not in client.get(HOME).content.decode()
    assert client.get(f"{HOME}population/").status_code == 403
    people.sign_in(client, people.officer("clerk"))
    assert client.get(HOME).status_code == 403
