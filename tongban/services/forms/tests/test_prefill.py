"""What the city knows stands in the form already, each value with its source and its day."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tongban.data.registries.tests import factories as registers
from tongban.data.registries.tests.factories import LIHUA, TEAHOUSE
from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests import factories as people
from tongban.services.forms.queries import prefill, render, values_of

pytestmark = pytest.mark.django_db

FORM: dict[str, Any] = {
    "title": "样表",
    "groups": [
        {
            "key": "who",
            "title": "申请人",
            "fields": [
                {"key": "name", "label": "姓名", "type": "text", "element": "person.name"},
                {"key": "id_number", "label": "身份证号", "type": "id_number", "element": "person.id_number"},
                {"key": "phone", "label": "电话", "type": "phone", "element": "person.phone"},
                {"key": "birth_on", "label": "出生日期", "type": "date", "element": "person.birth_on"},
                {
                    "key": "sex",
                    "label": "性别",
                    "type": "radio",
                    "element": "person.sex",
                    "options": [{"value": "m", "label": "男"}, {"value": "f", "label": "女"}],
                },
                {"key": "nation", "label": "民族", "type": "text", "element": "person.nation"},
                {"key": "home", "label": "住址", "type": "address", "element": "person.address"},
                {"key": "firm", "label": "单位名称", "type": "text", "element": "company.name"},
                {"key": "capital", "label": "注册资本", "type": "money", "element": "company.capital"},
                {"key": "venue", "label": "场所", "type": "text"},
                {"key": "agree", "label": "承诺", "type": "boolean"},
                {
                    "key": "staff",
                    "label": "人员",
                    "type": "repeat",
                    "fields": [
                        {"key": "n", "label": "姓名", "type": "text"},
                        {"key": "f", "label": "证", "type": "file"},
                    ],
                },
            ],
        }
    ],
}
EARLIER = [
    {
        "project_no": "5116020001",
        "as_of": datetime(2026, 3, 1, 20, tzinfo=UTC),
        "answers": {"venue": "翠屏路店", "agree": True, "name": "旧名字", "staff": [{"n": "甲", "f": "0190"}]},
    }
]


@pytest.fixture(autouse=True)
def _registers(db):
    registers.registers()


def test_a_person_finds_what_the_registers_and_his_account_know():
    me = people.citizen(people.make_person(name="李华", id_number=LIHUA["id_number"], phone="13800000009"))
    found = prefill(me, FORM, "申请")
    assert values_of(found) == {
        "name": "李华",
        "id_number": LIHUA["id_number"],
        "phone": "13800000009",  # the account's, which was confirmed; the register's may be old
        "birth_on": "1990-03-07",
        "sex": "m",
        "nation": "汉族",
        "home": {"division": "511602001001", "detail": "翠屏路18号"},
    }
    assert found["name"]["source"] == "区公安分局 · 人口库"
    assert found["name"]["as_of"] == "2026-10-31"
    assert Fact.objects.get(name="registries.looked").data["own"] is True


def test_a_company_finds_its_own_record_too():
    owner = people.make_person(name="李华", id_number=LIHUA["id_number"])
    me = people.company_actor(people.make_company(legal_person=owner, uscc=TEAHOUSE["uscc"], name="清渠茶馆"))
    found = values_of(prefill(me, FORM, "申请"))
    assert found["firm"] == TEAHOUSE["name"]
    assert found["capital"] == 5_000_000
    assert found["name"] == "李华"


def test_earlier_cases_fill_what_no_register_knows_but_no_promise_and_no_file():
    me = people.citizen()
    found = prefill(me, FORM, "申请", earlier=EARLIER)
    assert found["venue"] == {
        "value": "翠屏路店",
        "source": "您的办件 5116020001",
        "as_of": "2026-03-02",  # in China it was already the next day
        "stale": False,
    }
    assert found["staff"]["value"] == [{"n": "甲"}]
    assert "agree" not in found
    assert found.get("name", {}).get("value") != "旧名字"


def test_nobody_finds_anything_at_an_officers_desk():
    assert prefill(people.officer("clerk"), FORM, "申请") == {}


def test_a_form_without_such_fields_opens_no_register():
    form = {"groups": [{"key": "g", "fields": [{"key": "venue", "label": "场所", "type": "text"}]}]}
    assert prefill(people.citizen(), form, "申请") == {}
    assert not Fact.objects.filter(name="registries.looked").exists()


def test_source_day_and_a_way_to_say_it_is_wrong_stand_beside_the_value():
    me = people.citizen(people.make_person(name="李华", id_number=LIHUA["id_number"]))
    found = prefill(me, FORM, "申请")
    html = render(FORM, values_of(found), [], found, notes={"name": "少了一个字"})
    assert "来自区公安分局 · 人口库" in html
    assert "截至2026年10月31日" in html
    assert 'name="name.note"' in html
    assert "少了一个字" in html
    assert "这项不对" in html


def test_the_cost_is_a_few_queries(django_assert_max_num_queries):
    me = people.citizen(people.make_person(id_number=LIHUA["id_number"]))
    with django_assert_max_num_queries(14):
        prefill(me, FORM, "申请")


def test_a_field_about_somebody_else_stays_empty():
    me = people.citizen(people.make_person(name="李华", id_number=LIHUA["id_number"]))
    elder = {"key": "elder", "label": "老人姓名", "type": "text", "element": "person.name"}
    form = {"groups": [{"key": "g", "fields": [elder | {"element_if": "situation.who == 'self'"}]}]}
    assert values_of(prefill(me, form, "申请", situation={"who": "self"})) == {"elder": "李华"}
    assert prefill(me, form, "申请", situation={"who": "family"}) == {}
    assert prefill(me, form, "申请") == {}
