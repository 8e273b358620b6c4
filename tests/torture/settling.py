"""After the last blow: everything runs, nobody asks any more, and the workers get their time. What is still not done then is stuck."""

from __future__ import annotations

import psycopg

from .house import House, wait_for

# The minute of silence after which a worker counts as dead, the wait before another attempt, and the minute by which receipts are
# sent are made to pass at once. A worker that lives says so every ten seconds.
SILENCE = "update procrastinate_workers set last_heartbeat = now() - interval '1 hour' where last_heartbeat < now() - interval '25 s'"
NO_CALLBACK = "update payments_payment set started_at = started_at - interval '1 hour' where state = 'started'"  # so it is asked about
NO_WAITING = "update procrastinate_jobs set scheduled_at = now() where status = 'todo' and scheduled_at > now()"
SWEEP = """
select tongban_defer(task, '{}'::jsonb) from (values
    ('cases.tell_submitted', exists (select from cases_case where told_at is null)),
    ('payments.ask_about_orders', exists (select from payments_payment where state = 'started')),
    ('tasks.requeue_stalled', exists (select from procrastinate_jobs job left join procrastinate_workers worker
        on worker.id = job.worker_id where status = 'doing' and coalesce(last_heartbeat, '-infinity') < now() - interval '1 minute'))
) as due (task, is_due)
where is_due and not exists (select from procrastinate_jobs where task_name = task and status = 'todo')
"""
LAST_PASS = "select tongban_defer('topics.follow', '{}'::jsonb)"  # over what the last jobs told
LEFT = """
select (select count(*) from procrastinate_jobs where status in ('todo', 'doing')) + (select count(*) from cases_case where told_at is null)
"""


def settle(house: House, address: str, patience: float) -> None:
    """Returns when no job waits or runs, or when patience is over: the checker will name what is left."""
    house.wait_until_whole()
    with psycopg.connect(address, autocommit=True) as link:

        def quiet() -> bool:
            house.mend()
            for statement in (SILENCE, NO_CALLBACK, NO_WAITING, SWEEP):
                link.execute(statement)
            return link.execute(LEFT).fetchone() == (0,)

        try:
            wait_for("every job is done", quiet, patience)
            link.execute(LAST_PASS)
            wait_for("the topic stores have followed", quiet, patience)
        except SystemExit:
            return
        finally:
            house.kill_workers()  # so that no periodic job runs while we look
