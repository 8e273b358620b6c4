"""While somebody writes an address, standard ones are offered; the one he takes is read for his draft, and that is a fact."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tongban.data.places.models import Address
from tongban.data.places.tests.factories import divisions, make_address
from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import citizen, make_person, sign_in
from tongban.foundation.organisations.tests.factories import make_divisions
from tongban.services.cases.actions import begin_at_counter
from tongban.services.cases.models import Draft
from tongban.services.cases.tests.factories import make_office
from tongban.services.cases.tests.visitors import visited

pytestmark = pytest.mark.django_db
FIELD = {"key": "where", "type": "address", "label": "经营场所"}
FORM = {"title": "申请表", "groups": [{"key": "place", "title": "场所", "fields": [FIELD]}]}
CITY = {
    "where.level1": "510000000000",
    "where.level2": "511600000000",
    "where.level3": "511602000000",
    "_shown": "where",
}


@pytest.fixture
def url(client: Client) -> str:
    make_divisions()
    divisions()
    make_address(1)
    make_address(2, building="2", room="301")
    make_address(3, number="20", state="ended")
    make_office(form=FORM)
    sign_in(client, citizen())
    return str(client.post("/apply/venue-permit/?venue=hotel").url)


def typed(client: Client, url: str, detail: str, do: str = "refresh:where") -> str:
    return str(client.post(url, CITY | {"where.detail": detail, "_do": do}).content.decode())


def test_what_is_typed_is_offered_as_standard_addresses_and_one_is_taken_for_the_draft(
    client: Client, url: str
) -> None:
    assert 'value="take:' not in client.get(url).content.decode()
    shown = typed(client, url, "翠屏路１８")
    code, other = (one.code for one in Address.objects.filter(state="in_use").order_by("code"))
    assert f'value="take:where:{code}"' in shown
    assert f'value="take:where:{other}"' in shown
    assert "浓洄街道翠屏路社区居委会翠屏路18号2栋301室</button>" in shown
    assert "翠屏路20号" not in typed(client, url, "翠屏路2")
    assert f'value="take:where:{code}"' in typed(client, url, "翠平路18号")  # sounds the same
    assert not Fact.objects.filter(name="places.address_read").exists()
    taken = typed(client, url, "翠屏路18", f"take:where:{other}")
    draft = Draft.objects.get()
    assert draft.answers["where"] == {"division": "511602001001", "detail": "翠屏路18号2栋301室"}
    assert "来自地址库" in taken
    assert 'value="take:' not in typed(client, url, "翠屏路18号2栋301室")
    look = Fact.objects.get(name="places.address_read")
    assert (look.data["case_no"], look.data["purpose"]) == (f"draft:{draft.pk}", draft.task_name)


@pytest.mark.parametrize(
    "do", ["take:where:nowhere", "take:where:", "take:other:x", "take:where", "take:where:" + "x" * 500]
)
def test_what_is_none_is_not_taken_and_nothing_typed_is_lost(client: Client, url: str, do: str) -> None:
    assert "随便写写" in typed(client, url, "随便写写", do)
    assert not Fact.objects.filter(name="places.address_read").exists()


def test_saved_as_one_types_the_offers_come_with_the_answer(client: Client, url: str) -> None:
    post: dict[str, Any] = CITY | {"where.detail": "翠屏路1"}
    assert 'value="take:where:' in client.post(url.replace("/form/", "/save/"), post).content.decode()


HOME = {"key": "home", "type": "address", "label": "住址"}
STAFF = {"key": "staff", "label": "从业人员", "fields": [{"key": "name", "type": "text", "label": "姓名"}, HOME]}


def in_rows(*details: str, do: str = "refresh:staff.1.home", key: str = "staff") -> dict[str, Any]:
    post: dict[str, Any] = {f"{key}._rows": str(len(details)), "_do": do, "_shown": [key]}
    for number, detail in enumerate(details):
        home = f"{key}.{number}.home"
        post["_shown"] += [f"{key}.{number}.name", home]
        place = "511602001001" if detail == "翠屏路18号" else "511602000000"
        post |= {f"{key}.{number}.name": f"示例{number}", f"{home}.division": place, f"{home}.detail": detail}
    return post


@pytest.mark.parametrize("kind", ["table", "repeat"])
def test_in_the_rows_of_a_table_they_are_offered_and_taken_as_well(client: Client, kind: str) -> None:
    make_divisions()
    divisions()
    one = make_address(1)
    make_office(
        form={"title": "申请表", "groups": [{"key": "people", "title": "人员", "fields": [STAFF | {"type": kind}]}]}
    )
    sign_in(client, citizen())
    url = str(client.post("/apply/venue-permit/?venue=hotel").url)

    def sent(post: dict[str, Any]) -> str:
        return str(client.post(url, post).content.decode())

    shown = sent(in_rows("别处", "翠屏路1", "翠屏路18"))
    assert f'value="take:staff.1.home:{one.code}"' in shown
    assert f'value="take:staff.2.home:{one.code}"' in shown
    assert 'value="take:staff.0.home' not in shown
    assert 'formaction="#f-staff-1-home"' in shown
    taken = sent(in_rows("别处", "翠屏路1", "翠屏路18", do=f"take:staff.1.home:{one.code}"))
    rows = Draft.objects.get().answers["staff"]
    assert [row["home"]["detail"] for row in rows] == ["别处", "翠屏路18号", "翠屏路18"]
    assert rows[1]["home"]["division"] == "511602001001"
    assert rows[1]["name"] == "示例1"
    assert taken.count("来自地址库") == 1
    assert Fact.objects.filter(name="places.address_read").count() == 1
    gone = sent(in_rows("别处", "翠屏路18号", "翠屏路18", do="remove:staff:0"))
    draft = Draft.objects.get()
    assert [row["home"]["detail"] for row in draft.answers["staff"]] == ["翠屏路18号", "翠屏路18"]
    assert set(draft.sources) >= {"staff.0.home"}
    assert "staff.1.home" not in draft.sources
    assert gone.count("来自地址库") == 1


@pytest.mark.parametrize(
    "do", ["take:staff.9.home:x", "take:staff.1.name:x", "take:staff.01.home:x", "take:staff.-1.home:x", "take:staff..home:x",
           "take:staff.1:x", "pick:staff.1.home:x", "take:staff.²:x"]
)  # fmt: skip
def test_what_is_no_address_of_a_row_is_not_taken(client: Client, do: str) -> None:
    make_divisions()
    divisions()
    one = make_address(1)
    make_office(
        form={"title": "申请表", "groups": [{"key": "people", "title": "人员", "fields": [STAFF | {"type": "table"}]}]}
    )
    sign_in(client, citizen())
    url = str(client.post("/apply/venue-permit/?venue=hotel").url)
    assert client.post(url, in_rows("甲处", "乙处", do=do.replace(":x", f":{one.code}"))).status_code == 200
    assert [row["home"]["detail"] for row in Draft.objects.get().answers["staff"]] == ["甲处", "乙处"]
    assert not Fact.objects.filter(name="places.address_read").exists()


def test_where_another_city_is_chosen_our_own_addresses_are_not_offered(client: Client, url: str) -> None:
    elsewhere = CITY | {"where.level2": "510100000000", "where.level3": "", "where.division": "510100000000"}
    page = client.post(url, elsewhere | {"where.detail": "翠屏路18", "_do": "refresh:where"}).content.decode()
    assert 'value="take:' not in page


def test_at_the_counter_the_clerk_is_offered_them_and_takes_one_for_the_applicants_draft(client: Client) -> None:
    make_divisions()
    divisions()
    one = make_address(1)
    people = {"key": "people", "title": "人员", "fields": [STAFF | {"type": "table"}]}
    office = make_office(form=FORM | {"groups": [*FORM["groups"], people]})
    sign_in(client, office.clerk)
    visit = visited(office.clerk, make_person(name="赵国强"))
    draft = begin_at_counter(actor=office.clerk, visit_id=visit.pk, item_code="venue-permit")
    url = f"/console/cases/counter/draft/{draft.pk}/"

    def sent(do: str, to: str = url) -> str:
        typed = in_rows("翠屏路18", do=do) | {key: text for key, text in CITY.items() if key != "_shown"}
        typed |= {"where.detail": "翠屏路1", "situation.venue": "hotel", "_delivery.way": "online"}
        typed["_shown"] = [*typed["_shown"], "where"]
        return str(client.post(to, typed).content.decode())

    assert 'value="take:' not in client.get(url).content.decode()
    for shown in (
        sent("", url + "save/"),
        sent("refresh:where"),
        sent("refresh"),
    ):  # typing; the button; Enter, without script
        assert f'value="take:where:{one.code}"' in shown
        assert f'value="take:staff.0.home:{one.code}"' in shown
    assert "来自地址库" in sent(f"take:where:{one.code}")
    assert sent(f"take:staff.0.home:{one.code}").count("来自地址库") >= 1
    draft.refresh_from_db()
    assert draft.answers["staff"][0]["home"] == {"division": "511602001001", "detail": "翠屏路18号"}
    looks = Fact.objects.filter(name="places.address_read")
    assert {(look.actor_id, look.data["case_no"]) for look in looks} == {(office.clerk.account_id, f"draft:{draft.pk}")}
