"""Divisions taken over in the background: once at once, whole or not at all when killed, told how far and why not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import OperationalError, connection
from django.test import Client

from tongban.data.places import actions, queries
from tongban.data.places.actions import divisions as acting
from tongban.data.places.errors import DivisionsHeld, DivisionsMoved, TakeoverEnded, TakeoverUnderWay
from tongban.data.places.models import DivisionSpan, Takeover
from tongban.data.standards import actions as standards
from tongban.data.standards.rules import Code
from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.tasks.actions import run_waiting

from .factories import CODES, DAY, KEEPER, bring, geojson, square
from .test_places import NEXT, second_version

pytestmark = pytest.mark.django_db
HOME = "/console/places/"
# A worker that stops dead in the middle: two provinces are to be written, and it has told of the second.
HALF_WAY = """
import sys, time
import django
django.setup()
from tongban.data.places.actions import divisions
real = divisions.telling_aside
class Waiting:
    def __init__(self, takeover_id): self.real = real(takeover_id)
    def __enter__(self):
        tell = self.real.__enter__()
        def told(**said):
            tell(**said)
            if said.get("step") == "writing" and said["rows"]: time.sleep(600)
        return told
    def __exit__(self, *fault): return self.real.__exit__(*fault)
divisions.telling_aside = Waiting
divisions.carry_out_takeover(takeover_id=sys.argv[1])
"""


def publish(codes: list[Code] = CODES) -> None:
    standards.publish_set(
        actor=KEEPER, kind="code_set", key=actions.DIVISIONS, on=DAY, codes=codes, content={"name": "行政区划代码"}
    )


def page(answer: Any) -> str:
    return str(answer.content.decode())


def test_it_is_begun_on_the_page_refused_twice_and_told_when_done(client: Client) -> None:
    publish()
    desk = sign_in(client, officer("data_admin"))
    begun = desk.post(f"{HOME}take-over/")
    one = Takeover.objects.get()
    assert begun.url == f"{HOME}takeovers/{one.pk}/"
    assert 'hx-trigger="every 2s"' in page(desk.get(begun.url))
    assert "看进度" in page(desk.get(HOME))
    again = desk.post(f"{HOME}take-over/")
    assert (again.status_code, "正在采用行政区划代码" in page(again)) == (409, True)
    assert not DivisionSpan.objects.exists()
    run_waiting()
    shown = page(desk.get(begun.url))
    assert "已完成" in shown
    assert "every 2s" not in shown
    assert DivisionSpan.objects.count() == len(CODES)
    assert "已经采用了" in page(desk.post(f"{HOME}take-over/"))
    assert "第 1 版，2023年6月30日起施行" in page(desk.get(HOME)).replace(" 起", "起")
    assert set(Fact.objects.filter(stream="places:divisions").values_list("name", flat=True)) == {
        "places.takeover_started", "places.divisions_taken_over",
    }  # fmt: skip


def test_a_version_that_only_ends_some_is_held_and_not_taken_over_again() -> None:
    publish()
    actions.take_over(actor=KEEPER)
    second_version([one for one in CODES if one.code != "511603"])
    assert actions.take_over(actor=KEEPER) == {"divisions": 10, "ended": 1, "added": 0}
    assert queries.held_version() == (2, NEXT)
    with pytest.raises(DivisionsHeld):
        actions.start_takeover(actor=KEEPER)


def test_given_up_nothing_stays_and_the_next_may_begin(client: Client) -> None:
    publish()
    one = actions.start_takeover(actor=KEEPER)
    with pytest.raises(TakeoverUnderWay):
        bring(geojson(("511602", square())))
    with pytest.raises(NotAllowed):
        actions.give_up_takeover(actor=officer("data_steward"), takeover_id=one.pk)
    desk = sign_in(client, officer("data_admin"))
    assert "已放弃" in page(desk.post(f"{HOME}takeovers/{one.pk}/give-up/", follow=True))
    assert desk.post(f"{HOME}takeovers/{one.pk}/give-up/").status_code == 409
    run_waiting()  # the worker comes too late
    assert not DivisionSpan.objects.exists()
    with pytest.raises(TakeoverEnded):
        actions.give_up_takeover(actor=KEEPER, takeover_id=one.pk)
    assert actions.take_over(actor=KEEPER)["added"] == len(CODES)


def test_given_up_in_the_middle_it_is_all_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    publish()
    one, real = actions.start_takeover(actor=KEEPER, later=False), acting.take_in

    def slow(*said: Any, **named: Any) -> dict[str, int]:
        counts = real(*said, **named)
        actions.give_up_takeover(actor=KEEPER, takeover_id=one.pk)
        return counts

    monkeypatch.setattr(acting, "take_in", slow)
    actions.carry_out_takeover(takeover_id=one.pk)
    assert not DivisionSpan.objects.exists()


def test_what_a_rule_refuses_ends_it_and_says_why(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    publish()
    one = actions.start_takeover(actor=KEEPER)

    def older(*_said: Any, **_named: Any) -> None:
        raise DivisionsMoved

    monkeypatch.setattr(acting, "take_in", older)
    run_waiting()
    one.refresh_from_db()
    assert (one.state, one.fault, one.ended_at is not None) == ("failed", "places.divisions_moved", True)
    desk = sign_in(client, officer("data_steward"))
    assert str(DivisionsMoved.title) in page(desk.get(f"{HOME}takeovers/{one.pk}/"))


@pytest.mark.django_db(transaction=True)
def test_when_the_database_fails_it_says_so_and_is_tried_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    publish()
    one, real = actions.start_takeover(actor=KEEPER, later=False), acting.take_in

    def full(*said: Any, **named: Any) -> None:
        real(*said, **named)
        raise OperationalError("could not extend file: No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(acting, "take_in", full)
        with pytest.raises(OperationalError):
            actions.carry_out_takeover(takeover_id=one.pk)
    one.refresh_from_db()
    assert (one.state, one.fault, one.ended_at) == ("failed", acting.INTERRUPTED, None)
    assert not DivisionSpan.objects.exists()
    desk = sign_in(client, officer("data_admin"))
    shown = page(desk.get(f"{HOME}takeovers/{one.pk}/"))
    assert "会自动再试" in shown
    assert "No space" not in shown
    assert actions.carry_out_takeover(takeover_id=one.pk).state == Takeover.State.DONE
    assert DivisionSpan.objects.count() == len(CODES)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_the_tree_as_it_was(settings: Any) -> None:
    publish()
    actions.take_over(actor=KEEPER)
    before = sorted(DivisionSpan.objects.values_list("code", "name", "children", "valid_to"))
    renamed = [Code(one.code, f"新{one.name}", one.parent) for one in CODES]
    second_version([*renamed, Code("52", "贵州省"), Code("5201", "贵阳市", "52")])
    one = actions.start_takeover(actor=KEEPER, later=False)
    here = urlsplit(settings.DATABASE_URL)._replace(path="/" + connection.settings_dict["NAME"])
    worker = subprocess.Popen(
        [sys.executable, "-c", HALF_WAY, str(one.pk)],
        env={**os.environ, "DATABASE_URL": here.geturl()},
        cwd=Path(__file__).parents[4],
    )
    try:
        for _ in range(600):
            one.refresh_from_db()
            if one.step == "writing" and one.rows:
                break
            time.sleep(0.1)
        assert (one.step, one.rows) == ("writing", len(CODES)), "how far it is can be seen while it lasts"
        assert 50 < one.percent < 100
        assert sorted(DivisionSpan.objects.values_list("code", "name", "children", "valid_to")) == before
        with pytest.raises(TakeoverUnderWay):
            actions.start_takeover(actor=KEEPER)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert sorted(DivisionSpan.objects.values_list("code", "name", "children", "valid_to")) == before
    done = actions.carry_out_takeover(takeover_id=one.pk)  # as the queue has the next worker do
    assert (done.state, done.counts) == ("done", {"divisions": 13, "ended": 11, "added": 13})
    assert DivisionSpan.objects.filter(valid_to=None).count() == 13
    assert queries.division(actor=KEEPER, code="52").children == 1
