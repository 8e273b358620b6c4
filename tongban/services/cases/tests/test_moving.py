"""A new version of an item while people fill in the old form: nothing anybody wrote is lost."""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.drafting.rules import perform as patched
from tongban.foundation.identity.tests.factories import citizen, sign_in
from tongban.foundation.kernel.clock import now, today
from tongban.services.cases.actions import renew_draft, save_draft, submit
from tongban.services.cases.errors import VersionChanged
from tongban.services.cases.models import Draft
from tongban.services.cases.rules import move_answers
from tongban.services.forms.queries import editing, outline
from tongban.services.items.actions import publish_version
from tongban.services.items.actions.standing import cancel_item, suspend_item
from tongban.services.items.tests.factories import DEFINITION, MANAGER, a_definition, handed_in, manager_of

from .factories import ANSWERS, Office, make_draft, make_office


def form_of(**types: str):
    fields = [{"key": key, "label": key.upper(), "type": kind, "required": True} for key, kind in types.items()]
    return {"groups": [{"key": "g", "fields": fields}]}


# --- rules -------------------------------------------------------------------------------------------------------------


def test_what_is_asked_in_the_same_way_stays_and_the_rest_is_laid_aside():
    moved = move_answers(form_of(a="text", b="text", c="text"), form_of(a="text", c="date", d="text"),
                         {"a": "1", "b": "2", "c": "3", "strange": "4"}, {})  # fmt: skip
    assert moved.answers == {"a": "1", "strange": "4"}
    assert moved.aside["answers"] == {"b": "2", "c": "3"}
    assert [field["label"] for field in moved.aside["fields"]] == ["B", "C"]
    assert moved.asked == ["D"]


def test_what_is_asked_again_comes_back():
    first = move_answers(form_of(a="text", b="text"), form_of(a="text"), {"a": "1", "b": "2"}, {})
    again = move_answers(form_of(a="text"), form_of(a="text", b="text"), first.answers, first.aside)
    assert (again.answers, again.aside) == ({"a": "1", "b": "2"}, {})


def test_a_field_s_new_key_takes_its_answer_along():
    renamed = {
        "groups": [{"key": "g", "fields": [{"key": "shop", "was": ["a", "name"], "type": "text", "required": True}]}]
    }
    moved = move_answers(form_of(name="text"), renamed, {"name": "翠屏"}, {})
    assert (moved.answers, moved.aside, moved.asked, moved.renamed) == ({"shop": "翠屏"}, {}, [], {"name": "shop"})
    older = move_answers(form_of(a="text"), renamed, {"a": "翠屏"}, {})
    assert older.answers == {"shop": "翠屏"}
    other = {"groups": [{"key": "g", "fields": [*renamed["groups"][0]["fields"], {"key": "name", "type": "text"}]}]}
    assert move_answers(form_of(name="text"), other, {"name": "翠屏"}, {}).answers == {"name": "翠屏"}


def test_a_cell_s_new_key_takes_its_answers_along():
    def form(**cell):
        return {
            "groups": [
                {"key": "g", "fields": [{"key": "staff", "type": "repeat", "fields": [{"type": "text", **cell}]}]}
            ]
        }

    moved = move_answers(form(key="n"), form(key="full", was=["n"]), {"staff": [{"n": "甲"}, {"n": "乙"}]}, {})
    assert moved.answers == {"staff": [{"full": "甲"}, {"full": "乙"}]}


@pytest.mark.django_db
def test_a_key_renamed_in_the_designer_loses_no_draft_an_answer():
    office, applicant = make_office(), citizen()
    draft = make_draft(office, applicant, sources={"name": {"source": "营业执照"}})
    content = copy.deepcopy(office.version.content)
    pointer = next(place.pointer for place in outline.fields(content) if place.raw["key"] == "name")
    content = patched(content, editing.rename(content, pointer, "shop_name")).content
    publish(office, content)
    renewed = renew_draft(actor=applicant, draft_id=draft.pk)
    assert renewed.answers == {("shop_name" if key == "name" else key): value for key, value in ANSWERS.items()}
    assert renewed.sources == {"shop_name": {"source": "营业执照"}}
    assert not renewed.carried["aside"]


FORMS = st.dictionaries(st.sampled_from("abcde"), st.sampled_from(["text", "date"])).map(lambda types: form_of(**types))
GIVEN = st.dictionaries(st.sampled_from("abcdef"), st.text(max_size=3))


@given(FORMS, FORMS, FORMS, GIVEN)
def test_no_answer_is_ever_lost(one, two, three, answers):
    first = move_answers(one, two, answers, {})
    second = move_answers(two, three, first.answers, first.aside)
    for moved in (first, second):
        assert {**moved.aside.get("answers", {}), **moved.answers} == answers


# --- drafts ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def office(db) -> Office:
    return make_office()


def without_name():
    """The form asks for an area instead of the name, and no plan is wanted."""
    content = copy.deepcopy(DEFINITION)
    content["form"]["groups"][0]["fields"] = [{"key": "area", "label": "营业面积", "type": "number", "required": True}]
    content["materials"] = content["materials"][1:]
    return content


def publish(office: Office, content, effective_on: str = ""):
    department = office.department.pk
    changes = {name: value for name, value in content.items() if name != "code"}
    changes["effective_on"] = effective_on or today().isoformat()
    version = handed_in(manager_of(department), office.version.item, **changes)
    return publish_version(actor=manager_of(department), version_id=version.pk)


def many_drafts(office: Office, count: int) -> list[Draft]:
    applicant = citizen()
    drafts = [
        Draft(item_code="venue-permit", item_version_id=office.version.pk, task_name="x", applicant_kind="person",
              applicant_id=applicant.applicant_id, account_id=applicant.account_id, situation={"venue": "hotel"},
              answers={"name": f"第{number}家"}, saved_at=now())
        for number in range(count)
    ]  # fmt: skip
    return Draft.objects.bulk_create(drafts)


@pytest.mark.slow
def test_a_thousand_drafts_survive_a_publication_in_their_midst(office, django_assert_max_num_queries):
    drafts = many_drafts(office, 1000)
    owner = citizen_of(drafts[0])
    for draft in drafts[:20]:
        save_draft(actor=owner, draft_id=draft.pk, answers={"name": f"改过 {draft.answers['name']}"})
    with django_assert_max_num_queries(60):  # as many with one draft: publishing touches none of them
        publish(office, without_name())
    for draft in drafts[20:40]:  # a page of the old form that was still open
        save_draft(actor=owner, draft_id=draft.pk, answers={"name": f"改过 {draft.answers['name']}"})
    for draft in drafts:
        renew_draft(actor=owner, draft_id=draft.pk)
    moved = list(Draft.objects.order_by("id"))
    assert len(moved) == 1000
    assert {draft.item_version_id for draft in moved} != {office.version.pk}
    kept = sorted(draft.carried["aside"]["answers"]["name"] for draft in moved)
    assert kept == sorted(("改过 " if n < 40 else "") + f"第{n}家" for n in range(1000))


def citizen_of(draft: Draft):
    from tongban.foundation.kernel.actors import Actor, Scope

    return Actor(kind="person", account_id=draft.account_id, person_id=draft.applicant_id, level=3,
                 grants={"cases.apply": Scope.OWN})  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_whoever_saves_while_it_is_published_loses_nothing():
    office = make_office()
    drafts = many_drafts(office, 24)
    owner = citizen_of(drafts[0])

    def keep_writing(number: int) -> None:
        try:
            for turn in range(5):
                save_draft(actor=owner, draft_id=drafts[number].pk, answers={"name": f"{number}-{turn}"})
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        writing = [pool.submit(keep_writing, number) for number in range(24)]
        publish(office, without_name())
        for one in writing:
            one.result()
    assert sorted(draft.answers["name"] for draft in Draft.objects.all()) == sorted(f"{n}-4" for n in range(24))


def test_who_comes_back_is_taken_to_the_new_form_and_told(client, office):
    applicant = citizen()
    draft = make_draft(office, applicant)
    publish(office, without_name())
    with pytest.raises(VersionChanged):
        submit(actor=applicant, draft_id=draft.pk)
    sign_in(client, applicant)
    base = f"/apply/venue-permit/{draft.pk}/"
    assert client.post(f"{base}check/", {"declared": "yes"})["Location"] == f"{base}form/"
    for step in ("check/", "materials/"):
        assert client.get(base + step).status_code in (200, 302)
    html = client.get(f"{base}form/", follow=True).content.decode()
    assert "这个事项换了新要求" in html
    assert "新增要填的：营业面积" in html
    assert "这些内容新表单不再需要" in html
    assert ANSWERS["name"] in html
    assert "不再需要的材料：平面图" in html
    draft.refresh_from_db()
    assert draft.item_version_id != office.version.pk
    assert client.get(f"{base}form/").status_code == 200


def test_what_was_typed_into_the_old_form_meanwhile_is_kept(client, office):
    applicant = citizen()
    draft = make_draft(office, applicant)
    publish(office, without_name())
    sign_in(client, applicant)
    base = f"/apply/venue-permit/{draft.pk}/"
    answer = client.post(f"{base}form/", {"name": "新想的店名", "_shown": ["name"]}, follow=True)
    assert "新想的店名" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.carried["aside"]["answers"] == {"name": "新想的店名"}


def test_a_new_question_about_the_situation_is_asked_of_the_draft(client, office):
    applicant = citizen()
    draft = make_draft(office, applicant)
    content = copy.deepcopy(DEFINITION)
    content["situations"].append(
        {
            "key": "size",
            "question": "多大？",
            "options": [{"value": "big", "label": "大"}, {"value": "small", "label": "小"}],
        }
    )
    publish(office, content)
    sign_in(client, applicant)
    base = f"/apply/venue-permit/{draft.pk}/"
    html = client.get(f"{base}form/", follow=True).content.decode()
    assert "多大？" in html
    assert client.post(f"{base}situation/", {"size": "none"}).status_code == 422
    assert client.post(f"{base}situation/", {"size": "big"})["Location"] == f"{base}form/"
    draft.refresh_from_db()
    assert draft.situation == {"venue": "hotel", "size": "big"}
    assert client.get(f"{base}form/").status_code == 200
    assert client.get(f"{base}situation/").status_code == 302


def test_a_draft_of_a_suspended_item_is_readable_and_says_why(client, office):
    applicant = citizen()
    draft = make_draft(office, applicant)
    suspend_item(actor=MANAGER, code="venue-permit", reason="系统升级")
    sign_in(client, applicant)
    html = client.get(f"/apply/venue-permit/{draft.pk}/form/").content.decode()
    assert "原因：系统升级" in html
    assert ANSWERS["name"] in html
    assert client.get("/apply/venue-permit/")["Location"] == "/items/venue-permit/"
    listed = client.get("/my/drafts/").content.decode()
    assert "暂停受理" in listed
    assert "接着填写" in listed


def test_a_draft_of_an_item_that_has_ended_is_listed_as_such(client, office):
    applicant = citizen()
    make_draft(office, applicant)
    cancel_item(actor=MANAGER, code="venue-permit", reason="国务院决定")
    listed = sign_in(client, applicant).get("/my/drafts/").content.decode()
    assert "不再办理" in listed
    assert "看填过的内容" in listed
    assert "暂停受理" not in listed


def test_a_scheduled_version_leaves_drafts_alone_until_its_day(client, office):
    from datetime import timedelta

    applicant = citizen()
    draft = make_draft(office, applicant)
    publish(office, a_definition(summary="以后。"), effective_on=(today() + timedelta(days=3)).isoformat())
    sign_in(client, applicant)
    assert "换了新要求" not in client.get(f"/apply/venue-permit/{draft.pk}/form/").content.decode()
    assert submit(actor=applicant, draft_id=draft.pk)
