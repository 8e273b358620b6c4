"""The demo's certificate service is older than the demo's past, and founded once."""

from __future__ import annotations

from datetime import timedelta

from tongban.demo.certificates import load
from tongban.foundation.identity.tests.factories import officer
from tongban.foundation.kernel.clock import now
from tongban.foundation.trust.models import Application, Certificate
from tongban.foundation.trust.queries import judge_certificate, stands


def test_what_was_signed_in_the_demos_past_holds(db) -> None:
    deciding = officer("approver")
    for role in ("system_admin", "security_admin"):
        officer(role)
    assert load() == load() == 11
    rows = Certificate.objects.filter(owner=f"department:{deciding.department_id}")
    assert rows.count() == 2
    for row in rows:
        assert stands(judge_certificate(bytes(row.der), now() - timedelta(days=390))) is True
    assert sorted(Application.objects.values_list("state", flat=True)) == ["issued", "waiting"]
