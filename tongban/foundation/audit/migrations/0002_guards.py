"""Facts and seals are only ever added; the head of a stream is read under that stream's lock."""

from django.db import migrations

# Tests empty their own database between transactions; nobody else may.
GUARDS = """
create function audit_refuse() returns trigger language plpgsql as $$
begin
    if tg_op = 'TRUNCATE' and current_database() like 'test\\_%' then
        return null;
    end if;
    raise exception 'audit: % on % is refused: what happened is never altered', tg_op, tg_table_name
        using errcode = 'restrict_violation';
end $$;

create trigger audit_fact_rows before update or delete on audit_fact for each row execute function audit_refuse();
create trigger audit_fact_all before truncate on audit_fact for each statement execute function audit_refuse();
create trigger audit_seal_rows before update or delete on audit_seal for each row execute function audit_refuse();
create trigger audit_seal_all before truncate on audit_seal for each statement execute function audit_refuse();
"""
UNGUARD = """
drop trigger audit_fact_rows on audit_fact; drop trigger audit_fact_all on audit_fact;
drop trigger audit_seal_rows on audit_seal; drop trigger audit_seal_all on audit_seal;
drop function audit_refuse();
"""

# One round trip for two statements: being volatile, the function reads with a fresh snapshot after it has the lock, so it
# sees what the writer before committed. 0x7A67 keeps these locks apart from all others.
HEAD = """
create function audit_head_of(which text) returns table (last_position int, last_digest varchar)
language plpgsql volatile as $$
begin
    perform pg_advisory_xact_lock(31335, hashtext(which));
    return query select f.position, f.digest from audit_fact f
        where f.stream = which order by f.position desc limit 1;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(GUARDS, UNGUARD),
        migrations.RunSQL(HEAD, "drop function audit_head_of(text)"),
    ]
