"""What the city knows stands in the form already, each value with its source and its day."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tongban.data.registries.tests import factories as registers
from tongban.data.registries.tests.factories import LIHUA, TEAHOUSE
from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests import factories as people
from tongban.foundation.kernel.clock import today
from tongban.services.forms.queries import address_book, picked, prefill, render, values_of

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


CONTACT = {
    "groups": [
        {
            "key": "g",
            "fields": [
                {"key": "who", "label": "联系人", "type": "text", "element": "contact.name"},
                {"key": "phone", "label": "电话", "type": "phone", "element": "contact.phone"},
                {"key": "where", "label": "通信地址", "type": "address", "element": "contact.address"},
                {"key": "home", "label": "住址", "type": "address", "element": "person.address"},
                {"key": "postcode", "label": "邮编", "type": "text", "element": "contact.postcode"},
            ],
        }
    ]
}


def test_the_address_book_says_where_one_wants_to_be_reached_and_fills_what_no_register_knows():
    me = people.citizen()
    people.make_address(me, label="父母家", name="李母", phone="13800000001", detail="燎原路1号")
    people.make_address(me, label="单位", name="李华", postcode="638000", is_default=True)
    found = prefill(me, CONTACT, "申请")
    place = {"division": "511602001001", "detail": "翠屏路18号2单元301"}
    assert values_of(found) == {
        "who": "李华",
        "phone": "13812345678",
        "where": place,
        "home": place,
        "postcode": "638000",
    }
    assert found["where"]["source"] == "我的地址簿（单位）"
    assert found["where"]["as_of"] == today().isoformat()


def test_a_register_is_trusted_before_the_address_book():
    me = people.citizen(people.make_person(name="李华", id_number=LIHUA["id_number"]))
    people.make_address(me, detail="别处1号")
    assert values_of(prefill(me, CONTACT, "申请"))["home"]["detail"] == "翠屏路18号"


def test_another_address_of_the_book_is_taken_over_by_its_button_and_nobody_elses_ever():
    me, other = people.citizen(), people.citizen()
    parents = people.make_address(me, label="父母家", detail="燎原路1号")
    foreign = people.make_address(other)
    html = render(CONTACT, {}, book=address_book(me))
    assert f'value="pick:where:{parents.pk}"' in html
    assert "广安区浓洄街道翠屏路社区居委会燎原路1号" in html
    taken = picked(me, CONTACT, {"_do": f"pick:where:{parents.pk}"})
    assert values_of(taken) == {"where": {"division": "511602001001", "detail": "燎原路1号"}}
    for pressed in (
        f"pick:where:{foreign.pk}",
        f"pick:phone:{parents.pk}",
        f"pick:nowhere:{parents.pk}",
        "pick:where",
        "",
    ):
        assert picked(me, CONTACT, {"_do": pressed}) == {}


def test_nobody_need_report_a_mistake_in_his_own_address_book():
    me = people.citizen()
    people.make_address(me)
    found = prefill(me, CONTACT, "申请")
    html = render(CONTACT, values_of(found), sources=found)
    assert "来自我的地址簿（家）" in html
    assert 'name="where.note"' not in html
