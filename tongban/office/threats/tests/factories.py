"""An alert as `watch` makes it."""

from __future__ import annotations

from typing import Any

from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.ids import uuid7
from tongban.office.threats.models import Alert


def make_alert(**fields: Any) -> Alert:
    given = {"kind": "failed_account", "version": 0, "who": str(uuid7()), "count": 5, "opened_at": now()}
    return Alert.objects.create(**given | {"first_at": now(), "last_at": now()} | fields)
