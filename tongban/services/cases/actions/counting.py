"""Counting what is open, so that pages need not."""

from typing import Any

from django.db import connection, transaction

from tongban.foundation.kernel.clock import today
from tongban.services.cases.queries import STAGES
from tongban.services.cases.rules import BEFORE_ACCEPTANCE

COUNTING = 0x6F70_656E
# Only what has changed is written: a table that is replaced every minute would be mostly dead rows.
COUNT = """
with counted as (
    select department_id, division, item_code, stage, lamp, count(*) as cases,
        count(*) filter (where urgent_on < %(today)s) as late,
        count(*) filter (where holder_account_id is null) as unheld,
        count(*) filter (where state = any(%(unanswered)s)) as unanswered
    from cases_case join unnest(%(states)s::text[], %(stages)s::text[]) as standing (state, stage) using (state)
    where is_open group by 1, 2, 3, 4, 5
), gone as (
    delete from cases_stagecount old where not exists (
        select from counted new where (new.department_id, new.division, new.item_code, new.stage, new.lamp)
            = (old.department_id, old.division, old.item_code, old.stage, old.lamp)
    )
)
insert into cases_stagecount as old (department_id, division, item_code, stage, lamp, cases, late, unheld, unanswered)
select * from counted
on conflict (department_id, division, item_code, stage, lamp) do update
set (cases, late, unheld, unanswered) = (excluded.cases, excluded.late, excluded.unheld, excluded.unanswered)
where (old.cases, old.late, old.unheld, old.unanswered)
    <> (excluded.cases, excluded.late, excluded.unheld, excluded.unanswered)
"""


@transaction.atomic
def count_open() -> int:
    """Count open cases anew; how many rows changed. Whoever looks meanwhile sees the last count; two do not count at once."""
    stages = {state: stage for stage, states in STAGES.items() for state in states}
    given: dict[str, Any] = {
        "today": today(), "unanswered": list(BEFORE_ACCEPTANCE), "states": list(stages), "stages": list(stages.values()),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [COUNTING])
        if cursor.fetchone() != (True,):
            return 0
        cursor.execute(COUNT, given)
        return cursor.rowcount
