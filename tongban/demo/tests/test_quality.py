"""A newcomer sees a living board: scores that rise, a ticket closed, one explained, one overdue."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tongban.data.lake.tests.factories import own_lake
from tongban.data.quality import actions, queries
from tongban.data.quality.models import Check, Ticket
from tongban.data.quality.tests.factories import PLATFORM
from tongban.data.standards.actions import load_standards
from tongban.demo import quality
from tongban.demo.departments import city
from tongban.demo.registers import gather
from tongban.foundation.identity.tests.factories import officer
from tongban.foundation.kernel.actors import installer
from tongban.foundation.organisations.tests.factories import make_department

OFFICES = ("区公安分局", "区人社局", "区行政审批局", "区市监局", "广安区税务局")


@pytest.mark.django_db
def test_three_weeks_of_checks_and_tickets_in_every_state(tmp_path, settings):
    settings.GATHERING_ROOT = str(tmp_path / "inbox")
    for name in OFFICES:
        make_department(name)
    for name in ("区民政局", "区卫健局"):
        officer("data_steward", department=make_department(name))
    officer("data_admin")
    load_standards(actor=installer("standards.write", "standards.review"))
    with own_lake(tmp_path / "lake"):
        gather(city(400, 80))
        quality.load()
        first = quality.load()  # again: nothing twice
        checks = list(Check.objects.filter(title__startswith="高龄").order_by("began_at"))
        assert [one.state for one in checks] == ["done"] * 4
        assert checks[0].score < checks[1].score <= checks[-1].score
        assert checks[-1].began_at - checks[0].began_at > timedelta(days=20)
        assert sorted(Ticket.objects.values_list("state", flat=True)) == ["answered", "closed", "sent", "sent"]
        told = queries.board(actor=PLATFORM)
        assert (len(told.checks), told.open, told.late) == (2, 3, 2), first
        doctor = next(one for one in told.checks if one.title.startswith("家庭"))
        found = {one.version.content["title"]: one.bad for one in queries.findings_of(doctor)}
    assert found == {
        "签约日期不晚于到期日期": 3, "签约的人在户籍人口里": 4, "姓名和户籍一致": 5, "一个号码只登记一人": 6,
        "姓名和团队不能空": 1, "一周内有更新": 0,
    }  # fmt: skip
    assert actions.check_after_gathering(job_id=doctor_job(doctor)) is None, "it has been looked at since"


def doctor_job(check: Check) -> str:
    from tongban.data.gathering.models import Job

    return str(Job.objects.get(dataset_id=check.dataset_id).pk)
