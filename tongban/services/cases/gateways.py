"""The one statement that takes an application in: everything or nothing, in one round trip (`0002_intake` holds the function).

Not the ORM: intake is the one path on which thousands may come at once (issuing days, deadlines). See docs/benchmarks.md.
"""

from __future__ import annotations

import json
from typing import Any

from tongban.foundation.kernel.statements import one_row

# What the function raises (see the migrations): a draft that became a case before, a catalogue that changed since it was read,
# a quota whose last place somebody else took, rules that were halted since they were asked.
DRAFT_GONE, CATALOGUE_CHANGED, NO_PLACE, HALTED = "TB001", "TB002", "TB003", "TB004"
TRY_AGAIN = frozenset({CATALOGUE_CHANGED, NO_PLACE, HALTED})
INTAKE = "select case_id, project_no, submitted_at, digest, is_replay from cases_intake(%s::jsonb)"


def take_in(rows: dict[str, Any]) -> tuple[Any, ...]:
    """(case_id, project_no, submitted_at, digest, is_replay) of the case these rows became, or had become before.

    `rows`: fingerprint, digest, prefix, stamp, case, and lists of materials, clocks, events, facts, tasks; optionally draft_id,
    `decided` (what rules found) and with a decision made at once decision, delivery, letters, licences, messages, dispatches, must.
    """
    row = one_row(INTAKE, [json.dumps(rows, ensure_ascii=False, default=str)])
    assert row is not None
    return row


def sqlstate_of(error: BaseException) -> str:
    """The code PostgreSQL gave, under Django's wrapping."""
    return getattr(error.__cause__ or error, "sqlstate", None) or ""
