"""One function that asks for a job, usable from Python and from other SQL functions alike."""

from django.db import migrations

DEFER = """
create function tongban_defer(task text, ids jsonb, not_before timestamptz default null, one_by_one text default null)
returns bigint language sql as $$
    insert into procrastinate_jobs (queue_name, task_name, args, scheduled_at, lock)
    values ('default', task, ids, not_before, one_by_one)
    returning id
$$
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("procrastinate", "0041_post_retry_failed_job")]
    operations = [
        migrations.RunSQL(DEFER, "drop function tongban_defer(text, jsonb, timestamptz, text)"),
    ]
