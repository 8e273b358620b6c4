"""An application before the rules: with the registers as they are, late, broken, at odds with themselves."""

from __future__ import annotations

import time
from datetime import timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.statements import one_row
from tongban.foundation.organisations.tests.factories import make_department
from tongban.services.decisions.actions import consider
from tongban.services.decisions.gateways.asking import limit
from tongban.services.decisions.models import Halt, Quota
from tongban.services.decisions.queries import forget_rules, rule_set_in_force

from .factories import ITEM, REFUSING, application, considered, deliver_credit, make_rules, register, rules, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    deliver_credit()
    return make_department()


def doubts(verdict):
    return [ground["row"] for ground in verdict.row["grounds"]]


def test_somebody_over_sixty_is_granted_and_told_why(office):
    made = make_rules(office)
    verdict = considered(register())
    assert (verdict.outcome, verdict.rule_set_id) == ("grant", made.pk)
    assert verdict.reasons == [
        {"row": "age_table.r1", "article": "老年人权益保障法第五十三条",
         "sentence": "您已年满60周岁，户籍在广安区，符合办理条件。"}
    ]  # fmt: skip
    assert verdict.looked == ("credit", "population")


def test_every_value_is_kept_with_source_day_and_moment(office):
    make_rules(office)
    values = considered(register()).snapshot["values"]
    assert values["birth_on"]["value"] == "1950-03-07"
    assert "人口库" in values["birth_on"]["source"]
    assert values["birth_on"]["as_of"] == "2026-10-31"
    assert values["birth_on"]["asked_at"].startswith(str(now().date()))


def test_what_is_written_down_is_what_was_considered(office):
    make_rules(office)
    verdict = considered(register())
    kept = written(verdict)
    assert (kept.outcome, kept.snapshot, kept.digest) == ("grant", verdict.snapshot, verdict.row["digest"])
    assert kept.engine.startswith("zen-engine ")
    with connection.cursor() as cursor:
        cursor.execute("select snapshot from decisions_decided")
        assert "陈桂芳" not in cursor.fetchone()[0]


def test_an_item_without_rules_is_left_to_people(office):
    assert consider("elderly-card", ITEM, application(register())) is None


def test_rules_of_tomorrow_decide_nothing_today(office):
    make_rules(office, effective_on=today() + timedelta(days=1))
    assert rule_set_in_force("elderly-card", today()) is None
    assert consider("elderly-card", ITEM, application(register())) is None


def test_a_refusal_needs_law_in_the_item_and_a_way_to_be_heard_in_the_rules(office):
    make_rules(office)
    young = register("李华", birth="19900307")
    assert considered(young, REFUSING, answers={"id_number": young, "name": "李华"}).outcome == "refuse"
    assert considered(young, ITEM, answers={"id_number": young, "name": "李华"}).outcome == "person"


def test_who_is_not_registered_goes_to_a_person(office):
    make_rules(office)
    verdict = considered("511602195003079996")
    assert verdict.outcome == "person"
    assert set(doubts(verdict)) == {"doubt:missing"}


def test_a_credit_register_never_delivered_proves_nothing(db):
    make_rules(make_department())
    assert doubts(considered(register())) == ["doubt:missing"]


def test_what_is_too_old_for_the_rules_goes_to_a_person(office):
    content = rules()
    content["inputs"][4]["fresh_days"] = 20  # the register is of the end of October
    make_rules(office, content)
    assert doubts(considered(register())) == ["doubt:stale"]


def test_a_register_at_odds_with_itself_is_not_believed(office):
    make_rules(office)
    assert set(doubts(considered(register(birth_on="1950-03-08")))) == {"doubt:contradicts"}


def test_another_name_than_the_registered_one_goes_to_a_person(office):
    make_rules(office)
    number = register("陈桂芳")
    verdict = considered(number, answers={"id_number": number, "name": "陈桂芬"})
    assert (verdict.outcome, doubts(verdict)) == ("person", ["same_name"])


SILENT = "tongban.services.decisions.tests.test_considering"


def broken(number, on):
    raise ConnectionError


def late(number, on):
    time.sleep(0.06)
    return {"name": {"value": "陈桂芳", "source": "x", "as_of": "2026-11-01"}}


def slow_question(number, on):
    one_row("select pg_sleep(5)::text", [], limit_ms=limit())
    return {}


@pytest.mark.parametrize("how", ["broken", "late", "slow_question", "unknown"])
def test_a_register_that_does_not_answer_in_time_sends_to_a_person(office, settings, how):
    make_rules(office)
    settings.DECISION_SOURCE_LIMIT_MS = 50
    sources = {"credit": settings.DECISION_SOURCES["credit"], "population": f"{SILENT}.{how}"}
    settings.DECISION_SOURCES = sources if how != "unknown" else {"credit": sources["credit"]}
    number = register()
    began = time.perf_counter()
    verdict = considered(number)
    assert verdict.outcome == "person"
    assert set(doubts(verdict)) == {"doubt:silent"}
    assert time.perf_counter() - began < 2
    assert rule_set_in_force("elderly-card", today())  # the transaction still stands


def test_too_long_altogether_sends_to_a_person(office, settings):
    make_rules(office)
    settings.DECISION_LIMIT_MS = -1
    verdict = considered(register())
    assert (verdict.outcome, doubts(verdict)) == ("person", ["doubt:too_slow"])


def test_an_item_halted_is_left_to_people_at_once(office):
    make_rules(office)
    number = register()
    verdict = considered(number)
    Halt.objects.create(item_code="elderly-card", department_id=office.pk, reason="核查", halted_at=now())
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        written(verdict)  # considered a moment before
    assert refusal.value.__cause__.sqlstate == "TB004"
    assert consider("elderly-card", ITEM, application(number)) is None


@pytest.mark.django_db(transaction=True)
def test_rules_are_read_once_while_the_catalogue_stands(office, django_assert_num_queries):
    forget_rules()
    make_rules(office)
    number = register()
    considered(number)
    with django_assert_num_queries(1):  # the stamp; registers are asked past the ORM
        considered(number)
    forget_rules()


# --- earlier cases and places ------------------------------------------------------------------------------------------


def with_input(**one):
    content = rules()
    content["inputs"].append({"key": "extra", "label": "另一项", "type": "number", **one})
    content["checks"].append(
        {
            "key": "some",
            "label": "还有",
            "expr": "extra > 0",
            "otherwise": "person",
            "article": "a",
            "sentence": "没有了。",
        }
    )
    return content


def test_earlier_cases_are_counted(office):
    make_rules(office, with_input(source="earlier", take="granted"))
    number = register()
    once = [{"result": "granted", "is_open": False, "decided_at": now()}]
    assert consider("elderly-card", ITEM, application(number), earlier=lambda: once).outcome == "grant"
    assert consider("elderly-card", ITEM, application(number), earlier=[]).outcome == "person"
    assert doubts(consider("elderly-card", ITEM, application(number))) == ["doubt:missing"]


def test_a_place_is_taken_when_the_decision_is_written_and_no_sooner(office):
    Quota.objects.create(key="2026", title="名额", places=1)
    make_rules(office, with_input(source="quota", take="2026"))
    number = register()
    first, second = considered(number), considered(number)
    assert (first.outcome, second.outcome) == ("grant", "grant")
    written(first)
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        written(second)
    assert refusal.value.__cause__.sqlstate == "TB003"
    assert considered(number).outcome == "person"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_come_at_once_for_the_last_place_one_gets_it():
    Quota.objects.create(key="last", title="名额", places=1)
    named = connection.get_connection_params()
    names = {key: named[key] for key in ("dbname", "user", "password", "host", "port") if named.get(key)}
    with psycopg.connect(**names) as one, psycopg.connect(**names) as two:
        assert one.execute("select decisions_take_place('last')").fetchone() == (1,)
        two.execute("set statement_timeout = 200")
        with pytest.raises(psycopg.errors.QueryCanceled):  # waits for the first to commit
            two.execute("select decisions_take_place('last')")
        two.rollback()
        one.commit()
        with pytest.raises(psycopg.Error) as refusal:
            two.execute("select decisions_take_place('last')")
        assert refusal.value.sqlstate == "TB003"
    Quota.objects.all().delete()
