"""`/metrics`: who may read it, that it tells the truth, that its labels stay few."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import ANONYMOUS
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.kept import forget_kept
from tongban.foundation.tasks.actions import defer
from tongban.office.operations.actions import beat, forget_silent
from tongban.office.operations.measuring import HELP, measures
from tongban.office.operations.models import Process
from tongban.office.operations.queries import gather
from tongban.office.operations.rules import LIMITS

pytestmark = pytest.mark.django_db


def values(client: Client) -> dict[str, float]:
    forget_kept()
    answer = client.get("/metrics")
    assert answer.status_code == 200
    lines = [line for line in answer.content.decode().splitlines() if line and line[0] != "#"]
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}


def test_without_a_token_only_this_machine_may_read_and_nobody_through_a_proxy(client: Client) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.7").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.0.0.7"}).status_code == 404
    assert client.post("/metrics").status_code == 405


def test_with_a_token_only_its_holder_may_read(client: Client, settings) -> None:
    settings.METRICS_TOKEN = "a long word"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer another ö"}).status_code == 404
    shown = client.get("/metrics", headers={"Authorization": "Bearer a long word", "X-Forwarded-For": "10.0.0.7"})
    assert shown.status_code == 200


def test_requests_are_counted_by_route_never_by_path(client: Client) -> None:
    asked = 'tongban_requests_total{method="GET",route="letters/verify/<str:code>/",status="404"}'
    before = values(client).get(asked, 0)
    client.get("/letters/verify/11010519491231002X/")
    client.get("/nowhere/11010519491231002X/")
    after = values(client)
    assert after[asked] == before + 1
    assert not any("11010519491231002X" in name for name in after)
    assert after['tongban_database_statements_total{route="letters/verify/<str:code>/"}'] >= 1


def test_the_state_of_the_house_is_told(client: Client) -> None:
    defer("tests.waits", case_id="a")
    for _ in range(3):
        record("identity.sign_in_failed", actor=ANONYMOUS, subject="account:1")
    beat("web")
    seen = values(client)
    assert seen['tongban_jobs{queue="default",state="waiting"}'] == 1
    assert seen["tongban_sign_ins_failed_recently"] == 3
    assert seen["tongban_database_connections"] >= 1
    assert [value for name, value in seen.items() if name.startswith("tongban_processes{")] == [1]
    assert all(value < 5 for name, value in seen.items() if name.startswith("tongban_clock_skew_seconds"))
    assert any(name.startswith("tongban_disk_free_bytes") for name in seen)


def test_every_number_has_its_help_and_every_limit_its_number() -> None:
    beat("web")
    beat("worker")
    assert {one.name for one in measures(gather())} <= HELP.keys()
    assert LIMITS.keys() <= HELP.keys()


def test_who_went_silent_is_counted_as_gone_and_forgotten_after_a_day() -> None:
    beat("worker")
    Process.objects.update(seen_at=now() - timedelta(minutes=5))
    assert [one.value for one in measures(gather()) if one.name == "tongban_processes"] == [0]
    Process.objects.update(seen_at=now() - timedelta(days=2))
    Process.objects.create(kind="backup", host="a", pid=0, started_at=now(), seen_at=now() - timedelta(days=9))
    assert forget_silent() == 1
    assert Process.objects.get().kind == "backup"


def test_the_backups_age_and_how_far_its_log_is_behind() -> None:
    moment = now()
    said = {
        "base_ended": (moment - timedelta(hours=3)).isoformat(),
        "carried_at": (moment - timedelta(seconds=9)).isoformat(),
    }
    Process.objects.create(kind="backup", host="a", pid=0, started_at=moment, seen_at=moment, data=said)
    seen = {one.name: one.value for one in measures(gather())}
    assert seen["tongban_backup_age_seconds"] == pytest.approx(3 * 3600, abs=30)
    assert seen["tongban_backup_carried_seconds"] == pytest.approx(9, abs=30)


def test_a_part_that_cannot_be_asked_hides_no_other(client: Client, settings) -> None:
    settings.TLS_CERTIFICATE = "/nowhere/tls.pem"
    assert values(client)["tongban_up"] == 1


def test_it_costs_few_queries(client: Client, django_assert_max_num_queries) -> None:
    forget_kept()
    with django_assert_max_num_queries(14):
        client.get("/metrics")


def test_labels_hold_no_numbers_of_things(client: Client) -> None:
    names = "\n".join(values(client))
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", names)
    assert connection.settings_dict["NAME"] not in names
