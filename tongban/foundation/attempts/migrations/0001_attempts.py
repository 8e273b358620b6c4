"""What was tried, guarded like the audit trail until it is old enough; how often anybody asked, in a table without a log."""

from django.db import migrations, models

import tongban.foundation.kernel.ids

GUARD = """
alter table attempts_window set unlogged;
alter table attempts_window set (fillfactor = 50);

create function attempts_refuse() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and old.at < now() - interval '180 days' then
        return old;
    end if;
    if tg_op = 'TRUNCATE' and current_database() like 'test\\_%' then
        return null;
    end if;
    raise exception 'attempts: % is refused: what was tried is kept for 180 days', tg_op using errcode = 'restrict_violation';
end $$;

create trigger attempts_rows before update or delete on attempts_attempt for each row execute function attempts_refuse();
create trigger attempts_all before truncate on attempts_attempt for each statement execute function attempts_refuse();
"""
UNGUARD = """
drop trigger attempts_rows on attempts_attempt; drop trigger attempts_all on attempts_attempt; drop function attempts_refuse();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.UUIDField(default=tongban.foundation.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(help_text="one of rules.KINDS", max_length=20)),
                ("at", models.DateTimeField()),
                ("account_id", models.UUIDField(help_text="whose account was tried, or who asked", null=True)),
                ("address", models.CharField(blank=True, help_text="mark of the network address", max_length=32)),
                ("route", models.CharField(blank=True, help_text="pattern of the URL or name of the limit, never the path", max_length=200)),
                ("thing", models.CharField(blank=True, help_text="the right that lacked, or the id asked for", max_length=80)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "-at"], name="attempts_of_a_kind"),
                    models.Index(fields=["account_id", "-at"], name="attempts_of_an_account"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Window",
            fields=[
                ("id", models.CharField(help_text="limit and mark of the caller", max_length=80, primary_key=True, serialize=False)),
                ("drawn", models.PositiveIntegerField()),
                ("ends_at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["ends_at"], name="windows_by_end")]},
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
