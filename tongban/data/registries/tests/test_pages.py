"""The registers' pages, with the client: searched masked, looked at in full for a purpose, decided, merged, rules changed."""

from __future__ import annotations

import re
from copy import deepcopy

import pytest
from django.test import Client

from tongban.data.lake.tests.factories import own_lake
from tongban.data.registries import actions, queries
from tongban.data.registries.models import Conflict, Pair, Record, Ruling
from tongban.data.registries.tests.lake import CONTENT, KEEPER, OTHER, WHO, filled, make_register, office, rule
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


def test_who_is_not_cleared_sees_a_conflict_masked(built, client):
    admin = people.sign_in(client, people.officer("data_admin", clearance=1))
    one = Conflict.objects.filter(register="population", element="name").first()
    page = admin.get(f"{HOME}conflicts/{one.pk}/")
    assert page.status_code == 200
    assert "李花" not in page.content.decode()
    assert "请由级别足够的人来认定" in page.content.decode()
    deed = {"act": "decide", "choice": "1", "digest": one.digest, "reason": "核对了户口簿原件"}
    assert admin.post(f"{HOME}conflicts/{one.pk}/", deed).status_code == 403
    one.refresh_from_db()
    assert one.state == Conflict.State.OPEN
    assert "看完整内容" not in admin.get(f"{HOME}records/{built.pk}/").content.decode()
    assert not Fact.objects.filter(name="registries.looked").exists()


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
    assert "等着重新生成" in admin.get(url).content.decode()
    actions.build_pair(pair_id=pair.pk)
    assert "已经合成一条" in admin.get(url).content.decode()
    assert admin.post(url, {"act": "part", "reason": "弄错了，分开"}).status_code == 302
    pair.refresh_from_db()
    assert pair.state == "apart"


def test_an_address_stays_masked_where_two_are_compared(built, admin):
    said = {"name": "张伟", "address": "思源大道9号511602001001"}
    pair = Pair.objects.create(
        register_id="population", left={"key": OTHER, "said": said}, right={"key": WHO, "said": {**said, "address": "金安路8号"}},
        sides="x", probability=0.9, agreement={}, found_at=now(),
    )  # fmt: skip
    for url in (f"{HOME}population/pairs/", f"{HOME}pairs/{pair.pk}/"):
        told = admin.get(url).content.decode()
        assert "***" in told
        assert "思源大道" not in told
        assert "金安路" not in told
        assert "511602001001" not in told


def test_rules_are_changed_by_one_and_agreed_to_by_another(built, client, admin):
    page = admin.get(f"{HOME}population/rules/").content.decode()
    assert "rank-name-1" in page
    typed = {
        "by-name": "newest",
        "rank-name-1": "3",
        "rank-name-3": "1",
        "rank-phone-1": "0",
        "note": "姓名取最新",
        "has-ranks": "1",
        "act": "propose",
    }
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


def test_what_a_version_says_otherwise_is_shown_beside_it(built, client, admin):
    first = Ruling.objects.get(status="published")
    assert "相比" not in admin.get(f"{HOME}rules/{first.pk}/").content.decode()
    content = deepcopy(first.content)
    elements = {one["name"]: one for one in content["elements"]}
    elements["name"]["from"].reverse()
    elements["phone"] |= {"level": 3, "mask": "phone", "by": "order"}
    del content["elements"][2]
    content["elements"].append(
        {"name": "street", "title": "街道", "by": "newest", "tells": False, "level": 2, "mask": "",
         "from": [{"dataset": "police", "column": "street"}]}
    )  # fmt: skip
    content["sources"][1]["as_of"] = ""
    made = actions.propose_ruling(actor=KEEPER, register="population", content=content, note="示例")
    rows = dict.fromkeys(
        re.findall(r'<th scope="row">([^<]+)</th>', admin.get(f"{HOME}rules/{made.pk}/").content.decode())
    )
    assert list(rows) == [
        "来源 · 区人社局 · 参保库 · 哪一列说数据截至哪天", "数据项 · 姓名 · 来源，按次序", "数据项 · 电话 · 怎样取", "数据项 · 电话 · 分级",
        "数据项 · 街道", "数据项 · 住址",
    ]  # fmt: skip
    page = admin.get(f"{HOME}rules/{made.pk}/").content.decode()
    assert "和现行的第1版相比" in page
    assert "1. 区公安分局 · 人口库 · name<br>2. 区人社局 · 参保库 · name" in page
    assert "三级（敏感）" in page
    actions.publish_ruling(actor=KEEPER, ruling_id=made.pk)
    assert "和第1版相比" in admin.get(f"{HOME}rules/{made.pk}/").content.decode()
    same = actions.propose_ruling(actor=KEEPER, register="population", content=content, note="又一次")
    assert "内容没有变化" in admin.get(f"{HOME}rules/{same.pk}/").content.decode()


def test_rules_are_tried_on_rows_and_grow_by_a_source_and_an_element(built, admin):
    url = f"{HOME}population/rules/"
    draft = re.search(r'name="draft" value="([^"]+)"', admin.get(url).content.decode())
    assert draft
    typed = {
        "draft": draft[1], "act": "add-element", "element-name": "street", "element-title": "街道", "element-from": "police.street",
        "element-mask": "address",
    }  # fmt: skip
    page = admin.post(url, typed).content.decode()
    draft = re.search(r'name="draft" value="([^"]+)"', page)
    assert draft
    assert "街道" in page
    tried = admin.post(url, {"draft": draft[1], "act": "try"}).content.decode()
    assert "试了 2 条，2 条会和现在不同" in tried
    assert WHO not in tried
    assert not Ruling.objects.filter(status="in_review").exists()
    assert admin.post(url, {"draft": draft[1], "act": "propose"}).status_code == 302
    assert Ruling.objects.get(status="in_review").content["elements"][-1]["name"] == "street"
    wrong = {"draft": draft[1], "act": "add-element", "element-name": "Bad Name"}
    draft = re.search(r'name="draft" value="([^"]+)"', admin.post(url, wrong).content.decode())
    assert draft
    assert admin.post(url, {"draft": draft[1], "act": "try"}).status_code == 422
    assert admin.post(url, {"draft": "forged", "act": "try"}).status_code == 200  # what holds is tried instead


NEW = {
    "title": "救助对象库", "code": "aid", "key": "id_number", "key_title": "公民身份号码", "check": "id_number", "personal": "1",
}  # fmt: skip


def test_a_register_is_made_by_one_and_comes_into_force_by_another(built, client, admin):
    page = admin.post(f"{HOME}new/", {"code": "population", "key": "9", "check": "x"}).content.decode()
    for told in (
        "已经有这个代码",
        "2到100个字",
        "主键的英文名",
        "主键的中文名",
        "没有这种格式检查",
        "请选管理这个库的部门",
    ):
        assert told in page
    assert admin.post(f"{HOME}new/", NEW | {"code": "records", "department": "x"}).status_code == 422
    form = NEW | {"department": str(office("区公安分局").pk)}
    assert admin.post(f"{HOME}new/", form).url == f"{HOME}aid/rules/"
    assert "已经有这个代码" in admin.post(f"{HOME}new/", form).content.decode()
    assert "还没有生效" in admin.get(HOME).content.decode()
    url = f"{HOME}aid/rules/"
    assert admin.post(url, {"act": "propose"}).status_code == 422  # no source yet
    draft = _drafted(admin.post(url, {"act": "add-source", "source-dataset": "police", "source-key": "id_number"}))
    typed = {
        "draft": draft,
        "act": "add-element",
        "element-name": "name",
        "element-title": "姓名",
        "element-from": "police.name",
    }
    draft = _drafted(admin.post(url, typed))
    assert admin.post(url, {"draft": draft, "act": "keep", "note": "先存着"}).status_code == 302
    kept = Ruling.objects.get(register="aid")
    assert [(one["level"], one["mask"]) for one in kept.content["elements"]] == [(3, "id_number"), (3, "name")]
    other = people.sign_in(Client(), people.officer("data_admin"))
    assert "先存着" not in other.get(f"{HOME}aid/").content.decode()  # his own, until he sends it
    bare = {
        "has-ranks": "1",
        "rank-name-1": "1",
        "rank-id_number-1": "1",
        "level-name": "3",
        "mask-name": "",
        "act": "propose",
    }
    assert "请选怎样脱敏" in admin.post(url, bare).content.decode()
    sent = admin.post(url, {"search": "name", "act": "propose"})
    assert sent.status_code == 302
    assert admin.post(sent.url, {"act": "agree"}).status_code == 422
    assert sent.url in other.get("/console/waiting/").content.decode()
    assert sent.url not in admin.get("/console/waiting/").content.decode()
    assert other.post(sent.url, {"act": "agree"}).status_code == 302
    actions.build_now(actor=KEEPER, register="aid")
    told = admin.post(f"{HOME}aid/", {"words": "李华"}).content.decode()
    assert "李*" in told
    assert other.post(f"{HOME}aid/drop/").url == f"{HOME}aid/"
    assert Ruling.objects.filter(register="aid").count() == 1


def test_a_register_without_rules_is_given_up(built, admin):
    admin.post(f"{HOME}new/", NEW | {"department": str(office("区公安分局").pk)})
    assert "放弃这个库" in admin.get(f"{HOME}aid/").content.decode()
    assert admin.post(f"{HOME}aid/drop/").url == HOME
    assert admin.get(f"{HOME}aid/").status_code == 404
    assert admin.post(f"{HOME}population/drop/").url == f"{HOME}population/"
    assert admin.get(f"{HOME}population/").status_code == 200


def test_who_looks_in_full_is_cleared_for_the_most_sensitive_element(built, client):
    content = deepcopy(CONTENT)
    content["elements"][1] |= {"level": 4, "mask": "name"}
    rule(content)
    url = f"{HOME}records/{built.pk}/"
    asked = {"purpose": "核对地址", "case_no": "工单1"}
    low = people.sign_in(client, people.officer("data_admin", clearance=3))
    assert low.post(url, asked).status_code == 403
    high = people.sign_in(Client(), people.officer("data_admin", clearance=4))
    assert "翠屏路18号" in high.post(url, asked).content.decode()


def _drafted(answer) -> str:
    found = re.search(r'name="draft" value="([^"]+)"', answer.content.decode())
    assert found
    return found[1]


def test_a_sent_back_conflict_is_found_and_answered_by_its_department(built, admin, client):
    one = Conflict.objects.get()
    admin.post(f"{HOME}conflicts/{one.pk}/", {"act": "return", "dataset": "insurance", "reason": "和户口簿不一样"})
    one.refresh_from_db()
    source = people.officer("data_steward", department=office("区人社局"))
    client = people.sign_in(client, source)
    page = client.get(f"{HOME}returned/").content.decode()
    assert "和户口簿不一样" in page
    assert WHO not in page
    url = f"{HOME}returned/{one.pk}/"
    assert client.post(url, {"act": "right", "reason": ""}).status_code == 422
    assert client.post(url, {"act": "right", "reason": "看过原件，没有写错"}).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.reason) == ("open", "来源部门核实无误：看过原件，没有写错")
    assert "没有退回本部门的" in client.get(f"{HOME}returned/").content.decode()
    assert client.post(url, {"act": "right", "reason": "再答一次看看"}).status_code in (403, 409)


def test_a_register_is_listed_and_exported_masked_for_a_purpose(built, admin):
    assert "李*" in admin.get(f"{HOME}population/records/").content.decode()
    url = f"{HOME}population/records/export/"
    assert admin.post(url, {"purpose": "", "case_no": ""}).status_code == 422
    assert not Fact.objects.filter(name="registries.exported").exists()
    sheet = admin.post(url, {"purpose": "核对口径", "case_no": "工单2"}).content.decode()
    assert "李*" in sheet
    assert WHO not in sheet
    assert Fact.objects.get(name="registries.exported").data == {
        "what": "population", "rows": 2, "purpose": "核对口径", "case_no": "工单2", "masked": True,
    }  # fmt: skip


def test_records_that_came_before_names_were_indexed_are_found_by_name(built):
    Record.objects.update(name_index="", build_id=None)
    assert actions.index_names() == 2
    assert actions.index_names() == 0
    assert [one.pk for one in queries.found(actor=KEEPER, register="population", words="李华")] == [built.pk]


def test_a_department_sees_the_registers_it_keeps(built, client):
    people.sign_in(client, people.officer("data_steward"))
    assert "人口库" not in client.get(HOME).content.decode()
    assert client.get(f"{HOME}population/").status_code == 403
    people.sign_in(client, people.officer("clerk"))
    assert client.get(HOME).status_code == 403


FIRMS = {
    **CONTENT, "personal": False, "search": "name", "key": {"name": "id_number", "check": ""},
    "elements": [one for one in CONTENT["elements"] if one["name"] in ("id_number", "name")],
}  # fmt: skip


def test_what_names_nobody_is_found_in_part(built, admin):
    make_register(FIRMS, code="firms", title="企业库")
    actions.build_now(actor=KEEPER, register="firms")
    url, who = f"{HOME}firms/", Record.objects.get(register="firms", key_index=WHO)
    for words in ("李华", " 李 华", WHO[:6], WHO):
        assert str(who.pk) in admin.post(url, {"words": words}).content.decode(), words
    for words in ("华", "华李", "李花", WHO[:3], WHO[2:9], "李华商店", "%"):
        assert "没有找到" in admin.post(url, {"words": words}).content.decode(), words
    facts = Fact.objects.filter(name="registries.searched", data__what="firms")
    assert facts.count() == 11
    assert {frozenset(fact.data) for fact in facts} == {frozenset({"what", "in_part", "rows"})}
    person = Record.objects.get(register="population", key_index=blind_index(WHO))
    assert person.parts is None
    assert queries.found(actor=KEEPER, register="population", words=WHO[:6]).rows == []


def test_found_records_are_paged_without_an_address(built, admin):
    firms = make_register(FIRMS, code="firms", title="企业库")
    parts = queries.Parts(firms).of("广安商店")
    entry = {"value": "广安商店", "source": "区市监局", "as_of": "2026-10-01"}
    Record.objects.bulk_create(
        Record(register="firms", key_index=f"K{n:04d}", parts=parts, values={"name": entry}, known_at=now())
        for n in range(60)
    )
    page = admin.post(f"{HOME}firms/", {"words": "安商"}).content.decode()
    more = re.search(r'name="cursor" value="([^"]+)"', page)
    assert more
    assert page.count("广安商店") == 50
    assert admin.post(f"{HOME}firms/", {"words": "安商", "cursor": more[1]}).content.decode().count("广安商店") == 10


def test_what_is_masked_from_now_on_is_found_whole_alone(built):
    make_register(FIRMS, code="firms", title="企业库")
    Record.objects.filter(register="firms").delete()
    actions.build_now(actor=KEEPER, register="firms")
    Record.objects.filter(register="firms").update(parts=None)
    assert actions.index_names() == 3
    assert len(queries.found(actor=KEEPER, register="firms", words="李华")) == 2
    hidden = deepcopy(FIRMS)
    hidden["elements"][1] |= {"level": 3, "mask": "name"}
    rule(hidden, code="firms")
    actions.build_now(actor=KEEPER, register="firms")
    assert set(map(tuple, Record.objects.filter(register="firms").values_list("parts", flat=True))) == {()}
    assert len(queries.found(actor=KEEPER, register="firms", words="华")) == 0
