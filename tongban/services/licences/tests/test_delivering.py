"""Licences go into the lake: what changed, once, and a run that was killed goes on."""

from __future__ import annotations

import pytest
import time_machine

from tongban.data.lake.queries import dataset_by_key, rows
from tongban.data.lake.tests.factories import own_lake
from tongban.foundation.identity.tests.factories import officer
from tongban.foundation.kernel.actors import installer
from tongban.services.licences import actions
from tongban.services.licences.actions.delivering import DATASET
from tongban.services.licences.tests.factories import make_licence

pytestmark = pytest.mark.django_db
READER = installer("lake.read", "licences.manage")


def in_the_lake() -> dict[str, str]:
    one = dataset_by_key(actor=READER, key=DATASET)
    assert one is not None
    return {row["number"]: row["state"] for row in rows(actor=READER, dataset_id=one.pk)}


def test_licences_follow_into_the_lake(tmp_path):
    approver = officer("approver")
    with own_lake(tmp_path / "lake"):
        assert actions.deliver() == 0  # nobody has asked for it
        assert approver.department_id
        first = actions.begin_delivery(actor=READER, department_id=approver.department_id)
        assert actions.begin_delivery(actor=READER, department_id=approver.department_id) == first
        with time_machine.travel("2026-11-01T09:00:00+08:00"):
            kept, gone = make_licence(approver), make_licence(approver)
        with time_machine.travel("2026-11-01T10:00:00+08:00"):
            assert actions.deliver() == 2
            assert actions.deliver() == 0
        with time_machine.travel("2026-11-02T09:00:00+08:00"):
            actions.cancel(actor=approver, licence_id=gone.pk, reason="已停业", document="注销决定1号")
        with time_machine.travel("2026-11-02T10:00:00+08:00"):
            assert actions.deliver() == 1
        assert in_the_lake() == {kept.number: "valid", gone.number: "cancelled"}
