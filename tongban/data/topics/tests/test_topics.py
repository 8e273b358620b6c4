"""Facts become rows: within a pass, once, whatever is killed, and the same when all is made anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from tongban.data.catalogue.actions import hear_of_item
from tongban.data.topics import actions, tasks
from tongban.data.topics.actions import follow, rebuild
from tongban.data.topics.console.stores import Words
from tongban.data.topics.models import Mark, TopicRow
from tongban.data.topics.queries import Wanted, chosen, following, rows
from tongban.data.topics.rules import STORES
from tongban.foundation.audit.actions import record
from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.actors import Actor, installer
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.organisations.tests.factories import make_department

pytestmark = pytest.mark.django_db
CLERK = Actor(kind="staff", account_id=uuid4())


def happens(case: str, *acts: str, person: Any = None, **data: Any) -> None:
    for act in acts:
        said = {"item": "elderly-card", "department": str(uuid4()), "channel": "portal"} | data
        record(f"cases.{act}", actor=CLERK, subject=f"case:{case}", person_id=person, data=said)


def a_case() -> str:
    return str(uuid7())


def held() -> list[tuple[str, str, Any, str, int, Any]]:
    return sorted(
        (row.store, row.key, sorted(row.values.items()), row.applicant, row.facts, row.at)
        for row in TopicRow.objects.all()
    )


def counted(store: str) -> int:
    return TopicRow.objects.filter(store=store).count()


def test_what_happens_to_a_case_is_in_its_store_with_its_moments() -> None:
    person, case = uuid4(), a_case()
    happens(case, "submitted", "accepted", person=person, stage="accept")
    follow()
    row = TopicRow.objects.get(store="cases")
    assert (row.key, row.facts) == (f"case:{case}", 2)
    assert (row.values["item"], row.values["stage"], row.values["ended_at"]) == ("elderly-card", "accept", "")
    assert row.values["submitted_at"] <= row.values["accepted_at"]
    happens(case, "closed", person=person, stage="done", result="granted")
    follow()
    row.refresh_from_db()
    assert (row.values["last"], row.values["stage"], row.values["result"]) == ("cases.closed", "done", "granted")
    assert row.values["ended_at"]
    assert counted("traces") == 3


def test_somebody_who_looked_is_no_step_and_is_asked_about_once() -> None:
    case = a_case()
    happens(case, "submitted", person=uuid4())
    record("persons.seen", actor=CLERK, subject=f"case:{case}", person_id=uuid4(), data={"what": ["phone"]})
    follow()
    row = TopicRow.objects.get(store="cases")
    assert (row.facts, row.values["last"], counted("traces")) == (2, "cases.submitted", 1)
    assert follow() == 0


def test_applicants_are_pseudonyms_and_companies_are_their_own() -> None:
    person, company = uuid4(), str(uuid4())
    happens(a_case(), "submitted", "closed", person=person)
    happens(a_case(), "submitted", person=person, item="birth-card")
    happens(a_case(), "submitted", person=person, company=company)
    happens(a_case(), "submitted")
    record(
        "licences.issued",
        actor=CLERK,
        subject=f"licence:{uuid4()}",
        data={"type": "food", "type_name": "食品经营许可证", "company": company},
    )
    follow()
    found = {row.values["kind"]: row for row in TopicRow.objects.filter(store="applicants")}
    assert {kind: (row.values["cases"], row.values["items"], row.facts) for kind, row in found.items()} == {
        "person": (2, 2, 3),
        "company": (1, 1, 1),
    }
    licence = TopicRow.objects.get(store="licences")
    assert licence.values["holder"] == found["company"].key
    assert Words([licence]).shown(STORES["licences"].columns[0], licence.values) == "食品经营许可证"
    assert not {str(person), company} & set(str(held()).replace("'", " ").split())


def test_the_cases_of_a_project_stand_together_whoever_has_them() -> None:
    code = "2610-511602-04-01-654321"
    first, second = a_case(), a_case()
    happens(first, "submitted", "accepted", item="construction-permit", project=code)
    happens(second, "submitted", item="water-abstraction", project=code)
    happens(a_case(), "submitted")
    follow()
    row = TopicRow.objects.get(store="projects")
    assert (row.key, row.facts) == (code, 3)
    told = {name: row.values[name] for name in ("code", "cases", "items", "departments", "ended")}
    assert told == {"code": code, "cases": 2, "items": 2, "departments": 3 - 1, "ended": 0}
    happens(second, "closed", item="water-abstraction", result="granted")
    follow()
    row.refresh_from_db()
    assert (row.values["ended"], row.facts) == (1, 4)
    before = held()
    assert rebuild() == len(before)
    assert held() == before


def test_rows_are_found_by_words_and_taken_out_with_a_fact(client: Client) -> None:
    code, done = "2610-511602-04-01-654321", a_case()
    office = make_department("示例局")
    hear_of_item(
        item_code="construction-permit", item_name="施工许可（示例）", results=["许可证"], department_id=office.pk
    )
    happens(
        done,
        "submitted",
        "closed",
        item="construction-permit",
        project=code,
        department=str(office.pk),
        result="granted",
    )
    happens(a_case(), "submitted", person=uuid4())
    follow()
    desk = sign_in(client, officer("data_admin"))

    def found(store: str, **asked: str) -> int:
        return desk.get(f"/console/topics/{store}/", asked).content.decode().count("<tr>") - 1

    assert found("cases") == 2
    for asked in (
        {"q": code},
        {"q": "准予"},
        {"q": "施工许可"},
        {"q": f"case:{done}"},
        {"q": done},
        {"department": str(office.pk)},
    ):
        assert found("cases", **asked) == 1, asked
    today = now().date()
    assert found("cases", since=str(today - timedelta(days=2))) == 2
    assert "没有找到" in desk.get("/console/topics/cases/", {"until": str(today - timedelta(days=2))}).content.decode()
    assert "没有找到" in desk.get("/console/topics/cases/", {"q": "准"}).content.decode()
    page = desk.get("/console/topics/cases/", {"since": "x"}).content.decode()
    assert all(word in page for word in ("施工许可（示例）", "示例局", "准予", "办结", "提交"))
    assert code in desk.get("/console/topics/projects/").content.decode()
    sheet = desk.get("/console/topics/cases/export/", {"q": "准予"})
    lines = sheet.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "施工许可（示例）" in lines[1]
    assert Fact.objects.get(name="topics.taken_out").data == {"store": "cases", "rows": 1}
    assert desk.get("/console/topics/none/export/").status_code == 404


def test_words_are_looked_up_in_an_index(client: Client) -> None:
    """Whatever column they stand in, the department among them."""
    wanted = Wanted(("granted", "2610-511602-04-01-654321"), department=str(uuid4()))
    with connection.cursor() as cursor:  # without the others there is one way left but to read everything
        cursor.execute("alter table topics_topicrow drop constraint one_topic_row_a_key; drop index topic_rows_newest")
        cursor.execute("set local enable_seqscan = off")
        plan = chosen(officer("data_admin"), "traces", wanted).explain()
    assert "topic_rows_by_word" in plan


def test_a_pass_done_again_makes_nothing_anew() -> None:
    person = uuid4()
    for _case in range(3):
        happens(a_case(), "submitted", "accepted", person=person)
    follow()
    before = held()
    assert follow() == 0
    Mark.objects.all().delete()  # as if none had ever been made
    assert follow() == 0
    assert held() == before
    assert TopicRow.objects.get(store="applicants").values["cases"] == 3


def test_a_fact_of_a_transaction_that_commits_late_is_taken_in() -> None:
    """It says a moment before the mark, and was not to be seen when the pass was made."""
    follow()
    happens(a_case(), "submitted")
    Mark.objects.update(until_at=now() + timedelta(minutes=4))
    assert follow() == 2  # the case and its trace


def test_made_anew_from_all_facts_it_is_the_same() -> None:
    happens(a_case(), "submitted", "accepted", "decided", "closed", person=uuid4())
    record("items.published", actor=CLERK, subject=f"serviceitem:{uuid4()}", data={"version": 1})
    record("licences.issued", actor=CLERK, subject=f"licence:{uuid4()}", person_id=uuid4(), data={"type": "card"})
    follow()
    before = held()
    assert {store for store, *_rest in before} == {"applicants", "cases", "items", "licences", "traces"}
    TopicRow.objects.filter(store="cases").update(values={"item": "touched"})
    TopicRow.objects.create(store="cases", key="case:none", values={"item": ""}, facts=1, at=now(), made_at=now())
    call_command("topics", "rebuild")
    assert held() == before
    assert rebuild() == len(before)
    assert held() == before


def test_years_of_facts_are_taken_in_a_window_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "WINDOW", timedelta(milliseconds=20))
    for _case in range(20):
        happens(a_case(), "submitted", "accepted", person=uuid4())
    follow()
    assert (counted("cases"), counted("traces"), counted("applicants")) == (20, 40, 20)


def test_a_pass_that_is_killed_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    person = uuid4()
    for _case in range(5):
        happens(a_case(), "submitted", person=person)
    put, calls = actions._put, []

    def dies(made: list[TopicRow]) -> int:
        calls.append(len(made))
        if len(calls) == 6:  # cases and traces of the third are written, its applicant not
            raise SystemExit
        return put(made)

    monkeypatch.setattr(actions, "A_TIME", 1)
    monkeypatch.setattr(actions, "_put", dies)
    with pytest.raises(SystemExit):
        follow()
    assert (counted("cases"), counted("traces")) == (2, 2)
    assert TopicRow.objects.get(store="applicants").values["cases"] == 2
    assert not Mark.objects.exists()
    monkeypatch.setattr(actions, "_put", put)
    follow()
    assert (counted("cases"), counted("traces")) == (5, 5)
    assert TopicRow.objects.get(store="applicants").values["cases"] == 5


def test_one_pass_at_a_time() -> None:
    happens(a_case(), "submitted")
    told = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    with psycopg.connect(**{name: told[name] for name in names if told.get(name)}) as other:
        other.execute("select pg_advisory_lock(hashtextextended(%s, 0))", [actions.LOCK])
        assert follow() == 0
        other.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", [actions.LOCK])
        assert follow() == 2


def test_every_minute_two_more_passes_are_asked_for() -> None:
    happens(a_case(), "submitted")
    tasks.follow_each_minute()
    assert counted("cases") == 1
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where task_name = %s", [actions.FOLLOW])
        assert cursor.fetchone() == (2,)


def test_how_far_behind_is_told_to_the_platform_alone(client: Client) -> None:
    platform = officer("data_admin")
    assert {one.behind for one in following(actor=platform).stores} == {None}
    desk = sign_in(client, platform)
    assert "还没有跟过一次" in desk.get("/console/topics/").content.decode()
    assert "还没有一行" in desk.get("/console/topics/licences/").content.decode()
    follow()
    assert {one.behind for one in following(actor=platform).stores} == {0}
    happens(a_case(), "submitted")
    Mark.objects.update(until_at=now() - timedelta(minutes=1))
    told = {one.store.name: one.behind for one in following(actor=platform).stores}
    assert told["items"] == 0
    assert told["cases"] is not None
    follow()
    assert {one.store.name: one.rows for one in following(actor=platform).stores}["cases"] == 1
    assert "主题库" in desk.get("/console/topics/").content.decode()
    for store in ("items", "cases", "licences", "applicants", "traces"):
        assert desk.get(f"/console/topics/{store}/").status_code == 200
    assert "elderly-card" in desk.get("/console/topics/cases/").content.decode()
    assert desk.get("/console/topics/none/").status_code == 404


def test_officers_of_other_roles_see_no_row() -> None:
    for actor in (officer("clerk"), officer("data_steward"), installer()):
        with pytest.raises(NotAllowed):
            rows(actor=actor, store="cases")
        with pytest.raises(NotAllowed):
            following(actor=actor)
