"""What was tried lies in a part for each month, what there was before in the first of them. Nobody waits while it comes to that.

The old table is checked beforehand (NOT VALID, VALIDATE: others go on), so that becoming a part reads none of it.
"""

from django.db import migrations

CHECK = """
do $$ begin
    execute format('alter table attempts_attempt add constraint attempts_before check (at < %L) not valid',
        date_trunc('month', now() at time zone 'utc') at time zone 'utc' + interval '1 month');
end $$
"""
PART = """
do $$
declare
    month timestamp := date_trunc('month', now() at time zone 'utc') + interval '1 month';
    before text := 'attempts_attempt_y' || to_char(now() at time zone 'utc', 'YYYY"m"MM');
begin
    drop trigger attempts_rows on attempts_attempt;
    drop trigger attempts_all on attempts_attempt;
    execute format('alter table attempts_attempt rename to %I', before);
    alter index attempts_of_a_kind rename to attempts_before_of_a_kind;
    alter index attempts_of_an_account rename to attempts_before_of_an_account;
    alter index attempts_once rename to attempts_before_once;
    execute format('create table attempts_attempt (like %I including defaults) partition by range (at)', before);
    create unique index attempts_once on attempts_attempt (id, at);
    create index attempts_of_a_kind on attempts_attempt (kind, at desc);
    create index attempts_of_an_account on attempts_attempt (account_id, at desc);
    create trigger attempts_rows before update or delete on attempts_attempt for each row execute function attempts_refuse();
    create trigger attempts_all before truncate on attempts_attempt for each statement execute function attempts_refuse();
    execute format('alter table attempts_attempt attach partition %I for values from (minvalue) to (%L)',
        before, month at time zone 'utc');
    for ahead in 1..12 loop
        execute format('create table %I partition of attempts_attempt for values from (%L) to (%L)',
            'attempts_attempt_y' || to_char(month, 'YYYY"m"MM'), month at time zone 'utc', (month + interval '1 month') at time zone 'utc');
        month := month + interval '1 month';
    end loop;
end $$
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("attempts", "0001_attempts")]

    operations = [
        migrations.RunSQL("create unique index concurrently if not exists attempts_once on attempts_attempt (id, at)"),
        migrations.RunSQL(CHECK),
        migrations.RunSQL("alter table attempts_attempt validate constraint attempts_before"),
        migrations.RunSQL(PART),
    ]
